#![allow(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::{Change, Changes, ChangesById, Effect, Entry, Pair, Pairs, Succession, changes};
use crate::digest::Digest;
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

/// The changes that lines of a file say, which are taken as its reader gives them.
fn read(lines: &str) -> Vec<Succession> {
    let lines = lines.lines().map(|line| {
        let (sign, entry) = line.split_at(1);
        Ok(Change {
            added: sign == "+",
            entry: Entry::read(entry).unwrap(),
        })
    });
    ChangesById::new(lines).map(Result::unwrap).collect()
}

#[test]
fn two_lines_of_an_id_are_one_change() {
    let a = entry("a", Article, 0);
    let other = entry("a", Article, 1);
    let b = entry("b", Article, 0);
    let changes = read(&format!("-{a}\n+{other}\n+{b}\n"));
    assert_eq!(changes.len(), 2);
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
        let lines = changes(all(&old), all(&new));
        let lines: Vec<String> = lines.map(|line| line.unwrap().to_string()).collect();
        let changes = read(&lines.join("\n")).into_iter().map(Ok);
        let mut rebuilt = Vec::new();
        for pair in Pairs::new(all(&new), changes) {
            rebuilt.extend(match pair.unwrap() {
                Pair::Left(same) => Some(same),
                Pair::Right(change) => change.undo(None, 2).unwrap(),
                Pair::Both(after, change) => change.undo(Some(&after), 2).unwrap(),
            });
        }
        prop_assert_eq!(rebuilt, old);
    }
}
