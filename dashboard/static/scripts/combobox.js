// A combobox of the records that are found while a name is typed, around an input that refers to one.

const PAUSE_MS = 200;
const PATIENCE_MS = 10_000;
const FAILED = "The search failed. Type the full name.";
const LOGGED_OUT = "You are logged out. Reload the page to log in again.";

async function ask(address, signal) {
  const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
  if (answer.type === "opaqueredirect") throw new Error(LOGGED_OUT);
  if (!answer.ok) throw new Error(FAILED);
  return answer.json();
}

export class Picker {
  asked = new AbortController();
  items = [];
  chosen = -1;

  constructor(input, make) {
    Object.assign(this, { input, make });
    const id = `${input.id}-options`;
    this.list = make("div", { role: "listbox", id, "aria-label": input.labels[0]?.textContent.trim() || "Results", hidden: "" });
    this.status = make("p", { role: "status", class: "unseen" });
    const place = make("div", { class: "picker" });
    const isFocused = document.activeElement === input;
    input.before(place);
    place.append(input, this.list, this.status);
    if (isFocused) input.focus();
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, spellcheck: "false" })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.search(PAUSE_MS));
    input.addEventListener("click", () => this.isOpen || this.search(0));
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    this.list.addEventListener("click", ({ target }) => this.pick(this.options.indexOf(target.closest("[role=option]"))));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get options() {
    return [...this.list.children];
  }

  search(pause) {
    clearTimeout(this.timer);
    this.asked.abort();
    this.asked = new AbortController();
    this.timer = setTimeout(() => this.fetch(this.asked.signal), pause);
  }

  async fetch(signal) {
    const typed = this.input.value === this.input.defaultValue ? "" : this.input.value.trim();
    try {
      const { items, more } = await ask(`${this.input.dataset.source}?${new URLSearchParams({ q: typed })}`, signal);
      if (!signal.aborted) this.show(items, more);
    } catch (error) {
      if (signal.aborted) return; // another search has begun
      this.show([]);
      this.say(error.message === LOGGED_OUT ? LOGGED_OUT : FAILED, "error");
    }
  }

  show(items, more) {
    this.items = items;
    this.list.replaceChildren(...items.map((item, number) => this.option(item, number)));
    this.choose(-1);
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    const count = `${items.length} ${items.length === 1 ? "result" : "results"}`;
    const words = more ? `First ${count}. Type more to find others.` : count;
    this.say(items.length ? words : "No matches", items.length && !more ? "unseen" : "help");
  }

  say(words, kind) {
    this.status.textContent = words;
    this.status.className = kind;
  }

  option({ label, hint }, number) {
    const { make } = this;
    // bdi: right-to-left marks in a name must not reverse the text beside it.
    return make("div", { role: "option", id: `${this.list.id}-${number}`, "aria-selected": "false" }, make("bdi", {}, label), make("bdi", {}, hint));
  }

  choose(number) {
    const { options } = this;
    options[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = number;
    const option = options[number];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  // Enter without a choice sends the form with what was typed.
  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.isOpen) this.move(step);
    else if (step) this.search(0);
    else if (event.key === "Enter" && this.isOpen && this.chosen >= 0) this.pick(this.chosen);
    else if (event.key === "Escape" && this.isOpen) this.close();
    else return;
    event.preventDefault(); // Escape closes the list and not the dialog around it
    event.stopPropagation();
  }

  // From the last result and from the first the way leads back to the typed text.
  move(step) {
    const number = this.items.length + 1;
    this.choose(((this.chosen + 1 + step + number) % number) - 1);
  }

  pick(number) {
    if (number < 0) return;
    this.input.value = this.items[number].text;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    clearTimeout(this.timer);
    this.asked.abort();
    this.choose(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.say("", "unseen");
  }
}
