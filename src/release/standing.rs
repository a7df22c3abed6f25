//! What a withdrawal says of what it stands for, held to the releases before it.

use super::Entry;
use crate::digest::Digest;
use crate::record::RecordType;

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

#[cfg(test)]
mod tests;
