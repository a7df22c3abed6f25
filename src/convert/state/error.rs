//! Why dumps cannot be converted into a corpus.

use super::FirstFew;
use crate::corpus::{OpenError, PathError, ReadError as LineError, WriteError};
use crate::dump::{InputError, ReadError};
use crate::json::canonical::CanonicalError;
use crate::record::{Id, Misfit, ReadError as RecordError};
use crate::release::{HistoryError, LedgerError};
use crate::takedown::TakedownError;

/// Why dumps cannot be converted into a corpus.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The inputs cannot be taken: one of them can be read once only, or two have one name.
    #[error(transparent)]
    Inputs(#[from] InputError),
    /// An input file cannot be read.
    #[error(transparent)]
    Input(#[from] ReadError),
    /// The corpus cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The corpus cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A shard of the corpus leads out of it.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A shard of the corpus cannot be read.
    #[error(transparent)]
    Lines(#[from] LineError),
    /// What was withdrawn from the corpus cannot be read.
    #[error(transparent)]
    Withdrawn(#[from] TakedownError),
    /// A line of the corpus is not a record.
    #[error("{file}:{line}: not a record")]
    Record {
        /// The shard.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: RecordError,
    },
    /// A line of the corpus is not a trace.
    #[error("{file}:{line}: not a trace")]
    Trace {
        /// The shard.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: Misfit,
    },
    /// A line of the corpus has no id.
    #[error("{file}:{line}: no JSON object with an `id`")]
    NoId {
        /// The shard.
        file: String,
        /// The line, from 1.
        line: u64,
    },
    /// The id of a record is none.
    #[error("`{0}` is not an id")]
    BadId(String),
    /// A line of the corpus does not follow the one before.
    #[error("{file}:{line}: id `{id}` does not follow the id before it; ids must ascend")]
    Order {
        /// The shard.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Its id.
        id: String,
    },
    /// The ledger of the corpus cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The entries of the newest release cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The corpus has articles and no ledger, so it is not known what they were made of.
    #[error(
        "the corpus has {} and no ledger, so it is not known which files they were made of",
        count(*.0, "article")
    )]
    NoLedger(u64),
    /// The ledger lists files that the inputs lack, and records were made of them.
    #[error(
        "the corpus was also made of {}, which the inputs lack: {files}{}",
        count(.files.count, "file"),
        moved(*.matched)
    )]
    Missing {
        /// Those files, as the ledger names them.
        files: FirstFew<String>,
        /// How many articles of the inputs have, under another id, a text of the last release, where most of
        /// those that were not known have.
        matched: u64,
    },
    /// Files have other bytes than the ledger says, and records were made of them.
    #[error(
        "{} other bytes than when the corpus was built: {files}{}",
        if .files.count == 1 { "1 file has".to_owned() } else { format!("{} files have", .files.count) },
        match .missing.count {
            0 => String::new(),
            number => format!("; the inputs lack {}: {missing}", count(number, "file")),
        }
    )]
    Changed {
        /// Those files, as the ledger names them.
        files: FirstFew<String>,
        /// Files that the inputs lack besides, and of which records were made.
        missing: FirstFew<String>,
    },
    /// Most articles that would go are there with the same text and another id.
    #[error(
        "{} of release {release} would go, but {} in the inputs under {}",
        count(*.going, "article"),
        match (*.going, *.matched) {
            (1, _) => "its text is".to_owned(),
            (going, matched) if going == matched => "their texts are".to_owned(),
            (_, 1) => "the text of 1 of them is".to_owned(),
            (_, matched) => format!("the texts of {matched} of them are"),
        },
        if *.matched == 1 { "another id" } else { "other ids" }
    )]
    OtherIds {
        /// How many would go.
        going: u64,
        /// How many of them have their text under another id.
        matched: u64,
        /// The last release.
        release: u64,
    },
    /// Articles of files that the inputs lack have no text in the inputs, so that they keep no id.
    #[error(
        "{} of the last release {}: {going}",
        count(.going.count, "article"),
        if .going.count == 1 {
            "keeps no id: its text is in no article of the inputs, or in several"
        } else {
            "keep no id: their texts are in no article of the inputs, or in several"
        }
    )]
    NotKept {
        /// Those articles.
        going: FirstFew<Id>,
    },
    /// Articles would change their files, and there is no trace to tell which they are.
    #[error("the corpus has no trace of `{0}`, so it is not known which files it was made of")]
    NoTrace(Id),
    /// A record cannot be written.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// What was made cannot be read again from scratch space.
    #[error("a trace that was made cannot be read again")]
    Reread(#[source] serde_json::Error),
}

/// So many of something: `1 file`, `2 files`.
fn count(number: u64, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {one}{ending}")
}

fn moved(matched: u64) -> String {
    match matched {
        0 => String::new(),
        _ => format!(
            "; {} of the inputs {} the text of one of the last release under another id",
            count(matched, "article"),
            if matched == 1 { "has" } else { "have" }
        ),
    }
}
