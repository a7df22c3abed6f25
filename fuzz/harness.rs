//! The properties that must hold for any bytes: one function for each fuzz target.
//!
//! The fuzzers call these functions with bytes that they find; the test `fuzzing` calls them with
//! seeded ones. A function panics where something does not hold, and does nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a panic is how a fuzz target reports"
)]

mod replays;

use std::io::{self, Read};

use dateline::document::JsonDocument;
use dateline::document::json::{JsonError, Leaf};
use dateline::dump::cut::{Encoding, JsonCutter, JsonFault, Layout, Piece};
use dateline::dump::{Cause, LayerError, Limits, Opener, layered, sniff};
use dateline::json::SyntaxErrorKind;
use dateline::trace::{Layer, Location};

pub use replays::replay;

/// The layers that the first byte of an input chooses from.
pub const LAYERS: [&[&str]; 16] = [
    &["gzip"],
    &["zstd"],
    &["lz4"],
    &["bzip2"],
    &["xz"],
    &["deflate"],
    &["brotli"],
    &["chunked"],
    &["base64"],
    &["quoted-printable"],
    &["slice:2-9"],
    &["gzip", "gzip"],
    &["base64", "gzip"],
    &["chunked", "deflate"],
    &["quoted-printable", "base64"],
    &["zstd", "slice:1-70000"],
];

/// Reads at most so many bytes at once.
struct Dripping<R> {
    reader: R,
    most: usize,
}

impl<R: Read> Read for Dripping<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = buf.len().min(self.most);
        self.reader.read(buf.get_mut(..most).unwrap_or_default())
    }
}

/// Unpacks the input behind its first byte, which chooses the layers.
///
/// What comes out stays within the limits and does not depend on how it is read.
pub fn layers(data: &[u8]) {
    let Some((first, data)) = data.split_first() else {
        return;
    };
    let names = LAYERS[usize::from(*first) % LAYERS.len()];
    let layers: Vec<Layer> = names.iter().map(|name| name.parse().unwrap()).collect();
    let mut limits = Limits::default();
    limits.spare = 1 << 17;
    limits.ratio = 100;
    let (out, why) = unpacked(data, &layers, &limits, [usize::MAX, 1 << 16]);
    let most = limits.spare + limits.ratio * wide(data.len());
    assert!(wide(out.len()) <= most, "{names:?} gives {}", out.len());
    if let Some(why) = &why {
        assert!(why.depth < layers.len() && layers[why.depth] == why.layer);
        assert!(
            why.depth > 0 || why.at <= wide(data.len()),
            "{names:?}: {why}"
        );
    }
    // How much of a bomb comes out depends on how much was read when it came.
    if why.as_ref().is_some_and(is_growth) {
        return;
    }
    for pieces in [[usize::MAX, 7], [5, 1 << 10]] {
        let (again, other) = unpacked(data, &layers, &limits, pieces);
        if other.as_ref().is_some_and(is_growth) {
            continue;
        }
        assert_eq!(
            why.as_ref().map(|why| why.depth),
            other.as_ref().map(|why| why.depth),
            "{names:?} in pieces of {pieces:?}: {why:?}, {other:?}"
        );
        assert!(
            again == out,
            "{names:?} in pieces of {pieces:?}: {} bytes, then {}: {why:?}",
            out.len(),
            again.len()
        );
    }
    let half = wide(out.len() / 2);
    let (cut, why) = unpacked(
        data,
        &layers,
        &limits.clone().with_size(half),
        [usize::MAX, 1 << 16],
    );
    assert!(wide(cut.len()) <= half);
    assert!(out.starts_with(&cut));
    assert!(out.is_empty() || why.is_some());
}

