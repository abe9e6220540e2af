// What the console gains from a script. Every page works without it; nothing here is needed to read or to save.

const root = document.documentElement;
// Longer than a double click takes, shorter than people wait for a page that does not answer.
const LAPSE_MS = 5_000;
let lapse;

const busy = (on) => root.toggleAttribute("data-busy", on);
const isPlain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  // Strings become text: nothing that a user typed is ever read as HTML.
  element.append(...children);
  return element;
}

// A page kept alive for the Back button may belong to somebody who has signed out since: ask the server again.
addEventListener("pageshow", (event) => {
  stay();
  if (event.persisted) {
    document.body.replaceChildren();
    location.reload();
  }
});

const inTime = (promise) => Promise.race([promise, new Promise((_, reject) => setTimeout(reject, LAPSE_MS, new Error("The dialog did not come in time.")))]);

// Leaving and staying ------------------------------------------------------------------------------------------

function leave() {
  busy(true);
  clearTimeout(lapse);
  lapse = setTimeout(stay, LAPSE_MS);
}

// The next page was stopped or lost, is a file, is empty or takes long. No script can tell which (the Navigation API
// loses track at history.replaceState), so the wait ends after a while, or when the user goes on with this page.
function stay() {
  clearTimeout(lapse);
  busy(false);
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

function showProgressOnLinks(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || !isPlain(event) || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
  leave();
}

// The click under way opens another tab or window, or saves a file: this page stays.
let aside = false;

function noteModifiers(event) {
  aside = !isPlain(event);
  setTimeout(() => (aside = false));
}

const goesElsewhere = (form, submitter) => aside || !["", "_self"].includes(submitter?.getAttribute("formtarget") ?? form.getAttribute("target") ?? "");

// Flashes ------------------------------------------------------------------------------------------------------

function focusWhatIsNew() {
  const summary = document.querySelector("[data-error-summary]");
  // The address may still name the field to which the summary before this one led; it would take the focus.
  if (summary && location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  (summary ?? document.querySelector(".flash[tabindex]"))?.focus();
}

function dismissFlash(event) {
  if (!event.target.matches("[data-dismiss]")) return;
  event.preventDefault();
  const flash = event.target.closest(".flash");
  const next = document.querySelector(".flash[tabindex] ~ .flash[tabindex]") ?? document.querySelector("main");
  flash.remove();
  (next.isConnected ? next : document.querySelector(".flash[tabindex]")).focus();
}

// Passwords ----------------------------------------------------------------------------------------------------

function addShowButton(box) {
  const input = box.querySelector("input");
  const name = box.parentElement.querySelector("label").textContent.trim().toLowerCase();
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet" });
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? "Hide" : "Show";
    button.ariaLabel = `${button.textContent} ${name}`;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // A browser offers to keep what was typed as text; a password must not be among it.
  input.form.addEventListener("submit", () => show(false));
  show(false);
  box.append(button);
}

// Forms --------------------------------------------------------------------------------------------------------

const contents = (form) => new URLSearchParams(new FormData(form)).toString();

function guardUnsavedChanges(form) {
  const before = form.dataset.guard === "changed" ? null : contents(form);
  addEventListener("beforeunload", (event) => {
    if (!("sent" in form.dataset) && contents(form) !== before) {
      event.preventDefault();
      setTimeout(stay);
    }
  });
}

function sendOnce(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || goesElsewhere(form, submitter)) return;
  if ("sent" in form.dataset) return event.preventDefault();
  form.dataset.sent = "";
  // Not disabled, which would take the focus away.
  submitter?.setAttribute("aria-disabled", "true");
  leave();
}

// Where browsers put text back after Back, what the form had been opened with comes along; see dashboard/web/opened.py.
function bringOpenedAlong(field) {
  field.value = history.state?.opened ?? field.value;
  addEventListener("beforeunload", () => history.replaceState({ ...history.state, opened: "sent" in field.form.dataset ? null : field.value }, ""));
}

function leaveOutBlanks(event) {
  if (!event.target.matches("[data-tidy]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
}

// Selection ----------------------------------------------------------------------------------------------------

function addSelection(form) {
  const boxes = [...form.querySelectorAll("tbody .pick input")];
  const all = Object.assign(document.createElement("input"), { type: "checkbox", ariaLabel: "Select all on this page" });
  // Only where the list has more than this page.
  const { matching } = form.elements;
  const words = matching?.dataset.words;
  const offer = make("button", { type: "button", class: "button quiet", hidden: "" }, `Select ${words}`);
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    if (matching) matching.checked &&= all.checked;
    offer.hidden = !all.checked || matching?.checked;
    form.querySelector("[role=status]").textContent = matching?.checked ? `A${words.slice(1)} are selected` : chosen ? `${chosen} selected` : "";
  };
  matching?.parentElement.after(offer);
  offer.addEventListener("click", () => {
    matching.checked = true;
    form.querySelector("[type=reset]").focus();
    count();
  });
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  form.addEventListener("change", count);
  form.addEventListener("reset", () => setTimeout(() => (count(), all.focus())));
  form.querySelector("thead .pick").replaceChildren(all);
  // What was selected comes back with this entry of the history, whatever stands in the list by then.
  const { picked = [] } = history.state ?? {};
  for (const box of boxes) box.checked ||= picked.includes(box.value);
  addEventListener("beforeunload", () => history.replaceState({ ...history.state, picked: boxes.filter((box) => box.checked).map((box) => box.value) }, ""));
  count();
}

// Columns ------------------------------------------------------------------------------------------------------

// Moves a line at once; without a script the same button asks the server for the list in its new order.
function arrange(event) {
  const button = event.target.closest("[data-arrange] button");
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

// Confirmation -------------------------------------------------------------------------------------------------

let asking = false;

async function fetchPage(request) {
  const answer = await fetch(request, { redirect: "manual" });
  return answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Asks in a dialog what the server would ask on a page of its own; anything but that page is left to the browser.
async function confirmHere(opener, request, otherwise) {
  if (asking) return;
  asking = true;
  busy(true);
  const page = await inTime(fetchPage(request)).catch(() => null);
  const form = page && page.querySelector("[data-confirmation]");
  asking = false;
  busy(false);
  if (!form) return otherwise();
  const dialog = document.createElement("dialog");
  const title = Object.assign(document.createElement("h2"), { id: "dialog-title", textContent: page.querySelector("h1").textContent });
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title, document.adoptNode(form));
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-cancel]") || !isPlain(event)) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  document.querySelector("main").append(dialog);
  dialog.showModal();
  dialog.querySelector("[data-cancel]").focus();
}

function confirmLink(event) {
  const link = event.target.closest("a[data-confirm]");
  if (!link || !isPlain(event)) return;
  event.preventDefault();
  confirmHere(link, link.href, () => location.assign(link.href));
}

function confirmBulk(event) {
  const form = event.target;
  if (!form.matches("[data-bulk]") || "plain" in form.dataset || aside) return;
  event.preventDefault();
  // Not form.action: its buttons are called "action" and hide that property.
  const request = new Request(form.getAttribute("action"), { method: "POST", body: new FormData(form, event.submitter) });
  confirmHere(event.submitter, request, () => {
    form.dataset.plain = "";
    form.requestSubmit(event.submitter);
    delete form.dataset.plain;
  });
}

// Keys ---------------------------------------------------------------------------------------------------------

const MAC = /Mac|iP/.test(navigator.platform);
const COMMAND = MAC ? "⌘" : "Ctrl";
const SEQUENCE_MS = 1500;
const TYPING = 'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"])';
const SHORTCUTS = {
  "mod k": ".finder button",
  "mod s": "main form[data-guard]",
  "/": "main [role=search] input",
  c: 'main a.primary[href*="/new/"]',
  "g h": 'nav [data-key="h"]',
  "g y": 'nav [data-key="y"]',
  "g p": 'nav [data-key="p"]',
  "g c": 'nav [data-key="c"]',
  "g t": 'nav [data-key="t"]',
  "g u": 'nav [data-key="u"]',
  "?": "[data-profile]",
};
let goingSince = -Infinity;
let opening = false;

const singleKeys = () => root.dataset.singleKeys !== "off";
const saveButton = (form) => form.querySelector('button:not([type="button"])');

function targetOf(keys) {
  const selector = Object.hasOwn(SHORTCUTS, keys) && (singleKeys() || keys.startsWith("mod")) && SHORTCUTS[keys];
  if (!selector) return null;
  return (keys === "mod s" && document.activeElement.closest(selector)) || document.querySelector(selector);
}

function nameOf(keys, target) {
  const name = (target.labels?.[0] ?? (target.matches("form") ? saveButton(target) : (target.querySelector("span") ?? target))).textContent.trim();
  return keys.startsWith("g ") ? `Go to ${name}` : name;
}

// In the words of the page, and only what it has for the person at hand.
function shortcutsHere() {
  const found = Object.keys(SHORTCUTS).map((keys) => [keys, targetOf(keys)]).filter(([, target]) => target);
  const cells = document.querySelector(".cell") ? [["Arrow keys", "Move between cells that can be edited"], ["F2", "Edit the cell"]] : [];
  return [...found.map(([keys, target]) => [keys, nameOf(keys, target)]), ...cells];
}

function keysOf(event) {
  // Layouts without Latin letters have them at the same places.
  const key = event.key > "\x7f" && event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
  if (event.altKey) return "";
  if (event.ctrlKey || event.metaKey) return !event.shiftKey && (MAC ? event.metaKey : event.ctrlKey) ? `mod ${key.toLowerCase()}` : "";
  if (event.target.closest(TYPING)) return "";
  const going = event.timeStamp - goingSince < SEQUENCE_MS;
  goingSince = key === "g" && !going ? event.timeStamp : -Infinity;
  return going ? `g ${key}` : key;
}

function press(event) {
  if (event.defaultPrevented || event.isComposing || event.repeat || opening) return;
  const keys = keysOf(event);
  const target = targetOf(keys);
  if (!target) return;
  if (document.querySelector("dialog[open]")) return keys === "mod k" && event.preventDefault();
  event.preventDefault();
  if (target.matches("form")) target.requestSubmit(saveButton(target));
  else if (target.matches("input")) target.select();
  else target.click();
}

// A module of its own for each dialog, fetched when it is first asked for.
async function load(address, options, otherwise) {
  if (opening || document.querySelector("dialog[open]")) return;
  // What is typed until the dialog is there must not act on the page behind it.
  opening = true;
  try {
    (await inTime(import(address))).open({ make, ...options });
  } catch (error) {
    if (!otherwise) throw error;
    otherwise();
  } finally {
    opening = false;
  }
}

function openDialog(event) {
  const button = event.target.closest("[data-dialog]");
  if (!button) return;
  event.preventDefault();
  const options = { button, shortcuts: shortcutsHere(), singleKeys: singleKeys(), command: COMMAND };
  load(button.dataset.dialog, options, button.form && (() => button.form.submit()));
}

function showKeys(button) {
  button.ariaHasPopup = "dialog";
  if (MAC) button.querySelector(".command").textContent = "⌘K";
  button.setAttribute("aria-keyshortcuts", MAC ? "Meta+K" : "Control+K");
}

// Cells --------------------------------------------------------------------------------------------------------

const headOf = (cell) => cell.closest("table").tHead.rows[0].cells[cell.cellIndex];

function nameCell(button) {
  const cell = button.closest("td");
  const record = cell.parentElement.querySelector("th").textContent.trim();
  button.ariaLabel = `Edit ${headOf(cell).textContent.trim().toLowerCase()} of ${record}, ${button.textContent.trim()}`;
}

function addCellButtons(table) {
  const columns = [...table.tHead.rows[0].cells].filter((head) => head.dataset.edit).map((head) => head.cellIndex);
  for (const row of table.tBodies[0].rows) {
    for (const column of columns) {
      const button = make("button", { type: "button", class: "cell", "aria-haspopup": "dialog" }, ...row.cells[column].childNodes);
      row.cells[column].append(button);
      nameCell(button);
    }
  }
  table.addEventListener("click", ({ target }) => editCell(target.closest(".cell")));
  table.addEventListener("dblclick", ({ target }) => editCell(target.closest("td")?.querySelector(".cell")));
  table.addEventListener("keydown", moveBetweenCells);
}

function editCell(button) {
  if (button) load(button.closest("table").dataset.editor, { button, rename: nameCell }, () => button.closest("tr").querySelector(".row-action").click());
}

function moveBetweenCells(event) {
  const button = event.target.closest(".cell");
  if (!button || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const cell = button.parentElement;
  const rows = cell.closest("tbody").rows;
  const inRow = [...cell.parentElement.querySelectorAll(".cell")];
  const beside = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const along = { ArrowLeft: -1, ArrowRight: 1, F2: 0 }[event.key];
  if (beside === undefined && along === undefined) return;
  event.preventDefault();
  if (event.key === "F2") editCell(button);
  else if (beside) rows[cell.parentElement.sectionRowIndex + beside]?.cells[cell.cellIndex].querySelector(".cell").focus();
  else inRow[inRow.indexOf(button) + along]?.focus();
}

// A popover left by keyboard would stay and hide what has the focus now.
function closeWhenLeft(popover) {
  popover.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !popover.contains(relatedTarget) && popover.matches(":popover-open")) popover.hidePopover();
  });
}

for (const kind of ["click", "auxclick"]) document.addEventListener(kind, noteModifiers, true);
document.addEventListener("keydown", ({ key }) => key === "Escape" && stay());
document.addEventListener("input", stay);
document.addEventListener("keydown", press);
document.addEventListener("click", arrange);
document.addEventListener("click", openDialog);
document.addEventListener("click", confirmLink);
document.addEventListener("click", showProgressOnLinks);
document.addEventListener("submit", dismissFlash);
document.addEventListener("submit", confirmBulk);
document.addEventListener("submit", sendOnce);
document.addEventListener("formdata", leaveOutBlanks);
document.querySelectorAll(".finder button").forEach(showKeys);
document.querySelectorAll(".password").forEach(addShowButton);
document.querySelectorAll('[data-guard=""]:not([autocomplete]) [name=opened]').forEach(bringOpenedAlong);
document.querySelectorAll("form[data-guard]").forEach(guardUnsavedChanges);
document.querySelectorAll("form[data-bulk]").forEach(addSelection);
document.querySelectorAll("table[data-cells]").forEach(addCellButtons);
document.querySelectorAll("[popover]").forEach(closeWhenLeft);
document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest" });
focusWhatIsNew();
