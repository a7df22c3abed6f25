"""Layers (spec/layers.md): from the bytes of a file to those of an item.

A layer is a generator over the whole of its input. It is sent how many bytes it may give at most, and gives some.
It raises Failed where its input is wrong, and not before it has given what comes before that.
"""
import base64
import bz2
import lzma
import re
import zlib

from .outcome import Failed, Unverifiable, check

try:
    from compression import zstd  # Python 3.14
except ImportError:
    zstd = None

CHUNK = 65536
LARGEST_WINDOW = 2**27
# What liblzma needs beside the dictionary.
XZ_MEMORY = LARGEST_WINDOW + 2**20


def gzip_header(data, at):
    """Where the header of the member at `at` ends (RFC 1952, section 2.3)."""
    start = at
    check(bytes(data[at:at + 3]) == b"\x1f\x8b\x08" and len(data) >= at + 10, "there is no gzip header")
    flags = data[at + 3]
    check(flags < 0x20, "a reserved flag is set")
    at += 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at:at + 2], "little")
    for flag in (8, 16):
        if flags & flag:
            while bytes(data[at:at + 1]) != b"\0":
                check(at < len(data), "the header is cut")
                at += 1
            at += 1
    if flags & 2:
        stated = int.from_bytes(data[at:at + 2], "little")
        check(stated == zlib.crc32(data[start:at]) & 0xFFFF, "the checksum of the header does not match")
        at += 2
    check(at <= len(data), "the header is cut")
    return at


def inflate(data, at, room):
    """One stream of deflate from `at`; returns where it ends and how much the next piece may have."""
    decoder, held = zlib.decompressobj(-15), b""
    while not decoder.eof:
        try:
            piece = decoder.decompress(held, room)
        except zlib.error as error:
            raise Failed(str(error)) from None
        held = decoder.unconsumed_tail
        if piece:
            room = yield piece
        elif not held and not decoder.eof:
            held = bytes(data[at:at + CHUNK])
            at += len(held)
            check(held, "the input ends before the data")
    return at - len(decoder.unused_data), room


def deflate_layer(data):
    room = yield b""
    end, room = yield from inflate(data, 0, room)
    check(end == len(data), "bytes follow the data")


def gzip_layer(data):
    room, at = (yield b""), 0
    while at < len(data) or at == 0:
        at = gzip_header(data, at)
        member, checksum, size = inflate(data, at, room), 0, 0
        piece = None
        while True:
            try:
                piece = next(member) if piece is None else member.send(room)
            except StopIteration as stop:
                at, room = stop.value
                break
            checksum, size = zlib.crc32(piece, checksum), size + len(piece)
            room = yield piece
        stated = bytes(data[at:at + 8])
        check(stated == checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"),
              "the checksum or length of a member does not match")
        at += 8


def streams(data, at, new, room):
    """One stream of a decompressor of Python from `at`; returns where it ends."""
    decoder = new()
    while not decoder.eof:
        chunk = b""
        if decoder.needs_input:
            chunk = bytes(data[at:at + CHUNK])
            at += len(chunk)
        try:
            piece = decoder.decompress(chunk, room)
        except (OSError, lzma.LZMAError, ValueError, zstd.ZstdError if zstd else OSError) as error:
            raise Failed(str(error)) from None
        if piece:
            room = yield piece
        else:
            check(chunk or decoder.eof or not decoder.needs_input, "the input ends before the data")
    return at - len(decoder.unused_data), room


def bzip2_layer(data):
    room, at = (yield b""), 0
    while at < len(data) or at == 0:
        at, room = yield from streams(data, at, bz2.BZ2Decompressor, room)


def xz_layer(data):
    # liblzma reads more combinations of filters than layer-xz allows.
    room, at = (yield b""), 0
    while at < len(data) or at == 0:
        at, room = yield from streams(data, at, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, XZ_MEMORY), room)
        while bytes(data[at:at + 4]) == b"\0\0\0\0":
            at += 4


