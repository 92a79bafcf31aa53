/* A file that goes in pieces: <form data-resumable="/url/"> with a file field. The form says what the file is; each piece
   names where it begins and its SHA-256; after a dropped line the server is asked how much has come. Without this script,
   or without SHA-256 in the browser, the form sends the file as a whole. */
const WAITS = [1, 2, 4, 8, 15, 30];
const MOST_TRIES = 40;
const hex = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, "0")).join("");
const digest = async blob => hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
const pause = seconds => new Promise(resolve => { setTimeout(resolve, seconds * 1000); });

class Refused extends Error {
  constructor(body, otherwise) {
    const [[field, sentence] = []] = Object.entries(body.fields ?? {});
    super(sentence ?? body.detail ?? otherwise);
    this.field = field;
  }
}

for (const form of document.querySelectorAll("form[data-resumable]")) {
  const input = form.querySelector("input[type=file]");
  const said = form.querySelector("[data-resumable-said]");
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };

  /* Ask again while nothing answers; a refusal is final, save one that says how much has come. */
  const ask = async (url, options, tries = 0) => {
    let answer = null;
    try { answer = await fetch(url, options); } catch { /* the line is down */ }
    const explained = answer?.headers.get("Content-Type")?.includes("problem+json");
    if (answer && (answer.status < 500 || explained)) {
      const body = await answer.json().catch(() => ({}));
      if (answer.ok || body.current?.received !== undefined) return { ...body, ...body.current };
      throw new Refused(body, form.dataset.saidFailed);
    }
    if (tries >= MOST_TRIES) throw new Refused({}, form.dataset.saidFailed);
    said.textContent = form.dataset.saidWaiting;
    await pause(WAITS[Math.min(tries, WAITS.length - 1)]);
    return ask(url, options, tries + 1);
  };

  const send = async file => {
    const about = new URLSearchParams({ name: file.name, size: file.size, sha256: await digest(file) });
    for (const name of ["kind", "issued", "expires"]) about.set(name, form.elements[name].value);
    const begun = await ask(form.dataset.resumable, { method: "POST", body: about, headers });
    let at = begun.received;
    while (at < file.size) {
      said.textContent = form.dataset.saidSending.replace("{percent}", Math.floor(100 * at / file.size));
      const piece = file.slice(at, at + begun.piece);
      const own = { ...headers, "Upload-Offset": at, "Upload-Digest": await digest(piece), "Content-Type": "application/octet-stream" };
      at = (await ask(begun.put, { method: "PUT", body: piece, headers: own })).received;
    }
    location.assign((await ask(begun.complete, { method: "POST", headers })).page);
  };

  form.addEventListener("submit", event => {
    const file = input.files[0];
    if (!file || !crypto.subtle || form.dataset.busy) { if (form.dataset.busy) event.preventDefault(); return; }
    event.preventDefault();
    form.dataset.busy = "1";
    for (const wrong of form.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
    send(file).catch(error => {
      delete form.dataset.busy;
      said.textContent = error instanceof Refused ? error.message : form.dataset.saidFailed;
      form.elements[error.field]?.setAttribute("aria-invalid", "true");
      form.elements[error.field]?.focus();
    });
  });
}
