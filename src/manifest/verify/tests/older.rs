//! A release that is judged while newer ones lie behind it.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::super::{PartName, PartResult, Verdict, Verification, VerifyOptions, verify};
use super::chain::{of, resign, withdrawn};
use super::{check, plain};
use crate::corpus::Corpus;
use crate::digest::Digest;
use crate::manifest::statement::Previous;
use crate::manifest::{samples, seal};
use crate::record::Record;

fn first(root: &Path) -> Verification {
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    options.release = Some(1);
    verify(&Corpus::open(root).unwrap(), &options).unwrap()
}

fn one(verification: &Verification, name: PartName) -> &PartResult {
    let mut parts = verification.parts.iter();
    parts.find(|part| part.part == name).unwrap()
}

fn articles(numbers: impl IntoIterator<Item = u8>) -> Vec<Record> {
    let numbers = numbers.into_iter();
    numbers
        .map(|n| Record::Article(Box::new(samples::article(n, "Text."))))
        .collect()
}

/// Seals these states one after the other; every release keeps its own lists.
fn releases(states: &[Vec<Record>]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut kept = Vec::new();
    for (number, state) in (1_u64..).zip(states) {
        samples::write(folder.path(), state);
        seal(folder.path(), &samples::options(None)).unwrap();
        for name in ["entries.txt", "traces.txt"] {
            let path = folder.path().join(format!("releases/{number}/{name}"));
            kept.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    for (path, bytes) in kept {
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// What a newer release added is told, and nothing else; so is what it took away.
#[test]
fn what_newer_releases_have_is_told_in_words_that_count() {
    let folder = releases(&[articles([1, 2]), articles([1, 2, 3])]);
    let verification = first(folder.path());
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    for name in [PartName::Records, PartName::Traces] {
        let part = one(&verification, name);
        assert_eq!(part.verdict, Verdict::Unverifiable, "{part:?}");
        assert_eq!(
            part.reason.as_deref(),
            Some("1 here is of a newer release, which release 1 does not cover")
        );
        assert_eq!(part.findings.len(), 1);
    }
    let mut second = articles([1, 2]);
    second.push(samples::withdrawal(&articles([3])[0]));
    let folder = releases(&[articles([1, 2, 3]), second]);
    fs::remove_dir_all(folder.path().join("withdrawals")).unwrap();
    let verification = first(folder.path());
    let part = one(&verification, PartName::Records);
    assert_eq!(
        (part.verdict, part.reason.as_deref()),
        (
            Verdict::Unverifiable,
            Some("1 was changed since and is not here")
        )
    );
    let part = one(&verification, PartName::Traces);
    assert_eq!(
        (part.verdict, part.reason.as_deref()),
        (Verdict::Withheld, Some("1 of 3 are not in this copy"))
    );
}

/// A trace that neither release has is wrong, whichever is judged.
#[test]
fn a_forged_trace_beside_an_older_release_fails() {
    let folder = releases(&[articles([1, 2]), articles([1, 2, 3])]);
    let (traces, text) = plain(folder.path(), "traces");
    fs::write(&traces, text.replacen("courier/art-1", "courier/art-7", 1)).unwrap();
    let verification = first(folder.path());
    assert_eq!(
        one(&verification, PartName::Traces).verdict,
        Verdict::Failed
    );
    assert_eq!(verification.exit(), 1, "{verification:#?}");
}

/// What is wrong with a newer release is set aside, and told.
#[test]
fn what_is_wrong_behind_the_release_that_is_judged_is_set_aside() {
    let folder = releases(&[articles([1, 2]), articles([1, 2, 3])]);
    let before = first(folder.path());
    fs::write(folder.path().join("releases/2/entries.txt"), "junk\n").unwrap();
    let verification = first(folder.path());
    assert_eq!(verification.release, 1);
    let entries = one(&verification, PartName::Entries);
    assert_eq!(
        (entries.release, entries.verdict),
        (Some(2), Verdict::Unverifiable),
        "{before:#?} {verification:#?}"
    );
    let behind = verification
        .parts
        .iter()
        .filter(|part| part.release == Some(2));
    assert!(behind.clone().count() > 2);
    for part in behind {
        assert_ne!(part.verdict, Verdict::Failed, "{part:?}");
    }
    // Of the release that is judged, what failed stays so.
    fs::write(folder.path().join("releases/1/entries.txt"), "junk\n").unwrap();
    let verification = first(folder.path());
    let mut parts = verification.parts.iter();
    let entries = parts.find(|part| (part.part, part.release) == (PartName::Entries, Some(1)));
    assert_eq!(entries.unwrap().verdict, Verdict::Failed);
    assert_eq!(verification.exit(), 1);
}

/// Entries that the records could give, were they those of the release.
#[test]
fn records_of_another_release_do_not_make_an_older_one_wrong() {
    let folder = releases(&[articles([1, 2]), articles([1, 2, 3])]);
    fs::remove_file(folder.path().join("releases/1/entries.txt")).unwrap();
    fs::remove_file(folder.path().join("releases/1/changes.txt")).unwrap();
    let verification = first(folder.path());
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    let records = one(&verification, PartName::Records);
    assert_eq!(
        (records.verdict, records.reason.as_deref()),
        (
            Verdict::Unverifiable,
            Some("the entries of the release are not known")
        )
    );
    // Where they are those of the older one, they prove it.
    let folder = releases(&[articles([1, 2]), articles([1, 2, 3])]);
    fs::remove_file(folder.path().join("releases/1/entries.txt")).unwrap();
    fs::remove_file(folder.path().join("releases/1/changes.txt")).unwrap();
    let other = releases(&[articles([1, 2])]);
    for name in ["records", "traces"] {
        fs::remove_dir_all(folder.path().join(name)).unwrap();
        fs::rename(other.path().join(name), folder.path().join(name)).unwrap();
    }
    let verification = first(folder.path());
    assert_eq!(
        one(&verification, PartName::Records).verdict,
        Verdict::Verified,
        "{verification:#?}"
    );
}

/// A withdrawal that was written again later is no matter of the release before.
#[test]
fn what_is_written_again_later_is_told_of_the_later_release() {
    let (folder, mut records) = withdrawn();
    of(&mut records).notice = None;
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(Some(&samples::key()))).unwrap();
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    options.release = Some(2);
    let root = folder.path();
    let of_second = verify(&Corpus::open(root).unwrap(), &options).unwrap();
    // Its withdrawal is here in the newer wording, and none of its own.
    let withdrawals = of_second
        .parts
        .iter()
        .find(|part| part.part == PartName::Withdrawals);
    assert!(withdrawals.is_none(), "{of_second:#?}");
    let (folder, _) = withdrawn();
    let verification = check(folder.path(), &samples::signers());
    let part = one(&verification, PartName::Withdrawals);
    assert_eq!((part.verdict, &part.reason), (Verdict::Withdrawn, &None));
}

/// Whether an older release keeps its ledger is no matter of its verdict.
#[test]
fn an_older_release_need_not_keep_its_ledger() {
    let folder = releases(&[articles([1, 2]), articles([1, 2, 3])]);
    for release in [1, 2] {
        let ledger = folder
            .path()
            .join(format!("releases/{release}/inputs.jsonl"));
        // The older one is gone already.
        let _ = fs::remove_file(ledger);
        let mut options = VerifyOptions::at(samples::SEALED_AT);
        options.release = Some(release);
        let verification = verify(&Corpus::open(folder.path()).unwrap(), &options).unwrap();
        let locations = one(&verification, PartName::Locations);
        assert_eq!(locations.verdict, Verdict::Unverifiable);
        assert_eq!(locations.aside, release == 1, "{verification:#?}");
    }
}

/// A date that a later release changed is told of that release, and not of the one before.
#[test]
fn a_withdrawal_written_again_is_told_of_the_release_that_did() {
    let folder = TempDir::new().unwrap();
    let key = samples::key();
    let all = articles([1, 2, 3]);
    samples::write(folder.path(), &all);
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    let mut records = vec![all[0].clone()];
    records.extend(all[1..].iter().map(samples::withdrawal));
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    // Without its lines nobody knows at the time of sealing.
    fs::remove_file(folder.path().join("releases/2/files.json")).unwrap();
    fs::remove_dir_all(folder.path().join("withdrawals")).unwrap();
    of(&mut records).date = "2026-11-03".parse().unwrap();
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(Some(&samples::key()))).unwrap();
    let reason = |release| {
        let mut options = VerifyOptions::at(samples::SEALED_AT);
        options.release = Some(release);
        let verification = verify(&Corpus::open(folder.path()).unwrap(), &options).unwrap();
        let reasons = verification.parts.iter();
        let reasons: Vec<_> = reasons.filter_map(|part| part.reason.clone()).collect();
        reasons.join("\n")
    };
    let told = "1 was written again since";
    assert!(reason(3).contains(told), "{}", reason(3));
    assert!(!reason(2).contains(told), "{}", reason(2));
}

/// Sealed by somebody who does not mind: the second release withdraws what the first does not have.
#[test]
fn a_withdrawal_of_another_record_is_not_verified() {
    let (folder, _) = withdrawn();
    let other = TempDir::new().unwrap();
    let key = samples::key();
    let stays = Record::Article(Box::new(samples::article(1, "Stays.")));
    let goes = Record::Article(Box::new(samples::article(2, "Another.")));
    samples::write(other.path(), &[stays.clone(), goes.clone()]);
    seal(other.path(), &samples::options(Some(&key))).unwrap();
    samples::write(other.path(), &[stays, samples::withdrawal(&goes)]);
    seal(other.path(), &samples::options(Some(&key))).unwrap();
    // The first release of the other corpus takes the place of this one's.
    let lists = |root: &Path| fs::read_to_string(root.join("releases/1/changes.txt")).unwrap();
    let sign = |text: &str, sign: char| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with(sign));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let mut changes = sign(&lists(other.path()), '-');
    changes.extend(sign(&lists(folder.path()), '+'));
    assert_eq!(changes.len(), 2, "{changes:?}");
    for name in ["manifest.json", "manifest.json.sig"] {
        let name = format!("releases/1/{name}");
        fs::copy(other.path().join(&name), folder.path().join(&name)).unwrap();
    }
    let path = folder.path().join("releases/1/changes.txt");
    fs::write(path, changes.concat()).unwrap();
    let digest = Digest::of(&fs::read(other.path().join("releases/1/manifest.json")).unwrap());
    resign(folder.path(), 2, |manifest| {
        manifest.predicate.previous = Some(Previous { release: 1, digest });
    });
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 1, "{verification:#?}");
    let failed: Vec<&PartResult> = verification
        .parts
        .iter()
        .filter(|part| part.verdict == Verdict::Failed)
        .collect();
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert_eq!(failed[0].part, PartName::Withdrawals);
    assert_eq!(
        failed[0].reason.as_deref(),
        Some("1 withdraws not what the chain has of it")
    );
    assert!(
        failed[0].findings[0]
            .message
            .starts_with("`was` is not the digest of the record in release 1"),
        "{failed:#?}"
    );
}

/// Withdrawals in whatever order: each is held to the chain.
#[test]
fn every_withdrawal_is_held_to_the_chain_in_any_order() {
    let folder = TempDir::new().unwrap();
    let mut records = articles([1]);
    for article in articles(2..=6) {
        let mut withdrawal = vec![samples::withdrawal(&article)];
        of(&mut withdrawal).release = Some(1);
        records.extend(withdrawal);
    }
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
    let (shard, text) = plain(folder.path(), "withdrawals");
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    lines.reverse();
    fs::write(&shard, lines.concat()).unwrap();
    let verification = first(folder.path());
    let part = one(&verification, PartName::Withdrawals);
    assert_eq!(
        (part.verdict, part.reason.as_deref()),
        (
            Verdict::Failed,
            Some("5 withdraw not what the chain has of them")
        )
    );
}
