//! The ids of a corpus, in 24 bytes each.

use crate::digest::Digest;

/// Which id: the first 16 bytes of its SHA-256, so that ids of any length take the same room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key([u8; 16]);

/// Which line: the number of a file in the order in which the check opened them, and the line's
/// number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LineId {
    pub(super) file: u32,
    pub(super) line: u32,
}

/// Every record's id and where it stands.
#[derive(Debug, Default)]
pub(super) struct Ids {
    entries: Vec<(Key, LineId)>,
}

impl Key {
    pub(super) fn of(id: &str) -> Self {
        let digest = Digest::of(id.as_bytes());
        Self(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }
}

impl LineId {
    /// Beyond 2^32 lines of one file the last is named.
    pub(super) fn new(file: u32, line: u64) -> Self {
        Self {
            file,
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }
}

impl Ids {
    pub(super) fn add(&mut self, key: Key, line: LineId) {
        self.entries.push((key, line));
    }

    /// To be called once, when all are there, before anything is asked.
    pub(super) fn sort(&mut self) {
        self.entries.sort_unstable();
    }

    /// The lines that have the id.
    pub(super) fn lines(&self, key: Key) -> impl Iterator<Item = LineId> {
        let start = self.entries.partition_point(|(other, _)| *other < key);
        let rest = self.entries.get(start..).unwrap_or_default();
        rest.iter()
            .take_while(move |(other, _)| *other == key)
            .map(|(_, line)| *line)
    }

    pub(super) fn has(&self, key: Key) -> bool {
        self.lines(key).next().is_some()
    }

    /// Each line whose id stands in an earlier one, with that line: the first that has the id.
    pub(super) fn repeated(&self) -> impl Iterator<Item = (LineId, LineId)> {
        self.entries
            .chunk_by(|(one, _), (two, _)| one == two)
            .filter_map(|same| same.split_first())
            .flat_map(|((_, first), rest)| rest.iter().map(|(_, line)| (*line, *first)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Ids, Key, LineId};

    #[test]
    fn an_id_takes_24_bytes() {
        assert_eq!(size_of::<(Key, LineId)>(), 24);
    }

    #[test]
    fn every_repeat_names_the_first() {
        let mut ids = Ids::default();
        for (line, id) in (1..).zip(["b", "a", "b", "c", "b"]) {
            ids.add(Key::of(id), LineId::new(0, line));
        }
        ids.sort();
        let repeated: Vec<_> = ids
            .repeated()
            .map(|(line, first)| (line.line, first.line))
            .collect();
        assert_eq!(repeated, [(3, 1), (5, 1)]);
        assert!(ids.has(Key::of("c")) && !ids.has(Key::of("d")));
    }
}
