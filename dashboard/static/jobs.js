// Follows a job: the part of its page that changes is asked for each second, while the page can be seen.

const EVERY = 1000;
const followed = document.querySelector("[data-follow]");

async function refresh() {
  try {
    const answer = await fetch(followed.dataset.follow);
    if (answer.redirected || answer.status === 404) return location.reload();
    if (answer.ok) show(await answer.text());
  } catch {
    // The server is away for a moment, such as during an update; the next try may find it.
  }
}

function show(html) {
  const part = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  // The rest of the page, such as when the job ended, is of this moment too.
  if (!part.matches("[data-open]")) return location.reload();
  const now = followed.querySelector(".steps");
  if (!bare(now).isEqualNode(bare(part))) return now.replaceWith(part);
  // Nothing but numbers changed: a button under the pointer or the focus stays where it is.
  now.querySelector(".progress").replaceWith(part.querySelector(".progress"));
}

// A part without its numbers, and without the tokens of its forms, which differ each time.
function bare(part) {
  const copy = part.cloneNode(true);
  copy.querySelectorAll("input, .progress > *").forEach((each) => each.remove());
  return copy;
}

async function turn() {
  if (!followed.querySelector("[data-open]")) return;
  if (document.visibilityState === "visible") await refresh();
  setTimeout(turn, EVERY);
}

setTimeout(turn, EVERY);
