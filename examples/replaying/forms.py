"""The form of lines, as far as this script relies on it: which members there are, and of which type."""
from .outcome import check


def is_text(value):
    return isinstance(value, str)


def is_count(value):
    return type(value) is int and value >= 0  # `True` is an `int`, too.


def list_of(form):
    return lambda value: isinstance(value, list) and len(value) > 0 and all(map(form, value))


def object_of(required, optional=None):
    """Members by their names; those of other names are not looked at."""
    def holds(value):
        return isinstance(value, dict) and required.keys() <= value.keys() and all(
            form(value[name]) for name, form in {**required, **(optional or {})}.items() if name in value)
    return holds


def has(one, other, value):
    return one in value or other in value


def is_span(value):
    return list_of(is_count)(value) and len(value) == 2


LOCATION = object_of({"path": is_text, "offset": is_count, "length": is_count}, {"layers": list_of(is_text)})
CONTEXT = object_of({"name": is_text, "bytes": is_count}, {"encoding": is_text, "location": LOCATION})
FIELD = object_of({}, {"pointer": is_text, "name": is_text, "in": is_text, "from": is_text,
                       "spans": list_of(list_of(is_span)), "via": list_of(is_text)})
TRACE = object_of(
    {"profile": object_of({"id": is_text}), "bytes": is_count, "locations": list_of(LOCATION)},
    {"encoding": object_of({"by": is_text}, {"label": is_text, "in": is_text}), "contexts": list_of(CONTEXT),
     "fields": list_of(lambda field: FIELD(field) and has("pointer", "name", field) and has("spans", "from", field)),
     "dropped": list_of(object_of({"label": is_text, "spans": list_of(is_span)}))})
FORMS = {
    "article": object_of(
        {"id": is_text, "raw": object_of({"bytes": is_count, "digest": is_text, "encoding": is_text})}),
    "trace": object_of({"id": is_text, "trace": TRACE}),
    "file": object_of({"path": is_text, "bytes": is_count, "digest": is_text, "records": is_count}),
}


def check_form(kind, line):
    """The line, where it has the form of its kind."""
    name = line.get("id", line.get("path")) if isinstance(line, dict) else None
    check(FORMS[kind](line), f"a line is not of the form of {kind}s" + (f": {name}" if is_text(name) else ""))
    return line
