// The script of pages for users who are logged out, who wait for it longest. Pages work without it.

import { noteModifiers, showProgressOnLinks, stay } from "./scripts/leaving.js";
import { dismissFlash, focusWhatIsNew } from "./scripts/flashes.js";
import { addMeter, addShowButton } from "./scripts/passwords.js";
import { guardUnsavedChanges, sendOnce } from "./scripts/forms.js";

for (const kind of ["click", "auxclick"]) document.addEventListener(kind, noteModifiers, true);
document.addEventListener("keydown", ({ key }) => key === "Escape" && stay());
document.addEventListener("input", stay);
document.addEventListener("click", showProgressOnLinks);
document.addEventListener("submit", dismissFlash);
document.addEventListener("submit", sendOnce);
document.querySelectorAll(".password").forEach(addShowButton);
document.querySelectorAll("[name=password][autocomplete=new-password]").forEach(addMeter);
document.querySelectorAll("form[data-guard]").forEach(guardUnsavedChanges);

// Times are shown in the zone of the browser, which only a script knows.
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
document.addEventListener("formdata", ({ formData }) => timeZone && formData.set("zone", timeZone));
for (const link of document.querySelectorAll("[data-zone]")) link.search += `${link.search ? "&" : "?"}zone=${encodeURIComponent(timeZone ?? "")}`;
focusWhatIsNew();
