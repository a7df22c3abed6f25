//! What may come back, at the gate of a release and a state behind it.

use crate::corpus::{Corpus, WriteOptions, Writer};
use crate::digest::Digest;
use crate::dump::{InputEntry, Kind, Refused, WITHDRAWN};
use crate::manifest::{samples, seal};
use crate::record::{Article, Key, Meeting, Record, Traits, url_key};
use crate::takedown::{Gate, HELD, Private};

/// A release of two articles, and a working state in which one more was withdrawn under a coarse URL, and
/// items were refused.
fn gate() -> Gate {
    let folder = tempfile::tempdir().unwrap();
    let [one, two, gone] =
        [1, 2, 3].map(|n| Record::Article(Box::new(samples::article(n, "Text."))));
    samples::write(folder.path(), &[one.clone(), two.clone()]);
    seal(folder.path(), &samples::options(None)).unwrap();
    let Record::Withdrawal(mut withdrawal) = samples::withdrawal(&gone) else {
        unreachable!("it is one")
    };
    withdrawal.release = None;
    withdrawal.url_keys = vec![Key::Public(url_key("https://news.example/2").unwrap())];
    let records = [one, two, Record::Withdrawal(withdrawal)];
    samples::write(folder.path(), &records);
    let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
    let mut ledger = writer.ledger();
    let refused = |offset, code: &str| Refused {
        offset,
        length: 5,
        layers: Vec::new(),
        code: code.to_owned(),
    };
    ledger
        .push(&InputEntry {
            path: "courier/a.jsonl".to_owned(),
            bytes: 40,
            digest: Digest::of(b"a"),
            kind: Kind::Text,
            reader: [("example-flat".to_owned(), 1)].into(),
            items: 4,
            records: 1,
            superseded: 0,
            refused: vec![refused(0, HELD), refused(10, WITHDRAWN), refused(20, HELD)],
        })
        .unwrap();
    writer.set(ledger.finish().unwrap());
    writer.commit().unwrap();
    let corpus = Corpus::open(folder.path()).unwrap();
    let private = Private::at(&super::beside());
    Gate::of(&corpus, &corpus.working().unwrap(), &private).unwrap()
}

#[test]
fn what_the_ledger_has_as_held_was_held() {
    let gate = gate();
    let was_held = |path, offset, length| {
        let refused = Refused {
            offset,
            length,
            layers: Vec::new(),
            code: HELD.to_owned(),
        };
        gate.was_held(path, &refused)
    };
    assert!(was_held("courier/a.jsonl", 0, 5) && was_held("courier/a.jsonl", 20, 5));
    assert!(!was_held("courier/a.jsonl", 10, 5));
    assert!(!was_held("courier/a.jsonl", 0, 6) && !was_held("courier/b.jsonl", 0, 5));
}

/// Likeness holds an article that is new, and none that the last release has.
#[test]
fn likeness_holds_what_is_new() {
    let gate = gate();
    let mut article = samples::article(2, "Text.");
    let bars = |article: &Article| gate.bars(&Traits::of(article)).map(|barred| barred.by);
    assert_eq!(bars(&article), None);
    article.id = "art-22".parse().unwrap();
    assert_eq!(bars(&article), Some(Meeting::UrlKey));
    article.id = "art-3".parse().unwrap();
    assert_eq!(bars(&article), Some(Meeting::Id));
    assert_eq!(bars(&samples::article(1, "Text.")), None);
    assert_eq!(gate.withdrawn().len(), 1);
}
