//! The vectors that are small corpora.

use std::path::PathBuf;

use serde_json::Value;

use super::sample::Sample;
use crate::check::Options;
use crate::diagnostic::{Code, Report};

/// The corpora in a folder of vectors, each with its file's name.
fn corpora(folder: &str) -> Vec<(String, Vec<Value>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("schemas/v1/vectors")
        .join(folder);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        let name = path.file_name().unwrap().to_str().unwrap();
        found.push((name.to_owned(), lines.collect()));
    }
    found.sort_by(|(one, _), (two, _)| one.cmp(two));
    assert!(!found.is_empty());
    found
}

/// What is said of the lines as a corpus on disk, each part in order.
fn checked(lines: &[Value]) -> Report {
    let mut sample = Sample::new();
    let of = |kind: Option<&str>| {
        let mut part: Vec<Value> = lines
            .iter()
            .filter(|line| line["type"].as_str() == kind)
            .cloned()
            .collect();
        part.sort_by_key(|line| line["id"].as_str().unwrap().to_owned());
        part
    };
    sample.records = of(Some("article"));
    sample.relations = of(Some("relation"));
    sample.withdrawals = of(Some("withdrawal"));
    sample.traces = of(None);
    sample.write().check_all(&Options::default())
}

#[test]
fn good_corpora_have_no_defect() {
    for (name, lines) in corpora("valid/corpus") {
        let report = checked(&lines);
        assert!(!report.has_errors(), "{name}: {:#?}", report.diagnostics());
    }
}

#[test]
fn each_bad_corpus_gets_the_code_of_its_requirement_and_no_other() {
    for (name, lines) in corpora("invalid/rule/corpus") {
        let (requirement, _) = name.split_once("--").unwrap();
        let report = checked(&lines);
        assert!(report.has_errors(), "{name}");
        for (code, _) in report.codes() {
            assert_eq!(
                Code::named(code).unwrap().requirement,
                requirement,
                "{name}: {:#?}",
                report.diagnostics()
            );
        }
    }
}

#[test]
fn what_is_suspect_is_said_once_and_is_no_error() {
    for (name, lines) in corpora("suspect/corpus") {
        let (requirement, _) = name.split_once("--").unwrap();
        let report = checked(&lines);
        let found: Vec<_> = report.codes().collect();
        assert_eq!(found.len(), 1, "{name}: {:#?}", report.diagnostics());
        for (code, count) in found {
            let about = Code::named(code).unwrap().requirement;
            assert_eq!((about, count), (requirement, 1), "{name}");
        }
        assert!(!report.has_errors(), "{name}");
    }
}

#[test]
fn nothing_is_said_of_copies_that_are_known() {
    let corpora = corpora("valid/corpus");
    let (_, lines) = corpora
        .iter()
        .find(|(name, _)| name == "copies.jsonl")
        .unwrap();
    assert_eq!(checked(lines).codes().collect::<Vec<_>>(), []);
}
