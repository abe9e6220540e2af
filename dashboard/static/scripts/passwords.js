// Passwords: a button that shows the typed text.

export function addShowButton(box) {
  const input = box.querySelector("input");
  const name = box.parentElement.querySelector("label").textContent.trim().toLowerCase();
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet" });
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? "Hide" : "Show";
    button.ariaLabel = `${button.textContent} ${name}`;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // Browsers offer to remember the text of such fields; a password must not be among it.
  input.form.addEventListener("submit", () => show(false));
  show(false);
  box.append(button);
}
