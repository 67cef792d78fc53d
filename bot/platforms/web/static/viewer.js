// One picture, large. Esc closes it, as every dialog.

const byId = (id) => document.getElementById(id);

export class Viewer {
  #dialog = byId("viewer");

  constructor() {
    byId("viewer-close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
    this.#dialog.addEventListener("close", () => byId("viewer-picture").removeAttribute("src"));
  }

  // picture: {src, alt, save}; save is the address that downloads it, or nothing.
  open({ src, alt, save }) {
    const picture = byId("viewer-picture");
    picture.src = src;
    picture.alt = alt;
    const link = byId("viewer-save");
    link.hidden = !save;
    if (save) link.href = save;
    this.#dialog.showModal();
  }
}
