/* A section of the vendor portal: versions stay in step with autosave, words are counted, a colleague's newer answer is
   shown beside one's own, and questions come and go as other answers ask for them. autosave.js does the saving; the
   server says what is asked, by the conditions that decide it in the bid as well. */
const said = document.querySelector("[data-asked-said]");

const follow = asked => {
  const came = [], went = [];
  for (const part of document.querySelectorAll("[data-asked-code]")) {
    const on = asked.includes(part.dataset.askedCode);
    if (part.hidden === !on) continue;
    part.hidden = !on;
    if (part.tagName !== "FIELDSET") continue;
    part.disabled = !on; // what is hidden is not sent, and stays as it was saved
    (on ? came : went).push(part.dataset.askedCode);
  }
  const lines = [...document.querySelectorAll("[data-not-asked-code]")];
  for (const line of lines) line.hidden = asked.includes(line.dataset.notAskedCode);
  const note = document.querySelector("[data-not-asked]");
  if (note) note.hidden = lines.every(line => line.hidden);
  if (said && came.length + went.length) {
    said.textContent = [[said.dataset.now, came], [said.dataset.gone, went]]
      .filter(([, codes]) => codes.length).map(([words, codes]) => `${words} ${codes.join(", ")}.`).join(" ");
  }
};

const total = document.querySelector("[data-total]"); // of the price sheet, on the tender's workload
const say = (text, doubts = "") => {
  total.querySelector("[data-total-text]").textContent = text;
  total.querySelector("[data-doubts-text]").textContent = doubts;
  total.hidden = !text;
  for (const older of document.querySelectorAll("[data-before]")) older.hidden = true;
};

document.addEventListener("autosave:saved", event => {
  const conflict = event.target.querySelector("[data-conflict]");
  if (conflict) conflict.hidden = true;
  if (event.detail.asked) follow(event.detail.asked);
  if (total && event.detail.total !== undefined) say(event.detail.total, event.detail.doubts);
});

document.addEventListener("autosave:refused", event => {
  if (total) say(""); // what is typed is not what was priced
  const current = event.detail.current;
  const box = event.target.querySelector("[data-conflict]");
  if (!box || !current) return;
  box.querySelector("[data-conflict-text]").textContent = current.shown ?? "";
  box.querySelector("[data-conflict-base]").textContent = current.base?.shown ?? "";
  box.hidden = false;
  box.querySelector("[data-keep-mine]").onclick = () => {
    event.target.dataset.version = current.version;
    event.target.querySelector("input:not([type=hidden]), textarea, select")?.dispatchEvent(new Event("change", { bubbles: true }));
  };
  box.querySelector("[data-take-theirs]").onclick = () => {
    event.target.dispatchEvent(new Event("autosave:drop"));
    location.reload();
  };
});

/* Alt with an arrow goes from question to question; rows pasted into a table are shown on a page before they are saved. */
document.addEventListener("keydown", event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!event.altKey || !step || event.target.matches("select")) return;
  const units = [...document.querySelectorAll("[data-unit]:not([hidden])")];
  const at = units.findIndex(one => one.contains(event.target));
  units[at + step]?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  event.preventDefault();
});
document.addEventListener("paste", event => {
  const rows = event.target.closest("table")?.closest("[data-unit]")?.querySelector("[data-paste]");
  const text = event.clipboardData.getData("text/plain");
  if (!rows || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  rows.value = text;
  rows.form.requestSubmit();
});

/* Who else is here: a sign of life every 20 seconds, with the question that has the cursor. */
const here = document.querySelector("[data-here]");
const tell = async () => {
  if (document.hidden) return;
  const answer = await fetch(here.dataset.here, {
    method: "POST",
    body: new URLSearchParams({ place: document.activeElement.closest("[data-unit]")?.dataset.unit ?? "" }),
    redirect: "manual",
    headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, Accept: "application/json" },
  }).catch(() => null);
  if (answer?.ok) here.textContent = (await answer.json()).here.join(", ") || here.dataset.nobody;
};
if (here) setInterval(tell, 20000);

for (const counter of document.querySelectorAll("[data-words]")) {
  const field = document.getElementById(counter.dataset.words);
  const figure = counter.querySelector("[data-count]");
  field?.addEventListener("input", () => { figure.textContent = field.value.split(/\s+/).filter(Boolean).length; });
}

/* A form that is one whole with one version: first what is under way arrives, then the form goes on its version. It is
   held back on the way down, before page.js takes it as sent. */
document.addEventListener("submit", event => {
  if (!event.target.matches("[data-whole]") || !document.documentElement.hasAttribute("data-saving")) return;
  event.preventDefault();
  document.addEventListener("autosave:idle", () => event.target.requestSubmit(event.submitter), { once: true });
}, true);
