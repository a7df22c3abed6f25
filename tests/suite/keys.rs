//! Private keys as `ssh-keygen` writes them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dateline::manifest::key::{KeyError, PublicKey, SigningKey};
use zeroize::Zeroizing;

const PASSPHRASE: &str = "paper and ink";

pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/keys")
        .join(name)
}

fn file(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap()
}

fn read(file: &[u8]) -> Result<SigningKey, KeyError> {
    SigningKey::from_openssh(file, || panic!("no passphrase is needed"))
}

fn open(file: &[u8], passphrase: &str) -> Result<SigningKey, KeyError> {
    let passphrase = Zeroizing::new(passphrase.to_owned());
    SigningKey::from_openssh(file, || Ok(Some(passphrase)))
}

#[test]
fn a_plain_key_is_read_without_a_passphrase() {
    let public: PublicKey = String::from_utf8(file("ed25519.pub"))
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(read(&file("ed25519")).unwrap().public(), public);
    let crlf = String::from_utf8(file("ed25519"))
        .unwrap()
        .replace('\n', "\r\n");
    assert_eq!(read(crlf.as_bytes()).unwrap().public(), public);
}

#[test]
fn encrypted_keys_open_with_their_passphrase_only() {
    for name in [
        "ed25519_aes256-ctr",
        "ed25519_aes128-cbc",
        "ed25519_aes256-gcm",
    ] {
        let file = file(name);
        let key = open(&file, PASSPHRASE).unwrap();
        assert!(key.public().verifies(b"a", &key.sign(b"a")), "{name}");
        for wrong in ["", "paper", "paper and ink "] {
            assert!(
                matches!(open(&file, wrong), Err(KeyError::WrongPassphrase)),
                "{name} with `{wrong}`"
            );
        }
        assert!(matches!(
            SigningKey::from_openssh(&file, || Ok(None)),
            Err(KeyError::NeedsPassphrase)
        ));
        assert!(matches!(
            SigningKey::from_openssh(&file, || Err(io::ErrorKind::UnexpectedEof.into())),
            Err(KeyError::Passphrase(_))
        ));
    }
}

#[test]
fn what_cannot_be_used_is_named() {
    let plain = file("ed25519");
    let mut messages = String::new();
    for file in [
        file("rsa"),
        file("ecdsa"),
        file("rsa_pem"),
        file("ed25519.pub"),
        file("ed25519_chacha20-poly1305"),
        plain[..plain.len() / 2].to_vec(),
        b"not a key\n".to_vec(),
        b"\xff\xfe".to_vec(),
        Vec::new(),
    ] {
        writeln!(messages, "{}", read(&file).unwrap_err()).unwrap();
    }
    for error in [
        open(&file("ed25519_aes256-ctr"), "ink").unwrap_err(),
        SigningKey::from_openssh(&file("ed25519_aes256-ctr"), || Ok(None)).unwrap_err(),
        SigningKey::from_openssh(&file("ed25519_aes256-ctr"), || {
            Err(io::ErrorKind::UnexpectedEof.into())
        })
        .unwrap_err(),
    ] {
        writeln!(messages, "{error}").unwrap();
    }
    insta::assert_snapshot!(messages, @r#"
    keys of the algorithm `ssh-rsa` are not supported, only `ssh-ed25519`
    keys of the algorithm `ecdsa-sha2-nistp256` are not supported, only `ssh-ed25519`
    this is a private key in the PEM form `RSA PRIVATE KEY`, not in OpenSSH's; `ssh-keygen -p` rewrites it
    this is a public key; the private key is in the file without `.pub`
    the private key is encrypted with `chacha20-poly1305@openssh.com`, which is not supported
    the OpenSSH private key is damaged
    this is not an OpenSSH private key: it does not begin with `-----BEGIN OPENSSH PRIVATE KEY-----`
    this is not an OpenSSH private key: it does not begin with `-----BEGIN OPENSSH PRIVATE KEY-----`
    this is not an OpenSSH private key: it does not begin with `-----BEGIN OPENSSH PRIVATE KEY-----`
    the passphrase does not open the private key
    the private key is encrypted: it needs its passphrase
    the passphrase could not be read: unexpected end of file
    "#);
}

#[test]
fn no_change_of_a_byte_gives_another_key() {
    let plain = file("ed25519");
    let public = read(&plain).unwrap().public();
    for position in 0..plain.len() {
        for difference in [1, 2, 4, 8, 16, 32, 64, 128] {
            let mut changed = plain.clone();
            changed[position] ^= difference;
            let key = SigningKey::from_openssh(&changed, || Ok(None));
            assert!(key.is_err() || key.is_ok_and(|key| key.public() == public));
        }
    }
}
