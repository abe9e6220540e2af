// The script of the form of a record: it shows who else has it open, and restores typed text with its version.

const EVERY_MS = 30_000;
const IDLE_MS = 300_000; // a user who does nothing for so long is not editing, and need not stay logged in
const UNSAVED = "unsaved";
const VERSION = "dashboard-version";
const VERSION_BEFORE = "version"; // its name in drafts from before an upgrade

const place = document.querySelector("[data-editing]");
const form = place.closest("form");
const token = form.elements.csrf_token.value;
let lastSeen = Date.now();

async function ask() {
  if (document.hidden || Date.now() - lastSeen > IDLE_MS) return;
  const answer = await fetch(place.dataset.editing, { method: "POST", body: new URLSearchParams({ csrf_token: token }), redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return; // the last words stay until the next answer
  const { parts } = await answer.json();
  // It is read aloud whenever it changes, so it changes only where it says something else.
  if (place.textContent !== parts.map((part) => part.text).join("")) place.replaceChildren(...parts.map(drawn));
}

function drawn({ text, initials, hue }) {
  const part = document.createElement("span");
  part.textContent = text;
  if (initials) {
    part.className = "person";
    const circle = document.createElement("span");
    circle.className = `initials ${hue}`;
    circle.dataset.of = initials;
    circle.ariaHidden = "true";
    part.prepend(circle);
  }
  return part;
}

function noteActivity() {
  lastSeen = Date.now();
}

for (const kind of ["keydown", "pointerdown", "pointermove", "scroll"]) addEventListener(kind, noteActivity, { passive: true });
document.addEventListener("visibilitychange", ask);
setInterval(ask, EVERY_MS);
ask(); // at once: opening the page does not tell the server

// The draft: the fields of the form, with its version, are stored in this entry of the tab's history for the user who
// typed them. Browsers keep it through Back, Forward, a reload, a duplicated tab and their own restart.

const user = document.querySelector(".account p").textContent;
const fields = () => [...new FormData(form)].filter(([name]) => name !== "csrf_token");
const opened = JSON.stringify(fields());

function storeDraft() {
  const changed = JSON.stringify(fields()) !== opened;
  const draft = changed && { user, fields: fields(), sent: "sent" in form.dataset };
  history.replaceState({ ...history.state, draft }, "");
}

// Saved text is no draft. Where the version is newer, only the page of a refused form says that it was not saved.
function restoreDraft() {
  const { draft } = history.state ?? {};
  if (draft?.user !== user) return;
  const typed = new Map(draft.fields);
  const version = typed.get(VERSION) ?? typed.get(VERSION_BEFORE);
  const isSaved = draft.sent && version !== form.elements[VERSION].value && sessionStorage.getItem(UNSAVED) !== place.dataset.editing;
  if (isSaved) return;
  for (const [name, value] of draft.fields) {
    if (!form.elements[name] && name.includes("-+")) form.dispatchEvent(new CustomEvent("rowmissing", { detail: name.split("-+")[0] }));
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = true;
    else if (field) field.value = value;
  }
  form.elements[VERSION].value = version;
}

if (form.dataset.guard) sessionStorage.setItem(UNSAVED, place.dataset.editing);
form.addEventListener("submit", () => sessionStorage.removeItem(UNSAVED));
if (!form.matches(".merge")) {
  for (const kind of ["change", "visibilitychange", "beforeunload"]) addEventListener(kind, storeDraft);
  addEventListener("DOMContentLoaded", restoreDraft); // after console.js has read the fields that the form opened with
}
