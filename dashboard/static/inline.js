// Editing one cell of a list in its place. Loaded when the first cell is opened.

const NOTHING = "—"; // what the list shows for a blank cell
const PATIENCE_MS = 20_000;
const REASONS = {
  400: "This page is out of date. Nothing was saved. Save again; if that doesn't help, copy what you typed and reload the page.",
  403: "Your role no longer allows this. Nothing was saved.",
  404: "This record was deleted, or you no longer have access. Nothing was saved.",
  409: "Another user saved this at the same moment. Your change isn't saved yet; try again.",
  429: "Too many changes at once. Nothing was saved. Wait a moment and try again.",
  503: "The database can't be changed at the moment. Nothing was saved. Try again shortly.",
};
const UNREACHABLE = "The console cannot be reached. Your text is still here. Try again.";
const LOGGED_OUT = "You are logged out. Nothing was saved. Log in, come back to this tab and save again.";
const LOGGED_OUT_STATUS = 302;
const WITHOUT_TOKEN = new Set([400, LOGGED_OUT_STATUS]);

async function send(address, fields) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    return { status: 0, words: UNREACHABLE };
  }
  if (answer.type === "opaqueredirect") return { status: LOGGED_OUT_STATUS, words: LOGGED_OUT };
  const told = await answer.json().catch(() => null); // the page of an error is no JSON
  if (answer.ok && !told) return { status: 0, words: UNREACHABLE }; // the connection was lost during the answer
  return { ...told, status: answer.status, words: told?.error ?? REASONS[answer.status] ?? "Something went wrong on our side. Nothing was saved. Try again." };
}

