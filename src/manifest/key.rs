//! Ed25519 keys as OpenSSH stores them.
//!
//! Files are read by the caller: everything here works on bytes.
//!
//! Sources: OpenSSH PROTOCOL.key, RFC 8709 (Ed25519 in SSH), RFC 8032 (Ed25519).

use std::fmt;
use std::io;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::wire::{self, Reader};

/// The SSH name of the one algorithm dateline signs with and verifies (RFC 8709 §4).
pub const ALGORITHM: &str = "ssh-ed25519";

const PRIVATE_BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const PRIVATE_END: &str = "-----END OPENSSH PRIVATE KEY-----";
/// The ciphers that private keys are encrypted with, as far as they are supported; `ssh-keygen`
/// takes the second unless told otherwise.
const CIPHERS: [&str; 9] = [
    "none",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
    "aes256-cbc",
    "aes192-cbc",
    "aes128-cbc",
    "aes256-gcm@openssh.com",
    "aes128-gcm@openssh.com",
];

const PRIVATE_MAGIC: &[u8] = b"openssh-key-v1\0";

/// An Ed25519 public key.
///
/// Written and read as in a `.pub` file: the algorithm, the base64 of the key, and (only read) a
/// comment.
///
/// ```
/// use dateline::manifest::key::PublicKey;
///
/// let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
/// let key: PublicKey = line.parse()?;
/// assert_eq!(key.to_string(), line);
/// # Ok::<(), dateline::manifest::key::PublicKeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

/// Why a text is not a public key that dateline can use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// There is no algorithm followed by base64.
    #[error("no key: expected an algorithm and the base64 of a key")]
    Missing,
    /// The key is not base64 with its padding (RFC 4648 §4).
    #[error("the `{algorithm}` key is not base64")]
    Base64 {
        /// The algorithm written before it.
        algorithm: String,
    },
    /// The encoded key names another algorithm than the one written before it, or none.
    #[error("the encoded key is not one of the algorithm `{algorithm}` written before it")]
    Mismatch {
        /// The algorithm written before the key.
        algorithm: String,
    },
    /// The key is encoded as Ed25519 but is not 32 bytes.
    #[error("an `ssh-ed25519` key holds exactly 32 bytes, this one does not")]
    Length,
    /// The key is of another algorithm; dateline can check nothing with it.
    #[error("keys of the algorithm `{0}` are not supported, only `ssh-ed25519`")]
    Algorithm(String),
}

impl PublicKey {
    /// Takes the 32 bytes of RFC 8032 for a key.
    ///
    /// Whether they are a point of the curve is seen when a signature is verified.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of RFC 8032.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key in SSH's encoding: `string "ssh-ed25519"`, `string key` (RFC 8709 §4).
    #[must_use]
    pub fn to_blob(&self) -> Vec<u8> {
        let mut blob = Vec::with_capacity(51);
        wire::put_string(&mut blob, ALGORITHM.as_bytes());
        wire::put_string(&mut blob, &self.0);
        blob
    }

    /// The fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.to_blob());
        format!("SHA256:{}", STANDARD_NO_PAD.encode(digest))
    }

    /// Whether `signature` is this key's Ed25519 signature of `data`.
    ///
    /// Strict: keys and signatures with points of small order, non-canonical points and scalars
    /// are refused, so that no signature holds for two messages or under two keys.
    #[must_use]
    pub fn verifies(&self, data: &[u8], signature: &[u8; 64]) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        ed25519_dalek::VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(data, &signature).is_ok())
    }

    /// Reads SSH's encoding of an Ed25519 key; `None` for anything else or anything more.
    pub(super) fn from_blob(blob: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(blob);
        reader.literal(&[0, 0, 0, 11])?;
        reader.literal(ALGORITHM.as_bytes())?;
        let key = reader.string()?.try_into().ok()?;
        reader.end()?;
        Some(Self(key))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ALGORITHM} {}", STANDARD.encode(self.to_blob()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = PublicKeyError;

    fn from_str(line: &str) -> Result<Self, PublicKeyError> {
        let mut words = line.split_ascii_whitespace();
        let (Some(algorithm), Some(encoded)) = (words.next(), words.next()) else {
            return Err(PublicKeyError::Missing);
        };
        let blob = decode_blob(algorithm, encoded)?;
        Self::from_blob(&blob).ok_or_else(|| PublicKeyError::Algorithm(algorithm.to_owned()))
    }
}

/// The key that `encoded` is the base64 of, in SSH's encoding, if it is of this algorithm.
///
/// Keys of any algorithm are read, known or not: each names its own. Only those of Ed25519 are
/// looked into.
pub(super) fn decode_blob(algorithm: &str, encoded: &str) -> Result<Vec<u8>, PublicKeyError> {
    let algorithm_owned = || algorithm.to_owned();
    let blob = STANDARD
        .decode(encoded)
        .map_err(|_| PublicKeyError::Base64 {
            algorithm: algorithm_owned(),
        })?;
    if Reader::new(&blob).name() != Some(algorithm) {
        return Err(PublicKeyError::Mismatch {
            algorithm: algorithm_owned(),
        });
    }
    if algorithm == ALGORITHM && PublicKey::from_blob(&blob).is_none() {
        return Err(PublicKeyError::Length);
    }
    Ok(blob)
}

/// An Ed25519 private key. Its memory is overwritten when it is dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

