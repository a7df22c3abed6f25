//! Where one value came from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ContextName, Span, Transform};
use crate::as_text;
use crate::json::{Pointer, shown};
use crate::record::{self, Nature};

/// A value and where it came from (`spec/trace.md`, "Fields").
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Field {
    /// Which value.
    pub value: Reference,
    /// What it is made of.
    pub origin: MadeOf,
    /// What was done to that, in order.
    pub via: Vec<Transform>,
}

/// What names a value in a trace.
///
/// Ordered as traces order their fields: names before pointers, pointers in the order in which the
/// canonical form of a record writes what they name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reference {
    /// A value that is replayed and is none of the record: the `base` of a page.
    Name(Name),
    /// A value of the record, by a JSON Pointer (RFC 6901) into it.
    Pointer(Pointer),
}

/// A name of `[a-z][a-z0-9-]*`, at most 32 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// What a value is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MadeOf {
    /// Bytes.
    Spans {
        /// The context they are in; none where they are in the item.
        context: Option<ContextName>,
        /// Groups of spans; the bytes of a group's spans follow each other in the value.
        groups: Vec<Vec<Span>>,
    },
    /// Another value.
    Value(Reference),
}

/// A text that names no value: neither a JSON Pointer below the root nor a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is neither a JSON Pointer nor a name of lower-case letters, digits and `-`",
    shown(.0)
)]
pub struct ReferenceError(pub String);

impl Field {
    /// A value from spans of the item.
    #[must_use]
    pub const fn of_item(value: Reference, groups: Vec<Vec<Span>>, via: Vec<Transform>) -> Self {
        Self {
            value,
            origin: MadeOf::Spans {
                context: None,
                groups,
            },
            via,
        }
    }

    /// The JSON Pointer of the value, where it is one of the record.
    #[must_use]
    pub const fn pointer(&self) -> Option<&Pointer> {
        match &self.value {
            Reference::Pointer(pointer) => Some(pointer),
            Reference::Name(_) => None,
        }
    }

    /// Its groups of spans; none where it is made of another value.
    #[must_use]
    pub fn groups(&self) -> &[Vec<Span>] {
        match &self.origin {
            MadeOf::Spans { groups, .. } => groups,
            MadeOf::Value(_) => &[],
        }
    }

    /// Its groups of spans where they are in the item itself.
    #[must_use]
    pub fn groups_in_item(&self) -> &[Vec<Span>] {
        match &self.origin {
            MadeOf::Spans {
                context: None,
                groups,
            } => groups,
            MadeOf::Spans { .. } | MadeOf::Value(_) => &[],
        }
    }

    /// The context that its spans are in.
    #[must_use]
    pub const fn context(&self) -> Option<ContextName> {
        match &self.origin {
            MadeOf::Spans { context, .. } => *context,
            MadeOf::Value(_) => None,
        }
    }

    /// How many bytes its spans name, each as often as it is named.
    #[must_use]
    pub fn named(&self) -> u64 {
        let spans = self.groups().iter().flatten();
        spans.fold(0, |sum: u64, span| sum.saturating_add(span.len()))
    }

    /// The values that it needs: the one it is made of, and those that its transforms name.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        let origin = match &self.origin {
            MadeOf::Value(reference) => Some(reference),
            MadeOf::Spans { .. } => None,
        };
        let joined = self.via.iter().filter_map(Transform::reference);
        origin.into_iter().chain(joined)
    }
}

impl Reference {
    /// The value of the record at `pointer`, the text of a JSON Pointer of the format's own.
    pub(crate) fn fixed(pointer: &'static str) -> Self {
        Self::Pointer(Pointer::parse(pointer).unwrap_or_default())
    }

    /// What kind of value of the record it is.
    pub(super) fn nature(&self) -> Option<Nature> {
        match self {
            Self::Pointer(pointer) => record::Field::at(pointer.as_str()).map(|row| row.nature),
            Self::Name(_) => None,
        }
    }

    /// Whether it is an array, which nothing else is made of.
    pub(crate) fn is_array(&self) -> bool {
        self.nature() == Some(Nature::Texts)
    }
}

