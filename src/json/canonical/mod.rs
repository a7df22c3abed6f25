//! The canonical form: RFC 8785 within dateline's rules.
//!
//! No white space; members sorted by the UTF-16 code units of their keys (RFC 8785, section
//! 3.2.3); strings with the escapes of ECMAScript's `JSON.stringify` and no others (section
//! 3.2.2.2); integers as they are. Strings are never normalised.
//!
//! Within the rules of [`Tape::parse`](super::Tape::parse), and where no key has a character beyond U+FFFF, this is what
//! Python's `json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))` prints.
//!
//! ```
//! use dateline::json::{Tape, canonical};
//!
//! let tape = Tape::parse(br#"{ "b": [1, true], "a": "\u00e9\u000A" }"#)?;
//! let mut out = Vec::new();
//! canonical::write(tape.root(), &mut out);
//! assert_eq!(out, r#"{"a":"é\n","b":[1,true]}"#.as_bytes());
//! # Ok::<(), dateline::json::SyntaxError>(())
//! ```

mod typed;

use std::cmp::Ordering;
use std::io::{BufWriter, Write as _};
use std::num::NonZeroU64;
use std::ops::Range;

use serde::Serialize;

use super::lexeme::{decode_units, escape_at, plain};
use super::node::Members;
use super::slot::{Escapes, Slot};
use super::{Kind, Node};
use crate::digest::{Digest, Hasher};
use crate::pool;

/// Why a value of Rust has no canonical form.
///
/// It breaks dateline's rules, as a floating-point number does, or has no JSON at all, as a map whose keys are no
/// strings.
#[derive(Debug, thiserror::Error)]
#[error("the value has no canonical form: {0}")]
pub struct CanonicalError(serde_json::Error);

/// Appends the canonical form of `node`, a value of a text that [`Tape::parse`](super::Tape::parse) read.
pub fn write(node: Node<'_>, out: &mut Vec<u8>) {
    Writer::new(out, &mut Vec::new()).value(node);
}

/// Appends the canonical form of the object `node` as if it had no member named in `omit`.
///
/// Only its own members are left out, not those of what it holds. Of anything but an object the
/// whole form is appended.
pub fn write_object_without(node: Node<'_>, omit: &[&str], out: &mut Vec<u8>) {
    Writer::new(out, &mut Vec::new()).object_without(node, omit);
}

/// The digests of the canonical forms of many values, one after the other in the same memory.
///
/// A form is hashed as it is written, so that a long text is not in memory once more.
#[derive(Debug)]
pub(crate) struct Digests {
    out: BufWriter<Hasher>,
    pending: Vec<Pending>,
}

impl Default for Digests {
    fn default() -> Self {
        Self {
            out: BufWriter::new(Hasher::new()),
            pending: Vec::new(),
        }
    }
}

impl Digests {
    /// The digest of what [`write()`] appends.
    pub(crate) fn of(&mut self, node: Node<'_>) -> Digest {
        Writer::new(&mut self.out, &mut self.pending).value(node);
        self.finish()
    }

    /// The digest of what [`write_object_without`] appends.
    pub(crate) fn of_object_without(&mut self, node: Node<'_>, omit: &[&str]) -> Digest {
        Writer::new(&mut self.out, &mut self.pending).object_without(node, omit);
        self.finish()
    }

    fn finish(&mut self) -> Digest {
        // A hasher takes everything.
        let _ = self.out.flush();
        std::mem::take(self.out.get_mut()).finish()
    }
}

/// Where a form is written; writing to it cannot fail.
trait Out {
    fn push(&mut self, byte: u8);
    fn extend_from_slice(&mut self, bytes: &[u8]);
}

impl Out for Vec<u8> {
    fn push(&mut self, byte: u8) {
        Self::push(self, byte);
    }

    fn extend_from_slice(&mut self, bytes: &[u8]) {
        Self::extend_from_slice(self, bytes);
    }
}

impl Out for BufWriter<Hasher> {
    fn push(&mut self, byte: u8) {
        self.extend_from_slice(&[byte]);
    }

    fn extend_from_slice(&mut self, bytes: &[u8]) {
        let _ = self.write_all(bytes);
    }
}

