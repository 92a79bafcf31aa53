/* After a save: where the reason compares bids the server names the words, and the nudge beside it says so. It never blocks. */
document.addEventListener("autosave:saved", event => {
  const nudge = event.target.querySelector("[data-nudge]");
  const words = event.detail?.nudge;
  if (!nudge || words === undefined) return;
  nudge.hidden = !words;
  nudge.querySelector("[data-nudge-words]").textContent = words;
});
