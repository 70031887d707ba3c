// Bytes, hashes and trees for the verifier of a draw: WebCrypto and nothing else.
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject { [name: string]: Json }

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** RFC 8785, with whole numbers of at most 2^53 only. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) {
    return "[" + value.map(canonical).join(",") + "]";
  }
  if (typeof value === "object" && value !== null) {
    return "{" + Object.keys(value).sort().map((name) => JSON.stringify(name) + ":" + canonical(value[name]!)).join(",") + "}";
  }
  if (typeof value === "number" && (!Number.isInteger(value) || Math.abs(value) > 2 ** 53)) {
    throw new RangeError(String(value));
  }
  return JSON.stringify(value);
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(i * 2, i * 2 + 2), 16));
}

async function sha256(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

export async function sha256Hex(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return hex(await sha256(data));
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function leafHash(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(join(Uint8Array.of(0), data));
}

function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(join(Uint8Array.of(1), left, right));
}

/** RFC 9162, section 2.1.3.2. Numbers may be greater than 2^31, so that shifts are divisions. */
export async function included(leaf: Uint8Array, index: number, size: number, proof: string[], root: string): Promise<boolean> {
  if (index >= size) {
    return false;
  }
  const half = (value: number): number => Math.floor(value / 2);
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const step of proof.map(unhex)) {
    if (sn === 0) {
      return false;
    }
    if (fn % 2 === 1 || fn === sn) {
      hash = await nodeHash(step, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      hash = await nodeHash(hash, step);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && hex(hash) === root;
}

/** HKDF-Extract with SHA-256: the manifest's hash is the salt. */
export async function pseudoRandomKey(manifestHash: string, seed: string): Promise<CryptoKey> {
  return hmacKey(await hmac(await hmacKey(unhex(manifestHash)), utf8(seed)));
}

function hmacKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

async function hmac(key: CryptoKey, message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

/** HKDF-Expand of at most 32 bytes. */
function expand(key: CryptoKey, info: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return hmac(key, join(info, Uint8Array.of(1)));
}

export async function orderPosition(key: CryptoKey, ticket: string): Promise<string> {
  return hex(await expand(key, utf8("PD1/order\0" + ticket)));
}

/** One of so many numbered things, without bias. */
export async function indexDraw(key: CryptoKey, name: string, count: number): Promise<number> {
  const m = BigInt(count);
  const all = 1n << 64n;
  for (let c = 0; ; c++) {
    const counter = new Uint8Array(4);
    new DataView(counter.buffer).setUint32(0, c);
    const x = new DataView((await expand(key, join(utf8(`PD1/index\0${name}\0`), counter))).buffer).getBigUint64(0);
    if (x < all - (all % m)) {
      return Number(x % m);
    }
  }
}

function strictBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
    return btoa(String.fromCharCode(...bytes)) === text ? bytes : null;
  } catch {
    return null;
  }
}

/** Whether a checkpoint was signed by a key (C2SP signed-note, Ed25519); null where this browser has no Ed25519. */
export async function verifySignature(note: string, key: string, known: string | null): Promise<boolean | null> {
  const parts = /^([!-*,-~]+)\+([0-9a-f]{8})\+(.+)$/.exec(key);
  const data = parts === null ? null : strictBase64(parts[3]!);
  if (parts === null || data === null || data.length !== 33 || data[0] !== 1 || (known !== null && known.trim() !== key)) {
    return false;
  }
  const name = parts[1]!;
  const id = (await sha256(join(utf8(name + "\n"), data))).slice(0, 4);
  const [text, lines] = [note.slice(0, note.indexOf("\n\n") + 1), note.slice(note.indexOf("\n\n") + 2)];
  if (hex(id) !== parts[2] || !note.startsWith(name + "\n")) {
    return false;
  }
  let publicKey: CryptoKey;
  try {
    publicKey = await crypto.subtle.importKey("raw", data.slice(1), { name: "Ed25519" }, false, ["verify"]);
  } catch (failure) {
    // A browser without Ed25519 says NotSupported; anything else is about the key.
    return failure instanceof DOMException && failure.name === "NotSupportedError" ? null : false;
  }
  for (const line of lines.split("\n").filter((signature) => signature.startsWith(`\u2014 ${name} `))) {
    const signature = strictBase64(line.slice(name.length + 3));
    if (signature?.length === 68 && hex(signature.slice(0, 4)) === hex(id) && (await crypto.subtle.verify({ name: "Ed25519" }, publicKey, signature.slice(4), utf8(text)))) {
      return true;
    }
  }
  return false;
}
