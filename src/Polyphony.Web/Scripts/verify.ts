import type { Evidence } from "./verify-draw.js";

type Files = Partial<Record<"record" | "manifest" | "panels" | "person" | "before", Uint8Array>>;

/** The page "check it yourself": takes files by choice, by drop or from the server, and says in words what came of each check. No file leaves the browser. */
class PolyVerify extends HTMLElement {
  // Loaded at once, so that the page goes on working when the network is taken away.
  private readonly verifier = import("./verify-draw.js");
  private readonly invitations = import("./verify-invitation.js");
  private files: Files = {};

  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>("input[type=file]");
    const drop = this.querySelector<HTMLElement>("[data-drop]");
    if (input === null || drop === null) {
      return;
    }
    input.addEventListener("change", () => void this.take([...(input.files ?? [])]));
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      void this.take([...(event.dataTransfer?.files ?? [])]);
    });
    this.querySelector("[data-check]")?.addEventListener("click", () => void this.show());
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-files]")) {
      button.addEventListener("click", () => void this.load(button.dataset.files ?? "", button.dataset.panels === "yes", button.dataset.before ?? ""));
    }
  }

  private async take(chosen: File[]): Promise<void> {
    this.files = {};
    const names: string[] = [];
    for (const file of chosen) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const kind = kindOf(bytes);
      if (kind === "record" && this.files.record !== undefined) {
        // Of two records the one that names the other is looked at; the other is the draw before it.
        const goesOn = follows(bytes, this.files.record);
        this.files.before = goesOn ? this.files.record : bytes;
        this.files.record = goesOn ? bytes : this.files.record;
      } else {
        this.files[kind] = bytes;
      }
      names.push(file.name);
    }
    this.name(names);
    await this.show();
  }

  private async load(from: string, withPanels: boolean, before: string): Promise<void> {
    try {
      this.files = {};
      const wanted = { record: `${from}record.json`, manifest: `${from}manifest.json`, ...(withPanels ? { panels: `${from}panels.json` } : {}), ...(before === "" ? {} : { before: `${before}record.json` }) };
      for (const [name, address] of Object.entries(wanted) as [keyof Files, string][]) {
        const response = await fetch(address);
        if (!response.ok) {
          throw new Error(String(response.status));
        }
        this.files[name] = new Uint8Array(await response.arrayBuffer());
      }
      this.name(Object.keys(this.files).map((name) => `${name}.json`));
      await this.show();
    } catch {
      this.files = {};
      this.say("not-loaded", "warning");
    }
  }

  private name(names: string[]): void {
    const line = this.querySelector("[data-names]");
    if (line !== null) {
      line.textContent = names.join(" · ");
    }
  }

  private async show(): Promise<void> {
    const { record, manifest, panels, person, before } = this.files;
    if (record === undefined) {
      this.say("none", "warning");
      return;
    }
    const { isInvitation, verifyInvitation, invitationHolds, invitationCodes } = await this.invitations;
    if (isInvitation(record)) {
      const { states, hash } = await verifyInvitation(record, manifest ?? null);
      const good = invitationHolds(states);
      this.say(good ? "letters-good" : "letters-bad", good ? "success" : "error");
      this.list(invitationCodes.map((code) => this.check("letters." + code, states[code])), hash);
      return;
    }
    const evidence: Evidence = { record, manifest: manifest ?? null, panels: panels ?? null, person: person ?? null, before: before ?? null, hash: this.value("hash") || null, key: this.value("key") || null };
    const { verifyDraw, holds, codes, findTicket, manifestHashOf } = await this.verifier;
    const states = await verifyDraw(evidence);
    const good = holds(states);
    this.say(good ? "good" : "bad", good ? "success" : "error");
    this.list(codes.map((code) => this.check(code, states[code])), await manifestHashOf(evidence));
    const ticket = this.value("ticket");
    const found = ticket === "" ? null : await findTicket(evidence, ticket);
    if (found !== null) {
      const said = found.place < 0
        ? [this.text("ticket.out")]
        : [this.text("ticket.in"), this.text(found.selected ? "ticket.drawn" : "ticket.not-drawn"),
          found.panels === null ? this.text("ticket.no-panels") : this.text("ticket.panels").replace("{count}", String(found.panels)).replace("{of}", String(found.of))];
      this.querySelector("[data-verdict]")!.append(paragraph(said.join(" "), "notice"));
    }
  }

  private list(checks: HTMLElement[], hash: string | null): void {
    this.querySelector("[data-checks]")!.replaceChildren(...checks);
    this.querySelector("[data-hash]")!.textContent = hash === null ? "" : `${this.text("hash")} ${hash}`;
  }

  private check(code: string, state: string): HTMLElement {
    const item = document.createElement("li");
    item.className = state;
    item.dataset.code = code;
    item.dataset.state = state;
    const word = document.createElement("strong");
    word.textContent = this.text("state." + state);
    const missing = state === "not-performed" ? this.text("missing." + code) : "";
    item.append(word, " ", this.text("check." + code), ...(missing === "" ? [] : [document.createElement("br"), missing]));
    return item;
  }

  private say(verdict: string, kind: string): void {
    this.querySelector<HTMLElement>("[data-outcome]")!.hidden = false;
    this.querySelector("[data-checks]")!.replaceChildren();
    this.querySelector("[data-hash]")!.textContent = "";
    this.querySelector("[data-verdict]")!.replaceChildren(paragraph(this.text("verdict." + verdict), "notice " + kind));
  }

  private value(name: string): string {
    return this.querySelector<HTMLInputElement>(`input[name=${name}]`)?.value.trim() ?? "";
  }

  private text(key: string): string {
    return this.querySelector("template")?.content.querySelector(`[data-text="${key}"]`)?.textContent ?? "";
  }
}

function paragraph(text: string, kind: string): HTMLElement {
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = text;
  return line;
}

/** Which file it is, by what is in it; names get changed on the way. What is none of them is taken for a record, and refused as one. */
function kindOf(bytes: Uint8Array): keyof Files {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return "manifestHash" in value ? "record" : "leaf" in value ? "person" : "alg" in value ? "manifest" : "panels" in value ? "panels" : "record";
  } catch {
    return "record";
  }
}

/** Whether a record of replacements names the manifest of another record. */
function follows(bytes: Uint8Array, other: Uint8Array): boolean {
  const named = (record: Uint8Array): { manifestHash?: string; manifest?: { panel?: string } } => JSON.parse(new TextDecoder().decode(record)) as { manifestHash?: string; manifest?: { panel?: string } };
  try {
    return named(bytes).manifest?.panel === named(other).manifestHash;
  } catch {
    return false;
  }
}

customElements.define("poly-verify", PolyVerify);
