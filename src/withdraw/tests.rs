#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use tempfile::TempDir;

use super::{Keying, Request, Selection, WithdrawError, preview, withdraw};
use crate::corpus::{Corpus, Part, WriteOptions};
use crate::manifest::{SealOptions, samples, seal};
use crate::record::{
    Article, Key, Meeting, Record, Traits, WithdrawalReason, Withdrawn, text_digest, url_digest,
    url_key,
};
use crate::takedown::Private;

mod gate;
mod receipts;
mod selected;
mod threads;

fn named(ids: &[&str]) -> Selection {
    Selection {
        names: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..Selection::default()
    }
}

/// A folder beside a corpus, which is left to the system's temporary files.
fn beside() -> std::path::PathBuf {
    TempDir::new().unwrap().path().join("corpus.private")
}

fn request(ids: &[&str]) -> Request {
    Request {
        select: named(ids),
        also: BTreeSet::new(),
        distinct: BTreeSet::new(),
        keying: Keying::Public,
        by: "a test".to_owned(),
        private: Private::at(&beside()),
        reason: WithdrawalReason::Copyright,
        date: "2026-11-02".parse().unwrap(),
        notice: Some("Withdrawn at the publisher's request.".to_owned()),
        write: WriteOptions::default(),
    }
}

fn unsealed() -> TempDir {
    let folder = TempDir::new().unwrap();
    samples::write(folder.path(), &samples::records());
    folder
}

fn options() -> SealOptions<'static> {
    samples::options(None)
}

fn ids(path: &Path, part: Part) -> Vec<String> {
    let state = Corpus::open(path).unwrap().working().unwrap();
    state
        .lines(part)
        .unwrap()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_slice(&line.unwrap().bytes).unwrap();
            line.get("id").unwrap().as_str().unwrap().to_owned()
        })
        .collect()
}

fn article(n: u8) -> Article {
    samples::article(n, &format!("Text {n}.\n\nMore."))
}

#[test]
fn a_withdrawal_stands_in_the_place_of_an_article() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let outcome = withdraw(folder.path(), &request(&["art-1"])).unwrap();
    assert_eq!((outcome.traces, outcome.relations), (1, 1));
    let [withdrawal] = outcome.withdrawals.as_slice() else {
        panic!("{outcome:?}")
    };
    let digest = Record::Article(Box::new(article(1))).digest().unwrap();
    assert_eq!((withdrawal.was, withdrawal.release), (digest, Some(1)));
    assert_eq!(
        withdrawal.raw_digest,
        Some(Key::Public(article(1).raw.digest))
    );
    let url = url_digest("https://news.example/1").map(Key::Public);
    assert!(withdrawal.url_digests.iter().eq(&url));
    let coarse = url_key("https://news.example/1").map(Key::Public);
    assert!(withdrawal.url_keys.iter().eq(&coarse));

    assert_eq!(ids(folder.path(), Part::Records), ["art-2", "art-3"]);
    assert_eq!(ids(folder.path(), Part::Traces), ["art-2", "art-3"]);
    assert!(ids(folder.path(), Part::Relations).is_empty());
    assert_eq!(ids(folder.path(), Part::Withdrawals), ["art-1"]);

    let sealed = seal(folder.path(), &options()).unwrap();
    let changes = sealed.release().manifest.predicate.changes;
    assert_eq!(
        (changes.withdrawn, changes.removed, changes.added),
        (1, 1, 0)
    );

    // Back again it is counted as reinstated.
    samples::write(folder.path(), &samples::records());
    let sealed = seal(folder.path(), &options()).unwrap();
    assert_eq!(sealed.release().manifest.predicate.changes.reinstated, 1);
}

#[test]
fn an_article_that_was_never_released_names_no_release() {
    let folder = unsealed();
    let outcome = withdraw(folder.path(), &request(&["art-1", "art-3"])).unwrap();
    assert_eq!(outcome.withdrawals.len(), 2);
    assert!(outcome.withdrawals.iter().all(|one| one.release.is_none()));
    // Later ones are added to those there are.
    withdraw(folder.path(), &request(&["art-2"])).unwrap();
    assert_eq!(
        ids(folder.path(), Part::Withdrawals),
        ["art-1", "art-2", "art-3"]
    );
    assert!(ids(folder.path(), Part::Records).is_empty());
}

#[test]
fn what_was_published_is_what_was_withdrawn() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let published = Record::Article(Box::new(article(1))).digest().unwrap();
    let mut records = samples::records();
    records.retain(|record| record.id().as_str() != "art-1");
    records.push(Record::Article(Box::new(samples::article(1, "Revised."))));
    samples::write(folder.path(), &records);
    let outcome = withdraw(folder.path(), &request(&["art-1"])).unwrap();
    let was: Vec<_> = outcome.withdrawals.iter().map(|one| one.was).collect();
    assert_eq!(was, [published]);
}