/// What most forms find room in, their texts apart.
const USUAL: usize = 1 << 10;

/// The canonical form of whatever `value` serialises to.
///
/// # Errors
///
/// [`CanonicalError`] where that is not JSON, or JSON that breaks dateline's rules.
///
/// ```
/// use dateline::json::canonical;
///
/// assert_eq!(canonical::to_vec(&["é", ""])?, r#"["é",""]"#.as_bytes());
/// assert!(canonical::to_vec(&1.5).is_err());
/// # Ok::<(), canonical::CanonicalError>(())
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::with_capacity(USUAL);
    append(value, &mut out)?;
    Ok(out)
}

/// Appends what [`to_vec`] gives.
///
/// # Errors
///
/// As [`to_vec`]; then what is appended means nothing.
pub fn append<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    typed::append(value, out).map_err(CanonicalError)
}

/// The canonical form of whatever object `value` serialises to, as if it had no member named `omitted`.
///
/// # Errors
///
/// As [`to_vec`].
pub fn to_vec_without<T: Serialize + ?Sized>(
    value: &T,
    omitted: &'static str,
) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::with_capacity(USUAL);
    typed::append_without(value, omitted, &mut out).map_err(CanonicalError)?;
    Ok(out)
}

impl From<serde_json::Error> for CanonicalError {
    fn from(error: serde_json::Error) -> Self {
        Self(error)
    }
}

/// A member that waits to be written in its place.
#[derive(Debug, Clone, Copy)]
struct Pending {
    /// The first eight bytes of a key, where they are ASCII and no escape is in the key, as a number
    /// that orders as they do. No key holds a NUL unescaped, so that what is shorter comes first.
    rank: Option<NonZeroU64>,
    /// The place of the key among the slots of the object.
    at: usize,
}

impl Pending {
    fn new(source: &str, key: &Slot, at: usize) -> Self {
        const NOT_ASCII: u64 = u64::from_be_bytes([0x80; 8]);
        let Range { start, end } = key.span();
        // The bytes behind a short key are those of what follows it.
        let from = source.as_bytes().get(start + 1..).unwrap_or_default();
        let first = from.first_chunk().copied().map_or(0, u64::from_be_bytes);
        let beyond = u32::try_from(8 * (end - start).saturating_sub(2)).ok();
        let beyond = beyond.and_then(|bits| u64::MAX.checked_shr(bits));
        let rank = first & !beyond.unwrap_or_default();
        let simple = key.escapes == Escapes::None && rank & NOT_ASCII == 0;
        Self {
            rank: NonZeroU64::new(rank).filter(|_| simple),
            at,
        }
    }

    /// The order of RFC 8785, section 3.2.3; of ASCII it is that of the bytes. `slots` are those of
    /// the object.
    fn order(&self, other: &Self, source: &str, slots: &[Slot]) -> Ordering {
        if let (Some(first), Some(second)) = (self.rank, other.rank)
            && first != second
        {
            return first.cmp(&second);
        }
        let key = |pending: &Self| slots.get(pending.at).unwrap_or(&Slot::NOTHING);
        let (one, two) = (key(self).string(source), key(other).string(source));
        one.encode_utf16().cmp(two.encode_utf16())
    }
}

/// Writes values.
struct Writer<'o, O> {
    out: &'o mut O,
    /// The members of the objects that are being written, those of the innermost last.
    pending: &'o mut Vec<Pending>,
}

impl<'o, O: Out> Writer<'o, O> {
    fn new(out: &'o mut O, pending: &'o mut Vec<Pending>) -> Self {
        Self { out, pending }
    }

