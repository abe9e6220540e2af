// Confirmation: a dialog with the question that the server asks on a page of its own.

import { make } from "./elements.js";
import { aside, busy, inTime, isPlain } from "./leaving.js";
import { addPickers } from "./pickers.js";

let asking = false;

async function fetchPage(request) {
  const answer = await fetch(request, { redirect: "manual" });
  return answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Shows the question of the server in a dialog; any other answer is left to the browser.
async function confirmHere(opener, request, otherwise) {
  if (asking) return;
  asking = true;
  busy(true);
  const page = await inTime(fetchPage(request)).catch(() => null);
  const form = page && page.querySelector("[data-confirmation]");
  asking = false;
  busy(false);
  if (!form) return otherwise();
  const title = make("h2", { id: "dialog-title" }, page.querySelector("h1").textContent);
  const dialog = make("dialog", { "aria-labelledby": title.id }, title, document.adoptNode(form));
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-cancel]") || !isPlain(event)) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    (opener.checkVisibility() ? opener : opener.closest("details").querySelector("summary")).focus();
  });
  document.querySelector("main").append(dialog);
  addPickers(dialog);
  dialog.showModal();
  dialog.querySelector("[data-cancel]").focus();
}

export function confirmLink(event) {
  const link = event.target.closest("a[data-confirm]");
  if (!link || !isPlain(event)) return;
  event.preventDefault();
  confirmHere(link, link.href, () => location.assign(link.href));
}

export function confirmBulk(event) {
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
