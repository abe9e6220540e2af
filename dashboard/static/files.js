// Files of a record: each is sent by itself, with its progress, and the list gets them when all are there.

import { holdsFiles, takeDropped } from "./scripts/dropping.js";
import { make } from "./scripts/elements.js";

const form = document.querySelector("[data-upload]");
const place = form.querySelector("[data-drop]");
const input = form.querySelector("[type=file]");
const uploads = form.querySelector("[data-uploads]");
const told = form.querySelector("[data-told]");
const button = form.querySelector("[data-send]");
const list = document.querySelector(".files");
const AT_ONCE = 2;
const BUSY = 503;
const WHY = { 400: "This page has expired. Reload it.", 413: "This file is too large." };
const TRIES = 8;
const PAUSE_MS = 2_000;
const waiting = [];
let running = 0;

const open = () => waiting.length + running;

// What was typed on the page is saved with the new files, for the page is left.
function bringAlong() {
  const other = list?.closest("form");
  if (!other) return;
  for (const [name, value] of new FormData(other)) if (/^(?:words|opened)-/u.test(name)) form.append(make("input", { type: "hidden", name, value }));
  other.dataset.sent = "";
}

// What was stored is added by the form itself, so that one change of the record has all of it.
function settle() {
  if (open()) return;
  button.hidden = false;
  if (!uploads.querySelector("[name=key]")) return;
  for (const error of uploads.querySelectorAll(".error")) form.append(make("input", { type: "hidden", name: "refused", value: `${error.parentElement.firstChild.textContent}: ${error.textContent}` }));
  bringAlong();
  form.requestSubmit();
}

function show(line, words, isError = false) {
  line.querySelector("progress")?.remove();
  line.querySelector("button")?.remove();
  line.append(make("span", { class: isError ? "error" : "muted" }, words));
  told.textContent = `${line.firstChild.textContent}: ${words}`;
}

// A server that is busy with other uploads says so at once: it is asked again.
function tryAgain(each) {
  each.tries += 1;
  setTimeout(() => {
    running -= 1;
    if (!("cancelled" in each.line.dataset)) waiting.push(each);
    next();
  }, PAUSE_MS);
}

function finish(each, sending) {
  const { line, tries } = each;
  if (sending.status === BUSY && tries < TRIES) return tryAgain(each);
  running -= 1;
  let answer = {};
  try {
    answer = JSON.parse(sending.responseText);
  } catch {
    // The page of an error says nothing about this file.
  }
  if (sending.status === 200 && answer.key) {
    line.append(make("input", { type: "hidden", name: "key", value: answer.key }));
    show(line, "Uploaded");
  } else if (!("cancelled" in line.dataset)) {
    show(line, answer.error || WHY[sending.status] || "It could not be uploaded. Try again.", true);
  }
  next();
}

function send(each) {
  const { file, line } = each;
  running += 1;
  const sending = new XMLHttpRequest();
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("file", file);
  const bar = line.querySelector("progress");
  sending.upload.addEventListener("progress", ({ loaded, total }) => bar.setAttribute("value", loaded / total));
  sending.addEventListener("loadend", () => finish(each, sending));
  line.addEventListener("cancel", () => sending.abort());
  sending.open("POST", form.dataset.upload);
  sending.setRequestHeader("Accept", "application/json");
  sending.send(body);
}

function next() {
  while (waiting.length && running < AT_ONCE) send(waiting.shift());
  settle();
}

function cancel(line) {
  line.dataset.cancelled = "";
  const at = waiting.findIndex((each) => each.line === line);
  if (at >= 0) waiting.splice(at, 1);
  line.dispatchEvent(new Event("cancel"));
  show(line, "Cancelled");
  settle();
}

function add(files) {
  for (const file of files) {
    const stop = make("button", { class: "button quiet", type: "button", "aria-label": `Cancel ${file.name}` }, "Cancel");
    const bar = make("progress", { max: "1", value: "0", "aria-label": `Upload of ${file.name}` });
    const line = make("li", {}, make("span", { class: "upload-name" }, file.name), bar, stop);
    stop.addEventListener("click", () => cancel(line));
    uploads.append(line);
    waiting.push({ file, line, tries: 0 });
  }
  if (!open()) return;
  button.hidden = true;
  told.textContent = files.length === 1 ? "Uploading 1 file" : `Uploading ${files.length} files`;
  next();
}

input.addEventListener("change", () => {
  add([...input.files]);
  input.value = "";
});
document.addEventListener("paste", ({ clipboardData }) => {
  if (holdsFiles(clipboardData)) add([...clipboardData.files]);
});
addEventListener("beforeunload", (event) => open() && event.preventDefault());
takeDropped(place, (files) => add([...files]));

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
