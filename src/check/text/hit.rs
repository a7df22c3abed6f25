//! How often something occurs in a text, and where first.

use std::ops::Range;

/// How often something occurs in a text, and the bytes of its first occurrence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) first: Range<usize>,
    pub(crate) count: usize,
}

impl Hit {
    /// Counts one more; they come in any order.
    pub(crate) fn add(&mut self, place: Range<usize>) {
        if self.count == 0 || place.start < self.first.start {
            self.first = place;
        }
        self.count += 1;
    }
}
