// Flashes: a new one takes the focus, or the row that it is about, and each can be closed.

export function focusWhatIsNew() {
  const summary = document.querySelector("[data-error-summary]");
  // The address may still have the field of an earlier summary, which would take the focus.
  if (summary && location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  const told = summary ?? document.querySelector(".told-of a");
  if (told) told.focus();
  // A list may have been scrolled to where it was left, with the message at its edge.
  else document.querySelector(".flash[tabindex]")?.focus({ preventScroll: true });
}

export function dismissFlash(event) {
  if (!event.target.matches("[data-dismiss]")) return;
  event.preventDefault();
  const flash = event.target.closest(".flash");
  const next = document.querySelector(".flash[tabindex] ~ .flash[tabindex]") ?? document.querySelector("main");
  flash.remove();
  (next.isConnected ? next : document.querySelector(".flash[tabindex]")).focus();
}
