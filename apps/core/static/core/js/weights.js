/* Weight sliders: a locked weight holds, the others give way in proportion, the sum stays 100.
   This file moves weights only. Totals come from the server: the form fires "weights:changed", which htmx sends. */
for (const form of document.querySelectorAll("[data-weights]")) {
  const language = document.documentElement.lang || "en";
  const rows = [...form.querySelectorAll("[data-weight-row]")].map(box => ({
    input: box.querySelector("[data-weight]"),
    shown: box.querySelector("[data-weight-shown]"),
    lock: box.querySelector("[data-lock]"),
    unit: box.querySelector("[data-weight-unit]"),
    held: false,
  }));
  const agreed = rows.map(row => Number(row.input.dataset.weight || row.input.defaultValue));
  let weights = rows.map(row => Number(row.input.value));

  /* Largest remainder: what is shown adds up to 100. */
  const whole = () => {
    const floors = weights.map(Math.floor);
    let rest = 100 - floors.reduce((sum, weight) => sum + weight, 0);
    const order = weights.map((weight, index) => [weight - floors[index], index]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
    for (const [, index] of order) { if (rest-- <= 0) break; floors[index] += 1; }
    return floors;
  };
  const paint = () => {
    const shown = whole();
    rows.forEach((row, index) => {
      row.input.value = weights[index].toFixed(4);
      row.shown.textContent = new Intl.NumberFormat(language, { style: "percent" }).format(shown[index] / 100);
    });
  };
  const changed = () => { paint(); form.dispatchEvent(new CustomEvent("weights:changed", { bubbles: true })); };
  const setLock = (row, held) => {
    row.held = held;
    row.lock.ariaPressed = String(held);
    row.lock.querySelector("[data-lock-closed]").hidden = !held;
    row.lock.querySelector("[data-lock-open]").hidden = held;
  };

  rows.forEach((row, index) => {
    row.input.type = "range";
    row.input.className = "sl";
    row.shown.hidden = row.lock.hidden = false;
    row.unit.hidden = true;
    setLock(row, row.lock.ariaPressed === "true");
    row.lock.addEventListener("click", () => setLock(row, !row.held));
    row.input.addEventListener("input", () => {
      const locked = rows.reduce((sum, other, place) => sum + (place !== index && other.held ? weights[place] : 0), 0);
      const free = rows.map((_, place) => place).filter(place => place !== index && !rows[place].held);
      const value = free.length ? Math.min(Number(row.input.value), 100 - locked) : 100 - locked;
      const sum = free.reduce((total, place) => total + weights[place], 0);
      for (const place of free) weights[place] = (100 - locked - value) * (sum ? weights[place] / sum : 1 / free.length);
      weights[index] = value;
      changed();
    });
  });
  form.querySelector("[data-reset]")?.addEventListener("click", event => {
    event.preventDefault();
    weights = [...agreed];
    changed();
  });
  form.querySelectorAll("[data-no-script]").forEach(part => { part.hidden = true; });
  paint();
}
