#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic, and says where it was not run"
)]

use std::fmt::Write as _;
use std::{env, fs, path::Path};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use zeroize::Zeroizing;

use super::{
    BEGIN, END, Hash, MAX_LENGTH, NAMESPACE, Signature, SignatureError, sign, sign_in, signed_data,
};
use crate::manifest::key::{ALGORITHM, SigningKey};
use crate::manifest::wire;
use crate::transit::{Cause, LineEnds};

const MESSAGE: &[u8] = b"{\"release\":1}\n";

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

/// A well-formed signature over [`MESSAGE`] to be bent before it is signed or armoured.
fn signature() -> Signature {
    Signature::parse(sign(&key(), MESSAGE).as_bytes()).unwrap()
}

fn verify(file: &[u8]) -> Result<(), SignatureError> {
    let key = Signature::parse(file)?.verify(MESSAGE, NAMESPACE)?;
    assert_eq!(key, self::key().public());
    Ok(())
}

fn armour(blob: &[u8], width: usize) -> String {
    let encoded = STANDARD.encode(blob);
    let lines = encoded
        .as_bytes()
        .chunks(width)
        .map(|line| std::str::from_utf8(line).unwrap())
        .fold(String::new(), |mut lines, line| {
            writeln!(lines, "{line}").unwrap();
            lines
        });
    format!("{BEGIN}{lines}{END}")
}

#[test]
fn openssh_s_own_vector_is_signed_again_byte_for_byte() {
    let Some(shared) = env::var_os("DATELINE_SHARED") else {
        println!("not run: DATELINE_SHARED is not set");
        return;
    };
    let folder = Path::new(&shared).join("vectors/sshsig/regress/unittests/sshsig/testdata");
    let read = |name: &str| fs::read(folder.join(name)).unwrap();
    let namespace = String::from_utf8(read("namespace")).unwrap();
    let key = SigningKey::from_openssh(&read("ed25519"), || Ok(None::<Zeroizing<String>>)).unwrap();
    let file = sign_in(&namespace, &key, &read("signed-data"));
    assert_eq!(file.into_bytes(), read("ed25519.sig"));
}

#[test]
fn no_change_of_any_byte_verifies() {
    let file = sign(&key(), MESSAGE).into_bytes();
    assert_eq!(verify(&file), Ok(()));
    for position in 0..file.len() {
        for difference in 1..=u8::MAX {
            let mut changed = file.clone();
            changed[position] ^= difference;
            assert!(verify(&changed).is_err(), "byte {position} ^ {difference}");
        }
        let mut shorter = file.clone();
        let removed = shorter.remove(position);
        assert!(verify(&shorter).is_err(), "without byte {position}");
        assert!(verify(&file[..position]).is_err(), "cut at {position}");
        for added in [removed, b'\n', b' ', b'A', b'=', 0] {
            let mut longer = file.clone();
            longer.insert(position, added);
            assert!(verify(&longer).is_err(), "{added} before {position}");
        }
    }
    for added in [b'\n', b' ', b'A', 0] {
        assert!(verify(&[file.as_slice(), &[added]].concat()).is_err());
    }
}

#[test]
fn there_is_one_spelling() {
    let blob = signature().to_blob();
    let file = sign(&key(), MESSAGE);
    assert_eq!(armour(&blob, 70), file);
    let spare_bits = {
        // The last character before the padding has bits that encode nothing.
        let end = file
            .find("==\n")
            .expect("the length leaves two characters of padding");
        let mut spare = file.clone().into_bytes();
        spare[end - 1] += 1;
        String::from_utf8(spare).unwrap()
    };
    for (other, expected) in [
        (armour(&blob, 64), SignatureError::Spelling),
        (armour(&blob, 76), SignatureError::Spelling),
        (
            file.replacen(END, &format!("\n{END}"), 1),
            SignatureError::Spelling,
        ),
        (
            file.replace('\n', "\r\n"),
            SignatureError::Carried {
                cause: Cause::LineEnds(LineEnds::BecameCrlf),
            },
        ),
        (
            file.trim_end().to_owned(),
            SignatureError::Armour(
                "it does not end with the line `-----END SSH SIGNATURE-----` and LF",
            ),
        ),
        (
            spare_bits,
            SignatureError::Armour("what it encloses is not base64"),
        ),
        (
            file.replace("==\n", "\n"),
            SignatureError::Armour("what it encloses is not base64"),
        ),
    ] {
        assert_eq!(Signature::parse(other.as_bytes()), Err(expected), "{other}");
    }
}

#[test]
fn surplus_in_nested_lengths_is_refused() {
    let good = signature();
    let mut longer_key = good.clone();
    longer_key.key.push(0);
    let mut longer_signature = good.clone();
    longer_signature.signed.push(0);
    for bent in [longer_key, longer_signature] {
        let read = Signature::parse(bent.armour().as_bytes()).unwrap();
        assert_eq!(read.verify(MESSAGE, NAMESPACE), Err(SignatureError::Wrong));
    }
    let mut blob = good.to_blob();
    blob.push(0);
    assert!(Signature::parse(armour(&blob, 70).as_bytes()).is_err());
}