/// What layers give, read so many bytes at once of the input and of the output, and why they end early.
fn unpacked(
    data: &[u8],
    layers: &[Layer],
    limits: &Limits,
    [input, output]: [usize; 2],
) -> (Vec<u8>, Option<LayerError>) {
    let bytes = Dripping {
        reader: data,
        most: input,
    };
    let mut reader = match layered(Box::new(bytes), layers, limits) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let (mut out, mut buffer) = (Vec::new(), vec![0; output]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => {
                assert_eq!(reader.read(&mut buffer).unwrap(), 0, "bytes after the end");
                return (out, None);
            }
            Ok(count) => out.extend_from_slice(&buffer[..count]),
            Err(error) => {
                let why = LayerError::of(&error)
                    .expect("the input can be read")
                    .clone();
                let again = reader.read(&mut buffer).expect_err("an error is the end");
                assert_eq!(LayerError::of(&again), Some(&why));
                return (out, Some(why));
            }
        }
    }
}

fn is_growth(error: &LayerError) -> bool {
    matches!(error.cause, Cause::Ratio { .. } | Cause::Size { .. })
}

/// Cuts the input behind its first byte, which chooses the layout, as JSON.
///
/// Pieces are in order and in the stream, items are its bytes, nothing but white space, commas, marks and
/// separators is left out of values, and nothing depends on how the stream is read. Only the bracket of an
/// array that is never closed comes behind what is in it.
pub fn json_cutter(data: &[u8]) {
    let Some((first, data)) = data.split_first() else {
        return;
    };
    let layout = match first % 4 {
        0 => Some(Layout::Values),
        1 => Some(Layout::Array),
        2 => Some(Layout::Document),
        _ => None,
    };
    let (pieces, layout) = cut(data, layout.clone(), usize::MAX);
    let encoding = Encoding::detect(data).0;
    let (mut end, mut is_open) = (0, false);
    for (line, piece) in &pieces {
        let (offset, length) = match piece {
            Piece::Item(cut) => (cut.offset, wide(cut.bytes.len())),
            Piece::Refused(refusal) => {
                assert!(refusal.at >= refusal.offset, "{refusal:?}");
                assert!(refusal.at <= wide(data.len()), "{refusal:?}");
                assert!(!refusal.to_string().contains(char::is_control));
                (refusal.offset, refusal.length)
            }
        };
        let (start, behind) = (narrow(offset), narrow(offset + length));
        if !layout.is_values() && is_bracket(piece, encoding) && start < end {
            is_open = true;
            continue;
        }
        assert!(!is_open, "a piece behind the end of the stream");
        assert!(
            end <= start && start <= behind && behind <= data.len(),
            "{start}..{behind} after {end}, of {}",
            data.escape_ascii()
        );
        if let Piece::Item(cut) = piece {
            assert!(!cut.bytes.is_empty());
            assert_eq!(cut.bytes, data[start..behind]);
            if encoding == Encoding::Utf8 {
                let feeds = data[..start].iter().filter(|byte| **byte == b'\n');
                assert_eq!(*line, wide(feeds.count()) + 1);
            }
        }
        if layout.is_values() {
            assert_left(data, encoding, end..start);
        }
        end = behind;
    }
    if layout.is_values() {
        assert_left(data, encoding, end..data.len());
    }
    for most in [1, 13] {
        let (again, _) = cut(data, Some(layout.clone()), most);
        assert!(again == pieces, "in pieces of {most}");
    }
}

/// Whether a piece may be the bracket of an array that the stream does not close.
fn is_bracket(piece: &Piece<JsonFault>, encoding: Encoding) -> bool {
    let Piece::Refused(refusal) = piece else {
        return false;
    };
    refusal.why == JsonFault::End && refusal.length <= wide(encoding.width())
}

/// Each piece with the line that it begins in.
type Pieces = Vec<(u64, Piece<JsonFault>)>;

fn cut(data: &[u8], layout: Option<Layout>, most: usize) -> (Pieces, Layout) {
    let reader = Dripping { reader: data, most };
    let mut cutter = match layout {
        Some(layout) => JsonCutter::with_layout(reader, layout),
        None => JsonCutter::new(reader),
    }
    .unwrap();
    let mut pieces = Vec::new();
    while let Some(piece) = cutter.next() {
        pieces.push((cutter.began().line, piece.unwrap()));
    }
    assert!(cutter.next().is_none());
    let layout = cutter.layout().clone();
    (pieces, layout)
}

