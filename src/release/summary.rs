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

use super::Entry;
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
}

/// Whether `id` may follow `before`.
///
/// # Errors
///
/// [`OrderError`] unless `before < id`.
pub(crate) fn in_order(before: &Id, id: &Id) -> Result<(), OrderError> {
    match before.cmp(id) {
        std::cmp::Ordering::Less => Ok(()),
        std::cmp::Ordering::Equal => Err(OrderError::Twice(id.clone())),
        std::cmp::Ordering::Greater => Err(OrderError::Order {
            id: id.clone(),
            before: before.clone(),
        }),
    }
}

#[cfg(test)]
mod tests;
