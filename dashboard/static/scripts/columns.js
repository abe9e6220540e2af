// Columns: their order in the list.

// Moves a line at once; without a script the same button requests the list in its new order.
export function arrange(event) {
  const button = event.target.closest("[data-arrange] :is([name=earlier], [name=later])");
  if (!button) return;
  event.preventDefault();
  const line = button.closest("li");
  const lines = [...line.parentElement.children];
  const place = lines.indexOf(line) + (button.name === "earlier" ? -1 : 1);
  if (lines[place]) {
    lines[place][button.name === "earlier" ? "before" : "after"](line);
    button.focus();
  }
  const now = Math.min(Math.max(place, 0), lines.length - 1) + 1;
  line.parentElement.parentElement.querySelector("[role=status]").textContent = `${line.textContent.trim()}: ${now} of ${lines.length}`;
}
