// Verifies the public part of a draw of invitations, written from docs/draw-specification.md, "Invitations", and with nothing of the server's code. A register stays with those who may read it.
import { many, must, object, own, text, texts, valuesOf, whole } from "./verify-draw.js";
import type { State } from "./verify-draw.js";
import { canonical, indexDraw, orderPosition, pseudoRandomKey, sha256Hex, utf8 } from "./verify-math.js";
import type { Json, JsonObject } from "./verify-math.js";

export const invitationCodes = ["form", "manifest", "manifest-hash", "randomness", "seed", "places", "letters", "register"] as const;
export type InvitationCode = (typeof invitationCodes)[number];

interface Cell { place: string; key: string; rows: number; free: number; factor: number }
interface Place { name: string; population: number; stratum: string; letters: number }
interface Plan { letters: number; cells: Cell[]; places: { method: string; count: number; all: Place[] } | null }
interface Part { name: string; weight: bigint; size: number; capacity: number }
interface PlaceLetters { letters: number; name: string; times: number }

const endless = Number.MAX_SAFE_INTEGER;
const sum = <T>(items: T[], of: (item: T) => number): number => items.reduce((all, item) => all + of(item), 0);

/** As UTF-8 bytes compare. */
function byCodePoints(a: string, b: string): number {
  const [x, y] = [utf8(a), utf8(b)];
  const at = x.findIndex((byte, i) => byte !== y[i]);
  return at < 0 ? x.length - y.length : (x[at]! - (y[at] ?? -1));
}

function planOf(manifest: JsonObject): Plan {
  must(own(manifest, "kind") === "invitation" && own(manifest, "alg") === "PD1" && own(manifest, "format") === 1);
  texts(own(manifest, "criteria"));
  const first = own(manifest, "places");
  return {
    letters: whole(own(manifest, "letters")),
    cells: many(own(manifest, "cells"), (value) => {
      const cell = object(value);
      const place = text(own(cell, "place"));
      return { place, key: [place, ...texts(own(cell, "values"))].join("\u001f"), rows: whole(own(cell, "rows")), free: whole(own(cell, "free")), factor: whole(own(cell, "factor")) };
    }),
    places: first === undefined || first === null ? null : {
      method: text(own(object(first), "method"), /^(pps|lottery|given)$/),
      count: whole(own(object(first), "count")),
      all: many(own(object(first), "all"), (value) => {
        const place = object(value);
        must(whole(own(place, "population")) > 0 || own(object(first), "method") === "given");
        return { name: text(own(place, "name")), population: whole(own(place, "population")), stratum: text(own(place, "stratum")), letters: whole(own(place, "letters")) };
      }),
    },
  };
}

/** Largest remainders; what a part cannot take is shared out anew among the others. */
function hamilton(letters: number, parts: Part[]): number[] {
  const given = parts.map(() => 0);
  let open = parts.map((_, i) => i).filter((i) => parts[i]!.weight > 0n && parts[i]!.capacity > 0);
  while (open.length > 0) {
    const total = open.reduce((all, i) => all + parts[i]!.weight, 0n);
    const trial = new Map(open.map((i) => [i, Number((BigInt(letters) * parts[i]!.weight) / total)]));
    const rest = (i: number): bigint => (BigInt(letters) * parts[i]!.weight) % total;
    const left = letters - sum([...trial.values()], (n) => n);
    const first = [...open].sort((a, b) => (rest(a) === rest(b) ? parts[b]!.size - parts[a]!.size || byCodePoints(parts[a]!.name, parts[b]!.name) : rest(a) > rest(b) ? -1 : 1));
    first.slice(0, left).forEach((i) => trial.set(i, trial.get(i)! + 1));
    const full = open.filter((i) => trial.get(i)! > parts[i]!.capacity);
    if (full.length === 0) {
      open.forEach((i) => {
        given[i] = trial.get(i)!;
      });
      break;
    }
    for (const i of full) {
      given[i] = parts[i]!.capacity;
      letters -= given[i]!;
    }
    open = open.filter((i) => !full.includes(i));
  }
  return given;
}

/** Places of one stratum with their weight for the letters; the certain ones first. */
async function systematic(key: CryptoKey, stratum: string, places: Place[], count: number): Promise<{ place: Place; weight: bigint }[]> {
  const rest = [...places];
  const certain: Place[] = [];
  let left = count;
  const people = (): number => sum(rest, (place) => place.population);
  for (; left > 0; left--) {
    const total = people();
    const large = rest.filter((place) => BigInt(left) * BigInt(place.population) >= BigInt(total)).sort((a, b) => b.population - a.population || byCodePoints(a.name, b.name))[0];
    if (large === undefined) {
      break;
    }
    certain.push(large);
    rest.splice(rest.indexOf(large), 1);
  }
  const drawn = certain.map((place) => ({ place, weight: BigInt(Math.max(left, 1)) * BigInt(place.population) }));
  if (left > 0) {
    const total = BigInt(people());
    let point = BigInt(await indexDraw(key, "places/" + stratum, Number(total)));
    let end = 0n;
    const placed = await Promise.all(rest.map(async (place) => ({ place, at: await orderPosition(key, "place/" + place.name) })));
    for (const { place } of placed.sort((a, b) => (a.at < b.at ? -1 : 1))) {
      end += BigInt(left) * BigInt(place.population);
      if (point < end) {
        drawn.push({ place, weight: total });
        point += total;
      }
    }
  }
  return drawn;
}