def zstd_layer(data):
    if zstd is None:
        raise Unverifiable("zstd needs Python 3.14")
    options = {zstd.DecompressionParameter.window_log_max: 27}
    room, at, frames = (yield b""), 0, 0
    while at < len(data) or frames == 0:
        magic = int.from_bytes(data[at:at + 4], "little")
        if magic & 0xFFFFFFF0 == 0x184D2A50:  # a skippable frame
            at += 8 + int.from_bytes(data[at + 4:at + 8], "little")
            check(at <= len(data), "a skippable frame is cut")
            continue
        at, room = yield from streams(data, at, lambda: zstd.ZstdDecompressor(options=options), room)
        frames += 1


TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
QUOTED = rb'"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"'
EXTENSION = rb"[ \t]*;[ \t]*" + TOKEN + rb"(?:[ \t]*=[ \t]*(?:" + TOKEN + rb"|" + QUOTED + rb"))?"
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]+)(?:" + EXTENSION + rb")*[ \t]*\r\n")
TRAILER = re.compile(rb"(?:" + TOKEN + rb":[\t -~\x80-\xff]*\r\n)*\r\n")


def chunked_layer(data):
    """RFC 9112, section 7.1."""
    yield b""
    at = 0
    while True:
        line = CHUNK_LINE.match(data, at)
        check(line, f"there is no size of a chunk at byte {at}")
        size, at = int(line[1], 16), line.end()
        check(size < 2**53, "a size is beyond 2^53-1")
        if size == 0:
            break
        if data[at:at + size]:
            yield bytes(data[at:at + size])
        at += size
        check(bytes(data[at:at + 2]) == b"\r\n", "a chunk does not have its size")
        at += 2
    trailer = TRAILER.match(data, at)
    check(trailer and trailer.end() == len(data), "the body does not end with a trailer section")


def base64_layer(data):
    yield b""
    compact = bytes(data).translate(None, b"\t\n\r ")
    whole = re.match(rb"(?:[A-Za-z0-9+/]{4})*", compact).end()
    if whole:
        yield base64.b64decode(compact[:whole])
    last = compact[whole:]
    if last:
        check(re.fullmatch(rb"[A-Za-z0-9+/]{2}(==|[A-Za-z0-9+/]=)", last), "the last group is not base64")
        decoded = base64.b64decode(last)
        check(base64.b64encode(decoded) == last, "the bits that padding leaves over are not zero")
        yield decoded


QUOTED_PRINTABLE = re.compile(
    rb"=([0-9A-Fa-f]{2})|=([ \t]*)(?:\r?\n|\Z)|([ \t]+)(?=\r?\n|\Z)|([ \t]+|\r?\n|[!-<>-~]+)")


def quoted_printable_layer(data):
    yield b""
    at = 0
    while at < len(data):
        token = QUOTED_PRINTABLE.match(data, at)
        check(token, f"byte {at} is not quoted-printable")
        escape, soft, trailing, plain = token.groups()
        check(len(soft or trailing or b"") <= 65536, "a run of white space is too long")
        if escape:
            yield bytes.fromhex(escape.decode())
        elif plain:
            check(plain[:1] not in b"\t " or len(plain) <= 65536, "a run of white space is too long")
            yield plain
        at = token.end()


LAYERS = {
    "gzip": gzip_layer, "zstd": zstd_layer, "bzip2": bzip2_layer, "xz": xz_layer, "deflate": deflate_layer,
    "chunked": chunked_layer, "base64": base64_layer, "quoted-printable": quoted_printable_layer,
}
NUMBER = "(0|[1-9][0-9]{0,15})"
NOT_READ = re.compile(f"lz4|brotli|parquet:{NUMBER}|xlsx:{NUMBER}:{NUMBER}")
SLICE = re.compile(f"slice:{NUMBER}-{NUMBER}")
LARGEST_ITEM = 2**25


def parsed_slice(layer):
    """Start and end of a slice; none of another layer."""
    found = SLICE.fullmatch(layer)
    return (int(found[1]), int(found[2])) if found else None


