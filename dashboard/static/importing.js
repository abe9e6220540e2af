// A file that is dropped anywhere on the page goes into the form that takes one.

const place = document.querySelector("[data-drop]");
const input = place.querySelector("input");
const holdsFile = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!holdsFile(event)) return;
  event.preventDefault();
  place.dataset.over = "";
});
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) delete place.dataset.over;
});
document.addEventListener("drop", (event) => {
  delete place.dataset.over;
  if (!holdsFile(event)) return;
  event.preventDefault();
  input.files = event.dataTransfer.files;
  input.focus();
});
