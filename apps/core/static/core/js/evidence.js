/* Select text of an answer and press H: the passage becomes evidence.
   <div class="ans" data-evidence="/url/"> … </div>: POST start, end (characters of the answer's text) and quote;
   the server answers with the answer's marked and escaped HTML, which replaces the content. */
const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
const keys = document.querySelector("[data-keys-toggle]");

document.addEventListener("keydown", async event => {
  if (event.key.toLowerCase() !== "h" || event.ctrlKey || event.metaKey || event.altKey || (keys && !keys.checked)) return;
  if (event.target.matches?.("textarea, select, input:not([type=radio])")) return;
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const box = (node.nodeType === 1 ? node : node.parentElement).closest("[data-evidence]");
  if (!box) return;
  event.preventDefault();
  const before = document.createRange();
  before.setStart(box, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const body = new URLSearchParams({ start, end: start + range.toString().length, quote: range.toString() });
  const answer = await fetch(box.dataset.evidence, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
  if (answer?.ok) box.innerHTML = await answer.text();
  else box.dispatchEvent(new CustomEvent("evidence:refused", { bubbles: true }));
});
