// Taking a photo: a mirrored preview, a shutter, a look at what was taken. The camera is off whenever this is closed.

import { word } from "./words.js";

const byId = (id) => document.getElementById(id);

const WHY = {
  NotAllowedError: "The camera is blocked for this page. Allow it beside the address above, or choose a photo instead.",
  NotFoundError: "No camera was found. Plug one in, or choose a photo instead.",
  OverconstrainedError: "No camera was found. Plug one in, or choose a photo instead.",
  NotReadableError: "The camera is in use by another program. Close that one and try again.",
};
const NOT_HERE = "The browser gives the camera only to pages on this computer or over https. Choose a photo instead.";

export class Camera {
  #take;
  #stream = null;
  #shot = null;
  #dialog = byId("camera-dialog");
  #video = byId("camera-video");
  #picture = byId("camera-shot");

  // take(file): the photo the person decided to use.
  constructor({ take }) {
    this.#take = take;
    this.#dialog.addEventListener("close", () => this.#off());
    this.#video.addEventListener("playing", () => this.#ready());
    byId("camera-close").addEventListener("click", () => this.#dialog.close());
    byId("camera-take").addEventListener("click", () => this.#shoot());
    byId("camera-again").addEventListener("click", () => this.#live());
    byId("camera-use").addEventListener("click", () => this.#use());
  }

  async open() {
    this.#dialog.showModal();
    this.#live();
    this.#say(word("Starting the camera…"));
    const media = navigator.mediaDevices;
    if (!media?.getUserMedia) return this.#say(word(NOT_HERE));
    try {
      const wish = { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1440 } };
      const stream = await media.getUserMedia({ video: wish, audio: false });
      if (!this.#dialog.open) return stop(stream);
      this.#stream = stream;
      this.#video.srcObject = stream;
    } catch (error) {
      this.#say(word(WHY[error.name] ?? "The camera does not start. Choose a photo instead."));
    }
  }

  #ready() {
    this.#say("");
    byId("camera-take").disabled = false;
    byId("camera-take").focus();
  }

  #shoot() {
    const canvas = document.createElement("canvas");
    canvas.width = this.#video.videoWidth;
    canvas.height = this.#video.videoHeight;
    canvas.getContext("2d").drawImage(this.#video, 0, 0);
    canvas.toBlob((blob) => blob && this.#look(blob), "image/jpeg", 0.93);
  }

  #look(blob) {
    this.#shot = new File([blob], `${word("Camera photo")}.jpg`, { type: "image/jpeg" });
    URL.revokeObjectURL(this.#picture.src);
    this.#picture.src = URL.createObjectURL(blob);
    this.#turn(true);
    byId("camera-use").focus();
  }

  #live() {
    this.#shot = null;
    this.#turn(false);
    if (this.#stream) byId("camera-take").focus();
  }

  #turn(looking) {
    this.#picture.hidden = !looking;
    this.#video.hidden = looking;
    byId("camera-take").hidden = byId("camera-close").hidden = looking;
    byId("camera-again").hidden = byId("camera-use").hidden = !looking;
  }

  #use() {
    const file = this.#shot;
    this.#dialog.close();
    if (file) this.#take(file);
  }

  #off() {
    stop(this.#stream);
    this.#stream = this.#video.srcObject = this.#shot = null;
    byId("camera-take").disabled = true;
    URL.revokeObjectURL(this.#picture.src);
    this.#picture.removeAttribute("src");
  }

  #say(words) {
    byId("camera-words").textContent = words;
  }
}

function stop(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
