// Verifies a draw in the reader's own browser, written from docs/draw-specification.md and with nothing of the server's code.
import { canonical, included, indexDraw, leafHash, pseudoRandomKey, orderPosition, sha256Hex, utf8, verifySignature } from "./verify-math.js";
import type { Json, JsonObject } from "./verify-math.js";

export const codes = ["form", "manifest", "anchor", "tickets", "times", "seed", "chance", "selected", "panels", "person", "before", "log", "signature", "quotas"] as const;
export type Code = (typeof codes)[number];
export type State = "passed" | "failed" | "not-performed";
export interface Evidence { record: Uint8Array; manifest?: Uint8Array | null; panels?: Uint8Array | null; person?: Uint8Array | null; before?: Uint8Array | null; hash?: string | null; key?: string | null }
export interface TicketFinding { place: number; selected: boolean; panels: number | null; of: number }

const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const hash = /^[0-9a-f]{64}$/;
const ticket = /^[0-9a-f]{32}$/;
const labelForm = /^[!-~]{1,40}$/;
const checkpointForm = /^([!-*,-~]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n(?:\u2014 [^\n]*\n)+$/;

class Malformed extends Error {}

interface Source { kind: string; outOf: number; at: string | null }
interface Entry { entry: JsonObject; index: number; proof: string[] }
interface Draw {
  record: JsonObject; manifest: JsonObject; manifestBytes: Uint8Array; manifestHash: string; hasPanels: boolean; attempt: number; frozenAt: string | null; drawnAt: string | null; seed: string; how: string;
  sources: Source[]; values: string[][]; selected: string[]; chosen: number; panelHashes: string[]; tickets: string[]; size: number; poolSize: number; poolRoot: string;
  before: string | null; out: string[]; staying: string[]; label: string | null; log: { checkpoint: string; frozen: Entry; drawn: Entry } | null; key: string | null;
}

export function must(holds: boolean): void {
  if (!holds) {
    throw new Malformed();
  }
}

export function object(value: Json | undefined): JsonObject {
  must(typeof value === "object" && value !== null && !Array.isArray(value));
  return value as JsonObject;
}

export function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

export function text(value: Json | undefined, form?: RegExp): string {
  must(typeof value === "string" && (form === undefined || form.test(value)));
  return value as string;
}

export function whole(value: Json | undefined): number {
  must(typeof value === "number" && Number.isInteger(value) && value >= 0);
  return value as number;
}

export function many<T>(value: Json | undefined, item: (value: Json) => T): T[] {
  must(Array.isArray(value));
  return (value as Json[]).map(item);
}

export const texts = (value: Json | undefined, form?: RegExp): string[] => many(value, (item) => text(item, form));
const maybe = (value: JsonObject, name: string): boolean => Object.hasOwn(value, name);

/** The object of a file that is exactly its canonical form. */
function read(data: Uint8Array): JsonObject {
  try {
    const value = object(JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data)) as Json);
    const written = utf8(canonical(value));
    must(written.length === data.length && written.every((byte, i) => byte === data[i]));
    return value;
  } catch {
    throw new Malformed();
  }
}

function entry(value: Json | undefined): Entry {
  const proven = object(value);
  return { entry: object(own(proven, "entry")), index: whole(own(proven, "index")), proof: texts(own(proven, "proof"), hash) };
}

