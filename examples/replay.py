#!/usr/bin/env python3
"""Replays the traces of a corpus with nothing but Python: replay.py CORPUS RAW

Finds the raw files below RAW, opens each location of each trace through its layers, makes every value again
from the bytes, and compares it with the record. Holds the traces to the rules of spec/trace.md that need no
schema: references, order, that every byte is named, and that the ledger has each file. Shards are read one line at
a time.

Traces are mostly packed with Zstandard, which Python reads from version 3.14 on. For an older one unpack them in a
copy, since dateline takes what lies beside a packed file for a second one: `cp -r CORPUS COPY`, then
`zstd -d --rm COPY/traces/*.zst` (records, too, if they are packed so).

What needs a table or a codec that this Python lacks is unverifiable, never wrong: Zstandard before Python 3.14,
LZ4, Brotli, rows of tables; bytes above 0x7F in East Asian encodings; characters newer than this Python's Unicode;
hosts of URLs that need more than lower case. So is what goes beyond the limits of spec/layers.md, where a reader may
stop. Names in dates are those of spec/date-names.txt beside this folder.

Ends with 0 where every trace replays, with 1 where something is wrong, with 3 where nothing is wrong and
something cannot be checked.
"""
import functools
import gzip
import hashlib
import json
import mmap
import os
import re
import sqlite3
import sys
import zlib

from replaying.forms import check_form
from replaying.layers import Chain, Meter, zstd
from replaying.outcome import Failed, Unverifiable, check
from replaying.rules import broken_rules, is_path, traced_values
from replaying.values import Values, references


def say(text):
    """Prints a line. What a terminal would obey is escaped: names and paths come from the corpus."""
    print("".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text))


