// Elements: the root of the page, and making others.

export const root = document.documentElement;

export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  // Strings become text: no typed text is ever read as HTML.
  element.append(...children);
  return element;
}
