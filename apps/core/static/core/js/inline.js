/* A wording is changed where it stands: the button opens it, Enter keeps it, Escape leaves it as it was.

   <li data-patch="/api/…/" data-field="text"> … <span data-wording>…</span> <button data-inline>

   Without a script the button stays hidden and the form beside the list does the same. */
const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";

const keep = async (row, text) => {
  const answer = await fetch(row.dataset.patch, {
    method: "PATCH",
    body: JSON.stringify({ [row.dataset.field]: text }),
    credentials: "same-origin",
    headers: { "X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json" },
  });
  if (answer.ok) return "";
  const said = await answer.json().catch(() => ({}));
  return Object.values(said.fields ?? {})[0] ?? said.detail ?? answer.statusText;
};

for (const button of document.querySelectorAll("[data-inline]")) {
  const row = button.closest("[data-patch]");
  const shown = row.querySelector("[data-wording]");
  const status = row.closest("form").querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const link = shown.closest("a");
    const box = document.createElement("div");
    const field = document.createElement("textarea");
    const wrong = document.createElement("p");
    box.className = "inl";
    field.className = "in";
    field.value = shown.textContent;
    field.rows = Math.max(2, Math.ceil(field.value.length / 60));
    field.setAttribute("aria-label", button.getAttribute("aria-label"));
    wrong.className = "err";
    wrong.id = `${row.dataset.question}-wrong`;
    wrong.setAttribute("role", "alert");
    box.append(field, wrong);
    link.after(box);
    link.hidden = button.hidden = true;
    field.focus();

    const close = () => {
      box.remove();
      link.hidden = button.hidden = false;
      button.focus();
    };
    const save = async () => {
      const text = field.value.trim();
      if (text === shown.textContent) return close();
      field.readOnly = true;
      const sentence = await keep(row, text).catch(() => button.dataset.offline);
      field.readOnly = false;
      if (sentence) {
        wrong.textContent = sentence;
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", wrong.id);
        return field.focus();
      }
      shown.textContent = text;
      status.textContent = button.dataset.kept;
      return close();
    };
    field.addEventListener("keydown", event => {
      if (event.key === "Escape") close();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      save();
    });
  });
}
