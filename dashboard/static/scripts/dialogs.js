// Dialogs and popovers: opened by their buttons, closed when they are left.

import { COMMAND, shortcutsHere, singleKeys } from "./keys.js";
import { load } from "./loading.js";

export function openDialog(event) {
  const button = event.target.closest("[data-dialog]");
  if (!button) return;
  event.preventDefault();
  const options = { button, shortcuts: shortcutsHere(), singleKeys: singleKeys(), command: COMMAND };
  load(button.dataset.dialog, options, button.form && (() => button.form.submit()));
}

// A popover that was left by keyboard would stay and cover the focused element.
export function closeWhenLeft(popover) {
  popover.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !popover.contains(relatedTarget) && popover.matches(":popover-open")) popover.hidePopover();
  });
}

// The question that a choice asks leads back to it: the menu stays open behind it.
export function closeMenu({ target, relatedTarget, key }) {
  const menu = target.closest?.("details.menu");
  if (!menu?.open || (key ? key !== "Escape" : !relatedTarget || menu.contains(relatedTarget) || relatedTarget.closest("dialog"))) return;
  menu.open = false;
  if (key) menu.querySelector("summary").focus();
}
