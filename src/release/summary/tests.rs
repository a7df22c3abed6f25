#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::{Counts, OrderError, Summariser};
use crate::digest::Digest;
use crate::merkle;
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
fn a_listing_is_the_digest_and_the_root_of_its_lines() {
    let mut listing = Summariser::new();
    let mut file = String::new();
    // In bytes, upper case is before lower case and `-` before both.
    let ids = ["-", "A", "a", "a-b", "a.b", "a0", "aB", "a~"];
    for id in ids.iter().skip(1) {
        file += &listing.push(&entry(id)).unwrap();
    }
    let before = listing.clone().finish();
    assert_eq!(
        listing.push(&entry("a~")),
        Err(OrderError::Twice("a~".parse().unwrap()))
    );
    assert!(matches!(
        listing.push(&entry("aB")),
        Err(OrderError::Order { .. })
    ));
    let summary = listing.finish();
    assert_eq!(summary, before, "what is refused is not taken");
    assert_eq!(summary.digest, Digest::of(file.as_bytes()));
    assert_eq!(summary.root, merkle::root_of(file.lines()));
    assert_eq!(summary.size, 7);
    assert_eq!(
        summary.counts,
        Counts {
            article: 7,
            ..Counts::default()
        }
    );
}

#[test]
fn the_empty_listing_is_the_empty_tree() {
    let summary = Summariser::new().finish();
    assert_eq!(summary.digest, Digest::of(b""));
    assert_eq!((summary.size, summary.root), (0, merkle::empty_root()));
}
