// The command palette: a combobox of records, views, screens and actions. Loaded when it is first opened.

import { keysByAddress, offersHere } from "./scripts/offers.js";
import { keyCaps, symbolOf } from "./scripts/symbols.js";
import { ranked } from "./scripts/ranking.js";

const PAUSE_MS = 150;
const PATIENCE_MS = 10_000;
const FEW = 8; // of the views, before anything is typed
const UNREACHABLE = "The console cannot be reached. Check your connection and try again.";
const REFUSALS = {
  403: "Your role no longer allows this. Reload the page.",
  429: "Too many searches at once. Wait a moment and try again.",
  503: "The database cannot be used at the moment. Try again shortly.",
};

function unreachable(error) {
  throw error.name === "AbortError" ? error : new Error(UNREACHABLE);
}

async function ask(address, signal) {
  const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) }).catch(unreachable);
  if (answer.type === "opaqueredirect") throw new Error("You are logged out. Reload the page to log in again.");
  if (!answer.ok) throw new Error(REFUSALS[answer.status] ?? `The search failed (error ${answer.status}). Try again.`);
  return (await answer.json().catch(unreachable)).groups;
}

class Palette {
  places = [];
  records = [];
  problem = "";
  asked = new AbortController();
  chosen = -1;

  constructor({ button, make, singleKeys }) {
    Object.assign(this, { source: button.dataset.source, button, make, offers: offersHere(), keys: singleKeys ? keysByAddress() : new Map() });
    this.input = make("input", {
      role: "combobox", id: "palette-input", type: "text", maxlength: 200, autocomplete: "off", spellcheck: "false", enterkeyhint: "go",
      placeholder: "Search everything", "aria-label": "Search records, views, screens and actions",
      "aria-controls": "palette-list", "aria-expanded": "false", "aria-autocomplete": "list",
    });
    const close = make("button", { type: "button", class: "button quiet" }, "Close");
    this.list = make("div", { role: "listbox", id: "palette-list", "aria-label": "Results" });
    this.status = make("p", { role: "status" });
    this.dialog = make("dialog", { class: "palette", "aria-label": "Search everything" }, make("div", {}, this.input, close), this.list, this.status);
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("keydown", (event) => this.press(event));
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", ({ target }) => {
      if (target === this.dialog || target.closest("a")) this.dialog.close();
      else this.act(this.options.indexOf(target.closest("[role=option]")));
    });
    this.dialog.addEventListener("close", () => {
      this.asked.abort();
      clearTimeout(this.timer);
      this.dialog.remove();
    });
  }

  get query() {
    return this.input.value.trim();
  }

  // Views, screens and actions match at once; records are requested when the typing pauses.
  search() {
    clearTimeout(this.timer);
    this.asked.abort();
    this.goesOn = false;
    this.isMoved = false;
    this.problem = "";
    this.pending = true;
    if (!this.query) this.records = [];
    this.timer = setTimeout(() => this.fetch(), this.query ? PAUSE_MS : 0);
    this.show();
  }

  async fetch() {
    clearTimeout(this.timer);
    const { signal } = (this.asked = new AbortController());
    try {
      if (!this.places.length) this.places = this.withOffers(await ask(this.source, signal));
      const found = this.query ? await ask(`${this.source}?${new URLSearchParams({ q: this.query })}`, signal) : [];
      this.records = found.map(({ name, items }) => ({ name, items, isFound: true }));
    } catch (error) {
      if (error.name !== "AbortError") this.problem = error.message;
    }
    if (signal.aborted) return; // another search has begun
    if (this.problem) this.records = [];
    this.pending = false;
    this.show();
    if (this.goesOn) this.go();
  }

  withOffers(groups) {
    const actions = groups.find(({ name }) => name === "Actions") ?? { name: "Actions", items: [] };
    return [...groups.filter((each) => each !== actions), { ...actions, items: [...actions.items, ...this.offers] }];
  }

  // A record that was opened lately is not shown twice where the search finds it as well.
  groups() {
    if (!this.query) return this.places.map(({ name, items }) => ({ name, items: name === "Views" ? items.slice(0, FEW) : items }));
    const found = new Set(this.records.flatMap(({ items }) => items.map(({ url }) => url)));
    const others = this.places.map(({ name, items }) => ({ name, items: items.filter(({ url }) => !found.has(url)) }));
    return ranked([...others, ...this.records], this.query);
  }

  show() {
    const before = this.isMoved ? this.items?.[this.chosen] : null;
    const groups = this.groups();
    this.items = groups.flatMap(({ items }) => items);
    this.options = [];
    this.list.replaceChildren(...groups.map((group, number) => this.group(group, `palette-group-${number}`)));
    const kept = this.items.findIndex(({ label, url }) => before && label === before.label && url === before.url);
    this.choose(Math.max(kept, 0));
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
    this.tell();
  }

  tell() {
    const count = this.options.length;
    const found = count ? `${count} ${count === 1 ? "result" : "results"}` : "No matches";
    this.status.textContent = this.problem || (this.pending ? (count ? "" : "Searching…") : found);
    this.status.className = this.problem ? "error" : count ? "unseen" : "";
  }

  group({ name, items }, id) {
    const { make } = this;
    const title = make("div", { id, role: "presentation" }, name);
    return make("div", { role: "group", "aria-labelledby": id }, title, ...items.map((item) => this.option(item)));
  }

  option({ label, hint, url, icon, keys = this.keys.get(url) }) {
    const { make, button, options } = this;
    const attributes = { role: "option", id: `palette-option-${options.length}`, tabindex: "-1", "aria-selected": "false" };
    // bdi: right-to-left marks in a name must not reverse the text beside it.
    const parts = [symbolOf(button, icon), make("bdi", {}, label), make("bdi", {}, hint), ...(keys ? [keyCaps(keys, make)] : [])];
    const option = url ? make("a", { ...attributes, href: url }, ...parts) : make("div", attributes, ...parts);
    options.push(option);
    return option;
  }

  // What the page offers itself: the same as a click there.
  act(number) {
    const { target } = this.items[number] ?? {};
    if (!target) return;
    this.dialog.close();
    target.click();
  }

  choose(number) {
    this.options[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = this.options.length ? (number + this.options.length) % this.options.length : -1;
    const option = this.options[this.chosen];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const moves = { ArrowDown: this.chosen + 1, ArrowUp: this.chosen - 1, Home: 0, End: -1 };
    if (event.isComposing || event.shiftKey || !(event.key in moves || event.key === "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter") this.go();
    else {
      this.isMoved = true;
      this.choose(moves[event.key]);
    }
  }

  // Enter right after a pasted or scanned code: its record has yet to arrive.
  go() {
    const option = this.options[this.chosen];
    if (option) option.click();
    else if (this.pending && !this.goesOn) {
      this.goesOn = true;
      this.fetch();
    }
  }
}

export function open(options) {
  const palette = new Palette(options);
  document.body.append(palette.dialog);
  palette.dialog.showModal();
  palette.input.focus();
  palette.search();
}
