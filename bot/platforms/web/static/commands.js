// The small list of commands that opens when a message begins with a slash.

import { word } from "./words.js";

const COMMANDS = [
  ["/style ", "a look by its name: /style goth"],
  ["/styles", "all looks"],
  ["/sheet", "nine looks on your face"],
  ["/last", "your last picture again"],
  ["/help", "how this works"],
  ["/privacy", "what happens to your photos"],
  ["/forget", "erase everything of mine"],
];

export class Commands {
  #field;
  #list = document.getElementById("commands");
  #picked;
  #at = 0;

  // picked(): a command was put into the field.
  constructor(field, picked) {
    this.#field = field;
    this.#picked = picked;
    field.addEventListener("input", () => this.refresh());
    field.addEventListener("blur", () => this.close());
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.#list.addEventListener("click", (event) => {
      const item = event.target.closest("li");
      if (item) this.#pick(item);
    });
  }

  refresh() {
    const typed = this.#field.value;
    const fitting = typed.startsWith("/") ? COMMANDS.filter(([name]) => name.startsWith(typed) && name !== typed) : [];
    this.#list.replaceChildren(...fitting.map(option));
    this.#list.hidden = !fitting.length;
    this.#mark(0);
  }

  close() {
    this.#list.hidden = true;
    this.#field.removeAttribute("aria-activedescendant");
  }

  // Returns whether the key was for the list.
  key(event) {
    if (this.#list.hidden) return false;
    const items = this.#list.children;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#mark((this.#at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      if (event.shiftKey) return false;
      this.#pick(items[this.#at]);
    } else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  #mark(at) {
    this.#at = at;
    [...this.#list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    const item = this.#list.children[at];
    if (item) this.#field.setAttribute("aria-activedescendant", item.id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #pick(item) {
    this.#field.value = item.dataset.command;
    this.close();
    this.#picked();
  }
}

function option([name, meaning], i) {
  const item = document.createElement("li");
  item.id = `command-${i}`;
  item.role = "option";
  item.dataset.command = name;
  const what = document.createElement("b");
  what.textContent = name.trim();
  const why = document.createElement("span");
  why.textContent = word(meaning);
  item.append(what, " ", why);
  return item;
}
