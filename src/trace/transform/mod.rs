//! The closed list of transforms between bytes and values.

mod date;
mod epoch;
mod html;
mod json;
mod mail;
mod mojibake;
mod names;
mod text;
mod web;
mod xml;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization as _;

use super::Reference;
use crate::as_text;
use crate::json::shown;
use crate::record::WHITE_SPACE;
pub use date::DIRECTIVES;
pub(crate) use mojibake::is_single_byte;
use names::Calendar;

/// One named step from bytes to a value (`spec/trace.md`, "Transforms").
///
/// Written `name` or `name:argument`. What a name does never changes; another behaviour takes
/// another name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transform {
    /// `decode:<label>`: read the bytes in this encoding (WHATWG label), not the item's.
    Decode(String),
    /// `decode:utf-8+<label>`: read what is UTF-8 so, and every other byte in this encoding.
    DecodeMixed(String),
    /// `json-string`: undo the escapes of a JSON string.
    JsonString,
    /// `csv-cell`: undo the doubling of quotes in a quoted cell.
    CsvCell,
    /// `xml-text`: undo the references and CDATA sections of XML.
    XmlText,
    /// `html-text`: undo the references of HTML's text; `<br>` is a line feed.
    HtmlText,
    /// `html-attribute`: undo the references of an HTML attribute's value.
    HtmlAttribute,
    /// `mojibake:<label>`: UTF-8 that was read in this encoding is read as UTF-8.
    Mojibake(String),
    /// `trim`: cut white space (the list of `text-v1`) off both ends.
    Trim,
    /// `collapse-space`: each run of white space becomes one U+0020.
    CollapseSpace,
    /// `collapse-lines`: each run of white space becomes one U+000A where it has one, else one U+0020; ends are
    /// cut.
    CollapseLines,
    /// `line-feeds`: CRLF and CR become U+000A.
    LineFeeds,
    /// `ascii-lower`: A to Z become a to z.
    AsciiLower,
    /// `nfc`: Unicode normalisation form C.
    Nfc,
    /// `date:<format>`: read a date in this format (`%Y-%m-%d`), write it as a time of the record.
    Date(String),
    /// `date:<language>:<format>`: the same with the names of another language than English.
    DateIn {
        /// The language, of the table `spec/date-names.txt`.
        language: String,
        /// The format.
        format: String,
    },
    /// `epoch:s`: seconds since 1970 as a time in UTC.
    EpochSeconds,
    /// `epoch:ms`: milliseconds since 1970 as a time in UTC.
    EpochMilliseconds,
    /// `rfc2047`: undo the folding and the encoded words of a mail header.
    Rfc2047,
    /// `locale`: the language of a locale name, `en_GB` to `en`.
    Locale,
    /// `url-resolve`: parse an absolute URL and write it as the URL standard does.
    UrlResolve,
    /// `url-join:<reference>`: the same of a URL that is relative to another value.
    UrlJoin(Reference),
    /// `url-host`: the host of an absolute URL.
    UrlHost,
    /// `split:<separator>`: each group becomes the groups between the separators.
    Split(String),
    /// `join-paragraphs`: the groups become one, an empty line between them.
    JoinParagraphs,
}

/// What a transform works on, and so where in `via` it may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// On the bytes of a span: the first transform.
    Bytes,
    /// On the text of each span.
    Span,
    /// On the text of each group, or on all groups.
    Group,
}

/// A text that names no transform.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a transform", shown(.0))]
pub struct UnknownTransform(pub String);

