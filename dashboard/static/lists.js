// The script of lists: their selection, the head of the table, and the way back to the row that was left.

import { focusTable, noteInput, sortAtOnce } from "./scripts/arriving.js";
import { notePlace, returnToPlace } from "./scripts/places.js";
import { addSelection } from "./scripts/selection.js";

// The head stays in sight while the page is scrolled, unless the table is so wide that it has to be scrolled itself.
function keepHeadInSight(scroll) {
  const table = scroll.querySelector("table.records");
  const observer = new ResizeObserver(() => scroll.toggleAttribute("data-fits", table.offsetWidth <= scroll.clientWidth));
  for (const each of [scroll, table]) observer.observe(each); // larger letters make the table wider, and not its place
}

document.querySelectorAll(".scroll:has(> table.records)").forEach(keepHeadInSight);
document.querySelectorAll("form[data-bulk]").forEach(addSelection);
document.addEventListener("click", notePlace);
document.addEventListener("change", sortAtOnce);
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, noteInput);
for (const each of document.querySelectorAll(":is(.views, .counts) [aria-current]")) each.scrollIntoView({ block: "nearest" });
returnToPlace();
focusTable();
