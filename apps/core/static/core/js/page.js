/* What every page has: the error summary takes focus, menus close, busy buttons do not act twice, print, copy. */
document.querySelector(".summary-err[role=alert]")?.focus();

document.addEventListener("click", event => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const button = event.target.closest("button, a.btn");
  if (button?.getAttribute("aria-disabled") === "true") event.preventDefault();
  if (button?.hasAttribute("data-print")) print();
  if (button?.hasAttribute("data-copy")) {
    navigator.clipboard?.writeText(button.dataset.copy).then(() => { button.lastChild.textContent = button.dataset.copied; });
  }
});

document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

document.addEventListener("submit", event => {
  const form = event.target;
  if (form.matches("[data-forget]")) // signing out: what autosave.js kept on this device goes, from whatever page
    try { Object.keys(localStorage).filter(one => one.startsWith("kept:")).forEach(one => localStorage.removeItem(one)); } catch { /* private mode */ }
  if (event.defaultPrevented || form.method === "dialog") return;
  if (event.submitter?.getAttribute("aria-disabled") === "true" || form.dataset.sent) { event.preventDefault(); return; }
  if (form.method === "post" && !form.hasAttribute("data-again")) {
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  }
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});
document.addEventListener("htmx:afterRequest", event => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) { delete form.dataset.sent; form.querySelector("[aria-busy]")?.removeAttribute("aria-busy"); }
});
