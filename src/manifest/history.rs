//! The entries and changes of releases, read from their folders.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::chain::{ChangesById, ChangesError, Succession};
use crate::corpus::{
    ChangeReader, Container, Corpus, EntriesError, EntriesOfError, PathError, Source,
};
use crate::digest::Digest;
use crate::record::{Id, RecordType};

/// Up to how many stored bytes a file of changes is read at once, so that a long chain does not hold
/// as many files open.
const SMALL: u64 = 1 << 20;

/// Why what a release consists of cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The entries are not there, or cannot be read.
    #[error(transparent)]
    Entries(#[from] EntriesOfError),
    /// The changes cannot be read, or are none.
    #[error(transparent)]
    Changes(#[from] ChangesError),
    /// A file lies outside the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
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
            Self::Entries(EntriesOfError::Entries(error))
            | Self::Changes(ChangesError::Lines(error)) => error.is_unreadable(),
            Self::Entries(_) => true,
            Self::Path(error) => matches!(error, PathError::Io { .. }),
            Self::Changes(_) => false,
        }
    }

    /// What to do about it, where the file shows that.
    pub(super) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Entries(EntriesOfError::Entries(error))
            | Self::Changes(ChangesError::Lines(error)) => error.hint(),
            Self::Entries(_) | Self::Changes(_) | Self::Path(_) => None,
        }
    }
}

/// What a file of changes says, id by id.
pub(super) type AllChanges = Box<dyn Iterator<Item = Result<Succession, ChangesError>>>;

/// Reads a file of changes; where it is small, at once.
pub(super) fn changes(source: &Source) -> Result<AllChanges, EntriesError> {
    let small = source.container == Container::Plain
        && std::fs::metadata(&source.path).is_ok_and(|found| found.len() <= SMALL);
    let lines = ChangeReader::open(source)?;
    let changes = ChangesById::new(Arc::clone(&source.file), lines);
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
