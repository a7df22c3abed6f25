"""Transforms on spans and on groups (spec/trace.md, "Transforms"), each from a text and an argument to a text."""
import datetime
import html.entities
import re
import unicodedata

from .encodings import WELL_FORMED, decode, encoding_of, one_byte_table
from .layers import base64_layer
from .outcome import Failed, Unverifiable, check

JSON_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
JSON_TOKEN = re.compile(r'[^"\\\x00-\x1f]+|\\(["\\/bfnrt])|\\u([0-9A-Fa-f]{4})', re.ASCII)


def scan(token, text, give):
    """What `give` makes of each match of `token`, which follow each other from the first character to the last."""
    found, at = [], 0
    while at < len(text):
        match = token.match(text, at)
        check(match, f"character {at} cannot be read: {text[at:at + 20]!r}")
        found.append(give(match))
        at = match.end()
    return "".join(found)


def json_string(text, _):
    def give(match):
        if match[1]:
            return JSON_ESCAPES[match[1]]
        return chr(int(match[2], 16)) if match[2] else match[0]
    try:  # Halves of pairs become one character, and others are refused.
        return scan(JSON_TOKEN, text, give).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise Failed("an escape is half a surrogate pair") from None


def csv_cell(text, _):
    return text.replace('""', '"')


XML_TOKEN = re.compile(r"([^&<]+)|<!\[CDATA\[(.*?)\]\]>|&(amp|lt|gt|quot|apos);|&#(?:([0-9]+)|x([0-9A-Fa-f]+));", re.S)
XML_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def code_point(digits, base):
    """The number that digits write; where it is beyond all characters, one that is."""
    digits = digits.lstrip("0") or "0"
    return int(digits, base) if len(digits) <= 8 else 0x110000


def xml_text(text, _):
    def give(match):
        plain, section, entity, decimal, hexadecimal = match.groups()
        if entity:
            return XML_ENTITIES[entity]
        if decimal or hexadecimal:
            code = code_point(decimal or hexadecimal, 10 if decimal else 16)
            check(code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000,
                  f"{match[0]} is not a character of XML")
            return chr(code)
        return line_feeds(plain if section is None else section, None)
    return scan(XML_TOKEN, text, give)


NUMERIC = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?")
NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*;?)")
LONGEST_NAME = max(map(len, html.entities.html5))
HTML_SPACES = str.maketrans("\t\n\f\r", "    ")
BREAK = re.compile(r"<[bB][rR](?=[\t\n\f\r />])")
SPACE_OR_SLASH = re.compile(r"[\t\n\f\r /]*")
ATTRIBUTE = re.compile(r"=?[^\t\n\f\r />=]*(?:[\t\n\f\r ]*(=)[\t\n\f\r ]*)?")
UNQUOTED = re.compile(r"[^\t\n\f\r >]*")
MARKUP = re.compile("<[A-Za-z/!?]")
PLAIN = re.compile("[^&<]*")


def html_reference(text, at, in_attribute):
    """What the reference at `at` gives, and where it ends (HTML Standard, "Character reference state")."""
    if match := NUMERIC.match(text, at):
        code = code_point(match[1] or match[2], 16 if match[1] else 10)
        if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            return "\ufffd", match.end()
        if 0x80 <= code < 0xA0:  # read as windows-1252, where that has a character
            return bytes([code]).decode("cp1252", "ignore") or chr(code), match.end()
        return chr(code), match.end()
    if match := NAMED.match(text, at):
        for end in range(min(match.end(), at + 1 + LONGEST_NAME), at + 1, -1):
            name = text[at + 1:end]
            if name in html.entities.html5:
                if in_attribute and not name.endswith(";") and re.match("[=A-Za-z0-9]", text[end:end + 1]):
                    break
                return html.entities.html5[name], end
    return "&", at + 1


def end_of_tag(text, at):
    """Where a tag ends whose name ends at `at`."""
    while True:
        at = SPACE_OR_SLASH.match(text, at).end()
        check(at < len(text), "a tag is cut")
        if text[at] == ">":
            return at + 1
        attribute = ATTRIBUTE.match(text, at)
        at = attribute.end()
        if attribute[1]:
            quote = text[at:at + 1]
            if quote and quote in "\"'":
                at = text.find(quote, at + 1) + 1
                check(at, "the value of an attribute is cut")
            else:
                at = UNQUOTED.match(text, at).end()


