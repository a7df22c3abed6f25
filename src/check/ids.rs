//! The ids of a corpus and the keys of its texts, in 24 bytes a record.

use std::cmp::Ordering;

use crate::corpus::Source;
use crate::digest::Digest;

/// Which id: the first 12 bytes of its SHA-256, so that ids of any length take the same room. Among
/// 10^9 ids the chance that two share it is below one in 10^11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key([u8; 12]);

/// Which text: the first 6 bytes of its text digest. Two texts that share it are mostly equal, and
/// are to be compared before that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TextKey([u8; 6]);

/// Which line: the number of a file in the order in which the check opened them, and the line's
/// number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LineId {
    pub(super) file: u32,
    pub(super) line: u32,
}

/// A record as [`Ids`] takes it in: its id, its line, its text where it has one.
pub(super) type Seen = (Key, LineId, Option<TextKey>);

/// Every record's id, its text and where it stands.
#[derive(Debug, Default)]
pub(super) struct Ids {
    entries: Vec<Entry>,
    /// The running number of each file's line 0, and the file.
    files: Vec<(u64, u32)>,
    /// The running number of the last line that was taken.
    last: u64,
}

/// What is kept of a record. What it is sorted by stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: Key,
    /// The line's running number over all files, big-endian.
    place: [u8; 6],
    /// Zero where there is no text.
    text: [u8; 6],
}

impl Key {
    pub(super) fn of(id: &str) -> Self {
        let digest = Digest::of(id.as_bytes());
        Self(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }

    /// It as a number.
    pub(super) fn number(self) -> u128 {
        self.0
            .iter()
            .fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

impl TextKey {
    /// The key of a text digest.
    pub(super) fn of(digest: Digest) -> Self {
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

    /// The name of its file, one of those that lines' numbers mean.
    pub(super) fn file_name(self, files: &[Source]) -> &str {
        let file = usize::try_from(self.file).ok();
        let file = file.and_then(|index| files.get(index));
        file.map(|source| &*source.file).unwrap_or_default()
    }
}

impl Ids {
    /// Takes in a record. Records come in the order of their files and lines.
    pub(super) fn add(&mut self, key: Key, line: LineId, text: Option<TextKey>) {
        let begin = match self.files.last() {
            Some((begin, file)) if *file == line.file => *begin,
            _ => {
                self.files.push((self.last, line.file));
                self.last
            }
        };
        self.last = begin + u64::from(line.line);
        let [_, _, place @ ..] = self.last.to_be_bytes();
        self.entries.push(Entry {
            key,
            place,
            text: text.map(|text| text.0).unwrap_or_default(),
        });
    }

    /// Takes in several.
    pub(super) fn extend(&mut self, seen: Vec<Seen>) {
        for (key, line, text) in seen {
            self.add(key, line, text);
        }
    }

    /// To be called once, when all are there, before anything is asked.
    pub(super) fn sort(&mut self) {
        self.entries.sort_unstable();
    }

    /// The line of a running number.
    fn line(&self, place: [u8; 6]) -> LineId {
        let number = place
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        let behind = self.files.partition_point(|(begin, _)| *begin < number);
        let file = behind.checked_sub(1).and_then(|at| self.files.get(at));
        let (begin, file) = file.copied().unwrap_or_default();
        LineId::new(file, number - begin)
    }

    /// The lines that have the id.
    pub(super) fn lines(&self, key: Key) -> impl Iterator<Item = LineId> {
        let start = self.entries.partition_point(|entry| entry.key < key);
        let rest = self.entries.get(start..).unwrap_or_default();
        rest.iter()
            .take_while(move |entry| entry.key == key)
            .map(|entry| self.line(entry.place))
    }

    pub(super) fn has(&self, key: Key) -> bool {
        self.entries
            .binary_search_by(|entry| entry.key.cmp(&key))
            .is_ok()
    }

    /// Each line whose id stands in an earlier one, with that line: the first that has the id.
    pub(super) fn repeated(&self) -> impl Iterator<Item = (LineId, LineId)> {
        self.entries
            .chunk_by(|one, two| one.key == two.key)
            .filter_map(|same| same.split_first())
            .flat_map(move |(first, rest)| {
                let first = first.place;
                rest.iter()
                    .map(move |entry| (self.line(entry.place), self.line(first)))
            })
    }

    /// The lines whose texts share a key, in groups of two or more, each in the order of files and
    /// lines; with the id of each.
    ///
    /// It sorts anew, and no id is found afterwards: it comes last.
    pub(super) fn same_texts(&mut self) -> impl Iterator<Item = Vec<(LineId, Key)>> {
        let order = |one: &Entry, two: &Entry| -> Ordering {
            (one.text, one.place, one.key).cmp(&(two.text, two.place, two.key))
        };
        self.entries.sort_unstable_by(order);
        self.entries
            .chunk_by(|one, two| one.text == two.text)
            .filter(|same| matches!(same, [first, _, ..] if first.text != [0; 6]))
            .map(|same| {
                let line = |entry: &Entry| (self.line(entry.place), entry.key);
                same.iter().map(line).collect()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Ids, Key, LineId, TextKey};

    #[test]
    fn a_record_takes_24_bytes() {
        assert_eq!(size_of::<Entry>(), 24);
    }

    #[test]
    fn every_repeat_names_the_first() {
        let mut ids = Ids::default();
        for (line, id) in (1..).zip(["b", "a", "b", "c"]) {
            ids.add(Key::of(id), LineId::new(3, line), None);
        }
        ids.add(Key::of("b"), LineId::new(7, 9), None);
        ids.sort();
        let repeated: Vec<_> = ids.repeated().collect();
        let first = LineId::new(3, 1);
        assert_eq!(
            repeated,
            [(LineId::new(3, 3), first), (LineId::new(7, 9), first)]
        );
        assert!(ids.has(Key::of("c")) && !ids.has(Key::of("d")));
        let lines: Vec<_> = ids.lines(Key::of("a")).collect();
        assert_eq!(lines, [LineId::new(3, 2)]);
    }

    #[test]
    fn same_texts_are_found_in_order() {
        let mut ids = Ids::default();
        let texts = [
            (2, Some(5)),
            (3, None),
            (6, Some(4)),
            (8, Some(5)),
            (9, None),
        ];
        for (line, text) in texts {
            let key = Key::of(&line.to_string());
            ids.add(
                key,
                LineId::new(1, line),
                text.map(|text| TextKey([text; 6])),
            );
        }
        ids.sort();
        let same: Vec<Vec<u32>> = ids
            .same_texts()
            .map(|same| same.iter().map(|(line, _)| line.line).collect())
            .collect();
        assert_eq!(same, [[2, 8]]);
    }
}
