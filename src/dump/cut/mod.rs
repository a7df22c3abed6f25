//! Where the items of a file begin and end: one file a kind.
//!
//! A cutter reads a stream once, in bounded memory, and gives its pieces in order: an item with its
//! bytes, or a range that is refused, with the byte at which it shows. It asks no more of the bytes
//! than it must to find the ends of items; whoever reads an item finds what else is wrong with it.

mod encoding;
mod json;
mod window;

pub use encoding::Encoding;
#[cfg(test)]
pub(crate) use json::json_value;
pub use json::{JsonCutter, JsonFault, Layout};

/// An item of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Its first byte in the stream.
    pub offset: u64,
    /// Its bytes, as they are in the stream.
    pub bytes: Vec<u8>,
}

/// A range of a stream that is refused: an item that is broken, or what is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Fault<Why: std::error::Error> {
    /// Its first byte in the stream.
    pub offset: u64,
    /// How many bytes are refused.
    pub length: u64,
    /// The byte of the stream at which it shows; its length where the stream ends too early.
    pub at: u64,
    /// The same for a person; of an item that is too long, where it begins.
    pub near: Near,
    /// Why.
    pub why: Why,
}

/// Where something begins, for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Began {
    /// The number of its line, from 1.
    pub line: u64,
    /// Its column in characters, from 1.
    pub column: u64,
}

impl Began {
    /// Where what follows bytes begins, if these begin here.
    pub(crate) fn behind(self, bytes: &[u8], encoding: Encoding) -> Self {
        let text = encoding.read(bytes);
        let count = |many: usize| u64::try_from(many).unwrap_or(u64::MAX);
        match text.rsplit_once('\n') {
            None => Self {
                column: self.column + count(text.chars().count()),
                ..self
            },
            Some((before, last)) => Self {
                line: self.line + 1 + count(before.matches('\n').count()),
                column: 1 + count(last.chars().count()),
            },
        }
    }
}

/// A place in a stream, and what is around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// Its line and column.
    pub began: Began,
    /// What precedes it in its line, in UTF-8, as much as is shown.
    pub before: Vec<u8>,
    /// What follows it there.
    pub after: Vec<u8>,
}

/// What a cutter gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<Why: std::error::Error> {
    /// An item.
    Item(Cut),
    /// What is refused.
    Refused(Fault<Why>),
}
