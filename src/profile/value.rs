//! The words of a profile: how values are written, compared and named.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::error::hinted;
use super::target::Target;
use crate::trace::{DIRECTIVES, Transform};

/// How a value is written in the dump: the key `as`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum As {
    /// `date`: a day as `YYYY-MM-DD`.
    Date,
    /// `datetime:<format>`: a time in a strptime format.
    DateTime(String),
    /// `url`: an absolute URL.
    Url,
    /// `locale`: a locale name, of which the language is taken.
    Locale,
    /// `list:<separator>`: several values.
    List(String),
}

/// A text that is no way of writing a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum AsError {
    #[error("{}", hinted(
        format_args!("`{}` is no way to write a value", .0.escape_debug()),
        "known are `date`, `datetime:<format>`, `url`, `locale`, `list:<separator>`"
    ))]
    Unknown(String),
    #[error("{}", hinted(
        format_args!("`{}` is no date format", .0.escape_debug()),
        format_args!("each `%` is followed by one of `{DIRECTIVES}`, none of which stands twice")
    ))]
    Format(String),
}

/// What a repeat must have in common with what it repeats: the key `compare`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Compare {
    /// The same value, but for white space and Unicode composition.
    #[default]
    Equal,
    /// The same day.
    Day,
    /// Each value is one of the list.
    Subset,
}

/// How far a pattern sees: the key `within`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Within {
    /// To the end of the line.
    #[default]
    Line,
    /// To the end of the last line before an empty one.
    Block,
}

/// What an embed is: the value of the verb `embed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EmbedKind {
    Tweet,
    Post,
    Video,
    Audio,
    Document,
}

/// What a link is for: the key `relation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LinkRelation {
    Related,
    Cites,
    Mentions,
}

/// What an author did: the key `role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Author,
    Editor,
    Photographer,
    Translator,
    Contributor,
    Agency,
}

/// What a repeat repeats: a value, or a match that a step remembered under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Original {
    Value(Target),
    Name(Name),
}

/// A name that a profile gives: lower-case letters, digits and `-`, at most 64 of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name(String);

/// A text that is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", hinted(
    format_args!("`{}` is no name", .0.escape_debug()),
    "a name is of lower-case letters, digits and `-`, begins with a letter and has at most 64 of them"
))]
pub(super) struct NameError(String);

impl As {
    /// The transform that the trace names, if there is one.
    pub(super) fn transform(&self) -> Option<Transform> {
        match self {
            Self::Date => Some(Transform::Date("%Y-%m-%d".to_owned())),
            Self::DateTime(format) => Some(Transform::Date(format.clone())),
            Self::Url => Some(Transform::UrlResolve),
            Self::Locale => Some(Transform::Locale),
            Self::List(_) => None,
        }
    }

    /// The separator, of a list.
    pub(super) fn separator(&self) -> Option<&str> {
        match self {
            Self::List(separator) => Some(separator),
            Self::Date | Self::DateTime(_) | Self::Url | Self::Locale => None,
        }
    }

    /// Whether it gives times.
    pub(super) const fn is_time(&self) -> bool {
        matches!(self, Self::Date | Self::DateTime(_))
    }
}

impl FromStr for As {
    type Err = AsError;

    fn from_str(text: &str) -> Result<Self, AsError> {
        let (kind, argument) = match text.split_once(':') {
            Some((kind, argument)) => {
                (kind, Some(argument).filter(|argument| !argument.is_empty()))
            }
            None => (text, None),
        };
        match (kind, argument, text.contains(':')) {
            ("date", None, false) => Ok(Self::Date),
            ("url", None, false) => Ok(Self::Url),
            ("locale", None, false) => Ok(Self::Locale),
            ("list", Some(separator), _) => Ok(Self::List(separator.to_owned())),
            ("datetime", Some(format), _) => match format!("date:{format}").parse::<Transform>() {
                Ok(_) => Ok(Self::DateTime(format.to_owned())),
                Err(_) => Err(AsError::Format(format.to_owned())),
            },
            _ => Err(AsError::Unknown(text.to_owned())),
        }
    }
}

impl fmt::Display for As {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date => f.write_str("date"),
            Self::DateTime(format) => write!(f, "datetime:{format}"),
            Self::Url => f.write_str("url"),
            Self::Locale => f.write_str("locale"),
            Self::List(separator) => write!(f, "list:{separator}"),
        }
    }
}

impl EmbedKind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Tweet => "tweet",
            Self::Post => "post",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
        }
    }
}

impl LinkRelation {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Related => "related",
            Self::Cites => "cites",
            Self::Mentions => "mentions",
        }
    }
}

impl Role {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Editor => "editor",
            Self::Photographer => "photographer",
            Self::Translator => "translator",
            Self::Contributor => "contributor",
            Self::Agency => "agency",
        }
    }
}

impl Name {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.len() <= 64
            && text.bytes().all(allowed)
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError(text.to_owned()))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Original {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with('/') {
            let target = text.parse::<Target>();
            return target.map(Self::Value).map_err(|error| error.to_string());
        }
        let name = text.parse::<Name>();
        name.map(Self::Name).map_err(|error| error.to_string())
    }
}

impl fmt::Display for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(target) => f.write_str(target.pattern()),
            Self::Name(name) => f.write_str(name.as_str()),
        }
    }
}
