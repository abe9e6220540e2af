// Symbols and keys beside the words of an option.

const SVG = "http://www.w3.org/2000/svg";

// The page has the address of the symbols, in the button.
export function symbolOf(button, name) {
  const [svg, use] = ["svg", "use"].map((each) => document.createElementNS(SVG, each));
  use.setAttribute("href", `${button.querySelector("use").getAttribute("href").split("#")[0]}#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export function keyCaps(keys, make) {
  const [first, second] = keys.split(" ");
  return make("span", { class: "keys", "aria-hidden": "true" }, make("kbd", {}, first), ...(second ? [" ", make("kbd", {}, second)] : []));
}
