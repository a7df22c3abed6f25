//! What differs from one release to the next.
//!
//! The newest release has all its entries in `entries.txt`, an older one has `changes.txt` instead,
//!
//! ```text
//! +art-0a41… article 5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9
//! -art-5f1c… article 6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b
//! +art-5f1c… withdrawal d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35
//! ```
//!
//! which leads from its entries to those of the release after it. Read backwards the changes rebuild
//! its entries, so that a chain grows with what changes (`spec/manifest.md`).

use std::iter::Peekable;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::entry::{Change, ChangeReader, EntriesError, EntriesErrorKind, Entry};
use super::pairs::{Keyed, Pair, Pairs};
use crate::record::{Id, RecordType};

/// How many vanished ids are named.
const NAMED: usize = 20;

/// How a release differs from the one before, in records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Records of new ids.
    pub added: u64,
    /// Records of the same type with another digest.
    pub revised: u64,
    /// Withdrawals in the place of a record.
    pub withdrawn: u64,
    /// Records in the place of a withdrawal.
    pub reinstated: u64,
    /// Relations that are gone.
    pub removed: u64,
}

/// What a release changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changed {
    pub(crate) counts: Changes,
    /// Articles and withdrawals that are gone: how many, and the first.
    pub(crate) vanished: u64,
    pub(crate) named: Vec<Id>,
    /// Withdrawals that were written again: how many, and the first.
    pub(crate) rewritten: u64,
    pub(crate) again: Vec<Id>,
}

/// What two releases, one after the other, have at one id. They differ, and one of them has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Succession {
    pub(super) id: Id,
    pub(super) before: Option<Entry>,
    pub(super) after: Option<Entry>,
}

/// Why a change does not lead back from the entries of a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the changes say of id `{id}` what release {release} does not have")]
pub(crate) struct Mismatch {
    /// The id.
    pub(super) id: Id,
    /// The release whose entries it is not applied to.
    pub(super) release: u64,
}

/// What became of an id of the release before, where that must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// A change that releases may make.
    Fair,
    /// An article, or a withdrawal, went without a withdrawal in its place.
    Vanished,
}

impl Keyed for Succession {
    fn key(&self) -> &Id {
        &self.id
    }
}

impl Succession {
    /// What is at one id before and after; `None` where that is the same.
    pub(super) fn between(before: Option<Entry>, after: Option<Entry>) -> Option<Self> {
        if before == after {
            return None;
        }
        let id = before.as_ref().or(after.as_ref())?.id.clone();
        Some(Self { id, before, after })
    }

    /// Adds the change to the counts.
    pub(super) fn count(&self, changes: &mut Changes) -> Effect {
        use RecordType::{Article, Relation, Withdrawal};

        let kinds = (
            self.before.as_ref().map(|entry| entry.kind),
            self.after.as_ref().map(|entry| entry.kind),
        );
        match kinds {
            (None, None) => {}
            (None, Some(_)) => changes.added += 1,
            (Some(Relation), None) => changes.removed += 1,
            (Some(Article | Withdrawal), None) => return Effect::Vanished,
            (Some(Article | Relation), Some(Withdrawal)) => changes.withdrawn += 1,
            (Some(Withdrawal), Some(Article)) => changes.reinstated += 1,
            (Some(Article), Some(Article))
            | (Some(Relation), Some(Relation))
            | (Some(Withdrawal), Some(Withdrawal)) => changes.revised += 1,
            (Some(Relation), Some(Article)) => {
                changes.removed += 1;
                changes.added += 1;
            }
            (Some(Article | Withdrawal), Some(Relation)) => {
                changes.added += 1;
                return Effect::Vanished;
            }
        }
        Effect::Fair
    }

    /// Leads back: gives what the release before has at this id, from what the release after has.
    pub(super) fn undo(
        self,
        after: Option<&Entry>,
        release: u64,
    ) -> Result<Option<Entry>, Mismatch> {
        if self.after.as_ref() == after {
            Ok(self.before)
        } else {
            Err(Mismatch {
                id: self.id,
                release,
            })
        }
    }
}

