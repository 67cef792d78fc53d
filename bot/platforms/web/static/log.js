// The list of messages: keeps them in order, in step with the server, and scrolled the way a reader expects.

import { Entry } from "./entry.js";
import { word } from "./words.js";

const byId = (id) => document.getElementById(id);
const NEAR_PX = 80;
const ABOVE_PX = 12;
const dayOf = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export class Log {
  #told;
  #log = byId("log");
  #scroller = byId("scroller");
  #entries = new Map(); // ref -> Entry, as they are on the page
  #atEnd = true;

  // told.press(token) and told.open(picture): what a person does with a message.
  constructor(told) {
    this.#told = told;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    byId("newest").addEventListener("click", () => this.#toEnd(true));
    const watcher = new ResizeObserver(() => this.stay());
    watcher.observe(this.#log);
    watcher.observe(this.#scroller);
  }

  row({ ref, author, body, at }) {
    const known = this.#entries.get(ref);
    const entry = known ?? this.#add(new Entry(ref, author, this.#told));
    entry.settle(body, at, this.#lastPhoto(entry));
    this.#place(entry);
    if (!known && author === "bot" && !this.#atEnd && this.#log.ariaLive === "polite") byId("newest").hidden = false;
  }

  pass(ref, body) {
    const entry = this.#entries.get(ref);
    entry?.draw(body, this.#lastPhoto(entry));
  }

  // A person's own message before the server has it.
  pending(sending) {
    const entry = this.#add(new Entry(`person:${sending.key}`, "person", this.#told));
    entry.drawPending(sending);
    this.#place(entry);
    this.#toEnd(false);
  }

  sharing(key, share) {
    this.#entries.get(`person:${key}`)?.share(share);
  }

  sent(key) {
    this.#entries.get(`person:${key}`)?.sent();
  }

  refused(key, why) {
    const ref = `person:${key}`;
    this.#entries.get(ref)?.refused(why, () => {
      this.#entries.get(ref)?.remove();
      this.#entries.delete(ref);
      byId("text").focus();
    });
    this.stay();
  }

  // All that was missed has been drawn; from now on what comes is news and is read aloud.
  ready() {
    this.#days();
    this.#log.ariaLive = "polite";
    this.stay();
  }

  reset() {
    this.#log.ariaLive = "off";
    for (const [ref, entry] of this.#entries) {
      if (entry.waits) continue;
      entry.remove();
      this.#entries.delete(ref);
    }
    byId("newest").hidden = true;
    this.#atEnd = true;
  }

  // Keep the end in view if it was.
  stay() {
    if (this.#atEnd) this.#scroller.scrollTop = this.#end();
  }

  // Where the end is: at the bottom, but where the last message is taller than the window, at its beginning.
  #end() {
    const { scrollHeight, clientHeight } = this.#scroller;
    const last = this.#log.lastElementChild;
    const bottom = scrollHeight - clientHeight;
    return last ? Math.max(0, Math.min(bottom, last.offsetTop - ABOVE_PX)) : bottom;
  }

  #add(entry) {
    this.#entries.set(entry.ref, entry);
    return entry;
  }

  #place(entry) {
    let before = this.#log.lastElementChild;
    if (before === entry.node) before = before.previousElementSibling;
    while (before && Number(before.dataset.at) > entry.at) {
      before = before.previousElementSibling;
      if (before === entry.node) before = before.previousElementSibling;
    }
    const inPlace = entry.node.isConnected && entry.node.previousElementSibling === before;
    if (!inPlace) before ? before.after(entry.node) : this.#log.prepend(entry.node);
    if (this.#log.ariaLive === "polite") this.#days();
    this.stay();
  }

  // The photo a placeholder will most likely become: the person's last one above it.
  #lastPhoto(entry) {
    let best = null;
    for (const other of this.#entries.values()) {
      if (other.photo && other.at <= entry.at && (!best || other.at >= best.at)) best = other;
    }
    return best?.photo ?? null;
  }

  #days() {
    let last = new Date().toDateString(); // today needs no headline
    for (const node of this.#log.children) {
      const at = Number(node.dataset.at);
      const date = Number.isFinite(at) ? new Date(at * 1000) : new Date();
      const day = date.toDateString();
      if (day === last) delete node.dataset.day;
      else node.dataset.day = day === new Date().toDateString() ? word("Today") : dayOf.format(date);
      last = day;
    }
  }

  #scrolled() {
    this.#atEnd = this.#scroller.scrollTop > this.#end() - NEAR_PX;
    if (this.#atEnd) byId("newest").hidden = true;
  }

  #toEnd(smooth) {
    this.#atEnd = true;
    byId("newest").hidden = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#scroller.scrollTo({ top: this.#end(), behavior: smooth && !calm ? "smooth" : "instant" });
  }
}
