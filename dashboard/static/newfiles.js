// Files of a new record: each is uploaded at once, and the form of the record names those that are stored.

import { make } from "./scripts/elements.js";
import { Uploads } from "./scripts/uploading.js";

const { styles } = document.querySelector("[data-styles]").dataset;
const boxes = [...document.querySelectorAll("[data-upload]")];

// The same parts as templates/admin/model/new_files.html has for files that are stored when the page comes.
function listed({ names, noun, longest, isNamed }, place, file, { key, url }) {
  const id = `${names}words-${key}`;
  const label = make("label", { for: id }, isNamed ? "Name" : "Description", make("span", { class: "unseen" }, ` of ${noun} ${place}`));
  const words = make("input", { id, name: id, value: isNamed ? file.name : "", maxlength: longest, autocomplete: "off" });
  const box = make("input", { type: "checkbox", name: `${names}key`, value: key });
  box.checked = true;
  const picture = isNamed ? [] : [make("img", { src: url, alt: `${noun} ${place}`, width: "80", height: "80" })];
  return make("li", { "data-place": place }, ...picture, make("div", { class: "field" }, label, words), make("label", { class: "choice" }, box, `Add this ${noun}`));
}

// Most new records get no files: their styles are fetched with the first one.
function addStyles() {
  if (!document.querySelector(`link[href="${styles}"]`)) document.head.append(make("link", { rel: "stylesheet", href: styles }));
}

for (const box of boxes) {
  const list = box.querySelector(".files");
  const form = box.closest("form");
  let waits;
  const its = { names: box.dataset.names, noun: box.dataset.noun, longest: box.dataset.longest, isNamed: "named" in box.dataset };
  const uploads = new Uploads(box, {
    whole: boxes.length === 1,
    first: list.children.length,
    stored(line, file, answer, place) {
      const later = [...list.children].find((each) => each.dataset.place > place); // those that are stored sooner wait for no other
      list.insertBefore(listed(its, place, file, answer), later);
      line.remove();
    },
    settled() {
      const { asked, errors } = waits ?? {};
      waits = undefined;
      if (!asked) return;
      if (uploads.errors === errors) form.requestSubmit(asked);
      else uploads.told.textContent = "Nothing was sent yet: a file could not be uploaded.";
    },
  });
  box.addEventListener("uploading", addStyles);
  form.addEventListener("submit", (event) => {
    if (!uploads.open) return;
    event.preventDefault(); // the record is created when its files are there
    waits = { asked: event.submitter, errors: uploads.errors };
    uploads.told.textContent = "The form is sent when all files are uploaded.";
  });
}
