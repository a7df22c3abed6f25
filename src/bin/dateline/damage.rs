//! What is said where a command meets a corpus that is damaged: which one, and how to go on.

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
    use {BuildError as B, SealError as S, WithdrawError as W};
    if error.is::<PathError>() || error.is::<ReadError>() || error.is::<LedgerError>() {
        return true;
    }
    if let Some(error) = error.downcast_ref() {
        return open(error);
    }
    if let Some(error) = error.downcast_ref() {
        return write(error);
    }
    if let Some(error) = error.downcast_ref() {
        return takedown(error);
    }
    if let Some(error) = error.downcast_ref() {
        return !matches!(error, EntriesOfError::Open(error) if !open(error));
    }
    if let Some(error) = error.downcast_ref() {
        return match error {
            VerifyError::Open(error) => open(error),
            error => matches!(error, VerifyError::Read(_)),
        };
    }
    if let Some(error) = error.downcast_ref::<NameError>() {
        return matches!(
            error,
            NameError::NoId { .. } | NameError::Read(_) | NameError::Path(_)
        );
    }
    if let Some(error) = error.downcast_ref() {
        return match error {
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
        };
    }
    if let Some(error) = error.downcast_ref() {
        return match error {
            W::Open(error) => open(error),
            W::Write(error) => write(error),
            W::Takedown(error) => takedown(error),
            error => matches!(
                error,
                W::Path(_) | W::Read(_) | W::Line { .. } | W::Ledger(_) | W::History(_)
            ),
        };
    }
    match error.downcast_ref() {
        Some(S::Open(error)) => open(error),
        Some(S::Disk(error)) => write(error),
        Some(S::Takedown(error)) => takedown(error),
        Some(S::Chain(error)) => is_damage(&**error),
        Some(error) => matches!(
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
        None => false,
    }
}

fn open(error: &OpenError) -> bool {
    matches!(error, OpenError::Listing { .. } | OpenError::Path(_))
}

fn write(error: &WriteError) -> bool {
    match error {
        WriteError::Open(error) => open(error),
        error => matches!(error, WriteError::Read(_) | WriteError::Duplicate { .. }),
    }
}

fn takedown(error: &TakedownError) -> bool {
    !matches!(error, TakedownError::Folder(_))
}

/// How to go on with a damaged corpus.
pub(crate) fn help(corpus: &Path) -> String {
    format!(
        "`dateline check {}` shows everything that is wrong with the corpus; restore damaged files from \
         another copy of it",
        escape(&word(&corpus.display().to_string()))
    )
}
