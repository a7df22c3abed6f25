//! Ranges of bytes.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A half-open range `[start, end)` of bytes of an item or a context, `start < end`; written
/// `[start, end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: u64,
    /// The byte behind the last.
    pub end: u64,
}

impl Span {
    /// The bytes it names, if `raw` has them and the span is not empty.
    #[must_use]
    pub fn of<'r>(&self, raw: &'r [u8]) -> Option<&'r [u8]> {
        let start = usize::try_from(self.start).ok()?;
        let end = usize::try_from(self.end).ok()?;
        (start < end).then(|| raw.get(start..end)).flatten()
    }

    /// How many bytes it names.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it names none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.end <= self.start
    }
}

/// The span of a range of bytes that is not empty.
impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        let wide = |at| u64::try_from(at).unwrap_or(u64::MAX);
        Self {
            start: wide(range.start),
            end: wide(range.end),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (start, end) = <(u64, u64)>::deserialize(deserializer)?;
        Ok(Self { start, end })
    }
}
