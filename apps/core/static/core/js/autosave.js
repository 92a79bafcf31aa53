/* Saves while people type. Each [data-autosave] holds one thing with one version:

   <div data-autosave="/url/" data-version="17"> controls </div>

   POST: the controls as a form, If-Match: "17". 200 {"version": 18, "saved": "14:32:08"}; 202 {"detail": "…"}: not whole
   yet, so not saved; 412: someone else was faster; 4xx {"detail": "…"}. What is not acknowledged waits, under [data-keep]
   on the device as well: after a reload it is put back and sent with the version it was written on. */
const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
const state = document.querySelector("[data-save]");
const pieces = new Map([...document.querySelectorAll("[data-autosave]")].map(piece => [piece.dataset.autosave, piece]));
const keeper = document.querySelector("[data-keep]")?.dataset.keep;
const prefix = `kept:${keeper}:`;
const held = new Map(); // address → { version, fields }: typed, not acknowledged
const waiting = new Set(); // addresses to send now
const stuck = new Set(); // refused; typing again tries again
const timers = new Map();
let running = false, safe = Boolean(keeper), retry;

const store = act => { try { if (keeper) act(localStorage); } catch { safe = false; } };
const icons = { saving: "saved", conflict: "error", kept: "offline", away: "offline" };
const show = (name, text = "") => {
  if (!state) return;
  const words = text && name !== "saved" ? text : [state.dataset[name], text].filter(Boolean).join(" ");
  const line = state.querySelector("[data-text]");
  if (line.textContent === words) return; // announced once, not at every key
  const icon = icons[name] ?? name;
  state.dataset.state = icon;
  for (const part of state.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== icon;
  line.textContent = words;
};
const offline = () => show(safe ? "kept" : "offline");

const controls = piece => [...piece.querySelectorAll("input, textarea, select")].filter(field =>
  field.name && !field.disabled && field.type !== "file" && !field.closest("[data-nosave]"));
const ticks = field => field.type === "radio" || field.type === "checkbox";
const typed = piece => controls(piece).flatMap(field => {
  if (ticks(field)) return field.checked ? [[field.name, field.value]] : [];
  return field.multiple ? [...field.selectedOptions].map(one => [field.name, one.value]) : [[field.name, field.value]];
});
const putBack = (piece, fields) => {
  for (const field of controls(piece)) {
    const given = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (ticks(field)) field.checked = given.includes(field.value);
    else field.value = given[0] ?? "";
  }
};
const stamp = (piece, version) => {
  if (!piece) return;
  piece.dataset.version = version;
  const field = piece.querySelector("[data-version-field]");
  if (field) field.value = version;
};
const keep = (url, entry) => { held.set(url, entry); store(disk => disk.setItem(prefix + url, JSON.stringify(entry))); };
const drop = url => { held.delete(url); stuck.delete(url); store(disk => disk.removeItem(prefix + url)); };

const send = async url => {
  const piece = pieces.get(url), entry = held.get(url);
  const slow = setTimeout(() => show("saving"), 1000);
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(entry.fields),
      credentials: "same-origin",
      redirect: "manual",
      headers: { "X-CSRFToken": token, "If-Match": `"${entry.version}"`, Accept: "application/json" },
    });
    const said = await answer.json().catch(() => ({}));
    if (answer.status !== 200) {
      const part = answer.ok, name = part ? "part" : answer.status === 412 ? "conflict" : "error";
      const refused = name === "conflict" ? "" : part && safe ? `${said.detail} ${state?.dataset.kept}` : said.detail;
      stuck.add(url);
      if ((part || answer.status === 422) && held.get(url) === entry) keep(url, { ...entry, name, refused });
      if (safe && (answer.type === "opaqueredirect" || answer.status === 403)) show("away"); // signed out, or in again
      else if (piece) show(name, refused);
      piece?.dispatchEvent(new CustomEvent("autosave:refused", { bubbles: true, detail: said }));
      return true;
    }
    const now = held.get(url);
    if (now === entry) drop(url);
    else if (now) keep(url, { ...now, version: said.version ?? now.version }); // typed on while it travelled
    if (said.version !== undefined) stamp(piece, said.version);
    const when = piece?.querySelector("[data-saved-at]");
    if (when) when.textContent = said.saved ?? "";
    show("saved", said.saved);
    piece?.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: said }));
    return true;
  } catch {
    offline();
    return false;
  } finally {
    clearTimeout(slow);
  }
};

/* <html data-saving> while something typed is on its way; "autosave:idle" when all has arrived. */
const mark = () => {
  const busy = running || waiting.size > 0 || timers.size > 0;
  document.documentElement.toggleAttribute("data-saving", busy);
  if (!busy) document.dispatchEvent(new Event("autosave:idle"));
};

const drain = async () => {
  if (running) return;
  running = true;
  mark();
  clearTimeout(retry);
  for (const url of waiting) {
    waiting.delete(url);
    if (held.has(url) && !await send(url)) {
      waiting.add(url);
      retry = setTimeout(drain, 5000);
      break;
    }
  }
  running = false;
  mark();
};

const later = (piece, delay) => {
  const url = piece.dataset.autosave;
  stuck.delete(url);
  keep(url, { version: piece.dataset.version ?? 0, fields: typed(piece) });
  clearTimeout(timers.get(url));
  timers.set(url, setTimeout(() => { timers.delete(url); waiting.add(url); drain(); }, delay));
  mark();
};

for (const [url, piece] of pieces) {
  for (const [kind, delay] of [["input", 800], ["change", 0]]) {
    piece.addEventListener(kind, event => { if (!event.target.closest("[data-nosave]")) later(piece, delay); });
  }
  piece.addEventListener("autosave:drop", () => drop(url));
}
store(disk => {
  for (const name of Object.keys(disk).filter(one => one.startsWith(prefix))) {
    const url = name.slice(prefix.length), entry = JSON.parse(disk.getItem(name)), piece = pieces.get(url);
    const saved = !entry.refused || entry.version != piece?.dataset.version; // refused: in the form alone
    if (piece && saved && JSON.stringify(typed(piece)) === JSON.stringify(entry.fields)) { drop(url); continue; }
    held.set(url, entry);
    if (piece) { putBack(piece, entry.fields); stamp(piece, entry.version); }
    if (!entry.refused) waiting.add(url);
    else if (piece) show(entry.name, entry.refused);
  }
});
if (waiting.size) { offline(); drain(); }
addEventListener("online", drain);
addEventListener("offline", () => { if (pieces.size) offline(); });
addEventListener("beforeunload", event => { if (!safe && (held.size || running)) event.preventDefault(); });
document.addEventListener("submit", event => {
  if (event.target.querySelector("[data-autosave]")) safe = true; // the form takes everything along
});
