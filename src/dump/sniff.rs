//! Telling what a file is, by its content.
//!
//! [`sniff`] looks at no more than the first 64 KiB of a file, or of what is packed in it, and says which
//! [`Kind`] it is and why. The content decides. A name decides in two cases only: notes about a dump are
//! known by it, and where the content allows several kinds (any text may be a table of one column, or a
//! piece of a web page) the ending of the name says which is meant.
//!
//! Nothing here fails: a file that is like none of the others is text, or binary data.

mod magic;
mod mail;
mod markup;
mod name;
mod plain;
mod table;
#[cfg(test)]
mod tests;
mod values;
mod wide;
mod wire;
mod zip;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read as _};

use super::layer::ends_within_magic;
use super::{BOM, Cause, Kind, LayerError, Limits, codec, layered};
use crate::diagnostic::escape::{escape_bytes, shown};
use crate::trace::Layer;
use crate::transit;
use name::Name;

pub(super) use wide::label as wide_label;

/// How many bytes of a file, or of what is packed in it, are looked at.
pub(crate) const SNIFFED: usize = 64 << 10;

/// How many codecs one within the other are undone.
const DEPTH: usize = 4;

/// What a file is, and how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sniffed {
    /// The codecs that the whole file is packed with, outermost first.
    pub layers: Vec<Layer>,
    /// The kind of what is in them.
    pub kind: Kind,
    /// How it is known.
    pub why: Evidence,
    /// Why one more codec, which is read, gives not even its first bytes.
    pub damage: Option<LayerError>,
}

/// How the kind of a file is known: a few words for a person, such as ``begins with `WARC/1.1` ``.
///
/// What it quotes from a file is escaped. Its wording is no part of the format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence(Cow<'static, str>);

/// Tells what a file is from its relative path and its first bytes.
///
/// `head` is the whole file or a beginning of it. 64 KiB of a file that is not packed are enough, and more
/// are not looked at; of a packed one as much is read as its codec needs to give the first 64 KiB, which
/// may be 900 KB of `bzip2` or 4 MiB of `lz4`.
///
/// ```
/// use dateline::dump::{Kind, sniff};
///
/// let page = sniff("a.txt", b"<!DOCTYPE html><p>Rain");
/// assert_eq!(page.kind, Kind::Html);
/// assert_eq!(page.why.to_string(), "begins with `<!DOCTYPE html`");
/// ```
#[must_use]
pub fn sniff(path: &str, head: &[u8]) -> Sniffed {
    let mut name = Name::of(path);
    let told = |kind, why| Sniffed {
        layers: Vec::new(),
        kind,
        why,
        damage: None,
    };
    if let Some(why) = name.notes() {
        return told(Kind::Notes, why);
    }
    if head.is_empty() {
        return told(Kind::Empty, Evidence::from("has no bytes"));
    }
    let unpacked = unpack(head, &name);
    let head = Head {
        bytes: unpacked.bytes.get(..SNIFFED).unwrap_or(&unpacked.bytes),
        cut: unpacked.cut || unpacked.bytes.len() > SNIFFED,
    };
    for _ in &unpacked.layers {
        name.unpack();
    }
    let (kind, why) = match unpacked.failed {
        Some(told) => told,
        None if head.bytes.is_empty() => {
            (Kind::Empty, Evidence::from("has no bytes once unpacked"))
        }
        None => of_bytes(head, &name, unpacked.layers.is_empty()),
    };
    Sniffed {
        layers: unpacked.layers,
        kind,
        why,
        damage: unpacked.damage,
    }
}

/// A kind, and how it is known.
type Told = (Kind, Evidence);

/// The bytes that are looked at.
#[derive(Clone, Copy)]
struct Head<'h> {
    bytes: &'h [u8],
    /// Whether more follow.
    cut: bool,
}

/// What is in the codecs of a whole file.
struct Unpacked<'h> {
    layers: Vec<Layer>,
    bytes: Cow<'h, [u8]>,
    cut: bool,
    /// Where a codec gives nothing.
    failed: Option<Told>,
    /// Why, where its bytes are of that codec.
    damage: Option<LayerError>,
}

