//! What is sealed after something was tried, went missing or was refused.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use crate::adding::{Work, assert_says};

/// Back at what was sealed, the corpus is whole: nothing of what was tried meanwhile is left beside it.
#[test]
fn a_build_that_comes_back_to_the_release_leaves_it_whole() {
    let work = Work::new();
    work.dump("all", 0..5);
    work.dump("some", 0..2);
    work.expect(0, "build all -o corpus");
    let before = work.ids("corpus");
    for command in [
        "build some -o corpus --replace",
        "convert some -o corpus --replace",
    ] {
        work.expect(1, command);
        let printed = work.expect(0, "build all -o corpus");
        assert_says(&printed, &["nothing changed since release 1"]);
        assert_eq!(work.ids("corpus"), before);
        assert!(!work.path().join("corpus/files.json").exists());
        work.whole("corpus");
    }
}

/// Traces whose file is gone are not left out of the next release without a word.
#[test]
fn a_file_of_traces_that_is_gone_is_missed() {
    let work = Work::new();
    work.dump("all", 0..3);
    work.expect(0, "build all -o corpus");
    let traces = work.path().join("corpus/traces");
    let shard = work.shards("corpus", "traces").pop_first().unwrap();
    let (name, bytes) = (traces.join(shard.0), shard.1);
    fs::remove_file(&name).unwrap();
    let printed = work.expect(2, "seal corpus");
    assert_says(
        &printed,
        &["3 traces of release 1 were in files that are missing (`traces/part-"],
    );
    // Packing what is there makes nothing forgotten.
    work.expect(0, "pack corpus");
    work.expect(2, "seal corpus");
    fs::write(&name, bytes).unwrap();
    work.expect(0, "seal corpus");
    work.whole("corpus");
}

/// Where only lines of traces are gone, it is said.
#[test]
fn traces_that_are_gone_are_told() {
    let work = Work::new();
    work.dump("all", 0..3);
    work.expect(0, "build all -o corpus");
    fs::remove_dir_all(work.path().join("corpus/traces")).unwrap();
    fs::remove_file(work.path().join("corpus/releases/1/files.json")).unwrap();
    let printed = work.expect(0, "seal corpus");
    assert_says(
        &printed,
        &["warning: 3 articles had a trace in the previous release, but not any more"],
    );
}

/// A copy may have the ledger in its working state alone: then that stays.
#[test]
fn the_only_ledger_is_kept() {
    let work = Work::new();
    work.dump("all", 0..5);
    work.dump("some", 0..2);
    work.expect(0, "build all -o corpus");
    work.expect(1, "convert some -o corpus --replace");
    work.expect(0, "convert all -o corpus");
    fs::remove_file(work.path().join("corpus/releases/1/inputs.jsonl")).unwrap();
    work.expect(0, "seal corpus");
    assert_eq!(work.shards("corpus", "inputs").len(), 1);
    work.expect(0, "check corpus");
}

/// A corpus is no dump, and what version control keeps is none either.
#[test]
fn a_corpus_and_its_history_are_no_dump() {
    let work = Work::new();
    work.dump("all", 0..3);
    work.dump("all/.git/hooks", 3..5);
    work.expect(0, "build all -o corpus");
    assert_eq!(work.ids("corpus").len(), 3);
    for command in ["build corpus -o other", "convert all corpus -o other"] {
        let printed = work.expect(2, command);
        assert_says(&printed, &["`corpus` is a corpus, not a raw dump"]);
    }
    assert!(!work.path().join("other").exists());
    // Numbered folders make no corpus.
    work.dump("press/releases/2024", 0..2);
    work.expect(0, "build press -o other");
}

/// What a build would not seal, `seal` seals with a word.
#[test]
fn items_that_were_refused_are_told_when_a_release_is_sealed() {
    let work = Work::new();
    work.dump("all", 0..3);
    work.write("all/empty.txt", "");
    work.expect(1, "build all -o corpus");
    let printed = work.expect(0, "seal corpus");
    assert_says(
        &printed,
        &["warning: refused items that are not in the release: 1;"],
    );
    let printed = work.expect(0, "seal corpus");
    assert!(!printed.contains("refused"), "{printed}");
}
