// Where a person writes and chooses a photo: the field, the file chooser, drag and drop, paste. Sends nothing itself.

import { Commands } from "./commands.js";
import { lang, word } from "./words.js";

const byId = (id) => document.getElementById(id);
const PHOTO_BYTES = 25_000_000;
const INVITATION = ["Send a selfie, or type / for commands", "Send a selfie"];
const CAPTION = ["Add a caption: /style goth", "Add a caption"];
const NARROW = matchMedia("(max-width: 30rem)");
const DRAFT = "draft";
const NAMES = /\.(jpe?g|png|webp|heic|heif|avif|gif)$/i;

const mega = new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 });
const megabytes = (bytes) => `${mega.format(Math.max(bytes, 100_000) / 1_000_000)} MB`;

export class Composer {
  #send;
  #text = byId("text");
  #photo = null; // {file, url, size}
  #commands;
  #depth = 0;

  // send(text, photo): the person wants this sent; photo is {file, url, size} or null.
  constructor({ send }) {
    this.#send = send;
    this.#commands = new Commands(this.#text, () => this.#changed());
    this.#text.value = sessionStorage.getItem(DRAFT) ?? "";
    this.#text.addEventListener("input", () => this.#changed());
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    byId("composer").addEventListener("submit", (event) => this.#submit(event));
    byId("attach").addEventListener("click", () => byId("file").click());
    byId("file").addEventListener("change", () => this.#chooseFrom(byId("file").files));
    byId("remove").addEventListener("click", () => this.#unchoose());
    this.#listenToDrops();
    document.addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      this.#chooseFrom(event.clipboardData.files);
    });
    this.#changed();
  }

  say(words) {
    byId("hint").textContent = words;
  }

  // Make this file the photo to be sent, with a preview if the browser can draw it.
  async choose(file) {
    const why = refusal(file);
    this.say(why);
    if (why) return;
    this.#drop();
    const photo = { file, url: URL.createObjectURL(file), size: null };
    this.#photo = photo;
    this.#show(photo, false);
    const thumb = byId("chosen-thumb");
    thumb.src = photo.url;
    try {
      await thumb.decode();
      photo.size = [thumb.naturalWidth, thumb.naturalHeight];
    } catch {
      URL.revokeObjectURL(photo.url); // a kind this browser cannot draw, HEIC mostly; the bot can
      photo.url = null;
    }
    if (this.#photo === photo) this.#show(photo, Boolean(photo.url));
    this.#text.focus();
  }

  #chooseFrom(files) {
    const file = files[0];
    const many = files.length > 1;
    if (file) this.choose(file).then(() => many && !byId("hint").textContent && this.say(word("One photo at a time: this is the first.")));
  }

  #show(photo, drawn) {
    byId("chosen").hidden = false;
    byId("chosen-thumb").hidden = !drawn;
    byId("chosen-file").toggleAttribute("hidden", drawn);
    byId("chosen-name").textContent = photo.file.name || word("Photo");
    byId("chosen-size").textContent = megabytes(photo.file.size);
    this.#changed();
  }

  #unchoose() {
    if (this.#photo?.url) URL.revokeObjectURL(this.#photo.url);
    this.#drop();
    this.say("");
    this.#text.focus();
  }

  // Let go of the photo; its preview may live on in the message that was sent.
  #drop() {
    this.#photo = null;
    byId("file").value = "";
    byId("chosen").hidden = true;
    byId("chosen-thumb").removeAttribute("src");
    this.#changed();
  }

  #changed() {
    const field = this.#text;
    const narrow = Number(NARROW.matches);
    sessionStorage.setItem(DRAFT, field.value);
    byId("send").disabled = !field.value.trim() && !this.#photo;
    field.placeholder = word(this.#photo ? CAPTION[narrow] : INVITATION[narrow]);
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }

  #key(event) {
    if (event.isComposing || this.#commands.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      byId("composer").requestSubmit();
    }
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text && !this.#photo) return;
    const photo = this.#photo;
    this.#text.value = "";
    this.#commands.close();
    this.#drop();
    this.say("");
    this.#send(text, photo);
  }

  #listenToDrops() {
    const withFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const cover = (depth) => {
      this.#depth = Math.max(0, depth);
      byId("drop").hidden = !this.#depth;
    };
    addEventListener("dragenter", (event) => withFiles(event) && cover(this.#depth + 1));
    addEventListener("dragleave", (event) => withFiles(event) && cover(this.#depth - 1));
    addEventListener("dragover", (event) => withFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      if (!withFiles(event)) return;
      event.preventDefault();
      cover(0);
      this.#chooseFrom(event.dataTransfer.files);
    });
  }
}

function refusal(file) {
  if (file.size > PHOTO_BYTES) {
    const sentence = "That file is {0} and I can take up to {1}. Please choose a smaller copy.";
    return word(sentence, megabytes(file.size), megabytes(PHOTO_BYTES));
  }
  if (!file.size) return word("That file is empty. Please choose another one.");
  const named = !file.type || file.type === "application/octet-stream";
  if (named ? !NAMES.test(file.name) : !file.type.startsWith("image/")) return word("That is not a picture. Please choose a photo.");
  return "";
}
