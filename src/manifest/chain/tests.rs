#![allow(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::{ChangesById, ChangesError, Effect, Standing, Succession, WithdrawalFault, standing};
use crate::corpus::{self, EntriesError, Entry};
use crate::digest::Digest;
use crate::manifest::Changes;
use crate::manifest::entries::{Pair, Pairs};
use crate::record::RecordType::{self, Article, Relation, Withdrawal};

fn entry(id: &str, kind: RecordType, content: u8) -> Entry {
    Entry {
        id: id.parse().unwrap(),
        kind,
        digest: Digest::of(&[content]),
    }
}

fn count(before: Option<RecordType>, after: Option<RecordType>) -> (Changes, Effect) {
    let change = Succession::between(
        before.map(|kind| entry("a", kind, 0)),
        after.map(|kind| entry("a", kind, 1)),
    );
    let mut changes = Changes::default();
    let effect = change.unwrap().count(&mut changes);
    (changes, effect)
}

#[test]
fn every_change_has_a_name() {
    let added = Changes {
        added: 1,
        ..Changes::default()
    };
    let removed = Changes {
        removed: 1,
        ..Changes::default()
    };
    let revised = Changes {
        revised: 1,
        ..Changes::default()
    };
    let withdrawn = Changes {
        withdrawn: 1,
        ..Changes::default()
    };
    let reinstated = Changes {
        reinstated: 1,
        ..Changes::default()
    };
    for (before, after, changes, effect) in [
        (None, Some(Article), added, Effect::Fair),
        (None, Some(Relation), added, Effect::Fair),
        (None, Some(Withdrawal), added, Effect::Fair),
        (Some(Article), None, Changes::default(), Effect::Vanished),
        (Some(Withdrawal), None, Changes::default(), Effect::Vanished),
        (Some(Relation), None, removed, Effect::Fair),
        (Some(Article), Some(Article), revised, Effect::Fair),
        (Some(Withdrawal), Some(Withdrawal), revised, Effect::Fair),
        (Some(Article), Some(Withdrawal), withdrawn, Effect::Fair),
        (Some(Withdrawal), Some(Article), reinstated, Effect::Fair),
        (Some(Article), Some(Relation), added, Effect::Vanished),
    ] {
        assert_eq!(
            count(before, after),
            (changes, effect),
            "{before:?} {after:?}"
        );
    }
    let same = entry("a", Article, 0);
    assert_eq!(Succession::between(Some(same.clone()), Some(same)), None);
}

/// The changes that lines of a file say, which are taken as its reader gives them.
/// A relation and an article of one id are two.
#[test]
fn a_relation_that_became_an_article_went_and_came() {
    let (changes, effect) = count(Some(Relation), Some(Article));
    assert_eq!(
        (changes.removed, changes.added, effect),
        (1, 1, Effect::Fair)
    );
    assert_eq!(changes.revised, 0);
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

fn read(lines: &str) -> Result<Vec<Succession>, ChangesError> {
    let lines: Vec<Result<corpus::Change, EntriesError>> = lines
        .lines()
        .map(|line| {
            let (sign, entry) = line.split_at(1);
            Ok(corpus::Change {
                added: sign == "+",
                entry: Entry::read(entry).unwrap(),
            })
        })
        .collect();
    ChangesById::new("changes.txt".into(), lines.into_iter()).collect()
}

#[test]
fn two_lines_of_an_id_are_one_change() {
    let a = entry("a", Article, 0);
    let other = entry("a", Article, 1);
    let b = entry("b", Article, 0);
    let changes = read(&format!("-{a}\n+{other}\n+{b}\n")).unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!(
        read(&format!("-{a}\n+{a}")).unwrap_err().to_string(),
        "changes.txt: the lines of id `a` are no change"
    );
}

#[test]
fn what_the_next_release_does_not_have_cannot_be_undone() {
    let change = Succession::between(None, Some(entry("a", Article, 0))).unwrap();
    for after in [None, Some(entry("a", Article, 1))] {
        let error = change.clone().undo(after.as_ref(), 2).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the changes say of id `a` what release 2 does not have"
        );
    }
}

fn release() -> impl Strategy<Value = Vec<Entry>> {
    proptest::collection::btree_map(0_u8..12, (0_u8..3, 0_u8..2), 0..12).prop_map(|entries| {
        let kind = |kind| match kind {
            0 => Article,
            1 => Relation,
            _ => Withdrawal,
        };
        entries
            .into_iter()
            .map(|(id, (k, content))| entry(&format!("id-{id:02}"), kind(k), content))
            .collect()
    })
}

proptest! {
    #[test]
    fn changes_read_backwards_give_the_release_before(old in release(), new in release()) {
        let all = |entries: &[Entry]| {
            let items: Vec<Result<Entry, ()>> = entries.iter().cloned().map(Ok).collect();
            items.into_iter()
        };
        let mut lines = String::new();
        for pair in Pairs::new(all(&old), all(&new)) {
            let (before, after) = match pair.unwrap() {
                Pair::Left(before) => (Some(before), None),
                Pair::Right(after) => (None, Some(after)),
                Pair::Both(before, after) => (Some(before), Some(after)),
            };
            if let Some(change) = Succession::between(before, after) {
                let line = |sign, entry: Option<Entry>| entry.map(|entry| format!("{sign}{entry}\n"));
                lines.extend(line('-', change.before));
                lines.extend(line('+', change.after));
            }
        }
        let changes: Vec<Result<Succession, ()>> =
            read(&lines).unwrap().into_iter().map(Ok).collect();
        let mut rebuilt = Vec::new();
        for pair in Pairs::new(all(&new), changes.into_iter()) {
            rebuilt.extend(match pair.unwrap() {
                Pair::Left(same) => Some(same),
                Pair::Right(change) => change.undo(None, 2).unwrap(),
                Pair::Both(after, change) => change.undo(Some(&after), 2).unwrap(),
            });
        }
        prop_assert_eq!(rebuilt, old);
    }
}
