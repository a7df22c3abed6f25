//! Entry lines: `entries.txt`, `traces.txt` and `changes.txt` of a release.
//!
//! ```text
//! art-1 article ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
//! rel-1 relation cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34
//! ```
//!
//! One line a record: its id, U+0020, its type, U+0020, 64 lowercase hexadecimal digits, U+000A.
//! Lines are strictly increasing by id, byte for byte (`LC_ALL=C sort`). There is one spelling, so
//! that a line can be made again from what was read of it. The digits are those of the record digest
//! in `entries.txt`, of the trace digest in `traces.txt`.
//!
//! `changes.txt`, which an older release has in their place, says how its entries became those of
//! the release after it: the lines that are there no longer behind `-`, those that are there instead
//! or in addition behind `+`, by id, `-` first.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use crate::corpus::{Source, is_unreadable, remedy};
use crate::digest::{Digest, Hasher};
use crate::record::{Id, RecordType};
use crate::transit::LineEnds;

/// The longest entry line: an id of 128 characters, the longest type, a digest, two spaces; and the
/// sign of a change.
const LONGEST: u64 = 1 + 128 + 1 + 10 + 1 + 64;

/// One line of `entries.txt` or `traces.txt`. Displayed as the line without its line end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The record.
    pub id: Id,
    /// Its type.
    pub kind: RecordType,
    /// The digest of the record, or of its trace.
    pub digest: Digest,
}

/// One line of `changes.txt`. Displayed as the line without its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whether the entry is there afterwards (`+`) or was there before (`-`).
    pub added: bool,
    /// The entry.
    pub entry: Entry,
}

/// Why a file of entry lines is not read on.
#[derive(Debug, thiserror::Error)]
#[error("{file}: line {line}: {kind}")]
pub struct EntriesError {
    /// The file, relative to the corpus.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    #[source]
    pub kind: EntriesErrorKind,
}

/// What is wrong with a line of entries.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntriesErrorKind {
    /// It is not spelled as entry lines are.
    #[error("`{}` is not `<id> <type> <64 hexadecimal digits>`", .0.escape_debug())]
    Spelling(String),
    /// It is not spelled as changes are.
    #[error("`{}` does not begin with `-` or `+`", .0.escape_debug())]
    Sign(String),
    /// It is longer than an entry line can be.
    #[error("the line is longer than an entry line can be")]
    TooLong,
    /// No U+000A ends it.
    #[error("the last line has no line end")]
    Unended,
    /// U+000D U+000A ends it.
    #[error("the line {}", LineEnds::BecameCrlf.met())]
    Crlf,
    /// Its id is not behind that of the line before.
    #[error("`{id}` is not behind `{previous}`")]
    Order {
        /// The id before.
        previous: Id,
        /// The id.
        id: Id,
    },
    /// The entry before and the entry afterwards are one.
    #[error("the entry of `{0}` is the same before and afterwards")]
    NoChange(Id),
    /// A change does not fit the entries it is a change of.
    #[error("the change of `{0}` does not fit the entries of the release")]
    Misfit(Id),
    /// The line is wrong in one of these ways, and a link leads to its file from outside the corpus.
    #[error(
        "the line is not one of entries (a link leads to this file from outside; its text is not shown)"
    )]
    Unshown,
    /// The file is not read: it is not there, cut short or damaged.
    #[error("{0}")]
    Io(#[source] io::Error),
}

/// Reads `entries.txt` or `traces.txt`, one entry at a time; ends behind the first error.
pub struct EntryReader {
    lines: EntryLines,
    last: Option<Id>,
}

/// Reads `changes.txt`, one change at a time; ends behind the first error.
pub struct ChangeReader {
    lines: EntryLines,
    last: Option<Change>,
}

impl EntriesError {
    /// Whether it says nothing of what the file holds: the system does not let it be read, it would take
    /// too much to unpack, or a pointer lies in its place.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        matches!(&self.kind, EntriesErrorKind::Io(error) if is_unreadable(error))
    }

    /// What to do about it, where the file shows that.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match &self.kind {
            EntriesErrorKind::Io(error) => remedy(error),
            EntriesErrorKind::Crlf => Some(LineEnds::BecameCrlf.remedy()),
            EntriesErrorKind::Spelling(_)
            | EntriesErrorKind::Sign(_)
            | EntriesErrorKind::TooLong
            | EntriesErrorKind::Unended
            | EntriesErrorKind::Order { .. }
            | EntriesErrorKind::NoChange(_)
            | EntriesErrorKind::Misfit(_)
            | EntriesErrorKind::Unshown => None,
        }
    }
}

impl EntriesErrorKind {
    /// The same without anything of the line.
    fn unshown(self) -> Self {
        match self {
            Self::Io(_) | Self::TooLong | Self::Unended | Self::Crlf | Self::Unshown => self,
            Self::Spelling(_)
            | Self::Sign(_)
            | Self::Order { .. }
            | Self::NoChange(_)
            | Self::Misfit(_) => Self::Unshown,
        }
    }
}

