// Who else has this form open: asked for while somebody is at it, and told where the page says so.

const EVERY_MS = 30_000;
const IDLE_MS = 300_000; // whoever does nothing for so long edits nothing, and need not be kept signed in

const place = document.querySelector("[data-editing]");
const token = document.querySelector("form [name=csrf_token]").value;
let lastSeen = Date.now();

async function ask() {
  if (document.hidden || Date.now() - lastSeen > IDLE_MS) return;
  const answer = await fetch(place.dataset.editing, { method: "POST", body: new URLSearchParams({ csrf_token: token }), redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return; // what was said last stays; the next answer will be newer
  const { words } = await answer.json();
  if (place.textContent !== words) place.textContent = words;
}

for (const kind of ["keydown", "pointerdown", "pointermove", "scroll"]) addEventListener(kind, () => (lastSeen = Date.now()), { passive: true });
document.addEventListener("visibilitychange", ask);
setInterval(ask, EVERY_MS);
