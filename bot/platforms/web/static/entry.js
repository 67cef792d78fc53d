// One message on the page. Everything a person or the bot wrote is put in as text, never as HTML.

import { Frame } from "./frame.js";
import { word } from "./words.js";

const timeOf = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export class Entry {
  #told;
  #bubble = make("div", "bubble");
  #words = make("span", "words");
  #time = make("time");
  #tail = make("p", "tail");
  #frame = null;
  #buttons = null;
  #drawn = "[]";
  #note = null;
  at = Infinity; // Unix time in s; what the server has not confirmed comes last
  photo = null; // a person's photo: {src, size}
  waits = false;

  constructor(ref, author, told) {
    this.ref = ref;
    this.author = author;
    this.#told = told;
    this.node = make("article", `entry ${author}`);
    this.node.dataset.at = this.at;
    this.node.setAttribute("aria-label", author === "bot" ? "selfiebot" : word("You"));
    this.#tail.append(this.#words, this.#time);
    this.#bubble.append(this.#tail);
    this.node.append(this.#bubble);
  }

  // As the server has it.
  settle(body, at, lastPhoto) {
    this.at = at;
    this.node.dataset.at = at;
    const date = new Date(at * 1000);
    this.#time.dateTime = date.toISOString();
    this.#time.textContent = timeOf.format(date);
    this.sent();
    if (this.author === "bot") this.draw(body, lastPhoto);
    else this.#drawPerson(body);
  }

  draw(body, lastPhoto) {
    this.#say(body.text);
    const works = body.progress !== null;
    if (body.picture_id !== null) this.#framed().becomes(body, this.#told.open);
    else if (works) this.#framed().works(body.progress, body.text, lastPhoto);
    else this.#unframe();
    this.node.ariaBusy = String(works);
    this.#drawButtons(body.buttons ?? []);
  }

  drawPending({ text, photo, url, size }) {
    this.waits = true;
    this.node.classList.add("waits");
    this.#time.textContent = word("Sending…");
    this.#say(text);
    if (photo && url) {
      this.photo = { src: url, size };
      this.#framed().photo(url, size, text, this.#told.open);
    } else if (photo) this.#framed().file(photo.name);
  }

  // share: 0 to 1 of an upload.
  share(share) {
    if (this.#frame && this.waits) this.#frame.uploads(share);
  }

  sent() {
    this.waits = false;
    this.node.classList.remove("waits", "refused");
    this.#note?.remove();
    this.#frame?.uploads(1);
  }

  refused(why, remove) {
    this.node.classList.remove("waits");
    this.node.classList.add("refused");
    this.#time.textContent = word("Not sent");
    this.#note = make("p", "why", why);
    this.#note.role = "alert";
    const button = make("button", "choice", word("Remove"));
    button.type = "button";
    button.addEventListener("click", remove);
    this.#note.append(button);
    this.node.append(this.#note);
  }

  // Take it off the page, and the photo it was sent with out of the browser's memory.
  remove() {
    this.node.remove();
    if (this.photo?.src.startsWith("blob:")) URL.revokeObjectURL(this.photo.src);
  }

  #drawPerson(body) {
    this.#say(body.text);
    if (!body.photo) return;
    const src = `/photo/${encodeURIComponent(body.photo)}`;
    this.photo ??= { src, size: body.size };
    if (!this.#frame) this.#framed().photo(this.photo.src, body.size, body.text, this.#told.open);
  }

  #say(text) {
    this.#words.textContent = text;
    this.#words.hidden = !text;
  }

  #framed() {
    if (!this.#frame) {
      this.#frame = new Frame();
      this.#bubble.prepend(this.#frame.node);
      this.#bubble.classList.add("framed");
    }
    return this.#frame;
  }

  #unframe() {
    this.#frame?.node.remove();
    this.#frame = null;
    this.#bubble.classList.remove("framed");
  }

  #drawButtons(buttons) {
    const wanted = JSON.stringify(buttons);
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    const focused = this.#buttons?.contains(document.activeElement);
    this.#buttons?.remove();
    this.#buttons = null;
    if (!buttons.length) return;
    this.#buttons = make("div", "choices");
    this.#buttons.role = "group";
    this.#buttons.ariaLabel = word("Choices");
    this.#buttons.append(...buttons.map(([title, token]) => this.#button(title, token)));
    this.node.append(this.#buttons);
    if (focused) this.#buttons.firstElementChild.focus({ preventScroll: true });
  }

  // aria-disabled and not disabled: a button that loses the focus while it works throws keyboard users out.
  #button(title, token) {
    const button = make("button", "choice", title);
    button.type = "button";
    button.addEventListener("click", async () => {
      if (button.ariaDisabled === "true") return;
      const all = [...button.parentElement.children];
      for (const one of all) one.ariaDisabled = "true";
      button.ariaBusy = "true";
      await this.#told.press(token);
      button.ariaBusy = null;
      for (const one of all) one.ariaDisabled = null;
    });
    return button;
  }
}
