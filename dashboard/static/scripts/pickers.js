// Pickers: the inputs that refer to another record search for it while its name is typed.

import { make } from "./elements.js";

// Without the module the input stays as it is: a name or a key is typed in full.
async function addPicker(input) {
  const address = input.dataset.picker;
  delete input.dataset.picker;
  const picker = await import(address).catch(() => null);
  picker?.attach(input, make);
}

export function addPickers(place) {
  place.querySelectorAll("input[data-picker]").forEach(addPicker);
}

addPickers(document); // those of dialogs follow when one is there