async function take(record: JsonObject): Promise<Draw> {
  const manifest = object(own(record, "manifest"));
  must(own(record, "format") === 2 && own(manifest, "format") === 2 && own(manifest, "alg") === "PD1");
  const hasPanels = maybe(manifest, "panels");
  const how = text(own(record, "how"));
  must((hasPanels ? ["dice", "index"] : ["order"]).includes(how));
  text(own(manifest, "dialogue"));
  text(own(manifest, "kind"));
  text(own(record, "manifestHash"), hash);
  const replaces = !hasPanels || own(manifest, "kind") === "replacement";
  // Times are stated all or none, and what a log holds states them.
  const timed = maybe(manifest, "frozenAt");
  must(timed || !maybe(manifest, "log"));
  const moment = (holder: JsonObject, name: string): string | null => {
    must(maybe(holder, name) === timed);
    return timed ? text(own(holder, name), time) : null;
  };
  const sources = many(own(manifest, "sources"), (value): Source => {
    const source = object(value);
    text(own(source, "name"));
    must(["dice", "lottery", "beacon"].includes(text(own(source, "kind"))));
    return { kind: text(own(source, "kind")), outOf: whole(own(source, "outOf")), at: moment(source, "at") };
  });
  must(sources.length > 0);
  const pool = hasPanels ? object(own(manifest, "pool")) : {};
  if (hasPanels) {
    text(own(manifest, "objective"));
    text(own(manifest, "algorithm"));
    must(whole(own(manifest, "size")) > 0);
    many(own(manifest, "quotas"), (value) => {
      const quota = object(value);
      text(own(quota, "criterion"));
      text(own(quota, "value"));
      must(whole(own(quota, "min")) <= whole(own(quota, "max")));
    });
  }
  const log = maybe(record, "log") ? object(own(record, "log")) : null;
  const manifestBytes = utf8(canonical(manifest));
  const draw: Draw = {
    record, manifest, manifestBytes, manifestHash: await sha256Hex(manifestBytes), hasPanels, how, sources,
    attempt: whole(own(manifest, "attempt")), frozenAt: moment(manifest, "frozenAt"), drawnAt: moment(record, "drawnAt"), seed: text(own(record, "seed")),
    values: many(own(record, "values"), (values) => texts(values)), selected: texts(own(record, "selected"), ticket), chosen: hasPanels ? whole(own(record, "chosen")) : 0,
    panelHashes: hasPanels ? texts(own(manifest, "panels"), hash) : [], tickets: hasPanels ? texts(own(manifest, "tickets"), ticket) : [], size: hasPanels ? whole(own(manifest, "size")) : 0,
    poolSize: hasPanels ? whole(own(pool, "size")) : 0, poolRoot: hasPanels ? text(own(pool, "root"), hash) : "",
    before: replaces ? text(own(manifest, "panel"), hash) : null, out: replaces ? texts(own(manifest, "out"), ticket) : [], staying: replaces ? texts(own(manifest, "staying"), ticket) : [],
    label: maybe(manifest, "label") ? text(own(manifest, "label"), labelForm) : null,
    log: log === null ? null : { checkpoint: text(own(log, "checkpoint")), frozen: entry(own(log, "frozen")), drawn: entry(own(log, "drawn")) },
    key: maybe(manifest, "log") ? text(own(manifest, "log")) : null,
  };
  must(!hasPanels || draw.panelHashes.length > 0);
  return draw;
}

const ascends = (items: string[]): boolean => items.every((item, i) => i === 0 || items[i - 1]! < item);
const panelHash = (panel: string[]): Promise<string> => sha256Hex(utf8(panel.join("\n")));

