//! What the releases of a corpus consist of, back to the first: entries, as they are or with changes undone.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{ChangesById, Succession, undo};
use super::entry::{ChangeReader, EntriesError, Entry, EntryReader};
use crate::corpus::{CHANGES, Container, Corpus, ENTRIES, OpenError, PathError, Source};
use crate::digest::Digest;
use crate::record::{Id, RecordType};

/// Up to how many stored bytes a file of changes is read at once, so that a long chain does not hold
/// as many files open.
const SMALL: u64 = 1 << 20;

/// Entries one after the other, increasing by id.
pub type Entries = Box<dyn Iterator<Item = Result<Entry, EntriesError>> + Send>;

/// Why the entries of a release cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntriesOfError {
    /// A file cannot be found or opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file is damaged.
    #[error(transparent)]
    Entries(#[from] EntriesError),
    /// Neither the entries of the release nor of a later one are there.
    #[error(
        "release {number}: `{ENTRIES}` is not there, of this release or of a later one; take it from another copy"
    )]
    NoEntries {
        /// The release.
        number: u64,
    },
    /// Changes between the release and the one whose entries are there are missing.
    #[error(
        "release {number}: `{CHANGES}` of release {missing} is missing, without which its entries are not known"
    )]
    NoChanges {
        /// The release whose entries are asked for.
        number: u64,
        /// The release whose changes are missing.
        missing: u64,
    },
}

/// Why what a release consists of cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The entries are not there, or cannot be read.
    #[error(transparent)]
    Entries(#[from] EntriesOfError),
    /// A file lies outside the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl Corpus {
    /// The entries of release `number`: from its own `entries.txt`, or from that of a later release
    /// with what changed since undone.
    ///
    /// Whether they are the right ones, the root in the manifest says.
    ///
    /// # Errors
    ///
    /// [`EntriesOfError`]; errors of reading are among the entries.
    pub fn entries(&self, number: u64) -> Result<Entries, EntriesOfError> {
        let mut later = self.releases().iter().copied().filter(|&at| at >= number);
        let (from, source) = loop {
            let Some(at) = later.next() else {
                return Err(EntriesOfError::NoEntries { number });
            };
            if let Some(source) = self.release_source(at, ENTRIES).map_err(OpenError::from)? {
                break (at, source);
            }
        };
        let mut entries: Entries = Box::new(EntryReader::open(&source)?);
        for at in (number..from).rev() {
            let Some(source) = self.release_source(at, CHANGES).map_err(OpenError::from)? else {
                return Err(EntriesOfError::NoChanges {
                    number,
                    missing: at,
                });
            };
            entries = Box::new(undo(
                entries,
                ChangeReader::open(&source)?,
                source.file,
                at + 1,
            ));
        }
        Ok(entries)
    }
}

impl From<EntriesError> for HistoryError {
    fn from(error: EntriesError) -> Self {
        Self::Entries(error.into())
    }
}

impl HistoryError {
    /// Whether it says nothing of what is in the file: the system does not let it be read, or it would
    /// take too much to unpack.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Entries(EntriesOfError::Entries(error)) => error.is_unreadable(),
            Self::Entries(_) => true,
            Self::Path(error) => matches!(error, PathError::Io { .. }),
        }
    }
}

/// What a file of changes says, id by id.
pub(super) type AllChanges = Box<dyn Iterator<Item = Result<Succession, EntriesError>>>;

/// Reads a file of changes; where it is small, at once.
pub(super) fn changes_in(source: &Source) -> Result<AllChanges, EntriesError> {
    let small = source.container == Container::Plain
        && std::fs::metadata(&source.path).is_ok_and(|found| found.len() <= SMALL);
    let lines = ChangeReader::open(source)?;
    let changes = ChangesById::new(lines);
    Ok(if small {
        Box::new(changes.collect::<Vec<_>>().into_iter())
    } else {
        Box::new(changes)
    })
}

/// The digests that the newest release of `corpus` has of the articles `ids`, with its number; none
/// for an id that it has no article of, and none where there is no release.
///
/// # Errors
///
/// [`HistoryError`], where its entries cannot be read or are none.
pub fn released(
    corpus: &Corpus,
    ids: &BTreeSet<Id>,
) -> Result<BTreeMap<Id, (u64, Digest)>, HistoryError> {
    let mut found = BTreeMap::new();
    let Some(number) = corpus.newest() else {
        return Ok(found);
    };
    for entry in corpus.entries(number)? {
        let entry = entry?;
        if entry.kind == RecordType::Article && ids.contains(&entry.id) {
            found.insert(entry.id, (number, entry.digest));
        }
    }
    Ok(found)
}

/// The releases that had each of the articles `ids`, in ascending order; as far back as the corpus
/// still says what its releases consisted of.
pub(crate) fn releases_of(
    corpus: &Corpus,
    ids: &BTreeSet<Id>,
) -> Result<BTreeMap<Id, Vec<u64>>, HistoryError> {
    let mut found: BTreeMap<Id, Vec<u64>> = BTreeMap::new();
    let Some(newest) = corpus.newest().filter(|_| !ids.is_empty()) else {
        return Ok(found);
    };
    let mut there: BTreeSet<Id> = released(corpus, ids)?.into_keys().collect();
    for number in (1..=newest).rev() {
        if number < newest {
            // What became of the release makes of the entries behind it those before.
            let Some(source) = corpus.release_source(number, CHANGES)? else {
                break;
            };
            for change in changes_in(&source)? {
                let change = change?;
                if !ids.contains(&change.id) {
                    continue;
                }
                let before = change.before;
                if before.is_some_and(|entry| entry.kind == RecordType::Article) {
                    there.insert(change.id);
                } else {
                    there.remove(&change.id);
                }
            }
        }
        for id in &there {
            found.entry(id.clone()).or_default().push(number);
        }
    }
    for releases in found.values_mut() {
        releases.reverse();
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
