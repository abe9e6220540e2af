// Passkeys: asks the browser for one when its form is sent, and sends the answer along. Fetched by pages that ask.

const RENEW_MS = 170_000; // with the time that a browser waits, less than a challenge lasts
const FAILED = "No passkey was used. Try again.";
const PRESENT = "There already is a passkey for your account. Use it, or choose another place.";

const isSupported = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.prototype.toJSON);

class Asking {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.input = box.querySelector("input");
    this.options = JSON.parse(box.dataset.options);
    this.message = box.querySelector("p");
    this.message.role = "alert";
    this.say(box.dataset.ready ?? "");
    this.button = this.form.querySelector("button");
    this.button.parentElement.hidden = false;
    this.form.addEventListener("submit", (event) => this.submit(event));
    if (this.form.dataset.renew) this.offer();
  }

  submit(event) {
    if (this.input.value) return;
    event.preventDefault();
    this.say("");
    this.ask({}, event.submitter).catch((error) => {
      this.message.className = "error";
      this.say(error.name === "InvalidStateError" ? PRESENT : FAILED);
    });
  }

  say(text) {
    this.message.textContent = text;
    this.message.hidden = !text;
  }

  async ask(more, submitter) {
    this.waiting?.abort(); // a browser answers one request at a time
    this.waiting = new AbortController();
    const isNew = this.box.dataset.passkey === "create";
    const publicKey = PublicKeyCredential[isNew ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"](this.options);
    const request = { publicKey, signal: this.waiting.signal, ...more };
    const answer = await (isNew ? navigator.credentials.create(request) : navigator.credentials.get(request));
    this.input.value = JSON.stringify(answer.toJSON());
    this.form.requestSubmit(submitter);
  }

  // Offers passkeys where the email is typed, for as long as the page is open.
  async offer() {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const wait = () => this.ask({ mediation: "conditional" }, this.button).catch(() => this.waiting);
    wait();
    setInterval(async () => {
      const answer = await fetch(this.form.dataset.renew).catch(() => ({}));
      if (!answer.ok) return;
      this.options = await answer.json();
      wait();
    }, RENEW_MS);
  }
}

if (isSupported) document.querySelectorAll("[data-passkey]").forEach((box) => new Asking(box));
