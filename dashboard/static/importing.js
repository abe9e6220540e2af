// A file that is dropped anywhere on the page goes into the form that takes one.

import { takeDropped } from "./scripts/dropping.js";

const place = document.querySelector("[data-drop]");
const input = place.querySelector("input");

takeDropped(place, (files) => {
  input.files = files;
  input.focus();
});
