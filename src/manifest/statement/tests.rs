#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::{Created, Manifest, ManifestError, PREDICATE_TYPE};
use crate::digest::Digest;
use crate::manifest::samples;

fn text() -> String {
    String::from_utf8(samples::manifest().to_bytes().unwrap()).unwrap()
}

#[test]
fn what_is_written_is_read() {
    let manifest = samples::manifest();
    let bytes = manifest.to_bytes().unwrap();
    assert_eq!(Manifest::parse(&bytes).unwrap(), manifest);
    assert_eq!(manifest.digest().unwrap(), Digest::of(&bytes));
    assert!(bytes.starts_with(br#"{"_type":"https://in-toto.io/Statement/v1","predicate":{"#));
    assert!(bytes.ends_with(b"}\n"));
    assert_eq!(
        manifest.subject("traces.txt"),
        Some(Digest::of(b"traces.txt"))
    );
}

#[test]
fn there_is_one_spelling() {
    let text = text();
    for (bad, message) in [
        (
            text.trim_end().to_owned(),
            "the manifest does not end with one LF",
        ),
        (
            format!("{text}\n"),
            "the manifest is not in the canonical form of RFC 8785",
        ),
        (
            text.replace("\":2,", "\": 2,"),
            "not in the canonical form of RFC 8785",
        ),
        (
            text.replace("title", "\\u0074itle"),
            "not in the canonical form of RFC 8785",
        ),
        (
            text.replace("\"release\":2", "\"release\":2.0"),
            "number `2.0` has a fraction",
        ),
        (
            text.replace("\"release\":2", "\"release\":2,\"release\":2"),
            "key `release` occurs twice in one object",
        ),
        (
            format!("\u{feff}{text}"),
            "the text begins with a byte order mark",
        ),
        (
            text.replace(PREDICATE_TYPE, "https://example.org/other"),
            "/predicateType",
        ),
        (text.replace("entries.txt", "../entries"), "/subject/0/name"),
        (
            text.replace("example.org/floods", "example.org/../x"),
            "/predicate/corpus/origin",
        ),
        (
            text.replace("2026-11-01T", "2026-02-30T"),
            "names no day or time of the calendar",
        ),
        (text.replace("00:00:00Z", "00:00Z"), "/predicate/created"),
        (text.replace("\"license\"", "\"licence\""), "licence"),
        (
            text.replace("\"size\":6", "\"size\":7"),
            "6 records are counted by type, but the tree has 7",
        ),
        (
            text.replace("\"release\":2", "\"release\":1"),
            "release 1 names a release before it",
        ),
        (
            text.replace("\"release\":2", "\"release\":3"),
            "release 3 names release 1 as the one before it",
        ),
    ] {
        assert_ne!(bad, text, "{message}");
        let error = Manifest::parse(bad.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(message), "{message}: {error}");
        assert!(!error.is_unverifiable());
    }
    let mut alone = samples::manifest();
    alone.predicate.previous = None;
    let error = Manifest::parse(&alone.to_bytes().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "release 2 names no release before it");
}

#[test]
fn a_newer_version_is_not_wrong() {
    let newer = text().replace("manifest/v1", "manifest/v2");
    let error = Manifest::parse(newer.as_bytes()).unwrap_err();
    assert!(error.is_unverifiable());
    assert_eq!(
        error.to_string(),
        "the manifest is of the type \"https://w3id.org/dateline/manifest/v2\", only \
         `https://w3id.org/dateline/manifest/v1` is known"
    );
    assert!(matches!(
        Manifest::parse(&vec![b' '; super::MAX_LENGTH + 1]),
        Err(ManifestError::TooLong(_))
    ));
}

#[test]
fn every_flip_of_a_byte_gives_other_bytes_or_none() {
    let bytes = samples::manifest().to_bytes().unwrap();
    let digest = Digest::of(&bytes);
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        if let Some(byte) = flipped.get_mut(at) {
            *byte ^= 1;
        }
        // What is still a manifest says something else and has another digest.
        if let Ok(manifest) = Manifest::parse(&flipped) {
            assert_eq!(manifest.to_bytes().unwrap(), flipped);
            assert_ne!(manifest.digest().unwrap(), digest);
        }
    }
}

#[test]
fn a_seal_is_dated_to_the_second() {
    assert_eq!(
        Created::from_unix(0).unwrap().to_string(),
        "1970-01-01T00:00:00Z"
    );
    assert_eq!(Created::from_unix(i64::MAX), None);
    for bad in [
        "2026-11-01",
        "2026-11-01T00:00:00.0Z",
        "2026-11-01T00:00:00",
    ] {
        assert!(bad.parse::<Created>().is_err(), "{bad}");
    }
}
