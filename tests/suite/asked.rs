//! What is asked of something that it cannot be asked of, and what names no place: said at once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use crate::tool::{dateline, files, run};

const CORPUS: &str = "examples/demo-corpus";
const DUMP: &str = "examples/dumps";

fn check(args: &[&str]) -> (i32, String) {
    run(&mut dateline(["check"].iter().chain(args)))
}

/// A shard of records of the corpus.
fn shard() -> String {
    let names = files(Path::new(CORPUS)).into_keys();
    let mut records = names.filter(|name| name.starts_with("records/part-"));
    format!("{CORPUS}/{}", records.next().unwrap())
}

fn refused(args: &[&str], message: &str) {
    let (code, said) = check(args);
    assert_eq!(code, 2, "{args:?}: {said}");
    assert!(said.contains(message), "{args:?}: {said}");
    assert!(said.contains(" help: "), "{args:?}: {said}");
}

#[test]
fn traces_are_replayed_for_a_corpus_alone() {
    let shard = shard();
    let message = "--raw replays the traces of a whole corpus, and none is named";
    refused(&[&shard, "--raw", DUMP], message);
    refused(&[DUMP, "--raw", DUMP], message);
    let (code, said) = check(&[CORPUS, &shard, "--raw", DUMP]);
    assert_ne!(code, 2, "{said}");
    // What is not there is said first.
    refused(&["nowhere", "--raw", DUMP], "nowhere");
}

#[test]
fn profiles_are_for_raw_dumps() {
    let message = "--profile is for raw dumps, and none is named";
    let (_, listed) = run(&mut dateline(["profile", "list"]));
    let id = listed.split_whitespace().next().unwrap();
    refused(&[&shard(), "--profile", id], message);
    refused(&[CORPUS, "--profile", id], message);
    refused(&[CORPUS, "--profile", "none"], "`none` is no built-in profile");
    let (code, said) = check(&[CORPUS, DUMP, "--profile", id]);
    assert_ne!(code, 2, "{said}");
}

#[test]
fn facets_are_asked_of_what_can_have_them() {
    let shard = shard();
    for facet in ["sealed", "signed"] {
        let message = format!("--require {facet} is asked of a whole corpus, and `");
        refused(&[&shard, "--require", facet], &message);
        refused(&[DUMP, "--require", facet], &message);
        refused(&[&shard, "--against", CORPUS, "--require", facet], &message);
    }
    let message = "--require traced is asked of a whole corpus or a raw dump, and `";
    refused(&[&shard, "--require", "source,traced"], message);
    for path in [CORPUS, DUMP] {
        let (code, said) = check(&[path, "--require", "traced"]);
        assert_ne!(code, 2, "{said}");
    }
}
