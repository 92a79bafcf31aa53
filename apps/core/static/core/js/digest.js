/* The SHA-256 of a chosen file, computed in the browser: the file does not leave the computer.
   <input type="file" data-digest="id-of-output" data-expected="hex" data-same="…" data-other="…"> */
for (const input of document.querySelectorAll("input[type=file][data-digest]")) {
  input.addEventListener("change", async () => {
    const output = document.getElementById(input.dataset.digest);
    const [file] = input.files;
    if (!file || !output || !crypto.subtle) return;
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const hex = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("");
    const verdict = input.dataset.expected ? (hex === input.dataset.expected ? input.dataset.same : input.dataset.other) : "";
    output.textContent = [hex, verdict].filter(Boolean).join(" ");
    output.classList.toggle("bad", Boolean(input.dataset.expected) && hex !== input.dataset.expected);
  });
}
