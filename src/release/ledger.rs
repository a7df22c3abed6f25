//! The ledger on disk: what became of every input file, line by line (`spec/manifest.md`, "The ledger").
//!
//! [`LedgerReader`] holds all rules that show in the ledger alone, [`LedgerFiles`] the one that traces
//! have to do with. `seal`, `check` and `verify` use both.

mod error;
mod files;
mod rules;
#[cfg(test)]
mod tests;

pub use error::{LedgerError, LedgerErrorKind};
pub use files::{LedgerFiles, Misplaced};

use std::collections::VecDeque;
use std::sync::Arc;

use self::rules::Rules;
use crate::corpus::{
    Line, Lines, Part, PartFiles, PartWriter, PathError, ReadError, Sorter, Source, State,
    WriteError, Writer,
};
use crate::dump::{InputEntry, LedgerLine, WithdrawnLine};

/// Gathers the entries of a ledger, in any order.
pub struct LedgerWriter {
    part: PartWriter,
    sorter: Sorter,
    withdrawn: u64,
}

/// Reads a ledger line by line and holds its rules. It goes on behind errors.
pub struct LedgerReader<L = Lines> {
    lines: L,
    rules: Rules,
    /// What is still to be given.
    pending: VecDeque<Result<LedgerLine, LedgerError>>,
    ended: bool,
}

/// Reads a ledger file by file, each with its refused items. It goes on behind errors.
pub struct LedgerEntries {
    reader: LedgerReader,
    open: Option<InputEntry>,
    /// An error that was met before the open file was given.
    error: Option<LedgerError>,
    withdrawn: u64,
}

impl Writer {
    /// Begins the ledger of the new state.
    #[must_use]
    pub fn ledger(&self) -> LedgerWriter {
        LedgerWriter {
            part: self.part(Part::Inputs),
            sorter: self.sorter(),
            withdrawn: 0,
        }
    }
}

impl State {
    /// The ledger of the state, file by file.
    ///
    /// # Errors
    ///
    /// [`PathError`], where a file of it leads out of the corpus.
    pub fn ledger(&self) -> Result<LedgerEntries, PathError> {
        Ok(LedgerEntries {
            reader: LedgerReader::new(self.sources(Part::Inputs)?),
            open: None,
            error: None,
            withdrawn: 0,
        })
    }
}

impl LedgerWriter {
    /// Takes what became of a file. One all of whose items were withdrawn is only counted.
    ///
    /// # Errors
    ///
    /// [`WriteError::Disk`].
    pub fn push(&mut self, entry: &InputEntry) -> Result<(), WriteError> {
        if entry.is_withdrawn() {
            self.add_withdrawn(1);
            return Ok(());
        }
        for (number, line) in entry.lines().iter().enumerate() {
            // No path holds NUL: a file's lines follow each other, and files are in order of path.
            let key = match line {
                LedgerLine::Refusal(_) => format!("{}\0{number:020}", entry.path),
                LedgerLine::File(_) | LedgerLine::Withdrawn(_) => format!("{}\0", entry.path),
            };
            self.sorter.push(key, line.spell())?;
        }
        Ok(())
    }

    /// Adds files that are not named, since all their items were withdrawn.
    pub const fn add_withdrawn(&mut self, files: u64) {
        self.withdrawn = self.withdrawn.saturating_add(files);
    }

    /// Writes the entries in order, for [`Writer::set`].
    ///
    /// # Errors
    ///
    /// [`WriteError::Duplicate`], where two entries have one path; otherwise as
    /// [`PartWriter::push`].
    pub fn finish(self) -> Result<PartFiles, WriteError> {
        let mut part = self.part;
        let mut last = String::new();
        for pair in self.sorter.finish()? {
            let pair = pair?;
            part.push(&pair.key, &pair.line).map_err(by_path)?;
            last = pair.key;
        }
        if self.withdrawn > 0 {
            let line = LedgerLine::Withdrawn(WithdrawnLine {
                withdrawn_files: self.withdrawn,
            });
            part.push(&(last + "\u{1}"), &line.spell())
                .map_err(by_path)?;
        }
        part.finish()
    }
}

/// The error with the path of the entry in place of the key by which its lines are sorted.
fn by_path(error: WriteError) -> WriteError {
    if let WriteError::Duplicate { part, key } = error {
        let key = key.split('\0').next().unwrap_or_default().to_owned();
        WriteError::Duplicate { part, key }
    } else {
        error
    }
}

impl LedgerReader {
    /// Reads the ledger in `sources`: those of [`Part::Inputs`] of a state, or `inputs.jsonl` of a
    /// release.
    #[must_use]
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::of(Lines::new(sources))
    }
}

impl<L: Iterator<Item = Result<Line, ReadError>>> LedgerReader<L> {
    /// Holds the rules over the lines of a ledger, which come in order.
    #[must_use]
    pub fn of(lines: L) -> Self {
        Self {
            lines,
            rules: Rules::default(),
            pending: VecDeque::new(),
            ended: false,
        }
    }

    /// Takes a line; or, where there is none any more, ends.
    fn take(&mut self, line: Option<Line>) {
        let Some(line) = line else {
            self.ended = true;
            self.pending.extend(self.rules.end().map(Err));
            return;
        };
        let (before, read) = self.rules.take(&line);
        self.pending.extend(before.map(Err));
        self.pending
            .push_back(read.map_err(|kind| LedgerError::Line {
                file: Arc::clone(&line.file),
                line: line.number,
                kind,
            }));
    }
}

impl<L: Iterator<Item = Result<Line, ReadError>>> Iterator for LedgerReader<L> {
    type Item = Result<LedgerLine, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.pending.pop_front() {
                return Some(next);
            }
            if self.ended {
                return None;
            }
            match self.lines.next().transpose() {
                Ok(line) => self.take(line),
                Err(error) => {
                    self.rules.skip();
                    return Some(Err(error.into()));
                }
            }
        }
    }
}

impl LedgerEntries {
    /// How many files have no line, since all their items were withdrawn; known at the end.
    #[must_use]
    pub const fn withdrawn_files(&self) -> u64 {
        self.withdrawn
    }
}

impl Iterator for LedgerEntries {
    type Item = Result<InputEntry, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        loop {
            match self.reader.next() {
                None => return self.open.take().map(Ok),
                Some(Ok(LedgerLine::File(line))) => {
                    if let Some(done) = self.open.replace(line.into()) {
                        return Some(Ok(done));
                    }
                }
                Some(Ok(LedgerLine::Refusal(line))) => {
                    if let Some(open) = &mut self.open {
                        open.refused.push(line.into());
                    }
                }
                Some(Ok(LedgerLine::Withdrawn(line))) => self.withdrawn = line.withdrawn_files,
                Some(Err(error)) => {
                    let Some(done) = self.open.take() else {
                        return Some(Err(error));
                    };
                    self.error = Some(error);
                    return Some(Ok(done));
                }
            }
        }
    }
}
