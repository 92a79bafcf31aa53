/* Rows that are dragged to another place, or moved with Alt and an arrow key; without a script the buttons do it.
   The server is told at once and in order; what it refuses puts the page back as the server has it. */
for (const form of document.querySelectorAll("[data-arrange]")) {
  const list = form.querySelector("ol");
  const said = form.querySelector("[data-arrange-said]");
  const rows = () => [...list.children];
  let before = null; // what came after it, for a drag that is given up
  let sending = Promise.resolve();

  const send = row => {
    const place = rows().indexOf(row) + 1;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("question", row.dataset.question);
    body.set("place", place);
    sending = sending
      .then(() => fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } }))
      .then(answer => { if (!answer.ok) throw new Error(answer.statusText); })
      .catch(() => { said.textContent = form.dataset.failed; location.reload(); });
    said.textContent = form.dataset.moved
      .replace("{code}", row.dataset.code).replace("{place}", place).replace("{all}", rows().length);
    ends();
  };
  /* The first row cannot go up, the last not down. */
  const ends = () => rows().forEach((row, at, all) => {
    row.querySelector("[name=up]").disabled = at === 0;
    row.querySelector("[name=down]").disabled = at === all.length - 1;
  });
  /* Past the middle of a neighbour they change places. The neighbour moves: a row that is taken out loses the pointer. */
  const follow = (row, y) => {
    const middle = other => { const box = other.getBoundingClientRect(); return box.top + box.height / 2; };
    const above = row.previousElementSibling;
    const below = row.nextElementSibling;
    if (above && y < middle(above)) row.after(above);
    else if (below && y > middle(below)) row.before(below);
  };
  const step = (row, up) => {
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (up) other.before(row); else other.after(row);
    send(row);
  };

  for (const row of rows()) {
    const grip = row.querySelector("[data-grip]");
    grip.hidden = false;
    grip.addEventListener("pointerdown", event => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      before = row.nextElementSibling;
      row.classList.add("moving");
    });
    grip.addEventListener("pointermove", event => {
      if (row.classList.contains("moving")) follow(row, event.clientY);
    });
    grip.addEventListener("pointerup", () => {
      row.classList.remove("moving");
      if (row.nextElementSibling !== before) send(row);
    });
    grip.addEventListener("pointercancel", () => {
      row.classList.remove("moving");
      list.insertBefore(row, before);
    });
    row.addEventListener("keydown", event => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      const held = document.activeElement;
      step(row, event.key === "ArrowUp");
      held.focus();
    });
    row.addEventListener("click", event => {
      const button = event.target.closest("[name=up], [name=down]");
      if (!button) return;
      event.preventDefault();
      step(row, button.name === "up");
      (button.disabled ? row.querySelector("[name=up]:enabled, [name=down]:enabled") : button)?.focus();
    });
  }
}
