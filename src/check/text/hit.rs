//! Something that stands in a text.

use std::ops::Range;

/// Something that stands in a text: how often, and where first, in bytes of the text.
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
