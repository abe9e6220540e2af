// Child rows: a new one appears when it is asked for. Without a script the form has a few blank ones.
// It runs before console.js, which compares the form with what it has then.

const MOST = 50; // new rows that a form may have; as CHILD_ROWS in dashboard/bounds.py
const NUMBERED = ["name", "id", "for", "aria-describedby"];

function numbered(row, number) {
  const other = row.cloneNode(true);
  for (const element of other.querySelectorAll("*"))
    for (const name of NUMBERED) if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace(/-\+\d+-/u, `-+${number}-`));
  return other;
}

// The server marks rows with typed text; the others leave the page, and one of them is copied for each new row.
function addRows(section) {
  const blank = [...section.querySelectorAll("[data-new=blank]")];
  if (!blank.length) return;
  const pattern = blank[0].cloneNode(true); // before its inputs become pickers
  const numbers = () => [...section.querySelectorAll("[data-new] [name]")].map((each) => Number(/-\+(\d+)-/u.exec(each.name)[1]));
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: `Add a ${section.dataset.rows}` });
  button.dataset.add = "";
  button.addEventListener("click", () => {
    const row = numbered(pattern, Math.max(0, ...numbers()) + 1);
    button.before(row);
    row.dispatchEvent(new Event("rowadded", { bubbles: true })); // picker.js makes its inputs search
    row.querySelector("input, select, textarea")?.focus();
    button.hidden = section.querySelectorAll("[data-new]").length >= MOST;
  });
  section.querySelector("[data-blank-help]").before(button);
  // Where only new rows have pickers, pickers.js finds here that there will be some.
  const picker = pattern.querySelector("[data-picker]");
  if (picker) section.dataset.picker = picker.dataset.picker;
  for (const row of blank) row.remove();
}

document.querySelectorAll("[data-rows]").forEach(addRows);
for (const form of new Set([...document.querySelectorAll("[data-rows]")].map((each) => each.closest("form")))) {
  // A stored draft has rows that are not on the page yet; see editing.js.
  form.addEventListener("rowmissing", ({ detail }) => form.querySelector(`[data-children="${CSS.escape(detail)}"] [data-add]`)?.click());
}
