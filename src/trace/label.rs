//! What dropped bytes are: a kind of the closed list, and a word.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::as_text;
use crate::json::{Pointer, shown};

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
pub const LABEL_KINDS: [(&str, LabelWord); 15] = [
    ("boilerplate", LabelWord::Required),
    ("bom", LabelWord::Never),
    ("comment", LabelWord::Optional),
    ("duplicate", LabelWord::Required),
    ("header", LabelWord::Optional),
    ("key", LabelWord::Optional),
    ("markup", LabelWord::Optional),
    ("metadata", LabelWord::Optional),
    ("script", LabelWord::Optional),
    ("separator", LabelWord::Optional),
    ("style", LabelWord::Optional),
    ("undecodable", LabelWord::Never),
    ("unrecognised", LabelWord::Never),
    ("value", LabelWord::Optional),
    ("whitespace", LabelWord::Never),
];

/// A text that is no label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a label: {}, where it takes one with `:` and a word of lower-case letters, digits and `-`",
    shown(.0),
    LABEL_KINDS.map(|(kind, _)| format!("`{kind}`")).join(", ")
)]
pub struct LabelError(pub String);

impl Label {
    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its kind: what stands before the colon.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
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
        match (listed, what) {
            (Some((kind, LabelWord::Never | LabelWord::Optional)), None) => Ok(Self::fixed(kind)),
            (Some((_, LabelWord::Optional | LabelWord::Required)), Some(what)) if word(what) => {
                Ok(Self(Cow::Owned(text.to_owned())))
            }
            _ => Err(LabelError(text.to_owned())),
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
        as_text::deserialize(deserializer)
    }
}
