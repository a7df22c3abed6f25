"""Dates by a format (spec/trace.md, "Dates")."""
import datetime
import os
import re

from .outcome import Failed, Unverifiable, check
from .transforms import WHITE, WHITE_SPACE

MONTHS = "january february march april may june july august september october november december".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
ENGLISH = {"B": [[m] for m in MONTHS], "b": [[m[:3]] for m in MONTHS],
           "A": [[d] for d in DAYS], "a": [[d[:3]] for d in DAYS]}
DATE_NAMES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "spec", "date-names.txt")
NUMBERS = {"Y": ("[0-9]{4}", 0, 9999), "m": ("[0-9]{1,2}", 1, 12), "d": ("[0-9]{1,2}", 1, 31),
           "H": ("[0-9]{1,2}", 0, 23), "I": ("[0-9]{1,2}", 1, 12), "M": ("[0-9]{1,2}", 0, 59),
           "S": ("[0-9]{1,2}", 0, 59)}
TOGETHER = ("mBb", "Aa", "HI")


def date_names(language):
    if language is None:
        return ENGLISH
    if not os.path.exists(DATE_NAMES):
        raise Unverifiable(f"{DATE_NAMES} is not here")
    with open(DATE_NAMES, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split(" ", 2) for line in file]
    return {directive[1]: [forms.split("|") for forms in names.split(",")]
            for of, directive, names in lines if of == language}


def read_name(text, at, names):
    """The number of the name that text has at `at`, from 1, and where it ends: the longest of those that fit."""
    found = (0, at)
    for number, forms in enumerate(names, 1):
        for form in forms:
            for end in range(found[1] + 1, min(len(text), at + len(form)) + 1):
                if "".join(character.lower() for character in text[at:end]) == form:
                    found = (number, end)
    return found


def read_date(text, form, names):
    """What each directive reads."""
    read, at = {}, 0
    for part in re.findall(f"%.|[{WHITE}]+|.", form, re.S):
        letter = part[1] if len(part) == 2 and part[0] == "%" else None
        check(letter is None or letter == "%" or letter not in read, f"{part} stands twice")
        if letter in NUMBERS:
            digits, least, most = NUMBERS[letter]
            match = re.compile(digits).match(text, at)
            check(match and least <= int(match[0]) <= most, f"there is no {part} at {text[at:]!r}")
            read[letter], at = int(match[0]), match.end()
        elif letter in ("B", "b", "A", "a"):
            read[letter], at = read_name(text, at, names.get(letter, []))
            check(read[letter], f"there is no {part} at {text[at:]!r}")
        else:
            pattern = {"p": "[aApP][mM]", "f": "[0-9]{1,9}", "%": "%",
                       "z": "Z|GMT|UTC|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]"}.get(letter)
            check(pattern or letter is None, f"{part} is not a directive")
            pattern = pattern or (f"[{WHITE}]+" if WHITE_SPACE.match(part) else re.escape(part))
            match = re.compile(pattern).match(text, at)
            check(match, f"there is no {part!r} at {text[at:]!r}")
            read[letter], at = match[0], match.end()
    check(at == len(text), f"{text[at:]!r} is left over")
    read.pop(None, None)
    read.pop("%", None)
    return read


def date(text, argument):
    """transform-date-fails, transform-date-precision"""
    language, form = re.fullmatch("(?:([a-z]{2}):)?(.*)", argument, re.S).groups()
    names = date_names(language)
    check(names, f"there are no names of the language {language}")
    read = read_date(text, form, names)
    for letters in TOGETHER:
        check(sum(letter in read for letter in letters) < 2, f"two of {letters} stand in the format")
    check(("I" in read) == ("p" in read), "%I and %p go together")
    year, day, minute, second = (read.get(letter) for letter in "YdMS")
    month = read.get("m", read.get("B", read.get("b")))
    weekday = read.get("A", read.get("a"))
    hour = read.get("H")
    if "I" in read:
        hour = read["I"] % 12 + (12 if read["p"].lower() == "pm" else 0)
    parts = [("year", year), ("month", month), ("day", day), ("hour", hour), ("minute", minute), ("second", second),
             ("fraction", read.get("f"))]
    for (_, coarser), (name, part) in zip(parts, parts[1:]):
        check(part is None or coarser is not None, f"the {name} stands alone")
    check(year is not None, "there is no year")
    check(hour is None or minute is not None, "the hour has no minute")
    check("z" not in read or minute is not None, "the zone has no minute")
    if day:
        try:
            real = datetime.date(year or 400, month, day)  # the year 0000 has the days and weekdays of 0400
        except ValueError:
            raise Failed(f"there is no day {year:04}-{month}-{day}") from None
        check(weekday is None or weekday == real.isoweekday(), "the weekday is not that of the day")
    check(weekday is None or day, "the weekday stands alone")
    time = f"{year:04}" + "".join(f"-{part:02}" for part in (month, day) if part)
    time += "" if hour is None else f"T{hour:02}:{minute:02}"
    time += "" if second is None else f":{second:02}"
    time += f".{read['f']}" if "f" in read else ""
    zone = read.get("z", "")
    return time + ("Z" if zone[1:] in ("0000", "00:00", "MT", "TC") else re.sub("([+-]..):?(..)", r"\1:\2", zone))