/// Why a transform gives no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransformError {
    /// The text is not a date of this format.
    #[error("`{}` is not a date of the format `{}`: {cause}", .text.escape_debug(), shown(.format))]
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
    /// The text, cut where it is long, does not give an http or https URL with the one it is relative to.
    #[error("`{}` gives no http or https URL relative to `{}`", .text.escape_debug(), .base.escape_debug())]
    Join {
        /// The text.
        text: String,
        /// The URL that it is relative to.
        base: String,
    },
    /// The text, cut where it is long, is not a number of seconds or milliseconds since 1970.
    #[error("`{}` is not a time since 1970: {cause}", .text.escape_debug())]
    Epoch {
        /// The text.
        text: String,
        /// Why not.
        cause: &'static str,
    },
    /// At a byte of the text something stands that the transform does not read.
    #[error("byte {at} of the text, `{}`: {cause}", .found.escape_debug())]
    Syntax {
        /// The byte.
        at: usize,
        /// What stands there, cut where it is long.
        found: String,
        /// Why it is not read.
        cause: &'static str,
    },
    /// The label names no encoding that the transform knows.
    #[error("`{}` is not the label of an encoding of one byte a character", shown(.0))]
    Encoding(String),
}

impl Transform {
    /// Applies a transform that works on one text by itself.
    ///
    /// Decoding, splitting, and joining do not: they are [`super::Replay`]'s, and leave the text as
    /// it is here. `base` is the value that [`Transform::UrlJoin`] names.
    ///
    /// # Errors
    ///
    /// [`TransformError`] where the text is not of the kind that the transform reads.
    pub fn apply<'t>(&self, text: &'t str, base: &str) -> Result<Cow<'t, str>, TransformError> {
        Ok(match self {
            Self::Decode(_) | Self::DecodeMixed(_) | Self::Split(_) | Self::JoinParagraphs => {
                Cow::Borrowed(text)
            }
            Self::JsonString => json::unescape(text)?,
            Self::CsvCell => text::undouble(text),
            Self::XmlText => xml::text(text)?,
            Self::HtmlText => html::text(text)?,
            Self::HtmlAttribute => html::attribute(text)?,
            Self::Mojibake(label) => mojibake::repair(text, label)?,
            Self::Trim => Cow::Borrowed(text.trim_matches(WHITE_SPACE)),
            Self::CollapseSpace => text::collapse_space(text),
            Self::CollapseLines => Cow::Owned(text::collapse_lines(text)),
            Self::LineFeeds => text::line_feeds(text),
            Self::AsciiLower => text::ascii_lower(text),
            Self::Nfc if text.is_ascii() => Cow::Borrowed(text),
            Self::Nfc => Cow::Owned(text.nfc().collect()),
            Self::Date(format) => Cow::Owned(dated(text, format, Calendar::ENGLISH)?),
            Self::DateIn { language, format } => {
                let names = Calendar::of(language).unwrap_or(Calendar::ENGLISH);
                Cow::Owned(dated(text, format, names)?)
            }
            Self::EpochSeconds => Cow::Owned(epoch::seconds(text)?),
            Self::EpochMilliseconds => Cow::Owned(epoch::milliseconds(text)?),
            Self::Rfc2047 => mail::decode(text)?,
            Self::Locale => Cow::Owned(text::locale(text)?),
            Self::UrlResolve => Cow::Owned(web::resolve(text)?),
            Self::UrlJoin(_) => Cow::Owned(web::join(text, base)?),
            Self::UrlHost => Cow::Owned(web::host(text)?),
        })
    }

    /// What it works on.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Decode(_) | Self::DecodeMixed(_) => Stage::Bytes,
            Self::JsonString
            | Self::CsvCell
            | Self::XmlText
            | Self::HtmlText
            | Self::HtmlAttribute
            | Self::Mojibake(_) => Stage::Span,
            Self::Trim
            | Self::CollapseSpace
            | Self::CollapseLines
            | Self::LineFeeds
            | Self::AsciiLower
            | Self::Nfc
            | Self::Date(_)
            | Self::DateIn { .. }
            | Self::EpochSeconds
            | Self::EpochMilliseconds
            | Self::Rfc2047
            | Self::Locale
            | Self::UrlResolve
            | Self::UrlJoin(_)
            | Self::UrlHost
            | Self::Split(_)
            | Self::JoinParagraphs => Stage::Group,
        }
    }

    /// The value that it needs beside its text.
    #[must_use]
    pub const fn reference(&self) -> Option<&Reference> {
        if let Self::UrlJoin(reference) = self {
            Some(reference)
        } else {
            None
        }
    }

    /// The label of an encoding that it names.
    pub(crate) fn encoding(&self) -> Option<&str> {
        if let Self::Decode(label) | Self::DecodeMixed(label) | Self::Mojibake(label) = self {
            Some(label)
        } else {
            None
        }
    }

    /// Those without an argument.
    const PLAIN: [Self; 17] = [
        Self::JsonString,
        Self::CsvCell,
        Self::XmlText,
        Self::HtmlText,
        Self::HtmlAttribute,
        Self::Trim,
        Self::CollapseSpace,
        Self::CollapseLines,
        Self::LineFeeds,
        Self::AsciiLower,
        Self::Nfc,
        Self::EpochSeconds,
        Self::EpochMilliseconds,
        Self::Rfc2047,
        Self::Locale,
        Self::UrlResolve,
        Self::UrlHost,
    ];

    /// Its name with its argument, where that is no text of its own.
    fn written(&self) -> (&'static str, Option<Cow<'_, str>>) {
        let argument = |text| Some(Cow::Borrowed(text));
        match self {
            Self::Decode(label) => ("decode", argument(label.as_str())),
            Self::DecodeMixed(label) => ("decode", Some(Cow::Owned(format!("{MIXED}{label}")))),
            Self::JsonString => ("json-string", None),
            Self::CsvCell => ("csv-cell", None),
            Self::XmlText => ("xml-text", None),
            Self::HtmlText => ("html-text", None),
            Self::HtmlAttribute => ("html-attribute", None),
            Self::Mojibake(label) => ("mojibake", argument(label)),
            Self::Trim => ("trim", None),
            Self::CollapseSpace => ("collapse-space", None),
            Self::CollapseLines => ("collapse-lines", None),
            Self::LineFeeds => ("line-feeds", None),
            Self::AsciiLower => ("ascii-lower", None),
            Self::Nfc => ("nfc", None),
            Self::Date(format) => ("date", argument(format)),
            Self::DateIn { language, format } => {
                ("date", Some(Cow::Owned(format!("{language}:{format}"))))
            }
            Self::EpochSeconds => ("epoch", argument("s")),
            Self::EpochMilliseconds => ("epoch", argument("ms")),
            Self::Rfc2047 => ("rfc2047", None),
            Self::Locale => ("locale", None),
            Self::UrlResolve => ("url-resolve", None),
            Self::UrlJoin(reference) => ("url-join", Some(Cow::Owned(reference.to_string()))),
            Self::UrlHost => ("url-host", None),
            Self::Split(separator) => ("split", argument(separator)),
            Self::JoinParagraphs => ("join-paragraphs", None),
        }
    }
}

