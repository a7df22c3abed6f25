//! Signing keys and their passphrases.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use dateline::diagnostic::escape::escape;
use dateline::manifest::key::{KeyError, SigningKey};
use zeroize::Zeroizing;

use crate::args::Release;
use crate::failure::Failure;
use crate::file;

/// The longest passphrase that is read from a descriptor, in bytes.
const LONGEST: u64 = 4096;

/// Reads the key that a release is to be signed with, if one is named.
pub(crate) fn signing_key(release: &Release) -> Result<Option<SigningKey>, Failure> {
    let Some(path) = &release.key else {
        return Ok(None);
    };
    let file = Zeroizing::new(file::read(path).map_err(|error| {
        Failure::new(format!("cannot read the key `{}`: {error}", path.display()))
    })?);
    let key = SigningKey::from_openssh(&file, || passphrase(path, release.passphrase_fd));
    key.map(Some).map_err(|error| {
        let failure = Failure::new(format!("cannot use the key `{}`: {error}", path.display()));
        if matches!(error, KeyError::NeedsPassphrase) {
            failure.hint("give the passphrase with --passphrase-fd, or run on a terminal")
        } else if matches!(error, KeyError::Algorithm(_)) {
            failure.hint("make an Ed25519 key with `ssh-keygen -t ed25519`")
        } else {
            failure
        }
    })
}

fn passphrase(key: &Path, descriptor: Option<u32>) -> io::Result<Option<Zeroizing<String>>> {
    if let Some(descriptor) = descriptor {
        return from_descriptor(descriptor).map(Some);
    }
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    let prompt = format!("passphrase of {}: ", escape(&key.display().to_string()));
    Ok(Some(Zeroizing::new(rpassword::prompt_password(prompt)?)))
}

/// Reads the first line of an open descriptor, by its path, as no descriptor is opened by number
/// without `unsafe`.
fn from_descriptor(descriptor: u32) -> io::Result<Zeroizing<String>> {
    let file = fs::File::open(format!("/dev/fd/{descriptor}"))?;
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST).read_to_string(&mut text)?;
    Ok(Zeroizing::new(
        text.lines().next().unwrap_or_default().to_owned(),
    ))
}
