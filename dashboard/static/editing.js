// What the form of a record gains: it tells who else has it open, and typed text comes back with its version.

const EVERY_MS = 30_000;
const IDLE_MS = 300_000; // whoever does nothing for so long edits nothing, and need not be kept logged in
const UNSAVED = "unsaved";

const place = document.querySelector("[data-editing]");
const form = place.closest("form");
const token = form.elements.csrf_token.value;
let lastSeen = Date.now();

async function ask() {
  if (document.hidden || Date.now() - lastSeen > IDLE_MS) return;
  const answer = await fetch(place.dataset.editing, { method: "POST", body: new URLSearchParams({ csrf_token: token }), redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return; // what was said last stays; the next answer will be newer
  const { words } = await answer.json();
  if (place.textContent !== words) place.textContent = words;
}

function noteActivity() {
  lastSeen = Date.now();
}

for (const kind of ["keydown", "pointerdown", "pointermove", "scroll"]) addEventListener(kind, noteActivity, { passive: true });
document.addEventListener("visibilitychange", ask);
setInterval(ask, EVERY_MS);
ask(); // at once: reading the page told nobody that it is open

// The draft: what the form holds, its version included, belongs to this entry of the tab's history and to the
// user who typed it. The browser keeps it through Back, Forward, a reload, a duplicated tab and its own restart.

const user = document.querySelector(".account p").textContent;
const fields = () => [...new FormData(form)].filter(([name]) => name !== "csrf_token");
const opened = JSON.stringify(fields());

function keepDraft() {
  const changed = JSON.stringify(fields()) !== opened;
  const draft = changed && { user, fields: fields(), sent: "sent" in form.dataset };
  history.replaceState({ ...history.state, draft }, "");
}

// Text that was saved is no draft. After sending it over an older version, only a page that was refused tells.
function restoreDraft() {
  const { draft } = history.state ?? {};
  if (draft?.user !== user) return;
  const { version } = Object.fromEntries(draft.fields);
  const isSaved = draft.sent && version !== form.elements.version.value && sessionStorage.getItem(UNSAVED) !== place.dataset.editing;
  if (isSaved) return;
  for (const [name, value] of draft.fields) if (form.elements[name]) form.elements[name].value = value;
}

if (form.dataset.guard) sessionStorage.setItem(UNSAVED, place.dataset.editing);
form.addEventListener("submit", () => sessionStorage.removeItem(UNSAVED));
if (!form.matches(".merge")) {
  for (const kind of ["change", "visibilitychange", "beforeunload"]) addEventListener(kind, keepDraft);
  addEventListener("DOMContentLoaded", restoreDraft); // after console.js has noted what the form opened with
}
