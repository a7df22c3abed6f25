//! Why an item becomes no record.

use std::borrow::Cow;

use super::{AssembleError, Made};
use crate::diagnostic::escape::shown;
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::document::JsonError;
use crate::document::json::Value;
use crate::dump::cut::JsonFault;
use crate::dump::{Cause, ITEM_LIMIT, Kind, LayerError, Refused, TextError};
use crate::json::{self, MAX_VALUES, SyntaxError, SyntaxErrorKind};
use crate::profile::{self, Mismatch, Profile};
use crate::record::{Id, MAX_LINE, Meeting};
use crate::trace::{DraftError, Layer, Location};
use crate::transit::Pointer;

/// Why a file or an item becomes no record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file is of a kind that this version does not read.
    #[error("this is {}, which this version does not read", (.0).noun())]
    Unsupported(Kind),
    /// The file is packed, and what is in it is not read.
    #[error("this is {} packed with {}; this version does not read files of the kind `{}`", (.1).noun(), packed(.0), (.1).name())]
    Packed(Vec<Layer>, Kind),
    /// The file is a pointer to the one that is meant.
    #[error("this is {0}")]
    Pointer(Pointer),
    /// The file is larger than the limit.
    #[error("the file has {0} bytes; the limit for an item is {ITEM_LIMIT}")]
    TooLarge(u64),
    /// The bytes are no text.
    #[error("{0}")]
    Text(TextError),
    /// A layer of the file does not unpack.
    #[error("it cannot be unpacked: {0}")]
    Layer(LayerError),
    /// A range of a file of JSON holds no value.
    #[error("{0}")]
    Json(JsonFault),
    /// The item is not JSON.
    #[error("{0}")]
    Document(JsonError),
    /// The item is JSON, and no object, or an object without the names that articles have; its first keys.
    #[error("expected an object with a headline, text, summary or URL; found {}{}", value(*.0), listed(.1))]
    NotAnArticle(json::Kind, Vec<String>),
    /// Several profiles recognise the item.
    #[error("several profiles recognise it: {}", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// None of the profiles that were named recognises the item.
    #[error("it is not recognised by {}", .0.join(", "))]
    Unrecognised(Vec<String>),
    /// The text holds more than one article.
    #[error("the text holds more than one article: the second begins at byte {0}")]
    Several(usize),
    /// The profile that recognises the item cannot read it to its end.
    #[error("profile `{profile}` recognises the item but cannot read past this point: {mismatch}")]
    Mismatch {
        /// The profile.
        profile: String,
        /// Where and why.
        mismatch: Box<Mismatch>,
    },
    /// What was read does not make a record.
    #[error("`{profile}` read the item, but the result is not a valid record: {}", chain(.source))]
    Record {
        /// The profile.
        profile: String,
        /// Why.
        source: Box<AssembleError>,
    },
    /// The values of the record come from too many places of the item.
    #[error("{}", DraftError::TooManySpans)]
    TooManySpans,
    /// The record, or its trace, is longer than a line of a corpus may be.
    #[error("its {what} would have {length} bytes; the limit is {MAX_LINE}")]
    TooLong {
        /// Which of them.
        what: &'static str,
        /// Its length in bytes.
        length: usize,
    },
    /// The record, or its trace, has more values than a line of a corpus may have.
    #[error("its {what} would have more than {MAX_VALUES} values and keys, the limit")]
    TooMany {
        /// Which of them.
        what: &'static str,
    },
    /// The article was withdrawn.
    #[error("{} and does not come back", withdrawn(.of, *.by))]
    Withdrawn {
        /// The withdrawal.
        of: Id,
        /// What they have in common.
        by: Meeting,
    },
    /// The article may be one that was withdrawn.
    #[error("`{id}` {}; it is held until a person decides", .by.predicate(&article(.of)))]
    Held {
        /// The article.
        id: Id,
        /// The withdrawal.
        of: Id,
        /// What they have in common.
        by: Meeting,
    },
    /// Another item gives the same id and a different record.
    #[error("another item gives a different record with the id `{0}`")]
    Conflict(Id),
}

impl Refusal {
    /// What a profile could not read to its end.
    pub(super) fn of_mismatch(profile: &Profile, mismatch: Mismatch) -> Self {
        if mismatch.cause == profile::Cause::Draft(DraftError::TooManySpans) {
            return Self::TooManySpans;
        }
        Self::Mismatch {
            profile: profile.id().to_owned(),
            mismatch: Box::new(mismatch),
        }
    }

