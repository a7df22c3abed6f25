//! The built-in profiles: their examples, and what they may not hold.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::HashSet;

use crate::profile::{Profile, Recognised, builtin, builtin_yaml, recognise, test};

#[test]
fn every_example_is_borne_out() {
    for profile in builtin() {
        assert_eq!(test(profile), [], "{}", profile.id());
        assert!(builtin_yaml(profile.id()).is_some());
    }
    let ids: Vec<&str> = builtin().iter().map(Profile::id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn examples_are_of_one_layout_each() {
    for profile in builtin() {
        for example in &profile.document.examples.0 {
            let text = &example.input.0.0;
            assert!(
                matches!(recognise(text, builtin()), Recognised::One(one) if one.id() == profile.id())
            );
        }
    }
}
