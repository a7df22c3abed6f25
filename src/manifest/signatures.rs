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

/// Who signed a release, by the signature files beside its manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signers {
    /// Whose signatures hold, in the order of their files, each once.
    pub keys: Vec<PublicKey>,
    /// The files of signatures that this version cannot check, and why.
    pub unchecked: Vec<(String, String)>,
    /// The files that are no signatures of the release, and why.
    pub wrong: Vec<(String, String)>,
}

impl Signers {
    /// Looks at the signature files of release `number`, whose manifest has these bytes.
    ///
    /// # Errors
    ///
    /// Those of listing the folder of the release.
    pub fn of(corpus: &Corpus, number: u64, manifest: &[u8]) -> io::Result<Self> {
        let mut signers = Self::default();
        for file in signatures(corpus, number, manifest)? {
            match file.holds {
                Ok(key) if signers.keys.contains(&key) => {}
                Ok(key) => signers.keys.push(key),
                Err(error) if error.is_unverifiable() => {
                    signers.unchecked.push((file.name, error.to_string()));
                }
                Err(error) => signers.wrong.push((file.name, error.to_string())),
            }
        }
        Ok(signers)
    }

    /// Looks at the signature files of the newest release. Nobody signed where there is none.
    ///
    /// # Errors
    ///
    /// Those of reading its manifest and of listing its folder.
    pub fn of_newest(corpus: &Corpus) -> io::Result<Self> {
        let Some(number) = corpus.newest() else {
            return Ok(Self::default());
        };
        let path = corpus
            .release_path(number, MANIFEST)
            .map_err(io::Error::other)?;
        Self::of(corpus, number, &read::bytes(&path)?)
    }

    /// Whether somebody signed it, as far as that can be told.
    #[must_use]
    pub const fn is_signed(&self) -> bool {
        !self.keys.is_empty() || !self.unchecked.is_empty()
    }
}

/// The name of the next signature file of release `number`: the first that nothing has.
pub(super) fn next_name(corpus: &Corpus, number: u64) -> Result<String, PathError> {
    let mut further = 1_u32;
    loop {
        let name = match further {
            1 => format!("{MANIFEST}.sig"),
            further => format!("{MANIFEST}.{further}.sig"),
        };
        if corpus
            .release_path(number, &name)?
            .symlink_metadata()
            .is_err()
        {
            return Ok(name);
        }
        further = further.saturating_add(1);
    }
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
