#!/usr/bin/env python3
"""Verifies a draw from its published files. Standard library only; written from docs/draw-specification.md, section 10.

Usage: verify_draw.py record.json [--manifest manifest.json] [--panels panels.json] [--person proof.json]
                                  [--before record.json] [--hash MANIFEST-HASH] [--ticket TICKET]
       verify_draw.py --batch FILE     one JSON object of base64 files a line; prints one letter a check
Exit code 0: nothing failed and every check that needs only the record was performed; 4: a check failed; 2: not understood.
"""
import argparse, base64, hashlib, hmac, json, math, os, re, sys

CODES = ["form", "manifest", "anchor", "tickets", "times", "seed", "chance", "selected", "panels", "person", "before", "log", "signature", "quotas"]
NEEDED = ("form", "manifest", "tickets", "seed", "chance", "selected")
TIME, HASH, TICKET, LABEL = (re.compile(p) for p in (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", "[0-9a-f]{64}", "[0-9a-f]{32}", "[!-~]{1,40}"))
CHECKPOINT = re.compile("([!-*,-~]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n\n(?:\u2014 [^\n]*\n)+")

class Malformed(Exception):
    """The file has not the form that the specification asks for."""

def must(holds):
    if not holds:
        raise Malformed()

def write(value):
    """RFC 8785, with whole numbers only."""
    if isinstance(value, dict):
        return "{" + ",".join(write(k) + ":" + write(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write, value)) + "]"
    return must(not isinstance(value, float) and (not isinstance(value, int) or abs(value) <= 2**53)) or json.dumps(value, ensure_ascii=False)

canonical = lambda value: write(value).encode("utf-8")
sha = lambda data: hashlib.sha256(data).digest()
ascends = lambda items: all(a < b for a, b in zip(items, items[1:]))
sound = lambda states: all(s is not False for s in states.values()) and all(states[c] for c in NEEDED)
panel_hash = lambda panel: sha("\n".join(panel).encode()).hex()
expand = lambda key, info, length: hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]
hashes = lambda value: many(value, lambda v: bytes.fromhex(text(v, HASH)))
tickets = lambda value: many(value, lambda v: text(v, TICKET))

def read(data):
    """The object of a file that is exactly its canonical form."""
    try:
        value = thing(json.loads(data.decode("utf-8")))
        return must(canonical(value) == data) or value
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a text that has no UTF-8
        raise Malformed()
text = lambda value, pattern=None: must(isinstance(value, str) and (pattern is None or pattern.fullmatch(value))) or value
whole = lambda value: must(isinstance(value, int) and not isinstance(value, bool) and value >= 0) or value
many = lambda value, item: must(isinstance(value, list)) or [item(v) for v in value]
thing = lambda value: must(isinstance(value, dict)) or value

def shape(record):
    """Every member of its type; gives the manifest, whether there are numbered panels, who is out, and who stays."""
    m, log = thing(record.get("manifest")), record.get("log", {"checkpoint": ""})
    timed, replaces = "frozenAt" in m, "panels" not in m or m.get("kind") == "replacement"
    must(whole(record.get("format")) == 2 and whole(m.get("format")) == 2 and text(m.get("alg")) == "PD1")
    text(m.get("dialogue")), text(m.get("kind")), whole(m.get("attempt")), text(record.get("seed")), must(timed or "log" not in m)
    for holder, name in [(m, "frozenAt"), (record, "drawnAt"), *((thing(s), "at") for s in many(m.get("sources"), thing))]:
        must((name in holder) == timed and (not timed or text(holder[name], TIME)))
    text(record.get("manifestHash"), HASH), tickets(record.get("selected")), many(record.get("values"), lambda v: many(v, text))
    for source in m["sources"]:
        text(source.get("name")), whole(source.get("outOf")), must(text(source.get("kind")) in ("dice", "lottery", "beacon"))
    must(m["sources"] and text(record.get("how")) in (("dice", "index") if "panels" in m else ("order",)))
    if "panels" in m:
        whole(record.get("chosen")), text(m.get("objective")), text(m.get("algorithm")), tickets(m.get("tickets"))
        must(hashes(m["panels"]) and whole(m.get("size")) > 0), whole(thing(m.get("pool")).get("size")), text(m["pool"].get("root"), HASH)
        for quota in many(m.get("quotas"), thing):
            text(quota.get("criterion")), text(quota.get("value")), must(whole(quota.get("min")) <= whole(quota.get("max")))
    text(m.get("log", "")), text(m.get("label", "panel"), LABEL), text(thing(log).get("checkpoint")), must(not replaces or text(m.get("panel"), HASH))
    for entry in (thing(log.get(name)) for name in ("frozen", "drawn") if "log" in record):
        thing(entry.get("entry")), whole(entry.get("index")), hashes(entry.get("proof"))
    return m, "panels" in m, *((tickets(m.get(name)) if replaces else []) for name in ("out", "staying"))

def source_bits(source, values):
    """How many bits of randomness the values hold, and how they stand in the seed; bits 0 when malformed."""
    if source["kind"] == "dice":
        good = len(values) <= 1000 and all(re.fullmatch("[0-9]", v) for v in values)
        return (10 ** len(values)).bit_length() - 1 if good else 0, values
    if source["kind"] == "lottery":
        good = values and source["outOf"] <= 10000 and all(re.fullmatch("[0-9]{1,5}", v) and 1 <= int(v) <= source["outOf"] for v in values)
        numbers = sorted(set(map(int, values))) if good else []
        return math.comb(source["outOf"], len(numbers)).bit_length() - 1 if good and len(numbers) == len(values) else -1, [str(n) for n in numbers]
    return 4 * len(values[0]) if len(values) == 1 and re.fullmatch("[0-9A-Fa-f]{32,256}", values[0]) else -1, [v.lower() for v in values]  # a beacon

def index_draw(key, name, count):
    candidates = (int.from_bytes(expand(key, b"PD1/index\0" + name.encode() + b"\0" + c.to_bytes(4, "big"), 8), "big") for c in range(2**32))
    return next(x for x in candidates if x < 2**64 - 2**64 % count) % count

def included(leaf, index, size, proof, root):
    """RFC 9162, section 2.1.3.2."""
    fn, sn, h = index, size - 1, sha(b"\x00" + leaf)
    for step in proof:
        if sn <= 0:
            return False
        left = fn & 1 or fn == sn
        h = sha(b"\x01" + (step + h if left else h + step))
        while left and fn and not fn & 1:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and h == root and index < size

def log_holds(record, m, manifest_hash):
    log, key = record.get("log"), m.get("log")
    note = CHECKPOINT.fullmatch(log["checkpoint"]) if log and key is not None else None
    if not note or not key.startswith(note[1] + "+") or int(note[2]) > 2**53:
        return False
    size, root = int(note[2]), base64.b64decode(note[3])
    bare = sha(canonical({k: v for k, v in record.items() if k != "log"})).hex()
    for name, at, fact, value in (("frozen", m["frozenAt"], "manifest", manifest_hash), ("drawn", record["drawnAt"], "record", bare)):
        e = log[name]["entry"]
        facts = e.get("facts") if isinstance(e.get("facts"), dict) else {}
        says = isinstance(e.get("code"), str) and e["code"].endswith("." + name) and e.get("at") == at and facts.get(fact) == value
        says = says and type(facts.get("attempt")) is int and facts["attempt"] == m["attempt"]
        if not says or not included(canonical(e), log[name]["index"], size, hashes(log[name]["proof"]), root):
            return False
    return base64.b64encode(root).decode() == note[3] and log["frozen"]["index"] < log["drawn"]["index"] < size

def holds(check, data, *known):  # another file than the record: one that has not its form does not hold
    try:
        return bool(check(read(data), *known))
    except Malformed:
        return False

def panels_hold(file, m, manifest_hash, is_panel):
    panels = many(file.get("panels"), tickets)
    good = whole(file.get("format")) == 2 and text(file.get("manifest"), HASH) == manifest_hash and len(panels) == len(m["panels"])
    return good and all(is_panel(p) and panel_hash(p) == h for p, h in zip(panels, m["panels"]))

def person_holds(file, m, manifest_hash):
    leaf, index, proof = thing(file.get("leaf")), whole(file.get("index")), hashes(file.get("proof"))
    many(list(thing(leaf.get("strata")).values()), text), text(leaf.get("ticket"), TICKET)
    good = whole(file.get("format")) == 2 and len(leaf) == 3 and text(leaf.get("nonce"), HASH) and text(file.get("manifest"), HASH) == manifest_hash
    return good and [leaf["ticket"]] == m["tickets"][index:index + 1] and included(canonical(leaf), index, m["pool"]["size"], proof, bytes.fromhex(m["pool"]["root"]))

def before_holds(old, m, record, out, staying):
    """It holds by itself; nobody of that panel is forgotten, nobody who was out comes back, and the randomness is another one."""
    telling = lambda m, values: {tuple(written) for bits, written in map(source_bits, m["sources"], values) if bits >= 20}
    before, has_panels, gone, stayed = shape(old)
    seated = set(old["selected"] + ([] if has_panels else stayed))
    good = sound(verify(canonical(old))) and old["manifestHash"] == m["panel"] and seated.issuperset(staying)
    good = good and old.get("drawnAt", "") <= m.get("frozenAt", "~") and (seated | set(gone)) <= set(staying + out)
    return good and not telling(m, record["values"]) & telling(before, old["values"])

def verify(data, manifest=None, panels=None, person=None, before=None, known_hash=None):
    states = dict.fromkeys(CODES)  # None: not performed
    try:
        record = read(data)
        (m, has_panels, out, staying), selected = shape(record), record["selected"]
    except Malformed:
        return {**states, "form": False}
    manifest_hash = sha(canonical(m)).hex()
    key = hmac.new(bytes.fromhex(manifest_hash), record["seed"].encode(), hashlib.sha256).digest()
    states["form"], states["manifest"] = True, record["manifestHash"] == manifest_hash and manifest in (None, canonical(m))
    states["anchor"] = None if known_hash is None else known_hash.strip().lower() == manifest_hash
    states["times"] = all(m["frozenAt"] < s["at"] <= record["drawnAt"] for s in m["sources"]) if "frozenAt" in m else None
    bits = [source_bits(s, v) for s, v in zip(m["sources"], record["values"])]
    seed = "".join("".join(v + "." for v in values) + "/" for _, values in bits)
    formed = all(b > 0 or (b == 0 and s["kind"] == "lottery") for (b, _), s in zip(bits, m["sources"]))
    states["seed"] = len(record["values"]) == len(m["sources"]) and formed and seed == record["seed"]
    enough, count, chosen, known = sum(b for b, _ in bits) >= 128, len(m.get("panels", [])), record.get("chosen"), set(m["tickets"] if has_panels else []).difference(out)
    is_panel = lambda p: len(p) == m["size"] and ascends(p) and known.issuperset(p) and set(p).issuperset(staying)
    apart = ascends(out) and ascends(staying) and not set(out) & set(staying)
    states["tickets"] = apart and (not has_panels or ascends(m["tickets"]) and len(m["tickets"]) == m["pool"]["size"] >= m["size"] > len(staying))
    if has_panels:
        states["selected"] = chosen < count and is_panel(selected) and panel_hash(selected) == m["panels"][chosen]
        if states["seed"] and "label" not in m and len(bits) == 1 and m["sources"][0]["kind"] == "dice" and len(bits[0][1]) == 3 and count == 1000:
            states["chance"] = record["how"] == "dice" and chosen == int("".join(bits[0][1]))
        elif states["seed"]:
            states["chance"] = enough and record["how"] == "index" and chosen == index_draw(key, m.get("label", "panel"), count)
    else:
        order = sorted(selected, key=lambda t: expand(key, b"PD1/order\0" + t.encode(), 32))
        states["selected"] = bool(selected) and len(set(selected)) == len(selected) and not set(selected) & set(out + staying) and order == selected
        states["chance"] = enough if states["seed"] else None
    states["panels"] = None if panels is None else has_panels and holds(panels_hold, panels, m, manifest_hash, is_panel)
    states["person"] = None if person is None else has_panels and holds(person_holds, person, m, manifest_hash)
    states["before"] = None if before is None else (not has_panels or m["kind"] == "replacement") and holds(before_holds, before, m, record, out, staying)
    states["log"] = None if "log" not in m and "log" not in record else log_holds(record, m, manifest_hash)
    return states

def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("--manifest", "--panels", "--person", "--before", "--hash", "--ticket", "--batch", "record"):
        parser.add_argument(name, **({} if name[0] == "-" else {"nargs": "?"}))
    a = parser.parse_args()
    if a.batch:
        for f in map(json.loads, open(a.batch, encoding="utf-8")):
            states = verify(*(None if f[n] is None else base64.b64decode(f[n]) for n in ("record", "manifest", "panels", "person", "before")), f["hash"])
            print("".join("-" if c == "signature" else {None: "N", True: "P", False: "F"}[states[c]] for c in CODES))
        return 0
    files = record, _, panels, *_ = [(open(p, "rb").read() if os.path.isfile(p) else parser.error(f"there is no file {p}")) if p else None for p in (a.record or parser.error("name a record"), a.manifest, a.panels, a.person, a.before)]
    states = verify(*files, a.hash)
    print("\n".join(f"{c}: {'not checked' if c == 'signature' else {None: 'not performed', True: 'passed', False: 'FAILED'}[states[c]]}" for c in CODES))
    if a.ticket and states["form"]:
        print(f"ticket: {'in' if a.ticket in json.loads(record)['manifest'].get('tickets', []) else 'NOT in'} the pool, {'' if a.ticket in json.loads(record)['selected'] else 'not '}drawn"
              + (f", in {sum(a.ticket in p for p in json.loads(panels)['panels'])} panels" if states["panels"] else ""))
    print("nothing failed" if sound(states) else "THE DRAW DOES NOT HOLD")
    return 0 if sound(states) else 4

if __name__ == "__main__":
    sys.exit(main())
