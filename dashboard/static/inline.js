// Editing the cells of a list in their place. Loaded when the pointer or the focus reaches the first one.

import { make } from "./scripts/elements.js";
import { CellEditor } from "./scripts/celleditor.js";
import { PastedBlock } from "./scripts/blocks.js";
import { isBlock, placeBlock, readBlock } from "./scripts/pasting.js";
import { saverOf } from "./scripts/saver.js";

// Its style sheet comes first, for the dialog is placed by it; without it the dialog is plain.
function loadStyles({ cellStyles }) {
  const link = make("link", { rel: "stylesheet", href: cellStyles });
  const loaded = new Promise((resolve) => {
    for (const kind of ["load", "error"]) link.addEventListener(kind, resolve, { once: true });
  });
  document.head.append(link);
  return loaded;
}

const styles = loadStyles(document.querySelector("[data-cell-styles]").dataset);

// Opens the cell of a button, with what was pasted there; what fills several cells is shown before it is saved.
export async function open({ button, pasted, ...tools }) {
  await styles;
  const saver = saverOf(button.closest("table"), tools);
  const rows = readBlock(pasted);
  if (isBlock(rows)) return new PastedBlock(saver, placeBlock(button, rows)).open();
  const editor = new CellEditor(button, saver);
  editor.open();
  if (pasted) editor.input.write(rows[0][0]);
  return null;
}
