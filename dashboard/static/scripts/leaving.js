// Leaving and staying: the bar on top while the next page loads, and which clicks lead to one.

import { root } from "./elements.js";

// Longer than a double click, shorter than users wait for a page that does not answer.
const LAPSE_MS = 5_000;
let lapse;

export const busy = (on) => root.toggleAttribute("data-busy", on);
export const isPlain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

export function inTime(promise) {
  const late = new Promise((_, reject) => {
    setTimeout(reject, LAPSE_MS, new Error("The dialog did not come in time."));
  });
  return Promise.race([promise, late]);
}

// Browsers keep a page for the Back button even after its user has logged out: request it again.
addEventListener("pageshow", (event) => {
  stay();
  if (event.persisted) {
    document.body.replaceChildren();
    location.reload();
  }
});

export function leave() {
  busy(true);
  clearTimeout(lapse);
  lapse = setTimeout(stay, LAPSE_MS);
}

// The next page was stopped or lost, is a file, is empty or takes long. No script can tell which (the Navigation API
// loses track at history.replaceState), so the wait ends after a while, or when the user continues on this page.
export function stay() {
  clearTimeout(lapse);
  busy(false);
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

export function showProgressOnLinks(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || !isPlain(event) || link.target || link.origin !== location.origin || link.matches("[download], [data-file]")) return;
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
  leave();
}

// Whether the present click opens another tab or window or saves a file, so that this page stays.
export let aside = false;

export function noteModifiers(event) {
  aside = !isPlain(event);
  setTimeout(() => (aside = false));
}

export const goesElsewhere = (form, submitter) => aside || !["", "_self"].includes(submitter?.getAttribute("formtarget") ?? form.getAttribute("target") ?? "");
