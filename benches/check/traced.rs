//! The corpus that is converted from a dump: its records have traces.

use std::error::Error;
use std::path::Path;

use dateline::corpus::WriteOptions;

use super::{corpora, dumps, sealed, steps};

/// Converts a generated dump of at least `bytes` bytes into a sealed corpus at `path`, and the same before it
/// was sealed.
pub(crate) fn write(path: &Path, bytes: u64) -> Result<(), Box<dyn Error>> {
    let dump = tempfile::tempdir()?;
    let articles = dump.path().join("articles.jsonl");
    dumps::lines(&articles, bytes)?;
    let working = corpora::unsealed(path);
    steps::convert(&working, &steps::files(&articles)?)?;
    dateline::link(&working, WriteOptions::default())?;
    corpora::linked(&working, path)?;
    sealed::seal(path)
}
