//! Reads the manifest of a release.

use dateline::corpus::{Corpus, MANIFEST};
use dateline::digest::Digest;
use dateline::manifest::Manifest;

use crate::failure::Failure;
use crate::{damage, file};

/// The manifest of release `number`, and the digest of its bytes.
pub(crate) fn manifest(corpus: &Corpus, number: u64) -> Result<(Manifest, Digest), Failure> {
    let path = corpus.release_path(number, MANIFEST)?;
    let shown = path.display().to_string();
    let bytes = file::found(&path).map_err(|error| {
        Failure::new(format!(
            "cannot read the manifest of release {number}, `{shown}`: {error}"
        ))
        .hint("to list the releases, run `dateline log`")
    })?;
    let manifest = Manifest::of(corpus, number, &bytes).map_err(|error| {
        Failure::new(format!("{shown}: {error}")).hint(damage::help(corpus.root()))
    })?;
    Ok((manifest, Digest::of(&bytes)))
}
