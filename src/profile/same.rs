//! Whether a repeat is one.

use std::collections::HashSet;

use super::value::Compare;
use crate::record::{Time, text_v1};

/// Whether the values `found` are to `original` what `compare` asks for.
pub(super) fn holds(compare: Compare, found: &[String], original: &[String]) -> bool {
    let form = |values: &[String]| {
        values
            .iter()
            .map(|value| text_v1(value))
            .collect::<Vec<_>>()
    };
    match compare {
        Compare::Equal => form(found) == form(original),
        Compare::Subset => {
            let known: HashSet<String> = form(original).into_iter().collect();
            form(found).iter().all(|value| known.contains(value))
        }
        Compare::Day => match (found, original) {
            ([one], [other]) => day(one).is_some_and(|one| Some(one) == day(other)),
            _ => false,
        },
    }
}

fn day(text: &str) -> Option<String> {
    let time: Time = text.parse().ok()?;
    time.day().map(str::to_owned)
}
