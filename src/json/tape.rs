//! A parsed text: one flat list of spans.

use std::borrow::Cow;
use std::ops::Range;

use super::parse::{Parser, Rules};
use super::slot::Slot;
use super::{Node, SyntaxError};

/// A parsed JSON text: the spans of its values, in their order. The text itself stays where it is.
#[derive(Debug)]
pub struct Tape<'s> {
    pub(super) source: Cow<'s, str>,
    pub(super) slots: Vec<Slot>,
    pub(super) duplicates: Vec<Duplicate>,
}

/// A key that stands in its object before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The bytes of the key, quotes included.
    pub key: Range<usize>,
    /// The bytes of its first occurrence.
    pub first: Range<usize>,
}

impl<'s> Tape<'s> {
    /// Parses one JSON text; white space may surround the value.
    ///
    /// Takes time linear in the length of `source`, whatever it holds, and no stack. Memory: 20 bytes a
    /// value or key, of which there are at most [`MAX_VALUES`](super::MAX_VALUES).
    ///
    /// # Errors
    ///
    /// The first place that breaks the [rules](super); bytes that are not UTF-8 are found before
    /// anything else.
    pub fn parse(source: &'s [u8]) -> Result<Self, SyntaxError> {
        Self::parse_in(source, Memory::default())
    }

    /// Parses one JSON text of a dump, as [`parse`](Self::parse) does, by wider rules: all that RFC 8259
    /// allows, up to [`MAX_DEPTH_ANY`](super::MAX_DEPTH_ANY) and [`MAX_VALUES`](super::MAX_VALUES).
    ///
    /// - Numbers may have fractions, exponents and any size ([`Kind::Number`](super::Kind::Number)).
    /// - A key may stand in an object more than once: [`duplicates`](Self::duplicates) lists those.
    /// - An escape may be half a surrogate pair: the string has no [text](Node::as_str).
    ///
    /// # Errors
    ///
    /// The first place that is not JSON; `NaN` and `Infinity` are not. A byte order mark is not part of
    /// a text.
    ///
    /// ```
    /// use dateline::json::{Kind, Tape};
    ///
    /// let tape = Tape::parse_any(br#"{"a": 1e3, "b": "\ud83d", "a": null}"#)?;
    /// assert_eq!(tape.root().get("a").map(|a| a.kind()), Some(Kind::Number));
    /// assert_eq!(tape.root().get("b").and_then(|b| b.as_str()), None);
    /// assert_eq!(tape.duplicates()[0].key, 26..29);
    /// assert_eq!(tape.duplicates()[0].first, 1..4);
    /// let error = Tape::parse_any(b"[1, NaN]").unwrap_err();
    /// assert_eq!(error.offset, 4);
    /// # Ok::<(), dateline::json::SyntaxError>(())
    /// ```
    pub fn parse_any(source: &'s [u8]) -> Result<Self, SyntaxError> {
        let parser = Parser::new(source, Memory::default(), Rules::Any, None)?;
        parser.run().map_err(|error| *error)
    }

    /// [`parse_any`](Self::parse_any) of a text that the tape keeps; an error gives it back.
    pub(crate) fn parse_any_owned(source: String) -> Result<Tape<'static>, (SyntaxError, String)> {
        match Tape::parse_any(source.as_bytes()) {
            Ok(Tape {
                slots, duplicates, ..
            }) => Ok(Tape {
                source: Cow::Owned(source),
                slots,
                duplicates,
            }),
            Err(error) => Err((error, source)),
        }
    }

    /// [`parse`](Self::parse) in the memory of a tape that is done with.
    pub(crate) fn parse_in(source: &'s [u8], memory: Memory) -> Result<Self, SyntaxError> {
        let parser = Parser::new(source, memory, Rules::Record, None)?;
        parser.run().map_err(|error| *error)
    }

    /// The places that break the rules, in order, the first of which is the error of
    /// [`parse`](Self::parse): as far as the grammar of JSON leads,
    /// and at most a thousand.
    pub(crate) fn faults(source: &'s [u8]) -> Vec<SyntaxError> {
        let mut faults = Vec::new();
        let parser = Parser::new(source, Memory::default(), Rules::Record, Some(&mut faults));
        let last = match parser.map(Parser::run) {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(*error),
            Err(error) => Some(error),
        };
        faults.extend(last);
        faults
    }

    /// The memory of the tape, for another.
    pub(crate) fn into_memory(self) -> Memory {
        Memory(self.slots)
    }

    /// The value that the text holds.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::root(&self.source, &self.slots)
    }

    /// The text that was parsed.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The keys that stand in their objects before, in order; none where a record was read.
    #[must_use]
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }
}

/// The memory of a tape that is done with.
#[derive(Debug, Default)]
pub(crate) struct Memory(pub(super) Vec<Slot>);