impl Entry {
    /// Reads an entry line without its line end. None for any other spelling.
    ///
    /// ```
    /// use dateline::release::Entry;
    ///
    /// let line = format!("art-1 article {}", "0".repeat(64));
    /// assert_eq!(Entry::read(&line).map(|entry| entry.to_string()), Some(line.clone()));
    /// assert_eq!(Entry::read(&line.replace(' ', "  ")), None);
    /// ```
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let entry = Self {
            id: words.next()?.parse().ok()?,
            kind: RecordType::named(words.next()?)?,
            digest: Digest::from_hex(words.next()?).ok()?,
        };
        words.next().is_none().then_some(entry)
    }
}

impl Change {
    /// Its place among changes: they order by this, strictly.
    fn place(&self) -> (&Id, bool) {
        (&self.entry.id, self.added)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.id, self.kind.name(), self.digest.hex())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.added { '+' } else { '-' }, self.entry)
    }
}

impl EntryReader {
    /// Opens a file of entry lines.
    ///
    /// # Errors
    ///
    /// [`EntriesErrorKind::Io`], where it cannot be opened.
    pub fn open(source: &Source) -> Result<Self, EntriesError> {
        Ok(Self {
            lines: EntryLines::open(source)?,
            last: None,
        })
    }

    /// SHA-256 over the plain bytes read so far: at the end, of the whole file.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.lines.hasher.clone().finish()
    }
}

impl Iterator for EntryReader {
    type Item = Result<Entry, EntriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let last = &mut self.last;
        self.lines.next_with(|line| {
            let entry =
                Entry::read(line).ok_or_else(|| EntriesErrorKind::Spelling(line.to_owned()))?;
            match last.replace(entry.id.clone()) {
                Some(previous) if previous >= entry.id => Err(EntriesErrorKind::Order {
                    previous,
                    id: entry.id,
                }),
                _ => Ok(entry),
            }
        })
    }
}

impl ChangeReader {
    /// Opens a `changes.txt`.
    ///
    /// # Errors
    ///
    /// [`EntriesErrorKind::Io`], where it cannot be opened.
    pub fn open(source: &Source) -> Result<Self, EntriesError> {
        Ok(Self {
            lines: EntryLines::open(source)?,
            last: None,
        })
    }
}

impl Iterator for ChangeReader {
    type Item = Result<Change, EntriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let last = &mut self.last;
        self.lines.next_with(|line| {
            let (added, rest) = match (line.strip_prefix('+'), line.strip_prefix('-')) {
                (Some(rest), _) => (true, rest),
                (_, Some(rest)) => (false, rest),
                _ => return Err(EntriesErrorKind::Sign(line.to_owned())),
            };
            let entry =
                Entry::read(rest).ok_or_else(|| EntriesErrorKind::Spelling(rest.to_owned()))?;
            let change = Change { added, entry };
            match last.replace(change.clone()) {
                Some(previous) if previous.place() >= change.place() => {
                    Err(EntriesErrorKind::Order {
                        previous: previous.entry.id,
                        id: change.entry.id,
                    })
                }
                Some(previous) if previous.entry == change.entry => {
                    Err(EntriesErrorKind::NoChange(change.entry.id))
                }
                _ => Ok(change),
            }
        })
    }
}

struct EntryLines {
    source: Source,
    stream: BufReader<Box<dyn Read + Send>>,
    hasher: Hasher,
    line: u64,
    done: bool,
}

impl EntryLines {
    fn open(source: &Source) -> Result<Self, EntriesError> {
        let file = Arc::clone(&source.file);
        match source.open() {
            Ok(stream) => Ok(Self {
                source: source.clone(),
                stream: BufReader::with_capacity(256 << 10, stream),
                hasher: Hasher::new(),
                line: 0,
                done: false,
            }),
            Err(error) => Err(EntriesError {
                file,
                line: 0,
                kind: EntriesErrorKind::Io(error),
            }),
        }
    }

    /// Reads the next line and makes something of it; ends behind the first error.
    fn next_with<T>(
        &mut self,
        make: impl FnOnce(&str) -> Result<T, EntriesErrorKind>,
    ) -> Option<Result<T, EntriesError>> {
        if self.done {
            return None;
        }
        let item = match self.next_line() {
            Ok(None) => {
                self.done = true;
                return None;
            }
            Ok(Some(line)) => make(&line),
            Err(kind) => Err(kind),
        };
        self.done = item.is_err();
        Some(item.map_err(|kind| EntriesError {
            file: Arc::clone(&self.source.file),
            line: self.line,
            kind: if self.source.is_outside() {
                kind.unshown()
            } else {
                kind
            },
        }))
    }

    fn next_line(&mut self) -> Result<Option<String>, EntriesErrorKind> {
        let mut bytes = Vec::new();
        self.line += 1;
        (&mut self.stream)
            .take(LONGEST + 1)
            .read_until(b'\n', &mut bytes)
            .map_err(EntriesErrorKind::Io)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.hasher.update(&bytes);
        let Some(line) = bytes.strip_suffix(b"\n") else {
            let full = u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST);
            return Err(if full {
                EntriesErrorKind::TooLong
            } else {
                EntriesErrorKind::Unended
            });
        };
        if line.ends_with(b"\r") {
            return Err(EntriesErrorKind::Crlf);
        }
        match std::str::from_utf8(line) {
            Ok(line) => Ok(Some(line.to_owned())),
            Err(_) => Err(EntriesErrorKind::Spelling(
                String::from_utf8_lossy(line).into_owned(),
            )),
        }
    }
}

#[cfg(test)]
mod tests;
