// Keys: keyboard shortcuts, named by the labels of the page.

import { root } from "./elements.js";
import { toActions } from "./actions.js";
import { opening } from "./loading.js";

const MAC = /Mac|iP/u.test(navigator.platform);
export const COMMAND = MAC ? "⌘" : "Ctrl";
const CELL_KEYS = [
  ["Arrow keys", "Move between cells that can be edited"],
  ["Enter or F2", "Edit the cell"],
  ["Tab", "Save the cell and open the next one"],
  ["↓", "Save a text or a number and open the one below"],
  [`${COMMAND} V`, "Paste cells from a spreadsheet"],
  [`${COMMAND} Z`, "Undo the last cell"],
  ["Shift Space", "Select from the last row to this one"],
];
const SEQUENCE_MS = 1500;
const TYPING = 'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"])';
const SHORTCUTS = {
  "mod k": ".finder button",
  "mod s": "main form[data-guard]",
  "/": "main [role=search] input",
  c: 'main a.primary[href*="/new/"]',
  b: "[data-bulk]:is([data-elsewhere], :has(tbody :checked)) .bulk-tools",
};
for (const { dataset } of document.querySelectorAll("nav [data-key]")) SHORTCUTS[`g ${dataset.key}`] = `nav [data-key="${dataset.key}"]`;
// The last of the list.
SHORTCUTS["?"] = "[data-profile]";
let goingSince = -Infinity;

export const singleKeys = () => root.dataset.singleKeys !== "off";
const saveButton = (form) => form.querySelector('button:not([type="button"])');

function targetOf(keys) {
  const selector = Object.hasOwn(SHORTCUTS, keys) && (singleKeys() || keys.startsWith("mod")) && SHORTCUTS[keys];
  if (!selector) return null;
  return (keys === "mod s" && document.activeElement.closest(selector)) || document.querySelector(selector);
}

function nameOf(keys, target) {
  const name = target.getAttribute("aria-label") ?? (target.labels?.[0] ?? (target.matches("form") ? saveButton(target) : (target.querySelector("span") ?? target))).textContent.trim();
  return keys.startsWith("g ") ? `Go to ${name}` : name;
}

// Named by the labels of the page, and only those that the page has for this user.
export function shortcutsHere() {
  const found = Object.keys(SHORTCUTS).map((keys) => [keys, targetOf(keys)]).filter(([, target]) => target);
  const cells = document.querySelector(".cell") ? CELL_KEYS : [];
  return [...found.map(([keys, target]) => [keys, nameOf(keys, target)]), ...cells];
}

function keysOf(event) {
  // Layouts without Latin letters have the same keys in the same places.
  const key = event.key > "\u007F" && event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  if (event.altKey) return "";
  if (event.ctrlKey || event.metaKey) return !event.shiftKey && (MAC ? event.metaKey : event.ctrlKey) ? `mod ${key.toLowerCase()}` : "";
  if (event.target.closest(TYPING)) return "";
  const going = event.timeStamp - goingSince < SEQUENCE_MS;
  goingSince = key === "g" && !going ? event.timeStamp : -Infinity;
  return going ? `g ${key}` : key;
}

export function press(event) {
  if (event.defaultPrevented || event.isComposing || event.repeat || opening) return;
  const keys = keysOf(event);
  const target = targetOf(keys);
  if (!target) return;
  if (document.querySelector("dialog[open]")) return keys === "mod k" && event.preventDefault();
  event.preventDefault();
  if (target.matches("form")) target.requestSubmit(saveButton(target));
  else if (target.matches("input")) target.select();
  else if (target.matches("[role=group]")) toActions(target.closest(".bulk"));
  else target.click();
}

export function showKeys(button) {
  button.ariaHasPopup = "dialog";
  if (MAC) button.querySelector(".command").textContent = "⌘K";
  button.setAttribute("aria-keyshortcuts", MAC ? "Meta+K" : "Control+K");
}
