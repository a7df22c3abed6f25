//! Keys that stand in one object more than once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::node::Members;
use super::slot::Slot;

/// Up to this many members an object's keys are compared one by one; beyond, hashed.
const COMPARED: usize = 16;

/// The keys of an object that is being read.
#[derive(Default)]
pub(super) struct Keys<'s> {
    /// The [`mark`]s of all of them.
    marks: u128,
    /// Where the first of each stands, once there are more than [`COMPARED`].
    all: Option<HashMap<Cow<'s, str>, Range<usize>>>,
}

impl<'s> Keys<'s> {
    /// Adds a key, which makes `len`; gives where it stands before, if it does. `before` are the members
    /// so far.
    #[inline]
    pub(super) fn add(
        &mut self,
        key: Slot,
        len: usize,
        source: &'s str,
        before: &[Slot],
    ) -> Option<Range<usize>> {
        // Keys that are the same may be written in two ways. What has no text is no other's.
        let text = key.text(source)?;
        let mark = mark(text.as_bytes());
        let is_new = self.marks & mark == 0;
        self.marks |= mark;
        if is_new && len <= COMPARED {
            return None;
        }
        self.find_or_insert(key, len, text, source, before)
    }

    /// Compares a key with all before it, or looks it up among them.
    #[inline(never)]
    fn find_or_insert(
        &mut self,
        key: Slot,
        len: usize,
        text: Cow<'s, str>,
        source: &'s str,
        before: &[Slot],
    ) -> Option<Range<usize>> {
        let mut members = Members {
            source,
            slots: before,
        };
        let keys = std::iter::from_fn(|| Some(*members.next_slots()?.0));
        let mut keys = keys.filter_map(|key| Some((key.text(source)?, key.span())));
        if len <= COMPARED {
            let first = keys.find(|(key, _)| *key == text);
            return first.map(|(_, span)| span);
        }
        let all = self.all.get_or_insert_with(|| {
            let mut all = HashMap::new();
            for (key, span) in keys {
                all.entry(key).or_insert(span);
            }
            all
        });
        match all.entry(text) {
            Entry::Occupied(first) => Some(first.get().clone()),
            Entry::Vacant(place) => {
                place.insert(key.span());
                None
            }
        }
    }
}

/// One bit of 128 that equal keys have in common, and few others.
#[inline]
fn mark(key: &[u8]) -> u128 {
    let byte = |byte: Option<&u8>| u32::from(byte.copied().unwrap_or_default());
    let length = u32::try_from(key.len() & 0xFF).unwrap_or_default();
    let mixed = byte(key.first())
        | byte(key.get(key.len() / 2)) << 8
        | byte(key.last()) << 16
        | length << 24;
    // Fibonacci hashing: the upper bits of the product depend on all bits below them.
    1 << (mixed.wrapping_mul(0x9E37_79B9) >> 25)
}
