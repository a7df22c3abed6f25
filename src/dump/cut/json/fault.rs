//! Why a range of a stream of JSON is refused.

use crate::dump::ITEM_LIMIT;
use crate::json::{Expected, MAX_DEPTH_ANY, Pointer};

/// Why a range of a stream of JSON is refused.
///
/// The list is short: a cutter finds where values end. That what is in them is JSON is for
/// [`Tape::parse_any`](crate::json::Tape::parse_any) to say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// Something else stands where the grammar wants this.
    #[error("expected {expected}, found {}", named(*.found))]
    Unexpected {
        /// The character.
        found: char,
        /// What may stand there.
        expected: Expected,
    },
    /// A string has no closing quote in its line. JSON has no line feed in a string.
    #[error("a string has no closing quote before the end of its line")]
    OpenString,
    /// Where each line holds its values, one is not closed in its own.
    #[error("the line ends within a value")]
    LineEnd,
    /// A record separator (RFC 7464) begins the next text before a value is closed.
    #[error("a record separator (U+001E) within a value")]
    Separator,
    /// The stream ends before a value is closed.
    #[error("the file ends within a value")]
    End,
    /// Arrays and objects lie too deep inside each other.
    #[error("arrays and objects lie more than {MAX_DEPTH_ANY} deep inside each other")]
    TooDeep,
    /// An item has more bytes than are read at once.
    #[error("the item has more than {ITEM_LIMIT} bytes")]
    TooLong,
    /// The stream is in UTF-32, and none of it is read.
    #[error("the JSON is in {}, not in UTF-8 or UTF-16", .0.to_ascii_uppercase())]
    Wide(&'static str),
    /// A value holds no array at the place where the items are to be.
    #[error("no array at {}", place(.pointer))]
    NoItems {
        /// The place.
        pointer: Pointer,
    },
}

/// A character, as a message may show it.
fn named(found: char) -> String {
    match found {
        '\0' => "a NUL byte".to_owned(),
        '\u{FEFF}' => "a byte order mark (U+FEFF)".to_owned(),
        char::REPLACEMENT_CHARACTER => "bytes that are not a character".to_owned(),
        '"' | '\'' => format!("`{found}`"),
        other => format!("`{}`", other.escape_debug()),
    }
}

fn place(pointer: &Pointer) -> String {
    if pointer.is_root() {
        "the top level".to_owned()
    } else {
        format!("`{}`", pointer.as_str().escape_debug())
    }
}
