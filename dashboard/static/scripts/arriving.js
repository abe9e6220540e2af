// Arriving: after a search, a filter, a sort or another page of a list, the focus is at its table, not at the top.

const BY_POINTER = "by pointer";
let isPointer = false;

// A ring around the table tells those who use keys where they are; to others it would be noise.
export function noteInput({ type }) {
  isPointer = type === "pointerdown";
}

// One tap sorts. Keys go through the orders one by one, so the button next to them sorts.
export function sortAtOnce({ target }) {
  if (isPointer && target.matches(".order select")) target.form.requestSubmit();
}

const isSameList = () => {
  if (!document.referrer || performance.getEntriesByType("navigation")[0]?.type !== "navigate") return false;
  const before = new URL(document.referrer);
  return before.origin === location.origin && before.pathname === location.pathname && before.search !== location.search;
};

export function focusTable() {
  addEventListener("pagehide", () => sessionStorage.setItem(BY_POINTER, isPointer ? "1" : ""));
  const table = document.querySelector(".list .scroll, .list .empty");
  if (!table || document.activeElement !== document.body || !isSameList()) return;
  if (!table.hasAttribute("tabindex")) table.tabIndex = -1;
  if (sessionStorage.getItem(BY_POINTER)) {
    table.dataset.quiet = "";
    addEventListener("keydown", () => delete table.dataset.quiet, { once: true });
  }
  table.focus({ preventScroll: true });
}
