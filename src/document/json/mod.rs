//! An item of JSON.

mod halves;
mod leaves;
#[cfg(test)]
mod tests;
mod utf16;

use std::borrow::Cow;
use std::ops::Range;

pub use self::leaves::{Leaf, Leaves};
use self::utf16::Map;
use crate::dump::cut::Encoding;
use crate::json::{self, Kind, Node, Pointer, SyntaxError, Tape};

/// A JSON text of a dump, with the place of everything in it.
///
/// Takes what [`Tape::parse_any`] takes, in UTF-8 or UTF-16, and time and memory linear in the length of
/// the item. All spans are of the item's bytes.
///
/// ```
/// use dateline::document::JsonDocument;
/// use dateline::dump::cut::Encoding;
/// use dateline::json::Pointer;
///
/// let item = br#"{"title": "Caf\u00e9", "tags": ["a"]}"#;
/// let document = JsonDocument::parse(item, Encoding::Utf8)?;
/// let title = document.at(&Pointer::parse("/title")?).unwrap();
/// assert_eq!(title.as_str().as_deref(), Some("Café"));
/// assert_eq!(&item[title.inside()], br"Caf\u00e9");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct JsonDocument<'i> {
    tape: Tape<'i>,
    /// Of UTF-16, from the text to the item's bytes.
    map: Option<Map>,
}

/// Why an item is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// It is not JSON, or more than is read: the byte is the `offset` of the error.
    #[error(transparent)]
    Syntax(SyntaxError),
    /// A code unit of UTF-16 is half a surrogate pair.
    #[error("code unit 0x{unit:04X} is half a surrogate pair and no UTF-16")]
    LoneSurrogate {
        /// Its first byte.
        offset: usize,
        /// The unit.
        unit: u16,
    },
    /// A text of UTF-16 has an odd number of bytes.
    #[error("half a code unit of UTF-16 at the end")]
    HalfUnit {
        /// The byte that is too many.
        offset: usize,
    },
}

impl JsonError {
    /// The byte of the item at which it shows; the item's length where something is missing.
    #[must_use]
    pub const fn offset(&self) -> usize {
        match self {
            Self::Syntax(error) => error.offset,
            Self::LoneSurrogate { offset, .. } | Self::HalfUnit { offset } => *offset,
        }
    }
}

/// A key that stands in its object before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateKey<'d> {
    /// The key, decoded.
    pub key: Cow<'d, str>,
    /// Its bytes, quotes included.
    pub span: Range<usize>,
    /// The bytes of its first occurrence.
    pub first: Range<usize>,
}

impl<'i> JsonDocument<'i> {
    /// Reads an item; white space may surround its value.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the first byte at which it is no JSON.
    pub fn parse(item: &'i [u8], encoding: Encoding) -> Result<Self, JsonError> {
        if encoding == Encoding::Utf8 {
            let tape = Tape::parse_any(item).map_err(JsonError::Syntax)?;
            return Ok(Self { tape, map: None });
        }
        let (text, map) = utf16::decode(item, encoding)?;
        let parsed = Tape::parse_any_owned(text);
        match parsed {
            Ok(tape) => Ok(Self {
                tape,
                map: Some(map),
            }),
            Err((error, text)) => Err(JsonError::Syntax(error.moved(|span| map.span(&text, span)))),
        }
    }

    /// The value that the item is.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        self.value(self.tape.root())
    }

    /// The value that a pointer names; of members with one key the first. Walks each array and object on
    /// the way from its beginning: for many pointers see [`lookup`](Self::lookup).
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<Value<'_>> {
        Some(self.value(self.tape.root().at(pointer)?))
    }

    /// [`at`](Self::at) for many pointers: all together take no longer than to read them and the item.
    #[must_use]
    pub fn lookup(&self) -> Lookup<'_> {
        Lookup {
            document: self.mapped(),
            lookup: json::Lookup::new(self.tape.root()),
        }
    }

    /// The strings, numbers, `true`, `false` and `null`, in order.
    #[must_use]
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves::new(self.root())
    }

    /// The keys that stand in their objects before, in order.
    pub fn duplicates(&self) -> impl Iterator<Item = DuplicateKey<'_>> {
        let mapped = self.mapped();
        self.tape.duplicates().iter().map(move |duplicate| {
            let first = duplicate.first.clone();
            let key = mapped.text.get(first.clone()).unwrap_or_default();
            DuplicateKey {
                key: json::unquoted(key),
                span: mapped.span(duplicate.key.clone()),
                first: mapped.span(first),
            }
        })
    }

    fn mapped(&self) -> Mapped<'_> {
        Mapped {
            text: self.tape.source(),
            map: self.map.as_ref(),
        }
    }

    fn value<'d>(&'d self, node: Node<'d>) -> Value<'d> {
        Value {
            node,
            mapped: self.mapped(),
        }
    }
}

/// A text, and where it lies in an item.
#[derive(Debug, Clone, Copy)]
struct Mapped<'d> {
    text: &'d str,
    map: Option<&'d Map>,
}

