#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::{Standing, WithdrawalFault, standing};
use crate::digest::Digest;
use crate::record::RecordType::{self, Article, Withdrawal};
use crate::release::Entry;

fn entry(id: &str, kind: RecordType, content: u8) -> Entry {
    Entry {
        id: id.parse().unwrap(),
        kind,
        digest: Digest::of(&[content]),
    }
}

/// What is not known of a release between says nothing of those before it.
#[test]
fn a_withdrawal_is_held_to_what_is_known() {
    let was = entry("a", Article, 1);
    let other = entry("a", Article, 2);
    let gone = entry("a", Withdrawal, 3);
    let says = |release| Standing {
        was: was.digest,
        release,
    };
    // Release 4 is not known.
    assert_eq!(standing(&says(None), 5, &[(3, Some(&other))]), None);
    assert_eq!(
        standing(&says(None), 4, &[(3, Some(&was))]),
        Some(WithdrawalFault::Unnamed { release: 3 })
    );
    // Release 4 had nothing at the id; the one that is named had another record, or the withdrawal.
    let fault = Some(WithdrawalFault::Release { said: 1 });
    for there in [&other, &gone] {
        let before = [(4, None), (1, Some(there))];
        assert_eq!(standing(&says(Some(1)), 5, &before), fault);
    }
    let mut alike = gone.clone();
    alike.digest = was.digest;
    let before = [(4, None), (1, Some(&alike))];
    assert_eq!(standing(&says(Some(1)), 5, &before), fault);
    let before = [(4, None), (1, Some(&was))];
    assert_eq!(standing(&says(Some(1)), 5, &before), None);
}
