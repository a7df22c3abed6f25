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

/// The literal words of a pattern, in runs that nothing variable parts.
fn anchors(pattern: &str) -> Vec<String> {
    let mut rest = pattern.to_owned();
    for (from, to) in [
        (r"\(\?<\w+>|\(\?[a-z]+\)", "|"),   // the names of groups, flags
        (r"\\[pP]\{\w+\}|\\[A-Za-z]", "|"), // classes
        (r"\[[^\]]*\]", "|"),
        (r"\{[\d,]+\}", "|"),
        (r"[.][*+?]", "|"),
    ] {
        rest = regex::Regex::new(from)
            .unwrap()
            .replace_all(&rest, to)
            .into_owned();
    }
    let runs = rest.split(['|', '(', ')', '*', '+']);
    runs.map(str::to_owned)
        .filter(|run| run.contains(char::is_alphabetic))
        .collect()
}

/// Every pattern in a built-in profile.
fn patterns(value: &serde_yaml::Value, key: &str, found: &mut Vec<String>) {
    match value {
        serde_yaml::Value::String(text)
            if ["match", "until", "detect", "not", "starts"].contains(&key) =>
        {
            found.push(text.clone());
        }
        serde_yaml::Value::Sequence(items) => {
            for item in items {
                patterns(item, key, found);
            }
        }
        serde_yaml::Value::Mapping(members) => {
            for (key, value) in members {
                patterns(value, key.as_str().unwrap(), found);
            }
        }
        serde_yaml::Value::Null
        | serde_yaml::Value::Bool(_)
        | serde_yaml::Value::Number(_)
        | serde_yaml::Value::String(_)
        | serde_yaml::Value::Tagged(_) => {}
    }
}

/// `profile-builtin`
#[test]
fn anchors_are_six_words_at_most() {
    assert_eq!(
        anchors(r"(?<value>.+?) \S+@\S+ Sign up (for|to) \d{4}$"),
        [" Sign up ", "for", "to"]
    );
    for profile in builtin() {
        let yaml = serde_yaml::from_str(builtin_yaml(profile.id()).unwrap()).unwrap();
        let mut found = Vec::new();
        patterns(&yaml, "", &mut found);
        assert!(found.len() > 3);
        for pattern in found {
            for anchor in anchors(&pattern) {
                let words = anchor
                    .split(|c: char| !c.is_alphabetic())
                    .filter(|word| !word.is_empty());
                assert!(
                    words.count() <= 6,
                    "{}: {anchor:?} in {pattern}",
                    profile.id()
                );
            }
        }
    }
}