/// Whether all of a stream is items.
trait AllItems {
    fn is_values(&self) -> bool;
}

impl AllItems for Layout {
    fn is_values(&self) -> bool {
        matches!(self, Self::Values | Self::Document)
    }
}

/// Asserts that what belongs to no piece may be between values.
fn assert_left(data: &[u8], encoding: Encoding, range: std::ops::Range<usize>) {
    let left = &data[range.clone()];
    let may_be = |byte: u8| b" \t\r\n,\x1e".contains(&byte);
    let fits = if encoding == Encoding::Utf8 {
        let left = if range.start == 0 {
            left.strip_prefix(b"\xef\xbb\xbf").unwrap_or(left)
        } else {
            left
        };
        left.iter().all(|byte| may_be(*byte))
    } else {
        left.iter()
            .all(|byte| may_be(*byte) || [0, 0xfe, 0xff].contains(byte))
    };
    assert!(fits, "{} belongs to no piece", left.escape_ascii());
}

/// Reads the input behind its first byte, which chooses the encoding, as one document of JSON.
///
/// Checks that spans lie in the item and in order, that a pointer leads back to its value, and that
/// nothing is refused that `serde_json` accepts.
pub fn json_document(data: &[u8]) {
    let Some((first, item)) = data.split_first() else {
        return;
    };
    let encoding = match first % 4 {
        0 => Encoding::Utf16Le,
        1 => Encoding::Utf16Be,
        _ => Encoding::Utf8,
    };
    let document = match JsonDocument::parse(item, encoding) {
        Ok(document) => document,
        Err(error) => {
            assert!(error.offset() <= item.len(), "{error:?}");
            if encoding == Encoding::Utf8 {
                assert_refused(item, &error);
            }
            return;
        }
    };
    let mut keys = 0;
    for duplicate in document.duplicates() {
        assert!(duplicate.first.end <= duplicate.span.start);
        assert!(duplicate.span.end <= item.len());
        keys += 1;
    }
    let mut lookup = document.lookup();
    let (mut leaves, mut end, mut count) = (document.leaves(), 0, 0);
    while let Some(leaf) = leaves.advance() {
        assert_leaf(&leaf, item, encoding, end);
        end = leaf.value.span().end;
        count += 1;
        // A pointer takes as long as the item: enough of them are looked for.
        if keys == 0 && count <= 256 {
            let found = document.at(leaf.pointer).map(|value| value.span());
            let again = lookup.at(leaf.pointer).map(|value| value.span());
            assert_eq!(found, again, "{}", leaf.pointer);
            // A key without a text has no pointer.
            let lone = encoding != Encoding::Utf8
                || item
                    .windows(3)
                    .any(|bytes| bytes.eq_ignore_ascii_case(b"\\ud"));
            assert!(lone || found == Some(leaf.value.span()), "{}", leaf.pointer);
        }
    }
}

fn assert_leaf(leaf: &Leaf<'_, '_>, item: &[u8], encoding: Encoding, end: usize) {
    let (span, inside) = (leaf.value.span(), leaf.inside());
    assert!(end <= span.start && span.start < span.end && span.end <= item.len());
    assert!(span.start <= inside.start && inside.start <= inside.end && inside.end <= span.end);
    if let Some(key) = &leaf.key_span {
        assert!(end <= key.start && key.start < key.end && key.end < span.start);
    }
    if encoding == Encoding::Utf8 {
        assert_eq!(leaf.value.written().as_bytes(), &item[span]);
    }
    let mut at = inside.start;
    for (piece, text) in leaf.value.pieces() {
        assert!(at <= piece.start && piece.start <= piece.end && piece.end <= inside.end);
        assert_eq!(text.is_empty(), piece.is_empty());
        assert!(!piece.is_empty() || piece == inside);
        at = piece.end;
    }
    if let Some(text) = leaf.value.as_str() {
        let within = leaf.value.within(0..text.len());
        assert_eq!(within, inside, "{text:?}");
    }
}