def html_text(text, _):
    """The characters of the tokeniser in its data state."""
    check("\0" not in text, "U+0000 is in the text")
    text = line_feeds(text, None)
    found, at = [], 0
    while at < len(text):
        if text[at] == "&":
            piece, at = html_reference(text, at, in_attribute=False)
            found.append(piece.translate(HTML_SPACES))
        elif text[at] == "<" and BREAK.match(text, at):
            at = end_of_tag(text, at + 3)
            found.append("\n")
        else:
            check(not MARKUP.match(text, at), f"markup: {text[at:at + 20]!r}")
            end = PLAIN.match(text, at + 1).end()
            found.append(text[at:end].translate(HTML_SPACES))
            at = end
    return "".join(found)


def html_attribute(text, _):
    check('"' not in text or "'" not in text, "both kinds of quotes are in the value")
    text = line_feeds(text, None)
    found, at = [], 0
    while at < len(text):
        if text[at] == "&":
            piece, at = html_reference(text, at, in_attribute=True)
            found.append(piece)
        else:
            end = text.find("&", at)
            end = len(text) if end < 0 else end
            found.append(text[at:end].replace("\0", "\ufffd"))
            at = end
    return "".join(found)


def mojibake(text, label):
    byte_of = {character: byte for byte, character in enumerate(one_byte_table(label)) if character}
    found, at = [], 0
    while at < len(text):
        here = bytearray()
        for character in text[at:at + 4]:
            if character not in byte_of:
                break
            here.append(byte_of[character])
        sequence = WELL_FORMED.match(here)
        found.append(sequence[0].decode() if sequence else text[at])
        at += len(sequence[0]) if sequence else 1
    return "".join(found)


# Transforms on groups (spec/trace.md, "Of groups").

WHITE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
WHITE_SPACE = re.compile(f"[{WHITE}]+")


def trim(text, _):
    return text.strip(WHITE)


def collapse_space(text, _):
    return WHITE_SPACE.sub(" ", text)


def collapse_lines(text, _):
    return WHITE_SPACE.sub(lambda run: "\n" if "\n" in run[0] else " ", trim(text, None))


def line_feeds(text, _):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def ascii_lower(text, _):
    return re.sub("[A-Z]", lambda letter: letter[0].lower(), text)


def nfc(text, _):
    newer = next((character for character in text if unicodedata.category(character) == "Cn"), None)
    if newer:
        raise Unverifiable(f"Unicode {unicodedata.unidata_version} does not know U+{ord(newer):04X}")
    return unicodedata.normalize("NFC", text)


def epoch(text, unit):
    check(unit in ("s", "ms"), f"epoch:{unit} is not a transform")
    if unit == "ms":
        check(re.fullmatch("[0-9]{4,15}", text), f"{text!r} is not a count of milliseconds")
        text = f"{text[:-3]}.{text[-3:]}"
    check(re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", text), f"{text!r} is not a count of seconds")
    seconds, point, fraction = text.partition(".")
    try:
        time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(seconds))
    except OverflowError:
        raise Failed(f"{text} is beyond the year 9999") from None
    return time.isoformat() + point + fraction + "Z"


ENCODED_WORD = re.compile(
    r"=\?([!#-'*+\-0-9A-Z^-~]+?)(?:\*[A-Za-z0-9-]+)?\?([BbQq])\?([!->@-~]+)\?=")


def encoded_word(charset, encoding, text):
    if encoding in "bB":
        data = b"".join(base64_layer(text.encode()))
    else:
        check(not re.search("=(?![0-9A-Fa-f]{2})", text), f"{text!r} is not in the encoding Q")
        data = re.sub(b"=(..)", lambda digits: bytes.fromhex(digits[1].decode()), text.replace("_", " ").encode())
    return decode(data, encoding_of(charset.lower()))


def rfc2047(text, _):
    text = re.sub(r"(?:\r\n|\n|\r)(?=[ \t])", "", text)
    found, at, after_word = [], 0, False
    for word in ENCODED_WORD.finditer(text):
        between = text[at:word.start()]
        if not (after_word and between.strip(" \t") == ""):
            found.append(between)
        found.append(encoded_word(*word.groups()))
        at, after_word = word.end(), True
    return "".join(found) + text[at:]


def locale(text, _):
    found = re.fullmatch("([A-Za-z]{2,3})([_-][A-Za-z0-9_-]*)?", text)
    check(found, f"{text!r} is not a locale")
    return found[1].lower()


SPAN_TRANSFORMS = {"json-string": json_string, "csv-cell": csv_cell, "xml-text": xml_text, "html-text": html_text,
                   "html-attribute": html_attribute, "mojibake": mojibake}
GROUP_TRANSFORMS = {"trim": trim, "collapse-space": collapse_space, "collapse-lines": collapse_lines,
                    "line-feeds": line_feeds, "ascii-lower": ascii_lower, "nfc": nfc, "epoch": epoch,
                    "rfc2047": rfc2047, "locale": locale}
