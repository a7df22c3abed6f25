//! Entries of two releases against each other: what changed, and what it was before.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::sync::Arc;

use super::entries::{Change, ChangeReader, EntriesError, EntriesErrorKind, Entry, EntryReader};
use super::error::OpenError;
use super::layout::{CHANGES, ENTRIES};
use super::state::Corpus;

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
            entries = Box::new(undo(entries, ChangeReader::open(&source)?, source.file));
        }
        Ok(entries)
    }
}

/// What changed from `old` to `new`: the lines of `changes.txt`, in order.
pub fn changes<E>(
    old: impl Iterator<Item = Result<Entry, E>>,
    new: impl Iterator<Item = Result<Entry, E>>,
) -> impl Iterator<Item = Result<Change, E>> {
    let mut old = old.peekable();
    let mut new = new.peekable();
    let mut ready = None;
    std::iter::from_fn(move || {
        loop {
            if let Some(change) = ready.take() {
                return Some(Ok(change));
            }
            let order = match (old.peek(), new.peek()) {
                (None, None) => return None,
                (Some(Err(_)), _) | (Some(_), None) => Ordering::Less,
                (_, Some(Err(_))) | (None, Some(_)) => Ordering::Greater,
                (Some(Ok(was)), Some(Ok(is))) => was.id.cmp(&is.id),
            };
            let was = (order != Ordering::Greater).then(|| old.next()).flatten();
            let is = (order != Ordering::Less).then(|| new.next()).flatten();
            let (was, is) = match (was.transpose(), is.transpose()) {
                (Ok(was), Ok(is)) => (was, is),
                (Err(error), _) | (_, Err(error)) => return Some(Err(error)),
            };
            if was == is {
                continue;
            }
            let change = |added| move |entry| Change { added, entry };
            let added = is.map(change(true));
            match was.map(change(false)) {
                Some(removed) => {
                    ready = added;
                    return Some(Ok(removed));
                }
                None => ready = added,
            }
        }
    })
}

/// The entries before `changes` made `entries` of them.
fn undo(
    entries: impl Iterator<Item = Result<Entry, EntriesError>>,
    changes: ChangeReader,
    file: Arc<str>,
) -> impl Iterator<Item = Result<Entry, EntriesError>> {
    Undo {
        entries: entries.peekable(),
        changes: changes.peekable(),
        file,
        line: 0,
        done: false,
    }
}

struct Undo<I: Iterator> {
    entries: Peekable<I>,
    changes: Peekable<ChangeReader>,
    file: Arc<str>,
    line: u64,
    done: bool,
}

impl<I: Iterator<Item = Result<Entry, EntriesError>>> Iterator for Undo<I> {
    type Item = Result<Entry, EntriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = self.step().transpose();
        self.done = !matches!(item, Some(Ok(_)));
        item
    }
}

impl<I: Iterator<Item = Result<Entry, EntriesError>>> Undo<I> {
    fn step(&mut self) -> Result<Option<Entry>, EntriesError> {
        loop {
            let next = match (self.changes.peek(), self.entries.peek()) {
                (None, _) | (_, Some(Err(_))) => return self.entries.next().transpose(),
                (Some(Err(_)), _) => None,
                (Some(Ok(change)), Some(Ok(entry))) if entry.id < change.entry.id => {
                    return self.entries.next().transpose();
                }
                (Some(Ok(change)), _) => Some(change.clone()),
            };
            self.line += 1;
            self.changes.next().transpose()?;
            let Some(Change { added, entry }) = next else {
                continue;
            };
            if added {
                self.take(&entry)?;
                continue;
            }
            // What was revised is there now in another form, which the next change names.
            let revised = |change: &Result<Change, EntriesError>| match change {
                Ok(next) => next.added && next.entry.id == entry.id,
                Err(_) => false,
            };
            if let Some(now) = self.changes.next_if(revised).transpose()? {
                self.line += 1;
                self.take(&now.entry)?;
            } else if let Some(Ok(there)) = self.entries.peek()
                && there.id == entry.id
            {
                return Err(self.misfit(&entry));
            }
            return Ok(Some(entry));
        }
    }

    /// Passes over the entry that was added, which must be the next.
    fn take(&mut self, added: &Entry) -> Result<(), EntriesError> {
        match self.entries.next().transpose()? {
            Some(entry) if entry == *added => Ok(()),
            _ => Err(self.misfit(added)),
        }
    }

    fn misfit(&self, entry: &Entry) -> EntriesError {
        EntriesError {
            file: Arc::clone(&self.file),
            line: self.line,
            kind: EntriesErrorKind::Misfit(entry.id.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
