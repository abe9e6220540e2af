// Passwords: a button that shows the typed text, and how long and varied a new one is.

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

const STRENGTHS = ["weak", "fair", "good", "strong"];

// Helps while a password is chosen, and decides nothing: the server knows the common ones.
export function addMeter(input) {
  const meter = Object.assign(document.createElement("meter"), { max: 4, low: 2, high: 3, optimum: 4, ariaHidden: "true" });
  const words = Object.assign(document.createElement("span"), { role: "status" });
  const line = Object.assign(document.createElement("p"), { className: "strength muted" });
  line.append(meter, words);
  input.addEventListener("input", () => {
    const signs = [...input.value];
    // Bits of a text of that length, if each sign was chosen at random among those that it has.
    const bits = signs.length * Math.log2(new Set(signs).size || 1);
    const level = Math.min(Math.floor(bits / 25), STRENGTHS.length - 1);
    meter.value = level + 1;
    const said = signs.length ? `Length and variety: ${STRENGTHS[level]}` : "";
    if (words.textContent !== said) words.textContent = said;
    if (said) input.closest(".password").after(line);
    else line.remove();
  });
}
