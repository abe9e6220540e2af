// Lists: their selection, their cells, and the way back to the row that was left.

import { focusTable, noteInput } from "./arriving.js";
import { addCellButtons } from "./cells.js";
import { notePlace, returnToPlace } from "./places.js";
import { addSelection, forgetWhenDone } from "./selection.js";

// The head stays in sight while the page is scrolled, unless the table is so wide that it has to be scrolled itself.
function keepHeadInSight(scroll) {
  const table = scroll.querySelector("table.records");
  if (table) new ResizeObserver(() => scroll.toggleAttribute("data-fits", table.offsetWidth <= scroll.clientWidth)).observe(scroll);
}

function closeMenu({ target, relatedTarget, key }) {
  const menu = target.closest?.("details.menu");
  if (!menu?.open || (key ? key !== "Escape" : !relatedTarget || menu.contains(relatedTarget))) return;
  menu.open = false;
  if (key) menu.querySelector("summary").focus();
}

export function serveList() {
  document.querySelectorAll(".scroll").forEach(keepHeadInSight);
  document.addEventListener("focusout", closeMenu);
  document.addEventListener("keydown", closeMenu);
  document.addEventListener("submit", forgetWhenDone);
  document.querySelectorAll("form[data-bulk]").forEach(addSelection);
  document.querySelectorAll("table[data-cells]").forEach(addCellButtons);
  document.addEventListener("click", notePlace);
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, noteInput);
  returnToPlace();
  focusTable();
}
