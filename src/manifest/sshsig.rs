//! Signatures in the form of `ssh-keygen -Y sign`: SSHSIG, armoured.
//!
//! The file is exactly
//!
//! ```text
//! -----BEGIN SSH SIGNATURE-----
//! base64 of the signature, 70 characters a line
//! -----END SSH SIGNATURE-----
//! ```
//!
//! with U+000A after every line. The signature is, in SSH's encoding (RFC 4251 §5),
//!
//! ```text
//! byte[6]  "SSHSIG"
//! uint32   1
//! string   public key:  string "ssh-ed25519", string key
//! string   namespace
//! string   reserved, empty
//! string   hash algorithm: "sha512"
//! string   signature:   string "ssh-ed25519", string signature of what is signed
//! ```
//!
//! and what is signed is
//!
//! ```text
//! byte[6]  "SSHSIG"
//! string   namespace
//! string   reserved, empty
//! string   hash algorithm
//! string   hash of the message
//! ```
//!
//! Source: OpenSSH PROTOCOL.sshsig.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha512};

use super::key::{ALGORITHM, PublicKey, SigningKey};
use super::wire::{self, Reader};
use crate::transit::Cause;

/// The namespace of the signatures under a manifest. It keeps them apart from those of the same
/// key under a commit, a mail or a file.
pub const NAMESPACE: &str = "dateline-manifest";

/// The version of SSHSIG that is written and read.
pub const VERSION: u32 = 1;

/// The longest signature file that is read, in bytes. Those of Ed25519 have about 320, those of
/// the largest algorithms known about 10,000.
pub const MAX_LENGTH: usize = 65_536;

const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
const LINE: usize = 70;

/// Signs `message` under [`NAMESPACE`] and gives the signature file, byte for byte as
/// `ssh-keygen -Y sign -n dateline-manifest` writes it.
///
/// ```
/// use dateline::manifest::key::SigningKey;
/// use dateline::manifest::sshsig::{self, NAMESPACE, Signature};
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let file = sshsig::sign(&key, b"manifest");
/// let signature = Signature::parse(file.as_bytes())?;
/// assert_eq!(signature.verify(b"manifest", NAMESPACE)?, key.public());
/// # Ok::<(), sshsig::SignatureError>(())
/// ```
#[must_use]
pub fn sign(key: &SigningKey, message: &[u8]) -> String {
    sign_in(NAMESPACE, key, message)
}

/// Signs under any namespace. Requires a namespace that is not empty.
fn sign_in(namespace: &str, key: &SigningKey, message: &[u8]) -> String {
    let signature = key.sign(&signed_data(namespace, Hash::Sha512, message));
    let mut signed = Vec::new();
    wire::put_string(&mut signed, ALGORITHM.as_bytes());
    wire::put_string(&mut signed, &signature);
    Signature {
        key: key.public().to_blob(),
        key_algorithm: ALGORITHM.to_owned(),
        namespace: namespace.to_owned(),
        hash: Hash::Sha512.name().to_owned(),
        signed,
    }
    .armour()
}

/// A signature file that was read, of any algorithm.
///
/// To hold one says nothing: [`Signature::verify`] does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The public key in SSH's encoding.
    key: Vec<u8>,
    key_algorithm: String,
    namespace: String,
    hash: String,
    /// The signature in SSH's encoding, with its own algorithm.
    signed: Vec<u8>,
}

