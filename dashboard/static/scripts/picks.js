// An input that refers to many records. The form has a text area with a line for each; people see a list of them
// and a combobox that adds to it.

import { Picker } from "./combobox.js";

export class Picks extends Picker {
  constructor(area, make) {
    const input = make("input", { type: "text", autocomplete: "off", id: `${area.id}-added` });
    for (const { name, value } of area.attributes) if (name.startsWith("aria-") || name === "data-source") input.setAttribute(name, value);
    for (const label of area.labels) label.htmlFor = input.id;
    area.before(input);
    super(input, make);
    // The summary of errors links to the field. No other control may be called so: forms find theirs by id and name.
    const place = input.parentElement;
    place.tabIndex = -1;
    [place.id, area.id] = [area.id, `${area.id}-lines`];
    place.addEventListener("focus", () => input.focus());
    this.area = area;
    this.words = new Map(Object.entries(JSON.parse(area.dataset.words)));
    area.hidden = true;
    const help = document.getElementById(`${place.id}-help`);
    if (help && area.dataset.hint) help.textContent = area.dataset.hint;
    this.chosenOnes = make("ul", { class: "chips picked", "aria-label": `Chosen: ${this.list.getAttribute("aria-label")}` });
    input.parentElement.before(this.chosenOnes);
    // A stored draft may fill it; see editing.js.
    area.addEventListener("input", () => this.draw());
    addEventListener("DOMContentLoaded", () => this.draw());
    // What was typed and not chosen is a line as well, so that no text is lost.
    input.addEventListener("blur", () => this.add(input.value));
    this.draw();
  }

  get lines() {
    return this.area.value.split("\n").map((line) => line.trim()).filter(Boolean);
  }

  draw() {
    const { make, lines } = this;
    this.chosenOnes.replaceChildren(...lines.map((line) => this.chip(line, make)));
    this.chosenOnes.hidden = !lines.length;
  }

  chip(line, make) {
    const words = this.words.get(line) ?? line;
    const button = make("button", { type: "button", "aria-label": `Remove ${words}` }, "×");
    button.addEventListener("click", () => {
      this.set(this.lines.filter((other) => other !== line), `${words} removed`);
      this.input.focus();
    });
    return make("li", { class: "chip" }, make("bdi", {}, words), button);
  }

  set(lines, told) {
    this.area.value = lines.join("\n");
    for (const kind of ["input", "change"]) this.area.dispatchEvent(new Event(kind, { bubbles: true }));
    this.say(told, "unseen");
  }

  add(typed) {
    const line = typed.trim();
    this.input.value = "";
    if (line) this.set([...new Set([...this.lines, line])], `${this.words.get(line) ?? line} added`);
  }

  pick(number) {
    if (number < 0) return;
    const { text, label, hint } = this.items[number];
    this.words.set(text, text === label ? label : `${label} ${hint}`);
    this.close();
    this.add(text);
  }

  press(event) {
    const { value } = this.input;
    if (!event.isComposing && event.key === "Enter" && this.chosen < 0 && value.trim()) {
      event.preventDefault();
      this.close();
      this.add(value);
    } else if (event.key === "Backspace" && !value && this.lines.length) this.set(this.lines.slice(0, -1), `${this.words.get(this.lines.at(-1)) ?? this.lines.at(-1)} removed`);
    else super.press(event);
  }
}
