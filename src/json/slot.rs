//! One entry of the tape: what kind of value stands where.

use std::ops::Range;

/// The kinds of JSON values; a record's numbers are integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// An integer within ±(2^53 − 1), written as a record writes it.
    Integer,
    /// Any other number, such as `1.0`, `1e2`, `-0`, and `9007199254740993`: only where a dump is
    /// [read](super::Tape::parse_any).
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Which escapes a string is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Escapes {
    /// None: it is what is written.
    None,
    /// None but those that its canonical form has, too.
    Canonical,
    /// Others, perhaps.
    Others,
    /// One of them is half a surrogate pair, so that the string has no text.
    Lone,
}

/// One value or key on the tape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    start: u32,
    end: u32,
    /// How many of the slots behind this one lie in it.
    inner: u32,
    /// How many items or members it has.
    len: u32,
    pub(super) kind: Kind,
    /// Of a string.
    pub(super) escapes: Escapes,
}

impl Slot {
    /// `null` that is written nowhere.
    pub(super) const NOTHING: Self = Self {
        start: 0,
        end: 0,
        inner: 0,
        len: 0,
        kind: Kind::Null,
        escapes: Escapes::None,
    };

    /// The place of a value that holds nothing yet.
    #[inline]
    pub(super) fn new(span: Range<usize>, kind: Kind, escapes: Escapes) -> Self {
        Self {
            start: narrow(span.start),
            end: narrow(span.end),
            inner: 0,
            len: 0,
            kind,
            escapes,
        }
    }

    /// A string over all of a source of `length` bytes.
    pub(super) fn string_of(length: usize) -> Self {
        Self::new(0..length, Kind::String, Escapes::Others)
    }

    /// Ends an array or object before the byte `end`: `inner` slots lie in it, `len` items or members.
    #[inline]
    pub(super) fn close(&mut self, end: usize, inner: usize, len: usize) {
        self.end = narrow(end);
        self.inner = narrow(inner);
        self.len = narrow(len);
    }

    #[inline]
    pub(super) fn span(&self) -> Range<usize> {
        wide(self.start)..wide(self.end)
    }

    #[inline]
    pub(super) fn inner(&self) -> usize {
        wide(self.inner)
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        wide(self.len)
    }
}

/// An offset on the tape; sources are shorter than 4 GiB.
#[inline]
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[inline]
fn wide(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
