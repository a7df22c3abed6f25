//! The signature files of a release, and which of them hold over its manifest.

use std::fs;
use std::io;

use super::key::PublicKey;
use super::read;
use super::sshsig::{self, NAMESPACE, Signature, SignatureError};
use crate::corpus::{Corpus, MANIFEST, PathError};

/// A signature file of a release.
#[derive(Debug)]
pub struct SignatureFile {
    /// Its name in the folder of the release.
    pub name: String,
    /// Whose signature over the manifest it is; or why it is none.
    pub holds: Result<PublicKey, SignatureFileError>,
}

/// Why a file is no signature over a manifest.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureFileError {
    /// It leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It cannot be read, or is no file.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What it holds is no signature over the manifest, or none that can be checked.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl SignatureFileError {
    /// Whether it could not be checked, as against being wrong.
    #[must_use]
    pub const fn is_unverifiable(&self) -> bool {
        match self {
            Self::Path(_) | Self::Io(_) => false,
            Self::Signature(error) => error.is_unverifiable(),
        }
    }
}

/// The signature files of release `number`, the first signer's first, each held to the bytes of its
/// manifest. Whether somebody should be trusted to sign is for [`verify`](super::verify()) to say.
///
/// # Errors
///
/// Those of listing the folder of the release.
pub fn signatures(corpus: &Corpus, number: u64, manifest: &[u8]) -> io::Result<Vec<SignatureFile>> {
    let judge = |name: &str| {
        let path = corpus.release_path(number, name)?;
        let file = read::small_file(&path, sshsig::MAX_LENGTH)?;
        Ok(signer(&file, manifest)?)
    };
    let names = names(corpus, number)?;
    let judged = names.into_iter().map(|name| SignatureFile {
        holds: judge(&name),
        name,
    });
    Ok(judged.collect())
}

/// The key whose signature over `manifest` the file is.
pub(super) fn signer(file: &[u8], manifest: &[u8]) -> Result<PublicKey, SignatureError> {
    Signature::parse(file)?.verify(manifest, NAMESPACE)
}

/// The names of the signature files of a release: `manifest.json.sig`, `manifest.json.2.sig`, …
pub(super) fn names(corpus: &Corpus, number: u64) -> io::Result<Vec<String>> {
    let first = format!("{MANIFEST}.sig");
    let Ok(manifest) = corpus.release_path(number, MANIFEST) else {
        // That it leads out of the corpus is said of the manifest.
        return Ok(Vec::new());
    };
    let Some(folder) = manifest.parent() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        let further = name
            .strip_prefix(MANIFEST)
            .and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".sig"))
            .and_then(|digits| {
                digits
                    .parse::<u32>()
                    .ok()
                    .filter(|n| n.to_string() == digits)
            })
            .filter(|&further| further > 1);
        if name == first {
            found.push((1, name.to_owned()));
        } else if let Some(further) = further {
            found.push((further, name.to_owned()));
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, name)| name).collect())
}
