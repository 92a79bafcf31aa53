/* Marks in an answer: select words, press H or the button. What is selected inside a mark, or is one, loses it.
   The page's marks are the truth; [data-marks] holds them for the form as paragraph-start-end, counted in characters. */
const size = text => [...text].length; // characters, as the server counts, not halves of them
const paragraphs = bid => [...bid.querySelectorAll("[data-paragraph]")];

const placeOf = (paragraph, node, offset) => {
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, offset);
  return size(before.toString());
};
const read = bid => paragraphs(bid).flatMap((paragraph, number) => {
  const found = [];
  for (const one of paragraph.querySelectorAll("mark")) {
    const start = placeOf(paragraph, one, 0), end = start + size(one.textContent), last = found.at(-1);
    if (last && last[1] === start) last[1] = end;
    else if (end > start) found.push([start, end]);
  }
  return found.map(([start, end]) => `${number}-${start}-${end}`);
}).join(" ");

const at = (paragraph, place) => {
  const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let left = place, node = null;
  while (walk.nextNode()) {
    node = walk.currentNode;
    const length = size(node.data);
    if (left <= length) return [node, [...node.data].slice(0, left).join("").length];
    left -= length;
  }
  return node ? [node, node.data.length] : [paragraph, 0];
};
/* Each run of text is marked by itself, so that a hidden name inside stays the element it is. */
const paint = (paragraph, start, end) => {
  const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), runs = [];
  let here = 0;
  while (walk.nextNode()) {
    const length = size(walk.currentNode.data);
    if (here < end && start < here + length) runs.push([walk.currentNode, Math.max(start - here, 0), Math.min(end - here, length)]);
    here += length;
  }
  for (const [node, from, to] of runs) {
    const name = node.parentElement.closest(".red"), range = document.createRange(), part = [...node.data];
    if (name) range.selectNode(name);
    else {
      range.setStart(node, part.slice(0, from).join("").length);
      range.setEnd(node, part.slice(0, to).join("").length);
    }
    range.surroundContents(document.createElement("mark"));
  }
};
const clean = paragraph => {
  for (const one of paragraph.querySelectorAll("mark")) one.replaceWith(...one.childNodes);
  paragraph.normalize();
};
const draw = (bid, text) => {
  const all = paragraphs(bid);
  all.forEach(clean);
  for (const one of text.split(" ").filter(Boolean)) {
    const [number, start, end] = one.split("-").map(Number);
    if (all[number]) paint(all[number], start, end);
  }
};

const toggle = (bid, field) => {
  const picked = getSelection();
  const range = picked.rangeCount && !picked.isCollapsed && picked.getRangeAt(0);
  if (!range) return false;
  let held = read(bid).split(" ").filter(Boolean).map(one => one.split("-").map(Number));
  let touched = false;
  paragraphs(bid).forEach((paragraph, number) => {
    if (!range.intersectsNode(paragraph)) return;
    const inside = node => paragraph.contains(node);
    const start = inside(range.startContainer) ? placeOf(paragraph, range.startContainer, range.startOffset) : 0;
    const whole = size(paragraph.textContent.trimEnd()); // the page's own line break is not the vendor's
    const end = inside(range.endContainer) ? Math.min(whole, placeOf(paragraph, range.endContainer, range.endOffset)) : whole;
    if (end <= start) return;
    touched = true;
    const near = held.filter(([of, from, to]) => of === number && from <= end && start <= to); // they grow together
    held = held.filter(one => !near.includes(one));
    if (!near.some(([, from, to]) => from <= start && end <= to))
      held.push([number, Math.min(start, ...near.map(one => one[1])), Math.max(end, ...near.map(one => one[2]))]);
  });
  if (!touched) return false;
  draw(bid, held.map(one => one.join("-")).join(" "));
  field.value = read(bid);
  field.dispatchEvent(new Event("change", { bubbles: true }));
  picked.removeAllRanges();
  return true;
};

const markable = [...document.querySelectorAll(".bid")].map(bid => [bid, bid.querySelector("[data-marks]")]).filter(([, field]) => field);
for (const [bid, field] of markable) {
  if (field.value !== read(bid)) draw(bid, field.value); // what was kept on this device is put back
  const button = bid.querySelector("[data-mark]");
  button.hidden = false;
  button.addEventListener("pointerdown", event => event.preventDefault()); // a press would drop the selection
  button.addEventListener("click", () => toggle(bid, field));
}
document.addEventListener("keydown", event => {
  if (event.key.toLowerCase() !== "h" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("textarea, select, input:not([type=radio])")) return;
  if (document.querySelector("[data-keys-toggle]")?.checked === false) return;
  const chosen = getSelection().anchorNode, here = chosen && markable.find(([bid]) => bid.contains(chosen));
  if (here && toggle(...here)) event.preventDefault();
});
