//! The time and the key of a release, read before any work begins; signing keys and their passphrases.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use dateline::diagnostic::escape::escape;
use dateline::look::word;
use dateline::manifest::Created;
use dateline::manifest::key::{KeyError, SigningKey};
use dateline::manifest::signers::AllowedSigners;
use zeroize::Zeroizing;

use crate::args::Release;
use crate::clock;
use crate::failure::Failure;
use crate::file;

/// The marker in every private key file.
const PRIVATE: &[u8] = b"PRIVATE KEY-----";

/// The mode of a file of this user if others can access it, by the same rule as `ssh`.
#[cfg(unix)]
fn open_to_others(file: &fs::File) -> io::Result<Option<u32>> {
    use std::os::unix::fs::MetadataExt as _;

    let found = file.metadata()?;
    let own = found.uid() == rustix::process::getuid().as_raw();
    let mode = found.mode() & 0o7777;
    Ok((own && mode & 0o077 != 0).then_some(mode))
}

/// Systems other than Unix have no modes.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as where there are modes")]
fn open_to_others(_file: &fs::File) -> io::Result<Option<u32>> {
    Ok(None)
}

/// The longest passphrase read from a descriptor, in bytes.
const LONGEST: u64 = 4096;

/// How a release is dated and signed.
pub(crate) struct Signing {
    /// The time of the release.
    pub(crate) created: Created,
    /// The key to sign with.
    pub(crate) key: Option<SigningKey>,
    /// The key file, as named on the command line.
    pub(crate) path: Option<PathBuf>,
    /// Whether the release may be unsigned although the previous one is signed.
    pub(crate) unsigned: bool,
}

impl Signing {
    /// Reads all of it, before anything is written.
    pub(crate) fn read(release: &Release) -> Result<Self, Failure> {
        Ok(Self {
            created: clock::created(release.created.as_deref())?,
            key: signing_key(release)?,
            path: release.key.clone(),
            unsigned: release.unsigned,
        })
    }
}

/// Reads the `allowed_signers` file named on the command line.
pub(crate) fn signers(path: &Path) -> Result<AllowedSigners, Failure> {
    let shown = path.display();
    let text = file::read(path).map_err(|error| {
        Failure::new(format!("cannot read the signers file `{shown}`: {error}"))
    })?;
    AllowedSigners::parse(&text).map_err(|error| {
        Failure::new(format!("{shown}, {error}")).hint(
            "write a name and a public key on each line, as in `you@example.org ssh-ed25519 AAAA…`; see \
             ALLOWED SIGNERS in ssh-keygen(1)",
        )
    })
}

/// Reads the key to sign the release with, if there is one.
fn signing_key(release: &Release) -> Result<Option<SigningKey>, Failure> {
    let Some(path) = &release.key else {
        return Ok(None);
    };
    let opened = fs::File::open(path).and_then(|file| {
        let mode = open_to_others(&file)?;
        Ok((file::read_open(file)?, mode))
    });
    let (file, mode) = opened.map_err(|error| {
        Failure::new(format!("cannot read the key `{}`: {error}", path.display()))
    })?;
    let file = Zeroizing::new(file);
    // Anyone may read a public key; it is refused below for what it is.
    let private = file.windows(PRIVATE.len()).any(|part| part == PRIVATE);
    if let Some(mode) = mode.filter(|_| private) {
        let message = format!(
            "refusing the key `{}`, because other users can access it (mode {mode:04o})",
            path.display()
        );
        let command = format!("run `chmod 600 {}`", word(&path.display().to_string()));
        return Err(Failure::new(message).hint(command));
    }
    let key = SigningKey::from_openssh(&file, || passphrase(path, release.passphrase_fd));
    key.map(Some).map_err(|error| {
        let failure = Failure::new(format!("cannot use the key `{}`: {error}", path.display()));
        if matches!(error, KeyError::NeedsPassphrase) {
            failure.hint("pass the passphrase with --passphrase-fd, or run in a terminal")
        } else if matches!(error, KeyError::Algorithm(_)) {
            failure.hint("create an Ed25519 key with `ssh-keygen -t ed25519`")
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
    let prompt = format!("Passphrase for {}: ", escape(&key.display().to_string()));
    Ok(Some(Zeroizing::new(rpassword::prompt_password(prompt)?)))
}

/// Reads the first line of an open descriptor. Opens it by its path, because opening a descriptor by
/// number needs `unsafe`.
fn from_descriptor(descriptor: u32) -> io::Result<Zeroizing<String>> {
    let file = fs::File::open(format!("/dev/fd/{descriptor}")).map_err(|error| {
        let said = if error.kind() == io::ErrorKind::NotFound {
            format!("descriptor {descriptor} is not open")
        } else {
            format!("descriptor {descriptor}: {error}")
        };
        io::Error::new(error.kind(), said)
    })?;
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST).read_to_string(&mut text)?;
    Ok(Zeroizing::new(
        text.lines().next().unwrap_or_default().to_owned(),
    ))
}
