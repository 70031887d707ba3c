#!/usr/bin/env python3
"""Verifies a draw of invitations. Standard library only; written from docs/draw-specification.md, "Invitations".

Usage: verify_invitation.py DIR [--register R.csv] [--exclude F.csv,G.csv] [--salt HEX] [--ids OUT.csv]
       verify_invitation.py --batch FILE     one JSON object a line; prints one letter a check
DIR holds manifest.json and record.json. Without the register only what is public is checked. --ids writes who was drawn, by id.
Exit code 0: nothing failed; 4: a check failed; 2: not understood.
"""
import argparse, base64, csv, hmac, hashlib, io, json, sys, unicodedata
from verify_draw import Malformed, canonical, expand, index_draw, many, must, panel_hash, sha, source_bits, text, thing, whole

CODES = ["manifest", "manifest-hash", "randomness", "seed", "places", "letters", "salt", "cells", "excluded", "root", "drawn", "selected"]
UNSEEN = {"Cc", "Cf", "Cs"}
points = lambda name: name.encode("utf-8", "surrogatepass")  # by code points, as UTF-8 bytes compare
cell_key = lambda place, values: "\x1f".join([place, *values])


def clean(cell):
    seen = "".join(c for c in cell if c in "\n\t\u200c\u200d" or unicodedata.category(c) not in UNSEEN)
    return unicodedata.normalize("NFC", seen).strip()


def upper(c):
    """The simple upper case of Unicode; the dotless i has none without regard to language."""
    return next((u for u in (c.upper(), c.title()) if len(u) == 1 and c != "\u0131"), c)


def key_of(cell):
    """What compares equal."""
    return "".join(map(upper, " ".join(clean(cell).split())))


