/** A field that hides the rows of the list below it that do not hold what was typed; a search form inside it gives its own field. */
class PolyFilter extends HTMLElement {
  connectedCallback(): void {
    const status = document.createElement("p");
    status.className = "hint";
    status.setAttribute("role", "status");
    const input = this.querySelector<HTMLInputElement>("input[type=search]") ?? this.makeField();
    input.closest(".field")?.append(status);
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLocaleLowerCase();
      let shown = 0;
      for (const row of document.querySelectorAll<HTMLElement>(`#${this.dataset.for} [data-row]`)) {
        const hit = (row.dataset.row ?? row.textContent ?? "").toLocaleLowerCase().includes(wanted);
        row.hidden = !hit;
        shown += hit ? 1 : 0;
      }
      status.textContent = wanted === "" ? "" : String(shown);
    });
  }

  private makeField(): HTMLInputElement {
    const label = document.createElement("label");
    label.textContent = this.dataset.label ?? "";
    const input = document.createElement("input");
    input.type = "search";
    input.id = `filter-${this.dataset.for ?? ""}`;
    label.htmlFor = input.id;
    const field = document.createElement("div");
    field.className = "field";
    field.append(label, input);
    this.prepend(field);
    return input;
  }
}

customElements.define("poly-filter", PolyFilter);

export {};