/// What begins the argument of `decode:` where a stretch is read in two encodings.
const MIXED: &str = "utf-8+";

impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.written() {
            (name, None) => f.write_str(name),
            (name, Some(argument)) => write!(f, "{name}:{argument}"),
        }
    }
}

impl FromStr for Transform {
    type Err = UnknownTransform;

    fn from_str(text: &str) -> Result<Self, UnknownTransform> {
        let unknown = || UnknownTransform(text.to_owned());
        let Some((name, argument)) = text.split_once(':') else {
            let named = |transform: &Self| transform.written() == (text, None);
            if text == "join-paragraphs" {
                return Ok(Self::JoinParagraphs);
            }
            return Self::PLAIN.into_iter().find(named).ok_or_else(unknown);
        };
        let with_argument = match name {
            _ if argument.is_empty() => None,
            "decode" => Some(match argument.strip_prefix(MIXED) {
                Some(label) => Self::DecodeMixed(label.to_owned()),
                None => Self::Decode(argument.to_owned()),
            }),
            "mojibake" => Some(Self::Mojibake(argument.to_owned())),
            "date" => dates(argument),
            "epoch" => match argument {
                "s" => Some(Self::EpochSeconds),
                "ms" => Some(Self::EpochMilliseconds),
                _ => None,
            },
            "url-join" => argument.parse().ok().map(Self::UrlJoin),
            "split" => Some(Self::Split(argument.to_owned())),
            _ => None,
        };
        with_argument.ok_or_else(unknown)
    }
}

