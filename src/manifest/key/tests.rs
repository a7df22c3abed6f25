#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt::Write as _;

use super::{PublicKey, PublicKeyError, SigningKey};

/// The first test vector of RFC 8032 §7.1.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
const SIGNATURE: &str = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
                         5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let mut bytes = [0; N];
    for (position, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * position..2 * position + 2], 16).unwrap();
    }
    bytes
}

#[test]
fn the_first_vector_of_rfc_8032() {
    let key = SigningKey::from_seed(&bytes(SEED));
    assert_eq!(key.public().to_string(), PUBLIC);
    assert_eq!(key.sign(b""), bytes(SIGNATURE));
    assert!(key.public().verifies(b"", &bytes(SIGNATURE)));
    assert!(!key.public().verifies(b" ", &bytes(SIGNATURE)));
}

#[test]
fn no_debug_output_shows_a_secret() {
    let key = SigningKey::from_seed(&bytes(SEED));
    assert_eq!(format!("{key:?}"), format!("SigningKey({PUBLIC})"));
}

#[test]
fn a_public_key_is_read_with_its_comment_and_written_without() {
    let key: PublicKey = PUBLIC.parse().unwrap();
    assert_eq!(format!("{PUBLIC} you@example.org\n").parse(), Ok(key));
    assert_eq!(key.to_string(), PUBLIC);
    assert_eq!(PublicKey::from_blob(&key.to_blob()), Some(key));
    assert_eq!(PublicKey::from_bytes(*key.as_bytes()), key);
}

#[test]
fn what_is_no_usable_public_key_is_named() {
    let p256 = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAA";
    let cases = [
        "",
        "ssh-ed25519",
        "ssh-ed25519 ====",
        "ssh-ed25519 AAAA",
        &PUBLIC.replacen("ssh-ed25519", "ssh-rsa", 1),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAA==",
        p256,
    ];
    let messages = cases.iter().fold(String::new(), |mut messages, case| {
        let error = case.parse::<PublicKey>().unwrap_err();
        writeln!(messages, "{error}").unwrap();
        messages
    });
    insta::assert_snapshot!(messages, @r#"
    no key: expected an algorithm and the base64 of a key
    no key: expected an algorithm and the base64 of a key
    the `ssh-ed25519` key is not base64
    the encoded key is not one of the algorithm `ssh-ed25519` written before it
    the encoded key is not one of the algorithm `ssh-rsa` written before it
    an `ssh-ed25519` key holds exactly 32 bytes, this one does not
    keys of the algorithm `ecdsa-sha2-nistp256` are not supported, only `ssh-ed25519`
    "#);
    assert_eq!(
        p256.parse::<PublicKey>(),
        Err(PublicKeyError::Algorithm("ecdsa-sha2-nistp256".to_owned()))
    );
}