#[test]
fn what_an_edited_dump_lost_is_withdrawn_from_the_release() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let published = Record::Article(Box::new(article(1))).digest().unwrap();
    let mut records = samples::records();
    records.retain(|record| record.id().as_str() != "art-1");
    records.retain(|record| !matches!(record, Record::Relation(_)));
    samples::write(folder.path(), &records);
    let mut request = request(&["art-1"]);
    request.reason = WithdrawalReason::Superseded;
    let outcome = withdraw(folder.path(), &request).unwrap();
    let was: Vec<_> = outcome.withdrawals.iter().map(|one| one.was).collect();
    assert_eq!(was, [published]);
    assert_eq!(ids(folder.path(), Part::Records), ["art-2", "art-3"]);
    let sealed = seal(folder.path(), &options()).unwrap();
    assert_eq!(sealed.release().manifest.predicate.changes.withdrawn, 1);

    // The item as it is now, of the same URL, is another record.
    let withdrawn: Withdrawn = outcome.withdrawals.iter().collect();
    let mut now = article(1);
    assert!(withdrawn.meets(&Traits::of(&now)).is_some());
    now.id = article(9).id;
    assert_eq!(withdrawn.meets(&Traits::of(&now)), None);
}

/// What goes, too, may be an article that only the release has.
#[test]
fn what_goes_too_is_found_in_the_release() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let mut records = samples::records();
    records.retain(|record| record.id().as_str() != "art-1");
    records.retain(|record| !matches!(record, Record::Relation(_)));
    samples::write(folder.path(), &records);
    let mut request = request(&["art-2"]);
    request.also.insert("art-1".parse().unwrap());
    let outcome = withdraw(folder.path(), &request).unwrap();
    assert_eq!(outcome.withdrawals.len(), 2);
}

#[test]
fn what_cannot_be_withdrawn_is_named_and_nothing_is_done() {
    let folder = unsealed();
    withdraw(folder.path(), &request(&["art-3"])).unwrap();
    let relation = ids(folder.path(), Part::Relations).remove(0);
    let refused = |ids: &[&str]| {
        let error = withdraw(folder.path(), &request(ids)).unwrap_err();
        let same = preview(folder.path(), &request(ids)).unwrap_err();
        assert_eq!(error.to_string(), same.to_string());
        error.to_string()
    };
    assert_eq!(
        refused(&["art-1", "art-8", "art-9"]),
        "the corpus has no article `art-8`, `art-9`"
    );
    assert_eq!(refused(&["art-1", "art-3"]), "already withdrawn: `art-3`");
    assert_eq!(
        refused(&["art-1", &relation]),
        format!(
            "`{relation}` is a relation, not an article; relations go with the articles they are about"
        )
    );
    assert_eq!(refused(&[]), "no id, URL or domain was given to withdraw");
    let mut coarse = request(&["art-1"]);
    coarse.date = "2026-11".parse().unwrap();
    assert!(matches!(
        withdraw(folder.path(), &coarse),
        Err(WithdrawError::Date(_))
    ));
    assert_eq!(ids(folder.path(), Part::Records), ["art-1", "art-2"]);
    let nowhere = folder.path().join("nowhere");
    assert!(matches!(
        withdraw(&nowhere, &request(&["art-1"])),
        Err(WithdrawError::Open(_))
    ));
    assert!(!nowhere.exists());
}

#[test]
fn a_preview_writes_nothing() {
    let folder = unsealed();
    let before = preview(folder.path(), &request(&["art-1"])).unwrap();
    assert_eq!(ids(folder.path(), Part::Records).len(), 3);
    let mut done = withdraw(folder.path(), &request(&["art-1"])).unwrap();
    assert!(done.receipt.take().is_some());
    assert_eq!(before, done);
}

#[test]
fn a_copy_of_the_text_is_found_where_the_text_tells() {
    let long = "ä".repeat(200);
    for (text, tells) in [(long.as_str(), true), (&long[2..], false)] {
        let folder = TempDir::new().unwrap();
        let records = [(1, text), (2, text), (3, "Another.")]
            .map(|(n, text)| Record::Article(Box::new(samples::article(n, text))));
        samples::write(folder.path(), &records);
        let outcome = preview(folder.path(), &request(&["art-1"])).unwrap();
        let digest = text_digest(text).filter(|_| tells);
        let named = outcome.withdrawals.iter().map(|gone| gone.text_digest);
        assert!(named.eq([digest.map(Key::Public)]));
        let copies: Vec<String> = outcome
            .copies
            .iter()
            .map(|copy| copy.id.to_string())
            .collect();
        assert_eq!(copies, if tells { vec!["art-2"] } else { Vec::new() });
        let both = preview(folder.path(), &request(&["art-1", "art-2"])).unwrap();
        assert_eq!(both.copies, []);
        let mut superseded = request(&["art-1"]);
        superseded.reason = WithdrawalReason::Superseded;
        assert_eq!(preview(folder.path(), &superseded).unwrap().copies, []);
    }
}

