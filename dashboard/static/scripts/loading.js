// Loading: a dialog is a module of its own, fetched when it is first asked for.

import { make } from "./elements.js";
import { inTime } from "./leaving.js";

export let opening = false;

export async function load(address, options, otherwise) {
  if (opening || document.querySelector("dialog[open]")) return;
  // Keys pressed before the dialog is there must not act on the page behind it.
  opening = true;
  try {
    await (await inTime(import(address))).open({ make, ...options });
  } catch (error) {
    if (!otherwise) throw error;
    otherwise();
  } finally {
    opening = false;
  }
}