/// Why a signature file cannot be read, or does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// The file is longer than any signature.
    #[error("a signature file has at most {MAX_LENGTH} bytes, this one has {0}")]
    TooLong(usize),
    /// The file is not the one that was written: something became of it on the way.
    #[error("{cause}: {}", .cause.remedy())]
    Carried {
        /// What.
        cause: Cause,
    },
    /// The file is not an armoured SSH signature.
    #[error("not an SSH signature: {0}")]
    Armour(&'static str),
    /// The file is not the one spelling of the signature in it.
    #[error(
        "the signature is not spelt as `ssh-keygen` writes it (lines of 70 characters, each ended by one LF)"
    )]
    Spelling,
    /// What is armoured is not an SSH signature.
    #[error("the signature is malformed: {0}")]
    Malformed(&'static str),
    /// The signature is of another version of SSHSIG.
    #[error("the signature is of SSHSIG version {0}; only version 1 is supported")]
    Version(u32),
    /// The signature carries reserved data, whose meaning is not known.
    #[error("the signature carries reserved data, whose meaning is not known")]
    Reserved,
    /// The signature was made for another purpose.
    #[error("the signature is for the namespace `{found}`, not `{expected}`")]
    Namespace {
        /// The namespace signed.
        found: String,
        /// The namespace asked for.
        expected: String,
    },
    /// The message was hashed in a way that SSHSIG does not know.
    #[error("the hash algorithm `{0}` is not supported, only `sha512` and `sha256`")]
    Hash(String),
    /// The key is of an algorithm that dateline cannot verify.
    #[error("signatures by keys of the algorithm `{0}` are not supported, only `ssh-ed25519`")]
    Algorithm(String),
    /// The signature is not this key's signature of this message.
    #[error("the signature does not verify: it is not one of this message by the key it names")]
    Wrong,
}

impl SignatureError {
    /// What became of it on the way, where that is what is wrong.
    #[must_use]
    pub const fn cause(&self) -> Option<&Cause> {
        if let Self::Carried { cause } = self {
            Some(cause)
        } else {
            None
        }
    }

    /// Whether the signature could not be checked, as against being wrong.
    ///
    /// An unknown algorithm is no forgery; whoever verifies must not count it as one, nor as a
    /// signature.
    #[must_use]
    pub const fn is_unverifiable(&self) -> bool {
        match self {
            // The signature itself is not here.
            Self::Carried {
                cause: Cause::Pointer(_),
            }
            | Self::Version(_)
            | Self::Reserved
            | Self::Hash(_)
            | Self::Algorithm(_) => true,
            Self::Carried {
                cause: Cause::LineEnds(_),
            }
            | Self::TooLong(_)
            | Self::Armour(_)
            | Self::Spelling
            | Self::Malformed(_)
            | Self::Namespace { .. }
            | Self::Wrong => false,
        }
    }
}

impl Signature {
    /// Reads a signature file.
    ///
    /// There is one spelling of a signature: bytes that differ from the file that
    /// `ssh-keygen -Y sign` writes for it are refused, so that no change hides in padding, line
    /// ends or lengths.
    ///
    /// # Errors
    ///
    /// [`SignatureError`], by cause; of versions other than 1 too.
    pub fn parse(file: &[u8]) -> Result<Self, SignatureError> {
        if file.len() > MAX_LENGTH {
            return Err(SignatureError::TooLong(file.len()));
        }
        Self::read_bytes(file).map_err(|error| {
            let cause = Cause::of(file, |file| Self::read_bytes(file).is_ok());
            cause.map_or(error, |cause| SignatureError::Carried { cause })
        })
    }

    fn read_bytes(file: &[u8]) -> Result<Self, SignatureError> {
        let text = std::str::from_utf8(file)
            .map_err(|_| SignatureError::Armour("it is not ASCII text"))?;
        let body = text
            .strip_prefix(BEGIN)
            .ok_or(SignatureError::Armour(
                "it does not begin with the line `-----BEGIN SSH SIGNATURE-----` and LF",
            ))?
            .strip_suffix(END)
            .ok_or(SignatureError::Armour(
                "it does not end with the line `-----END SSH SIGNATURE-----` and LF",
            ))?;
        let encoded: String = body.split('\n').collect();
        let blob = STANDARD
            .decode(encoded)
            .map_err(|_| SignatureError::Armour("what it encloses is not base64"))?;
        let signature = Self::from_blob(&blob)?;
        if signature.armour() == text {
            Ok(signature)
        } else {
            Err(SignatureError::Spelling)
        }
    }

