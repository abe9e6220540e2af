// The dialog that shows what a pasted block of cells would change, before it is saved.

import { make } from "./elements.js";
import { NOTHING } from "./saver.js";

const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
const shownOf = (cell) => (cell ? (cell.shown ?? NOTHING) : "");
const stop = (event) => event.preventDefault();
const isSame = ({ before, after }) => before && after && before.shown === after.shown;

export class PastedBlock {
  constructor(saver, { cells, locked, beyond, wide }) {
    Object.assign(this, { saver, cells, locked, beyond, wide });
    this.told = make("div", { class: "pasted-notes" });
    this.problem = make("p", { class: "error", role: "alert" });
    this.body = make("tbody", {});
    const heads = ["Change", "Record", "Column", "Now", "New"].map((words) => make("th", { scope: "col" }, words));
    this.table = make("div", { class: "pasted-scroll", tabindex: "0", role: "region", "aria-label": "Pasted cells" }, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), this.body));
    this.save = make("button", { class: "button primary", hidden: "" }, "Change");
    const cancel = make("button", { type: "button", class: "button", autofocus: "" }, "Cancel");
    cancel.addEventListener("click", () => this.dialog.close());
    this.form = make("form", {}, make("h2", { id: "pasted-title" }, `Paste ${counted(cells.length, "cell")}`), this.told, this.table, this.problem, make("div", { class: "buttons" }, this.save, cancel));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.confirm();
    });
    this.form.addEventListener("change", () => this.count());
    this.dialog = make("dialog", { class: "pasted", "aria-labelledby": "pasted-title" }, this.form);
    this.dialog.addEventListener("close", () => this.dialog.remove());
  }

  async open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.show(await this.saver.sendBlock(this.cells));
  }

  // After the first answer the cells have the version of what is shown here.
  show(answer) {
    if (!answer.cells) {
      this.fail(answer.words);
      return;
    }
    const known = answer.cells.map((found, at) => ({ ...this.cells[at], ...found, version: answer.version }));
    const same = known.filter((each) => isSame(each)).length;
    this.cells = known.filter((each) => !isSame(each));
    this.body.replaceChildren(...this.cells.map((each) => this.row(each)));
    this.table.hidden = !this.cells.length;
    this.told.replaceChildren(...this.notes(same).map((words) => make("p", {}, words)));
    this.count();
    (this.save.hidden ? this.dialog.querySelector("[autofocus]") : this.save).focus();
  }

  notes(same) {
    const { locked, beyond, wide } = this;
    return [
      same && `${counted(same, "cell")} ${same === 1 ? "has" : "have"} this value already.`,
      locked.length && `Left out, because it can't be edited in the list: ${locked.join(", ")}.`,
      beyond && `Left out: ${counted(beyond, "row")} below the last row of this page.`,
      wide > 0 && `Left out: ${counted(wide, "column")} to the right of the last one.`,
      !this.cells.length && "There is nothing to change.",
    ].filter(Boolean);
  }

  row(cell) {
    const head = this.saver.headOf(cell.button).textContent.trim();
    const name = this.saver.recordOf(cell.button);
    cell.box = make("input", { type: "checkbox", "aria-label": `Change ${head} of ${name}` });
    cell.box.checked = !cell.error && !cell.overtaken;
    cell.box.disabled = Boolean(cell.error);
    const words = cell.error ?? cell.overtaken;
    const outcome = make("td", {}, cell.error ? cell.text : shownOf(cell.after), ...(words ? [make("p", { class: cell.error ? "error" : "help" }, words)] : []));
    return make("tr", {}, make("td", {}, cell.box), make("th", { scope: "row" }, name), make("td", {}, head), make("td", {}, shownOf(cell.before)), outcome);
  }

  get chosen() {
    return this.cells.filter(({ box }) => box?.checked);
  }

  count() {
    const { length } = this.chosen;
    this.save.textContent = `Change ${counted(length, "cell")}`;
    this.save.hidden = !this.cells.length;
    this.save.disabled = !length;
  }

  async confirm() {
    const { chosen, form } = this;
    form.inert = true; // it can't be given up while it is saved
    this.dialog.addEventListener("cancel", stop);
    const answer = await this.saver.sendBlock(chosen, true);
    form.inert = false;
    this.dialog.removeEventListener("cancel", stop);
    if (answer.rows) {
      this.dialog.close();
      this.saver.takeBlock(chosen, answer);
    } else if (answer.cells) {
      this.cells = chosen;
      this.show(answer);
      this.problem.textContent = "Nothing was saved: other users have changed some of these cells. Look at them again.";
    } else this.fail(answer.words);
  }

  fail(words) {
    this.problem.textContent = words;
    this.save.disabled = !this.chosen.length;
  }
}
