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

use super::entries::Keyed;
use super::statement::Changes;
use crate::corpus::{self, EntriesError, Entry};
use crate::digest::Digest;
use crate::record::{Id, RecordType};

/// What two releases, one after the other, have at one id. They differ, and one of them has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Succession {
    pub(super) id: Id,
    pub(super) before: Option<Entry>,
    pub(super) after: Option<Entry>,
}

/// Why what a release changed is not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangesError {
    /// A line cannot be read, or cannot follow the one before it.
    #[error(transparent)]
    Lines(#[from] EntriesError),
    /// The two lines of an id say the same.
    #[error("{file}: the lines of id `{id}` are no change")]
    Same {
        /// The file.
        file: Arc<str>,
        /// The id.
        id: Id,
    },
}

/// Why a change does not lead back from the entries of a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the changes say of id `{id}` what release {release} does not have")]
pub struct Mismatch {
    /// The id.
    pub id: Id,
    /// The release whose entries it is not applied to.
    pub release: u64,
}

/// What became of an id of the release before, where that must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// A change that releases may make.
    Fair,
    /// An article, or a withdrawal, went without a withdrawal in its place.
    Vanished,
}

/// What a withdrawal says of what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The digest of the record that it stands for.
    pub(crate) was: Digest,
    /// The release that had this record.
    pub(crate) release: Option<u64>,
}

/// What is wrong with what a withdrawal says, by the releases before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WithdrawalFault {
    /// The record that it stands for had another digest.
    #[error("`was` is not the digest of the record in release {release}, which is {digest}")]
    Was {
        /// The last release that had the record.
        release: u64,
        /// Its digest there.
        digest: Digest,
    },
    /// The release that it names is not one that had the record.
    #[error("`release` is {said}, and release {said} has no record with the digest `was`")]
    Release {
        /// What it says.
        said: u64,
    },
    /// It names the release that it is in, or a later one.
    #[error("`release` is {said}, and it was sealed with release {sealed} already")]
    Late {
        /// What it says.
        said: u64,
        /// The first release that has the withdrawal.
        sealed: u64,
    },
    /// What a release sealed of it is no longer so.
    #[error(
        "`{member}` is not as release {release} has it, and a sealed withdrawal only ever says less"
    )]
    Altered {
        /// What.
        member: &'static str,
        /// The newest release.
        release: u64,
    },
    /// It names no release, and one had the record.
    #[error("`release` is absent, and release {release} had the record")]
    Unnamed {
        /// The last release that had it.
        release: u64,
    },
}

impl WithdrawalFault {
    /// The member of the withdrawal that is wrong.
    #[must_use]
    pub const fn member(&self) -> &'static str {
        match self {
            Self::Was { .. } => "was",
            Self::Release { .. } | Self::Late { .. } | Self::Unnamed { .. } => "release",
            Self::Altered { member, .. } => member,
        }
    }
}

/// Holds a withdrawal of release `sealed` to what the releases before have at its id, which are given from
/// the one just before down, as far as their entries are known. Gives nothing where all agrees, or not
/// enough is known.
///
/// Where the releases before have the withdrawal already, it stands for what was there before that: a
/// withdrawal may be written again and withdraws the same (`verify-withdrawals`).
pub(crate) fn standing(
    claim: &Standing,
    sealed: u64,
    before: &[(u64, Option<&Entry>)],
) -> Option<WithdrawalFault> {
    let withdrawn =
        |entry: Option<&Entry>| entry.is_some_and(|entry| entry.kind == RecordType::Withdrawal);
    // The first release of those one after the other that have the withdrawal.
    let mut first = sealed;
    let mut rest = before.iter();
    let last = loop {
        match rest.next() {
            Some((release, entry)) if release.checked_add(1) == Some(first) => {
                if !withdrawn(*entry) {
                    break Some((*release, *entry));
                }
                first = *release;
            }
            _ => break None,
        }
    };
    if let Some(said) = claim.release
        && said >= first
    {
        return Some(WithdrawalFault::Late {
            said,
            sealed: first,
        });
    }
    if let Some((release, Some(entry))) = last {
        if entry.digest != claim.was {
            return Some(WithdrawalFault::Was {
                release,
                digest: entry.digest,
            });
        }
        if claim.release.is_none() {
            return Some(WithdrawalFault::Unnamed { release });
        }
    }
    let said = claim.release?;
    let (_, there) = before.iter().find(|(release, _)| *release == said)?;
    let had = there
        .is_some_and(|entry| entry.kind != RecordType::Withdrawal && entry.digest == claim.was);
    (!had).then_some(WithdrawalFault::Release { said })
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

/// Reads `changes.txt`, id by id. The first error ends it.
pub(super) struct ChangesById<I: Iterator<Item = Result<corpus::Change, EntriesError>>> {
    file: Arc<str>,
    lines: Peekable<I>,
}

impl<I: Iterator<Item = Result<corpus::Change, EntriesError>>> ChangesById<I> {
    /// Takes the lines of a file, which come in order of id, and of one id `-` before `+`.
    pub(super) fn new(file: Arc<str>, lines: I) -> Self {
        Self {
            file,
            lines: lines.peekable(),
        }
    }
}

impl<I: Iterator<Item = Result<corpus::Change, EntriesError>>> Iterator for ChangesById<I> {
    type Item = Result<Succession, ChangesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error.into())),
        };
        let id = line.entry.id.clone();
        if line.added {
            return Some(Ok(Succession {
                id,
                before: None,
                after: Some(line.entry),
            }));
        }
        let of_it = |next: &Result<corpus::Change, EntriesError>| {
            next.as_ref()
                .is_ok_and(|next| next.added && next.entry.id == id)
        };
        let after = match self.lines.next_if(of_it) {
            Some(Ok(line)) => Some(line.entry),
            Some(Err(error)) => return Some(Err(error.into())),
            None => None,
        };
        if after.as_ref() == Some(&line.entry) {
            let file = Arc::clone(&self.file);
            return Some(Err(ChangesError::Same { file, id }));
        }
        Some(Ok(Succession {
            id,
            before: Some(line.entry),
            after,
        }))
    }
}

#[cfg(test)]
mod tests;
