"""From bytes to values (spec/trace.md, "Replay")."""
import re

from .dates import date
from .encodings import decode
from .outcome import Failed, check
from .transforms import GROUP_TRANSFORMS, SPAN_TRANSFORMS
from .urls import Url

GROUP_TRANSFORMS = {
    **GROUP_TRANSFORMS,
    "date": date,
    "url-resolve": lambda text, _: str(Url(text)),
    "url-join": lambda text, base: str(Url(text, Url(base))),
    "url-host": lambda text, _: Url(text).host,
}
WITH_ARGUMENT = {"mojibake", "date", "epoch", "url-join", "split"}


class Room:
    """How much decoding and transforms may give together (trace-replay-room)."""

    def __init__(self, read):
        self.left = max(65536, 16 * read)

    def take(self, texts):
        self.left -= sum(len(text.encode()) + 1 for text in texts)
        check(self.left >= 0, "the transforms give too much")
        return texts


def split_transform(transform):
    name, colon, argument = transform.partition(":")
    check(bool(colon) == (name in WITH_ARGUMENT) and (argument or not colon), f"{transform} is not a transform")
    return name, argument


def groups_of_spans(field, data, encoding):
    """Steps 1 to 4: the texts of the groups, the transforms that are left, and the room that is left."""
    spans = [span for group in field["spans"] for span in group]
    check(all(0 <= start < end <= len(data) for start, end in spans), "a span is empty, or reaches too far")
    named = sum(end - start for start, end in spans)
    check(named <= len(data), "the spans name more bytes than there are")
    via = [split_transform(transform) if not transform.startswith("decode:") else ("decode", transform[7:])
           for transform in field.get("via", [])]
    if via and via[0][0] == "decode":
        encoding, via = via[0][1], via[1:]
    on_spans = []
    while via and via[0][0] in SPAN_TRANSFORMS:
        on_spans.append(via.pop(0))
    room = Room(named)
    groups = [[decode(bytes(data[start:end]), encoding) for start, end in group] for group in field["spans"]]
    for name, argument in on_spans:
        groups = [[SPAN_TRANSFORMS[name](text, argument) for text in room.take(group)] for group in groups]
    return room.take(["".join(group) for group in groups]), via, room


def replay(field, data, encoding, text_of):
    """The value of a field; `text_of` gives the text of the value that a reference names."""
    if "from" in field:
        groups = [text_of(field["from"])]
        via = [split_transform(transform) for transform in field.get("via", [])]
        room = Room(len(groups[0].encode()))
    else:
        groups, via, room = groups_of_spans(field, data, encoding)
    check(sum(name == "url-join" for name, _ in via) < 2, "transform-url-join: a field has at most one")
    for name, argument in via:
        if name == "split":
            groups = [piece for group in groups for piece in group.split(argument)]
        elif name == "join-paragraphs":
            groups = ["\n\n".join(groups)]
        else:
            check(name in GROUP_TRANSFORMS, f"{name} is not a transform that may stand here")
            argument = text_of(argument) if name == "url-join" else argument
            groups = [GROUP_TRANSFORMS[name](text, argument) for text in groups]
        room.take(groups)
    pointer = field.get("pointer")
    if pointer == ARRAY:
        return groups
    check(len(groups) == 1, f"{len(groups)} groups are left")
    if pointer in ("/fetch/status", "/rights/tdm_reservation"):
        check(re.fullmatch("0|[1-9][0-9]{0,15}", groups[0]) and int(groups[0]) < 2**53, "the value is not an integer")
        return int(groups[0])
    return groups[0]


def reference(field):
    return field["pointer"] if "pointer" in field else field["name"]


def references(field):
    """What a field refers to, in `from` and in transforms."""
    joined = [transform.partition(":")[2] for transform in field.get("via", []) if transform.startswith("url-join:")]
    return ([field["from"]] if "from" in field else []) + joined


ARRAY = "/article/keywords"


def is_reached(name, fields, most=2):
    """Whether all that a value is made of are fields, over two references at most, and texts (trace-references)."""
    return name in fields and all(
        most > 0 and other != ARRAY and is_reached(other, fields, most - 1) for other in references(fields[name]))


class Values:
    """The values of a trace, each made once.

    A source is bytes and their encoding, or why it cannot be read. What is known already is not made."""

    def __init__(self, trace, sources, known=None):
        self.fields = {reference(field): field for field in trace.get("fields", [])}
        self.sources, self.known = sources, known or {}
        self.made = dict(self.known)

    def value(self, name):
        if name not in self.made:
            field = self.fields[name]
            reached = all(other in self.known or is_reached(other, self.fields, 1) for other in references(field))
            check(reached, "trace-references: a reference leads to nothing, in a circle, or over more than two")
            source = (None, None)
            if "spans" in field:
                source = self.sources.get(field.get("in"), Failed(f"trace-in: there is no context {field.get('in')}"))
            if isinstance(source, Exception):
                raise source
            self.made[name] = replay(field, *source, self.text)
        return self.made[name]

    def text(self, name):
        value = self.value(name)
        check(not isinstance(value, list), f"{name} is an array, not a text")
        return str(value)
