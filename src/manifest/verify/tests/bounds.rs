//! How much is read, kept and named.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::super::{PartName, PartResult, Verdict, Verification, VerifyOptions, verify};
use super::{check, part, plain, sealed};
use crate::corpus::Corpus;
use crate::manifest::{samples, seal};
use crate::record::Record;

fn one(verification: &Verification, name: PartName) -> &PartResult {
    let mut parts = verification.parts.iter();
    parts.find(|part| part.part == name).unwrap()
}

fn judge<'s>(root: &Path, change: impl FnOnce(&mut VerifyOptions<'s>)) -> Verification {
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    change(&mut options);
    verify(&Corpus::open(root).unwrap(), &options).unwrap()
}

fn line(n: u8) -> String {
    let record = Record::Article(Box::new(samples::article(n, "Forged.")));
    String::from_utf8(record.to_line().unwrap()).unwrap() + "\n"
}

/// A thousand lines beyond those of the release are read, and not one more.
#[test]
fn a_thousand_lines_beyond_those_of_the_release_are_read() {
    let signers = samples::signers();
    let folder = sealed();
    for (more, ended) in [(1_000, false), (1_001, true)] {
        fs::write(folder.path().join("records/z.jsonl"), vec![b'\n'; more]).unwrap();
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), u8::from(ended), "{more}");
        let (_, told) = part(&verification, PartName::Shards);
        assert_eq!(told.contains("not all were read"), ended, "{more}: {told}");
    }
}

/// A small release, and one with more than a thousand articles after it.
#[test]
fn a_large_release_is_read_whole_whichever_is_judged() {
    let folder = TempDir::new().unwrap();
    let article = |n: usize| {
        let mut article = samples::article(1, "Text.");
        article.id = format!("art-{n:04}").parse().unwrap();
        Record::Article(Box::new(article))
    };
    samples::write(folder.path(), &[article(0)]);
    seal(folder.path(), &samples::options(None)).unwrap();
    let records: Vec<Record> = (0..1_010).map(article).collect();
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
    for release in [1, 2] {
        let verification = judge(folder.path(), |options| options.release = Some(release));
        let shards = one(&verification, PartName::Shards);
        assert_eq!(shards.verdict, Verdict::Verified, "{release}: {shards:?}");
    }
    // More than twenty articles gone without a word: twenty are named, all are counted.
    let lists = folder.path().join("releases");
    let forged = fs::read_to_string(lists.join("2/entries.txt")).unwrap();
    let kept: Vec<&str> = forged.lines().take(980).collect();
    let gone: Vec<String> = forged
        .lines()
        .skip(980)
        .map(|l| format!("-{l}\n"))
        .collect();
    fs::create_dir(lists.join("3")).unwrap();
    fs::write(lists.join("3/entries.txt"), kept.join("\n") + "\n").unwrap();
    fs::write(lists.join("2/changes.txt"), gone.concat()).unwrap();
    fs::remove_file(lists.join("2/entries.txt")).unwrap();
    let bytes = fs::read(lists.join("2/manifest.json")).unwrap();
    let mut manifest = crate::manifest::Manifest::parse(&bytes).unwrap();
    manifest.predicate.release = 3;
    // Not even that of the records here.
    manifest.predicate.records.root = crate::digest::Digest::of(b"other");
    manifest.predicate.previous = Some(crate::manifest::Previous {
        release: 2,
        digest: crate::digest::Digest::of(&bytes),
    });
    fs::write(lists.join("3/manifest.json"), manifest.to_bytes().unwrap()).unwrap();
    let verification = judge(folder.path(), |options| options.limit = 100);
    let changes = one(&verification, PartName::Changes);
    assert_eq!(
        changes.reason.as_deref(),
        Some("30 of release 2 vanished without a withdrawal")
    );
    assert_eq!(changes.findings.len(), 20);
}

/// Findings beyond the limit are counted.
#[test]
fn what_is_not_named_is_counted() {
    let folder = sealed();
    let forged = [line(7), line(8), line(9)].concat() + "{}\n[]\n";
    fs::write(folder.path().join("records/z.jsonl"), forged).unwrap();
    for (limit, kept) in [(1, 1), (2, 2), (4, 4), (5, 5), (9, 5)] {
        let verification = judge(folder.path(), |options| options.limit = limit);
        let records = one(&verification, PartName::Records);
        assert_eq!(
            records.reason.as_deref(),
            Some("5 are not as they were sealed"),
            "{limit}"
        );
        assert_eq!(records.findings.len(), kept, "{limit}: {records:#?}");
    }
}

/// Ten articles altered: each line is held to its own entry, whatever the order of their digests.
#[test]
fn every_altered_line_is_held_to_its_own_entry() {
    let folder = TempDir::new().unwrap();
    let mut records: Vec<Record> = (1..=10)
        .map(|n| Record::Article(Box::new(samples::article(n, "Text."))))
        .collect();
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
    let (shard, _) = plain(folder.path(), "records");
    let said: Vec<_> = records.iter().map(|r| r.digest().unwrap()).collect();
    let mut text = String::new();
    for record in &mut records {
        let Record::Article(article) = record else {
            panic!("there are only articles");
        };
        article.source.as_mut().unwrap().name = Some("Forged Courier".to_owned());
        text += std::str::from_utf8(&record.to_line().unwrap()).unwrap();
        text.push('\n');
    }
    fs::write(&shard, text).unwrap();
    let verification = judge(folder.path(), |_| {});
    let part = one(&verification, PartName::Records);
    let mut found: Vec<_> = part.findings.iter().map(|f| f.message.clone()).collect();
    let mut expected: Vec<_> = records
        .iter()
        .zip(said)
        .map(|(here, said)| {
            let here = here.digest().unwrap();
            format!("has the digest {here}, the release has {said}")
        })
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(
        part.reason.as_deref(),
        Some("10 are not as they were sealed")
    );
    // A record of another type in its place.
    fs::remove_file(&shard).unwrap();
    let other = samples::withdrawal(&records[0]).to_line().unwrap();
    fs::create_dir_all(folder.path().join("withdrawals")).unwrap();
    fs::write(folder.path().join("withdrawals/w.jsonl"), other).unwrap();
    let verification = judge(folder.path(), |_| {});
    let part = one(&verification, PartName::Records);
    assert_eq!(
        part.findings[0].message,
        "is of the type `withdrawal`, in the release of `article`"
    );
    assert_eq!(part.findings.len(), 10, "{part:#?}");
}