/// `date:` with its argument: a format, or a language of the table, a colon and a format. Two letters a to z and
/// a colon are a language, whether the table has it or not.
fn dates(argument: &str) -> Option<Transform> {
    let language = argument.split_once(':').filter(|(language, _)| {
        language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    let Some((language, format)) = language else {
        return date::is_format(argument).then(|| Transform::Date(argument.to_owned()));
    };
    let known = Calendar::of(language).is_some() && date::is_format(format);
    known.then(|| Transform::DateIn {
        language: language.to_owned(),
        format: format.to_owned(),
    })
}

impl Serialize for Transform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Transform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

/// Reads `text` by a format and writes what the format names, at its precision.
fn dated(text: &str, format: &str, names: Calendar) -> Result<String, TransformError> {
    date::read(text, format, names).map_err(|cause| TransformError::Date {
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

/// What stands at a byte of a text where it is not read.
fn syntax(text: &str, at: usize, cause: &'static str) -> TransformError {
    TransformError::Syntax {
        at,
        found: begin(text.get(at..).unwrap_or_default(), 12),
        cause,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Stage, Transform};

    fn run(transform: &str, text: &str) -> Option<String> {
        let transform = transform.parse::<Transform>().unwrap();
        let given = transform.apply(text, "https://n.example/de/").ok();
        given.map(std::borrow::Cow::into_owned)
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for transform in Transform::PLAIN {
            let name = transform.to_string();
            assert_eq!(name.parse::<Transform>().unwrap(), transform);
        }
        for name in [
            "decode:windows-1252",
            "decode:utf-8+windows-1252",
            "mojibake:windows-1252",
            "date:%d.%m.%Y %H:%M",
            "date:%H:%M %Y-%m-%d",
            "date:Fr:%Y",
            "date:fra:%Y",
            "date:fr:de:%Y",
            "date:fr:%d %B %Y",
            "epoch:s",
            "epoch:ms",
            "url-join:base",
            "url-join:/fetch/url",
            "split:, ",
            "split::",
            "join-paragraphs",
        ] {
            assert_eq!(name.parse::<Transform>().unwrap().to_string(), name);
        }
        for name in [
            "",
            "trim:",
            "trim:x",
            "date",
            "date:",
            "date:%y",
            "date:fr:",
            "date:xx:%Y",
            "date:en:%Y",
            "split:",
            "lower",
            "Trim",
            "epoch",
            "epoch:us",
            "url-join:",
            "url-join:A",
            "mojibake",
            "decode",
        ] {
            assert!(name.parse::<Transform>().is_err(), "{name}");
        }
    }

    #[test]
    fn stages_are_in_order() {
        let stage = |name: &str| name.parse::<Transform>().unwrap().stage();
        assert!(stage("decode:gbk") < stage("json-string"));
        assert!(stage("json-string") < stage("trim"));
        assert_eq!(stage("join-paragraphs"), Stage::Group);
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
        let joined = |text| run("url-join:base", text);
        assert_eq!(
            joined("x?a=1"),
            Some("https://n.example/de/x?a=1".to_owned())
        );
        assert_eq!(
            joined("//e.example/a^b"),
            Some("https://e.example/a%5Eb".to_owned())
        );
        assert_eq!(joined("mailto:a@b.example"), None);
    }

    #[test]
    fn a_locale_gives_its_language() {
        assert_eq!(run("locale", "en_EN"), Some("en".to_owned()));
        assert_eq!(run("locale", "pt-BR"), Some("pt".to_owned()));
        for text in ["", "e", "english", "1_2", "en GB"] {
            assert_eq!(run("locale", text), None, "{text}");
        }
    }

    #[test]
    fn dates_have_the_names_of_their_language() {
        let french = |text| run("date:fr:%A %d %B %Y", text);
        assert_eq!(
            french("vendredi 11 Février 2022"),
            Some("2022-02-11".to_owned())
        );
        assert_eq!(french("Friday 11 February 2022"), None);
        assert_eq!(
            run("date:pl:%d %B %Y", "1 maja 2022"),
            Some("2022-05-01".to_owned())
        );
    }
}
