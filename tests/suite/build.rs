//! Converting dumps into a corpus, beyond what one item shows.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dateline::convert::{Options, Outcome, convert};
use dateline::corpus::{Config, Corpus, Part, WriteOptions, Writer};
use dateline::dump::{InputEntry, inputs};
use dateline::profile;
use dateline::record::IdRule;
use dateline::record::{Article, Record, Relation, WithdrawalReason};
use dateline::takedown::Private;
use dateline::trace::TraceLine;
use dateline::withdraw::{Keying, Request, Selection, withdraw};

/// A page of the layout with a header of day and URL, read by the general converter.
fn page(url: &str, word: &str) -> String {
    format!(
        " date 2021-04-0{} {url}\n\nThe {word} gate is painted again\n\n\
         The {word} gate of the old harbour was painted on Monday, as it is every spring, by the two \
         keepers and their apprentice.\n\nThe paint is green, and it has been green for as long as \
         anybody in the {word} street can remember, said the keeper.\n",
        1 + word.len() % 9
    )
}

fn build(corpus: &Path, dump: &Path, ids: IdRule) -> Outcome {
    let mut config = Config::default_for("corpus");
    config.ids = ids;
    let profiles = profile::builtin().iter().collect();
    let options = Options {
        profiles,
        only_profiles: false,
        take: dateline::convert::Take::default(),
        config: &config,
        limit: None,
        private: None,
        progress: dateline::dump::Progress::default(),
    };
    convert(corpus, &inputs(&[dump.to_owned()]).unwrap(), &options).unwrap()
}

fn lines(corpus: &Path, part: Part) -> Vec<Vec<u8>> {
    let state = Corpus::open(corpus).unwrap().working().unwrap();
    state
        .lines(part)
        .unwrap()
        .map(|line| line.unwrap().bytes)
        .collect()
}

fn articles(corpus: &Path) -> Vec<Article> {
    let records = lines(corpus, Part::Records);
    records
        .iter()
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

fn ledger(corpus: &Path) -> Vec<InputEntry> {
    let state = Corpus::open(corpus).unwrap().working().unwrap();
    state.ledger().unwrap().map(Result::unwrap).collect()
}

#[test]
fn one_item_in_two_files_is_one_record_with_both_places() {
    let folder = tempfile::tempdir().unwrap();
    let (dump, corpus) = (folder.path().join("dump"), folder.path().join("corpus"));
    fs::create_dir(&dump).unwrap();
    for name in ["b.txt", "a.txt"] {
        fs::write(dump.join(name), page("https://gates.example/1", "north")).unwrap();
    }
    let outcome = build(&corpus, &dump, IdRule::Derived);
    assert_eq!((outcome.summary.items, outcome.summary.records), (2, 1));
    assert_eq!(articles(&corpus).len(), 1);
    let traces = lines(&corpus, Part::Traces);
    let trace: TraceLine = serde_json::from_slice(&traces[0]).unwrap();
    let places: Vec<&str> = trace
        .trace
        .locations
        .iter()
        .map(|location| location.path.as_str())
        .collect();
    assert_eq!(places, ["a.txt", "b.txt"]);
    assert!(ledger(&corpus).iter().all(|entry| entry.records == 1));
}

#[test]
fn a_second_item_of_one_url_is_refused_where_urls_give_ids() {
    let folder = tempfile::tempdir().unwrap();
    let (dump, corpus) = (folder.path().join("dump"), folder.path().join("corpus"));
    fs::create_dir(&dump).unwrap();
    fs::write(dump.join("a.txt"), page("https://gates.example/1", "north")).unwrap();
    fs::write(dump.join("b.txt"), page("https://gates.example/1", "south")).unwrap();
    let outcome = build(&corpus, &dump, IdRule::Url);
    assert_eq!((outcome.summary.records, outcome.summary.refused), (1, 1));
    let ledger = ledger(&corpus);
    assert_eq!((ledger[0].records, ledger[1].records), (1, 0));
    assert_eq!(ledger[1].refused[0].code, "record-id-duplicate");

    // With ids of their own both are records, and an edited item revises nothing.
    assert_eq!(build(&corpus, &dump, IdRule::Derived).summary.records, 2);
}

#[test]
fn what_was_withdrawn_is_refused_by_its_bytes_and_by_its_url() {
    let folder = tempfile::tempdir().unwrap();
    let (dump, corpus) = (folder.path().join("dump"), folder.path().join("corpus"));
    fs::create_dir(&dump).unwrap();
    fs::write(dump.join("a.txt"), page("https://gates.example/1", "north")).unwrap();
    fs::write(dump.join("b.txt"), page("https://gates.example/2", "south")).unwrap();
    build(&corpus, &dump, IdRule::Derived);
    let gone = articles(&corpus)
        .into_iter()
        .find(|article| article.url() == Some("https://gates.example/1"))
        .unwrap();
    let request = Request {
        select: Selection::ids([&gone.id]),
        also: BTreeSet::new(),
        distinct: BTreeSet::new(),
        reason: WithdrawalReason::Copyright,
        keying: Keying::Public,
        by: "a test".to_owned(),
        private: Private::beside(&corpus),
        date: "2026-01-31".parse().unwrap(),
        notice: None,
        write: WriteOptions::default(),
    };
    withdraw(&corpus, &request).unwrap();

    let again = build(&corpus, &dump, IdRule::Derived);
    assert_eq!((again.summary.records, again.summary.withdrawn), (1, 1));
    // Another text under the same URL is the same article.
    fs::write(
        dump.join("a.txt"),
        page("https://gates.example/1", "eastern"),
    )
    .unwrap();
    let edited = build(&corpus, &dump, IdRule::Derived);
    assert_eq!((edited.summary.records, edited.summary.withdrawn), (1, 1));
    // The ledger does not tell in which file it was.
    let state = Corpus::open(&corpus).unwrap().working().unwrap();
    let mut entries = state.ledger().unwrap();
    let paths: Vec<String> = entries.by_ref().map(|entry| entry.unwrap().path).collect();
    assert_eq!(
        (paths, entries.withdrawn_files()),
        (vec!["b.txt".to_owned()], 1)
    );
    assert_eq!(lines(&corpus, Part::Withdrawals).len(), 1);
}

#[test]
fn relations_of_other_methods_stay_and_asserted_ones_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    let dump = Path::new("examples/dumps");
    assert_eq!(build(&corpus, dump, IdRule::Derived).summary.relations, 1);
    let relations = lines(&corpus, Part::Relations);
    let mut other: Relation = serde_json::from_slice(&relations[0]).unwrap();
    other.method = "reader/1".to_owned();
    other.id = other.derived_id().unwrap();

    let mut writer = Writer::open(&corpus, WriteOptions::default()).unwrap();
    let mut part = writer.part(Part::Relations);
    let line = Record::Relation(Box::new(other.clone())).to_line().unwrap();
    part.push(other.id.as_str(), &line).unwrap();
    writer.set(part.finish().unwrap());
    writer.commit().unwrap();

    assert_eq!(build(&corpus, dump, IdRule::Derived).summary.relations, 2);
    assert_eq!(
        dateline::link(&corpus, WriteOptions::default()).unwrap(),
        (2, false)
    );
}
