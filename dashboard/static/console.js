// The script of every page for users who are logged in. Pages work without it: nothing here is needed to read or to save.

import { noteModifiers, showProgressOnLinks, stay } from "./scripts/leaving.js";
import { dismissFlash, focusWhatIsNew } from "./scripts/flashes.js";
import { addMeter, addShowButton } from "./scripts/passwords.js";
import { bringOpenedAlong, forgetOtherNumbers, guardUnsavedChanges, leaveOutBlanks, selectCopied, sendOnce } from "./scripts/forms.js";
import { arrange } from "./scripts/columns.js";
import { confirmBulk, confirmLink } from "./scripts/confirmation.js";
import { press, showKeys } from "./scripts/keys.js";
import { closeMenu, closeWhenLeft, openDialog } from "./scripts/dialogs.js";
import { forgetWhenDone } from "./scripts/picked.js";
import { addCellButtons } from "./scripts/cells.js";

for (const kind of ["click", "auxclick"]) document.addEventListener(kind, noteModifiers, true);
document.addEventListener("keydown", ({ key }) => key === "Escape" && stay());
document.addEventListener("input", stay);
for (const kind of ["focusout", "keydown"]) document.addEventListener(kind, closeMenu);
document.addEventListener("keydown", press);
document.addEventListener("click", arrange);
document.addEventListener("click", openDialog);
document.addEventListener("click", confirmLink);
document.addEventListener("click", showProgressOnLinks);
document.addEventListener("submit", dismissFlash);
document.addEventListener("submit", confirmBulk);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", forgetWhenDone);
document.addEventListener("formdata", leaveOutBlanks);
document.querySelectorAll(".finder button").forEach(showKeys);
document.querySelectorAll("[data-copied] [autofocus]").forEach(selectCopied);
document.querySelectorAll(".password").forEach(addShowButton);
document.querySelectorAll("[name=password][autocomplete=new-password]").forEach(addMeter);
document.querySelectorAll('[data-guard=""]:not([autocomplete]) [name=opened]').forEach(bringOpenedAlong);
document.querySelectorAll('[data-guard=""]:not([autocomplete]) [name=dashboard-numbers]').forEach(forgetOtherNumbers);
document.querySelectorAll("form[data-guard]").forEach(guardUnsavedChanges);
document.querySelectorAll("table[data-cells]").forEach(addCellButtons);
document.querySelectorAll("[popover]").forEach(closeWhenLeft);
focusWhatIsNew();
