// The pictures of a record in full view: a click or Enter opens one, arrows lead to the others, Escape closes.

import { make } from "./scripts/elements.js";
import { isPlain } from "./scripts/leaving.js";

function view(links, first) {
  let at = first;
  const image = make("img", { alt: "" });
  const place = make("p", { role: "status" });
  const step = (by, words) => {
    const button = make("button", { class: "button", type: "button" }, words);
    button.addEventListener("click", () => go(by));
    return button;
  };
  const close = make("button", { class: "button primary", type: "button" }, "Close");
  const dialog = make("dialog", { class: "full-view", "aria-label": "Picture" }, image, place, make("div", { class: "buttons" }, step(-1, "Previous"), step(1, "Next"), close));
  const go = (by) => {
    at = (at + by + links.length) % links.length;
    const small = links[at].querySelector("img");
    image.src = links[at].href;
    image.alt = small.alt;
    place.textContent = `${small.dataset.words ? `${small.dataset.words}, ` : ""}${at + 1} of ${links.length}`;
  };
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft") go(-1);
    if (key === "ArrowRight") go(1);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    links[at].focus();
  });
  go(0);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

for (const gallery of document.querySelectorAll("[data-gallery]")) {
  const links = [...gallery.querySelectorAll("a")];
  gallery.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    view(links, links.indexOf(link));
  });
}
