// Sending what is typed into the cells of a list, with an answer in words whatever happens.

const ANSWER_MS = 20_000;
const REASONS = {
  400: "This page is out of date. Nothing was saved. Save again; if that doesn't help, copy what you typed and reload the page.",
  403: "Your role no longer allows this. Nothing was saved.",
  404: "This record was deleted, or you no longer have access. Nothing was saved.",
  409: "Another user saved this at the same moment. Your change isn't saved yet; try again.",
  429: "Too many changes at once. Nothing was saved. Wait a moment and try again.",
  503: "The database can't be changed at the moment. Nothing was saved. Try again shortly.",
};
const UNREACHABLE = "The console cannot be reached. Your text is still here. Try again.";
const NOT_LOGGED_IN = "You are logged out. Nothing was saved. Log in, come back to this tab and save again.";
export const REDIRECTED = 302;
const REDIRECT = "opaqueredirect";
const WITHOUT_TOKEN = new Set([400, REDIRECTED]);
let tokenIsOld = false;

// The form of numbers of a page, as it names it.
export const formOfPage = () => document.querySelector("[data-cells]")?.dataset.numbers ?? "point?";

export async function sendCells(address, fields) {
  if (tokenIsOld && (await renewToken()).type === REDIRECT) return { status: REDIRECTED, words: NOT_LOGGED_IN };
  const told = await post(address, { csrf_token: document.querySelector("[data-bulk] [name=csrf_token]").value, ...fields });
  tokenIsOld = WITHOUT_TOKEN.has(told.status);
  return told;
}

async function post(address, fields) {
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body: new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map((each) => [name, each]))), redirect: "manual", headers: { "X-Numbers": formOfPage() }, signal: AbortSignal.timeout(ANSWER_MS) });
  } catch {
    return { status: 0, words: UNREACHABLE };
  }
  if (answer.type === REDIRECT) return { status: REDIRECTED, words: NOT_LOGGED_IN };
  const told = await answer.json().catch(() => null); // the page of an error is no JSON
  if (answer.ok && !told) return { status: 0, words: UNREACHABLE }; // the connection was lost during the answer
  return { ...told, status: answer.status, words: told?.error ?? REASONS[answer.status] ?? "Something went wrong on our side. Nothing was saved. Try again." };
}

// Logging in again in another tab makes a new token: take it from a fresh copy of this page, which holds the typed text.
async function renewToken() {
  const answer = await fetch(location.pathname, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => ({}));
  const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page && page.querySelector("[data-bulk] [name=csrf_token]")?.value;
  if (token) for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
  return answer;
}
