// Selection: the picked rows of a list, on any of its pages, or everything that matches.

import { make } from "./elements.js";
import { toActions } from "./actions.js";
import { remember, remembered } from "./picked.js";

// Shift and a click, or Shift+Space, give all rows from the last one that was ticked the same tick.
function tickRanges(boxes, changed) {
  let last;
  boxes[0]?.form.addEventListener("reset", () => (last = undefined));
  const tick = (box, isTicked, isRange) => {
    const [from, to] = [boxes.indexOf(isRange && last ? last : box), boxes.indexOf(box)].toSorted((a, b) => a - b);
    for (const each of boxes.slice(from, to + 1)) each.checked = isTicked;
    last = box;
    changed(box);
  };
  for (const box of boxes) {
    box.addEventListener("click", ({ shiftKey }) => tick(box, box.checked, shiftKey));
    for (const kind of ["keydown", "keyup"])
      box.addEventListener(kind, (event) => {
        if (event.key !== " " || !event.shiftKey) return;
        event.preventDefault(); // some browsers take it for scrolling, others for a plain tick
        if (kind === "keydown" && !event.repeat) tick(box, !box.checked, true);
      });
  }
}

class Selection {
  constructor(form) {
    this.form = form;
    this.boxes = [...form.querySelectorAll("tbody .pick input")];
    this.all = Object.assign(document.createElement("input"), { type: "checkbox", ariaLabel: "Select all on this page" });
    // Only where the list has more rows than this page.
    this.matching = form.elements.matching;
    this.words = this.matching?.dataset.words;
    this.offer = make("button", { type: "button", class: "button quiet", hidden: "" }, `Select ${this.words}`);
    this.skip = make("button", { type: "button", class: "skip" }, "Go to the actions");
    this.others = make("div", { hidden: "" });
  }

  serve() {
    const { form, boxes, all, matching } = this;
    matching?.parentElement.after(this.offer);
    form.append(this.others);
    form.querySelector("thead .pick").replaceChildren(all);
    this.offer.addEventListener("click", () => this.selectMatching());
    this.skip.addEventListener("click", () => toActions(form.querySelector(".bulk")));
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      this.offerSkip(all);
    });
    tickRanges(boxes, (box) => {
      this.offerSkip(box);
      this.count(); // no event tells of the other rows of a range
    });
    form.addEventListener("change", () => this.count());
    form.addEventListener("reset", () => this.clear());
    this.restore();
  }

  offerSkip(box) {
    this.skip.remove();
    if (box.checked) box.after(this.skip);
  }

  // By their keys: a row may be on another page now, or at another place of this one.
  restore() {
    const keys = new Set(remembered());
    for (const box of this.boxes) if (keys.delete(box.value)) box.checked = true;
    this.others.append(...[...keys].map((value) => make("input", { type: "hidden", name: "rowid", value })));
    this.count();
  }

  selectMatching() {
    this.matching.checked = true;
    this.form.querySelector("[type=reset]").focus();
    this.count();
  }

  clear() {
    this.others.replaceChildren();
    this.skip.remove();
    setTimeout(() => {
      this.count();
      this.all.focus();
    });
  }

  count() {
    const { form, all, boxes, matching, others } = this;
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    if (matching) matching.checked &&= all.checked;
    this.offer.hidden = !all.checked || matching?.checked;
    form.toggleAttribute("data-elsewhere", others.children.length > 0);
    // What gets the focus is scrolled to where the bar does not cover it.
    document.documentElement.style.scrollPaddingBlockEnd = `${form.querySelector(".bulk").offsetHeight}px`;
    form.querySelector("[role=status]").textContent = this.say(chosen);
    remember(boxes, [...others.children]);
  }

  say(chosen) {
    if (this.matching?.checked) return `A${this.words.slice(1)} are selected`;
    const away = this.others.children.length;
    if (!(chosen + away)) return "";
    return `${chosen + away} selected${away ? `, ${away} of them not on this page` : ""}`;
  }
}

export const addSelection = (form) => new Selection(form).serve();
