// The sheet of shortcuts that work on this page. Loaded when it is first opened.

function caps(keys, command, make) {
  const [first, second] = keys.split(" ");
  if (second?.length !== 1) return [make("kbd", {}, keys)];
  if (first === "mod") return [make("kbd", {}, command), " ", make("kbd", {}, second.toUpperCase())];
  return [make("kbd", {}, first), " then ", make("kbd", {}, second)];
}

export function open({ button, shortcuts, singleKeys, command, make }) {
  const title = make("h2", { id: "sheet-title" }, "Keyboard shortcuts");
  const rows = [...shortcuts, ["Esc", "Close"]].map(([keys, name]) => make("div", {}, make("dt", {}, name), make("dd", {}, ...caps(keys, command, make))));
  const profile = make("a", { href: button.dataset.profile }, "your profile");
  const note = ["Keys without ", command, singleKeys ? " can be" : " are", " switched off in ", profile, "."];
  const close = make("button", { type: "button", class: "button" }, "Close");
  const dialog = make("dialog", { class: "sheet", "aria-labelledby": title.id }, title, make("dl", {}, ...rows), make("p", { class: "muted" }, ...note), make("div", { class: "buttons" }, close));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}