/// Undoes the codecs of a whole file, as far as the first bytes of what is in them. Of a file that is too short to tell
/// its codec the name does.
fn unpack<'h>(head: &'h [u8], name: &Name<'_>) -> Unpacked<'h> {
    let mut cut = name.codec().filter(|layer| ends_within_magic(*layer, head));
    let mut unpacked = Unpacked {
        layers: Vec::new(),
        bytes: Cow::Borrowed(head),
        cut: false,
        failed: None,
        damage: None,
    };
    while let Some(layer) = codec(&unpacked.bytes).or_else(|| cut.take()) {
        if unpacked.layers.len() == DEPTH {
            let why = format!("is packed more than {DEPTH} times");
            unpacked.failed = Some((Kind::Packed, why.into()));
            return unpacked;
        }
        unpacked.layers.push(layer);
        let (bytes, error) = first_bytes(head, &unpacked.layers);
        if let (true, Some(error)) = (bytes.is_empty(), &error) {
            unpacked.layers.pop();
            let damage = LayerError::of(error);
            let cause = damage.map_or_else(|| error.to_string(), |error| error.cause.to_string());
            unpacked.damage = damage.filter(|error| error.cause != Cause::Magic).cloned();
            let why = format!("begins as {layer} does, but does not unpack: {cause}");
            unpacked.failed = Some((Kind::Packed, why.into()));
            return unpacked;
        }
        unpacked.cut = error.is_some() || bytes.len() > SNIFFED;
        unpacked.bytes = Cow::Owned(bytes);
    }
    unpacked
}

/// What layers give of the first bytes of a file, one byte more than is looked at, and why they stop.
fn first_bytes(head: &[u8], layers: &[Layer]) -> (Vec<u8>, Option<io::Error>) {
    let mut bytes = Vec::new();
    let most = u64::try_from(SNIFFED + 1).unwrap_or(u64::MAX);
    let read = layered(Box::new(head), layers, &Limits::default())
        .map_err(io::Error::from)
        .and_then(|reader| reader.take(most).read_to_end(&mut bytes));
    (bytes, read.err())
}

/// The kind of bytes that no codec packs.
fn of_bytes(head: Head<'_>, name: &Name<'_>, is_file: bool) -> Told {
    if let Some(told) = magic::told(head).or_else(|| wire::told(head)) {
        return told;
    }
    // What is longer than a pointer may be is none, also where it is cut.
    if is_file && !head.cut && transit::pointer(head.bytes).is_some() {
        return (
            Kind::Pointer,
            "holds nothing but a pointer to a file".into(),
        );
    }
    if let Some((label, text)) = wide::decode(head) {
        let head = Head {
            bytes: text.as_bytes(),
            ..head
        };
        let (kind, why) = of_text(head, name);
        if kind == Kind::Text {
            let why = format!(
                "is {} without the marks of another kind",
                label.to_ascii_uppercase()
            );
            return (kind, why.into());
        }
        return (
            kind,
            format!("{why}, in {}", label.to_ascii_uppercase()).into(),
        );
    }
    if let Some(at) = memchr::memchr(0, head.bytes) {
        // Captures and attachments hold bytes of every kind, and pages and lines of JSON are damaged.
        let values =
            || values::told(head.without_mark(), name).filter(|_| !plain::is_noisy(head.bytes));
        return of_beginning(head, name)
            .or_else(values)
            .unwrap_or_else(|| (Kind::Binary, format!("byte {at} is NUL").into()));
    }
    if plain::is_binary(head.bytes) {
        return (Kind::Binary, "is mostly control characters".into());
    }
    of_text(head, name)
}

/// The kind that the first words tell, whatever follows them.
fn of_beginning(head: Head<'_>, name: &Name<'_>) -> Option<Told> {
    let head = head.without_mark();
    plain::told(head)
        .or_else(|| mail::told(head, name))
        .or_else(|| markup::told(head, name))
}

/// The kind of a text.
fn of_text(head: Head<'_>, name: &Name<'_>) -> Told {
    let head = head.without_mark();
    of_beginning(head, name)
        .or_else(|| values::told(head, name))
        .or_else(|| markup::fragment(head))
        .or_else(|| table::told(head, name))
        .or_else(|| {
            name.claims()
                .filter(|_| head.cut || !head.start().is_empty())
        })
        .unwrap_or_else(|| (Kind::Text, plain::why_text(head)))
}

impl<'h> Head<'h> {
    /// The same without a byte order mark of UTF-8.
    fn without_mark(self) -> Self {
        let bytes = self.bytes.strip_prefix(BOM.as_bytes());
        Self {
            bytes: bytes.unwrap_or(self.bytes),
            ..self
        }
    }

    /// The bytes from the first that is not white space.
    fn start(self) -> &'h [u8] {
        self.bytes.trim_ascii_start()
    }
}

impl Evidence {
    /// That a file begins with these bytes.
    fn begins(bytes: &[u8]) -> Self {
        Self::from(format!("begins with `{}`", quoted(bytes)))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Bytes of a file as evidence quotes them: escaped, and cut where they are long.
fn quoted(bytes: &[u8]) -> String {
    const QUOTED: usize = 80;
    shown(&escape_bytes(bytes.get(..QUOTED).unwrap_or(bytes)))
}

impl From<&'static str> for Evidence {
    fn from(words: &'static str) -> Self {
        Self(Cow::Borrowed(words))
    }
}

impl From<String> for Evidence {
    fn from(words: String) -> Self {
        Self(Cow::Owned(words))
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
