// The fields in the dialog over a cell: a text, one of several choices, or the name of another record. Each can be read,
// written and focused.

import { Picker } from "./combobox.js";
import { formOfPage } from "./sending.js";
import { NOTHING, NUMBER } from "./saver.js";

// The text is shown with separators and a unit, and typed without. One with a comma gets another digit where the comma
// could stand between thousands.
function typed(shown) {
  if (!/^(?:comma|space)/u.test(formOfPage())) return shown.replaceAll(/[^\d.]/gu, "");
  return shown.replaceAll(/[^\d,]/gu, "").replace(/^\d{1,3},\d{3}$/u, "$&0");
}

function textField({ make, column, settings, stored, shown }) {
  const isNumber = stored === null && settings.inputmode !== "text";
  const unit = isNumber && shown.replace(NUMBER, "");
  const value = stored ?? (isNumber ? typed(shown) : shown);
  const field = make("input", { id: "cell-value", name: "value", inputmode: settings.inputmode, value: value === NOTHING ? "" : value });
  return {
    field,
    parts: [make("label", { for: field.id }, unit ? `${column} in ${unit}` : column), field],
    read: () => field.value,
    write: (text) => { field.value = text; },
    focus() {
      field.focus();
      field.select();
    },
  };
}

// A name is typed, or one of the records that are found while it is.
function referenceField(cell) {
  const field = textField({ ...cell, stored: null });
  let picker = null;
  field.field.dataset.source = cell.settings.source;
  return {
    ...field,
    attach: () => { picker = new Picker(field.field, cell.make); },
    // What is typed may be the whole name, or the beginning of the only result.
    settle() {
      const name = field.field.value.trim().toLowerCase();
      const { chosen, items } = picker;
      const named = items.findIndex(({ label }) => label.toLowerCase() === name);
      const only = name && items.length === 1 && items[0].label.toLowerCase().startsWith(name) ? 0 : -1;
      picker.pick(chosen >= 0 ? chosen : Math.max(named, only));
    },
    close: () => picker.close(),
  };
}

function choiceField({ make, column, settings, stored, shown }) {
  const label = make("p", { id: "cell-label", class: "label" }, column);
  const radios = settings.options.map(([value, words]) => {
    const radio = make("input", { type: "radio", name: "value", value });
    radio.defaultChecked = stored === null ? words === shown : value === stored;
    return radio;
  });
  const chosen = () => radios.find((radio) => radio.checked);
  const field = make("div", { role: "radiogroup", "aria-labelledby": label.id }, ...radios.map((radio, at) => make("label", { class: "choice" }, radio, settings.options[at][1])));
  return {
    field,
    parts: [label, field],
    read: () => chosen()?.value ?? "",
    write(text) {
      for (const radio of radios) radio.checked = radio.value === text;
    },
    focus: () => (chosen() ?? field).focus(),
  };
}

export function fieldFor(cell) {
  if (cell.settings.source) return referenceField(cell);
  return (cell.settings.options.length ? choiceField : textField)(cell);
}
