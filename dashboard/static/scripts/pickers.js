// Pickers: the inputs that refer to another record search for it while its name is typed.

import { make } from "./elements.js";

const added = new WeakSet();

// Without the module the input stays as it is: a name or a key is typed in full.
async function addPicker(input) {
  if (added.has(input)) return;
  added.add(input);
  const picker = await import(input.dataset.picker).catch(() => null);
  picker?.attach(input, make);
}

export function addPickers(place) {
  place.querySelectorAll("input[data-picker]").forEach(addPicker);
}

addPickers(document); // those of dialogs follow when one is there
