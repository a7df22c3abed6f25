//! Lines and corpora with one thing wrong, and what is said of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic"
)]

mod against;
mod among;
mod built;
mod carried;
mod corpora;
mod dumps;
mod hostile;
mod ledgers;
mod lines;
mod lists;
mod many;
mod releases;
mod restored;
mod sample;
mod strangers;
mod sums;
mod texts;
mod traces;
mod vectors;

use std::collections::BTreeSet;

use crate::diagnostic::codes::GROUPS;

/// Every code about lines, fields, records, relations, traces and corpora is one that a test of this
/// room sees reported.
#[test]
fn every_code_is_reported_by_some_test() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    seen.extend(lines::CASES.iter().map(|(code, ..)| *code));
    seen.extend(texts::CASES.iter().map(|(code, ..)| *code));
    seen.extend(among::CODES);
    seen.extend(carried::CODES);
    seen.extend(corpora::CODES);
    seen.extend(ledgers::CODES);
    seen.extend(releases::CODES);
    seen.extend(strangers::CODES);
    seen.extend(traces::CODES);
    for group in GROUPS {
        if group.title == "Dumps and profiles" {
            continue;
        }
        for code in group.codes {
            assert!(seen.contains(code.name), "{code}");
        }
    }
}