/// Why a private key cannot be used. No message shows a byte of the key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file holds a public key.
    #[error("this is a public key; the private key is in the file without `.pub`")]
    Public,
    /// The file is a private key in another container.
    #[error(
        "this is a private key in the PEM form `{0}`, not in OpenSSH's; `ssh-keygen -p` rewrites it"
    )]
    Container(String),
    /// The file is no private key at all.
    #[error("this is not an OpenSSH private key: it does not begin with `{PRIVATE_BEGIN}`")]
    NotAKey,
    /// The file begins as a private key and is not one: cut, altered, or of another version.
    #[error("the OpenSSH private key is damaged")]
    Damaged,
    /// The key is of another algorithm.
    #[error("keys of the algorithm `{0}` are not supported, only `ssh-ed25519`")]
    Algorithm(String),
    /// The key is encrypted in a way that dateline cannot undo.
    #[error("the private key is encrypted with `{0}`, which is not supported")]
    Cipher(String),
    /// The key is encrypted and no passphrase was given.
    #[error("the private key is encrypted: it needs its passphrase")]
    NeedsPassphrase,
    /// The passphrase could not be read.
    #[error("the passphrase could not be read: {0}")]
    Passphrase(io::Error),
    /// The passphrase does not open the key.
    #[error("the passphrase does not open the private key")]
    WrongPassphrase,
}

impl SigningKey {
    /// Reads an OpenSSH private key file, encrypted or not.
    ///
    /// `passphrase` is asked once, and only where the key is encrypted; it answers `None` where
    /// nobody can be asked. Deriving the key takes as long as the file demands (`ssh-keygen -a`).
    ///
    /// # Errors
    ///
    /// [`KeyError`], by cause.
    pub fn from_openssh<P>(file: &[u8], passphrase: P) -> Result<Self, KeyError>
    where
        P: FnOnce() -> io::Result<Option<Zeroizing<String>>>,
    {
        let bytes = decode_container(file)?;
        let header = Header::read(&bytes).ok_or(KeyError::Damaged)?;
        if header.algorithm != ALGORITHM {
            return Err(KeyError::Algorithm(header.algorithm.to_owned()));
        }
        if !CIPHERS.contains(&header.cipher) {
            return Err(KeyError::Cipher(header.cipher.to_owned()));
        }
        let private = ssh_key::PrivateKey::from_bytes(&bytes).map_err(|_| KeyError::Damaged)?;
        if !private.is_encrypted() {
            return Self::from_ssh_key(&private);
        }
        let passphrase = passphrase()
            .map_err(KeyError::Passphrase)?
            .ok_or(KeyError::NeedsPassphrase)?;
        let private = private.decrypt(passphrase.as_bytes()).map_err(|error| {
            if error == ssh_key::Error::Crypto {
                KeyError::WrongPassphrase
            } else {
                KeyError::Damaged
            }
        })?;
        Self::from_ssh_key(&private)
    }

    /// The key of a 32-byte secret (RFC 8032 §5.1.5), for secrets that are kept elsewhere.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The Ed25519 signature of `data`. It is the same each time (RFC 8032 §5.1.6).
    #[must_use]
    pub fn sign(&self, data: &[u8]) -> [u8; 64] {
        self.0.sign(data).to_bytes()
    }

    fn from_ssh_key(private: &ssh_key::PrivateKey) -> Result<Self, KeyError> {
        let pair = private.key_data().ed25519().ok_or(KeyError::Damaged)?;
        let key = Self::from_seed(pair.private.as_ref());
        // A public half that is not the secret's would be signed into what it does not verify.
        if key.public().as_bytes() == pair.public.as_ref() {
            Ok(key)
        } else {
            Err(KeyError::Damaged)
        }
    }
}

impl fmt::Debug for SigningKey {
    /// Shows the public key only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public()).finish()
    }
}

/// What a private key file says in the clear.
struct Header<'b> {
    cipher: &'b str,
    algorithm: &'b str,
}

impl<'b> Header<'b> {
    fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        reader.literal(PRIVATE_MAGIC)?;
        let cipher = reader.name()?;
        let _key_derivation = reader.name()?;
        let _key_derivation_options = reader.string()?;
        let _number_of_keys = reader.uint32()?;
        let algorithm = Reader::new(reader.string()?).name()?;
        Some(Self { cipher, algorithm })
    }
}

/// The bytes inside the PEM-like container; line ends may be LF or CRLF, as for OpenSSH.
fn decode_container(file: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let text = std::str::from_utf8(file).map_err(|_| KeyError::NotAKey)?;
    let Some(body) = text.strip_prefix(PRIVATE_BEGIN) else {
        return Err(classify(text));
    };
    let (body, _) = body.split_once(PRIVATE_END).ok_or(KeyError::Damaged)?;
    let mut encoded = Zeroizing::new(Vec::with_capacity(body.len()));
    encoded.extend(body.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')));
    let mut bytes = Zeroizing::new(vec![0; encoded.len()]);
    let length = STANDARD
        .decode_slice(&*encoded, &mut bytes)
        .map_err(|_| KeyError::Damaged)?;
    bytes.truncate(length);
    Ok(bytes)
}

/// What a file that is no OpenSSH private key is instead.
fn classify(text: &str) -> KeyError {
    if let Some(label) = text.strip_prefix("-----BEGIN ")
        && let Some((label, _)) = label.split_once("-----")
        && label.ends_with("PRIVATE KEY")
        && label.len() <= 40
    {
        return KeyError::Container(label.to_owned());
    }
    match text.parse::<PublicKey>() {
        Ok(_) | Err(PublicKeyError::Algorithm(_)) => KeyError::Public,
        Err(_) => KeyError::NotAKey,
    }
}

#[cfg(test)]
mod tests;
