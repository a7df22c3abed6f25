//! The files that a ledger lists, for the traces that name them.

use std::collections::HashMap;

use crate::digest::Digest;
use crate::dump::FileLine;
use crate::trace::Location;

/// The files of a ledger, in a few bytes each, whatever their paths.
#[derive(Debug, Default)]
pub struct LedgerFiles {
    /// By the beginning of the digest of their paths.
    files: HashMap<u128, File>,
}

#[derive(Debug, Clone, Copy)]
struct File {
    bytes: u64,
    digest: Digest,
    has_records: bool,
}

/// How a location of a trace disagrees with the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misplaced {
    /// The ledger does not list the file.
    #[error("the trace names `{}`, which the ledger does not list", .0.escape_debug())]
    Unlisted(String),
    /// The location ends behind the file.
    #[error("the trace names bytes up to {end} of `{}`, which has {bytes} bytes in the ledger", .path.escape_debug())]
    Beyond {
        /// The file.
        path: String,
        /// The byte behind the location.
        end: u64,
        /// How many bytes the file has.
        bytes: u64,
    },
    /// The ledger says that no item of the file is in a record.
    #[error("the trace names `{}`, of which no item is in a record by the ledger", .0.escape_debug())]
    NoRecords(String),
}

impl LedgerFiles {
    /// Takes the line of a file.
    pub fn add(&mut self, line: &FileLine) {
        let file = File {
            bytes: line.bytes,
            digest: line.digest,
            has_records: line.records > 0,
        };
        self.files.insert(key(&line.path), file);
    }

    /// How many bytes the file at `path` has by the ledger, and their digest.
    #[must_use]
    pub fn of(&self, path: &str) -> Option<(u64, Digest)> {
        let file = self.files.get(&key(path))?;
        Some((file.bytes, file.digest))
    }

    /// Whether a location lies in a file of the ledger that has records, within its size.
    ///
    /// # Errors
    ///
    /// [`Misplaced`], where it does not.
    pub fn holds(&self, location: &Location) -> Result<(), Misplaced> {
        let path = || location.path.clone();
        let Some(file) = self.files.get(&key(&location.path)) else {
            return Err(Misplaced::Unlisted(path()));
        };
        let end = location.offset.saturating_add(location.length);
        if end > file.bytes {
            Err(Misplaced::Beyond {
                path: path(),
                end,
                bytes: file.bytes,
            })
        } else if file.has_records {
            Ok(())
        } else {
            Err(Misplaced::NoRecords(path()))
        }
    }
}

fn key(path: &str) -> u128 {
    let digest = Digest::of(path.as_bytes());
    let begin = digest.as_bytes().first_chunk().copied();
    u128::from_le_bytes(begin.unwrap_or_default())
}
