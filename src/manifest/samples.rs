//! An invented manifest and an invented corpus for tests.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::Path;

use super::key::SigningKey;
use super::named::schemas;
use super::signers::AllowedSigners;
use super::{
    CorpusName, Created, DigestSet, Manifest, Predicate, PredicateType, Previous, Records,
    SUBJECTS, SealOptions, StatementType, Subject, Tool, Traces,
};
use crate::corpus::{Part, WriteOptions, Writer};
use crate::digest::Digest;
use crate::dump::{InputEntry, Kind};
use crate::record::{
    AbsentKey, AbsentReason, Article, ArticleTag, Class, Content, Format, Headlines, Id, Raw,
    Record, RecordType, Relation, RelationKind, RelationTag, Source, Withdrawal, WithdrawalReason,
    WithdrawalTag,
};
use crate::release::Changes;
use crate::trace::{Dropped, Location, ProfileRef, Span, Trace, TraceLine};

/// The manifest of a second release.
pub(crate) fn manifest() -> Manifest {
    let subject = |name: &str| Subject {
        name: name.to_owned(),
        digest: DigestSet {
            sha256: Digest::of(name.as_bytes()),
        },
    };
    Manifest {
        statement_type: StatementType::V1,
        subject: SUBJECTS.map(subject),
        predicate_type: PredicateType::V1,
        predicate: Predicate {
            corpus: CorpusName {
                origin: "example.org/floods".to_owned(),
                title: "Floods of the Upper Valley".to_owned(),
                license: Some("CC-BY-4.0".to_owned()),
            },
            release: 2,
            created: Created::from_unix(1_793_491_200).unwrap(),
            previous: Some(Previous {
                release: 1,
                digest: Digest::of(b"1"),
            }),
            records: Records {
                article: 4,
                relation: 1,
                withdrawal: 1,
                size: 6,
                root: Digest::of(b"entries"),
            },
            traces: Traces {
                size: 4,
                root: Digest::of(b"traces"),
            },
            changes: Changes {
                added: 0,
                revised: 1,
                withdrawn: 1,
                reinstated: 0,
                removed: 1,
            },
            schemas: schemas(),
            profiles: Vec::new(),
            tool: Tool {
                name: "dateline".to_owned(),
                version: "0.1.0".to_owned(),
            },
        },
    }
}

/// 2026-11-01T00:00:00Z.
pub(crate) const SEALED_AT: i64 = 1_793_491_200;

/// An invented article; `n` tells it from others.
pub(crate) fn article(n: u8, text: &str) -> Article {
    let mut article = Article {
        format: Format::V1,
        tag: ArticleTag::Article,
        id: format!("art-{n}").parse().unwrap(),
        source: Some(Source {
            name: Some("Example Courier".to_owned()),
            domain: Some("news.example".to_owned()),
            url: Some(format!("https://news.example/{n}")),
            canonical_url: None,
            identifier: None,
        }),
        fetch: None,
        raw: Raw {
            digest: Digest::of(&[n]),
            bytes: 40,
            media_type: "text/plain".to_owned(),
            encoding: "utf-8".to_owned(),
        },
        article: Some(Headlines {
            headline: Some(format!("Ferry \"{n}\"\u{1f} is back — café")),
            ..Headlines::default()
        }),
        links: Vec::new(),
        rights: None,
        absent: [
            AbsentKey::Authors,
            AbsentKey::FetchTime,
            AbsentKey::Language,
            AbsentKey::Published,
        ]
        .map(|key| (key, AbsentReason::NotInDump))
        .into(),
        content_digest: None,
        text_digest: None,
        content: Some(Content {
            text: Some(text.to_owned()),
            ..Content::default()
        }),
        x: serde_json::Map::new(),
    };
    article.seal_content().unwrap();
    article
}

