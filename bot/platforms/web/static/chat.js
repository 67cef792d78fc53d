// The page's beginning: it makes the parts, joins them, and knows what goes where. The parts do not know each other.

import { Camera } from "./camera.js";
import { Composer } from "./composer.js";
import { Line, deliver, newKey, pause } from "./line.js";
import { Log } from "./log.js";
import { Viewer } from "./viewer.js";
import { translate, word } from "./words.js";

const byId = (id) => document.getElementById(id);
const waits = new Map(); // key -> what a person sent and the server has not confirmed
let queue = Promise.resolve();
const ANSWER_MS = 4000; // a button rests until an answer comes, but not longer
let typingTimer = 0;
let answered = () => {};

translate();
const viewer = new Viewer();
const log = new Log({ press, open: (picture) => viewer.open(picture) });
const composer = new Composer({ send });
const camera = new Camera({ take: (file) => composer.choose(file) });
const line = new Line({ frame, state });

if (!["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) byId("note").textContent = word("AI pictures");
byId("camera").addEventListener("click", () => camera.open());
addEventListener("beforeunload", (event) => {
  if ([...waits.values()].some((sending) => sending.photo)) event.preventDefault();
});
line.open();

function frame(it) {
  if (it.kind === "reset") log.reset();
  else if (it.kind === "ready") log.ready();
  else if (it.kind === "passing") log.pass(it.ref, it.body);
  else if (it.kind === "row") {
    if (it.author === "bot") {
      typing(false);
      answered();
    }
    log.row(it);
  }
}

function state(words) {
  const banner = byId("banner");
  banner.hidden = !words;
  banner.textContent = words;
}

function send(text, photo) {
  const key = newKey();
  const sending = { key, text, photo: photo?.file, size: photo?.size, url: photo?.url };
  waits.set(key, sending);
  log.pending(sending);
  queue = queue.then(() => transmit(sending));
}

async function transmit(sending) {
  const { key, text, photo, size } = sending;
  const parts = { key, text, ...(size && { size: size.join("x") }), ...(photo && { photo }) };
  try {
    await deliver(parts, { onShare: (share) => log.sharing(key, share), line });
    log.sent(key);
    typing(true);
  } catch (error) {
    log.refused(key, error.message);
  }
  waits.delete(key);
}

// Settles when the press was answered, or refused.
async function press(token) {
  const answer = new Promise((done) => (answered = done));
  try {
    await deliver({ key: newKey(), press: token }, { line });
    typing(true);
    await Promise.race([answer, pause(ANSWER_MS)]);
  } catch (error) {
    composer.say(error.message);
  }
}

// Three dots from a moment after a message was taken until an answer comes, or until it is plain that none will.
function typing(on) {
  clearTimeout(typingTimer);
  byId("typing").hidden = true;
  if (!on) return;
  typingTimer = setTimeout(() => {
    byId("typing").hidden = false;
    log.stay();
    typingTimer = setTimeout(() => typing(false), 15_000);
  }, 350);
}
