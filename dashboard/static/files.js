// Files of a record: the list gets those that are uploaded when all are there, and is arranged by dragging.

import { make } from "./scripts/elements.js";
import { Uploads } from "./scripts/uploading.js";

const form = document.querySelector("[data-upload]");
const button = form.querySelector("[data-send]");
const list = document.querySelector(".files");

// What was typed on the page is saved with the new files, for the page is left.
function bringAlong() {
  const other = list?.closest("form");
  if (!other) return;
  for (const [name, value] of new FormData(other)) if (/^(?:words|opened)-/u.test(name)) form.append(make("input", { type: "hidden", name, value }));
  other.dataset.sent = "";
}

// What was stored is added by the form itself, so that one change of the record has all of it.
function settled() {
  button.hidden = false;
  if (!form.querySelector("[data-uploads] [name=key]")) return;
  for (const error of form.querySelectorAll("[data-uploads] .error")) form.append(make("input", { type: "hidden", name: "refused", value: `${error.parentElement.firstChild.textContent}: ${error.textContent}` }));
  bringAlong();
  form.requestSubmit();
}

const uploads = new Uploads(form, { settled, stored: (line, _, { key }) => line.append(make("input", { type: "hidden", name: "key", value: key })) });
uploads.box.addEventListener("uploading", () => (button.hidden = true));

// Order by dragging: the line that is held moves to where it is dropped; Save stores the order.
let held = null;

function hold(event) {
  if (event.target.closest("input")) return;
  held = event.target.closest("li");
  event.dataTransfer.effectAllowed = "move";
}

function move(event) {
  const line = event.target.closest("li");
  if (!held || !line || held === line) return;
  event.preventDefault();
  const box = line.getBoundingClientRect();
  line[event.clientY < box.top + box.height / 2 ? "before" : "after"](held);
}

function release() {
  held = null;
}

if (list) {
  for (const line of list.children) line.draggable = true;
  list.addEventListener("dragstart", hold);
  list.addEventListener("dragover", move);
  list.addEventListener("dragend", release);
}
