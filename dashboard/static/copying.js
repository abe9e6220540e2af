// A button that copies a link. Loaded on the page that shows one; without it, users select the text.

import { make } from "./scripts/elements.js";

function addCopyButton(input) {
  const button = make("button", { type: "button", class: "button" }, "Copy link");
  const said = make("p", { class: "muted", role: "status" });
  button.addEventListener("click", async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
      said.textContent = "Copied.";
    } catch {
      // Browsers lend the clipboard only to pages that came encrypted or from this machine.
      said.textContent = "Your browser didn't allow copying. The link is selected: copy it with Ctrl+C or ⌘C.";
    }
  });
  input.after(make("div", { class: "buttons" }, button), said);
}

document.querySelectorAll("[data-copy]").forEach(addCopyButton);
