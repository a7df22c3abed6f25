#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::collection::btree_map;
use proptest::prelude::*;

use crate::corpus::Corpus;
use crate::digest::Digest;
use crate::record::RecordType;
use crate::release::{Entry, changes};

/// A release by its records: number and version of each.
type Release = BTreeMap<u8, u8>;

fn entries(release: &Release) -> Vec<Entry> {
    let entry = |(id, version): (&u8, &u8)| Entry {
        id: format!("art-{id:03}").parse().unwrap(),
        kind: if version % 5 == 0 {
            RecordType::Withdrawal
        } else {
            RecordType::Article
        },
        digest: Digest::of(&[*version]),
    };
    release.iter().map(entry).collect()
}

fn text<T: ToString>(lines: impl IntoIterator<Item = T>) -> String {
    lines
        .into_iter()
        .map(|line| line.to_string() + "\n")
        .collect()
}

/// Writes a chain as it is on disk: entries of the last release, changes to the next of the others.
fn chain(root: &Path, releases: &[Release]) {
    for (at, release) in releases.iter().enumerate() {
        let folder = root.join(format!("releases/{}", at + 1));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("manifest.json"), "").unwrap();
        if let Some(next) = releases.get(at + 1) {
            let old = entries(release).into_iter().map(Ok::<_, ()>);
            let new = entries(next).into_iter().map(Ok);
            let lines = changes(old, new).map(Result::unwrap);
            fs::write(folder.join("changes.txt"), text(lines)).unwrap();
        } else {
            fs::write(folder.join("entries.txt"), text(entries(release))).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn the_entries_of_every_release_come_back(
        releases in proptest::collection::vec(btree_map(0_u8..12, 0_u8..4, 0..12), 1..6)
    ) {
        let folder = tempfile::tempdir().unwrap();
        chain(folder.path(), &releases);
        let corpus = Corpus::open(folder.path()).unwrap();
        for (release, number) in releases.iter().zip(1..) {
            let back: Vec<Entry> = corpus.entries(number).unwrap().map(Result::unwrap).collect();
            prop_assert_eq!(back, entries(release));
        }
    }
}

#[test]
fn changes_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let before = Release::from([(1, 1), (2, 1), (3, 1)]);
    let now = Release::from([(1, 2), (3, 1), (4, 1)]);
    chain(folder.path(), &[before.clone(), now]);
    let path = folder.path().join("releases/1/changes.txt");
    let good = fs::read_to_string(&path).unwrap();
    assert_eq!(good.lines().count(), 4, "{good}");
    let read = || {
        let corpus = Corpus::open(folder.path()).unwrap();
        let entries = corpus.entries(1).unwrap();
        entries.collect::<Result<Vec<_>, _>>()
    };
    assert_eq!(read().unwrap(), entries(&before));

    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let without = |index: usize| {
        let kept = lines.iter().enumerate().filter(|(at, _)| *at != index);
        kept.map(|(_, line)| *line).collect::<String>()
    };
    // The new form of 1 is not named; the entry of 1 is another; a present one is named as gone.
    let present = entries(&before).pop().unwrap();
    let twice = format!("{}-{present}\n", without(3));
    for (bad, line, id) in [
        (without(1), 1, "art-001"),
        (
            good.replace(&Digest::of(&[2]).hex(), &Digest::of(&[3]).hex()),
            2,
            "art-001",
        ),
        (twice, 4, "art-003"),
    ] {
        fs::write(&path, &bad).unwrap();
        let error = read().unwrap_err().to_string();
        let fault = format!("the change of `{id}` does not fit the entries of the release");
        assert_eq!(
            error,
            format!("releases/1/changes.txt: line {line}: {fault}")
        );
    }
    fs::remove_file(&path).unwrap();
    let corpus = Corpus::open(folder.path()).unwrap();
    let error = corpus.entries(1).map(drop).unwrap_err().to_string();
    assert_eq!(
        error,
        "release 1: `changes.txt` of release 1 is missing, without which its entries are not known"
    );
    assert!(corpus.entries(3).is_err());
}