// Logging in again in another tab makes a new token: take it from a fresh copy of this page, which holds the typed text.
async function renewToken() {
  const answer = await fetch(location.pathname, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page && page.querySelector("[data-bulk] [name=csrf_token]")?.value;
  if (token) for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
}

class CellEditor {
  saving = false;

  constructor(button, { make, rename }) {
    const cell = button.closest("td");
    const table = cell.closest("table");
    const head = table.tHead.rows[0].cells[cell.cellIndex];
    Object.assign(this, { button, cell, table, make, rename, row: cell.parentElement, column: head.textContent.trim() });
    this.name = this.row.querySelector("th").textContent.trim();
    this.settings = JSON.parse(head.dataset.edit);
    this.stored = this.storedText();
    this.build(button.textContent.trim());
    this.before = this.value;
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.value === this.before && this.dialog.close());
    this.dialog.addEventListener("cancel", (event) => this.saving && event.preventDefault());
    this.dialog.addEventListener("close", () => this.end());
  }

  // The text that the field of the cell holds; null where the cell shows all of it.
  storedText() {
    if (!this.table.dataset.texts) return null;
    const ofRow = JSON.parse(this.row.dataset.texts ?? null) ?? JSON.parse(this.table.dataset.texts)[this.key];
    if (!(this.settings.field in ofRow)) throw new Error("A long text is edited in the form."); // which opens instead
    return ofRow[this.settings.field];
  }

  get key() {
    return this.row.querySelector(".pick input").value;
  }

  build(shown) {
    const { make, column, name } = this;
    this.problem = make("p", { class: "error", id: "cell-error", role: "alert" });
    this.save = make("button", { class: "button primary" }, "Save");
    this.cancel = make("button", { type: "button", class: "button" }, "Cancel");
    this.cancel.addEventListener("click", () => this.saving || this.dialog.close());
    this.form = make("form", { novalidate: "", autocomplete: "off" }, ...(this.settings.options.length ? this.choices(shown) : this.text(shown)), this.problem, make("div", { class: "buttons" }, this.save, this.cancel));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.dialog = make("dialog", { class: "cell-editor", "aria-label": `${column} of ${name}` }, this.form);
  }

  text(shown) {
    if (this.stored !== null) return this.input(this.column, this.stored);
    const unit = shown.replace(/^[\d.,]+\s*/u, "");
    // Shown with separators and a currency, typed without.
    return this.input(unit ? `${this.column} in ${unit}` : this.column, shown.replaceAll(/[^\d.]/gu, ""));
  }

  input(label, value) {
    this.field = this.make("input", { id: "cell-value", name: "value", inputmode: this.settings.inputmode, value });
    return [this.make("label", { for: "cell-value" }, label), this.field];
  }

  choices(shown) {
    const label = this.make("p", { id: "cell-label", class: "label" }, this.column);
    const options = this.settings.options.map(([value, words]) => {
      const radio = this.make("input", { type: "radio", name: "value", value });
      radio.defaultChecked = this.stored === null ? words === shown : value === this.stored;
      return this.make("label", { class: "choice" }, radio, words);
    });
    this.field = this.make("div", { role: "radiogroup", "aria-labelledby": label.id }, ...options);
    return [label, this.field];
  }

  get value() {
    return new FormData(this.form).get("value") ?? "";
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.place();
    this.focus();
    this.whenResized = () => this.place();
    this.whenLeaving = (event) => (this.saving || this.value !== this.before) && event.preventDefault();
    addEventListener("resize", this.whenResized);
    addEventListener("beforeunload", this.whenLeaving);
  }

  end() {
    removeEventListener("resize", this.whenResized);
    removeEventListener("beforeunload", this.whenLeaving);
    this.dialog.remove();
  }

  // Over its cell; the style sheet keeps it within the window.
  place() {
    const shown = this.button.getBoundingClientRect();
    const left = this.cell.matches(".number") ? shown.right - this.dialog.offsetWidth : shown.left;
    this.dialog.style.setProperty("--x", `${left}px`);
    this.dialog.style.setProperty("--y", `${shown.top + scrollY}px`);
  }

  focus() {
    const radio = this.field.querySelector(":checked");
    (radio ?? this.field).focus();
    if (!radio) this.field.select?.();
    this.dialog.scrollIntoView({ block: "nearest" });
  }

  async submit() {
    if (this.saving) return;
    this.saving = this.save.disabled = true;
    if (WITHOUT_TOKEN.has(this.status)) await renewToken();
    const answer = await send(this.table.dataset.cells, {
      csrf_token: this.button.form.elements.csrf_token.value,
      id: this.key,
      field: this.settings.field,
      value: this.value,
      version: this.row.dataset.version ?? this.table.dataset.versions,
    });
    this.saving = this.save.disabled = false;
    this.take(answer);
  }

  take(answer) {
    this.status = answer.status;
    if (answer.texts) this.row.dataset.texts = JSON.stringify(answer.texts);
    if (answer.version) {
      this.row.dataset.version = answer.version;
      for (const head of this.table.querySelectorAll("[data-edit]")) {
        this.show(this.row.cells[head.cellIndex], head, answer.cells[JSON.parse(head.dataset.edit).field]);
      }
    }
    if (answer.status === 200) return this.done(answer);
    this.offer(answer.status === 409 && answer.version ? ["Save mine anyway", "Keep theirs"] : ["Save", "Cancel"]);
    this.fail(answer.words);
  }

  show(cell, head, { shown, tone, moment }) {
    const [button, words] = [cell.querySelector(".cell"), shown ?? NOTHING];
    button.replaceChildren(tone ? this.make("span", { class: `badge ${tone}` }, words) : moment ? this.make("time", { datetime: moment }, words) : words);
    cell.className = shown === null ? "none" : head.className; // a number's
    this.rename(button);
  }

  done({ shown }) {
    this.dialog.close();
    document.getElementById("cells-saved").textContent = `${this.column} of ${this.name} saved: ${shown ?? "blank"}`;
  }

  offer([save, cancel]) {
    this.save.textContent = save;
    this.cancel.textContent = cancel;
  }

  fail(words) {
    this.problem.textContent = words;
    if (this.status === LOGGED_OUT_STATUS) this.problem.append(" ", this.make("a", { href: location.pathname, target: "_blank" }, "Log in in a new tab"));
    this.field.setAttribute("aria-invalid", "true");
    this.field.setAttribute("aria-describedby", this.problem.id);
    this.focus();
  }
}

export function open({ button, ...tools }) {
  if (!document.getElementById("cells-saved")) document.querySelector("main").append(tools.make("p", { id: "cells-saved", class: "unseen", role: "status" }));
  new CellEditor(button, tools).open();
}
