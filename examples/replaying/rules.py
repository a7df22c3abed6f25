"""The rules of spec/trace.md that need neither raw bytes nor a schema."""
import re

from .encodings import LABELS
from .layers import is_layer
from .values import is_reached, reference

TRACED = ("source", "fetch", "article", "links", "rights", "content")
JUDGEMENTS = re.compile(
    "/links/[0-9]+/relation|/article/authors/[0-9]+/role|/content/embeds/[0-9]+/kind|/fetch/digests/[0-9]+/scope")
INDEX = re.compile("0|[1-9][0-9]{0,15}")


def traced_values(value, pointer=""):
    """The values of a record that have a field each, by pointer (trace-fields-complete)."""
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list) and not all(isinstance(item, str) for item in value):
        members = enumerate(value)
    else:
        return {} if JUDGEMENTS.fullmatch(pointer) else {pointer: value}
    return {at: found for key, member in members if pointer or key in TRACED
            for at, found in traced_values(member, f"{pointer}/{key}").items()}


def place_of(field):
    """By what fields are ordered: names by bytes, then pointers, keys by bytes and indexes as numbers."""
    if "name" in field:
        return (0, field["name"])
    return (1, [(0, int(key), "") if INDEX.fullmatch(key) else (1, 0, key) for key in field["pointer"].split("/")[1:]])


def place_of_location(location):
    layers = [layer.encode() for layer in location.get("layers", [])]
    return (location["path"].encode(), location["offset"], location["length"], layers)


def is_path(path):
    return all(name not in ("", ".", "..") and "\0" not in name for name in path.split("/"))


def ascending(keys):
    return all(before < behind for before, behind in zip(keys, keys[1:]))


def encoding_is_said(record, trace):
    """trace-encoding, as far as it shows without the item"""
    found = trace.get("encoding")
    if found is None:
        return True
    label = LABELS.get(found.get("label", "").lower())
    stated = found["by"] in ("declared", "profile")
    is_utf8 = record["raw"].get("encoding") == "utf-8"
    return stated == ("label" in found) and not (is_utf8 and (found["by"] == "nul" or label == "utf-8"))


def coverage(length, fields, dropped):
    """Gaps, overlaps, spans outside, and dropped spans in another order than their own (spec/trace.md, "Coverage")."""
    defects, steps = [], []
    for kind, spans in [(0, fields)] + [(1, entry["spans"]) for entry in dropped]:
        within = [(start, end) for start, end in spans if start < end <= length]
        defects += [("outside", start, end) for start, end in spans if not start < end <= length]
        steps += [step for start, end in within for step in ((start, kind, 1), (end, kind, -1))]
        for (start, end), (next_start, next_end) in zip(within, within[1:]) if kind else []:
            if next_start < start:
                defects.append(("disorder", next_start, next_end))
            elif next_start == end:
                defects.append(("split", start, next_end))
    at, counts, last = 0, [0, 0], None
    for here, kind, change in sorted(steps) + [(length, 0, 0)]:
        if here > at:
            found = "gap" if counts == [0, 0] else "overlap" if counts[1] > 1 or all(counts) else None
            if found and last == (found, at):
                defects[-1] = (found, defects[-1][1], here)
            elif found:
                defects.append((found, at, here))
            last = (found, here)
        at, counts[kind] = here, counts[kind] + change
    return defects


def rules(record, trace):
    """Whether a trace keeps each rule that the record and the trace itself show."""
    fields, contexts = trace.get("fields", []), trace.get("contexts", [])
    dropped, locations = trace.get("dropped", []), trace["locations"]
    by_name = {reference(field): field for field in fields}
    names = [context["name"] for context in contexts]
    room = {None: trace["bytes"], **{context["name"]: context["bytes"] for context in contexts}}
    spans = [(field.get("in"), span) for field in fields for group in field.get("spans", []) for span in group]
    named = sum(end - start for _, (start, end) in spans)
    values = traced_values(record)
    pointers = {field["pointer"] for field in fields if "pointer" in field}
    withheld = "content_digest" in record and "content" not in record
    places = locations + [context["location"] for context in contexts if "location" in context]
    return {
        "trace-profile": trace["profile"]["id"].startswith("general-") != ("digest" in trace["profile"]),
        "trace-bytes": trace["bytes"] == record["raw"]["bytes"],
        "trace-encoding": encoding_is_said(record, trace),
        "trace-path": all(is_path(place["path"]) for place in places),
        "layer-closed": all(is_layer(layer) for place in places for layer in place.get("layers", [])),
        "layer-count": all(len(place.get("layers", [])) <= 8 for place in places),
        "trace-locations-order": ascending([place_of_location(location) for location in locations]),
        "trace-contexts-order": ascending(names),
        "trace-context-location": all(("location" in c) != (c["name"] == "path") for c in contexts),
        "trace-context-encoding": all(
            "encoding" not in c or LABELS.get(c["encoding"], "utf-8") != "utf-8" for c in contexts),
        "trace-contexts-room": sum(context["bytes"] for context in contexts) <= 65536,
        "trace-field-form": all(("pointer" in f) != ("name" in f) and ("spans" in f) != ("from" in f)
                                and ("in" not in f or "spans" in f) for f in fields),
        "trace-in": all(source in room for source, _ in spans) and trace.get("encoding", {}).get("in") in room,
        "trace-within": all(0 <= start < end <= room.get(source, end) for source, (start, end) in spans),
        "trace-field-exists": all(at in values or withheld and at.startswith("/content/") for at in pointers)
        and len(by_name) == len(fields),
        "trace-fields-complete": set(values) <= pointers,
        "trace-fields-order": ascending([place_of(field) for field in fields]),
        "trace-references": all(is_reached(name, by_name) for name in by_name),
        "transform-url-join": all(sum(transform.startswith("url-join:") for transform in f.get("via", [])) < 2
                                  for f in fields),
        "trace-replay-once": named <= max(65536, 16 * sum(room.values())),
        "trace-tiles-order": ascending([entry["label"].encode() for entry in dropped]),
    }


def broken_rules(record, trace):
    """What is wrong with a trace, as far as the record and the trace itself show it."""
    fields = [field for field in trace.get("fields", []) if "in" not in field]
    in_item = [span for field in fields for group in field.get("spans", []) for span in group]
    requirement = {"gap": "trace-coverage", "overlap": "trace-tiles-disjoint", "outside": "trace-within",
                   "disorder": "trace-tiles-order", "split": "trace-tiles-order"}
    found = [rule for rule, holds in rules(record, trace).items() if not holds]
    return found + [f"{requirement[kind]}: {kind} from byte {start} to {end}"
                    for kind, start, end in coverage(trace["bytes"], in_item, trace.get("dropped", []))]
