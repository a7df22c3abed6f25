//! The ledger: what became of every input file, line by line (`spec/manifest.md`, "The ledger").

use std::sync::Arc;

use super::Part;
use super::error::WriteError;
use super::lines::{Line, Lines, ReadError, Source};
use super::part::PartFiles;
use super::sort::Sorter;
use super::write::Writer;
use crate::dump::InputEntry;
use crate::json::{SyntaxError, Tape};
use crate::record::Misfit;

/// Gathers the entries of a ledger, in any order.
pub struct LedgerWriter<'w> {
    writer: &'w Writer,
    sorter: Sorter,
}

/// Reads a ledger, one entry at a time, and goes on behind errors.
pub struct LedgerReader {
    lines: Lines,
    last: Option<String>,
}

/// Why a line of a ledger is not one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Its file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A line is wrong.
    #[error("{file}: line {line}: {kind}")]
    Line {
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        #[source]
        kind: LedgerErrorKind,
    },
}

/// What is wrong with a line of a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerErrorKind {
    /// It is not JSON as dateline reads it.
    #[error("is not strict JSON at byte {}: {}", .0.offset, .0)]
    Syntax(#[source] SyntaxError),
    /// Its fields are not those of an entry.
    #[error("is no entry of a ledger: {0}")]
    Fields(#[source] Misfit),
    /// It is an entry in another spelling: with spaces, in another order of fields, with an empty
    /// list.
    #[error("is not spelled as entries are, which is `{0}`")]
    Spelling(String),
    /// No U+000A ends it.
    #[error("has no line end")]
    Unended,
    /// Its path is not behind that of the line before.
    #[error("path `{}` is not behind `{}`", .path.escape_debug(), .previous.escape_debug())]
    Order {
        /// The path before.
        previous: String,
        /// The path.
        path: String,
    },
    /// The numbers do not add up.
    #[error(
        "of {items} items {records} are in records and {refused} were refused{}",
        if *.ignored { ", in a file that was passed over" } else { "" }
    )]
    Items {
        /// Items found.
        items: u64,
        /// Those in records.
        records: u64,
        /// Those refused.
        refused: u64,
        /// Whether the file was passed over, and should have none.
        ignored: bool,
    },
}

impl Writer {
    /// Begins the ledger of the new state.
    #[must_use]
    pub fn ledger(&self) -> LedgerWriter<'_> {
        LedgerWriter {
            writer: self,
            sorter: self.sorter(),
        }
    }
}

impl LedgerWriter<'_> {
    /// Takes an entry.
    ///
    /// # Errors
    ///
    /// [`WriteError::Disk`].
    pub fn push(&mut self, entry: &InputEntry) -> Result<(), WriteError> {
        self.sorter.push(entry.path.clone(), spell(entry))
    }

    /// Writes the entries in order, for [`Writer::set`].
    ///
    /// # Errors
    ///
    /// [`WriteError::Duplicate`], where two entries have one path; otherwise as
    /// [`PartWriter::push`](super::PartWriter::push).
    pub fn finish(self) -> Result<PartFiles, WriteError> {
        let mut part = self.writer.part(Part::Inputs);
        part.extend(self.sorter.finish()?)?;
        part.finish()
    }
}

impl LedgerReader {
    /// Reads the ledger in `sources`: those of [`Part::Inputs`] of a state, or `inputs.jsonl` of a
    /// release.
    #[must_use]
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self {
            lines: Lines::new(sources),
            last: None,
        }
    }

    fn read(&mut self, line: &Line) -> Result<InputEntry, LedgerErrorKind> {
        Tape::parse(&line.bytes).map_err(LedgerErrorKind::Syntax)?;
        let entry: InputEntry = serde_json::from_slice(&line.bytes)
            .map_err(|error| LedgerErrorKind::Fields(Misfit::in_line(&error)))?;
        let spelled = spell(&entry);
        if spelled != line.bytes {
            let spelled = String::from_utf8_lossy(&spelled).into_owned();
            return Err(LedgerErrorKind::Spelling(spelled));
        }
        if !line.ended {
            return Err(LedgerErrorKind::Unended);
        }
        if let Some(previous) = self.last.replace(entry.path.clone())
            && previous >= entry.path
        {
            return Err(LedgerErrorKind::Order {
                previous,
                path: entry.path,
            });
        }
        let refused = u64::try_from(entry.refused.len()).unwrap_or(u64::MAX);
        let ignored = entry.ignored.is_some();
        let adds_up = entry.records.checked_add(refused) == Some(entry.items);
        if !adds_up || (ignored && entry.items > 0) {
            return Err(LedgerErrorKind::Items {
                items: entry.items,
                records: entry.records,
                refused,
                ignored,
            });
        }
        Ok(entry)
    }
}

impl Iterator for LedgerReader {
    type Item = Result<InputEntry, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error.into())),
        };
        Some(self.read(&line).map_err(|kind| LedgerError::Line {
            file: Arc::clone(&line.file),
            line: line.number,
            kind,
        }))
    }
}

/// The one spelling of an entry: compact JSON, its fields in their order.
fn spell(entry: &InputEntry) -> Vec<u8> {
    // Texts and integers always have a form in JSON.
    serde_json::to_vec(entry).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use std::sync::Arc;

    use super::LedgerReader;
    use crate::corpus::{Container, Corpus, Part, Source, WriteError, WriteOptions, Writer};
    use crate::digest::Digest;
    use crate::dump::InputEntry;

    fn entry(path: &str) -> InputEntry {
        InputEntry {
            path: path.to_owned(),
            bytes: 3,
            digest: Digest::of(path.as_bytes()),
            kind: "text".to_owned(),
            items: 1,
            records: 1,
            refused: Vec::new(),
            ignored: None,
        }
    }

    #[test]
    fn entries_come_back_in_order_of_their_paths() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
        let mut ledger = writer.ledger();
        for path in ["b", "a/b", "B", "é", "a.txt"] {
            ledger.push(&entry(path)).unwrap();
        }
        let files = ledger.finish().unwrap();
        writer.set(files);
        writer.commit().unwrap();
        let state = Corpus::open(folder.path()).unwrap().working().unwrap();
        let back: Vec<String> = LedgerReader::new(state.sources(Part::Inputs).unwrap())
            .map(|entry| entry.unwrap().path)
            .collect();
        assert_eq!(back, ["B", "a.txt", "a/b", "b", "é"]);

        let writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
        let mut ledger = writer.ledger();
        ledger.push(&entry("a")).unwrap();
        ledger.push(&entry("a")).unwrap();
        let twice = ledger.finish();
        assert!(matches!(twice, Err(WriteError::Duplicate { .. })));
    }

    #[test]
    fn the_vectors_agree() {
        let folder = tempfile::tempdir().unwrap();
        let cases = include_str!("../../schemas/v1/vectors/ledger/ledgers.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        for case in cases.as_array().unwrap() {
            let lines = case["lines"].as_array().unwrap().iter();
            let text: String = lines
                .flat_map(|line| [line.as_str().unwrap(), "\n"])
                .collect();
            let path = folder.path().join("inputs.jsonl");
            std::fs::write(&path, &text).unwrap();
            let source = Source {
                file: Arc::from("inputs.jsonl"),
                path,
                container: Container::Plain,
            };
            let good = LedgerReader::new([source]).all(|entry| entry.is_ok());
            assert_eq!(good, case["valid"], "{text}");
        }
    }
}
