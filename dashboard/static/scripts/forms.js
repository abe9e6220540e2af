// Forms: each is sent once, and the browser asks before unsaved changes are lost.

import { goesElsewhere, leave, stay } from "./leaving.js";

const contents = (form) => new URLSearchParams(new FormData(form)).toString();

export function guardUnsavedChanges(form) {
  const before = form.dataset.guard || contents(form);
  addEventListener("beforeunload", (event) => {
    if (!("sent" in form.dataset) && contents(form) !== before) {
      event.preventDefault();
      setTimeout(stay);
    }
  });
}

// As Tab would: what is typed first replaces the value that was copied.
export function selectCopied(input) {
  input.focus();
  input.select?.();
}

export function sendOnce(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || goesElsewhere(form, submitter)) return;
  if ("sent" in form.dataset) return event.preventDefault();
  form.dataset.sent = "";
  // Not disabled, which would take the focus away.
  submitter?.setAttribute("aria-disabled", "true");
  leave();
}

// Where browsers restore text after Back, restore the values that the form was opened with too; see dashboard/web/opened.py.
export function bringOpenedAlong(field) {
  field.value = history.state?.opened ?? field.value;
  addEventListener("beforeunload", () => history.replaceState({ ...history.state, opened: "sent" in field.form.dataset ? null : field.value }, ""));
}

// After Back, browsers restore numbers into a page that was made in another form: there they would mean something else.
export function forgetOtherNumbers(mark) {
  const isOther = (history.state?.numbers ?? mark.value) !== mark.value;
  history.replaceState({ ...history.state, numbers: mark.value }, "");
  if (!isOther) return;
  addEventListener("pageshow", () => {
    for (const each of mark.form.elements) if (/^[\d.,'\s+-]+$/u.test(each.value) && each.matches("input:not([type=hidden]), textarea")) each.value = each.defaultValue;
  }, { once: true });
}

export function leaveOutBlanks(event) {
  if (!event.target.matches("[data-tidy]")) return;
  // oxlint-disable-next-line no-useless-spread -- a copy, because deleting during the loop would skip the next
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
}
