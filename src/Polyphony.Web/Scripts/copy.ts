/** A button that copies a text, such as a link that is shown once. */
class PolyCopy extends HTMLElement {
  connectedCallback(): void {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "secondary small";
    button.textContent = this.dataset.label ?? "";
    button.addEventListener("click", () => {
      void navigator.clipboard.writeText(this.dataset.text ?? "").then(() => {
        button.textContent = this.dataset.done ?? "✓";
      });
    });
    this.append(button);
  }
}

customElements.define("poly-copy", PolyCopy);

export {};
