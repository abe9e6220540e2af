// Child rows: a new one appears when it is asked for. Without a script the form has a few blank ones.

import { make } from "./elements.js";
import { addPickers } from "./pickers.js";

const MOST = 50; // new rows that a form may have; as CHILD_ROWS in dashboard/bounds.py
const NUMBERED = ["name", "id", "for", "aria-describedby"];

const controls = (row) => [...row.querySelectorAll("input, select, textarea")];

function numbered(row, number) {
  const other = row.cloneNode(true);
  for (const element of other.querySelectorAll("*"))
    for (const name of NUMBERED) if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace(/-\+\d+-/u, `-+${number}-`));
  return other;
}

// The server marks rows with typed text; the others leave the page, and one of them is copied for each new row.
export function addRows(section) {
  const blank = [...section.querySelectorAll("[data-new=blank]")];
  if (!blank.length) return;
  const pattern = blank[0].cloneNode(true); // before its inputs become pickers
  const name = section.dataset.rows;
  const last = () => Math.max(0, ...[...section.querySelectorAll("[data-new] [name]")].map((each) => Number(/-\+(\d+)-/u.exec(each.name)[1])));
  const button = make("button", { type: "button", class: "button", "data-add": "" }, `Add a ${name}`);
  button.addEventListener("click", () => {
    const row = numbered(pattern, last() + 1);
    button.before(row);
    addPickers(row);
    controls(row)[0]?.focus();
    button.hidden = section.querySelectorAll("[data-new]").length >= MOST;
  });
  section.querySelector("[data-blank-help]").before(button);
  for (const row of blank) row.remove();
}

// Adds the row that a field of a stored draft is in.
export function bringRow(form, name) {
  const [children] = name.split("-+");
  form.querySelector(`[data-children="${CSS.escape(children)}"] [data-add]`)?.click();
}
