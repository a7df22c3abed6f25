//! Withdraws an article from a copy of the example corpus.

use std::collections::BTreeSet;

use dateline::corpus::{Corpus, Part, WriteOptions};
use dateline::record::{Record, WithdrawalReason};
use dateline::takedown::Private;
use dateline::withdraw::{Keying, Request, Selection};

#[path = "shared/copy.rs"]
mod copy;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = copy::of_demo_corpus()?;
    let mut lines = Corpus::open(corpus.path())?
        .working()?
        .lines(Part::Records)?;
    let first = lines.next().ok_or("the corpus is empty")??;
    let id = Record::read(&first.bytes)?.id().clone();

    let beside = tempfile::tempdir()?;
    let request = Request {
        select: Selection::ids([&id]),
        also: BTreeSet::new(),
        distinct: BTreeSet::new(),
        reason: WithdrawalReason::Copyright,
        keying: Keying::Public,
        by: "the data protection officer".to_owned(),
        private: Private::at(beside.path()),
        date: "2026-02-01".parse()?,
        notice: None,
        write: WriteOptions::default(),
    };
    let outcome = dateline::withdraw(corpus.path(), &request)?;
    assert_eq!(outcome.withdrawals.len(), 1);
    Ok(())
}
