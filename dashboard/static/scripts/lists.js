// Lists: their selection, their cells, and the way back to the row that was left.

import { addCellButtons } from "./cells.js";
import { notePlace, returnToPlace } from "./places.js";
import { addSelection } from "./selection.js";

export function serveList() {
  document.querySelectorAll("form[data-bulk]").forEach(addSelection);
  document.querySelectorAll("table[data-cells]").forEach(addCellButtons);
  document.addEventListener("click", notePlace);
  returnToPlace();
}
