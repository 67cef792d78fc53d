// The picture in a message: the place kept for it, the work under way in it, and at last the picture itself.

import { word } from "./words.js";

const EXPIRED = "This picture is not kept any more.";
const UNSEEN = "Photo";
const USUAL = [4, 5];

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export class Frame {
  node = make("div", "frame");
  #picture = null;
  #bar = null;
  #shown = "";
  #further = null; // [share, words] of the work that goes on beyond the picture

  constructor() {
    this.#shape(USUAL);
  }

  // A person's own photo.
  photo(src, size, text, open) {
    this.#shape(size);
    this.#put(src, size, text ? word("Your photo: {0}", text) : word("Your photo"), open, null, UNSEEN);
  }

  // A file the browser cannot draw.
  file(name) {
    this.node.classList.add("file");
    this.node.replaceChildren(make("span", "file-name", name));
  }

  uploads(share) {
    if (share >= 1) return this.#unbar();
    this.#progress(share, word("Uploading"));
  }

  // Work on a picture: the person's photo, out of focus, until it is there.
  works(share, words, lastPhoto) {
    this.node.classList.add("working");
    if (!this.node.querySelector(".ghost")) {
      this.#shape(lastPhoto?.size);
      this.#picture?.remove();
      this.#picture = null;
      this.#shown = "";
      const ghost = make("div", "ghost");
      if (lastPhoto) {
        const photo = make("img");
        photo.alt = "";
        photo.src = lastPhoto.src;
        photo.addEventListener("error", () => photo.remove());
        ghost.append(photo);
      }
      this.node.prepend(ghost);
    }
    this.#progress(share, words);
  }

  // The picture, in the same place; a bar over it while a better one is on its way.
  becomes({ picture_id, size, alt, text, progress }, open) {
    const src = `/picture/${picture_id}`;
    this.#further = progress === null ? null : [progress, text];
    if (this.#shown === src) return this.#goOn();
    const name = text.split("\n")[0].split("·").at(-1).trim(); // "AI picture · Goth" is saved as goth
    const save = `${src}?save=${encodeURIComponent(name)}`;
    const ghost = this.node.querySelector(".ghost");
    const done = () => {
      this.node.classList.remove("working");
      this.#goOn();
      ghost?.remove();
    };
    this.#shape(size);
    return this.#put(src, size, alt || text || word("Your picture"), open, save, EXPIRED).then(done);
  }

  #goOn() {
    if (this.#further) this.#progress(...this.#further);
    else this.#unbar();
  }

  #shape(size) {
    const [width, height] = size ?? USUAL;
    this.node.style.setProperty("--ratio", String(width / height));
  }

  async #put(src, size, alt, open, save, otherwise) {
    this.#shown = src;
    const old = this.#picture;
    const button = make("button", "picture");
    button.type = "button";
    button.setAttribute("aria-label", word("Enlarge: {0}", alt));
    const image = make("img");
    image.alt = alt;
    if (size) [image.width, image.height] = size;
    image.src = src;
    button.append(image);
    button.addEventListener("click", () => open({ src, alt, save }));
    this.node.append(button);
    this.#picture = button;
    try {
      await image.decode();
      if (!size) this.#shape([image.naturalWidth, image.naturalHeight]);
      button.classList.add("there");
    } catch {
      if (button.isConnected) this.file(word(otherwise));
    }
    old?.remove();
  }

  #progress(share, words) {
    if (!this.#bar) {
      this.#bar = make("div", "bar");
      this.#bar.role = "progressbar";
      this.#bar.ariaValueMin = "0";
      this.#bar.ariaValueMax = "100";
      this.#bar.append(make("i"));
      this.node.append(this.#bar);
    }
    this.#bar.ariaLabel = words || word("Working");
    this.#bar.ariaValueNow = String(Math.round(share * 100));
    this.#bar.style.setProperty("--share", String(share));
  }

  #unbar() {
    this.#bar?.remove();
    this.#bar = null;
  }
}
