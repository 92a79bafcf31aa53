/* Warns 20 minutes before a session ends and extends it in place: <dialog data-session-ends="seconds" data-extend="/url/">. */
for (const dialog of document.querySelectorAll("dialog[data-session-ends]")) {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  let timer;
  const wait = seconds => {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.showModal(), Math.max(seconds - 1200, 0) * 1000);
  };
  dialog.querySelector("[data-extend-now]")?.addEventListener("click", async () => {
    const answer = await fetch(dialog.dataset.extend, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => null);
    if (answer?.ok) { dialog.close(); wait(Number(dialog.dataset.sessionEnds)); }
  });
  wait(Number(dialog.dataset.sessionEnds));
}
