#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::{LedgerError, LedgerFiles, LedgerReader};
use crate::corpus::{Container, Corpus, Part, Source, WriteError, WriteOptions, Writer};
use crate::digest::Digest;
use crate::dump::{InputEntry, Kind, LedgerLine, Refused};
use crate::trace::Location;

fn entry(path: &str, records: u64, refused: &[&str]) -> InputEntry {
    let mut entry = InputEntry {
        path: path.to_owned(),
        bytes: 3,
        digest: Digest::of(path.as_bytes()),
        kind: Kind::Text,
        reader: [].into(),
        items: 0,
        records: 0,
        superseded: 0,
        refused: Vec::new(),
    };
    for _ in 0..records {
        entry.count_record("general-text");
    }
    for code in refused {
        entry.refuse(Refused {
            offset: 0,
            length: 3,
            layers: Vec::new(),
            code: (*code).to_owned(),
        });
    }
    entry
}

fn source(path: &Path) -> Source {
    Source {
        file: Arc::from("inputs.jsonl"),
        path: path.to_path_buf(),
        container: Container::Plain,
    }
}

#[test]
fn entries_come_back_in_order_of_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
    let given = [
        entry("B", 1, &[]),
        entry("a.txt", 0, &["input-binary", "input-binary"]),
        entry("a/b", 2, &["item-mismatch", "item-withdrawn"]),
        entry("b", 0, &[]),
        entry("\u{10ffff}", 1, &["item-held"]),
    ];
    let mut ledger = writer.ledger();
    ledger.push(&entry("gone", 0, &["item-withdrawn"])).unwrap();
    for entry in given.iter().rev() {
        ledger.push(entry).unwrap();
    }
    ledger.add_withdrawn(2);
    writer.set(ledger.finish().unwrap());
    writer.commit().unwrap();

    let state = Corpus::open(folder.path()).unwrap().working().unwrap();
    let mut entries = state.ledger().unwrap();
    let back: Vec<InputEntry> = entries.by_ref().map(Result::unwrap).collect();
    assert_eq!(back, given);
    assert_eq!(entries.withdrawn_files(), 3);
    let lines = LedgerReader::new(state.sources(Part::Inputs).unwrap());
    let lines: Vec<LedgerLine> = lines.map(Result::unwrap).collect();
    assert_eq!(lines.len(), 5 + 5 + 1);
    assert!(matches!(lines.last(), Some(LedgerLine::Withdrawn(_))));

    let writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
    let mut ledger = writer.ledger();
    ledger.push(&entry("a", 1, &[])).unwrap();
    ledger.push(&entry("a", 1, &[])).unwrap();
    let twice = ledger.finish();
    let Err(WriteError::Duplicate { key, .. }) = twice else {
        panic!("two entries have one path");
    };
    assert_eq!(key, "a");
}

#[test]
fn a_record_that_is_refused_after_all_is_counted_so() {
    let mut found = entry("a", 2, &[]);
    let refused = entry("a", 0, &["item-held"]).refused.remove(0);
    found.refuse_record("general-text", refused.clone());
    assert_eq!(found, entry("a", 1, &["item-held"]));
    found.refuse_record("general-text", refused);
    assert_eq!(found, entry("a", 0, &["item-held", "item-held"]));
}

#[derive(Deserialize)]
struct Case {
    requirement: String,
    lines: Vec<String>,
    #[serde(default)]
    locations: Vec<Location>,
    valid: bool,
}

/// What is wrong with a ledger, and with locations beside it, each with the requirement it breaks.
fn wrong(path: &Path, case: &Case) -> Vec<(&'static str, String)> {
    let text: String = case
        .lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect();
    std::fs::write(path, text).unwrap();
    let mut wrong = Vec::new();
    let mut files = LedgerFiles::default();
    for line in LedgerReader::new([source(path)]) {
        match line {
            Ok(LedgerLine::File(line)) => files.add(&line),
            Ok(_) => {}
            Err(error) => {
                let LedgerError::Line { kind, .. } = &error else {
                    panic!("{error}");
                };
                wrong.push((kind.requirement(), error.to_string()));
            }
        }
    }
    let misplaced = case.locations.iter().filter_map(|at| files.holds(at).err());
    wrong.extend(misplaced.map(|error| ("ledger-traces", error.to_string())));
    wrong
}

/// Each vector breaks the requirement it is a case of, and no other one; but a refusal that does not
/// follow its file is also one that the file lacks.
#[test]
fn the_vectors_agree() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inputs.jsonl");
    let cases = include_str!("../../../schemas/v1/vectors/ledger/ledgers.json");
    let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
    let mut messages = String::new();
    for case in &cases {
        let wrong = wrong(&path, case);
        let lines = &case.lines;
        assert_eq!(wrong.is_empty(), case.valid, "{lines:#?}: {wrong:?}");
        for (requirement, message) in wrong {
            let own = requirement == case.requirement;
            let lacks = case.requirement == "ledger-order" && requirement == "ledger-refusals";
            assert!(own || lacks, "{lines:#?}: {requirement}: {message}");
            writeln!(messages, "{requirement}: {message}").unwrap();
        }
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn a_line_that_cannot_be_read_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inputs.jsonl");
    let mut lines: Vec<String> = [
        entry("a", 0, &["input-binary"]),
        entry("b", 1, &["item-held"]),
        entry("c", 1, &[]),
    ]
    .iter()
    .flat_map(InputEntry::lines)
    .map(|line| String::from_utf8(line.spell()).unwrap())
    .collect();
    for at in 0..lines.len() {
        let line = std::mem::replace(&mut lines[at], "{".to_owned());
        let all = lines.join("\n") + "\n";
        std::fs::write(&path, all).unwrap();
        let wrong: Vec<String> = LedgerReader::new([source(&path)])
            .filter_map(|line| Some(line.err()?.to_string()))
            .collect();
        // A refusal without its file's line is a second finding.
        assert!(
            wrong.len() == 1 || at % 2 == 0 && wrong.len() == 2,
            "{wrong:#?}"
        );
        lines[at] = line;
    }
    std::fs::write(&path, lines.join("\n")).unwrap();
    let last = LedgerReader::new([source(&path)]).last().unwrap();
    assert!(last.unwrap_err().to_string().contains("cut short"));
}
