//! The ids of a corpus, the keys of its texts and of its records, in 32 bytes a record.

use std::cmp::Ordering;
use std::ops::Range;

use crate::corpus::Source;
use crate::digest::Digest;
use crate::record::RecordType;

/// Which id: the first 12 bytes of its SHA-256, so that ids of any length take the same room. Among
/// 10^9 ids the chance that two share it is below one in 10^11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key([u8; 12]);

/// Which text: the first 6 bytes of its text digest. Two texts that share it are mostly equal, and
/// are to be compared before that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TextKey([u8; 6]);

/// Which line: the number of a file in the order in which the check opened them, and the line's
/// number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LineId {
    pub(crate) file: u32,
    pub(crate) line: u32,
}

/// Which record: its type, and the first 7 bytes of its record digest. Two that share it are mostly
/// equal; nothing is called proven by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RecordKey([u8; 8]);

/// A record as [`Ids`] takes it in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordNote {
    pub(crate) key: Key,
    pub(crate) line: LineId,
    /// Its text, where it has one.
    pub(crate) text: Option<TextKey>,
    /// What it is, where it is a record that can be hashed.
    pub(crate) record: Option<RecordKey>,
}

/// Every record's id, its text and where it stands.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    entries: Vec<IdEntry>,
}

/// How many of the 48 bits of a place are the file's: of more than a million files the last is named, and of
/// more than 268 million lines of one file.
const FILE_BITS: u32 = 20;
const LINE_BITS: u32 = 48 - FILE_BITS;

/// What is kept of a record. What it is sorted by stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct IdEntry {
    key: Key,
    /// The file in [`FILE_BITS`] and the line in the others, big-endian.
    place: [u8; 6],
    /// Zero where there is no text.
    text: [u8; 6],
    /// Zero where the line holds no record.
    record: [u8; 8],
}