/// Asserts that what is refused is not JSON for `serde_json` either, or is beyond a limit.
fn assert_refused(item: &[u8], error: &JsonError) {
    let beyond = matches!(
        error,
        JsonError::Syntax(error)
            if matches!(error.kind, SyntaxErrorKind::TooMany | SyntaxErrorKind::ByteOrderMark)
    );
    if let Ok(text) = std::str::from_utf8(item) {
        let read = serde_json::from_str::<serde_json::Value>(text);
        assert!(beyond || read.is_err(), "{error}: {text:?}");
    }
}

/// Tells what a file of the input behind its first byte is, which chooses its name.
///
/// The same bytes are the same again, and what is said of them is one short line.
pub fn sniffed(data: &[u8]) {
    let Some((first, data)) = data.split_first() else {
        return;
    };
    let names = [
        "a",
        "a.txt",
        "a.json",
        "a.csv",
        "a.html",
        "a.tsv.gz",
        "a.eml",
        "README.md",
    ];
    let name = names[usize::from(*first) % names.len()];
    let told = sniff(name, data);
    assert_eq!(told, sniff(name, data));
    let why = told.why.to_string();
    assert!(
        !why.contains(char::is_control) && !why.is_empty(),
        "{why:?}"
    );
    assert!(why.len() < 1_000, "{why}");
    assert!(told.layers.len() <= 4);
    if let Some(first) = told.layers.first() {
        assert_eq!(dateline::dump::codec(data), Some(*first));
    }
}

/// Opens a location that the first bytes of the input choose, in a file of the others.
///
/// It gives the same again and what its layers give one after the other, and a slice gives what it cuts of the whole.
pub fn location(data: &[u8]) {
    let Some((&[codec, offset, length, start, width], data)) = data.split_first_chunk::<5>() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    std::fs::write(&file, data).unwrap();
    let mut location = Location::range("a", 0, wide(data.len()));
    if offset > 127 {
        location.offset = u64::from(offset) - 127;
        location.length = u64::from(length);
    }
    let opener = Opener::new();
    let read = |location: &Location| {
        let found = opener.read(&file, location);
        let again = opener.read(&file, location);
        assert_eq!(found.as_ref().ok(), again.as_ref().ok());
        let anew = Opener::new().read(&file, location);
        assert_eq!(found.as_ref().ok(), anew.as_ref().ok());
        found
    };
    let range = narrow(location.offset)..narrow(location.offset + location.length);
    assert_eq!(read(&location).ok().as_deref(), data.get(range.clone()));
    let names = LAYERS[usize::from(codec) % LAYERS.len()];
    location.layers = names.iter().map(|name| name.parse().unwrap()).collect();
    let whole = read(&location);
    let slice = usize::from(start)..usize::from(start) + usize::from(width) + 1;
    location.layers.push(Layer::Slice {
        start: wide(slice.start),
        end: wide(slice.end),
    });
    let cut = read(&location);
    let is_there = cut.is_ok();
    if let Ok(whole) = whole {
        assert_eq!(cut.ok().as_deref(), whole.get(slice), "{location:?}");
    } else if let Ok(cut) = cut {
        assert_eq!(cut.len(), slice.len());
    }
    // What is packed once more in that slice.
    location
        .layers
        .extend(["base64", "slice:1-3"].map(|name| name.parse::<Layer>().unwrap()));
    if let Some(bytes) = data.get(range).filter(|_| is_there) {
        let (out, why) = unpacked(
            bytes,
            &location.layers,
            &Limits::default(),
            [usize::MAX, 64],
        );
        let found = read(&location).ok();
        assert_eq!(found, why.is_none().then_some(out), "{location:?}");
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap()
}

fn narrow(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap()
}