    fn value(&mut self, node: Node<'_>) {
        match node.kind() {
            Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => {
                if is_written(node.slot()) {
                    self.out.extend_from_slice(node.raw());
                } else {
                    write_inside(node.written(), self.out);
                }
            }
            Kind::Array => {
                self.out.push(b'[');
                for (index, item) in node.items().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.value(item);
                }
                self.out.push(b']');
            }
            Kind::Object => self.members(node, &[]),
        }
    }

    fn object_without(&mut self, node: Node<'_>, omit: &[&str]) {
        if node.kind() == Kind::Object {
            self.members(node, omit);
        } else {
            self.value(node);
        }
    }

    fn members(&mut self, object: Node<'_>, omit: &[&str]) {
        let first = self.pending.len();
        let Members { source, slots } = object.members();
        let mut at = 0;
        while let Some(key) = slots.get(at)
            && let Some(value) = slots.get(at + 1)
        {
            if omit.is_empty() || !omit.contains(&&*key.string(source)) {
                self.pending.push(Pending::new(source, key, at));
            }
            at += 2 + value.inner();
        }
        if let Some(members) = self.pending.get_mut(first..) {
            members.sort_unstable_by(|one, two| one.order(two, source, slots));
        }
        self.out.push(b'{');
        let mut next = first;
        while let Some(&Pending { at, .. }) = self.pending.get(next) {
            if next > first {
                self.out.push(b',');
            }
            if let Some(member) = slots.get(at..) {
                self.member(source, member);
            }
            next += 1;
        }
        self.pending.truncate(first);
        self.out.push(b'}');
    }

    /// Writes the member whose key is the first of `slots`.
    fn member(&mut self, source: &str, slots: &[Slot]) {
        let [key, value, ..] = slots else { return };
        let (from, to) = (key.span(), value.span());
        let as_written = key.escapes <= Escapes::Canonical && from.end + 1 == to.start;
        let is_whole = as_written && is_written(value);
        if as_written {
            let end = if is_whole { to.end } else { to.start };
            let written = source.as_bytes().get(from.start..end);
            self.out.extend_from_slice(written.unwrap_or_default());
        } else {
            write_inside(source.get(from).unwrap_or_default(), self.out);
            self.out.push(b':');
        }
        if is_whole {
            return;
        }
        if let Some((value, _)) = slots.get(1..).and_then(|slots| Node::first(source, slots)) {
            self.value(value);
        }
    }
}

/// Whether a value is no array and no object and is written in its canonical form.
fn is_written(value: &Slot) -> bool {
    match value.kind {
        Kind::Null | Kind::Bool | Kind::Integer | Kind::Number => true,
        Kind::String => value.escapes <= Escapes::Canonical,
        Kind::Array | Kind::Object => false,
    }
}

/// Writes a string or its inside as it stands in a source: only escapes have another canonical form,
/// and few of them.
fn write_inside(source: &str, out: &mut impl Out) {
    let mut rest = source;
    while let Some((clean, escape)) = escape_at(rest).and_then(|at| rest.split_at_checked(at)) {
        out.extend_from_slice(clean.as_bytes());
        let length = match escape.as_bytes().get(1) {
            Some(b'u') => {
                let (character, length) = decode_units(escape);
                write_character(character, out);
                length + 1
            }
            Some(b'/') => {
                out.push(b'/');
                2
            }
            // The other escapes are those of the canonical form.
            _ => {
                out.extend_from_slice(escape.get(..2).unwrap_or_default().as_bytes());
                2
            }
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Writes a string (RFC 8785, section 3.2.2.2).
pub(super) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.reserve(pool::room(text.len() + 2));
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (clean, from_special) = rest.split_at_checked(plain(rest)).unwrap_or_default();
        out.extend_from_slice(clean);
        let Some((&special, behind)) = from_special.split_first() else {
            break;
        };
        write_character(char::from(special), out);
        rest = behind;
    }
    out.push(b'"');
}

/// Writes one character of a string: the seven short escapes where there is one, `\u00xx` for other
/// control characters, everything else as it is.
fn write_character(character: char, out: &mut impl Out) {
    match character {
        '"' => out.extend_from_slice(br#"\""#),
        '\\' => out.extend_from_slice(br"\\"),
        '\u{8}' => out.extend_from_slice(br"\b"),
        '\t' => out.extend_from_slice(br"\t"),
        '\n' => out.extend_from_slice(br"\n"),
        '\u{c}' => out.extend_from_slice(br"\f"),
        '\r' => out.extend_from_slice(br"\r"),
        control @ '\0'..='\u{1f}' => {
            out.extend_from_slice(format!("\\u{:04x}", u32::from(control)).as_bytes());
        }
        other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}
