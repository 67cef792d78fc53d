// The page's own words in the person's language. English is written where it stands; other languages are looked up.

import { DE } from "./de.js";

const BOOKS = { de: DE };
const BLANK = /\{(\d)\}/g;
const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt"];

export const lang = (navigator.language || "en").split("-")[0].toLowerCase();
const book = BOOKS[lang] ?? {};

// A sentence, its blanks {0}, {1} filled.
export function word(sentence, ...values) {
  return (book[sentence] ?? sentence).replace(BLANK, (_, i) => values[i]);
}

// Puts everything that stands in the page into the person's language.
export function translate() {
  if (!BOOKS[lang]) return;
  document.documentElement.lang = lang;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const sentence = walker.currentNode.data.trim();
    if (book[sentence]) walker.currentNode.data = walker.currentNode.data.replace(sentence, book[sentence]);
  }
  for (const name of ATTRIBUTES) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      node.setAttribute(name, word(node.getAttribute(name)));
    }
  }
}
