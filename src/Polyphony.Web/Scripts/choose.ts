/** Beside a list of boxes: one box that ticks all that the list shows at the moment, and how many are ticked. */
class PolyChoose extends HTMLElement {
  connectedCallback(): void {
    const list = document.getElementById(this.dataset.for ?? "");
    const all = this.querySelector<HTMLInputElement>("input[type=checkbox]");
    const label = this.querySelector("label span");
    if (list === null || all === null || label === null) {
      return;
    }

    // From here on the boxes alone say who is chosen: the list may show less than it holds.
    all.removeAttribute("name");
    all.closest("label")?.removeAttribute("hidden");
    label.textContent = this.dataset.label ?? "";
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    this.append(status);
    const boxes = () => [...list.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
    const shown = () => boxes().filter((box) => box.closest("tr")?.hidden !== true);
    const tell = (): void => {
      const chosen = boxes().filter((box) => box.checked).length;
      all.checked = chosen > 0 && shown().every((box) => box.checked);
      all.indeterminate = chosen > 0 && !all.checked;
      status.textContent = chosen === 0 ? "" : (this.dataset.chosen ?? "#").replace("#", String(chosen));
    };
    all.addEventListener("change", () => {
      for (const box of shown()) {
        box.checked = all.checked;
      }
      tell();
    });
    list.addEventListener("change", tell);

    // A browser ticks again what was ticked when somebody comes back.
    window.addEventListener("pageshow", tell);
    tell();
  }
}

customElements.define("poly-choose", PolyChoose);

export {};