#[test]
fn what_was_withdrawn_is_known_again() {
    let folder = unsealed();
    let outcome = withdraw(folder.path(), &request(&["art-1"])).unwrap();
    let withdrawn: Withdrawn = outcome.withdrawals.iter().collect();
    let state = Corpus::open(folder.path()).unwrap().working().unwrap();
    let private = Private::at(&beside());
    assert_eq!(
        crate::takedown::withdrawn(&state, &private).unwrap(),
        withdrawn
    );
    let meeting = |change: fn(&mut Article)| {
        let mut other = article(9);
        change(&mut other);
        withdrawn
            .meets(&Traits::of(&other))
            .map(|(id, by)| (id.to_string(), by))
    };
    let met = |by| Some(("art-1".to_owned(), by));
    assert_eq!(meeting(|_| {}), None);
    assert_eq!(meeting(|other| other.id = article(1).id), met(Meeting::Id));
    assert_eq!(
        meeting(|other| other.raw.digest = article(1).raw.digest),
        met(Meeting::Raw)
    );
    // Another spelling of the URL, and only the canonical one.
    assert_eq!(
        meeting(|other| {
            other.source.as_mut().unwrap().canonical_url =
                Some("HTTPS://News.example:443/1#top".to_owned());
        }),
        met(Meeting::Url)
    );
    assert!(withdrawn.contains(&article(1).id));
    // Another record stands for the item: it has the same URL and may have the same bytes.
    let mut superseded = outcome.withdrawals;
    for withdrawal in &mut superseded {
        withdrawal.reason = WithdrawalReason::Superseded;
    }
    let withdrawn: Withdrawn = superseded.iter().collect();
    let mut other = article(1);
    assert_eq!(
        withdrawn.meets(&Traits::of(&other)).map(|(_, by)| by),
        Some(Meeting::Id)
    );
    other.id = article(9).id;
    assert_eq!(withdrawn.meets(&Traits::of(&other)), None);
    assert_eq!(withdrawn.len(), 1);
}

/// `withdrawal-shared`: an address of many articles is no key, and needs no decision.
#[test]
fn an_address_of_many_is_no_key() {
    let folder = TempDir::new().unwrap();
    let long = |word: &str| format!("{word} ").repeat(60);
    let articles: Vec<Record> = (1..=4)
        .map(|n| {
            let mut article = samples::article(n, &long(&format!("word{n}")));
            let fetch = serde_json::json!({"url": "https://feed.example/all"});
            article.fetch = serde_json::from_value(fetch).unwrap();
            Record::Article(Box::new(article))
        })
        .collect();
    samples::write(folder.path(), &articles);
    let outcome = preview(folder.path(), &request(&["art-1"])).unwrap();
    assert_eq!(outcome.copies, []);
    let [gone] = outcome.withdrawals.as_slice() else {
        panic!("{outcome:?}")
    };
    assert_eq!((gone.url_digests.len(), gone.url_keys.len()), (1, 1));
    assert_eq!(outcome.shared.values().copied().collect::<Vec<_>>(), [2]);

    // Of two, a person says.
    samples::write(folder.path(), articles.get(..2).unwrap());
    let mut of_two = request(&["art-1"]);
    let outcome = preview(folder.path(), &of_two).unwrap();
    let copies: Vec<String> = outcome.copies.iter().map(ToString::to_string).collect();
    assert_eq!(copies, ["art-2 has a URL of art-1"]);
    assert!(matches!(
        withdraw(folder.path(), &of_two),
        Err(WithdrawError::Undecided(_))
    ));
    of_two.distinct = BTreeSet::from(["art-2".parse().unwrap()]);
    let outcome = withdraw(folder.path(), &of_two).unwrap();
    let gone = outcome.withdrawals.first().unwrap();
    assert_eq!((gone.url_digests.len(), gone.url_keys.len()), (1, 1));
    let sealing = SealOptions {
        private: Some(&of_two.private),
        ..options()
    };
    seal(folder.path(), &sealing).unwrap();
}

#[test]
fn a_receipt_says_what_was_done_and_what_was_not() {
    let folder = unsealed();
    seal(folder.path(), &options()).unwrap();
    let request = request(&["art-1"]);
    let outcome = withdraw(folder.path(), &request).unwrap();
    let text = std::fs::read_to_string(outcome.receipt.unwrap()).unwrap();
    for part in [
        "reason  copyright",
        "keys    public",
        "art-1  in release 1",
        "keys: raw bytes, 1 URL, 1 URL in coarse form",
        "1 trace and 1 relation",
        "Not in force until the next release is sealed",
        "too short for their text to be a key",
        "courier/art-1.txt",
        "Hugging Face",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    assert!(!text.contains("news.example"), "{text}");
}
