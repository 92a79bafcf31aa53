/* Saves while people type. Each [data-autosave] holds one thing with one version:

   <div data-autosave="/url/" data-version="17"> controls </div>

   POST to the URL: the controls as a form, If-Match: "17", X-CSRFToken, Accept: application/json.
   200 {"version": 18, "saved": "14:32:08"}; 409 or 412: someone else was faster; 4xx: {"detail": "…"} is shown.
   While offline, unsaved pieces wait in memory and leave in order when the line is back. */
const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
const state = document.querySelector("[data-save]");
const pieces = [...document.querySelectorAll("[data-autosave]")];
const waiting = new Set();
const timers = new WeakMap();
const stuck = new WeakSet();
const soon = new Set(); // pieces whose timer runs
let running = false;
let retry;

const icons = { saving: "saved", conflict: "error" };
const show = (name, text = "") => {
  if (!state) return;
  const words = name === "error" && text ? text : [state.dataset[name], text].filter(Boolean).join(" ");
  const line = state.querySelector("[data-text]");
  if (line.textContent === words) return; // announced once, not at every key
  const icon = icons[name] ?? name;
  state.dataset.state = icon;
  for (const part of state.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== icon;
  line.textContent = words;
};

const formOf = piece => {
  const body = new FormData();
  for (const field of piece.querySelectorAll("input, textarea, select")) {
    if (!field.name || field.disabled || field.type === "file" || field.closest("[data-nosave]")) continue;
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    if (field.multiple) for (const option of field.selectedOptions) body.append(field.name, option.value);
    else body.append(field.name, field.value);
  }
  return body;
};

const send = async piece => {
  const slow = setTimeout(() => show("saving"), 1000);
  try {
    const answer = await fetch(piece.dataset.autosave, {
      method: "POST",
      body: formOf(piece),
      credentials: "same-origin",
      headers: { "X-CSRFToken": token, "If-Match": `"${piece.dataset.version ?? 0}"`, Accept: "application/json" },
    });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) {
      if (said.version !== undefined) {
        piece.dataset.version = said.version;
        const held = piece.querySelector("[data-version-field]"); // what a form without script sends
        if (held) held.value = said.version;
      }
      const mark = piece.querySelector("[data-saved-at]");
      if (mark) mark.textContent = said.saved ?? "";
      stuck.delete(piece);
      show("saved", said.saved);
      piece.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: said }));
      return true;
    }
    stuck.add(piece); // typing again tries again; a conflict needs a reload
    if (answer.status === 409 || answer.status === 412) show("conflict");
    else show("error", said.detail);
    piece.dispatchEvent(new CustomEvent("autosave:refused", { bubbles: true, detail: said }));
    return true;
  } catch {
    show("offline");
    return false;
  } finally {
    clearTimeout(slow);
  }
};

/* <html data-saving> while something typed is on its way; "autosave:idle" when all has arrived. */
const mark = () => {
  const busy = running || waiting.size > 0 || soon.size > 0;
  document.documentElement.toggleAttribute("data-saving", busy);
  if (!busy) document.dispatchEvent(new Event("autosave:idle"));
};

const drain = async () => {
  if (running) return;
  running = true;
  clearTimeout(retry);
  for (const piece of waiting) {
    waiting.delete(piece);
    if (!await send(piece)) {
      waiting.add(piece);
      retry = setTimeout(drain, 5000);
      break;
    }
  }
  running = false;
  mark();
};

const later = (piece, delay) => {
  clearTimeout(timers.get(piece));
  soon.add(piece);
  mark();
  timers.set(piece, setTimeout(() => { soon.delete(piece); waiting.add(piece); drain(); }, delay));
};

for (const piece of pieces) {
  piece.addEventListener("input", () => { waiting.add(piece); later(piece, 800); });
  piece.addEventListener("change", () => later(piece, 0));
}
addEventListener("online", drain);
addEventListener("offline", () => { if (pieces.length) show("offline"); });
addEventListener("beforeunload", event => {
  if (waiting.size || running || pieces.some(piece => stuck.has(piece))) event.preventDefault();
});
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => { waiting.clear(); for (const piece of form.querySelectorAll("[data-autosave]")) stuck.delete(piece); });
}