impl Key {
    pub(crate) fn of(id: &str) -> Self {
        let digest = Digest::of(id.as_bytes());
        Self(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }

    /// It as a number.
    pub(crate) fn number(self) -> u128 {
        self.0
            .iter()
            .fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

impl TextKey {
    /// The key of a text digest.
    pub(crate) fn of(digest: Digest) -> Self {
        Self(digest.as_bytes().first_chunk().copied().unwrap_or_default())
    }
}

impl RecordKey {
    pub(crate) fn new(kind: RecordType, digest: Digest) -> Self {
        let mut key = [0; 8];
        let [first, rest @ ..] = &mut key;
        *first = match kind {
            RecordType::Article => 1,
            RecordType::Relation => 2,
            RecordType::Withdrawal => 3,
        };
        *rest = digest.as_bytes().first_chunk().copied().unwrap_or_default();
        Self(key)
    }

    /// The type of the record; nothing where the line holds none.
    fn kind(self) -> Option<RecordType> {
        match self.0 {
            [1, ..] => Some(RecordType::Article),
            [2, ..] => Some(RecordType::Relation),
            [3, ..] => Some(RecordType::Withdrawal),
            _ => None,
        }
    }
}

impl LineId {
    /// Beyond 2^32 lines of one file the last is named.
    pub(crate) fn new(file: u32, line: u64) -> Self {
        Self {
            file,
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }

    /// The name of its file, one of those that lines' numbers mean.
    pub(crate) fn file_name(self, files: &[Source]) -> &str {
        let file = usize::try_from(self.file).ok();
        let file = file.and_then(|index| files.get(index));
        file.map(|source| &*source.file).unwrap_or_default()
    }
}

impl Ids {
    /// Takes in a record. They come in any order.
    pub(crate) fn add(&mut self, seen: RecordNote) {
        let RecordNote {
            key,
            line,
            text,
            record,
        } = seen;
        let file = u64::from(line.file).min((1 << FILE_BITS) - 1);
        let number = u64::from(line.line).min((1 << LINE_BITS) - 1);
        let [_, _, place @ ..] = (file << LINE_BITS | number).to_be_bytes();
        self.entries.push(IdEntry {
            key,
            place,
            text: text.map(|text| text.0).unwrap_or_default(),
            record: record.map(|record| record.0).unwrap_or_default(),
        });
    }

    /// Takes in several.
    pub(crate) fn extend(&mut self, seen: Vec<RecordNote>) {
        for seen in seen {
            self.add(seen);
        }
    }

    /// To be called once, when all are there, before anything is asked.
    pub(crate) fn sort(&mut self) {
        self.entries.sort_unstable();
    }

    /// The line of a place.
    fn line(place: [u8; 6]) -> LineId {
        let number = place
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        let file = u32::try_from(number >> LINE_BITS).unwrap_or(u32::MAX);
        LineId::new(file, number & ((1 << LINE_BITS) - 1))
    }

    /// The lines that have the id.
    pub(crate) fn lines(&self, key: Key) -> impl Iterator<Item = LineId> {
        let start = self.entries.partition_point(|entry| entry.key < key);
        let rest = self.entries.get(start..).unwrap_or_default();
        rest.iter()
            .take_while(move |entry| entry.key == key)
            .map(|entry| Self::line(entry.place))
    }

    /// How many lines there are.
    pub(crate) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Where the records of the id stand among all, which are counted from 0 in the order of ids.
    pub(crate) fn range(&self, key: Key) -> Range<usize> {
        let start = self.entries.partition_point(|entry| entry.key < key);
        let rest = self.entries.get(start..).unwrap_or_default();
        start..start + rest.iter().take_while(|entry| entry.key == key).count()
    }

    /// The type and the key of the record at `index`; nothing where its line holds none.
    pub(crate) fn record(&self, index: usize) -> Option<(RecordType, RecordKey)> {
        let record = RecordKey(self.entries.get(index)?.record);
        Some((record.kind()?, record))
    }

    /// Whether the record at `index` has the id of the one before it.
    pub(crate) fn is_repeat(&self, index: usize) -> bool {
        let key = |at: usize| self.entries.get(at).map(|entry| entry.key);
        index
            .checked_sub(1)
            .and_then(key)
            .is_some_and(|before| key(index) == Some(before))
    }

    /// The line of the record at `index`.
    pub(crate) fn line_at(&self, index: usize) -> Option<LineId> {
        self.entries.get(index).map(|entry| Self::line(entry.place))
    }

    /// Whether a record of the id is of a type that `is_wanted`.
    pub(crate) fn has_kind(&self, key: Key, is_wanted: impl Fn(RecordType) -> bool) -> bool {
        let mut records = self.range(key).filter_map(|index| self.record(index));
        records.any(|(kind, _)| is_wanted(kind))
    }

    /// How many ids there are.
    pub(crate) fn distinct(&self) -> u64 {
        let ids = self.entries.chunk_by(|one, two| one.key == two.key);
        u64::try_from(ids.count()).unwrap_or(u64::MAX)
    }

    pub(crate) fn has(&self, key: Key) -> bool {
        self.entries
            .binary_search_by(|entry| entry.key.cmp(&key))
            .is_ok()
    }

    /// Each line whose id stands in an earlier one, with that line: the first that has the id.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = (LineId, LineId)> {
        self.entries
            .chunk_by(|one, two| one.key == two.key)
            .filter_map(|same| same.split_first())
            .flat_map(move |(first, rest)| {
                let first = first.place;
                rest.iter()
                    .map(move |entry| (Self::line(entry.place), Self::line(first)))
            })
    }

    /// The lines whose ids stand in earlier ones, in order.
    pub(crate) fn repeats(&self) -> Vec<LineId> {
        let mut lines: Vec<LineId> = self.repeated().map(|(line, _)| line).collect();
        lines.sort_unstable();
        lines
    }

    /// The lines whose texts share a key, in groups of two or more, each in the order of files and
    /// lines; with the id of each.
    ///
    /// It sorts anew, and no id is found afterwards: it comes last.
    pub(crate) fn same_texts(&mut self) -> impl Iterator<Item = Vec<(LineId, Key)>> {
        let order = |one: &IdEntry, two: &IdEntry| -> Ordering {
            (one.text, one.place, one.key).cmp(&(two.text, two.place, two.key))
        };
        self.entries.sort_unstable_by(order);
        self.entries
            .chunk_by(|one, two| one.text == two.text)
            .filter(|same| matches!(same, [first, _, ..] if first.text != [0; 6]))
            .map(|same| {
                let line = |entry: &IdEntry| (Self::line(entry.place), entry.key);
                same.iter().map(line).collect()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{IdEntry, Ids, Key, LineId, RecordKey, RecordNote, TextKey};
    use crate::digest::Digest;
    use crate::record::RecordType;

    #[test]
    fn a_record_takes_32_bytes() {
        assert_eq!(size_of::<IdEntry>(), 32);
    }

    fn seen(id: &str, line: LineId, text: Option<u8>) -> RecordNote {
        RecordNote {
            key: Key::of(id),
            line,
            text: text.map(|text| TextKey([text; 6])),
            record: None,
        }
    }

    #[test]
    fn a_record_is_known_by_its_type_and_digest() {
        let mut ids = Ids::default();
        let record = RecordKey::new(RecordType::Relation, Digest::of(b"a"));
        ids.add(seen("a", LineId::new(0, 2), None));
        ids.add(RecordNote {
            record: Some(record),
            ..seen("a", LineId::new(0, 1), None)
        });
        ids.sort();
        let range = ids.range(Key::of("a"));
        assert_eq!((range.len(), ids.len()), (2, 2));
        let found: Vec<_> = range.map(|at| ids.record(at)).collect();
        assert!(found.contains(&None) && found.contains(&Some((RecordType::Relation, record))));
        assert!(ids.range(Key::of("b")).is_empty());
    }

    #[test]
    fn every_repeat_names_the_first() {
        let mut ids = Ids::default();
        for (line, id) in (1..).zip(["b", "a", "b", "c"]) {
            ids.add(seen(id, LineId::new(3, line), None));
        }
        ids.add(seen("b", LineId::new(7, 9), None));
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
            ids.add(seen(&line.to_string(), LineId::new(1, line), text));
        }
        ids.sort();
        let same: Vec<Vec<u32>> = ids
            .same_texts()
            .map(|same| same.iter().map(|(line, _)| line.line).collect())
            .collect();
        assert_eq!(same, [[2, 8]]);
    }
}
