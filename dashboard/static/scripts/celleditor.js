// The dialog over a cell of a list: it takes what is typed, saves it, and moves on to other cells.

import { make } from "./elements.js";
import { fieldFor } from "./cellfields.js";
import { REDIRECTED } from "./sending.js";
import { isBlock, placeBlock, readBlock } from "./pasting.js";
import { PastedBlock } from "./blocks.js";
import { shownIn } from "./saver.js";

export class CellEditor {
  saving = false;

  constructor(button, saver) {
    const cell = button.closest("td");
    const head = saver.headOf(button);
    Object.assign(this, { button, cell, saver, row: cell.parentElement, column: head.textContent.trim() });
    this.seen = saver.versionOf(this.row);
    this.settings = JSON.parse(head.dataset.edit);
    this.stored = this.storedText();
    this.build(shownIn(button));
    this.before = this.value;
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.value === this.before && this.dialog.close());
    this.dialog.addEventListener("cancel", (event) => this.saving && event.preventDefault());
    this.dialog.addEventListener("close", () => this.end());
    this.dialog.addEventListener("keydown", (event) => this.press(event));
    this.dialog.addEventListener("paste", (event) => this.paste(event));
  }

  // The text that the field of the cell holds; null where the cell shows all of it.
  storedText() {
    const { table } = this.saver;
    if (!table.dataset.texts) return null;
    const ofRow = JSON.parse(this.row.dataset.texts ?? null) ?? JSON.parse(table.dataset.texts)[this.key];
    if (!(this.settings.field in ofRow)) throw new Error("A long text is edited in the form."); // which opens instead
    return ofRow[this.settings.field];
  }

  get key() {
    return this.row.querySelector(".pick input").value;
  }

  build(shown) {
    this.problem = make("p", { class: "error", id: "cell-error", role: "alert" });
    this.save = make("button", { class: "button primary" }, "Save");
    this.anyway = make("button", { type: "button", class: "button", hidden: "" }, "Save mine anyway");
    this.cancel = make("button", { type: "button", class: "button" }, "Cancel");
    this.cancel.addEventListener("click", () => this.saving || this.dialog.close());
    this.anyway.addEventListener("click", () => this.submit());
    const keys = make("p", { class: "help keys", id: "cell-keys" }, `Tab saves and opens the next cell${this.hasArrows ? ", ↓ the one below" : ""}`);
    this.input = fieldFor({ ...this, make, shown });
    this.field = this.input.field;
    this.form = make("form", { novalidate: "", autocomplete: "off" }, ...this.input.parts, this.problem, make("div", { class: "buttons" }, this.save, this.cancel, this.anyway), keys);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Enter never decides against what another user has saved: that has a button of its own.
      if (this.save.hidden) this.fail(this.problem.textContent);
      else this.submit();
    });
    this.dialog = make("dialog", { class: "cell-editor", "aria-label": this.saver.nameOf(this.button), "aria-describedby": keys.id }, this.form);
  }

  // The arrows of choices and of search results have a meaning of their own.
  get hasArrows() {
    return !this.settings.options.length && !this.settings.source;
  }

  get value() {
    return this.input.read();
  }

  open() {
    document.body.append(this.dialog);
    this.input.attach?.();
    this.button.focus(); // which has the focus again when the dialog is closed
    if (matchMedia("(max-width: 40em)").matches) this.row.querySelector(".row-actions details")?.setAttribute("open", ""); // the cell is folded away
    this.dialog.showModal();
    this.place();
    this.whenResized = () => this.place();
    this.whenLeaving = (event) => (this.saving || this.value !== this.before) && event.preventDefault();
    addEventListener("resize", this.whenResized);
    addEventListener("beforeunload", this.whenLeaving);
    const refused = this.saver.refused.get(this.button);
    if (!refused) return this.focus();
    this.input.write(refused.value);
    this.refuse(refused.answer);
  }

  end() {
    removeEventListener("resize", this.whenResized);
    removeEventListener("beforeunload", this.whenLeaving);
    this.dialog.remove();
    if (!this.saving) this.saver.giveUp(this.button);
  }

  // Over its cell; the style sheet keeps it within the window.
  place() {
    const shown = this.button.getBoundingClientRect();
    const left = this.cell.matches(".number") ? shown.right - this.dialog.offsetWidth : shown.left;
    this.dialog.style.setProperty("--x", `${left}px`);
    this.dialog.style.setProperty("--y", `${shown.top + scrollY}px`);
  }

  focus() {
    this.input.focus();
    this.dialog.scrollIntoView({ block: "nearest" });
  }

  // Where a problem is shown, Tab leads to its buttons until something else is typed.
  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || this.saving || !this.field.contains(event.target)) return;
    const isTab = event.key === "Tab" && this.anyway.hidden && (!this.problem.textContent || this.value !== this.refused);
    const isRow = event.key.startsWith("Arrow") && !event.shiftKey && this.hasArrows && !this.problem.textContent;
    const step = isTab ? (event.shiftKey ? -1 : 1) : isRow ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : 0;
    if (!step) return;
    event.preventDefault();
    this.input.settle?.();
    this.moveOn(isTab ? this.cellsInOrder() : this.cellsOfColumn(), step);
  }

  // One value goes into the field.
  paste(event) {
    const rows = readBlock(event.clipboardData.getData("text/plain"));
    if (!isBlock(rows) || this.saving) return;
    event.preventDefault();
    this.dialog.close();
    this.dialog.remove();
    new PastedBlock(this.saver, placeBlock(this.button, rows)).open();
  }

  cellsInOrder() {
    return [...this.saver.table.querySelectorAll(".cell")];
  }

  cellsOfColumn() {
    return [...this.row.parentElement.rows].map((row) => row.cells[this.cell.cellIndex].querySelector(".cell"));
  }

  // The answer is not waited for: what the hand types next belongs to the next cell.
  moveOn(cells, step) {
    const { button, value, saver } = this;
    const isChanged = value !== this.before;
    this.saving = isChanged; // it is not given up by closing
    this.dialog.close();
    this.dialog.remove(); // before the next one has the same names
    if (isChanged) saver.saveAndLeave(button, value, this.seen);
    for (let at = cells.indexOf(button) + step; cells[at]; at += step) if (openCell(cells[at], saver)) return;
  }

  async submit() {
    if (this.saving) return;
    this.input.settle?.();
    this.saving = this.save.disabled = this.anyway.disabled = true;
    const answer = await this.saver.save(this.button, this.value, this.seen);
    this.save.disabled = this.anyway.disabled = false;
    if (answer.status === 200) this.dialog.close();
    this.saving = false;
    if (answer.status === 200) this.saver.remind();
    else this.refuse(answer);
  }

  refuse(answer) {
    this.input.close?.(); // its results would lie over the words
    const isConflict = answer.status === 409 && answer.version !== undefined;
    this.save.hidden = isConflict;
    this.anyway.hidden = !isConflict;
    this.cancel.textContent = isConflict ? "Keep theirs" : "Cancel";
    this.refused = this.value;
    this.seen = this.saver.versionOf(this.row); // what is shown now
    this.fail(answer.words);
    if (answer.status === REDIRECTED) this.problem.append(" ", make("a", { href: location.pathname, target: "_blank" }, "Log in in a new tab"));
  }

  fail(words) {
    this.problem.textContent = words;
    this.field.setAttribute("aria-invalid", "true");
    this.field.setAttribute("aria-describedby", this.problem.id);
    this.focus();
  }
}

// Whether the cell could be opened: a long text is edited in its form.
function openCell(button, saver) {
  try {
    new CellEditor(button, saver).open();
  } catch {
    return false;
  }
  return true;
}
