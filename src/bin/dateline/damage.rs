//! Tells failures that mean a damaged corpus from others, and how to go on.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "an error of another kind says nothing of damage"
)]

use crate::screen;
use std::error::Error;
use std::path::Path;

use dateline::convert::ConvertError;
use dateline::corpus::{NameError, OpenError, PathError, ReadError, WriteError};
use dateline::manifest::{SealError, VerifyError};
use dateline::release::{EntriesOfError, HistoryError, LedgerError};
use dateline::takedown::TakedownError;
use dateline::typed::RecordsError;
use dateline::withdraw::WithdrawError;

/// Whether an error means that files of a corpus are damaged, and not that the command was used wrongly or
/// the system refused something.
pub(crate) fn is_damage(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref().is_some_and(path)
        || error.downcast_ref().is_some_and(read)
        || error.downcast_ref().is_some_and(ledger)
        || error.downcast_ref().is_some_and(open)
        || error.downcast_ref().is_some_and(entries)
        || error.downcast_ref().is_some_and(name)
        || error.downcast_ref().is_some_and(records)
        || error.downcast_ref().is_some_and(takedown)
        || error.downcast_ref().is_some_and(write)
        || error.downcast_ref().is_some_and(verify)
        || error.downcast_ref().is_some_and(build)
        || error.downcast_ref().is_some_and(withdraw)
        || error.downcast_ref().is_some_and(seal)
}

fn open(error: &OpenError) -> bool {
    match error {
        OpenError::Path(error) => path(error),
        error => matches!(error, OpenError::Listing { .. }),
    }
}

fn path(error: &PathError) -> bool {
    !matches!(error, PathError::Io { .. })
}

fn read(error: &ReadError) -> bool {
    !error.is_unreadable()
}

fn ledger(error: &LedgerError) -> bool {
    match error {
        LedgerError::Read(error) => read(error),
        _ => true,
    }
}

fn entries(error: &EntriesOfError) -> bool {
    match error {
        EntriesOfError::Open(error) => open(error),
        EntriesOfError::Entries(error) => !error.is_unreadable(),
        _ => true,
    }
}

fn history(error: &HistoryError) -> bool {
    match error {
        HistoryError::Entries(error) => entries(error),
        error => !error.is_unreadable(),
    }
}

fn name(error: &NameError) -> bool {
    match error {
        NameError::Read(error) => read(error),
        NameError::Path(error) => path(error),
        error => matches!(error, NameError::NoId { .. }),
    }
}

fn records(error: &RecordsError) -> bool {
    match error {
        RecordsError::Open(error) => open(error),
        RecordsError::Entries(error) => entries(error),
        RecordsError::Read(error) => read(error),
        error => !matches!(error, RecordsError::Outside { .. }),
    }
}

fn takedown(error: &TakedownError) -> bool {
    match error {
        TakedownError::Entries(error) => entries(error),
        TakedownError::Read(error) => read(error),
        TakedownError::Path(error) => path(error),
        error => !matches!(error, TakedownError::Folder(_)),
    }
}

fn write(error: &WriteError) -> bool {
    match error {
        WriteError::Open(error) => open(error),
        WriteError::Read(error) => read(error),
        error => matches!(error, WriteError::Duplicate { .. }),
    }
}

fn verify(error: &VerifyError) -> bool {
    match error {
        VerifyError::Open(error) => open(error),
        VerifyError::Read(error) => read(error),
        _ => false,
    }
}

fn build(error: &ConvertError) -> bool {
    use ConvertError as B;
    match error {
        B::Open(error) => open(error),
        B::Write(error) => write(error),
        B::Withdrawn(error) => takedown(error),
        B::Path(error) => path(error),
        B::Ledger(error) => ledger(error),
        B::History(error) => history(error),
        error => matches!(
            error,
            B::Lines(_)
                | B::Record { .. }
                | B::Trace { .. }
                | B::NoId { .. }
                | B::BadId(_)
                | B::Order { .. }
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
        W::Path(error) => path(error),
        W::Read(error) => read(error),
        W::Ledger(error) => ledger(error),
        W::History(error) => history(error),
        error => matches!(error, W::Line { .. }),
    }
}

fn seal(error: &SealError) -> bool {
    use SealError as S;
    match error {
        S::Open(error) => open(error),
        S::Disk(error) => write(error),
        S::Takedown(error) => takedown(error),
        S::Chain(error) => verify(error),
        S::Path(error) => path(error),
        S::Read(error) => read(error),
        S::Ledger(error) => ledger(error),
        S::History(error) => history(error),
        error => matches!(
            error,
            S::Line(_)
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
        "to see everything that is wrong with the corpus, run `dateline check {}`; restore damaged files from \
         another copy",
        screen::named(corpus)
    )
}
