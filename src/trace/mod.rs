//! How a record was made: which bytes became which value, and what became of the rest.
//!
//! A [`Trace`] names for every value of a record the bytes it came from and the transforms between,
//! and for every other byte of the raw item a label. [`replay()`] repeats the way from bytes to value;
//! [`coverage()`] finds bytes of which nothing is said (`spec/trace.md`).

mod coverage;
mod date;
mod draft;
mod layer;
mod ranges;
mod replay;
mod transform;

pub use coverage::{CoverageDefect, coverage};
pub use date::DIRECTIVES;
pub use draft::{Conflict, Draft};
pub use layer::{Layer, UnknownLayer};
pub use ranges::{Range, ranges};
pub use replay::{ROOM, ROOM_EACH, ReplayError, Value, is_list, replay, replay_groups};
pub use transform::{Transform, TransformError, UnknownTransform};

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::digest::Digest;
use crate::json::Pointer;
use crate::json::canonical::{self, CanonicalError};
use crate::record::Id;

/// A half-open range `[start, end)` of bytes of the raw item as stored, `start < end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first byte.
    pub start: u64,
    /// The byte behind the last.
    pub end: u64,
}

/// Where one value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Which value, as a JSON Pointer (RFC 6901) into the record.
    pub pointer: Pointer,
    /// Groups of spans; the bytes of a group's spans follow each other in the value.
    pub spans: Vec<Vec<Span>>,
    /// What was done to them, in order; absent where nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Transform>,
}

/// A stretch of the raw item that became no value, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// The first byte.
    pub start: u64,
    /// The byte behind the last.
    pub end: u64,
    /// What it is.
    pub label: Label,
}

/// The name of a kind of dropped matter: a kind of the closed list ([`LABEL_KINDS`]), where it takes
/// one with a colon and a word of `[a-z][a-z0-9-]*` (`spec/trace.md`, "Labels").
///
/// ```
/// use dateline::trace::Label;
///
/// assert!("boilerplate:newsletter".parse::<Label>().is_ok());
/// assert!("boilerplate".parse::<Label>().is_err());
/// assert!("newsletter".parse::<Label>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(Cow<'static, str>);

/// Whether a kind of label takes a word behind a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelWord {
    /// It takes none: `whitespace`.
    Never,
    /// It may take one: `markup`, `markup:xpath`.
    Optional,
    /// It must have one: `boilerplate:newsletter`.
    Required,
}

/// The closed list of kinds of labels, in order of name.
pub const LABEL_KINDS: [(&str, LabelWord); 12] = [
    ("boilerplate", LabelWord::Required),
    ("bom", LabelWord::Never),
    ("comment", LabelWord::Optional),
    ("duplicate", LabelWord::Required),
    ("header", LabelWord::Optional),
    ("markup", LabelWord::Optional),
    ("metadata", LabelWord::Optional),
    ("script", LabelWord::Optional),
    ("separator", LabelWord::Optional),
    ("style", LabelWord::Optional),
    ("unrecognised", LabelWord::Never),
    ("whitespace", LabelWord::Never),
];

/// A text that is no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a label: {}, where it takes one with `:` and a word of lower-case letters, digits and `-`",
    .0.escape_debug(),
    LABEL_KINDS.map(|(kind, _)| format!("`{kind}`")).join(", ")
)]
pub struct LabelError(pub String);

/// Where a copy of the raw item lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// The file, relative to the input named on the command line, `/` between its parts.
    pub path: String,
    /// The first byte of the item in the file.
    pub offset: u64,
    /// How many bytes it takes there.
    pub length: u64,
}

/// The description by which an item was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRef {
    /// Its id; `general-…` where no profile recognised the item.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// The digest of its canonical form; general converters have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// How one record was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// What read the item.
    pub profile: ProfileRef,
    /// Every place the item was found in, in order.
    pub locations: Vec<Location>,
    /// Every value and its bytes, in order of pointer as given by the converter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Every other byte, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Tile>,
}

/// A trace as a line of a corpus: the id of its record and the trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceLine {
    /// The record it belongs to.
    pub id: Id,
    /// The trace.
    pub trace: Trace,
}

impl Trace {
    /// SHA-256 over the canonical form of the trace, what `traces.txt` lists.
    ///
    /// # Errors
    ///
    /// None for a trace within the format's range of integers.
    pub fn digest(&self) -> Result<Digest, CanonicalError> {
        Ok(Digest::of(&canonical::to_vec(self)?))
    }
}

impl Field {
    /// How many bytes its spans name, each as often as it is named.
    #[must_use]
    pub fn named(&self) -> u64 {
        let spans = self.spans.iter().flatten();
        spans.fold(0, |sum: u64, span| {
            sum.saturating_add(span.end.saturating_sub(span.start))
        })
    }
}

impl Span {
    /// The bytes it names, if the item has them and the span is not empty.
    #[must_use]
    pub fn of<'r>(&self, raw: &'r [u8]) -> Option<&'r [u8]> {
        let start = usize::try_from(self.start).ok()?;
        let end = usize::try_from(self.end).ok()?;
        (start < end).then(|| raw.get(start..end)).flatten()
    }
}

/// The span of a range of bytes that is not empty.
impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        let wide = |at| u64::try_from(at).unwrap_or(u64::MAX);
        Self {
            start: wide(range.start),
            end: wide(range.end),
        }
    }
}

impl Label {
    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A label of the program's own.
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The label for a repeat of the value at `what`: `duplicate:headline`.
    #[must_use]
    pub fn duplicate(pointer: &Pointer) -> Self {
        let last = pointer
            .tokens()
            .filter(|token| token.parse::<u64>().is_err())
            .last();
        let what = last.unwrap_or_default().replace('_', "-");
        Self(Cow::Owned(format!("duplicate:{what}")))
    }
}

impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let (kind, what) = match text.split_once(':') {
            Some((kind, what)) => (kind, Some(what)),
            None => (text, None),
        };
        let listed = LABEL_KINDS.iter().find(|(name, _)| *name == kind);
        let good = match (listed, what) {
            (Some((_, LabelWord::Never | LabelWord::Optional)), None) => true,
            (Some((_, LabelWord::Optional | LabelWord::Required)), Some(what)) => word(what),
            _ => false,
        };
        if good {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(LabelError(text.to_owned()))
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}
