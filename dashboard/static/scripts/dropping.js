// Files that are dropped on a page.

export const holdsFiles = (data) => data?.types.includes("Files");

// Shows in `place` that they can be dropped anywhere within `room`, and hands them to `take`.
export function takeDropped(place, take, room = document) {
  room.addEventListener("dragover", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    place.dataset.over = "";
  });
  room.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!room.contains(relatedTarget)) delete place.dataset.over;
  });
  room.addEventListener("drop", (event) => {
    delete place.dataset.over;
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}