def depth(value):
    """How deep arrays and objects lie inside each other."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if members is None else 1 + max(map(depth, members), default=0)


def strict(line):
    """The value of a line of strict JSON (spec/canonical.md)."""
    def members(pairs):
        check(len({key for key, _ in pairs}) == len(pairs), "an object has a key twice")
        return dict(pairs)

    def integer(text):
        check(text != "-0" and len(text) <= 17 and abs(int(text)) < 2**53, f"{text[:20]} is not an integer to 2^53-1")
        return int(text)

    def refuse(text):
        raise Failed(f"{text} is not an integer")
    value = json.loads(line.decode(), object_pairs_hook=members, parse_int=integer, parse_float=refuse,
                       parse_constant=refuse)
    check(depth(value) <= 128, "arrays and objects lie more than 128 deep")
    json.dumps(value, ensure_ascii=False).encode()  # halves of surrogate pairs have no bytes
    return value


def lines(path):
    """The values of the lines of a file, in whatever container its first bytes show."""
    number = 0
    try:
        with open(path, "rb") as file:
            begin = file.read(4)
        if begin == b"\x28\xb5\x2f\xfd" and zstd is None:
            raise Unverifiable(f"{path} is packed with Zstandard, which needs Python 3.14 or later; "
                               "or unpack it in a copy of the corpus with `zstd -d --rm`")
        opened = gzip.open if begin[:2] == b"\x1f\x8b" else zstd.open if begin == b"\x28\xb5\x2f\xfd" else open
        with opened(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield strict(line)
    except (EOFError, OSError, ValueError, RecursionError, Failed, zlib.error,
            zstd.ZstdError if zstd else OSError) as error:
        raise Failed(f"{path}, about line {number + 1}: {error}") from None


def among(folder):
    """Every file below a folder but packed ones that lie unpacked beside themselves; follows no link of a folder."""
    for path, _, files in os.walk(folder):
        packed = {name + end for name in files for end in (".gz", ".zst")}
        yield from sorted(os.path.join(path, name) for name in set(files) - packed)


def ledger(corpus):
    """The line of each raw file by its path: of the working state, else of the newest release."""
    files = list(among(os.path.join(corpus, "inputs")))
    releases = os.path.join(corpus, "releases")
    names = os.listdir(releases) if os.path.isdir(releases) else []
    for release in sorted((int(name) for name in names if name.isdecimal()), reverse=True):
        if not files:
            packed = [os.path.join(releases, str(release), f"inputs.jsonl{end}") for end in ("", ".gz", ".zst")]
            files = [path for path in packed if os.path.isfile(path)][:1]
    found = (line for path in files for line in lines(path))
    return {check_form("file", line)["path"]: line for line in found if not isinstance(line, dict) or "digest" in line}


class Raw:
    """The raw files. Keeps the last one, and what layers give of the last range of it."""

    def __init__(self, folder, known):
        self.folder = folder if os.path.isdir(folder) else os.path.dirname(folder)
        self.known, self.held_to, self.wrong, self.meters = known, set(), {}, {}
        self.path = self.data = self.range = self.chain = None

    def file(self, path):
        """The bytes of a file, held to the ledger (trace-raw-ledger)."""
        if path == self.path:
            return self.data
        if path in self.wrong:
            raise Unverifiable(self.wrong[path])
        check(is_path(path), f"trace-path: {path!r} is not a path")
        name = os.path.join(self.folder, *path.split("/"))
        try:
            with open(name, "rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if os.path.getsize(name) else b""
        except OSError as error:
            self.wrong[path] = f"{path}: {error.strerror}"
        else:
            if path in self.known and path not in self.held_to:
                stated = (self.known[path]["bytes"], self.known[path]["digest"])
                if stated != (len(data), "sha256:" + hashlib.sha256(data).hexdigest()):
                    self.wrong[path] = f"{path}: it is not the file of the ledger"
            self.held_to.add(path)
        if path in self.wrong:
            say(f"UNVERIFIABLE {self.wrong[path]}")
            raise Unverifiable(self.wrong[path])
        return data

    def is_listed(self, location):
        """Whether the ledger has the file of a location, with records, and the range ends within it (ledger-traces)."""
        line = self.known.get(location["path"], {"bytes": 0, "records": 0})
        return line["records"] > 0 and location["offset"] + location["length"] <= line["bytes"]

    def open(self, location, keep=True):
        """The bytes at a location. What its first layers give is not unpacked again where the last one had the same."""
        path, offset, length = location["path"], location["offset"], location["length"]
        data = self.file(path)
        check(offset + length <= len(data), "trace-locations: the range reaches beyond the file")
        if (path, offset, length) == self.range:
            chain = self.chain if keep else self.chain.branch()
        else:
            meter = self.meters.setdefault(path, Meter(path, len(data)))
            taken = memoryview(data)[offset:offset + length]
            chain = Chain(meter.take(taken) if location.get("layers") else taken, meter)
        if keep:
            self.path, self.data, self.range, self.chain = path, data, (path, offset, length), chain
        return chain.through(location.get("layers", []))


def sources_of(record, trace, item, raw):
    """What the spans of fields are in, by the name of the context: bytes and encoding, or why they cannot be read."""
    sources = {None: (item, record["raw"]["encoding"])}
    for context in trace.get("contexts", []):
        name = context["name"]
        try:
            check(name == "path" or "location" in context, "trace-context-location: it lies nowhere")
            data = trace["locations"][0]["path"].encode() if name == "path" else raw.open(context["location"], False)
            check(len(data) == context["bytes"], f"trace-context-bytes: it has {len(data)} bytes")
            sources[name] = (data, context.get("encoding", "utf-8"))
        except (Failed, Unverifiable) as why:
            sources[name] = why
    return sources


def in_order(location):
    """The layers in a form by whose order those of the same first layers stand together, slices by their numbers."""
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(16), " ".join(location.get("layers", [])))


class Corpus:
    """Records and traces, put beside each other in scratch space."""

    def __init__(self, corpus, raw):
        self.raw, self.seen = Raw(raw, ledger(corpus)), {"failed": set(), "unverifiable": set(), "replayed": set()}
        self.unread = 0
        folders = [os.path.join(corpus, name) for name in ("records", "traces", "releases")]
        check(any(map(os.path.isdir, folders)), f"{corpus} is not a corpus: it has no records, traces or releases")
        self.store = sqlite3.connect("")
        self.store.execute("create table line (kind text, id text, text text, primary key (kind, id)) without rowid")
        self.store.execute("create table place (path blob, offset integer, length integer, layers text, id, number)")
        for folder, kind in (("records", "article"), ("traces", "trace")):
            for path in among(os.path.join(corpus, folder)):
                for line in lines(path):
                    self.keep(kind, line)

    def keep(self, kind, line):
        name = check_form(kind, line)["id"]
        value = line["trace"] if kind == "trace" else line
        try:
            self.store.execute("insert into line values (?, ?, ?)", (kind, name, json.dumps(value)))
        except sqlite3.IntegrityError:
            self.note("failed", name, f"it has two lines of {kind}s")
            return
        for number, location in enumerate(value["locations"] if kind == "trace" else []):
            place = (location["path"].encode(), location["offset"], location["length"], in_order(location))
            self.store.execute("insert into place values (?, ?, ?, ?, ?, ?)", (*place, name, number))

    def note(self, kind, name, what):
        self.seen[kind].add(name)
        say(f"{kind.upper()} {name}: {what}")

    @functools.lru_cache(maxsize=8)  # One trace may have very many locations, one behind the other.
    def of(self, kind, name):
        found = self.store.execute("select text from line where kind = ? and id = ?", (kind, name)).fetchone()
        return json.loads(found[0]) if found else None

    def judge(self):
        for (name,) in self.store.execute("select id from line where kind = 'trace' order by id").fetchall():
            record, trace = self.of("article", name), self.of("trace", name)
            rules = broken_rules(record, trace) if record else ["trace-owner: it has no article"]
            if not all(map(self.raw.is_listed, trace["locations"])):
                rules.append("ledger-traces: the ledger has no such bytes, or says that no records are made of them")
            for rule in rules:
                self.note("failed", name, rule)
        order = "select id, number from place order by path, offset, length, layers"
        for name, number in self.store.execute(order):
            if record := self.of("article", name):
                self.location(name, number, record, self.of("trace", name))
        self.without_item()

    def location(self, name, number, record, trace):
        """Opens a location of an item, and replays the item where no location was good before."""
        try:
            item = self.raw.open(trace["locations"][number])
            digest = "sha256:" + hashlib.sha256(item).hexdigest()
            check((len(item), digest) == (trace["bytes"], record["raw"]["digest"]), "the bytes are not the raw item")
        except Unverifiable as why:
            self.unread += 1
            if trace["locations"][number]["path"] not in self.raw.wrong:
                say(f"UNVERIFIABLE {name}: location {number}: {why}")
        except Failed as why:
            self.note("failed", name, f"trace-locations: location {number}: {why}")
        else:
            if name not in self.seen["replayed"]:
                self.seen["replayed"].add(name)
                sources = sources_of(record, trace, item, self.raw)
                for context, source in sources.items():
                    if isinstance(source, Exception):
                        kind = "failed" if isinstance(source, Failed) else "unverifiable"
                        self.note(kind, name, f"context {context}: {source}")
                self.compare(name, record, Values(trace, sources))

    def compare(self, name, record, values):
        """trace-replay: every field gives its value; a withheld one need only replay."""
        traced = traced_values(record)
        for field in values.fields:
            try:
                value = values.value(field)
                check(field not in traced or value == traced[field], f"the bytes give {value!r}")
            except Failed as why:
                self.note("failed", name, f"trace-replay: {field}: {why}")
            except Unverifiable as why:
                self.note("unverifiable", name, f"{field}: {why}")

    def without_item(self):
        """trace-derived: what is made of other values of a record whose bytes are not at hand."""
        for (name,) in self.store.execute("select id from line where kind = 'trace' order by id").fetchall():
            record, trace = self.of("article", name), self.of("trace", name)
            if record is None or name in self.seen["replayed"]:
                continue
            self.seen["unverifiable"].add(name)
            traced = traced_values(record)
            for field in trace.get("fields", []):
                needed = references(field)
                if "from" in field and field.get("pointer") in traced and all(other in traced for other in needed):
                    known = {at: value for at, value in traced.items() if at != field["pointer"]}
                    self.compare(name, record, Values({"fields": [field]}, {}, known))

    def verdict(self):
        ids = {row[0] for row in self.store.execute("select id from line where kind = 'article'")}
        traced = {row[0] for row in self.store.execute("select id from line where kind = 'trace'")}
        failed, unverifiable = self.seen["failed"], self.seen["unverifiable"]
        replayed = self.seen["replayed"] - failed - unverifiable
        say(f"replayed {len(replayed)}, unverifiable {len(unverifiable & ids - failed)}, failed {len(failed)}, "
              f"withheld {len(ids - traced)}")
        return 1 if failed else 3 if unverifiable or self.unread or ids - traced else 0


def main(corpus, raw):
    try:
        read = Corpus(corpus, raw)
        read.judge()
        return read.verdict()
    except Unverifiable as why:
        say(f"UNVERIFIABLE: {why}")
        return 3
    except Failed as why:
        say(f"FAILED: {why}")
        return 1


if __name__ == "__main__":
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__.strip())
        sys.exit(0)
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
