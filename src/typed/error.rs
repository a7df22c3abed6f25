//! Why records of a corpus are not read.

use std::sync::Arc;

use crate::corpus::{NameError, OpenError, PathError, ReadError};
use crate::record::{self, RecordType};
use crate::release::EntriesOfError;

/// Why a record or a trace of a corpus is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// The listing of the corpus is damaged or cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A link leads out of the corpus, and the entries of the release that would vouch for what it leads to
    /// cannot be read.
    #[error(transparent)]
    Entries(#[from] EntriesOfError),
    /// A shard cannot be read, or a line of it is too long. Reading goes on behind it.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A line is not a record or a trace. Reading goes on behind it.
    #[error("{file}:{line} cannot be read")]
    Line {
        /// The file, relative to the corpus.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: record::ReadError,
    },
    /// A line is a record of a type that has another folder. Reading goes on behind it.
    #[error("{file}:{line} has the type `{}`, not `{}`", .found.name(), .expected.name())]
    Type {
        /// The file, relative to the corpus.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
        /// The type that the record has.
        found: RecordType,
        /// The type that records in this folder have.
        expected: RecordType,
    },
    /// A link leads to the line from outside the corpus, and the newest release does not have it
    /// ([`Shown`](crate::manifest::Shown)). Reading goes on behind it.
    #[error("{file}:{line} is outside the corpus, and the newest release does not have it")]
    Outside {
        /// The link, relative to the corpus.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
    },
}

/// Why [`Corpus::get`](crate::Corpus::get) does not say which record a name means.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GetError {
    /// The name is not one, it means several records, or a line has no id to compare it with.
    #[error(transparent)]
    Name(#[from] NameError),
    /// No record has the name, but links lead out of the corpus to lines that are not looked at
    /// ([`RecordsError::Outside`]).
    #[error(
        "no record in the corpus has the name `{}`; {lines} lines outside it were not looked at",
        .name.escape_debug()
    )]
    Outside {
        /// The name.
        name: String,
        /// How many lines were not looked at.
        lines: u64,
    },
    /// The corpus or the record cannot be read.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl RecordsError {
    /// The file it is about, relative to the corpus, where it is about one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Open(_) | Self::Entries(_) => None,
            Self::Read(error) => Some(error.file()),
            Self::Line { file, .. } | Self::Type { file, .. } | Self::Outside { file, .. } => {
                Some(file)
            }
        }
    }

    /// The line it is about, from 1, where it is about one.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Open(_) | Self::Entries(_) => None,
            Self::Read(error) => error.line(),
            Self::Line { line, .. } | Self::Type { line, .. } | Self::Outside { line, .. } => {
                Some(*line)
            }
        }
    }
}

impl From<PathError> for RecordsError {
    fn from(error: PathError) -> Self {
        Self::Open(error.into())
    }
}
