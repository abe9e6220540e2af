// Pickers: the inputs that refer to another record search for it while its name is typed.

import { make } from "./elements.js";
import { stay } from "./leaving.js";

// Without the module the input stays as it is, and the page too: a name or a key is typed in full.
export function addPickers(place) {
  const input = place.querySelector("[data-picker]");
  if (input) import(input.dataset.picker).then((picker) => picker.attach(place, make), stay);
}

// Those of dialogs follow when one is there.
addPickers(document);
