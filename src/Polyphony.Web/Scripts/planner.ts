/**
 * The table planner by hand: drag a person onto another one or onto a table, or do the same by keyboard. Every change goes to the server by the
 * page's own forms, which also work without this script; the server answers with the parts that look different now.
 */
const PARTS = "text/vnd.polyphony.parts";

class PolyPlanner extends HTMLElement {
  private picked: string | null = null;
  private drag: { person: string; x: number; y: number; ghost: SVGElement | null; pointer: number } | null = null;
  private dragged = false;
  private queue: Promise<void> = Promise.resolve();

  connectedCallback(): void {
    if (this.bar?.dataset.base === undefined) {
      return;
    }
    this.classList.add("scripted");
    this.rove();
    this.addEventListener("submit", (event) => this.onSubmit(event));
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("pointerdown", (event) => this.onDown(event));
    this.addEventListener("pointermove", (event) => this.onMove(event));
    this.addEventListener("pointerup", (event) => this.onUp(event));
    this.addEventListener("pointercancel", () => this.endDrag());
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.addEventListener("pointerover", (event) => this.onOver(event));
  }

  private get bar(): HTMLElement | null {
    return this.querySelector<HTMLElement>("#planner-bar");
  }

  private get seats(): SVGAElement[] {
    return [...this.querySelectorAll<SVGAElement>("a.seat")];
  }

  /** One seat of the page is in the order of the tab key; arrows go from there. */
  private rove(to?: SVGAElement): void {
    const seats = this.seats;
    const one = to ?? seats.find((seat) => seat.tabIndex === 0 && seat.hasAttribute("tabindex")) ?? seats[0];
    for (const seat of seats) {
      seat.setAttribute("tabindex", seat === one ? "0" : "-1");
    }
  }

  private seatOf(person: string): SVGAElement | null {
    return this.querySelector<SVGAElement>(`a.seat[data-person="${person}"]`);
  }