async function drawPlaces(plan: Plan, key: CryptoKey): Promise<PlaceLetters[]> {
  const { method, count, all } = plan.places!;
  if (method === "given") {
    return all.filter((place) => place.letters > 0).map((place) => ({ letters: place.letters, name: place.name, times: 1 }));
  }
  if (method === "lottery") {
    const ordered = [...all].sort((a, b) => byCodePoints(a.name, b.name));
    const times = ordered.map(() => 0);
    for (let i = 1; i <= count; i++) {
      let point = await indexDraw(key, `location/${i}`, sum(all, (place) => place.population));
      const at = ordered.findIndex((place) => (point < place.population ? true : ((point -= place.population), false)));
      times[at]!++;
    }
    const came = ordered.map((place, i) => ({ place, times: times[i]! })).filter((one) => one.times > 0);
    const shared = hamilton(plan.letters, came.map((one) => ({ name: one.place.name, weight: BigInt(one.times), size: one.place.population, capacity: endless })));
    return came.map((one, i) => ({ letters: shared[i]!, name: one.place.name, times: one.times }));
  }
  const strata = [...new Set(all.map((place) => place.stratum))].sort(byCodePoints).map((name) => ({ name, places: all.filter((place) => place.stratum === name) }));
  const people = strata.map((stratum) => sum(stratum.places, (place) => place.population));
  const counts = hamilton(count, strata.map((stratum, i) => ({ name: stratum.name, weight: BigInt(people[i]!), size: people[i]!, capacity: stratum.places.length })));
  const letters = hamilton(plan.letters, strata.map((stratum, i) => ({ name: stratum.name, weight: counts[i] === 0 ? 0n : BigInt(people[i]!), size: people[i]!, capacity: endless })));
  const found: PlaceLetters[] = [];
  for (const [s, stratum] of strata.entries()) {
    const drawn = await systematic(key, stratum.name, stratum.places, counts[s]!);
    const shared = hamilton(letters[s]!, drawn.map((one) => ({ name: one.place.name, weight: one.weight, size: one.place.population, capacity: endless })));
    found.push(...drawn.map((one, i) => ({ letters: shared[i]!, name: one.place.name, times: 1 })));
  }
  return found;
}

function shareOut(plan: Plan, places: PlaceLetters[]): number[] {
  const letters = plan.cells.map(() => 0);
  for (const [amount, name] of plan.places === null ? [[plan.letters, null] as const] : places.map((place) => [place.letters, place.name] as const)) {
    const own = plan.cells.map((_, i) => i).filter((i) => name === null || plan.cells[i]!.place === name);
    const shared = hamilton(amount, own.map((i) => {
      const cell = plan.cells[i]!;
      return { name: cell.key, weight: BigInt(cell.rows) * BigInt(cell.factor), size: cell.rows, capacity: cell.free };
    }));
    own.forEach((i, n) => {
      letters[i] = shared[n]!;
    });
  }
  return letters;
}

function same(value: Json | undefined, expected: Json): boolean {
  try {
    return value !== undefined && canonical(value) === canonical(expected);
  } catch {
    return false;
  }
}

/** Whether a record is one of invitations. */
export function isInvitation(record: Uint8Array): boolean {
  try {
    return (JSON.parse(new TextDecoder().decode(record)) as { kind?: unknown }).kind === "invitation";
  } catch {
    return false;
  }
}

/** Performs every check that needs no register. A check that was not performed never reads as passed. */
export async function verifyInvitation(recordFile: Uint8Array, manifestFile: Uint8Array | null): Promise<{ states: Record<InvitationCode, State>; hash: string | null }> {
  const states = Object.fromEntries(invitationCodes.map((code) => [code, "not-performed"])) as Record<InvitationCode, State>;
  const set = (code: InvitationCode, holds: boolean): void => {
    states[code] = holds ? "passed" : "failed";
  };
  try {
    const record = object(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(recordFile)) as Json);
    const manifest = object(own(record, "manifest"));
    const plan = planOf(manifest);
    const sources = many(own(manifest, "sources"), (value) => {
      const source = object(value);
      text(own(source, "name"));
      return { kind: text(own(source, "kind"), /^(dice|lottery|beacon)$/), outOf: whole(own(source, "outOf")), at: null };
    });
    const values = many(own(record, "values"), (one) => texts(one));
    must(values.length === sources.length);
    const written = utf8(canonical(manifest));
    const hash = await sha256Hex(written);
    set("form", true);
    if (manifestFile !== null) {
      set("manifest", manifestFile.length === written.length && written.every((byte, i) => byte === manifestFile[i]));
    }
    set("manifest-hash", own(record, "manifestHash") === hash);
    const read = sources.map((source, i) => valuesOf(source, values[i]!));
    const good = read.filter((one) => one !== null);
    set("randomness", good.length === sources.length && sum(good, (one) => one.bits) >= 128);
    if (states.randomness === "passed") {
      const seed = good.map((one) => one.written.map((part) => part + ".").join("") + "/").join("");
      set("seed", own(record, "seed") === seed);
      const key = await pseudoRandomKey(hash, seed);
      const places = plan.places === null ? [] : await drawPlaces(plan, key);
      set("places", same(own(record, "places"), places.map((place) => ({ ...place }))));
      set("letters", same(own(record, "letters"), shareOut(plan, places)));
    }
    return { states, hash };
  } catch {
    set("form", false);
    return { states, hash: null };
  }
}

/** Whether nothing failed and all that needs only the record was performed. */
export function invitationHolds(states: Record<InvitationCode, State>): boolean {
  return invitationCodes.every((code) => states[code] !== "failed") && (["form", "manifest-hash", "randomness", "seed", "places", "letters"] as const).every((code) => states[code] === "passed");
}
