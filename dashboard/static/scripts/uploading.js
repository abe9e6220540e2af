// Uploads: each file is sent by itself, with its progress, and can be cancelled.

import { holdsFiles, takeDropped } from "./dropping.js";
import { make } from "./elements.js";

const AT_ONCE = 2;
const OK = 200;
const BUSY = 503;
const WHY = { 400: "This page has expired. Reload it.", 413: "This file is too large." };
const NO_USER = "You are logged out. Log in, and choose it again.";
const NOT_UPLOADED = "It could not be uploaded. Try again.";
const TRIES = 8;
const BUSY_MS = 2_000;

export class Uploads {
  // `stored` gets the line, the file, the answer and the place for each that is there, which is its number after the
  // `first` ones; `settled` is called when the last one has ended.
  constructor(box, { whole = true, first = 0, stored, settled }) {
    Object.assign(this, { box, stored, settled, place: first, waiting: [], running: 0 });
    this.lines = box.querySelector("[data-uploads]");
    this.told = box.querySelector("[data-told]");
    const input = box.querySelector("[type=file]");
    input.addEventListener("change", () => {
      this.add([...input.files]);
      input.value = "";
    });
    takeDropped(box.querySelector("[data-drop]"), (files) => this.add([...files]), whole ? document : box);
    document.addEventListener("paste", ({ clipboardData, target }) => {
      if ((whole || box.contains(target)) && holdsFiles(clipboardData)) this.add([...clipboardData.files]);
    });
    addEventListener("beforeunload", (event) => this.open && event.preventDefault());
  }

  get errors() {
    return this.lines.querySelectorAll(".error").length;
  }

  get open() {
    return this.waiting.length + this.running;
  }

  add(files) {
    for (const file of files) {
      const stop = make("button", { class: "button quiet", type: "button", "aria-label": `Cancel ${file.name}` }, "Cancel");
      const bar = make("progress", { max: "1", value: "0", "aria-label": `Upload of ${file.name}` });
      const line = make("li", {}, make("span", { class: "upload-name" }, file.name), bar, stop);
      stop.addEventListener("click", () => this.cancel(line));
      this.lines.append(line);
      this.place += 1;
      this.waiting.push({ file, line, place: this.place, tries: 0 });
    }
    if (!this.open) return;
    this.told.textContent = files.length === 1 ? "Uploading 1 file" : `Uploading ${files.length} files`;
    this.box.dispatchEvent(new Event("uploading"));
    this.next();
  }

  next() {
    while (this.waiting.length && this.running < AT_ONCE) this.send(this.waiting.shift());
    if (!this.open) this.settled();
  }

  send(each) {
    this.running += 1;
    const sending = new XMLHttpRequest();
    const body = new FormData();
    body.append("csrf_token", this.box.closest("form").elements.csrf_token.value);
    body.append("file", each.file);
    const bar = each.line.querySelector("progress");
    sending.upload.addEventListener("progress", ({ loaded, total }) => bar.setAttribute("value", loaded / total));
    sending.addEventListener("loadend", () => this.finish(each, sending));
    each.line.addEventListener("cancel", () => sending.abort());
    sending.open("POST", this.box.dataset.upload);
    sending.setRequestHeader("Accept", "application/json");
    sending.send(body);
  }

  finish(each, sending) {
    const { line, file, place, tries } = each;
    if (sending.status === BUSY && tries < TRIES) return this.tryAgain(each);
    this.running -= 1;
    let answer = {};
    try {
      answer = JSON.parse(sending.responseText);
    } catch {
      // The page of an error says nothing about this file.
    }
    if (sending.status === OK && answer.key) {
      this.show(line, "Uploaded");
      this.stored(line, file, answer, place);
    } else if (!("cancelled" in line.dataset)) {
      const isElsewhere = !sending.responseURL.startsWith(new URL(this.box.dataset.upload, location.href).href);
      this.show(line, answer.error || (isElsewhere && sending.status === OK ? NO_USER : WHY[sending.status]) || NOT_UPLOADED, true);
    }
    this.next();
  }

  // A server that is busy with other uploads says so at once: it is asked again.
  tryAgain(each) {
    each.tries += 1;
    setTimeout(() => {
      this.running -= 1;
      if (!("cancelled" in each.line.dataset)) this.waiting.push(each);
      this.next();
    }, BUSY_MS);
  }

  cancel(line) {
    line.dataset.cancelled = "";
    const at = this.waiting.findIndex((each) => each.line === line);
    if (at >= 0) this.waiting.splice(at, 1);
    line.dispatchEvent(new Event("cancel"));
    this.show(line, "Cancelled");
    if (!this.open) this.settled();
  }

  show(line, words, isError = false) {
    line.querySelector("progress")?.remove();
    line.querySelector("button")?.remove();
    line.append(make("span", { class: isError ? "error" : "muted" }, words));
    this.told.textContent = `${line.firstChild.textContent}: ${words}`;
  }
}
