//! The keys by which a withdrawal knows an article again, public or private.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroize as _;

use crate::digest::{Digest, DigestError};

/// What a private key begins with when written.
const PRIVATE: &str = "hmac-sha256:";

/// The block of SHA-256, in bytes (FIPS 180-4, section 1).
const BLOCK: usize = 64;

/// One key of a withdrawal: the digest of what it stands for, or, in a private withdrawal, an HMAC of
/// that digest under a secret (`spec/withdrawals.md`, `withdrawal-private`).
///
/// Whoever can guess what a public key stands for can test the guess against it. A private key tells
/// nothing to anyone without the secret.
///
/// ```
/// use dateline::digest::Digest;
/// use dateline::record::{Key, Secret};
///
/// let public = Key::Public(Digest::of(b"https://news.example/a"));
/// let private = Secret::from_bytes([7; 32]).hide(&Digest::of(b"https://news.example/a"));
/// assert!(private.to_string().starts_with("hmac-sha256:"));
/// assert_eq!(private.to_string().parse(), Ok(private));
/// assert_ne!(public, private);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `hmac-sha256:` and 64 lowercase hexadecimal digits.
    Private(Digest),
    /// `sha256:` and 64 lowercase hexadecimal digits.
    Public(Digest),
}

impl Key {
    /// Whether it needs the secret to be matched.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        matches!(self, Self::Private(_))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(digest) => digest.fmt(f),
            Self::Private(code) => write!(f, "{PRIVATE}{}", code.hex()),
        }
    }
}

impl FromStr for Key {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        match text.strip_prefix(PRIVATE) {
            Some(hex) => Digest::from_hex(hex).map(Self::Private),
            None => text.parse().map(Self::Public),
        }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The secret under which private keys are made. It lies outside the corpus and is never published.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// Takes 32 bytes, which should come from the system's random generator.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The private key for what has this digest: HMAC-SHA-256 over the 71 ASCII bytes of the public
    /// key.
    #[must_use]
    pub fn hide(&self, digest: &Digest) -> Key {
        let public = digest.to_string();
        Key::Private(Digest::from_bytes(hmac(&self.0, public.as_bytes())))
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut pad = [0; BLOCK];
    if key.len() > BLOCK {
        let digest: [u8; 32] = Sha256::digest(key).into();
        pad.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    } else {
        pad.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    }
    let inner = Sha256::new()
        .chain_update(pad.map(|byte| byte ^ 0x36))
        .chain_update(message)
        .finalize();
    let outer = Sha256::new()
        .chain_update(pad.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize();
    pad.zeroize();
    outer.into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Key, Secret, hmac};
    use crate::digest::Digest;

    /// RFC 4231, section 4, test cases 1 to 4, 6 and 7; the fifth is of a shortened code.
    #[test]
    fn the_codes_are_those_of_rfc_4231() {
        let counted: Vec<u8> = (1..=25).collect();
        for (key, message, code) in [
            (
                &[0x0b; 20][..],
                &b"Hi There"[..],
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                &counted,
                &[0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                &[0xaa; 131],
                b"This is a test using a larger than block-size key and a larger than block-size \
                  data. The key needs to be hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ] {
            assert_eq!(Digest::from_bytes(hmac(key, message)).hex(), code);
        }
    }

    #[test]
    fn a_key_has_one_spelling() {
        let digest = Digest::of(b"a");
        for key in [
            Key::Public(digest),
            Secret::from_bytes([1; 32]).hide(&digest),
        ] {
            assert_eq!(key.to_string().parse(), Ok(key));
            assert!(key.to_string().to_uppercase().parse::<Key>().is_err());
            assert_eq!(serde_json::to_value(key).unwrap(), key.to_string());
            let spaced = format!(" {key}");
            assert!(spaced.parse::<Key>().is_err());
        }
        assert!("hmac-sha256:sha256:".parse::<Key>().is_err());
        assert!(format!("hmac-{digest}").parse::<Key>().is_ok());
        assert!(digest.hex().parse::<Key>().is_err());
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert_eq!(format!("{:?}", Secret::from_bytes([9; 32])), "Secret(…)");
    }
}