    /// A file of a kind that is not read, with these bytes, packed with these layers.
    pub(super) fn unread(kind: Kind, layers: &[Layer], bytes: &[u8]) -> Self {
        if !layers.is_empty() {
            return Self::Packed(layers.to_vec(), kind);
        }
        let is_utf8 = || std::str::from_utf8(bytes).is_ok();
        match memchr::memchr(0, bytes) {
            // A text but for that.
            Some(at) if kind == Kind::Binary && is_utf8() => Self::Text(TextError::Nul(at)),
            _ => Self::Unsupported(kind),
        }
    }

    /// A value of JSON that is no article.
    pub(super) fn no_article(value: Value<'_>) -> Self {
        let keys = value.members().take(KEYS);
        let keys = keys.map(|member| shown(&member.key));
        Self::NotAnArticle(value.kind(), keys.collect())
    }

    /// The diagnostic code under which it is reported and stands in the ledger.
    #[must_use]
    pub fn code(&self) -> &'static Code {
        match self {
            Self::Empty | Self::Text(TextError::Blank) => codes::INPUT_EMPTY,
            Self::Unsupported(kind) if kind.is_binary() => codes::INPUT_BINARY,
            Self::Packed(..) | Self::Text(TextError::Nul(_)) => codes::INPUT_BINARY,
            Self::Unsupported(_) | Self::Pointer(_) => codes::INPUT_UNSUPPORTED,
            Self::TooLarge(_)
            | Self::TooLong { .. }
            | Self::TooMany { .. }
            | Self::TooManySpans
            | Self::Text(TextError::Lines)
            | Self::Json(JsonFault::TooLong | JsonFault::TooDeep) => codes::INPUT_TOO_LARGE,
            Self::Layer(error) if error.cause.is_limit() => codes::INPUT_TOO_LARGE,
            Self::Layer(error) if error.cause.is_unsupported() => codes::INPUT_UNSUPPORTED,
            Self::Layer(_) => codes::INPUT_DAMAGED,
            Self::Document(error) if is_limit(error) => codes::INPUT_TOO_LARGE,
            Self::Json(JsonFault::Wide(_)) | Self::Text(_) => codes::INPUT_ENCODING,
            Self::Ambiguous(_) => codes::ITEM_AMBIGUOUS,
            Self::Unrecognised(_)
            | Self::Mismatch { .. }
            | Self::Record { .. }
            | Self::NotAnArticle(..)
            | Self::Json(JsonFault::NoItems { .. }) => codes::ITEM_MISMATCH,
            Self::Json(_) | Self::Document(_) => codes::INPUT_JSON,
            Self::Several(_) => codes::ITEM_SEVERAL,
            Self::Withdrawn { .. } => codes::ITEM_WITHDRAWN,
            Self::Held { .. } => codes::ITEM_HELD,
            Self::Conflict(_) => codes::RECORD_ID_DUPLICATE,
        }
    }

    /// The byte of the item at which it shows.
    #[must_use]
    pub fn at(&self) -> usize {
        if let Self::Text(TextError::Nul(at) | TextError::NotUtf8 { at, .. }) = self {
            *at
        } else if let Self::Several(at) = self {
            *at
        } else if let Self::Document(error) = self {
            error.offset()
        } else if let Self::Mismatch { mismatch, .. } = self {
            mismatch.at
        } else {
            0
        }
    }

    /// The refusal of a whole item that did become a record, as the ledger holds it.
    #[must_use]
    pub fn entry(&self, made: &Made) -> Refused {
        let none = Location::range("", 0, 0);
        let location = made.trace.locations.first().unwrap_or(&none);
        Refused::at(location, self.code().name)
    }

    /// The same as a diagnostic, placed where the item begins.
    #[must_use]
    pub fn of_made(&self, made: &Made, mut place: Place) -> Diagnostic {
        place.record = Some(made.article.id.to_string());
        let mut diagnostic = Diagnostic::new(self.code(), place, self.to_string());
        diagnostic.hint = self.hint().map(Cow::into_owned);
        diagnostic
    }

    /// What can be done about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        if let Self::Held { id, .. } = self {
            return Some(Cow::Owned(format!(
                "compare the two articles, then decide: `dateline withdraw CORPUS --also {id}` withdraws it too; \
                 `dateline withdraw CORPUS --distinct {id}` admits it in the next build"
            )));
        }
        let hint = match self {
            Self::Text(TextError::NotUtf8 { .. } | TextError::Wide(_))
            | Self::Json(JsonFault::Wide(_)) => {
                Some("convert the file to UTF-8, keeping the original")
            }
            Self::Unsupported(kind) => kind.advice(),
            Self::Text(TextError::Nul(_)) => Kind::Binary.advice(),
            Self::Packed(_, kind) => kind.advice().or(Kind::Packed.advice()),
            Self::Pointer(pointer) => Some(pointer.remedy()),
            Self::Ambiguous(_) => Some("name the one that is meant with --profile"),
            Self::Mismatch { .. } => Some(
                "the item differs from what the profile describes: extend the profile, and try it \
                 with `dateline profile test`",
            ),
            Self::TooLarge(_) | Self::Text(TextError::Lines) => {
                Some("split the file into its items")
            }
            Self::Layer(LayerError {
                cause: Cause::Size { .. },
                ..
            }) => Some("unpack the file, and split it into its items"),
            Self::Layer(LayerError { cause, .. }) if cause.is_limit() || cause.is_unsupported() => {
                Some("unpack the file, and convert what is in it")
            }
            Self::Layer(_) => Some("replace the file with an intact copy"),
            Self::Document(JsonError::Syntax(error)) if is_other_language(&error.kind) => Some(
                "write `null` for it in a copy of the dump, or let `dateline build --allow-refused` leave \
                     the item out",
            ),
            Self::Several(_) => Some(
                "split the file into one file for each article, or describe its layout in a \
                 profile with `items`",
            ),
            Self::NotAnArticle(_, keys) if !keys.is_empty() => Some(
                "rename them in a copy, as to `title`, `text`, `published`, `url`; spec/converters.md \
                 lists the names",
            ),
            Self::Document(error) if is_limit(error) => None,
            Self::Empty
            | Self::NotAnArticle(..)
            | Self::Text(_)
            | Self::Json(JsonFault::TooLong | JsonFault::TooDeep | JsonFault::NoItems { .. })
            | Self::Unrecognised(_)
            | Self::Record { .. }
            | Self::TooLong { .. }
            | Self::TooMany { .. }
            | Self::TooManySpans
            | Self::Withdrawn { .. }
            | Self::Held { .. }
            | Self::Conflict(_) => None,
            Self::Json(_) | Self::Document(_) => Some(
                "correct it in a copy of the dump, or let `dateline build --allow-refused` leave it out",
            ),
        };
        hint.map(Cow::Borrowed)
    }
}

