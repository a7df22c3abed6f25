#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::{Pair, Pairs};
use crate::digest::Digest;
use crate::record::RecordType;
use crate::release::Entry;

fn entry(id: &str) -> Entry {
    Entry {
        id: id.parse().unwrap(),
        kind: RecordType::Article,
        digest: Digest::of(id.as_bytes()),
    }
}

#[test]
fn pairs_meet_by_id() {
    type Item = Result<Entry, ()>;
    let side = |ids: &str| -> Vec<Item> {
        ids.chars()
            .map(|id| {
                if id == '!' {
                    Err(())
                } else {
                    Ok(entry(&id.to_string()))
                }
            })
            .collect()
    };
    for (left, right, expected) in [
        ("", "", ""),
        ("abd", "bce", "<a=b>c<d>e"),
        ("ab", "", "<a<b"),
        ("", "ab", ">a>b"),
        ("a!", "b", "<a!>b"),
        ("b", "a!", ">a!<b"),
    ] {
        let pairs = Pairs::new(side(left).into_iter(), side(right).into_iter());
        let found: String = pairs
            .map(|pair| match pair {
                Ok(Pair::Left(entry)) => format!("<{}", entry.id),
                Ok(Pair::Right(entry)) => format!(">{}", entry.id),
                Ok(Pair::Both(entry, other)) => {
                    assert_eq!(entry, other);
                    format!("={}", entry.id)
                }
                Err(()) => "!".to_owned(),
            })
            .collect();
        assert_eq!(found, expected);
    }
}
