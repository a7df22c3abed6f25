//! Entries as a manifest sees them: counted, hashed, and the leaves of a tree.
//!
//! `entries.txt` has one line for each record and `traces.txt` one for each trace,
//!
//! ```text
//! art-5f1c0a… article 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//! ```
//!
//! the id, U+0020, the type of the record, U+0020, 64 hexadecimal digits (of the record digest, or of
//! the trace's) and U+000A; strictly increasing by id, in the order of `LC_ALL=C sort`.

use super::statement::Manifest;
use crate::corpus::{ENTRIES, Entry, TRACES};
use crate::digest::{Digest, Hasher};
use crate::merkle::Tree;
use crate::record::{Id, RecordType};

/// Entries in the making: what a manifest says of the file they make, in one pass.
#[derive(Clone, Default)]
pub struct Summariser {
    hasher: Hasher,
    tree: Tree,
    counts: Counts,
    last: Option<Id>,
}

/// How many entries there are of each type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Articles.
    pub article: u64,
    /// Relations.
    pub relation: u64,
    /// Withdrawals.
    pub withdrawal: u64,
}

/// What a manifest says of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// SHA-256 of the file.
    pub digest: Digest,
    /// The number of lines.
    pub size: u64,
    /// The root of the tree over the lines.
    pub root: Digest,
    /// How many there are of each type.
    pub counts: Counts,
}

/// Why an entry cannot follow another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// Both have one id.
    #[error("id `{0}` occurs twice")]
    Twice(Id),
    /// Its id is smaller.
    #[error("id `{id}` does not follow `{before}` in the order of bytes")]
    Order {
        /// Its id.
        id: Id,
        /// The id before it.
        before: Id,
    },
}

impl Summariser {
    /// No entry yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next entry and gives its line, with U+000A.
    ///
    /// # Errors
    ///
    /// [`OrderError`] unless its id is greater than the one before; nothing is taken then.
    pub fn push(&mut self, entry: &Entry) -> Result<String, OrderError> {
        if let Some(last) = &self.last {
            in_order(last, &entry.id)?;
        }
        let mut line = entry.to_string();
        self.tree.push(line.as_bytes());
        line.push('\n');
        self.hasher.update(line.as_bytes());
        match entry.kind {
            RecordType::Article => self.counts.article += 1,
            RecordType::Relation => self.counts.relation += 1,
            RecordType::Withdrawal => self.counts.withdrawal += 1,
        }
        self.last = Some(entry.id.clone());
        Ok(line)
    }

    /// What a manifest says of them.
    #[must_use]
    pub fn finish(self) -> Summary {
        Summary {
            digest: self.hasher.finish(),
            size: self.tree.size(),
            root: self.tree.root(),
            counts: self.counts,
        }
    }
}

impl Summary {
    /// What these entries come to; none where their ids do not rise.
    pub(crate) fn of(entries: &[Entry]) -> Option<Self> {
        let mut listing = Summariser::new();
        for entry in entries {
            listing.push(entry).ok()?;
        }
        Some(listing.finish())
    }

    /// Whether these are the entries of traces that a manifest commits to.
    pub(super) fn is_of_traces(&self, manifest: &Manifest) -> bool {
        let said = &manifest.predicate.traces;
        (self.size, self.root) == (said.size, said.root)
            && Some(self.digest) == manifest.subject(TRACES)
    }

    /// How these are not the entries that a manifest commits to; nothing where they are.
    #[must_use]
    pub fn unlike(&self, manifest: &Manifest) -> Option<String> {
        let said = &manifest.predicate.records;
        let counts = Counts {
            article: said.article,
            relation: said.relation,
            withdrawal: said.withdrawal,
        };
        if self.size != said.size {
            let (found, said) = (self.size, said.size);
            Some(format!(
                "there are {found} entries where the manifest has {said}"
            ))
        } else if self.root != said.root {
            let (found, said) = (self.root, said.root);
            Some(format!(
                "their root is {found} where the manifest has {said}"
            ))
        } else if Some(self.digest) != manifest.subject(ENTRIES) {
            Some(format!(
                "their digest is {} where the manifest has another",
                self.digest
            ))
        } else if self.counts != counts {
            Some("they are of other types than the manifest counts".to_owned())
        } else {
            None
        }
    }
}

/// Whether `id` may follow `before`.
///
/// # Errors
///
/// [`OrderError`] unless `before < id`.
pub(super) fn in_order(before: &Id, id: &Id) -> Result<(), OrderError> {
    match before.cmp(id) {
        std::cmp::Ordering::Less => Ok(()),
        std::cmp::Ordering::Equal => Err(OrderError::Twice(id.clone())),
        std::cmp::Ordering::Greater => Err(OrderError::Order {
            id: id.clone(),
            before: before.clone(),
        }),
    }
}

/// What lies at an id on one side or on both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pair<A, B> {
    Left(A),
    Right(B),
    Both(A, B),
}

/// What has an id to be ordered by.
pub(super) trait Keyed {
    fn key(&self) -> &Id;
}

impl Keyed for Entry {
    fn key(&self) -> &Id {
        &self.id
    }
}

/// Pairs two sequences, each strictly increasing by id, id by id. The first error ends it.
pub(super) struct Pairs<A: Iterator, B: Iterator> {
    left: std::iter::Peekable<A>,
    right: std::iter::Peekable<B>,
}

impl<A: Iterator, B: Iterator> Pairs<A, B> {
    pub(super) fn new(left: A, right: B) -> Self {
        Self {
            left: left.peekable(),
            right: right.peekable(),
        }
    }
}

impl<A, B, L, R, E> Iterator for Pairs<A, B>
where
    A: Iterator<Item = Result<L, E>>,
    B: Iterator<Item = Result<R, E>>,
    L: Keyed,
    R: Keyed,
{
    type Item = Result<Pair<L, R>, E>;

    fn next(&mut self) -> Option<Self::Item> {
        use std::cmp::Ordering;

        let order = match (self.left.peek(), self.right.peek()) {
            (None, None) => return None,
            (Some(Ok(left)), Some(Ok(right))) => left.key().cmp(right.key()),
            (Some(Err(_)), _) | (Some(_), None) => Ordering::Less,
            (_, Some(Err(_))) | (None, Some(_)) => Ordering::Greater,
        };
        match order {
            Ordering::Less => Some(self.left.next()?.map(Pair::Left)),
            Ordering::Greater => Some(self.right.next()?.map(Pair::Right)),
            Ordering::Equal => match (self.left.next()?, self.right.next()?) {
                (Ok(left), Ok(right)) => Some(Ok(Pair::Both(left, right))),
                (Err(error), _) | (_, Err(error)) => Some(Err(error)),
            },
        }
    }
}

#[cfg(test)]
mod tests;
