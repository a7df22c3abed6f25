//! What a corpus does not take in again: its withdrawals, and beside it the secret of private keys and
//! the decisions of people.
//!
//! What must not be published lies in a folder of its own, `<corpus>.private` unless another is named
//! ([`Private`]):
//!
//! ```text
//! corpus.private/
//!   secret                 32 bytes as hexadecimal digits, for the owner alone to read
//!   decisions.jsonl        what people decided about articles that were held, one a line
//!   receipts/              what `withdraw` did, one file each time
//! ```

mod decision;
mod folder;
mod gate;

pub use decision::{Decision, Verdict};
pub use folder::{FolderError, Private};
pub use gate::{Barred, Gate, HELD};

use crate::corpus::{Part, PathError, ReadError, State};
use crate::record::{Id, Record, Withdrawn};
use crate::release::EntriesOfError;

/// Why it is not known what was withdrawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TakedownError {
    /// A line of the withdrawals is none.
    #[error("{file}, line {line}: {source}")]
    Line {
        /// The file, relative to the corpus.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: crate::record::ReadError,
    },
    /// A line of the withdrawals has no line end.
    #[error("{file}, line {line}: the line does not end with LF: the file is cut short")]
    Cut {
        /// The file, relative to the corpus.
        file: String,
        /// The line, from 1.
        line: u64,
    },
    /// Withdrawals of the last release are not in the state, and neither are their articles.
    #[error(
        "{} of release {release} {} not here: `{first}`{}; restore the files of `withdrawals/` from another \
         copy: without them dateline cannot tell which articles must not return",
        if *.count == 1 { "a withdrawal".to_owned() } else { format!("{count} withdrawals") },
        if *.count == 1 { "is" } else { "are" },
        if *.count == 1 { "" } else { ", …" }
    )]
    Lost {
        /// The release.
        release: u64,
        /// How many.
        count: u64,
        /// The first of them.
        first: Id,
    },
    /// A path leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A shard cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The entries of the last release are not there, or cannot be read.
    #[error(transparent)]
    Entries(#[from] EntriesOfError),
    /// The folder beside the corpus cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// What was withdrawn from a state: what a build refuses to take in again, and a release to hold.
///
/// # Errors
///
/// [`TakedownError`], where a line is no withdrawal, or a file cannot be read.
pub fn withdrawn(state: &State, private: &Private) -> Result<Withdrawn, TakedownError> {
    let mut withdrawn = Withdrawn::default();
    for line in state.lines(Part::Withdrawals)? {
        let line = line?;
        let file = || line.file.to_string();
        if !line.ended {
            return Err(TakedownError::Cut {
                file: file(),
                line: line.number,
            });
        }
        let record = Record::read(&line.bytes).map_err(|source| TakedownError::Line {
            file: file(),
            line: line.number,
            source,
        })?;
        if let Record::Withdrawal(withdrawal) = record {
            withdrawn.insert(&withdrawal);
        }
    }
    private.add_to(&mut withdrawn)?;
    Ok(withdrawn)
}
