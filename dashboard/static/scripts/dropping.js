// Files that are dropped anywhere on a page.

export const holdsFiles = (data) => data?.types.includes("Files");

// Shows in `place` that they can be dropped, and hands them to `take`.
export function takeDropped(place, take) {
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    place.dataset.over = "";
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!relatedTarget) delete place.dataset.over;
  });
  document.addEventListener("drop", (event) => {
    delete place.dataset.over;
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}
