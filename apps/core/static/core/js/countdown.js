/* Time left until a deadline, counted from the server's clock: data-countdown (end) and data-now (server, at render). */
const language = document.documentElement.lang || "en";
const words = (count, unit) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);

const left = seconds => {
  const parts = [["day", Math.floor(seconds / 86400)], ["hour", Math.floor(seconds / 3600) % 24], ["minute", Math.floor(seconds / 60) % 60]];
  const first = parts.findIndex(([, count]) => count);
  if (first < 0) return words(Math.floor(seconds), "second");
  return parts.slice(first, first + 2).filter(([, count]) => count).map(([unit, count]) => words(count, unit)).join(" ");
};

for (const box of document.querySelectorAll("[data-countdown]")) {
  const end = Date.parse(box.dataset.countdown);
  const ahead = Date.parse(box.dataset.now) - performance.timeOrigin - performance.now();
  const figure = box.querySelector("[data-left]");
  if (!figure || Number.isNaN(end + ahead)) continue;
  let timer;
  const tick = () => {
    const seconds = (end - performance.timeOrigin - performance.now() - ahead) / 1000;
    if (seconds > 0) {
      figure.textContent = left(seconds);
      timer = setTimeout(tick, seconds > 90 ? 15000 : 1000);
      return;
    }
    figure.textContent = box.dataset.closed;
    box.querySelector("[data-left-word]")?.remove();
    box.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); tick(); } });
  tick();
}
