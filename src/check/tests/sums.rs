//! Sets of entries, told apart by their sums.

#![allow(
    clippy::field_reassign_with_default,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use crate::check::corpus::ids::Key;
use crate::check::corpus::release::Entries;
use crate::digest::Digest;
use crate::record::RecordType::{self, Article, Relation, Withdrawal};

fn set(entries: &[(&str, RecordType, [u8; 32])]) -> Entries {
    let mut all = Entries::default();
    for (id, kind, digest) in entries {
        all.add(Key::of(id), *kind, Digest::from_bytes(*digest));
    }
    all
}

/// A digest that ends and begins with these bytes.
fn digest(first: u8, last: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[0] = first;
    bytes[15] = last;
    bytes
}

/// Ids, types and digests count, each by itself and to the last bit, and so does what belongs to what.
#[test]
fn sets_that_differ_in_one_thing_have_other_sums() {
    let base = set(&[("art-1", Article, digest(8, 9))]);
    assert_eq!(base.count, 1);
    assert_eq!(base, set(&[("art-1", Article, digest(8, 9))]));
    for other in [
        ("art-2", Article, digest(8, 9)),
        ("art-1", Relation, digest(8, 9)),
        ("art-1", Withdrawal, digest(8, 9)),
        ("art-1", Article, digest(10, 9)),
        ("art-1", Article, digest(8, 8)),
    ] {
        assert_ne!(base, set(&[other]), "{other:?}");
    }
    let exchanged = [
        ("art-2", Article, digest(4, 0)),
        ("art-1", Article, digest(8, 0)),
    ];
    let (one, two) = (
        ("art-1", Article, digest(4, 0)),
        ("art-2", Article, digest(8, 0)),
    );
    assert_ne!(set(&[one, two]), set(&exchanged));
    assert_eq!(set(&[one, two]), set(&[two, one]));
    assert_eq!(set(&[one, two]).count, 2);
    // Every record changes the sum, whatever its digest.
    for first in 0..4 {
        let mut none = Entries::default();
        none.count = 1;
        assert_ne!(set(&[("art-1", Article, digest(first, 0))]), none);
    }
    // Types are told apart under every id.
    for n in 0..64 {
        let id = format!("art-{n}");
        let [one, two, three] =
            [Article, Relation, Withdrawal].map(|kind| set(&[(&id, kind, digest(8, 9))]));
        assert!(one != two && two != three && one != three, "{id}");
    }
}
