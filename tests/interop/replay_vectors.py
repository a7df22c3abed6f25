#!/usr/bin/env python3
"""Runs the reader of examples/replaying over the vectors: replay_vectors.py [-v] [VECTORS]

Says of each folder how many cases agreed, how many are unverifiable because a table or codec is missing, and how
many differed, and shows those; with -v it shows the unverifiable ones too. Ends with 1 where one differed.
"""
import base64
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples"))

from replay import Raw, sources_of  # noqa: E402
from replaying.layers import Chain, Meter  # noqa: E402
from replaying.outcome import Failed, Unverifiable  # noqa: E402
from replaying.rules import broken_rules, coverage, reference, rules  # noqa: E402
from replaying.transforms import SPAN_TRANSFORMS  # noqa: E402
from replaying.values import GROUP_TRANSFORMS, Values  # noqa: E402


def transform(vector):
    name, _, argument = vector["transform"].partition(":")
    function = SPAN_TRANSFORMS.get(name) or GROUP_TRANSFORMS[name]
    for case in vector["cases"]:
        yield case.get("output"), lambda case=case: function(case["input"], case.get("base", argument))


def layer(vector):
    data = base64.b64decode(vector["input_base64"])
    output = vector.get("output_base64")
    chain = Chain(data, Meter("the input", len(data)))
    yield output, lambda: base64.b64encode(chain.through(vector["layers"])).decode()


def one_field(vector):
    trace = {"fields": [vector["field"]]}
    sources = {None: (bytes.fromhex(vector["raw"]), vector["encoding"])}
    yield vector.get("value"), lambda: Values(trace, sources).value(reference(vector["field"]))


def covered(vector):
    def found():
        defects = coverage(vector["length"], vector["fields"], vector["dropped"])
        return sorted(({"kind": kind, "start": start, "end": end} for kind, start, end in defects), key=str)
    yield sorted(vector["defects"], key=str), found


def item(vector):
    def values():
        with tempfile.TemporaryDirectory() as folder:
            for path, data in vector["files"].items():
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(base64.b64decode(data))
            raw, trace = Raw(folder, {}), vector["trace"]
            for location in trace["locations"]:
                data = raw.open(location)
                digest = "sha256:" + hashlib.sha256(data).hexdigest()
                if (len(data), digest) != (vector["raw"]["bytes"], vector["raw"]["digest"]):
                    raise Failed(f"other bytes lie at {location}")
            record = record_of(vector)
            if broken := broken_rules(record, trace):
                raise Failed("; ".join(broken))
            sources = sources_of(record, trace, data, raw)
            for source in sources.values():
                if isinstance(source, Exception):
                    raise source
            made = Values(trace, sources)
            found = {name: made.value(name) for name in made.fields}
            if any(found[name] != value for name, value in vector["values"].items()):
                raise Failed(f"the values are {found}")
            return found
    yield None if vector.get("error") else vector["values"], values


def rule(vector):
    """A rule that needs neither item nor record: the trace breaks the one that the file is named after."""
    trace = vector["trace"]
    record = {"raw": {"bytes": trace["bytes"]}}

    def broken():
        name = vector["requirement"]
        if not any(found.startswith(name) for found in broken_rules(record, trace)):
            if name in rules(record, trace) or name in ("trace-coverage", "trace-tiles-disjoint"):
                return "it breaks no rule"
            raise Unverifiable(f"this reader does not judge {name}")
        raise Failed(name)
    yield None, broken


def record_of(vector):
    """A record with the values of the vector."""
    record = {"raw": vector["raw"]}
    for pointer, value in vector["values"].items():
        keys, here = pointer.split("/")[1:], record
        if not keys:  # a name
            continue
        for key, behind in zip(keys, keys[1:]):
            new = [] if behind.isdigit() else {}
            if isinstance(here, list):
                here += [new] * (len(here) == int(key))
                here = here[int(key)]
            else:
                here = here.setdefault(key, new)
        here[keys[-1]] = value
    return record


FOLDERS = {"items": item, "replay": one_field, "transform": transform, "layer": layer, "coverage": covered,
           "invalid/rule/trace": rule}


def outcome(expected, find):
    """Whether what is found is what is expected, and what it is."""
    try:
        found = find()
    except Unverifiable as why:
        return "unverifiable", why
    except Failed as why:
        return "agreed" if expected is None else "differed", why
    return "agreed" if found == expected else "differed", f"{found!r} in place of {expected!r}"


def main(vectors):
    differed = False
    for folder, cases in FOLDERS.items():
        counts = {"agreed": 0, "unverifiable": 0, "differed": 0}
        for file in sorted(Path(vectors, folder).glob("*.json")):
            vector = {"requirement": file.name.partition("--")[0], **json.loads(file.read_text())}
            for number, (expected, find) in enumerate(cases(vector)):
                result, why = outcome(expected, find)
                counts[result] += 1
                if result == "differed" or result == "unverifiable" and "-v" in sys.argv:
                    print(f"{result} {folder}/{file.name} {number}: {why}")
        differed = differed or counts["differed"] > 0
        print(f"{folder}: " + ", ".join(f"{count} {result}" for result, count in counts.items()))
    return 1 if differed else 0


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "-v"]
    sys.exit(main(given[0] if given else os.path.join(ROOT, "schemas", "v1", "vectors")))