/// An invented relation between two articles.
pub(crate) fn relation(from: u8, to: u8) -> Relation {
    let mut relation = Relation {
        format: Format::V1,
        tag: RelationTag::Relation,
        id: "rel-0".parse().unwrap(),
        relation: RelationKind::References,
        class: Class::Asserted,
        from: format!("art-{from}").parse().unwrap(),
        to: Some(format!("art-{to}").parse().unwrap()),
        to_url: None,
        method: "link/1".to_owned(),
        params: None,
        score: None,
        from_content: None,
        to_content: None,
        evidence: Vec::new(),
        x: serde_json::Map::new(),
    };
    relation.id = relation.derived_id().unwrap();
    relation
}

/// What stands in the place of a record.
pub(crate) fn withdrawal(was: &Record) -> Record {
    Record::Withdrawal(Box::new(Withdrawal {
        format: Format::V1,
        tag: WithdrawalTag::Withdrawal,
        id: was.id().clone(),
        was: was.digest().unwrap(),
        release: Some(1),
        reason: WithdrawalReason::Privacy,
        date: "2026-11-02".parse().unwrap(),
        notice: None,
        raw_digest: None,
        text_digest: None,
        url_digests: Vec::new(),
        url_keys: Vec::new(),
    }))
}

fn trace(id: &Id) -> TraceLine {
    TraceLine {
        id: id.clone(),
        trace: Trace {
            profile: ProfileRef {
                id: "example-flat".to_owned(),
                version: 1,
                digest: Some(Digest::of(b"profile")),
            },
            bytes: 40,
            encoding: None,
            locations: vec![Location::range(format!("courier/{id}.txt"), 0, 40)],
            contexts: Vec::new(),
            fields: Vec::new(),
            dropped: vec![Dropped {
                label: "markup".parse().unwrap(),
                spans: vec![Span { start: 0, end: 40 }],
            }],
        },
    }
}

/// Makes these records, with a trace for each article and a ledger, the working state.
pub(crate) fn write(path: &Path, records: &[Record]) {
    let mut writer = Writer::open(path, WriteOptions::default()).unwrap();
    let sorted: BTreeMap<&Id, &Record> = records.iter().map(|r| (r.id(), r)).collect();
    for (part, kind) in [
        (Part::Records, RecordType::Article),
        (Part::Relations, RecordType::Relation),
        (Part::Withdrawals, RecordType::Withdrawal),
    ] {
        let mut shards = writer.part(part);
        for (id, record) in &sorted {
            if record.record_type() == kind {
                shards
                    .push(id.as_str(), &record.to_line().unwrap())
                    .unwrap();
            }
        }
        writer.set(shards.finish().unwrap());
    }
    let mut traces = writer.part(Part::Traces);
    let mut inputs = writer.ledger();
    for (id, record) in sorted {
        if record.record_type() != RecordType::Article {
            continue;
        }
        let line = serde_json::to_vec(&trace(id)).unwrap();
        traces.push(id.as_str(), &line).unwrap();
        let input = InputEntry {
            path: format!("courier/{id}.txt"),
            bytes: 40,
            digest: Digest::of(id.as_str().as_bytes()),
            kind: Kind::Text,
            reader: [("example-flat".to_owned(), 1)].into(),
            items: 1,
            records: 1,
            superseded: 0,
            refused: Vec::new(),
        };
        inputs.push(&input).unwrap();
    }
    writer.set(traces.finish().unwrap());
    writer.set(inputs.finish().unwrap());
    writer.commit().unwrap();
}

/// Three articles and a relation.
pub(crate) fn records() -> Vec<Record> {
    let mut records: Vec<Record> = (1..=3)
        .map(|n| Record::Article(Box::new(article(n, &format!("Text {n}.\n\nMore.")))))
        .collect();
    records.push(Record::Relation(Box::new(relation(2, 1))));
    records
}

/// The key that the samples are signed with.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

/// How the samples are sealed.
pub(crate) fn options(key: Option<&SigningKey>) -> SealOptions<'_> {
    SealOptions {
        name: manifest().predicate.corpus,
        created: Created::from_unix(SEALED_AT).unwrap(),
        private: None,
        key,
        unsigned: false,
    }
}

/// The signers that allow [`key`].
pub(crate) fn signers() -> AllowedSigners {
    let line = format!("press@example.org {}\n", key().public());
    AllowedSigners::parse(line.as_bytes()).unwrap()
}
