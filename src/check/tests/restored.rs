//! Lists of the newest release that a copy came without.

use std::fs;
use std::path::Path;

use crate::check::{Options, check_corpus};
use crate::corpus::Corpus;
use crate::manifest::{samples, seal};

/// A release of all samples, and a state after it that has one article fewer; without lists, if `bare`.
fn corpus(bare: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut records = samples::records();
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
    let gone = records.remove(2);
    records.push(samples::withdrawal(&gone));
    samples::write(folder.path(), &records);
    if bare {
        for list in ["entries.txt", "traces.txt"] {
            fs::remove_file(folder.path().join("releases/1").join(list)).unwrap();
        }
    }
    folder
}

fn checked(path: &Path) -> Vec<String> {
    let corpus = Corpus::open(path).unwrap();
    let report = check_corpus(&corpus, &Options::default()).unwrap();
    let found = report.diagnostics();
    let found = found.iter();
    found
        .map(|found| format!("{} {}", found.code.name, found.message))
        .collect()
}

/// `verify-recompute`, `manifest-recompute`
#[test]
fn lists_that_are_gone_come_back_from_the_records() {
    let (whole, bare) = (corpus(false), corpus(true));
    assert_eq!(checked(bare.path()), checked(whole.path()));
    let sealed = |path| seal(path, &samples::options(None)).unwrap();
    let (sealed_whole, sealed_bare) = (sealed(whole.path()), sealed(bare.path()));
    assert_eq!(sealed_bare, sealed_whole);
    let changes = |path: &Path| fs::read(path.join("releases/1/changes.txt")).unwrap();
    assert_eq!(changes(bare.path()), changes(whole.path()));
}

#[test]
fn lists_that_the_records_do_not_give_are_missed() {
    let bare = corpus(true);
    let corpus = Corpus::open(bare.path()).unwrap();
    for shard in corpus.shards() {
        let sealed = corpus.sealed().unwrap().unwrap();
        let named = |file: &crate::corpus::StateFile| file.name.to_string() == shard.to_string();
        if sealed.files().iter().any(named) && !corpus.working().unwrap().files().iter().any(named)
        {
            fs::remove_file(bare.path().join(shard.to_string())).unwrap();
        }
    }
    let found = checked(bare.path());
    let last = found.last().unwrap();
    assert!(last.contains("its entries are not known"), "{found:?}");
    let error = seal(bare.path(), &samples::options(None)).unwrap_err();
    assert!(error.to_string().contains("`entries.txt`"), "{error}");
    assert!(!bare.path().join("releases/1/entries.txt").exists());
}