  private onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!form.hasAttribute("data-parts")) {
      return;
    }
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    this.send(form.action, fields, event.submitter?.closest("#planner-bar") ? "bar" : "person");
  }

  private onClick(event: MouseEvent): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    const target = event.target as Element;
    const close = target.closest("a[data-close]");
    if (close !== null) {
      event.preventDefault();
      const person = this.picked;
      this.choose(null);
      if (person !== null) {
        this.seatOf(person)?.focus();
      }
      return;
    }
    const seat = target.closest<SVGAElement>("a[data-person]");
    if (this.dragged) {
      this.dragged = false;
      if (seat !== null) {
        event.preventDefault();
      }
      return;
    }
    if (seat !== null) {
      event.preventDefault();
      this.press(seat);
      return;
    }
    // Somebody was chosen and then an empty part of a table: they sit down there.
    const table = target.closest<HTMLElement>("section[data-table]");
    if (table !== null && this.picked !== null && target.closest("svg") !== null) {
      this.move(this.picked, table.dataset.table ?? "");
    }
  }

  private press(seat: SVGAElement): void {
    const person = seat.dataset.person ?? "";
    const table = seat.closest<HTMLElement>("section[data-table]")?.dataset.table;
    if (this.picked === null || table === undefined) {
      this.choose(person);
    } else if (this.picked === person) {
      this.choose(null);
      this.say(this.dataset.putBack ?? "");
    } else {
      this.move(this.picked, `${table}/${person}`);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const seat = (event.target as Element).closest<SVGAElement>("a.seat");
    if (event.key === "Escape" && this.picked !== null) {
      const person = this.picked;
      this.choose(null);
      this.seatOf(person)?.focus();
      this.say(this.dataset.putBack ?? "");
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z" && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      this.querySelector<HTMLButtonElement>(`#planner-bar form[action$="/${event.shiftKey ? "redo" : "undo"}"] button:not(:disabled)`)?.click();
      return;
    }
    if (seat === null || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const table = seat.closest<HTMLElement>("section[data-table]");
    const ring = [...(table?.querySelectorAll<SVGAElement>("a.seat") ?? [])];
    const at = ring.indexOf(seat);
    let next: SVGAElement | undefined;
    if (event.key === "ArrowRight") {
      next = ring[(at + 1) % ring.length];
    } else if (event.key === "ArrowLeft") {
      next = ring[(at + ring.length - 1) % ring.length];
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const tables = [...this.querySelectorAll<HTMLElement>("section[data-table]")].filter((section) => section.querySelector("a.seat") !== null);
      const other = tables[tables.indexOf(table as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)];
      const seats = [...(other?.querySelectorAll<SVGAElement>("a.seat") ?? [])];
      next = seats[Math.min(at, seats.length - 1)];
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (event.shiftKey && this.picked !== null && table !== null) {
        this.move(this.picked, table.dataset.table ?? "");
      } else {
        this.press(seat);
      }
      return;
    } else {
      return;
    }
    event.preventDefault();
    if (next !== undefined) {
      this.rove(next);
      next.focus();
    }
  }

  private onDown(event: PointerEvent): void {
    this.dragged = false;
    // A finger scrolls the page; it chooses a person and then a place instead.
    const seat = (event.target as Element).closest<SVGAElement>("a.seat");
    if (seat === null || event.button !== 0 || event.pointerType === "touch" || seat.dataset.pinned !== undefined) {
      return;
    }
    this.drag = { person: seat.dataset.person ?? "", x: event.clientX, y: event.clientY, ghost: null, pointer: event.pointerId };
  }

  private onMove(event: PointerEvent): void {
    const drag = this.drag;
    if (drag === null || event.pointerId !== drag.pointer) {
      return;
    }
    if (drag.ghost === null) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) {
        return;
      }
      this.setPointerCapture(event.pointerId);
      drag.ghost = this.ghostOf(drag.person);
      this.dragged = true;
      this.classList.add("dragging");
    }
    drag.ghost.style.translate = `${event.clientX}px ${event.clientY}px`;
    for (const over of this.querySelectorAll(".over")) {
      over.classList.remove("over");
    }
    const target = this.targetAt(event);
    (target?.seat ?? target?.table)?.classList.add("over");
  }

  private onUp(event: PointerEvent): void {
    const drag = this.drag;
    if (drag === null || drag.ghost === null) {
      this.drag = null;
      return;
    }
    const target = this.targetAt(event);
    this.endDrag();
    if (target === null) {
      return;
    }
    const other = target.seat?.dataset.person;
    const table = target.table.dataset.table ?? "";
    if (other !== drag.person) {
      this.move(drag.person, other === undefined ? table : `${table}/${other}`);
    }
  }

  /** Says who it is beside the pointer, in the words that a screen reader hears. */
  private onOver(event: PointerEvent): void {
    const seat = (event.target as Element).closest<SVGAElement>("a.seat");
    for (const title of this.querySelectorAll("a.seat > title")) {
      title.remove();
    }
    if (seat !== null && event.pointerType !== "touch") {
      const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
      title.textContent = seat.getAttribute("aria-label");
      seat.prepend(title);
    }
  }

  private targetAt(event: PointerEvent): { table: HTMLElement; seat: SVGAElement | null } | null {
    const element = document.elementFromPoint(event.clientX, event.clientY);
    const table = element?.closest<HTMLElement>("section[data-table]") ?? null;
    return table === null || !this.contains(table) ? null : { table, seat: element?.closest<SVGAElement>("a.seat") ?? null };
  }

  private ghostOf(person: string): SVGElement {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "planner-ghost");
    svg.setAttribute("aria-hidden", "true");
    svg.style.left = "-13px";
    const mark = this.seatOf(person)?.querySelector("path")?.cloneNode(true) as SVGPathElement | undefined;
    if (mark !== undefined) {
      svg.append(mark);
    }
    this.append(svg);
    if (mark !== undefined) {
      const box = mark.getBBox();
      svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
    }
    this.seatOf(person)?.classList.add("lifted");
    return svg;
  }

  private endDrag(): void {
    const drag = this.drag;
    this.drag = null;
    this.classList.remove("dragging");
    drag?.ghost?.remove();
    for (const element of this.querySelectorAll(".over, .lifted")) {
      element.classList.remove("over", "lifted");
    }
  }

  /** Chooses a person: their part of the page says who it is and whom they meet. */
  private choose(person: string | null): void {
    this.picked = person;
    for (const seat of this.seats) {
      if (seat.dataset.person === person) {
        seat.setAttribute("aria-current", "true");
      } else {
        seat.removeAttribute("aria-current");
      }
    }
    const bar = this.bar;
    if (bar === null) {
      return;
    }
    const address = `${bar.dataset.base}${bar.dataset.query}${person === null ? "" : `&person=${person}`}`;
    this.run(async () => {
      const response = await fetch(address, { headers: { Accept: PARTS } });
      this.take(response, await response.text(), false);
      if (person !== null) {
        this.say(`${this.seatOf(person)?.getAttribute("aria-label") ?? person}. ${this.dataset.picked ?? ""}`);
      }
    });
  }

  private move(person: string, to: string): void {
    const bar = this.bar;
    const form = bar?.querySelector<HTMLFormElement>("form[data-parts]");
    if (bar === null || form === null || form === undefined) {
      return;
    }
    this.picked = null;
    const fields = new FormData(form);
    fields.set("person", person);
    fields.set("to", to);
    fields.set("panel", "no");
    this.send(`${bar.dataset.base}/move`, fields, `seat ${person}`);
  }

  /** One change after the other: each is made to the state that the one before left. */
  private send(action: string, fields: FormData, focus: string): void {
    this.run(async () => {
      fields.set("seen", this.bar?.querySelector<HTMLInputElement>("input[name=seen]")?.value ?? "");
      const body = new URLSearchParams();
      for (const [name, value] of fields) {
        body.append(name, String(value));
      }
      const response = await fetch(action, { method: "POST", headers: { Accept: PARTS }, body });
      const text = await response.text();
      if (response.status === 409 || response.redirected) {
        location.reload();
        return;
      }
      this.take(response, text, true);
      if (focus === "bar") {
        this.querySelector<HTMLElement>(`#planner-bar form[action="${new URL(action).pathname}"] button:not(:disabled), #planner-bar button:not(:disabled)`)?.focus();
      } else if (focus.startsWith("seat ")) {
        const seat = this.seatOf(focus.slice(5));
        this.rove(seat ?? undefined);
        seat?.focus({ preventScroll: true });
      } else {
        this.querySelector<HTMLElement>("#planner-person")?.focus({ preventScroll: true });
      }
    });
  }

  private run(work: () => Promise<void>): void {
    this.queue = this.queue.then(work).catch(() => this.say(this.dataset.unsaved ?? "", true));
  }

  /** Puts each part of an answer in the place of the element with its id. */
  private take(response: Response, text: string, aloud: boolean): void {
    if (response.status !== 200 && response.status !== 422) {
      throw new Error(String(response.status));
    }
    const parts = new DOMParser().parseFromString(text, "text/html").body.children;
    for (const part of [...parts]) {
      if (part.id === "planner-said") {
        if (aloud) {
          this.say(part.textContent ?? "", response.status === 422);
        }
      } else if (response.status === 200) {
        document.getElementById(part.id)?.replaceWith(document.adoptNode(part));
      }
    }
    // Forms outside of the parts are made for what is seen now, too.
    const seen = this.bar?.querySelector<HTMLInputElement>("input[name=seen]")?.value;
    for (const field of document.querySelectorAll<HTMLInputElement>("input[name=seen]")) {
      field.value = seen ?? field.value;
    }
    this.rove();
  }

  private say(text: string, wrong = false): void {
    const status = this.querySelector<HTMLElement>("#planner-status");
    if (status !== null) {
      status.textContent = text;
      status.classList.toggle("visually-hidden", !wrong);
      status.classList.toggle("notice", wrong);
      status.classList.toggle("error", wrong);
    }
  }
}

customElements.define("poly-planner", PolyPlanner);

export {};
