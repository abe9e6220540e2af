// Cells of a list that can be edited in their place.

import { make } from "./elements.js";
import { stay } from "./leaving.js";
import { load } from "./loading.js";

const headOf = (cell) => cell.closest("table").tHead.rows[0].cells[cell.cellIndex];

function nameCell(button) {
  const cell = button.closest("td");
  const record = cell.parentElement.querySelector("th").textContent.trim();
  const column = headOf(cell).textContent.trim();
  const noun = column === column.toUpperCase() ? column : column[0].toLowerCase() + column.slice(1); // SKU stays as it is
  button.ariaLabel = `Edit ${noun} of ${record}, ${cell.textContent.trim()}`;
}

// A cell that refers to another record is a link: its button is beside it.
function fillCell(cell, button, ...parts) {
  const isBeside = JSON.parse(headOf(cell).dataset.edit).source !== undefined;
  button.classList.toggle("beside", isBeside);
  if (isBeside) cell.replaceChildren(...parts, button);
  else button.replaceChildren(...parts);
  if (!isBeside && button.parentElement !== cell) cell.append(button);
  nameCell(button);
}

export function addCellButtons(table) {
  const columns = [...table.tHead.rows[0].cells].filter((head) => head.dataset.edit).map((head) => head.cellIndex);
  for (const row of table.tBodies[0].rows) {
    for (const column of columns) {
      const button = make("button", { type: "button", class: "cell", "aria-haspopup": "dialog" });
      fillCell(row.cells[column], button, ...row.cells[column].childNodes);
    }
  }
  for (const kind of ["pointerover", "focusin"]) table.addEventListener(kind, prepare);
  table.addEventListener("click", ({ target }) => editCell(target.closest(".cell")));
  table.addEventListener("dblclick", ({ target }) => editCell(target.closest("td")?.querySelector(".cell")));
  table.addEventListener("keydown", moveBetweenCells);
  table.addEventListener("paste", ({ target, clipboardData }) => editCell(target.closest(".cell"), clipboardData.getData("text/plain")));
}

// What is typed right after a click would be lost while the editor is fetched: it is, before the click.
function prepare({ target, currentTarget }) {
  if (target.closest(".cell")) import(currentTarget.dataset.editor).catch(stay);
}

function editCell(button, pasted = "") {
  if (button) load(button.closest("table").dataset.editor, { button, pasted, fill: fillCell }, () => button.closest("tr").querySelector(".row-action").click());
}

function moveBetweenCells(event) {
  const button = event.target.closest(".cell");
  if (!button || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const cell = button.parentElement;
  const rows = cell.closest("tbody").rows;
  const inRow = [...cell.parentElement.querySelectorAll(".cell")];
  const beside = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const along = { ArrowLeft: -1, ArrowRight: 1, F2: 0 }[event.key];
  if (beside === undefined && along === undefined) return;
  event.preventDefault();
  if (event.key === "F2") editCell(button);
  else if (beside) rows[cell.parentElement.sectionRowIndex + beside]?.cells[cell.cellIndex].querySelector(".cell").focus();
  else inRow[inRow.indexOf(button) + along]?.focus();
}