def hamilton(letters, parts):
    """Largest remainders; a part is (name, weight, size, capacity). What a part cannot take is shared out anew."""
    given, still = [0] * len(parts), [i for i, p in enumerate(parts) if p[1] > 0 and p[3] > 0]
    while still:
        total = sum(parts[i][1] for i in still)
        trial = {i: letters * parts[i][1] // total for i in still}
        by_rest = sorted(still, key=lambda i: (-(letters * parts[i][1] % total), -parts[i][2], points(parts[i][0])))
        for i in by_rest[:letters - sum(trial.values())]:
            trial[i] += 1
        full = [i for i in still if trial[i] > parts[i][3]]
        if not full:
            for i in still:
                given[i] = trial[i]
            break
        for i in full:
            given[i] = parts[i][3]
            letters -= given[i]
            still.remove(i)
    return given


def systematic(key, stratum, places, count):
    """Places of one stratum, each with its weight for the letters; the certain ones first."""
    rest, left, certain = list(places), count, []
    while left > 0:
        total = sum(p["population"] for p in rest)
        large = min((p for p in rest if left * p["population"] >= total), key=lambda p: (-p["population"], points(p["name"])), default=None)
        if large is None:
            break
        certain.append(large)
        rest.remove(large)
        left -= 1
    drawn = [(p, max(left, 1) * p["population"]) for p in certain]
    if left > 0:
        total = sum(p["population"] for p in rest)
        point, end = index_draw(key, "places/" + stratum, total), 0
        for place in sorted(rest, key=lambda p: expand(key, b"PD1/order\0" + b"place/" + p["name"].encode(), 32)):
            end += left * place["population"]
            if point < end:
                drawn.append((place, total))
                point += total
    return drawn


def drawn_places(m, key):
    """(letters, name, times) of each place that gets letters."""
    plan, endless = m["places"], 2**63 - 1
    places, count = plan["all"], plan["count"]
    if plan["method"] == "given":
        return [(p["letters"], p["name"], 1) for p in places if p["letters"] > 0]
    if plan["method"] == "lottery":
        ordered, total = sorted(places, key=lambda p: points(p["name"])), sum(p["population"] for p in places)
        times = dict.fromkeys(range(len(ordered)), 0)
        for i in range(1, count + 1):
            point, at = index_draw(key, f"location/{i}", total), 0
            while point >= ordered[at]["population"]:
                point, at = point - ordered[at]["population"], at + 1
            times[at] += 1
        came = [(ordered[i], n) for i, n in times.items() if n]
        shared = hamilton(m["letters"], [(p["name"], n, p["population"], endless) for p, n in came])
        return [(letters, p["name"], n) for letters, (p, n) in zip(shared, came)]
    strata = {}
    for place in places:
        strata.setdefault(place["stratum"], []).append(place)
    strata = sorted(strata.items(), key=lambda s: points(s[0]))
    people = [sum(p["population"] for p in own) for _, own in strata]
    counts = hamilton(count, [(name, n, n, len(own)) for (name, own), n in zip(strata, people)])
    letters = hamilton(m["letters"], [(name, n if k else 0, n, endless) for (name, _), n, k in zip(strata, people, counts)])
    found = []
    for (name, own), k, n in zip(strata, counts, letters):
        drawn = systematic(key, name, own, k)
        found += zip(hamilton(n, [(p["name"], weight, p["population"], endless) for p, weight in drawn]), (p["name"] for p, _ in drawn), (1 for _ in drawn))
    return found


def same(stated, expected):
    try:
        return canonical(stated) == canonical(expected)
    except Malformed:
        return False


def share(m, key):
    cells, letters = m["cells"], [0] * len(m["cells"])
    places = drawn_places(m, key) if "places" in m else None
    for n, name in [(m["letters"], None)] if places is None else [(n, name) for n, name, _ in places]:
        own = [i for i, c in enumerate(cells) if name is None or c["place"] == name]
        for i, given in zip(own, hamilton(n, [(cell_key(cells[i]["place"], cells[i]["values"]), cells[i]["rows"] * cells[i]["factor"], cells[i]["rows"], cells[i]["free"]) for i in own])):
            letters[i] = given
    return places or [], letters


def table(data):
    """Header and rows of a CSV file that are not blank; the separator is the one that the header has most of."""
    try:
        lines = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        lines = data.decode("windows-1252")
    head = lines.split("\n", 1)[0]
    rows = [row for row in csv.reader(io.StringIO(lines, newline=""), delimiter=max(",;\t", key=head.count)) if any(clean(c) for c in row)]
    must(rows)
    return rows[0], rows[1:]


def column(header, name):
    found = [i for i, h in enumerate(header) if key_of(h) == key_of(name)]
    return found[0] if found else -1


def ticket(kind, salt, name):
    return hashlib.sha256(salt + kind + b"\0" + name).hexdigest()[:32]


def cell(row, i):
    return row[i] if i < len(row) else ""


def register_of(m, data, earlier, salt):
    """Of each row: ticket, position of its cell (-1: none), household, whether it is free, and its id."""
    header, rows = table(data)
    plan = m["register"]
    columns = lambda names: [must(column(header, name) >= 0) or column(header, name) for name in names]
    at, place, criteria, home = columns([plan["id"]] if plan["id"] else []), columns([plan["place"]] if plan["place"] else []), columns(m["criteria"]), columns(plan["household"])
    cells = {cell_key(key_of(c["place"]), map(key_of, c["values"])): i for i, c in enumerate(m["cells"])}
    gone = set()
    for file in earlier:
        names, ids = table(file)
        i = next((i for i in (column(names, plan["id"]), column(names, "id")) if i >= 0), -1)
        must(i >= 0 or len(names) == 1)
        gone |= {ticket(b"register", salt, key_of(cell(row, max(i, 0))).encode()[:400]) for row in (ids if i >= 0 else [names, *ids])}
    found = []
    for n, row in enumerate(rows, 1):
        name = cell(row, at[0]) if at else str(n)
        own, houses = ticket(b"register", salt, key_of(name).encode()), [key_of(cell(row, i)) for i in home]
        written = "\x1f".join(houses).encode()
        house = ticket(b"household", salt, written if len(written) <= 400 else sha(written)) if any(houses) else ""
        found.append((own, cells.get(cell_key(key_of(cell(row, place[0])) if place else "", [key_of(cell(row, i)) for i in criteria]), -1), house, own not in gone, name))
    return found


def root_of(rows):
    level = [sha(b"\0" + canonical({"household": house, "stratum": at, "ticket": own})) for own, at, house, _, _ in sorted(rows)]
    while len(level) > 1:
        level = [sha(b"\1" + level[i] + level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return (level or [sha(b"")])[0].hex()


def draw(key, rows, letters):
    left, served, drawn = list(letters), {house for _, _, house, free, _ in rows if house and not free}, []
    for own, at, house, free, name in sorted(rows, key=lambda row: expand(key, b"PD1/order\0" + row[0].encode(), 32)):
        if free and at >= 0 and left[at] > 0 and house not in served:
            left[at] -= 1
            served |= {house} - {""}
            drawn.append((own, name))
    return drawn, [planned - n for planned, n in zip(letters, left)]


def shape(record):
    m = thing(record.get("manifest"))
    must(m.get("kind") == "invitation" and m.get("alg") == "PD1" and m.get("format") == 1)
    whole(m.get("letters")), many(m.get("criteria"), text)
    for c in many(m.get("cells"), thing):
        text(c.get("place")), many(c.get("values"), text), whole(c.get("rows")), whole(c.get("free")), whole(c.get("factor"))
    if m.get("register") is not None:
        plan = thing(m["register"])
        many(plan.get("household"), text), whole(plan.get("rows")), whole(plan.get("excluded")), [text(plan.get(name)) for name in ("root", "excludedHash", "saltHash", "id", "place")]
    if m.get("places") is not None:
        must(thing(m["places"]).get("method") in ("pps", "lottery", "given")), whole(m["places"].get("count"))
        for p in many(m["places"].get("all"), thing):
            text(p.get("name")), must(whole(p.get("population")) > 0 or m["places"]["method"] == "given"), text(p.get("stratum")), whole(p.get("letters")) if m["places"]["method"] == "given" else None
    for source in many(m.get("sources"), thing):
        text(source.get("name")), whole(source.get("outOf")), must(source.get("kind") in ("dice", "lottery", "beacon"))
    must(len(many(record.get("values"), lambda v: many(v, text))) == len(m["sources"]))
    return m


def verify(manifest, record, register=None, earlier=(), salt=b""):
    """State of each check (None: not performed), and who was drawn."""
    states = dict.fromkeys(CODES)
    m = shape(record)
    states["manifest"], states["manifest-hash"] = canonical(m) == manifest, record.get("manifestHash") == sha(canonical(m)).hex()
    bits = [source_bits(s, v) for s, v in zip(m["sources"], record["values"])]
    states["randomness"] = all(b > 0 or (b == 0 and s["kind"] == "lottery") for (b, _), s in zip(bits, m["sources"])) and sum(b for b, _ in bits) >= 128
    if not states["randomness"]:
        return states, []
    seed = "".join("".join(v + "." for v in values) + "/" for _, values in bits)
    states["seed"] = record.get("seed") == seed
    key = hmac.new(sha(canonical(m)), seed.encode(), hashlib.sha256).digest()
    places, letters = share(m, key)
    states["places"] = same(record.get("places"), [{"letters": n, "name": name, "times": times} for n, name, times in places])
    states["letters"] = same(record.get("letters"), letters)
    if register is None or m.get("register") is None:
        return states, []
    rows, plan = register_of(m, register, earlier, salt), m["register"]
    known, excluded = all(at >= 0 for _, at, *_ in rows), sorted(own for own, _, _, free, _ in rows if not free)
    counts = [[0, 0] for _ in m["cells"]]
    for _, at, _, free, _ in rows:
        if at >= 0:
            counts[at][0] += 1
            counts[at][1] += free
    states["salt"] = plan["saltHash"] == (sha(salt).hex() if salt else "")
    states["cells"] = known and counts == [[c["rows"], c["free"]] for c in m["cells"]]
    states["excluded"] = (plan["excluded"], plan["excludedHash"]) == (len(excluded), panel_hash(excluded))
    states["root"] = known and plan["root"] == root_of(rows)
    drawn, got = draw(key, rows, letters)
    states["drawn"], states["selected"] = same(record.get("drawn"), got), record.get("selected") == panel_hash(sorted(own for own, _ in drawn))
    return states, [name for _, name in drawn]


def unique(pairs):
    return must(len(dict(pairs)) == len(pairs)) or dict(pairs)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("--register", "--exclude", "--salt", "--ids", "--batch", "directory"):
        parser.add_argument(name, **({} if name[0] == "-" else {"nargs": "?"}))
    a = parser.parse_args()
    read = lambda path: open(path, "rb").read()
    if a.batch:
        for f in map(json.loads, open(a.batch, encoding="utf-8")):
            file = lambda name: None if f[name] is None else base64.b64decode(f[name])
            try:
                states, _ = verify(file("manifest"), thing(json.loads(file("record"))), file("register"), [base64.b64decode(e) for e in f["earlier"]], bytes.fromhex(f["salt"]))
                print("".join({None: "N", True: "P", False: "F"}[states[c]] for c in CODES))
            except Malformed:
                print("X")
        return 0
    try:
        directory = a.directory or parser.error("name a directory")
        record = thing(json.loads(read(directory + "/record.json"), object_pairs_hook=unique))
        states, drawn = verify(read(directory + "/manifest.json"), record, read(a.register) if a.register else None, [read(path.strip()) for path in (a.exclude or "").split(",") if path.strip()], bytes.fromhex(a.salt or ""))
    except (Malformed, ValueError, RecursionError, OSError) as broken:
        print(f"not understood: {broken or 'a file has not the form that the specification asks for'}", file=sys.stderr)
        return 2
    print("\n".join(f"{code}: {({None: 'not performed', True: 'passed', False: 'FAILED'})[states[code]]}" for code in CODES))
    if a.ids:
        with open(a.ids, "w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["id"], *([name] for name in drawn)])
    good = all(state is not False for state in states.values())
    print("nothing failed" if good else "THE DRAW DOES NOT HOLD")
    return 0 if good else 4


if __name__ == "__main__":
    sys.exit(main())