    /// Verifies that this is a signature of `message` under `namespace` and gives the key that
    /// made it.
    ///
    /// Whether that key may sign is for [`AllowedSigners`](super::signers::AllowedSigners) to say.
    ///
    /// # Errors
    ///
    /// [`SignatureError`]; [`is_unverifiable`](SignatureError::is_unverifiable) tells what could
    /// not be checked from what is wrong.
    pub fn verify(&self, message: &[u8], namespace: &str) -> Result<PublicKey, SignatureError> {
        if self.namespace != namespace {
            return Err(SignatureError::Namespace {
                found: self.namespace.clone(),
                expected: namespace.to_owned(),
            });
        }
        let hash =
            Hash::from_name(&self.hash).ok_or_else(|| SignatureError::Hash(self.hash.clone()))?;
        if self.key_algorithm != ALGORITHM {
            return Err(SignatureError::Algorithm(self.key_algorithm.clone()));
        }
        let key = PublicKey::from_blob(&self.key).ok_or(SignatureError::Wrong)?;
        let signature = ed25519_signature(&self.signed).ok_or(SignatureError::Wrong)?;
        if key.verifies(&signed_data(namespace, hash, message), signature) {
            Ok(key)
        } else {
            Err(SignatureError::Wrong)
        }
    }

    /// The algorithm of the key that the signature names, such as `ssh-ed25519`.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        &self.key_algorithm
    }

    /// The namespace that the signature names.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    fn from_blob(blob: &[u8]) -> Result<Self, SignatureError> {
        use SignatureError::Malformed;

        let mut reader = Reader::new(blob);
        reader
            .literal(MAGIC)
            .ok_or(Malformed("it does not begin with `SSHSIG`"))?;
        let version = reader.uint32().ok_or(Malformed("it is cut short"))?;
        if version != VERSION {
            return Err(SignatureError::Version(version));
        }
        let key = reader.string().ok_or(Malformed("its key is cut short"))?;
        let key_algorithm = Reader::new(key)
            .name()
            .ok_or(Malformed("its key names no algorithm"))?;
        let namespace = reader
            .string()
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .filter(|namespace| !namespace.is_empty())
            .ok_or(Malformed("its namespace is empty, cut short or not UTF-8"))?;
        let reserved = reader
            .string()
            .ok_or(Malformed("its reserved data is cut short"))?;
        let hash = reader
            .name()
            .ok_or(Malformed("it names no hash algorithm"))?;
        let signed = reader
            .string()
            .ok_or(Malformed("its signature is cut short"))?;
        reader.end().ok_or(Malformed("bytes follow its end"))?;
        if !reserved.is_empty() {
            return Err(SignatureError::Reserved);
        }
        Ok(Self {
            key: key.to_vec(),
            key_algorithm: key_algorithm.to_owned(),
            namespace: namespace.to_owned(),
            hash: hash.to_owned(),
            signed: signed.to_vec(),
        })
    }

    fn to_blob(&self) -> Vec<u8> {
        let mut blob = MAGIC.to_vec();
        wire::put_uint32(&mut blob, VERSION);
        wire::put_string(&mut blob, &self.key);
        wire::put_string(&mut blob, self.namespace.as_bytes());
        wire::put_string(&mut blob, b"");
        wire::put_string(&mut blob, self.hash.as_bytes());
        wire::put_string(&mut blob, &self.signed);
        blob
    }

    fn armour(&self) -> String {
        let encoded = STANDARD.encode(self.to_blob());
        let mut file = String::from(BEGIN);
        for (position, character) in encoded.chars().enumerate() {
            if position > 0 && position % LINE == 0 {
                file.push('\n');
            }
            file.push(character);
        }
        file.push('\n');
        file.push_str(END);
        file
    }
}

/// How a message is hashed before it is signed.
#[derive(Clone, Copy)]
enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::Sha256),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }
}

/// The bytes that the key signs.
fn signed_data(namespace: &str, hash: Hash, message: &[u8]) -> Vec<u8> {
    let mut data = MAGIC.to_vec();
    wire::put_string(&mut data, namespace.as_bytes());
    wire::put_string(&mut data, b"");
    wire::put_string(&mut data, hash.name().as_bytes());
    match hash {
        Hash::Sha256 => wire::put_string(&mut data, &Sha256::digest(message)),
        Hash::Sha512 => wire::put_string(&mut data, &Sha512::digest(message)),
    }
    data
}

/// The 64 bytes of a signature in SSH's encoding (RFC 8709 §6).
fn ed25519_signature(blob: &[u8]) -> Option<&[u8; 64]> {
    let mut reader = Reader::new(blob);
    if reader.name()? != ALGORITHM {
        return None;
    }
    let signature = reader.string()?;
    reader.end()?;
    signature.try_into().ok()
}

#[cfg(test)]
mod tests;