/** How many bits the values hold and how they stand in the seed; null when they do not have the form of their kind. */
export function valuesOf(source: Source, values: string[]): { bits: number; written: string[] } | null {
  if (source.kind === "dice") {
    return values.length > 0 && values.length <= 1000 && values.every((value) => /^[0-9]$/.test(value)) ? { bits: bitLength(10n ** BigInt(values.length)) - 1, written: values } : null;
  }
  if (source.kind === "beacon") {
    return values.length === 1 && /^[0-9A-Fa-f]{32,256}$/.test(values[0]!) ? { bits: values[0]!.length * 4, written: [values[0]!.toLowerCase()] } : null;
  }
  if (values.length === 0 || source.outOf > 10_000 || !values.every((value) => /^[0-9]{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= source.outOf)) {
    return null;
  }
  const numbers = values.map(Number).sort((a, b) => a - b);
  if (new Set(numbers).size !== numbers.length) {
    return null;
  }
  let ways = 1n;
  numbers.forEach((_, i) => {
    ways = (ways * BigInt(source.outOf - i)) / BigInt(i + 1);
  });
  return { bits: bitLength(ways) - 1, written: numbers.map(String) };
}

const bitLength = (value: bigint): number => value.toString(2).length;

async function chanceHolds(draw: Draw, read: { bits: number; written: string[] }[]): Promise<boolean> {
  if (draw.hasPanels && draw.label === null && read.length === 1 && draw.sources[0]!.kind === "dice" && read[0]!.written.length === 3 && draw.panelHashes.length === 1000) {
    return draw.how === "dice" && draw.chosen === Number(read[0]!.written.join(""));
  }
  const enough = read.reduce((sum, values) => sum + values.bits, 0) >= 128;
  return enough && (!draw.hasPanels || (draw.how === "index" && draw.chosen === (await indexDraw(await pseudoRandomKey(draw.manifestHash, draw.seed), draw.label ?? "panel", draw.panelHashes.length))));
}

/** Whether a list of tickets is a panel: right size, in order, of the pool, nobody who is out, everybody who stays. */
function panelRule(draw: Draw): (panel: string[]) => boolean {
  const away = new Set(draw.out);
  const known = new Set(draw.tickets.filter((item) => !away.has(item)));
  return (panel) => {
    const seated = new Set(panel);
    return panel.length === draw.size && ascends(panel) && panel.every((item) => known.has(item)) && draw.staying.every((item) => seated.has(item));
  };
}

async function selectedHolds(draw: Draw): Promise<boolean> {
  if (draw.hasPanels) {
    return draw.chosen < draw.panelHashes.length && panelRule(draw)(draw.selected) && (await panelHash(draw.selected)) === draw.panelHashes[draw.chosen];
  }
  const key = await pseudoRandomKey(draw.manifestHash, draw.seed);
  const away = new Set([...draw.out, ...draw.staying]);
  return draw.selected.length > 0 && !draw.selected.some((item) => away.has(item)) && ascends(await Promise.all(draw.selected.map((item) => orderPosition(key, item))));
}

function ticketsHold(draw: Draw): boolean {
  const staying = new Set(draw.staying);
  return ascends(draw.out) && ascends(draw.staying) && !draw.out.some((item) => staying.has(item))
    && (!draw.hasPanels || (ascends(draw.tickets) && draw.tickets.length === draw.poolSize && draw.size <= draw.poolSize && draw.staying.length < draw.size));
}

async function panelsOf(draw: Draw, data: Uint8Array): Promise<string[][] | null> {
  try {
    const file = read(data);
    const panels = many(own(file, "panels"), (panel) => texts(panel, ticket));
    must(draw.hasPanels && own(file, "format") === 2 && own(file, "manifest") === draw.manifestHash && panels.length === draw.panelHashes.length);
    must(panels.every(panelRule(draw)));
    for (const [number, panel] of panels.entries()) {
      must((await panelHash(panel)) === draw.panelHashes[number]);
    }
    return panels;
  } catch {
    return null;
  }
}

async function personHolds(draw: Draw, data: Uint8Array): Promise<boolean> {
  try {
    const file = read(data);
    const leaf = object(own(file, "leaf"));
    const index = whole(own(file, "index"));
    Object.values(object(own(leaf, "strata"))).forEach((value) => text(value));
    text(own(leaf, "nonce"), hash);
    must(draw.hasPanels && Object.keys(leaf).length === 3 && own(file, "format") === 2 && own(file, "manifest") === draw.manifestHash && draw.tickets[index] === text(own(leaf, "ticket"), ticket));
    return await included(await leafHash(utf8(canonical(leaf))), index, draw.poolSize, texts(own(file, "proof"), hash), draw.poolRoot);
  } catch {
    return false;
  }
}

/** The values of the sources that cannot well be the same twice by chance. */
const telling = (draw: Draw): string[] => draw.sources.slice(0, draw.values.length).map((source, i) => valuesOf(source, draw.values[i]!)).filter((read) => read !== null && read.bits >= 20).map((read) => read!.written.join(" "));

/** The record before holds by itself (its signature is looked at when it is checked itself); nobody of that panel is forgotten, nobody who was out comes back, and the randomness is another one. */
async function beforeHolds(draw: Draw, data: Uint8Array): Promise<boolean> {
  const old = await open({ record: data });
  if (old === null || draw.before === null) {
    return false;
  }
  const seated = new Set([...old.selected, ...(old.hasPanels ? [] : old.staying)]);
  const named = new Set([...draw.staying, ...draw.out]);
  const used = new Set(telling(old));
  return holds({ ...(await verifyDraw({ record: data })), signature: "not-performed" }) && old.manifestHash === draw.before && draw.staying.every((item) => seated.has(item))
    && [...seated, ...old.out].every((item) => named.has(item))
    && (draw.frozenAt === null || old.drawnAt === null || old.drawnAt <= draw.frozenAt) && !telling(draw).some((values) => used.has(values));
}

/** The lines of a checkpoint in its one form: base64 has no loose bits. */
function checkpointOf(text: string): RegExpExecArray | null {
  const note = checkpointForm.exec(text);
  return note !== null && btoa(atob(note[3]!)) === note[3] ? note : null;
}

async function logHolds(draw: Draw): Promise<boolean> {
  const log = draw.log;
  const note = log === null ? null : checkpointOf(log.checkpoint);
  if (log === null || note === null || draw.key === null || !draw.key.startsWith(note[1]! + "+")) {
    return false;
  }
  const size = Number(note[2]);
  const root = Array.from(atob(note[3]!), (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  const bare = Object.fromEntries(Object.entries(draw.record).filter(([name]) => name !== "log"));
  const says = async (proven: Entry, end: string, at: string | null, fact: string, value: string): Promise<boolean> => {
    const facts = own(proven.entry, "facts");
    const code = own(proven.entry, "code");
    return typeof code === "string" && code.endsWith(end) && own(proven.entry, "at") === at && typeof facts === "object" && facts !== null && !Array.isArray(facts)
      && own(facts, fact) === value && own(facts, "attempt") === draw.attempt && (await included(await leafHash(utf8(canonical(proven.entry))), proven.index, size, proven.proof, root));
  };
  return BigInt(note[2]!) <= 2n ** 53n && log.frozen.index < log.drawn.index && log.drawn.index < size
    && (await says(log.frozen, ".frozen", draw.frozenAt, "manifest", draw.manifestHash)) && (await says(log.drawn, ".drawn", draw.drawnAt, "record", await sha256Hex(utf8(canonical(bare)))));
}

async function open(evidence: Evidence): Promise<Draw | null> {
  try {
    return await take(read(evidence.record));
  } catch {
    return null;
  }
}

/** Performs every check that the files allow. A check that was not performed never reads as passed. */
export async function verifyDraw(evidence: Evidence): Promise<Record<Code, State>> {
  const states = Object.fromEntries(codes.map((code) => [code, "not-performed"])) as Record<Code, State>;
  const set = (code: Code, holds: boolean | null): void => {
    states[code] = holds === null ? "not-performed" : holds ? "passed" : "failed";
  };
  const draw = await open(evidence);
  set("form", draw !== null);
  if (draw === null) {
    return states;
  }
  const manifest = evidence.manifest;
  set("manifest", own(draw.record, "manifestHash") === draw.manifestHash && (!manifest || (manifest.length === draw.manifestBytes.length && manifest.every((byte, i) => byte === draw.manifestBytes[i]))));
  set("anchor", evidence.hash ? evidence.hash.trim().toLowerCase() === draw.manifestHash : null);
  set("tickets", ticketsHold(draw));
  const [frozenAt, drawnAt] = [draw.frozenAt, draw.drawnAt];
  set("times", frozenAt === null || drawnAt === null ? null : draw.sources.every((source) => source.at !== null && frozenAt < source.at && source.at <= drawnAt));
  const values = draw.sources.slice(0, draw.values.length).map((source, i) => valuesOf(source, draw.values[i]!));
  const good = values.filter((value) => value !== null);
  const seed = draw.values.length === draw.sources.length && good.length === values.length && good.map((value) => value.written.map((part) => part + ".").join("") + "/").join("") === draw.seed;
  set("seed", seed);
  set("chance", seed ? await chanceHolds(draw, good) : null);
  set("selected", await selectedHolds(draw));
  set("panels", evidence.panels ? (await panelsOf(draw, evidence.panels)) !== null : null);
  set("person", evidence.person ? await personHolds(draw, evidence.person) : null);
  set("before", evidence.before ? await beforeHolds(draw, evidence.before) : null);
  if (draw.key !== null || draw.log !== null) {
    set("log", await logHolds(draw));
    set("signature", draw.key === null || draw.log === null || checkpointOf(draw.log.checkpoint) === null ? false : await verifySignature(draw.log.checkpoint, draw.key, evidence.key ?? null));
  }
  return states;
}

/** Whether nothing failed and all that needs only the record was performed; a record that states no times may hold, and "times" says so. */
export function holds(states: Record<Code, State>): boolean {
  return codes.every((code) => states[code] !== "failed") && (["form", "manifest", "tickets", "seed", "chance", "selected"] as const).every((code) => states[code] === "passed");
}

/** What the files say of one ticket. */
export async function findTicket(evidence: Evidence, wanted: string): Promise<TicketFinding | null> {
  const draw = await open(evidence);
  if (draw === null || !draw.hasPanels) {
    return null;
  }
  const own = wanted.trim().toLowerCase();
  const panels = evidence.panels ? await panelsOf(draw, evidence.panels) : null;
  return { place: draw.tickets.indexOf(own), selected: draw.selected.includes(own), panels: panels === null ? null : panels.filter((panel) => panel.includes(own)).length, of: draw.panelHashes.length };
}

/** The manifest's hash as computed here, to be compared with one seen elsewhere. */
export async function manifestHashOf(evidence: Evidence): Promise<string | null> {
  return (await open(evidence))?.manifestHash ?? null;
}
