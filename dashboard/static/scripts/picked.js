// What is picked in a list, kept by its rows' keys while its user goes from page to page of it in this tab.

const path = location.pathname.replace(/action\/$/u, ""); // the question and the form of a bulk action are below the list
const PICKED = `picked ${path}`;

const stored = () => JSON.parse(sessionStorage.getItem(PICKED) ?? "{}");

// Users who come from elsewhere begin with nothing: they no longer know of a selection that they do not see.
const isComing = () => {
  const how = performance.getEntriesByType("navigation")[0]?.type;
  return how === "reload" || how === "back_forward" || document.referrer.startsWith(location.origin + path);
};

export function remembered() {
  const { keys = [], isDone } = stored();
  if (!isComing()) return [];
  // After an answer that was refused, the same rows can be tried again.
  return isDone && !document.querySelector(".flash.error, .flash.warning") ? [] : keys;
}

export function remember(boxes, others) {
  const keys = [...boxes.filter((box) => box.checked), ...others].map((each) => each.value);
  if (keys.length) sessionStorage.setItem(PICKED, JSON.stringify({ keys }));
  else sessionStorage.removeItem(PICKED);
}

export function forgetWhenDone(event) {
  const its = stored();
  if (event.defaultPrevented || !its.keys) return;
  if (new FormData(event.target, event.submitter).has("confirm")) sessionStorage.setItem(PICKED, JSON.stringify({ ...its, isDone: true }));
}
