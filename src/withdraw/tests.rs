#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use tempfile::TempDir;

use super::{Request, WithdrawError, preview, withdraw};
use crate::corpus::{Corpus, Part, WriteOptions};
use crate::manifest::{SealOptions, samples, seal};
use crate::record::{
    Article, Key, Meeting, Record, Traits, WithdrawalReason, Withdrawn, text_digest, url_digest,
    url_key,
};

fn request(ids: &[&str]) -> Request {
    Request {
        ids: ids.iter().map(|id| id.parse().unwrap()).collect(),
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
            "no article but a relation: `{relation}`; relations go with the articles they are about"
        )
    );
    assert_eq!(refused(&[]), "no id was given to withdraw");
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
    let done = withdraw(folder.path(), &request(&["art-1"])).unwrap();
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
            .map(|(id, _)| id.to_string())
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
    assert_eq!(super::withdrawn(&state).unwrap(), withdrawn);
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
    let one: BTreeSet<_> = request(&["art-1"]).ids;
    assert!(one.iter().all(|id| withdrawn.contains(id)));
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
