// Saving the cells of a list one after the other, while the next one is typed; what was saved is undone from here as well.

import { sendCells } from "./sending.js";

export const NUMBER = /^[\d.,'\s]+/u; // at the beginning of a price
export const NOTHING = "—"; // what the list shows for a blank cell
const FINAL = new Set([200, 403, 404, 422]); // answers that trying again does not change
const savers = new WeakMap();

const keyOf = (row) => row.querySelector(".pick input").value;

export const shownIn = (button) => button.closest("td").textContent.trim();

export function saverOf(table, tools) {
  if (!savers.has(table)) savers.set(table, new CellSaver(table, tools));
  return savers.get(table);
}

class CellSaver {
  refused = new Map(); // what was typed and could not be saved, with the answer, by the button of its cell
  saved = []; // what can be undone, the last at the end
  own = new WeakMap(); // the versions that a row had and that only saves from here have replaced, the last at the end
  waiting = 0;
  queue = Promise.resolve();

  constructor(table, { make, fill }) {
    Object.assign(this, { table, make, fill });
    this.told = make("p", { role: "status" });
    this.problem = make("p", { role: "alert" });
    this.undoButton = make("button", { type: "button", class: "button small", hidden: "" }, "Undo");
    this.openButton = make("button", { type: "button", class: "button small", hidden: "" }, "Edit it again");
    document.querySelector("main").append(make("div", { class: "cells-told" }, this.told, this.undoButton, this.problem, this.openButton));
    this.undoButton.addEventListener("click", () => this.undo());
    this.openButton.addEventListener("click", () => [...this.refused.keys()][0]?.click());
    addEventListener("keydown", (event) => this.press(event));
    addEventListener("beforeunload", (event) => (this.waiting || this.refused.size) && event.preventDefault());
  }

  press(event) {
    const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!isUndo || !(this.saved.length || this.waiting) || event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
    event.preventDefault();
    this.undo();
  }

  // Requests go one by one: each needs the version that the one before it gave to its row.
  inTurn(work) {
    this.waiting++;
    const answer = this.queue.then(work);
    this.queue = answer.finally(() => this.waiting--);
    return answer;
  }

  versionOf(row) {
    return row.dataset.version ?? this.table.dataset.versions;
  }

  // Saves what was typed over the version that the row had when the cell was opened: later ones are a conflict, except our own.
  save(button, value, seen) {
    const [row, { field }] = [button.closest("tr"), JSON.parse(this.headOf(button).dataset.edit)];
    const id = keyOf(row);
    button.closest("td").dataset.cell = "saving";
    return this.inTurn(async () => {
      const own = this.own.get(row) ?? [];
      const version = own.includes(seen) ? own.at(-1) : seen;
      const answer = await sendCells(this.table.dataset.cells, { id, field, value, version });
      if (answer.status === 200) this.own.set(row, [...own, version, answer.version]);
      else if (answer.version) this.own.delete(row); // another user's version is between
      this.showRow(row, answer);
      this.take(button, value, answer);
      return answer;
    });
  }

  take(button, value, answer) {
    const isSaved = answer.status === 200;
    button.closest("td").dataset.cell = isSaved ? "saved" : "refused";
    this.refused.delete(button);
    if (isSaved) {
      if (answer.undo) this.saved.push({ name: this.nameOf(button), buttons: [button], set: answer.undo });
      this.tell(`${this.nameOf(button)} saved: ${answer.shown ?? "blank"}`);
    } else this.refused.set(button, { value, answer });
  }

  // Typed and left: the cell keeps it, and says so until it is saved or given up.
  saveAndLeave(button, value, seen) {
    this.save(button, value, seen).then(() => this.remind());
  }

  remind() {
    const [refused] = this.refused;
    this.problem.textContent = refused ? `${this.nameOf(refused[0])} is not saved: ${refused[1].value}. ${refused[1].answer.words}` : "";
    this.openButton.hidden = !refused;
  }

  giveUp(button) {
    if (this.refused.delete(button)) delete button.closest("td").dataset.cell;
    this.remind();
  }

  headOf(button) {
    return this.table.tHead.rows[0].cells[button.closest("td").cellIndex];
  }

  recordOf(button) {
    return button.closest("tr").querySelector("th").textContent.trim();
  }

  nameOf(button) {
    return `${this.headOf(button).textContent.trim()} of ${this.recordOf(button)}`;
  }

  // The cells of a block, each with its `button`, `text` and, once it was shown, its `version`.
  sendBlock(cells, isConfirmed = false) {
    return this.inTurn(() => {
      const versions = [...new Set(cells.map(({ button, version }) => version ?? this.versionOf(button.closest("tr"))))];
      const sent = cells.map(({ button, text, version }) => {
        const row = button.closest("tr");
        return [keyOf(row), JSON.parse(this.headOf(button).dataset.edit).field, text, versions.indexOf(version ?? this.versionOf(row))];
      });
      const fields = { cells: JSON.stringify(sent), versions: JSON.stringify(versions) };
      return sendCells(`${this.table.dataset.cells}block/`, isConfirmed ? { ...fields, confirmed: "1" } : fields);
    });
  }

  takeBlock(cells, { rows, undo }) {
    const buttons = cells.map(({ button }) => button);
    this.takeRows(buttons, rows);
    for (const button of buttons) button.closest("td").dataset.cell = "saved";
    const name = `${buttons.length} ${buttons.length === 1 ? "cell" : "cells"}`;
    if (undo) this.saved.push({ name, buttons, set: undo });
    this.tell(`${name} changed`);
    buttons[0].focus();
  }

  takeRows(buttons, rows) {
    for (const row of new Set(buttons.map((button) => button.closest("tr")))) {
      const its = rows[keyOf(row)];
      if (!its) continue;
      this.own.delete(row); // others may have saved before: what was opened earlier is compared by its own version
      this.showRow(row, its);
    }
  }

  tell(words) {
    this.told.textContent = words;
    this.undoButton.hidden = !this.saved.length;
  }

  // In its turn, after what is still being saved: the last save is the one that is undone.
  async undo() {
    this.undoButton.hidden = true;
    const done = await this.inTurn(() => this.undoLast());
    if (!done) return;
    const { name, buttons, answer } = done;
    this.undoButton.hidden = !this.saved.length;
    if (answer.status !== 200) {
      this.tell("");
      this.problem.textContent = `${name} was not undone. ${answer.words.replace(/ ?(?:Nothing was saved|Your text is still here)\./u, "")}`;
      return;
    }
    this.takeRows(buttons, answer.rows);
    for (const button of buttons) delete button.closest("td").dataset.cell;
    this.tell(`${name} undone${buttons.length === 1 ? `: ${shownIn(buttons[0])}` : ""}`);
    this.remind();
    buttons[0].focus();
  }

  async undoLast() {
    const last = this.saved.pop();
    if (!last) return null;
    const id = [...new Set(last.buttons.map((button) => keyOf(button.closest("tr"))))];
    const answer = await sendCells(`${this.table.dataset.cells}undo/`, { set: last.set, id });
    if (!FINAL.has(answer.status)) this.saved.push(last); // it can be tried again
    return { ...last, answer };
  }

  showRow(row, { version, cells, texts }) {
    if (!version) return;
    row.dataset.version = version;
    if (texts) row.dataset.texts = JSON.stringify(texts);
    for (const head of this.table.querySelectorAll("[data-edit]")) this.show(row.cells[head.cellIndex], cells[JSON.parse(head.dataset.edit).field]);
  }

  show(cell, { shown, tone, moment, url }) {
    const words = shown ?? NOTHING;
    const part = tone ? this.make("span", { class: `badge ${tone}` }, words) : moment ? this.make("time", moment, words) : url ? this.make("a", { href: url }, words) : words;
    cell.classList.remove("none");
    if (shown === null) cell.className = `none ${cell.className}`.trim(); // as the server writes it
    this.fill(cell, cell.querySelector(".cell"), part);
  }
}
