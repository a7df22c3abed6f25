"""The encodings of the Encoding Standard, as far as Python has their tables."""
import re

from .outcome import Failed, Unverifiable, check

ENCODINGS = """
utf-8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8
utf-16be unicodefffe
utf-16le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16
ibm866 866 cp866 csibm866
iso-8859-2 csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
iso-8859-3 csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
iso-8859-4 csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
iso-8859-5 csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
iso-8859-6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 \
    iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
iso-8859-7 csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 \
    iso_8859-7:1987 sun_eu_greek
iso-8859-8 csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 \
    iso_8859-8:1988 visual
iso-8859-8-i csiso88598i logical
iso-8859-10 csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso-8859-13 iso8859-13 iso885913
iso-8859-14 iso8859-14 iso885914
iso-8859-15 csisolatin9 iso8859-15 iso885915 iso_8859-15 l9
iso-8859-16
koi8-r cskoi8r koi koi8 koi8_r
koi8-u koi8-ru
macintosh csmacintosh mac x-mac-roman
windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620
windows-1250 cp1250 x-cp1250
windows-1251 cp1251 x-cp1251
windows-1252 ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 \
    iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252
windows-1253 cp1253 x-cp1253
windows-1254 cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254
windows-1255 cp1255 x-cp1255
windows-1256 cp1256 x-cp1256
windows-1257 cp1257 x-cp1257
windows-1258 cp1258 x-cp1258
x-mac-cyrillic x-mac-ukrainian
x-user-defined
gbk chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk
gb18030
big5 big5-hkscs cn-big5 csbig5 x-x-big5
euc-jp cseucpkdfmtjapanese x-euc-jp
iso-2022-jp csiso2022jp
shift_jis csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis
euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
replacement csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr
"""
LABELS = {label: line.split()[0] for line in ENCODINGS.strip().splitlines() for label in line.split()}
SEVERAL_BYTES = {"gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr"}
NOT_ONE_BYTE = SEVERAL_BYTES | {"utf-8", "utf-16be", "utf-16le", "replacement"}
CODECS = {
    "ibm866": "cp866", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
}
# Where Python's table lacks what the standard's index has, or has another character there.
OTHER_THAN_PYTHON = {("windows-1255", 0xCA): "\u05ba", ("koi8-u", 0xAE): "\u045e", ("koi8-u", 0xBE): "\u040e"}


def encoding_of(label):
    check(label in LABELS, f"{label} is not a label of the Encoding Standard")
    return LABELS[label]


def one_byte_table(label):
    """The character of each byte, none where there is none, of an encoding of one byte a character."""
    name = encoding_of(label)
    check(name not in NOT_ONE_BYTE, f"{label} has not one byte a character")
    table = []
    for byte in range(256):
        try:
            character = bytes([byte]).decode(CODECS.get(name, name.replace("windows-", "cp")))
        except (UnicodeDecodeError, LookupError):
            # The standard's code pages of Windows have control characters where Microsoft's have nothing.
            character = chr(byte) if byte < 0xA0 and name.startswith("windows-") else None
        if name == "x-user-defined":
            character = chr(byte if byte < 0x80 else 0xF700 + byte)
        table.append(OTHER_THAN_PYTHON.get((name, byte), character))
    return table


WELL_FORMED = re.compile(  # a sequence of UTF-8 of two to four bytes (Unicode, table 3-7)
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}")


def decode(data, label):
    """trace-decode-strict, transform-decode, transform-decode-mixed"""
    if label.startswith("utf-8+"):
        table = one_byte_table(label.removeprefix("utf-8+"))
        pieces = re.findall(rb"[\x00-\x7f]|" + WELL_FORMED.pattern + rb"|[\x80-\xff]", data)
        characters = [piece.decode() if len(piece) > 1 else table[piece[0]] for piece in pieces]
    elif (name := encoding_of(label)) in ("utf-8", "utf-16le", "utf-16be"):
        try:
            return data.decode(name)
        except UnicodeDecodeError as error:
            raise Failed(f"the bytes are not {label}: {error}") from None
    elif name in SEVERAL_BYTES:
        if not data.isascii() or name == "iso-2022-jp" and re.search(rb"[\x0e\x0f\x1b]", data):
            raise Unverifiable(f"this script has no index of {name}")
        return data.decode("ascii")
    else:
        table = one_byte_table(label)
        characters = [table[byte] for byte in data]
    check(None not in characters, f"a byte has no character in {label}")
    return "".join(characters)
