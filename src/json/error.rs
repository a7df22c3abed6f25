//! Why a text is not dateline's JSON.

use std::fmt;
use std::ops::Range;

use super::limit::{MAX_INTEGER, MAX_VALUES};

/// How many characters of an offending value a message shows.
const SHOWN: usize = 60;

/// The first place where a text breaks the rules of [`Tape::parse`](super::Tape::parse).
///
/// Its message names the value and the cause, not the place: whoever reports it knows the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct SyntaxError {
    /// Where: bytes from the start of the source. At its end where something is missing.
    pub offset: usize,
    /// What.
    pub kind: SyntaxErrorKind,
    end: usize,
}

impl SyntaxError {
    pub(super) fn new(span: Range<usize>, kind: SyntaxErrorKind) -> Self {
        Self {
            offset: span.start,
            kind,
            end: span.end,
        }
    }

    /// The error at another place, where the source was made of something else.
    pub(crate) fn moved(self, place: impl Fn(Range<usize>) -> Range<usize>) -> Self {
        let Range { start, end } = place(self.span());
        Self {
            offset: start,
            end,
            ..self
        }
    }

    /// The offending bytes of the source; empty where something is missing.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.offset..self.end
    }
}

/// The rules that a text can break.
///
/// Texts held by a variant are cut to 60 characters and their control characters escaped, so that
/// they can be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The source is longer than 4 GiB, which the tape's offsets do not reach.
    #[error("{length} bytes of JSON are more than the 4294967295 that are read at once")]
    TooLong {
        /// The length of the source in bytes.
        length: usize,
    },
    /// The bytes are not UTF-8 (RFC 3629).
    #[error("byte 0x{byte:02X} is not UTF-8 here")]
    InvalidUtf8 {
        /// The first byte that belongs to no character.
        byte: u8,
    },
    /// The source begins with U+FEFF.
    #[error("the text begins with a byte order mark (U+FEFF)")]
    ByteOrderMark,
    /// Something else stands where the grammar wants this.
    #[error("expected {expected}, found `{found}`")]
    Unexpected {
        /// What stands there: a character, or a word such as `NaN`.
        found: String,
        /// What may stand there.
        expected: Expected,
    },
    /// The source ends within a value, or holds none.
    #[error("expected {expected}, found the end of the text")]
    UnexpectedEnd {
        /// What is missing.
        expected: Expected,
    },
    /// A string has no closing quote. The place is its opening one.
    #[error("the string that begins `{begins}` has no closing quote")]
    UnterminatedString {
        /// How it begins.
        begins: String,
    },
    /// Text follows the value.
    #[error("`{found}` after the end of the value")]
    TrailingData {
        /// What follows.
        found: String,
    },
    /// A comma precedes `]` or `}`.
    #[error("a comma before `{bracket}`")]
    TrailingComma {
        /// The bracket.
        bracket: char,
    },
    /// A control character (U+0000 to U+001F) stands in a string unescaped.
    #[error("control character U+{code:04X} in a string is not escaped")]
    ControlCharacter {
        /// Its code point.
        code: u8,
    },
    /// A backslash is not followed by one of JSON's escapes.
    #[error("`{escape}` is not an escape of JSON")]
    InvalidEscape {
        /// The backslash and what follows.
        escape: String,
    },
    /// An escape names half of a surrogate pair and its other half is missing.
    #[error("`{escape}` is half a surrogate pair and stands for no character")]
    LoneSurrogate {
        /// The escape.
        escape: String,
    },
    /// A key occurs twice in one object.
    #[error("key `{key}` occurs twice in one object")]
    DuplicateKey {
        /// The key, decoded.
        key: String,
        /// The bytes of its first occurrence, quotes included.
        first: Range<usize>,
    },
    /// Arrays and objects lie inside each other more than [`MAX_DEPTH`](super::MAX_DEPTH) deep, in a
    /// text of a dump [`MAX_DEPTH_ANY`](super::MAX_DEPTH_ANY).
    #[error("arrays and objects lie more than {most} deep inside each other")]
    TooDeep {
        /// How deep they may lie.
        most: usize,
    },
    /// There are more than [`MAX_VALUES`] values and keys.
    #[error("it holds more than {MAX_VALUES} values and keys; what follows is not read")]
    TooMany,
    /// A number is no number of JSON either (`1.`, `-`, `1e`).
    #[error("`{literal}` is not a number of JSON")]
    InvalidNumber {
        /// The number as written.
        literal: String,
    },
    /// A number begins with a zero that it does not need.
    #[error("number `{literal}` begins with a zero")]
    LeadingZero {
        /// The number as written.
        literal: String,
    },
    /// A number has a fraction.
    #[error("number `{literal}` has a fraction: only integers are allowed")]
    Fraction {
        /// The number as written.
        literal: String,
    },
    /// A number has an exponent.
    #[error("number `{literal}` has an exponent: only integers written in full are allowed")]
    Exponent {
        /// The number as written.
        literal: String,
    },
    /// A number is `-0`.
    #[error("number `-0`: zero has no sign")]
    NegativeZero,
    /// An integer that not every reader keeps exactly.
    #[error("number `{literal}` is beyond ±{MAX_INTEGER} (2^53 − 1)")]
    OutOfRange {
        /// The number as written.
        literal: String,
    },
}

/// What the grammar of JSON wants at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// Any value.
    Value,
    /// A key in double quotes.
    Key,
    /// The colon after a key.
    Colon,
    /// `,` or the end of an array.
    CommaOrBracket,
    /// `,` or the end of an object.
    CommaOrBrace,
    /// The first value or the end of an array.
    ValueOrBracket,
    /// The first key or the end of an object.
    KeyOrBrace,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "a value",
            Self::Key => "a key in double quotes",
            Self::Colon => "`:`",
            Self::CommaOrBracket => "`,` or `]`",
            Self::CommaOrBrace => "`,` or `}`",
            Self::ValueOrBracket => "a value or `]`",
            Self::KeyOrBrace => "a key in double quotes or `}`",
        })
    }
}

/// `text` as a message may show it: one line, cut short, nothing that moves a terminal's cursor.
pub(crate) fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let mut out = String::new();
    for character in characters.by_ref().take(SHOWN) {
        if matches!(character, '\'' | '"' | '\\') {
            out.push(character);
        } else {
            out.extend(character.escape_debug());
        }
    }
    if characters.next().is_some() {
        out.push('…');
    }
    out
}
