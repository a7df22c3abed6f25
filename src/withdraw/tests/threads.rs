//! What comes of a corpus of several chunks does not depend on how many threads read it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{options, request};
use crate::corpus::Corpus;
use crate::corpus::tests::snapshot;
use crate::manifest::{VerifyOptions, samples, seal, verify};
use crate::record::Record;
use crate::withdraw::withdraw;

/// A state of nine articles of some 400 kB.
fn large() -> TempDir {
    let folder = TempDir::new().unwrap();
    let records: Vec<Record> = (1..=9)
        .map(|n| {
            let text = format!("Text {n} of a long article. ").repeat(15_000);
            Record::Article(Box::new(samples::article(n, text.trim())))
        })
        .collect();
    samples::write(folder.path(), &records);
    folder
}

fn on<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(work)
}

/// Spoils the first byte of some lines of the records.
fn spoil(path: &Path, lines: &[usize]) {
    for entry in fs::read_dir(path.join("records")).unwrap() {
        let shard = entry.unwrap().path();
        let text = fs::read_to_string(&shard).unwrap();
        let spoiled = text.lines().enumerate().map(|(at, line)| {
            let line = line.replacen('{', if lines.contains(&at) { "x" } else { "{" }, 1);
            line + "\n"
        });
        fs::write(&shard, spoiled.collect::<String>()).unwrap();
    }
}

#[test]
fn as_many_threads_as_there_are_do_the_same() {
    let mut first = None;
    for threads in [1, 2, 4] {
        let folder = large();
        let path = folder.path();
        let (verification, outcome) = on(threads, || {
            seal(path, &options()).unwrap();
            let corpus = Corpus::open(path).unwrap();
            let verification = verify(&corpus, &VerifyOptions::at(samples::SEALED_AT)).unwrap();
            let mut outcome = withdraw(path, &request(&["art-5"])).unwrap();
            outcome.receipt = None;
            (verification, outcome)
        });
        let all = (verification, outcome, snapshot(path));
        let first = first.get_or_insert_with(|| all.clone());
        assert!(*first == all, "on {threads} threads");
    }
}

#[test]
fn the_first_line_that_is_wrong_is_named() {
    let sealed = large();
    seal(sealed.path(), &options()).unwrap();
    let unsealed = large();
    for folder in [&sealed, &unsealed] {
        spoil(folder.path(), &[3, 7, 8]);
    }
    for threads in [1, 2, 4] {
        let refused = on(threads, || seal(unsealed.path(), &options()).unwrap_err());
        let refused = refused.to_string();
        assert!(refused.contains(", line 4: column 1: "), "{refused}");
        // Of an article that is there, and of one that is not.
        for id in ["art-9", "art-77"] {
            let refused = on(threads, || {
                withdraw(sealed.path(), &request(&[id])).unwrap_err()
            });
            let refused = refused.to_string();
            assert!(refused.contains(", line 4: "), "{refused}");
        }
        let verification = on(threads, || {
            let corpus = Corpus::open(sealed.path()).unwrap();
            verify(&corpus, &VerifyOptions::at(samples::SEALED_AT)).unwrap()
        });
        let parts = verification.parts.iter();
        let lines: Vec<u64> = parts
            .flat_map(|part| &part.findings)
            .filter_map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [4, 8, 9]);
    }
}