impl Changed {
    /// Takes what two releases, one after the other, have at one id.
    pub(crate) fn take(&mut self, before: Option<Entry>, after: Option<Entry>) {
        let withdrawn = |entry: &Option<Entry>| {
            entry
                .as_ref()
                .is_some_and(|entry| entry.kind == RecordType::Withdrawal)
        };
        let rewritten = withdrawn(&before) && withdrawn(&after);
        let Some(change) = Succession::between(before, after) else {
            return;
        };
        if rewritten {
            self.rewritten += 1;
            if self.again.len() < NAMED {
                self.again.push(change.id.clone());
            }
        }
        if change.count(&mut self.counts) == Effect::Vanished {
            self.vanished += 1;
            if self.named.len() < NAMED {
                self.named.push(change.id);
            }
        }
    }
}

/// What changed from `old` to `new`: the lines of `changes.txt`, in order.
pub fn changes<E>(
    old: impl Iterator<Item = Result<Entry, E>>,
    new: impl Iterator<Item = Result<Entry, E>>,
) -> impl Iterator<Item = Result<Change, E>> {
    Pairs::new(old, new).flat_map(|pair| {
        let (before, after, error) = match pair {
            Ok(Pair::Both(before, after)) if before == after => (None, None, None),
            Ok(Pair::Both(before, after)) => (Some(before), Some(after), None),
            Ok(Pair::Left(before)) => (Some(before), None, None),
            Ok(Pair::Right(after)) => (None, Some(after), None),
            Err(error) => (None, None, Some(Err(error))),
        };
        let line = |added| move |entry| Ok(Change { added, entry });
        let lines = [before.map(line(false)), after.map(line(true)), error];
        lines.into_iter().flatten()
    })
}

/// Reads `changes.txt`, id by id.
pub(super) struct ChangesById<I: Iterator>(Peekable<I>);

impl<I: Iterator<Item = Result<Change, EntriesError>>> ChangesById<I> {
    /// Takes the lines of a file, which come in order of id, and of one id `-` before `+`.
    pub(super) fn new(lines: I) -> Self {
        Self(lines.peekable())
    }
}

impl<I: Iterator<Item = Result<Change, EntriesError>>> Iterator for ChangesById<I> {
    type Item = Result<Succession, EntriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.0.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error)),
        };
        let id = line.entry.id.clone();
        if line.added {
            return Some(Ok(Succession {
                id,
                before: None,
                after: Some(line.entry),
            }));
        }
        let of_it = |next: &Result<Change, EntriesError>| {
            next.as_ref()
                .is_ok_and(|next| next.added && next.entry.id == id)
        };
        let after = self.0.next_if(of_it).and_then(Result::ok);
        Some(Ok(Succession {
            id,
            before: Some(line.entry),
            after: after.map(|line| line.entry),
        }))
    }
}

/// The entries before `changes`, the lines of `file`, made those of `release` of them: `entries`. The first
/// error ends it.
pub(super) fn undo(
    entries: impl Iterator<Item = Result<Entry, EntriesError>>,
    changes: ChangeReader,
    file: Arc<str>,
    release: u64,
) -> impl Iterator<Item = Result<Entry, EntriesError>> {
    let mut pairs = Pairs::new(entries, ChangesById::new(changes));
    let mut line = 0;
    let mut step = move || {
        let (after, change) = match pairs.next()? {
            Ok(Pair::Left(same)) => return Some(Ok(Some(same))),
            Ok(Pair::Right(change)) => (None, change),
            Ok(Pair::Both(after, change)) => (Some(after), change),
            Err(error) => return Some(Err(error)),
        };
        line += u64::from(change.before.is_some()) + u64::from(change.after.is_some());
        let undone = change.undo(after.as_ref(), release);
        Some(undone.map_err(|misfit| EntriesError {
            file: Arc::clone(&file),
            line,
            kind: EntriesErrorKind::Misfit(misfit.id),
        }))
    };
    let mut failed = false;
    std::iter::from_fn(move || {
        let item = if failed { None } else { step() };
        failed = item.as_ref().is_some_and(Result::is_err);
        item
    })
    .filter_map(Result::transpose)
}

#[cfg(test)]
mod tests;
