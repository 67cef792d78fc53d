// The line to the server: a WebSocket that comes back by itself, and sendings that are repeated until they are taken.

import { word } from "./words.js";

const FIRST_MS = 400;
const LONGEST_MS = 15_000;
const PING_MS = 20_000;
const DEAF_MS = 50_000;
const BANNER_MS = 900; // a blink of the line is not worth a word
const RENEWED = "renewed";
const TOO_MANY_PAGES = 4008;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Line {
  #told;
  #last = 0;
  #first = "";
  #wait = FIRST_MS;
  #socket = null;
  #heard = 0;
  #timer = 0;
  #banner = 0;
  #openers = [];

  // told.frame(frame): something from the server. told.state(words): "" when all is well.
  constructor(told) {
    this.#told = told;
    setInterval(() => this.#ping(), PING_MS);
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#hurry());
  }

  open() {
    clearTimeout(this.#timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const where = new URLSearchParams({ after: this.#last, first: this.#first });
    const socket = new WebSocket(`${scheme}://${location.host}/ws?${where}`);
    this.#socket = socket;
    socket.addEventListener("message", (event) => socket === this.#socket && this.#hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => socket === this.#socket && this.#lost(event.code));
  }

  // Settles when the line is open again, or after ms.
  opened(ms) {
    return Promise.race([new Promise((done) => this.#openers.push(done)), pause(ms)]);
  }

  #hear(frame) {
    this.#heard = Date.now();
    if (frame.kind === "reset") {
      this.#last = 0;
      this.#first = "";
    } else if (frame.kind === "row") {
      this.#first ||= frame.ref;
      if (!this.#replaying) this.#last = frame.seq;
    } else if (frame.kind === "ready") {
      this.#replaying = false;
      this.#last = frame.seq;
      this.#well();
    }
    this.#told.frame(frame);
  }

  #replaying = true; // rows of a replay come in the order of the page, so only its end says how far we are

  #well() {
    this.#wait = FIRST_MS;
    clearTimeout(this.#banner);
    this.#banner = 0;
    this.#told.state("");
    sessionStorage.removeItem(RENEWED);
    for (const done of this.#openers.splice(0)) done();
  }

  async #lost(code) {
    this.#socket = null;
    this.#replaying = true;
    if (code === TOO_MANY_PAGES) {
      clearTimeout(this.#banner);
      this.#told.state(word("This chat is open in too many tabs. Close some, then reload this one."));
      return;
    }
    this.#banner ||= setTimeout(() => this.#told.state(word("Connection lost, trying again…")), BANNER_MS);
    const wait = this.#wait * (0.75 + Math.random() / 2);
    this.#wait = Math.min(this.#wait * 2, LONGEST_MS);
    this.#timer = setTimeout(() => this.open(), wait);
    await renewSession();
  }

  #hurry() {
    if (this.#socket || !this.#banner) return;
    this.#wait = FIRST_MS;
    this.open();
  }

  #ping() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (this.#heard && Date.now() - this.#heard > DEAF_MS) this.#socket.close();
    else this.#socket.send('{"ping":1}');
  }
}

// The server is there but does not know us: a reload brings a new cookie. Once, not in a circle.
async function renewSession() {
  try {
    const answer = await fetch("/session");
    if (answer.status !== 401 || sessionStorage.getItem(RENEWED)) return;
    sessionStorage.setItem(RENEWED, "1");
    location.reload();
  } catch {
    // the server is away; the next try will tell
  }
}

// Sends parts as a form until the server has taken them. Rejects with the server's sentence if it never will.
export async function deliver(parts, { onShare, line }) {
  for (let wait = FIRST_MS; ; wait = Math.min(wait * 2, LONGEST_MS)) {
    const { status, answer } = await post(parts, onShare);
    if (status >= 200 && status < 300) return answer;
    if (status >= 400 && status < 500) throw new Error(answer?.error ? word(answer.error) : word("That could not be sent."));
    await line.opened(wait);
  }
}

function post(parts, onShare) {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) form.append(name, value);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/send");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onShare?.(event.loaded / event.total);
    request.onload = () => done({ status: request.status, answer: request.response });
    request.onerror = request.onabort = request.ontimeout = () => done({ status: 0 });
    request.send(form);
  });
}
