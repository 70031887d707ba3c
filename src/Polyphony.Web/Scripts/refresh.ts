/** While its region says data-running, asks for the page again and swaps the region; reloads once when the work has ended. */
class PolyRefresh extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    this.plan();
  }

  disconnectedCallback(): void {
    clearTimeout(this.timer);
  }

  private get running(): boolean {
    return this.querySelector("[data-running]") !== null;
  }

  private plan(): void {
    if (this.running) {
      this.timer = window.setTimeout(() => void this.refresh(), Number(this.dataset.interval ?? 1000));
    }
  }

  private async refresh(): Promise<void> {
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector(`poly-refresh[data-region="${this.dataset.region}"]`);
      if (fresh === null || fresh.querySelector("[data-running]") === null) {
        location.reload();
        return;
      }
      // Whoever is at a control of the region by keyboard stays at it.
      const focused = this.contains(document.activeElement) ? document.activeElement?.id ?? "" : "";
      this.replaceChildren(...fresh.childNodes);
      if (focused !== "") {
        document.getElementById(focused)?.focus({ preventScroll: true });
      }
    } catch {
      // The network is away: the next round tries again.
    }
    this.plan();
  }
}

customElements.define("poly-refresh", PolyRefresh);

export {};
