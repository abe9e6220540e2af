// A block of cells that was copied from a spreadsheet, and the cells of the list that it goes to.

import { NUMBER, shownIn } from "./saver.js";

// One line is a cell, unless it has a tab: then the cells of a row are apart. Spreadsheets quote what has a tab or a line break.
export function readBlock(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.replace(/\r?\n$/u, "").matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r?\n|\r|$)/gu)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") break;
    if (end !== "\t") rows.push([]);
  }
  return rows;
}

export const isBlock = (rows) => rows.length > 1 || rows[0].length > 1;

// The text that a choice is sent as: people copy its label.
function sentText({ options, inputmode }, text, shown) {
  const words = text.trim().toLowerCase();
  const unit = inputmode === "text" ? "" : shown.replace(NUMBER, ""); // as a price that was copied from a list has it
  return options.find(([, label]) => label.toLowerCase() === words)?.[0] ?? (unit ? text.replace(unit, "").trim() : text);
}

function headsFrom(table, column, width) {
  const heads = [...table.tHead.rows[0].cells].slice(column);
  const shown = heads.filter((head) => !head.matches(".row-actions") && getComputedStyle(head).display !== "none");
  return shown.slice(0, width);
}

// From the cell of a button to the right and down: the cells to type, and what of the block has no place.
export function placeBlock(button, rows) {
  const cell = button.closest("td");
  const table = cell.closest("table");
  const below = [...table.tBodies[0].rows].slice(cell.parentElement.sectionRowIndex);
  const heads = headsFrom(table, cell.cellIndex, Math.max(...rows.map((row) => row.length)));
  const locked = heads.filter((head) => !head.dataset.edit).map((head) => head.textContent.trim());
  const cells = [];
  for (const [down, row] of below.slice(0, rows.length).entries()) {
    for (const [right, text] of rows[down].slice(0, heads.length).entries()) {
      const target = row.cells[heads[right].cellIndex].querySelector(".cell");
      if (target) cells.push({ button: target, text: sentText(JSON.parse(heads[right].dataset.edit), text, shownIn(target)) });
    }
  }
  return { cells, locked, beyond: Math.max(0, rows.length - below.length), wide: Math.max(0, ...rows.map((row) => row.length - heads.length)) };
}
