//! SHA-256 digests, written `sha256:` and 64 lowercase hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::as_text;
use sha2::{Digest as _, Sha256};

/// What every digest of dateline's own begins with when written.
pub const PREFIX: &str = "sha256:";

/// A SHA-256 digest (FIPS 180-4).
///
/// Written and read as `sha256:` followed by 64 lowercase hexadecimal digits; no other spelling
/// is accepted, so that two digests are equal exactly when their texts are.
///
/// ```
/// use dateline::digest::Digest;
///
/// let digest = Digest::of(b"abc");
/// assert_eq!(
///     digest.to_string(),
///     "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
/// );
/// assert_eq!(digest.to_string().parse(), Ok(digest));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Why a text is not a digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// The text does not begin with `sha256:`.
    #[error("`{0}` does not begin with `sha256:`")]
    Prefix(String),
    /// What follows is not 64 lowercase hexadecimal digits.
    #[error("`{0}` is not 64 lowercase hexadecimal digits")]
    Hex(String),
}

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Takes 32 bytes for a digest.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 lowercase hexadecimal digits without the prefix, as entry lines carry them.
    ///
    /// # Errors
    ///
    /// [`DigestError::Hex`] for anything else; capital letters too.
    pub fn from_hex(text: &str) -> Result<Self, DigestError> {
        let refused = || DigestError::Hex(text.to_owned());
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| refused())?;
        if !digits
            .iter()
            .fold(true, |all, &digit| all & is_digit(digit))
        {
            return Err(refused());
        }
        let mut bytes = [0; 32];
        let (pairs, _) = digits.as_chunks();
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high) << 4 | nibble(*low);
        }
        Ok(Self(bytes))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits without the prefix.
    #[must_use]
    pub fn hex(&self) -> String {
        let digits = self.digits();
        String::from_utf8(digits.as_flattened().to_vec()).unwrap_or_default()
    }

    /// Whether `text` is this digest as it is written, prefix included.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        text.strip_prefix(PREFIX)
            .is_some_and(|hex| hex.as_bytes() == self.digits().as_flattened())
    }

    /// The hexadecimal digits, two for each byte.
    fn digits(&self) -> [[u8; 2]; 32] {
        let digit = |nibble: u8| match nibble {
            0..10 => b'0' + nibble,
            _ => b'a' - 10 + nibble,
        };
        self.0.map(|byte| [digit(byte >> 4), digit(byte & 15)])
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        match text.strip_prefix(PREFIX) {
            Some(hex) => Self::from_hex(hex),
            None => Err(DigestError::Prefix(text.to_owned())),
        }
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

/// A digest in the making, for bytes that come in pieces.
///
/// Calling [`Hasher::finish`] is what gives the digest; a dropped hasher gives nothing.
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

/// What is written is hashed.
impl std::io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Hasher {
    /// A hasher that has seen no byte.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// Whether a byte is one of the sixteen digits.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() | (byte.wrapping_sub(b'a') < 6)
}

/// What a digit counts.
fn nibble(digit: u8) -> u8 {
    if digit.is_ascii_digit() {
        digit - b'0'
    } else {
        digit.wrapping_sub(b'a').wrapping_add(10)
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, DigestError, Hasher};

    #[test]
    fn pieces_give_the_digest_of_the_whole() {
        let mut hasher = Hasher::new();
        hasher.update(b"a");
        hasher.update(b"");
        hasher.update(b"bc");
        assert_eq!(hasher.finish(), Digest::of(b"abc"));
    }

    #[test]
    fn only_one_spelling_is_read() {
        let digest = Digest::of(b"");
        let hex = digest.hex();
        assert_eq!(Digest::from_hex(&hex), Ok(digest));
        assert!(digest.is(&digest.to_string()) && !digest.is(&hex));
        for other in [
            hex.to_uppercase(),
            hex.get(1..).unwrap_or_default().to_owned(),
            format!("{hex}0"),
            hex.replacen('e', "g", 1),
        ] {
            assert!(!digest.is(&format!("sha256:{other}")));
            assert_eq!(
                Digest::from_hex(&other),
                Err(DigestError::Hex(other.clone()))
            );
        }
        assert!(matches!(hex.parse::<Digest>(), Err(DigestError::Prefix(_))));
    }
}