impl Ord for Reference {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::Name(one), Self::Name(other)) => one.cmp(other),
            (Self::Name(_), Self::Pointer(_)) => std::cmp::Ordering::Less,
            (Self::Pointer(_), Self::Name(_)) => std::cmp::Ordering::Greater,
            (Self::Pointer(one), Self::Pointer(other)) => written_order(one, other),
        }
    }
}

impl PartialOrd for Reference {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The order of two places in a canonical record: keys by bytes, indexes by number.
fn written_order(one: &Pointer, other: &Pointer) -> std::cmp::Ordering {
    let (one, other) = (one.as_str(), other.as_str());
    // Where the first token begins that is not written alike.
    let alike = one.bytes().zip(other.bytes());
    let alike = alike.take_while(|(one, other)| one == other).count();
    let begun = one.as_bytes().get(..alike).unwrap_or_default();
    let from = memchr::memrchr(b'/', begun).unwrap_or_default();
    let [rest, other_rest] = [one, other].map(|text| text.get(from..).unwrap_or_default());
    for (one, other) in rest.split('/').zip(other_rest.split('/')) {
        let order = match (index(one), index(other)) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => one.cmp(other),
        };
        if order.is_ne() {
            return order;
        }
    }
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

fn index(token: &str) -> Option<u64> {
    token
        .bytes()
        .next()
        .filter(u8::is_ascii_digit)
        .and_then(|_| token.parse().ok())
}

impl From<Pointer> for Reference {
    fn from(pointer: Pointer) -> Self {
        Self::Pointer(pointer)
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.starts_with('/') {
            let pointer = Pointer::parse(text).map_err(|_| ReferenceError(text.to_owned()))?;
            return Ok(Self::Pointer(pointer));
        }
        text.parse().map(Self::Name)
    }
}

impl FromStr for Name {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let letter = text.starts_with(|first: char| first.is_ascii_lowercase());
        let rest = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if letter && rest && text.len() <= 32 {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError(text.to_owned()))
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Pointer(pointer) => pointer.fmt(f),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

/// A field as traces write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    pointer: Option<Pointer>,
    name: Option<String>,
    #[serde(rename = "in")]
    context: Option<ContextName>,
    from: Option<Reference>,
    spans: Option<Vec<Vec<Span>>>,
    #[serde(default)]
    via: Vec<Transform>,
}

/// Why what is written as a field is none.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("a field has either `pointer` or `name`")]
    Value,
    #[error("a field has either `spans` or `from`, and `in` with `spans` only")]
    MadeOf,
    #[error(transparent)]
    Name(#[from] ReferenceError),
}

impl TryFrom<Written> for Field {
    type Error = Unfit;

    fn try_from(written: Written) -> Result<Self, Unfit> {
        let value = match (written.pointer, written.name) {
            (Some(pointer), None) => Reference::Pointer(pointer),
            (None, Some(name)) => Reference::Name(name.parse()?),
            _ => return Err(Unfit::Value),
        };
        let origin = match (written.spans, written.from, written.context) {
            (Some(groups), None, context) => MadeOf::Spans { context, groups },
            (None, Some(reference), None) => MadeOf::Value(reference),
            _ => return Err(Unfit::MadeOf),
        };
        Ok(Self {
            value,
            origin,
            via: written.via,
        })
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (pointer, name) = match &self.value {
            Reference::Pointer(pointer) => (Some(pointer), None),
            Reference::Name(Name(name)) => (None, Some(name)),
        };
        let (spans, from, context) = match &self.origin {
            MadeOf::Spans { context, groups } => (Some(groups), None, context.as_ref()),
            MadeOf::Value(reference) => (None, Some(reference), None),
        };
        let writing = Writing {
            pointer,
            name,
            context,
            from,
            spans,
            via: &self.via,
        };
        writing.serialize(serializer)
    }
}

/// [`Written`] as it is written: nothing is copied for it.
#[derive(Serialize)]
struct Writing<'f> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'f Pointer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'f String>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    context: Option<&'f ContextName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'f Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spans: Option<&'f Vec<Vec<Span>>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    via: &'f [Transform],
}
