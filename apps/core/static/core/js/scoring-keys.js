/* Keys for evaluators. They act only while focus is inside a bid (WCAG 2.1.4) and can be turned off.
   Digits choose a score of the bid's own scale, A abstains, [ and ] move between bids, J and K between questions, R goes to the reason. */
const bids = [...document.querySelectorAll(".bid")];
const rubric = document.querySelector("[data-rubric]");
const toggle = document.querySelector("[data-keys-toggle]");
const unpasted = document.querySelector("[data-unpasted]");
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
/* Go to another question once what was typed has arrived; without a line the page asks first.
   Whoever came by this key goes on with the keyboard: the next page begins in its first bid. */
const follow = link => { try { sessionStorage.setItem("by-key", link.href); } catch { /* private mode */ } link.click(); };
const leave = link => {
  if (!link) return;
  if (document.documentElement.hasAttribute("data-saving") && navigator.onLine)
    document.addEventListener("autosave:idle", () => follow(link), { once: true });
  else follow(link);
};
const digit = (bid, key) => {
  digits += key;
  clearTimeout(pause);
  pause = setTimeout(() => { digits = ""; }, 700); // 1 then 0 is 10, where the scale has a 10
  const input = radio(bid, digits) ?? radio(bid, digits = key);
  if (input) { choose(input); input.focus(); }
  return Boolean(input);
};
const abstain = bid => {
  const input = bid.querySelector("input[type=radio][value=abstain]:not(:disabled)");
  if (input) { choose(input); input.focus(); }
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
    else if (key === "a") abstain(bid);
    else if (key === "]") go(index + 1);
    else if (key === "[") go(index - 1);
    else if (key === "r") bid.querySelector("textarea")?.focus();
    else if (key === "j" || key === "k") leave(document.querySelector(`[data-key="${key}"]`));
    else done = false;
    if (done) event.preventDefault();
  });
});

/* A row of scores copied from a spreadsheet fills the bid with the focus and those to its right; a second row holds
   their reasons, and an empty cell leaves a bid alone. All of it is taken, or nothing. A paste goes to what is selected,
   which need not be where the focus is: so the page listens, not the bid. */
document.addEventListener("paste", event => {
  const at = bids.indexOf(document.activeElement?.closest(".bid"));
  if (at < 0 || document.activeElement.matches("textarea")) return;
  const text = event.clipboardData.getData("text").replace(/\r?\n$/, "");
  const [scores, reasons = [], ...more] = text.split(/\r?\n/).map(row => row.split("\t").map(cell => cell.trim()));
  const given = scores.map((score, step) => ({ score, reason: reasons[step], bid: bids[at + step] })).filter(one => one.score);
  const inputs = given.map(one => one.bid && radio(one.bid, one.score));
  const whole = !more.length && given.length > 0 && inputs.every(Boolean);
  event.preventDefault();
  if (unpasted) unpasted.hidden = whole;
  if (!whole) return;
  given.forEach((one, place) => {
    const reason = one.bid.querySelector("textarea");
    if (one.reason && reason) reason.value = one.reason;
    choose(inputs[place]);
  });
});

try {
  const wanted = sessionStorage.getItem("by-key");
  sessionStorage.removeItem("by-key");
  if (wanted === location.href && bids.length) go(0);
} catch { /* private mode */ }