#[test]
fn sha256_is_verified_as_ssh_keygen_does() {
    let key = key();
    let mut bent = signature();
    Hash::Sha256.name().clone_into(&mut bent.hash);
    bent.signed.clear();
    wire::put_string(&mut bent.signed, ALGORITHM.as_bytes());
    let signed = key.sign(&signed_data(NAMESPACE, Hash::Sha256, MESSAGE));
    wire::put_string(&mut bent.signed, &signed);
    assert_eq!(verify(bent.armour().as_bytes()), Ok(()));
}

#[test]
fn what_cannot_be_checked_is_told_from_what_is_wrong() {
    let good = signature();
    let mut version = good.to_blob();
    version[9] = 2;
    let mut reserved = good.to_blob();
    let place = 6 + 4 + 4 + good.key.len() + 4 + NAMESPACE.len() + 4;
    reserved[place - 1] = 1;
    reserved.insert(place, b'r');
    let mut hash = good.clone();
    "md5".clone_into(&mut hash.hash);
    let mut algorithm = good.clone();
    algorithm.key.clear();
    wire::put_string(&mut algorithm.key, b"ssh-rsa");
    let mut namespace = good.clone();
    "file".clone_into(&mut namespace.namespace);
    let mut mixed = good.clone();
    mixed.signed[4] = b'S';
    let mut point = good.clone();
    point.key.truncate(19);
    point.key.extend([0xff; 32]);
    let unsigned = good.to_blob()[..60].to_vec();
    let long = vec![b'A'; MAX_LENGTH + 1];

    let mut messages = String::new();
    for file in [
        armour(&version, 70).into_bytes(),
        armour(&reserved, 70).into_bytes(),
        hash.armour().into_bytes(),
        algorithm.armour().into_bytes(),
        namespace.armour().into_bytes(),
        mixed.armour().into_bytes(),
        point.armour().into_bytes(),
        armour(&unsigned, 70).into_bytes(),
        armour(b"SSHSIH", 70).into_bytes(),
        armour(b"", 70).into_bytes(),
        armour(&good.to_blob(), 64).into_bytes(),
        long,
        b"\xff".to_vec(),
        Vec::new(),
    ] {
        let error = verify(&file).unwrap_err();
        let word = if error.is_unverifiable() {
            "unverifiable"
        } else {
            "failed"
        };
        writeln!(messages, "{word}: {error}").unwrap();
    }
    insta::assert_snapshot!(messages, @r#"
    unverifiable: the signature is of SSHSIG version 2; only version 1 is supported
    unverifiable: the signature carries reserved data, whose meaning is not known
    unverifiable: the hash algorithm `md5` is not supported, only `sha512` and `sha256`
    unverifiable: signatures by keys of the algorithm `ssh-rsa` are not supported, only `ssh-ed25519`
    failed: the signature is for the namespace `file`, not `dateline-manifest`
    failed: the signature does not verify: it is not one of this message by the key it names
    failed: the signature does not verify: it is not one of this message by the key it names
    failed: the signature is malformed: its key is cut short
    failed: the signature is malformed: it does not begin with `SSHSIG`
    failed: the signature is malformed: it does not begin with `SSHSIG`
    failed: the signature is not spelt as `ssh-keygen` writes it (lines of 70 characters, each ended by one LF)
    failed: a signature file has at most 65536 bytes, this one has 65537
    failed: not an SSH signature: it is not ASCII text
    failed: not an SSH signature: it does not begin with the line `-----BEGIN SSH SIGNATURE-----` and LF
    "#);
}

#[test]
fn another_message_or_namespace_does_not_verify() {
    let signature = signature();
    assert_eq!(signature.verify(b"", NAMESPACE), Err(SignatureError::Wrong));
    assert!(matches!(
        signature.verify(MESSAGE, "file"),
        Err(SignatureError::Namespace { .. })
    ));
    assert_eq!(signature.namespace(), NAMESPACE);
    assert_eq!(signature.algorithm(), ALGORITHM);
}

#[test]
fn no_bytes_make_the_reader_panic() {
    let file = sign(&key(), MESSAGE).into_bytes();
    let blob = signature().to_blob();
    let mut runner = TestRunner::new_with_rng(
        Config::with_cases(2_000),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]),
    );
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    runner
        .run(
            &(bytes, 0..blob.len(), any::<u32>()),
            |(bytes, position, length)| {
                prop_assert!(Signature::parse(&bytes).is_err());
                prop_assert!(verify(armour(&bytes, 70).as_bytes()).is_err());
                let spliced = [&file[..position], &bytes].concat();
                prop_assert!(verify(&spliced).is_err());
                let mut bent = blob.clone();
                for (place, byte) in bent[position..].iter_mut().zip(length.to_be_bytes()) {
                    *place = byte;
                }
                prop_assert!(bent == blob || verify(armour(&bent, 70).as_bytes()).is_err());
                Ok(())
            },
        )
        .unwrap();
}

#[test]
fn a_file_of_more_than_the_limit_is_not_read() {
    let long = |length: usize| Signature::parse(&vec![b'x'; length]).unwrap_err();
    assert!(matches!(long(super::MAX_LENGTH), SignatureError::Armour(_)));
    assert!(matches!(
        long(super::MAX_LENGTH + 1),
        SignatureError::TooLong(_)
    ));
}