impl Mapped<'_> {
    fn span(&self, span: Range<usize>) -> Range<usize> {
        match self.map {
            None => span,
            Some(map) => map.span(self.text, span),
        }
    }
}

/// Many values of one document: see [`JsonDocument::lookup`].
#[derive(Debug)]
pub struct Lookup<'d> {
    document: Mapped<'d>,
    lookup: json::Lookup<'d>,
}

impl<'d> Lookup<'d> {
    /// The value that a pointer names.
    pub fn at(&mut self, pointer: &Pointer) -> Option<Value<'d>> {
        let node = self.lookup.at(pointer)?;
        let mapped = self.document;
        Some(Value { node, mapped })
    }
}

/// A value of a document, cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Value<'d> {
    node: Node<'d>,
    mapped: Mapped<'d>,
}

/// A member of an object.
#[derive(Debug, Clone)]
pub struct Member<'d> {
    /// The key, decoded, as [`json::Member::key`].
    pub key: Cow<'d, str>,
    /// The bytes of the key, quotes included.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Value<'d>,
}

impl<'d> Value<'d> {
    /// What kind of value it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.node.kind()
    }

    /// Its bytes in the item; those of a string include its quotes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.mapped.span(self.node.span())
    }

    /// Its bytes in the item without the quotes of a string: what a trace names.
    #[must_use]
    pub fn inside(&self) -> Range<usize> {
        self.mapped.span(self.node.inside())
    }

    /// Whether a string is written with escapes.
    #[must_use]
    pub fn has_escapes(&self) -> bool {
        self.node.has_escapes()
    }

    /// The text of a string, decoded; none for anything else, and for a string with half a surrogate
    /// pair.
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        self.node.as_str()
    }

    /// Whether it is a string with half a surrogate pair, which is not text.
    #[must_use]
    pub fn is_halved(&self) -> bool {
        let written = self.written();
        let may_be = written.contains("\\ud") || written.contains("\\uD");
        may_be && self.kind() == Kind::String && self.as_str().is_none()
    }

    /// The value of an integer within ±(2^53 − 1) that is written without fraction and exponent.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.node.as_i64()
    }

    /// The value of `true` or `false`.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        self.node.as_bool()
    }

    /// The value as it is written, as text.
    #[must_use]
    pub fn written(&self) -> &'d str {
        self.node.written()
    }

    /// The bytes of the item that write the bytes `text` of [`as_str`](Self::as_str): see
    /// [`Node::within`].
    #[must_use]
    pub fn within(&self, text: Range<usize>) -> Range<usize> {
        self.mapped.span(self.node.within(text))
    }

    /// The stretches of a string that have a text, and their texts: all of it, or what lies between halves
    /// of surrogate pairs. None in anything else.
    ///
    /// ```
    /// use dateline::document::JsonDocument;
    /// use dateline::dump::cut::Encoding;
    ///
    /// let document = JsonDocument::parse(br#""cut \ud83d off""#, Encoding::Utf8)?;
    /// let pieces = document.root().pieces();
    /// assert_eq!(pieces, [(1..5, "cut ".into()), (11..15, " off".into())]);
    /// # Ok::<(), dateline::document::json::JsonError>(())
    /// ```
    #[must_use]
    pub fn pieces(&self) -> Vec<(Range<usize>, Cow<'d, str>)> {
        if let Some(text) = self.as_str() {
            return vec![(self.inside(), text)];
        }
        if self.kind() != Kind::String {
            return Vec::new();
        }
        let inside = self.node.inside();
        let whole = self.mapped.text.get(inside.clone()).unwrap_or_default();
        let pieces = halves::between(whole).into_iter().map(|piece| {
            let quoted = format!("\"{}\"", whole.get(piece.clone()).unwrap_or_default());
            let span = inside.start + piece.start..inside.start + piece.end;
            let text = json::unquoted(&quoted).into_owned();
            (self.mapped.span(span), Cow::Owned(text))
        });
        pieces.collect()
    }

    /// How many items an array or members an object has; 0 for anything else.
    #[must_use]
    pub fn len(&self) -> usize {
        self.node.len()
    }

    /// Whether [`len`](Self::len) is 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }

    /// The items of an array, in order; none for anything else.
    pub fn items(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        let mapped = self.mapped;
        self.node.items().map(move |node| Value { node, mapped })
    }

    /// The members of an object, in order, also those whose key stood before; none for anything else.
    pub fn members(&self) -> impl Iterator<Item = Member<'d>> + use<'d> {
        let mapped = self.mapped;
        self.node.members().map(move |member| Member {
            key: member.key,
            key_span: mapped.span(member.key_span),
            value: Value {
                node: member.value,
                mapped,
            },
        })
    }

    /// The first member with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value<'d>> {
        let node = self.node.get(key)?;
        let mapped = self.mapped;
        Some(Value { node, mapped })
    }

    /// The value that a pointer names from here.
    #[must_use]
    pub fn at(&self, pointer: &Pointer) -> Option<Value<'d>> {
        let node = self.node.at(pointer)?;
        let mapped = self.mapped;
        Some(Value { node, mapped })
    }
}
