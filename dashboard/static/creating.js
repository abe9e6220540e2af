// A record that is missing is created in a dialog, beside the form that refers to it. Loaded when it is first asked for.

const JSON_TYPE = "application/json";
const FAILED = "It could not be created. Try again.";
const NO_FORM = "The form could not be loaded. You may be logged out.";
const DISCARD = "Your text is not saved. Cancel again to discard it.";
const MARKS = ["id", "for", "aria-describedby", "aria-labelledby", "list", "href"];

// The form behind has ids of the same names; links to "#name" in the summary of errors lead to those of the dialog.
function renamed(form) {
  for (const element of form.querySelectorAll("*"))
    for (const name of MARKS) {
      const value = element.getAttribute(name);
      if (value && (name !== "href" || value.startsWith("#"))) element.setAttribute(name, value.replaceAll(/[^\s#]+/gu, (id) => `new-${id}`));
    }
  for (const link of form.querySelectorAll(".creating")) link.remove(); // one dialog at a time
  return form;
}

const formIn = (html) => new DOMParser().parseFromString(html, "text/html").querySelector("main form[data-guard]");

async function ask(address, options) {
  const answer = await fetch(address, { redirect: "manual", headers: { accept: `${JSON_TYPE}, text/html;q=0.9` }, ...options });
  const isJson = answer.headers.get("content-type")?.startsWith(JSON_TYPE);
  const found = isJson ? { made: await answer.json() } : { form: formIn(await answer.text()) };
  if (!found.made && !found.form) throw new Error(FAILED); // the user may have been logged out
  return found;
}

// Lets the field refer to the new record, as if it had been typed or chosen.
function choose(field, { text, key, label }) {
  if (field.matches("select")) field.add(new Option(label, key, false, true));
  else field.value = field.matches("textarea") ? [...field.value.split("\n"), text].filter(Boolean).join("\n") : text;
  // The event "input" would open the list of results of an input.
  for (const kind of field.matches("textarea") ? ["input", "change"] : ["change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

class Creating {
  constructor({ button, make }) {
    Object.assign(this, { button, make });
    this.title = make("h2", { id: "dialog-title" }, button.textContent);
    this.problem = make("p", { role: "alert", class: "error" });
    this.dialog = make("dialog", { class: "record-dialog", "aria-labelledby": this.title.id }, this.title, this.problem);
    this.dialog.addEventListener("cancel", (event) => this.mayClose() || event.preventDefault());
    this.dialog.addEventListener("close", () => this.close());
    this.dialog.addEventListener("submit", (event) => this.send(event));
    this.dialog.addEventListener("click", (event) => this.cancel(event));
    document.querySelector("main").append(this.dialog);
  }

  show(form) {
    this.form?.remove();
    this.form = renamed(document.adoptNode(form));
    this.dialog.append(this.form);
    this.blank ??= this.texts();
    const picker = this.form.querySelector("[data-picker]");
    if (picker) import(picker.dataset.picker).then((module) => module.attach(this.form, this.make), () => this.form);
    (this.form.querySelector("[data-error-summary]") ?? this.form.querySelector("input:not([type=hidden]), select, textarea")).focus();
  }

  async send(event) {
    event.preventDefault();
    event.stopPropagation(); // the page behind stays
    if (this.sending) return;
    this.sending = true;
    this.problem.textContent = "";
    this.isAsked = false;
    const body = new FormData(this.form, event.submitter);
    try {
      const { made, form } = await ask(this.button.href, { method: "POST", body });
      if (form) this.show(form);
      else this.finish(made);
    } catch {
      this.problem.textContent = FAILED;
    }
    this.sending = false;
  }

  // The link still opens the form in another tab.
  fail() {
    const close = this.make("button", { type: "button", class: "button" }, "Close");
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.append(close);
    this.problem.textContent = NO_FORM;
  }

  finish(made) {
    choose(this.button.closest("form").querySelector(`[name="${CSS.escape(this.button.dataset.for)}"]`), made);
    this.dialog.close();
  }

  cancel(event) {
    const link = event.target.closest("a");
    if (!link || link.hash) return;
    event.preventDefault();
    if (this.mayClose()) this.dialog.close();
  }

  // Typed text is not lost by one key: the second time says that it may be.
  mayClose() {
    if (!this.form || this.isAsked || this.texts() === this.blank) return true;
    this.isAsked = true;
    this.problem.textContent = DISCARD;
    return false;
  }

  texts() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  close() {
    this.dialog.remove();
    this.button.focus();
  }
}

export async function open(options) {
  const { form } = await ask(options.button.href, {}).catch(() => ({}));
  const creating = new Creating(options);
  creating.dialog.showModal();
  if (form) creating.show(form);
  else creating.fail();
}
