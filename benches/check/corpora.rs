//! The corpora that are timed: one set of records, plain and compressed.

use std::error::Error;
use std::path::{Path, PathBuf};

use dateline::corpus::{Container, Corpus, Part, Source, WriteOptions, Writer};

use super::generator::{Generator, SEED, withdrawals};
use super::sealed;

/// How many withdrawals a corpus has.
const WITHDRAWN: u64 = 20;

/// Writes a sealed corpus of at least `bytes` bytes of articles at `path`.
pub(crate) fn write(path: &Path, bytes: u64, compress: Container) -> Result<(), Box<dyn Error>> {
    let mut writer = Writer::open(
        path,
        WriteOptions {
            compress,
            ..WriteOptions::default()
        },
    )?;
    let mut records = writer.part(Part::Records);
    let mut related = Vec::new();
    let mut generator = Generator::new(SEED);
    let mut written = 0;
    while written < bytes {
        let made = generator.next()?;
        records.push(&made.id, &made.line)?;
        written += u64::try_from(made.line.len())? + 1;
        related.extend(made.relation);
    }
    writer.set(records.finish()?);
    related.sort();
    for (part, lines) in [
        (Part::Relations, related),
        (Part::Withdrawals, withdrawals(WITHDRAWN)?),
    ] {
        let mut files = writer.part(part);
        for (id, line) in lines {
            files.push(&id, &line)?;
        }
        writer.set(files.finish()?);
    }
    writer.commit()?;
    sealed::seal(path)
}

/// The shards of articles of the corpus at `path`.
pub(crate) fn shards(path: &Path) -> Result<Vec<Source>, Box<dyn Error>> {
    Ok(Corpus::open(path)?.working()?.sources(Part::Records)?)
}

/// The folder of a corpus, by its container's name.
pub(crate) fn folder(root: &Path, compress: Container) -> PathBuf {
    root.join(format!("corpus{}", compress.ending()))
}
