// Inputs that refer to other records. Loaded where a page has such an input.

import { Picker } from "./scripts/combobox.js";
import { Picks } from "./scripts/picks.js";

const attached = new WeakSet();

function pickerOf(field, make) {
  attached.add(field);
  return field.matches("textarea") ? new Picks(field, make) : new Picker(field, make);
}

// Makes pickers of the fields in `place`, and of those in rows that are added later.
export function attach(place, make) {
  for (const field of place.querySelectorAll("input[data-picker], textarea[data-picker]")) if (!attached.has(field)) pickerOf(field, make);
  if (place === document) document.addEventListener("rowadded", ({ target }) => attach(target, make));
}
