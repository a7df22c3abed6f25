//! What is said where a command meets a corpus that is damaged: which one, and how to go on.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "an error of another kind says nothing of damage"
)]

use std::error::Error;
use std::path::Path;

use dateline::build::BuildError;
use dateline::corpus::{
    EntriesOfError, LedgerError, NameError, OpenError, PathError, ReadError, WriteError,
};
use dateline::diagnostic::escape::escape;
use dateline::look::word;
use dateline::manifest::{SealError, VerifyError};
use dateline::takedown::TakedownError;
use dateline::withdraw::WithdrawError;

/// Whether an error says that files of a corpus are not what they should be. What is asked wrongly, or what
/// the system does not let be done, is something else.
pub(crate) fn is_damage(error: &(dyn Error + 'static)) -> bool {
    error.is::<PathError>()
        || error.is::<ReadError>()
        || error.is::<LedgerError>()
        || error.downcast_ref().is_some_and(open)
        || error.downcast_ref().is_some_and(entries)
        || error.downcast_ref().is_some_and(name)
        || error.downcast_ref().is_some_and(takedown)
        || error.downcast_ref().is_some_and(write)
        || error.downcast_ref().is_some_and(verify)
        || error.downcast_ref().is_some_and(build)
        || error.downcast_ref().is_some_and(withdraw)
        || error.downcast_ref().is_some_and(seal)
}

fn open(error: &OpenError) -> bool {
    matches!(error, OpenError::Listing { .. } | OpenError::Path(_))
}

fn entries(error: &EntriesOfError) -> bool {
    !matches!(error, EntriesOfError::Open(error) if !open(error))
}

fn name(error: &NameError) -> bool {
    use NameError as N;
    matches!(error, N::NoId { .. } | N::Read(_) | N::Path(_))
}

fn takedown(error: &TakedownError) -> bool {
    !matches!(error, TakedownError::Folder(_))
}

fn write(error: &WriteError) -> bool {
    match error {
        WriteError::Open(error) => open(error),
        error => matches!(error, WriteError::Read(_) | WriteError::Duplicate { .. }),
    }
}

fn verify(error: &VerifyError) -> bool {
    match error {
        VerifyError::Open(error) => open(error),
        error => matches!(error, VerifyError::Read(_)),
    }
}

fn build(error: &BuildError) -> bool {
    use BuildError as B;
    match error {
        B::Open(error) => open(error),
        B::Write(error) => write(error),
        B::Withdrawn(error) => takedown(error),
        error => matches!(
            error,
            B::Path(_)
                | B::Lines(_)
                | B::Record { .. }
                | B::Trace { .. }
                | B::NoId { .. }
                | B::BadId(_)
                | B::Order { .. }
                | B::Ledger(_)
                | B::History(_)
                | B::NoTrace(_)
        ),
    }
}

fn withdraw(error: &WithdrawError) -> bool {
    use WithdrawError as W;
    match error {
        W::Open(error) => open(error),
        W::Write(error) => write(error),
        W::Takedown(error) => takedown(error),
        error => matches!(
            error,
            W::Path(_) | W::Read(_) | W::Line { .. } | W::Ledger(_) | W::History(_)
        ),
    }
}

fn seal(error: &SealError) -> bool {
    use SealError as S;
    match error {
        S::Open(error) => open(error),
        S::Disk(error) => write(error),
        S::Takedown(error) => takedown(error),
        S::Chain(error) => verify(error),
        error => matches!(
            error,
            S::Path(_)
                | S::Read(_)
                | S::Line(_)
                | S::Ledger(_)
                | S::History(_)
                | S::Withdrawal { .. }
                | S::Previous { .. }
                | S::Missing { .. }
                | S::Unreadable { .. }
                | S::Altered { .. }
        ),
    }
}

/// How to go on with a damaged corpus.
pub(crate) fn help(corpus: &Path) -> String {
    format!(
        "`dateline check {}` shows everything that is wrong with the corpus; restore damaged files from \
         another copy of it",
        escape(&word(&corpus.display().to_string()))
    )
}
