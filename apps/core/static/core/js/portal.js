/* A section of the vendor portal: versions stay in step with autosave, words are counted, a colleague's newer answer is
   shown beside one's own, and a note appears when an answer changes what is asked. autosave.js does the saving. */
const asked = document.querySelector("[data-section]")?.dataset.section.split(" ").filter(Boolean).join(" ");

document.addEventListener("autosave:saved", event => {
  const hidden = event.target.querySelector("[data-version-field]");
  if (hidden && event.detail.version !== undefined) hidden.value = event.detail.version;
  const conflict = event.target.querySelector("[data-conflict]");
  if (conflict) conflict.hidden = true;
  const note = document.querySelector("[data-asked-changed]");
  if (note && event.detail.asked) note.hidden = event.detail.asked.join(" ") === asked;
});

document.addEventListener("autosave:refused", event => {
  const current = event.detail.current;
  const box = event.target.querySelector("[data-conflict]");
  if (!box || !current) return;
  box.querySelector("[data-conflict-text]").textContent = current.shown ?? "";
  box.hidden = false;
  box.querySelector("[data-keep-mine]").onclick = () => {
    event.target.dataset.version = current.version;
    event.target.querySelector("input:not([type=hidden]), textarea, select")?.dispatchEvent(new Event("change", { bubbles: true }));
  };
  box.querySelector("[data-take-theirs]").onclick = () => { location.reload(); };
});

for (const counter of document.querySelectorAll("[data-words]")) {
  const field = document.getElementById(counter.dataset.words);
  const figure = counter.querySelector("[data-count]");
  field?.addEventListener("input", () => { figure.textContent = field.value.split(/\s+/).filter(Boolean).length; });
}
