// The actions on a selection.

// Moves the focus to the first of them that is in sight.
export function toActions(bulk) {
  [...bulk.querySelectorAll("button, summary")].find((each) => each.checkVisibility()).focus();
}