/// Whether an item of JSON is more than is read, and may be JSON.
const fn is_limit(error: &JsonError) -> bool {
    matches!(
        error,
        JsonError::Syntax(SyntaxError {
            kind: SyntaxErrorKind::TooLong { .. }
                | SyntaxErrorKind::TooDeep { .. }
                | SyntaxErrorKind::TooMany,
            ..
        })
    )
}

/// Whether a value is written as another language writes that there is none.
fn is_other_language(kind: &SyntaxErrorKind) -> bool {
    const NONE: [&str; 5] = ["NaN", "Infinity", "-Infinity", "None", "undefined"];
    matches!(kind, SyntaxErrorKind::Unexpected { found, .. } if NONE.contains(&found.as_str()))
}

fn withdrawn(of: &Id, by: Meeting) -> String {
    match by {
        Meeting::Decision => format!("`{of}` {},", by.predicate(of.as_str())),
        Meeting::Id | Meeting::Raw | Meeting::Url | Meeting::UrlKey | Meeting::Text => {
            format!("it {}", by.predicate(&article(of)))
        }
    }
}

fn article(of: &Id) -> String {
    format!("the withdrawn article `{of}`")
}

/// How many keys of an object are named that is no article.
const KEYS: usize = 5;

/// Keys in words.
fn listed(keys: &[String]) -> String {
    match keys {
        [] => String::new(),
        [key] => format!("; its only key is `{key}`"),
        keys if keys.len() < KEYS => format!("; its keys are `{}`", keys.join("`, `")),
        keys => format!("; its first keys are `{}`", keys.join("`, `")),
    }
}

/// A value of JSON in words.
const fn value(kind: json::Kind) -> &'static str {
    match kind {
        json::Kind::Null => "null",
        json::Kind::Bool => "a Boolean",
        json::Kind::Integer | json::Kind::Number => "a number",
        json::Kind::String => "a string",
        json::Kind::Array => "an array",
        json::Kind::Object => "an object without any of them",
    }
}

/// Layers in words.
fn packed(layers: &[Layer]) -> String {
    let names: Vec<String> = layers.iter().rev().map(Layer::to_string).collect();
    names.join(", then ")
}

/// An error and its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}
