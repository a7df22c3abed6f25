#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::sync::Arc;

use super::{ChangeReader, EntryReader};
use crate::corpus::{Container, Source};
use crate::digest::Digest;

const HEX: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn source(folder: &tempfile::TempDir, bytes: &[u8], container: Container) -> Source {
    let path = folder.path().join("entries.txt");
    std::fs::write(&path, bytes).unwrap();
    Source {
        file: Arc::from("releases/1/entries.txt"),
        path,
        container,
    }
}

fn read(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let source = source(&folder, text.as_bytes(), Container::Plain);
    EntryReader::open(&source)
        .unwrap()
        .map(|item| match item {
            Ok(entry) => entry.to_string(),
            Err(error) => error.to_string(),
        })
        .collect()
}

fn read_changes(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let source = source(&folder, text.as_bytes(), Container::Plain);
    ChangeReader::open(&source)
        .unwrap()
        .map(|item| match item {
            Ok(change) => change.to_string(),
            Err(error) => error.to_string(),
        })
        .collect()
}

#[test]
fn entries_come_back_and_their_digest_is_that_of_the_plain_file() {
    let text = format!("B article {HEX}\na relation {HEX}\na0 withdrawal {HEX}\n");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(read(&text), lines);
    assert!(read("").is_empty());
    let folder = tempfile::tempdir().unwrap();
    let packed = zstd::stream::encode_all(text.as_bytes(), 3).unwrap();
    let source = source(&folder, &packed, Container::Zst);
    let mut reader = EntryReader::open(&source).unwrap();
    assert_eq!(reader.by_ref().flatten().count(), 3);
    assert_eq!(reader.digest(), Digest::of(text.as_bytes()));
}

#[test]
fn every_other_spelling_is_refused_with_its_line() {
    let longest = format!("{} withdrawal {HEX}", "x".repeat(128));
    assert_eq!(read(&format!("{longest}\n")), [longest]);
    let first = format!("a article {HEX}");
    let misspelt = |line: &str| {
        format!(
            "releases/1/entries.txt: line 2: `{}` is not `<id> <type> <64 hexadecimal digits>`",
            line.escape_debug()
        )
    };
    for bad in [
        format!("b  article {HEX}"),
        format!(" b article {HEX}"),
        format!("b article {HEX} "),
        format!("b\tarticle {HEX}"),
        format!("b Article {HEX}"),
        format!("b article sha256:{HEX}"),
        format!("b article {}", HEX.to_uppercase()),
        format!("-b article {HEX}"),
        format!("b/c article {HEX}"),
        String::from("b article"),
        String::new(),
    ] {
        let text = format!("{first}\n{bad}\nc article {HEX}\n");
        assert_eq!(read(&text), [first.clone(), misspelt(&bad)]);
    }
    let place = "releases/1/entries.txt: line 2:";
    for (bad, message) in [
        (format!("a article {HEX}\n"), "`a` is not behind `a`"),
        (format!("B article {HEX}\n"), "`B` is not behind `a`"),
        (format!("b article {HEX}"), "the last line has no line end"),
        (
            format!("b article {HEX}\r\n"),
            "the line ends with CRLF: LF became CRLF, as git does with core.autocrlf",
        ),
        (
            format!("{} article {HEX}\n", "x".repeat(140)),
            "the line is longer than an entry line can be",
        ),
    ] {
        let text = format!("{first}\n{bad}");
        assert_eq!(read(&text), [first.clone(), format!("{place} {message}")]);
    }
}

#[test]
fn changes_are_signed_and_in_order() {
    let text = format!("-a article {HEX}\n+a relation {HEX}\n+b article {HEX}\n");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(read_changes(&text), lines);
    let place = "releases/1/entries.txt: line 2:";
    for (bad, message) in [
        (format!("a article {HEX}"), "does not begin with `-` or `+`"),
        (format!("-a article {HEX}"), "`a` is not behind `a`"),
        (format!("+A article {HEX}"), "`A` is not behind `a`"),
        (
            format!("- a article {HEX}"),
            "is not `<id> <type> <64 hexadecimal digits>`",
        ),
    ] {
        let seen = read_changes(&format!("+a article {HEX}\n{bad}\n"));
        let last = seen.last().unwrap();
        assert!(last.starts_with(place) && last.ends_with(message), "{last}");
    }
    let same = read_changes(&format!("-a article {HEX}\n+a article {HEX}\n"));
    let message = "the entry of `a` is the same before and afterwards";
    assert_eq!(same.last(), Some(&format!("{place} {message}")));
}

#[test]
fn the_vectors_of_lines_and_changes_agree() {
    let lines = include_str!("../../../schemas/v1/vectors/entries/lines.json");
    let lines: serde_json::Value = serde_json::from_str(lines).unwrap();
    let one = |line: &serde_json::Value| read(&(line.as_str().unwrap().to_owned() + "\n"));
    for line in lines["valid"].as_array().unwrap() {
        assert_eq!(one(line), [line.as_str().unwrap()]);
    }
    for bad in lines["invalid"].as_array().unwrap() {
        let line = &bad["line"];
        assert_ne!(one(line), [line.as_str().unwrap()]);
    }
    let changes = include_str!("../../../schemas/v1/vectors/chain/changes.json");
    let changes: serde_json::Value = serde_json::from_str(changes).unwrap();
    for case in changes.as_array().unwrap() {
        let lines = case["changes"].as_array().unwrap().iter();
        let lines: Vec<&str> = lines.map(|line| line.as_str().unwrap()).collect();
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        assert_eq!(read_changes(&text) == lines, case["valid"], "{text}");
    }
}

#[test]
fn a_file_cut_short_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("a article {HEX}\n");
    let packed = zstd::stream::encode_all(text.as_bytes(), 3).unwrap();
    let cut = packed.split_last().unwrap().1;
    let source = source(&folder, cut, Container::Zst);
    let items: Vec<_> = EntryReader::open(&source).unwrap().collect();
    assert!(items.last().unwrap().is_err(), "{items:?}");
}

/// A line as long as the longest one, without an end, was cut; a longer one is too long.
#[test]
fn a_cut_line_is_told_from_one_that_is_too_long() {
    let longest = usize::try_from(super::LONGEST).unwrap();
    let told = |length: usize| read(&"a".repeat(length)).concat();
    assert_eq!(told(longest), told(3));
    assert_ne!(told(longest + 1), told(3));
    assert_eq!(told(longest + 1), told(longest + 2));
}
