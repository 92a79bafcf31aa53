/* Keys for evaluators. They act only while focus is inside a bid (WCAG 2.1.4) and can be turned off.
   Digits choose a score of the bid's own scale, [ and ] move between bids, J and K between questions, R goes to the reason. */
const bids = [...document.querySelectorAll(".bid")];
const rubric = document.querySelector("[data-rubric]");
const toggle = document.querySelector("[data-keys-toggle]");
let digits = "";
let pause;

if (toggle) {
  try { toggle.checked = localStorage.getItem("keys") !== "off"; } catch { /* private mode */ }
  toggle.addEventListener("change", () => { try { localStorage.setItem("keys", toggle.checked ? "on" : "off"); } catch { /* private mode */ } });
}

const radio = (bid, value) => [...bid.querySelectorAll(".score input[type=radio]:not(:disabled)")].find(input => input.value === value);
const choose = input => { input.checked = true; input.dispatchEvent(new Event("change", { bubbles: true })); };
const show = bid => {
  const value = bid.querySelector(".score input:checked")?.value;
  rubric?.querySelectorAll("[data-anchor]").forEach(anchor => anchor.classList.toggle("on", anchor.dataset.anchor === value));
  bids.forEach(other => other.classList.toggle("cur", other === bid));
};
const go = index => {
  const bid = bids[(index + bids.length) % bids.length];
  (bid.querySelector(".score input:checked") ?? bid.querySelector(".score input:not(:disabled)") ?? bid.querySelector("a, button, textarea"))?.focus();
  bid.scrollIntoView({ inline: "nearest", block: "nearest" });
};
/* Go to another question once what was typed has arrived; without a line the page asks first. */
const leave = link => {
  if (document.documentElement.hasAttribute("data-saving") && navigator.onLine)
    document.addEventListener("autosave:idle", () => link?.click(), { once: true });
  else link?.click();
};
const digit = (bid, key) => {
  digits += key;
  clearTimeout(pause);
  pause = setTimeout(() => { digits = ""; }, 700); // 1 then 0 is 10, where the scale has a 10
  const input = radio(bid, digits) ?? radio(bid, digits = key);
  if (input) { choose(input); input.focus(); }
  return Boolean(input);
};

bids.forEach((bid, index) => {
  bid.addEventListener("focusin", () => show(bid));
  bid.addEventListener("change", () => show(bid));
  bid.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || (toggle && !toggle.checked)) return;
    if (event.target.matches("textarea, select, input:not([type=radio])")) return;
    const key = event.key.toLowerCase();
    let done = true;
    if (/^\d$/.test(key)) done = digit(bid, key);
    else if (key === "]") go(index + 1);
    else if (key === "[") go(index - 1);
    else if (key === "r") bid.querySelector("textarea")?.focus();
    else if (key === "j" || key === "k") leave(document.querySelector(`[data-key="${key}"]`));
    else done = false;
    if (done) event.preventDefault();
  });
  /* One row copied from a spreadsheet fills this bid and those to its right. */
  bid.addEventListener("paste", event => {
    if (event.target.matches("textarea")) return;
    const cells = (event.clipboardData.getData("text") || "").trim().split("\t").map(cell => cell.trim());
    const targets = cells.slice(0, bids.length - index).map((cell, step) => radio(bids[index + step], cell));
    if (!targets.length || targets.some(input => !input)) return;
    event.preventDefault();
    targets.forEach(choose);
  });
});
