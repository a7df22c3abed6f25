//! The corpora that are timed: one set of records, plain and compressed.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use dateline::corpus::{Container, Corpus, Part, Source, WriteOptions, Writer};

use super::generator::{Generator, SEED, withdrawals};
use super::sealed;

/// How many withdrawals a corpus has.
const WITHDRAWN: u64 = 20;

/// Writes a sealed corpus of at least `bytes` bytes of articles at `path`, and the same before it was sealed.
pub(crate) fn write(path: &Path, bytes: u64, compress: Container) -> Result<(), Box<dyn Error>> {
    let working = unsealed(path);
    let mut writer = Writer::open(
        &working,
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
    linked(&working, path)?;
    sealed::seal(path)
}

/// Where the corpus at `path` lies as it was before it was sealed.
pub(crate) fn unsealed(path: &Path) -> PathBuf {
    // Containers are endings of the name, too.
    let mut name = path.as_os_str().to_owned();
    name.push(".unsealed");
    name.into()
}

/// Makes a corpus at `to` of the files of the one at `from`.
///
/// They are linked, not copied: a writer replaces files and changes none.
pub(crate) fn linked(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            linked(&entry.path(), &to)?;
        } else {
            fs::hard_link(entry.path(), to)?;
        }
    }
    Ok(())
}

/// The shards of articles of the corpus at `path`.
pub(crate) fn shards(path: &Path) -> Result<Vec<Source>, Box<dyn Error>> {
    Ok(Corpus::open(path)?.working()?.sources(Part::Records)?)
}

/// The folder of a corpus, by its container's name.
pub(crate) fn folder(root: &Path, compress: Container) -> PathBuf {
    root.join(format!("corpus{}", compress.ending()))
}
