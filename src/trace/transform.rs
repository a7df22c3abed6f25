//! The closed list of transforms between bytes and values.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use super::date;
use crate::record::{WHITE_SPACE, parse_url};

/// One named step from bytes to a value (`spec/trace.md`, "Transforms").
///
/// Written `name` or `name:argument`. What a name does never changes; another behaviour takes
/// another name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transform {
    /// `decode:<label>`: read the bytes in this encoding (WHATWG label), not the item's.
    Decode(String),
    /// `trim`: cut white space (the list of `text-v1`) off both ends.
    Trim,
    /// `collapse-space`: each run of white space becomes one U+0020.
    CollapseSpace,
    /// `nfc`: Unicode normalisation form C.
    Nfc,
    /// `date:<format>`: read a date in this format (`%Y-%m-%d`), write it as a time of the record.
    Date(String),
    /// `locale`: the language of a locale name, `en_GB` to `en`.
    Locale,
    /// `url-resolve`: parse an absolute URL and write it as the URL standard does.
    UrlResolve,
    /// `url-host`: the host of an absolute URL.
    UrlHost,
    /// `split:<separator>`: each group becomes the groups between the separators.
    Split(String),
    /// `join-paragraphs`: the groups become one, an empty line between them.
    JoinParagraphs,
}

/// A text that names no transform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a transform", .0.escape_debug())]
pub struct UnknownTransform(pub String);

/// Why a transform gives no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransformError {
    /// The text is not a date of this format.
    #[error("`{}` is not a date of the format `{format}`: {cause}", .text.escape_debug())]
    Date {
        /// The text, cut where it is long.
        text: String,
        /// The format.
        format: String,
        /// What the parser found.
        cause: String,
    },
    /// The text, cut where it is long, is not a locale.
    #[error("`{}` is not a locale such as `en_GB`", .0.escape_debug())]
    Locale(String),
    /// The text, cut where it is long, is not an absolute http or https URL.
    #[error("`{}` is not an absolute http or https URL", .0.escape_debug())]
    Url(String),
}

impl Transform {
    /// Applies a transform that works on one group's text.
    ///
    /// Decoding, splitting and joining do not: they are [`super::replay()`]'s, and leave the text as
    /// it is here.
    ///
    /// # Errors
    ///
    /// [`TransformError`] where the text is not of the kind that the transform reads.
    pub fn apply(&self, text: &str) -> Result<String, TransformError> {
        Ok(match self {
            Self::Decode(_) | Self::Split(_) | Self::JoinParagraphs => text.to_owned(),
            Self::Trim => text.trim_matches(WHITE_SPACE).to_owned(),
            Self::CollapseSpace => collapse_space(text),
            Self::Nfc => text.nfc().collect(),
            Self::Date(format) => date(text, format)?,
            Self::Locale => locale(text)?,
            Self::UrlResolve => absolute(text)?.to_string(),
            Self::UrlHost => absolute(text)?.host_str().unwrap_or_default().to_owned(),
        })
    }
}

impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(label) => write!(f, "decode:{label}"),
            Self::Trim => f.write_str("trim"),
            Self::CollapseSpace => f.write_str("collapse-space"),
            Self::Nfc => f.write_str("nfc"),
            Self::Date(format) => write!(f, "date:{format}"),
            Self::Locale => f.write_str("locale"),
            Self::UrlResolve => f.write_str("url-resolve"),
            Self::UrlHost => f.write_str("url-host"),
            Self::Split(separator) => write!(f, "split:{separator}"),
            Self::JoinParagraphs => f.write_str("join-paragraphs"),
        }
    }
}

impl FromStr for Transform {
    type Err = UnknownTransform;

    fn from_str(text: &str) -> Result<Self, UnknownTransform> {
        let (name, argument) = match text.split_once(':') {
            Some((name, argument)) => {
                (name, Some(argument).filter(|argument| !argument.is_empty()))
            }
            None => (text, None),
        };
        Ok(match (name, argument, text.contains(':')) {
            ("decode", Some(label), _) => Self::Decode(label.to_owned()),
            ("date", Some(format), _) if date::is_format(format) => Self::Date(format.to_owned()),
            ("split", Some(separator), _) => Self::Split(separator.to_owned()),
            ("trim", None, false) => Self::Trim,
            ("collapse-space", None, false) => Self::CollapseSpace,
            ("nfc", None, false) => Self::Nfc,
            ("locale", None, false) => Self::Locale,
            ("url-resolve", None, false) => Self::UrlResolve,
            ("url-host", None, false) => Self::UrlHost,
            ("join-paragraphs", None, false) => Self::JoinParagraphs,
            _ => return Err(UnknownTransform(text.to_owned())),
        })
    }
}

impl Serialize for Transform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Transform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

fn collapse_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_space = false;
    for c in text.chars() {
        let space = WHITE_SPACE.contains(&c);
        if !space {
            out.push(c);
        } else if !in_space {
            out.push(' ');
        }
        in_space = space;
    }
    out
}

/// Reads `text` by a format and writes what the format names, at its precision.
fn date(text: &str, format: &str) -> Result<String, TransformError> {
    date::read(text, format).map_err(|cause| TransformError::Date {
        text: begin(text, NAMED),
        format: format.to_owned(),
        cause: begin(&cause, CAUSE),
    })
}

/// The beginning of a text that may be long, as an error names it.
fn begin(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// How many characters of a text an error names.
const NAMED: usize = 60;

/// How many characters of a cause, which may name a text, too.
const CAUSE: usize = 200;

fn locale(text: &str) -> Result<String, TransformError> {
    let language = text.split(['_', '-']).next().unwrap_or_default();
    let good = matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_alphabetic());
    let rest = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if good && rest {
        Ok(language.to_ascii_lowercase())
    } else {
        Err(TransformError::Locale(begin(text, NAMED)))
    }
}

fn absolute(text: &str) -> Result<Url, TransformError> {
    parse_url(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| TransformError::Url(begin(text, NAMED)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Transform;

    fn run(transform: &str, text: &str) -> Option<String> {
        transform.parse::<Transform>().unwrap().apply(text).ok()
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in [
            "decode:windows-1252",
            "trim",
            "collapse-space",
            "nfc",
            "date:%d.%m.%Y %H:%M",
            "locale",
            "url-resolve",
            "url-host",
            "split:, ",
            "join-paragraphs",
        ] {
            assert_eq!(name.parse::<Transform>().unwrap().to_string(), name);
        }
        for name in [
            "", "trim:", "trim:x", "date", "date:", "date:%y", "split:", "lower", "Trim",
        ] {
            assert!(name.parse::<Transform>().is_err(), "{name}");
        }
    }

    #[test]
    fn urls_are_absolute_and_of_the_web() {
        assert_eq!(
            run("url-host", "https://News.Example/a"),
            Some("news.example".to_owned())
        );
        assert_eq!(
            run("url-resolve", "HTTPS://e.example"),
            Some("https://e.example/".to_owned())
        );
        for text in [
            "/a",
            "mailto:a@b.example",
            "ftp://e.example/",
            "javascript:0",
            "",
        ] {
            assert_eq!(run("url-resolve", text), None, "{text}");
        }
    }

    #[test]
    fn a_locale_gives_its_language() {
        assert_eq!(run("locale", "en_EN"), Some("en".to_owned()));
        assert_eq!(run("locale", "pt-BR"), Some("pt".to_owned()));
        for text in ["", "e", "english", "1_2", "en GB"] {
            assert_eq!(run("locale", text), None, "{text}");
        }
    }
}
