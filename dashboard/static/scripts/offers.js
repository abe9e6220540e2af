// Offers: what the page itself can do, for the palette to do as well, and the keys that lead somewhere.

// A page has a button or link only for those who may use it, and its form sends the token: the palette clicks on it.
export function offersHere() {
  const targets = ["main", "header.chrome"].flatMap((place) => Array.from(document.querySelectorAll(`${place} [data-offer]`)));
  return targets.map((target) => ({
    label: target.dataset.offer,
    hint: target.getAttribute("aria-pressed") === "true" ? "In use" : (target.dataset.hint ?? ""),
    more: target.dataset.more ?? "",
    icon: target.dataset.icon,
    keys: target.dataset.keys,
    target,
  }));
}

// By address: those of the navigation, and the one that creates a record in the list on this page.
export function keysByAddress() {
  const keys = new Map([...document.querySelectorAll("nav [data-key]:not([data-key=''])")].map((link) => [link.pathname, `g ${link.dataset.key}`]));
  const creating = document.querySelector('main a.primary[href*="/new/"]');
  return creating ? keys.set(creating.pathname, "c") : keys;
}
