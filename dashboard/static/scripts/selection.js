// Selection: the picked rows of a list, or everything that matches.

import { make } from "./elements.js";

export function addSelection(form) {
  const boxes = [...form.querySelectorAll("tbody .pick input")];
  const all = Object.assign(document.createElement("input"), { type: "checkbox", ariaLabel: "Select all on this page" });
  // Only where the list has more rows than this page.
  const { matching } = form.elements;
  const words = matching?.dataset.words;
  const offer = make("button", { type: "button", class: "button quiet", hidden: "" }, `Select ${words}`);
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    if (matching) matching.checked &&= all.checked;
    offer.hidden = !all.checked || matching?.checked;
    form.querySelector("[role=status]").textContent = matching?.checked ? `A${words.slice(1)} are selected` : chosen ? `${chosen} selected` : "";
  };
  matching?.parentElement.after(offer);
  offer.addEventListener("click", () => {
    matching.checked = true;
    form.querySelector("[type=reset]").focus();
    count();
  });
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  form.addEventListener("change", count);
  form.addEventListener("reset", () => setTimeout(() => (count(), all.focus())));
  form.querySelector("thead .pick").replaceChildren(all);
  // This entry of the tab's history restores the selection by id, as the list may have changed.
  const { picked = [] } = history.state ?? {};
  for (const box of boxes) box.checked ||= picked.includes(box.value);
  addEventListener("beforeunload", () => history.replaceState({ ...history.state, picked: boxes.filter((box) => box.checked).map((box) => box.value) }, ""));
  count();
}