def is_layer(layer):
    """layer-closed, layer-numbers"""
    cut = parsed_slice(layer)
    known = layer in LAYERS or NOT_READ.fullmatch(layer) or cut and cut[0] < cut[1]
    return bool(known) and all(int(digits) < 2**53 for digits in re.findall("[0-9]+", layer))


class Meter:
    """How much may still be read and unpacked of a file, all together (layer-budget)."""

    def __init__(self, path, size):
        self.path, self.most = path, 8 * (2**24 + 1100 * size)
        self.left = self.most

    def take(self, data):
        self.left -= len(data)
        if self.left < 0:
            raise Unverifiable(f"what is read of {self.path} comes to more than {self.most} bytes, "
                               "the limit for a file of its size")
        return data


class Decoded:
    """What a layer gives, decoded as far as somebody asked for it."""

    def __init__(self, layer, data, read, meter):
        self.bytes, self.failure, self.ended = bytearray(), None, False
        self.most, self.meter = 2**24 + 1100 * read, meter
        self.pieces = layer(data)
        next(self.pieces)

    def range(self, start=0, end=None):
        """The bytes from `start` to `end`, as far as there are any; without `end` all that follow."""
        while not self.ended and (end is None or len(self.bytes) < end):
            if self.failure:
                raise self.failure
            try:
                piece = self.pieces.send(CHUNK if end is None else min(CHUNK, end - len(self.bytes)))
                self.bytes += piece
                self.meter.take(piece)
            except StopIteration:
                self.ended = True
            except Failed as failure:
                self.failure = failure
            if len(self.bytes) > self.most:
                raise Unverifiable("a layer gives too many bytes for their input")
        return bytes(memoryview(self.bytes)[start:end])


def part(given, start=0, end=None):
    """A range of bytes, or of what a layer gives."""
    return given.range(start, end) if isinstance(given, Decoded) else given[start:end]


class Chain:
    """A range of a file that is put through layers. Keeps what each of the last ones gave."""

    def __init__(self, data, meter):
        self.read, self.meter, self.layers, self.given = len(data), meter, [], [data]

    def branch(self):
        """Another one, which begins with what this one has."""
        other = Chain(self.given[0], self.meter)
        other.layers, other.given = list(self.layers), list(self.given)
        return other

    def through(self, layers):
        """What layers make of the range. The first ones are not run again as far as they are those of the last time."""
        for layer in layers:
            check(is_layer(layer), f"layer-closed: {layer} is not a layer")
        check(len(layers) <= 8, f"layer-count: there are {len(layers)} layers")
        for layer in filter(NOT_READ.fullmatch, layers):
            raise Unverifiable(f"this script does not read {layer}")
        same = 0
        while same < min(len(layers), len(self.layers)) and layers[same] == self.layers[same]:
            same += 1
        del self.layers[same:], self.given[same + 1:]
        for number, layer in enumerate(layers[same:], same + 1):
            self.given.append(self.one(layer, layers[number:]))
            self.layers.append(layer)
        item = bytes(part(self.given[-1], 0, LARGEST_ITEM + 1))
        if len(item) > LARGEST_ITEM:
            raise Unverifiable(f"an item of more than {LARGEST_ITEM} bytes is not read")
        return item if same < len(layers) else self.meter.take(item)  # Else no layer counted it.

    def one(self, layer, behind):
        """What a layer makes of what the one before it gives; `behind` are those behind it."""
        if cut := parsed_slice(layer):
            start, end = cut
            if isinstance(self.given[-1], Decoded) and not behind and end - start > LARGEST_ITEM:
                raise Unverifiable(f"an item of more than {LARGEST_ITEM} bytes is not read")
            data = part(self.given[-1], start, end)
            check(len(data) == end - start, f"the bytes end before {layer} does")
            return self.meter.take(data)
        try:
            data = part(self.given[-1])
        except Failed as failure:
            if any(map(parsed_slice, behind)):  # Then this layer need not read all of it.
                raise Unverifiable(f"perhaps no slice needs this: {failure}") from None
            raise
        return Decoded(LAYERS[layer], data, self.read, self.meter)
