//! Manifests read from their files, in bounded memory, whatever lies there.

use std::io::{self, Read as _};
use std::path::Path;

use super::statement::{MAX_LENGTH, Manifest, ManifestError};
use crate::corpus::{Corpus, MANIFEST, release_file};
use crate::open;

/// Why a file gives no manifest. The message does not name the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadManifestError {
    /// It cannot be read, or is no file.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What it holds is no manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl Manifest {
    /// Reads the manifest in the file at `path`. It takes no more memory than the longest manifest, and
    /// waits for no pipe.
    ///
    /// # Errors
    ///
    /// [`ReadManifestError`].
    pub fn read(path: &Path) -> Result<Self, ReadManifestError> {
        Ok(Self::parse(&bytes(path)?)?)
    }

    /// Reads the `bytes` of the manifest of release `number`. Where a link leads to them from outside the
    /// corpus, an error shows nothing of them (`corpus-link-unshown`).
    ///
    /// # Errors
    ///
    /// [`ManifestError`], as [`Manifest::parse`].
    pub fn of(corpus: &Corpus, number: u64, bytes: &[u8]) -> Result<Self, ManifestError> {
        Self::parse(bytes).map_err(|error| {
            let root = corpus.root();
            let path = root.join(release_file(number, MANIFEST));
            if open::is_outside(root, &path) {
                ManifestError::Unshown
            } else {
                error
            }
        })
    }
}

/// The bytes of the file of a manifest, or as many as show that it is none.
pub(crate) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    small_file(path, MAX_LENGTH)
}

/// The bytes of a file that is to have no more than `longest`, or as many as show that it has more.
pub(super) fn small_file(path: &Path, longest: usize) -> io::Result<Vec<u8>> {
    let most = u64::try_from(longest).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let mut file = open::file(path)?.take(most.saturating_add(1));
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{MAX_LENGTH, Manifest, ManifestError, ReadManifestError, bytes};

    #[test]
    fn what_is_no_manifest_is_read_no_further_than_that_shows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.json");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(1 << 40).unwrap();
        assert_eq!(bytes(&path).unwrap().len(), MAX_LENGTH + 1);
        assert!(matches!(
            Manifest::read(&path),
            Err(ReadManifestError::Manifest(ManifestError::TooLong(_)))
        ));
        assert!(matches!(
            Manifest::read(folder.path()),
            Err(ReadManifestError::Io(_))
        ));
    }
}
