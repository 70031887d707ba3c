interface FoundCode { rawValue: string }
interface Detector { detect(source: HTMLVideoElement): Promise<FoundCode[]> }
declare const BarcodeDetector: { new (options: { formats: string[] }): Detector } | undefined;

/** Reads a QR code with the camera into the field inside it and sends its form. The field can always be typed in. */
class PolyScan extends HTMLElement {
  private stream: MediaStream | null = null;

  connectedCallback(): void {
    if (typeof BarcodeDetector === "undefined" || !navigator.mediaDevices) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "secondary";
    button.textContent = this.dataset.label ?? "";
    button.addEventListener("click", () => void this.scan(button));
    this.append(button);
  }

  disconnectedCallback(): void {
    this.stop();
  }

  private async scan(button: HTMLButtonElement): Promise<void> {
    const input = this.querySelector("input:not([type=hidden])") as HTMLInputElement | null;
    if (input === null || typeof BarcodeDetector === "undefined") {
      return;
    }
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    this.querySelector("[role=alert]")?.remove();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      // Not allowed, not there, or in use: the button stays for another try.
      const line = document.createElement("p");
      line.className = "notice error";
      line.setAttribute("role", "alert");
      line.textContent = this.dataset.refused ?? "";
      this.append(line);
      return;
    }
    const video = document.createElement("video");
    video.srcObject = this.stream;
    video.muted = true;
    video.playsInline = true;
    button.replaceWith(video);
    await video.play();
    while (this.stream !== null) {
      const found = await detector.detect(video);
      if (found[0] !== undefined) {
        input.value = found[0].rawValue;
        this.stop();
        input.form?.requestSubmit();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  private stop(): void {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }
}

customElements.define("poly-scan", PolyScan);

export {};
