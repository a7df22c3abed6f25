"""URLs of http and https (URL Standard) whose hosts need nothing but lower case."""
import re

from .outcome import Unverifiable, check
from .transforms import ascii_lower, code_point

HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z][a-z0-9_-]*\.?")
ADDRESS = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}")


def percent_encoded(text, which):
    return "".join(chr(byte) if 0x20 < byte < 0x7F and chr(byte) not in which else f"%{byte:02X}"
                   for byte in text.encode())


def parsed_host(text):
    host = ascii_lower(text, None)
    check(host, "the URL has no host")
    if not (HOST.fullmatch(host) or ADDRESS.fullmatch(host)) or any(
            label.startswith("xn--") for label in host.split(".")):
        raise Unverifiable(f"this script does not judge the host {text!r}")
    return host


def resolved(segments, path):
    """The path with segments behind it, without those of one or two dots."""
    path = list(path)
    for number, segment in enumerate(segments, 1):
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            path = path[:-1]
        if dots not in (".", ".."):
            path.append(percent_encoded(segment, '"#<>?^`{}'))
        elif number == len(segments):
            path.append("")
    return path


class Url:
    """A URL of http or https."""

    def __init__(self, text, base=None):
        text = re.sub("[\t\n\r]", "", text.strip("".join(map(chr, range(0x21)))))
        text, hash_sign, fragment = text.partition("#")
        text, question_mark, query = text.partition("?")
        scheme = re.match("([A-Za-z][A-Za-z0-9+.-]*):", text)
        rest = text[scheme.end() if scheme else 0:].replace("\\", "/")
        check(scheme or base, f"{text!r} is not an absolute URL")
        self.scheme = scheme[1].lower() if scheme else base.scheme
        check(self.scheme in ("http", "https"), f"the scheme is {self.scheme}")
        relative = base and self.scheme == base.scheme and not rest.startswith("//")
        if relative:
            self.host, self.port = base.host, base.port
            if rest.startswith("/"):
                self.path = resolved(rest[1:].split("/"), [])
            else:
                self.path = resolved(rest.split("/"), base.path[:-1]) if rest else base.path
        else:
            authority, _, path = rest.lstrip("/").partition("/")
            if "@" in authority:
                raise Unverifiable("this script does not judge URLs with names of users")
            host, _, port = authority.partition(":")
            self.host, self.port = parsed_host(host), self.port_of(port)
            self.path = resolved(path.split("/"), [])
        self.query = percent_encoded(query, "\"#<>'") if question_mark else None
        if relative and not rest and not question_mark:
            self.query = base.query
        self.fragment = percent_encoded(fragment, '"<>`') if hash_sign else None

    def port_of(self, text):
        check(re.fullmatch("[0-9]*", text), f"{text!r} is not a port")
        port = code_point(text, 10)
        check(port < 65536, f"{text} is not a port")
        return "" if not text or port == {"http": 80, "https": 443}[self.scheme] else f":{port}"

    def __str__(self):
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{self.host}{self.port}/{'/'.join(self.path)}{query}{fragment}"
