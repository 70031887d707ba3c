/** A page that is not shown a second time: who comes back to it by the browser's memory is sent to its address anew. */
class PolyOnce extends HTMLElement {
  private readonly onShow = (event: PageTransitionEvent): void => {
    if (event.persisted) {
      location.replace(this.dataset.to ?? location.pathname);
    }
  };

  connectedCallback(): void {
    window.addEventListener("pageshow", this.onShow);
  }

  disconnectedCallback(): void {
    window.removeEventListener("pageshow", this.onShow);
  }
}

customElements.define("poly-once", PolyOnce);

export {};
