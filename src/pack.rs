//! Merging shards.

use std::path::Path;

use crate::convert::{ConvertError, id_of};
use crate::corpus::{Commit, Corpus, FileName, Part, WriteOptions, Writer};

/// What [`pack`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// How many shards of records, traces, relations and withdrawals the working state had.
    pub before: u64,
    /// How many it has.
    pub after: u64,
    /// Whether any was written.
    pub changed: bool,
}

/// Writes the shards of the corpus at `path` anew, as few as `options` allow, in order of ids. No record
/// changes, and the newest release stays what it is: its unsigned listing names the new shards.
///
/// # Errors
///
/// [`ConvertError`]; then the corpus is as it was.
pub fn pack(path: &Path, options: WriteOptions) -> Result<Packed, ConvertError> {
    Corpus::open(path)?;
    let mut writer = Writer::open(path, options)?;
    let count = |state: &crate::corpus::State| {
        let shards = state.files().iter();
        let shards = shards.filter(
            |file| matches!(&file.name, FileName::Shard(shard) if shard.part() != Part::Inputs),
        );
        u64::try_from(shards.count()).unwrap_or(u64::MAX)
    };
    let before = count(writer.before());
    for part in [
        Part::Records,
        Part::Traces,
        Part::Relations,
        Part::Withdrawals,
    ] {
        let mut shards = writer.part(part);
        for line in writer.before().sorted(part)? {
            let line = line?;
            shards.push(&id_of(&line)?, &line.bytes)?;
        }
        writer.set(shards.finish()?);
    }
    let changed = writer.commit_packed()? == Commit::Changed;
    let after = count(&Corpus::open(path)?.working()?);
    Ok(Packed {
        before,
        after,
        changed,
    })
}
