//! Releases: what a draft takes, what the next one leaves of the one before, added signatures.

use std::fs;
use std::path::Path;

use crate::corpus::tests::{SMALL, content, fill, lines, snapshot, working};
use crate::corpus::{Commit, Container, Corpus, Part, WriteError, Writer};
use crate::digest::Digest;

fn convert(root: &Path, word: &str) -> Commit {
    let mut writer = Writer::open(root, SMALL).unwrap();
    fill(&mut writer, Part::Records, &lines(0..3, word)).unwrap();
    fill(&mut writer, Part::Inputs, &lines(0..2, "file")).unwrap();
    writer.commit().unwrap()
}

fn seal(root: &Path, entries: &str) -> u64 {
    let draft = Writer::open(root, SMALL).unwrap().release().unwrap();
    draft.put("entries.txt.zst", entries.as_bytes()).unwrap();
    draft.put("traces.txt", b"").unwrap();
    draft.put("manifest.json", b"{}\n").unwrap();
    draft.put("manifest.json.sig", b"a").unwrap();
    draft.put_ledger(Container::Plain).unwrap();
    draft.commit().unwrap()
}

fn entry(id: &str) -> String {
    format!("{id} article {}\n", Digest::of(id.as_bytes()).hex())
}

fn releases(root: &Path) -> Vec<String> {
    let paths = snapshot(root).into_keys();
    let inside = |path: String| path.strip_prefix("releases/").map(str::to_owned);
    paths.filter_map(inside).collect()
}

#[test]
fn a_release_seals_the_working_state_and_spends_its_listing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    convert(root, "a");
    let before = working(root);
    let corpus = Corpus::open(root).unwrap();
    assert!(corpus.sealed().unwrap().is_none());
    assert!(corpus.unsealed().unwrap().is_some());
    assert_eq!(seal(root, &entry("a")), 1);
    let corpus = Corpus::open(root).unwrap();
    assert!(corpus.unsealed().unwrap().is_none());
    let sealed = corpus.sealed().unwrap().unwrap();
    assert_eq!(content(&sealed), before);
    assert_eq!(sealed.listing(), Some("releases/1/files.json"));
    assert!(sealed.unnamed().is_empty());
    assert!(!root.join("files.json").exists());
    assert!(fs::read_dir(root.join("inputs")).unwrap().next().is_none());

    // The same again is no new state; another is one beside the release.
    assert_eq!(convert(root, "a"), Commit::Unchanged);
    assert_eq!(convert(root, "b"), Commit::Changed);
    let corpus = Corpus::open(root).unwrap();
    assert_eq!(content(&corpus.sealed().unwrap().unwrap()), before);
    let now = working(root);
    assert_ne!(now["records"], before["records"]);
    assert_eq!(now["inputs"], before["inputs"]);
}

#[test]
fn the_next_release_leaves_manifest_signatures_and_changes() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    convert(root, "a");
    seal(root, &(entry("a") + &entry("b")));
    convert(root, "b");
    assert_eq!(seal(root, &(entry("b") + &entry("c"))), 2);
    assert_eq!(
        releases(root),
        [
            "1",
            "1/changes.txt",
            "1/manifest.json",
            "1/manifest.json.sig",
            "2",
            "2/entries.txt.zst",
            "2/files.json",
            "2/inputs.jsonl",
            "2/manifest.json",
            "2/manifest.json.sig",
            "2/traces.txt",
        ]
    );
    let changes = fs::read_to_string(root.join("releases/1/changes.txt")).unwrap();
    assert_eq!(changes, format!("-{}+{}", entry("a"), entry("c")));
    let corpus = Corpus::open(root).unwrap();
    let first = corpus.entries(1).unwrap();
    let first: String = first
        .map(|entry| entry.unwrap().to_string() + "\n")
        .collect();
    assert_eq!(first, entry("a") + &entry("b"));
}

/// What a seal that was stopped left of the release before goes with the next seal, also where that seals nothing.
#[test]
fn the_next_draft_leaves_what_a_stopped_one_did_not_get_to() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    convert(root, "a");
    seal(root, &entry("a"));
    let first = snapshot(root);
    convert(root, "b");
    seal(root, &entry("b"));
    let done = snapshot(root);
    fs::remove_file(root.join("releases/1/changes.txt")).unwrap();
    for (path, bytes) in &first {
        if let Some(bytes) = bytes.as_ref().filter(|_| path.starts_with("releases/1/")) {
            fs::write(root.join(path), bytes).unwrap();
        }
    }
    let left = snapshot(root);
    drop(Writer::open(root, SMALL).unwrap());
    assert_eq!(snapshot(root), left);
    drop(Writer::open(root, SMALL).unwrap().release().unwrap());
    assert_eq!(snapshot(root), done);
}

#[test]
fn entries_that_cannot_be_read_stay() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    convert(root, "a");
    seal(root, "no entry\n");
    convert(root, "b");
    seal(root, &entry("b"));
    assert!(root.join("releases/1/entries.txt.zst").exists());
    assert!(!root.join("releases/1/changes.txt").exists());
}

#[test]
fn a_draft_takes_no_other_files_and_can_be_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    convert(root, "a");
    let before = snapshot(root);
    let draft = Writer::open(root, SMALL).unwrap().release().unwrap();
    for name in [
        "manifest.json.sig",
        "manifest.json.2.sig",
        "manifest.json.10.sig",
        "entries.txt.zst",
    ] {
        draft.put(name, b"x").unwrap();
    }
    for name in [
        "../x",
        "/x",
        "files.json",
        "changes.txt",
        "manifest.json.zst",
        "manifest.json.1.sig",
        "manifest.json.02.sig",
        "manifest.jsonsig",
        "manifest.json..sig",
        "README",
        "",
    ] {
        let refused = draft.put(name, b"x");
        assert!(matches!(refused, Err(WriteError::ReleaseFile(_))), "{name}");
    }
    drop(draft);
    assert_eq!(snapshot(root), before);
}

#[test]
fn a_signature_is_added_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    convert(root, "a");
    seal(root, &entry("a"));
    let sealed = snapshot(root);
    let add = |number, name: &str| {
        let writer = Writer::open(root, SMALL).unwrap();
        writer.add_to_release(number, name, b"second")
    };
    let there = add(1, "manifest.json.sig");
    assert!(matches!(there, Err(WriteError::Exists(_))));
    let nowhere = add(2, "manifest.json.sig");
    assert!(matches!(nowhere, Err(WriteError::NoRelease { .. })));
    assert_eq!(snapshot(root), sealed);
    add(1, "manifest.json.2.sig").unwrap();
    let mut expected = sealed;
    let path = "releases/1/manifest.json.2.sig".to_owned();
    expected.insert(path, Some(b"second".to_vec()));
    assert_eq!(snapshot(root), expected);
}

/// A file that the listing names and that is missing is still named when a signature was added.
#[test]
fn a_signature_makes_no_missing_file_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    convert(root, "a");
    seal(root, &entry("a"));
    let shard = Corpus::open(root).unwrap().shards()[0].to_string();
    std::fs::remove_file(root.join(&shard)).unwrap();
    let missing = || {
        let state = Corpus::open(root).unwrap().working().unwrap();
        state
            .missing()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(), std::slice::from_ref(&shard));
    let writer = Writer::open(root, SMALL).unwrap();
    writer
        .add_to_release(1, "manifest.json.2.sig", b"second")
        .unwrap();
    assert_eq!(missing(), [shard]);
}
