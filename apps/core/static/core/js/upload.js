/* Drop zones: dropped files go into the file input, names and sizes are shown, what is too large is said before it travels. */
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  const names = zone.querySelector("[data-drop-names]");
  const limit = Number(zone.dataset.maxBytes || 0);
  const size = bytes => `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(bytes / 1048576)} MB`;

  const show = () => {
    const files = [...input.files];
    const large = limit && files.find(file => file.size > limit);
    if (large) input.value = "";
    names.classList.toggle("bad", Boolean(large));
    names.textContent = large ? `${large.name}: ${zone.dataset.tooLarge}` : files.map(file => `${file.name}, ${size(file.size)}`).join("; ");
    if (!large && files.length && "dropAuto" in zone.dataset) input.form?.requestSubmit();
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) zone.addEventListener(name, event => { event.preventDefault(); zone.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", event => {
    event.preventDefault();
    const given = new DataTransfer();
    for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) given.items.add(file);
    input.files = given.files;
    show();
  });
}
