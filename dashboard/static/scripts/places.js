// Places: who leaves a list by a row comes back to the same height of the page, and to that row.

const PLACE = "place";
const here = location.pathname + location.search;

export function notePlace(event) {
  const row = event.target.closest("table.records tbody tr");
  const link = row && event.target.closest("a[href]") && row.querySelector("th a");
  if (link) sessionStorage.setItem(PLACE, JSON.stringify({ list: here, height: scrollY, row: link.getAttribute("href") }));
}

// Back and reload are left to the browser, which does the same by itself.
export function returnToPlace() {
  const noted = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  if (!document.querySelector("table.records") || noted?.list !== here) return;
  sessionStorage.removeItem(PLACE);
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return;
  scrollTo(0, noted.height);
  document.querySelector("main").dataset.placed = "";
  if (document.querySelector(".flash[tabindex], [data-error-summary]")) return; // it takes the focus
  const links = document.querySelectorAll("table.records tbody th a");
  [...links].find((link) => link.getAttribute("href") === noted.row)?.focus({ preventScroll: true });
}
