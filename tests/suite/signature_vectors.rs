//! Published signatures: OpenSSH's of every algorithm, and the edge cases of Ed25519.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;

use dateline::manifest::key::PublicKey;
use dateline::manifest::sshsig::{Signature, SignatureError};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::shared::shared;

const SSHSIG: &str = "vectors/sshsig/regress/unittests/sshsig/testdata";

fn read<T: DeserializeOwned>(path: &str) -> Option<T> {
    let file = fs::read(shared(path)?).unwrap();
    Some(serde_json::from_slice(&file).unwrap())
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

/// `None` where key or signature have a length that the types do not admit.
fn verifies(key: &str, message: &[u8], signature: &str) -> Option<bool> {
    let key = PublicKey::from_bytes(bytes(key).try_into().ok()?);
    Some(key.verifies(message, &bytes(signature).try_into().ok()?))
}

#[test]
fn openssh_s_ed25519_signature_verifies_and_the_others_cannot_be_checked() {
    let Some(folder) = shared(SSHSIG) else {
        return;
    };
    let file = |name: &str| fs::read(folder.join(name)).unwrap();
    let message = file("signed-data");
    let namespace = String::from_utf8(file("namespace")).unwrap();
    let verify = |name: &str| {
        Signature::parse(&file(&format!("{name}.sig")))
            .unwrap()
            .verify(&message, &namespace)
    };
    let public = String::from_utf8(file("ed25519.pub")).unwrap();
    assert_eq!(verify("ed25519"), Ok(public.parse().unwrap()));
    for (name, algorithm) in [
        ("rsa", "ssh-rsa"),
        ("ecdsa", "ecdsa-sha2-nistp256"),
        ("ed25519_sk", "sk-ssh-ed25519@openssh.com"),
        ("ecdsa_sk", "sk-ecdsa-sha2-nistp256@openssh.com"),
        ("ecdsa_sk_webauthn", "sk-ecdsa-sha2-nistp256@openssh.com"),
        ("mldsa44-ed25519", "ssh-mldsa44-ed25519@openssh.com"),
    ] {
        let error = verify(name).unwrap_err();
        assert_eq!(error, SignatureError::Algorithm(algorithm.to_owned()));
        assert!(error.is_unverifiable());
    }
}

#[derive(Deserialize)]
struct EdgeCase {
    number: u32,
    key: String,
    sig: String,
    msg: String,
    #[serde(default)]
    flags: Option<Vec<String>>,
}

#[test]
fn points_of_small_order_and_non_canonical_points_are_refused() {
    let Some(cases) = read::<Vec<EdgeCase>>("vectors/cctv/ed25519/ed25519vectors.json") else {
        return;
    };
    let harmless = ["low_order_component_A", "low_order_component_R"];
    let mut accepted = 0;
    for case in &cases {
        let expected = case
            .flags
            .iter()
            .flatten()
            .all(|flag| harmless.contains(&flag.as_str()));
        let found = verifies(&case.key, case.msg.as_bytes(), &case.sig);
        assert_eq!(found, Some(expected), "number {}", case.number);
        accepted += u32::from(expected);
    }
    assert_eq!((cases.len(), accepted), (914, 43));
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wycheproof {
    number_of_tests: usize,
    test_groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    public_key: Key,
    tests: Vec<Case>,
}

#[derive(Deserialize)]
struct Key {
    pk: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    tc_id: u32,
    msg: String,
    sig: String,
    result: String,
}

#[test]
fn wycheproof_agrees() {
    let Some(file) = read::<Wycheproof>("vectors/wycheproof/testvectors_v1/ed25519_test.json")
    else {
        return;
    };
    let mut run = 0;
    for group in &file.test_groups {
        for case in &group.tests {
            // Signatures of other lengths do not come as far as a key.
            let found = verifies(&group.public_key.pk, &bytes(&case.msg), &case.sig);
            let valid = case.result == "valid";
            assert_eq!(found.unwrap_or(false), valid, "tcId {}", case.tc_id);
            run += 1;
        }
    }
    assert_eq!(run, file.number_of_tests);
}
