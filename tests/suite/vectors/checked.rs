//! The checker finds in each vector what it is named after, and nothing in the valid ones.

use std::collections::BTreeSet;

use dateline::check::{At, check_line};
use dateline::diagnostic::{CODES, Code, Severity};

use super::{Vector, vectors};

/// Codes about the shape of a value, which stand for the requirements of its field.
const OF_SHAPE: [&str; 6] = [
    "field-empty",
    "field-missing",
    "field-type",
    "field-unknown",
    "field-value",
    "type-unknown",
];

/// Vectors whose defect a code of another requirement tells, and which.
const TOLD_BY: [(&str, &str); 4] = [
    ("canonical-json--nothing", "line-empty"),
    ("withdrawal-date--february-30", "time-calendar"),
    ("withdrawal-date--month", "time-form"),
    ("withdrawal-date--time", "time-form"),
];

fn codes(vector: &Vector) -> Vec<(&'static str, Severity)> {
    let at = At {
        file: "vector.jsonl",
        line: 1,
        offset: 0,
    };
    check_line(&vector.bytes, at)
        .into_iter()
        .map(|found| (found.code.name, found.severity))
        .collect()
}

fn is_line(vector: &Vector) -> bool {
    matches!(
        vector.folder.as_str(),
        "article" | "relation" | "withdrawal" | "trace" | "syntax"
    )
}

#[test]
fn nothing_is_found_in_what_is_valid() {
    for vector in vectors("valid").into_iter().filter(is_line) {
        let mut found = codes(&vector);
        found.retain(|(_, severity)| *severity != Severity::Note);
        assert_eq!(found, [], "{}", vector.path.display());
    }
}

/// Each breaks one requirement and no other, as far as codes tell: a reader may stop at the first
/// defect it meets and must still name this one.
#[test]
fn what_a_vector_is_named_after_is_found_and_nothing_else() {
    for vector in vectors("invalid").into_iter().filter(is_line) {
        let stem = vector.path.file_stem().unwrap().to_str().unwrap();
        let requirement = vector.requirement.as_deref().unwrap();
        let own: Vec<&str> = CODES
            .iter()
            .filter(|code| code.requirement == requirement)
            .map(|code| code.name)
            .collect();
        let told = TOLD_BY.iter().find(|(name, _)| *name == stem);
        let found = codes(&vector);
        let fits = |code: &&str| {
            own.contains(code) || OF_SHAPE.contains(code) || told.is_some_and(|(_, by)| by == code)
        };
        let errors = found
            .iter()
            .filter(|(_, severity)| *severity == Severity::Error);
        let errors: Vec<_> = errors.map(|(code, _)| *code).collect();
        let broken: BTreeSet<&str> = errors
            .iter()
            .map(|code| {
                if OF_SHAPE.contains(code) {
                    requirement
                } else {
                    Code::named(code).unwrap().requirement
                }
            })
            .collect();
        assert_eq!(broken.len(), 1, "{}: {found:?}", vector.path.display());
        assert!(
            own.is_empty() || errors.iter().all(fits),
            "{}: {found:?}",
            vector.path.display()
        );
        let mut others = found
            .iter()
            .filter(|(code, severity)| *severity == Severity::Warning && !fits(code));
        assert_eq!(others.next(), None, "{}", vector.path.display());
    }
}

#[test]
fn what_is_suspect_is_said_once_and_is_no_error() {
    for vector in vectors("suspect").into_iter().filter(is_line) {
        let requirement = vector.requirement.as_deref().unwrap();
        let found = codes(&vector);
        let own = CODES.iter().filter(|code| code.requirement == requirement);
        let own: Vec<_> = own.map(|code| (code.name, code.severity)).collect();
        assert_eq!(found, own, "{}", vector.path.display());
        assert!(own.iter().all(|(_, severity)| *severity != Severity::Error));
    }
}

#[test]
fn nothing_below_x_has_a_meaning() {
    let x = br#"{"x":{"id":"","type":"relation","absent":null,"source":{"url":"nowhere"},
        "article":{"published":"tomorrow"},"links":[],"content_digest":"sha256:0"},"#;
    for mut vector in vectors("valid/article") {
        let Some(rest) = vector.bytes.strip_prefix(b"{") else {
            continue;
        };
        if memchr::memmem::find(rest, b"\"x\"").is_some() {
            continue;
        }
        let without = codes(&vector);
        vector.bytes = [x, rest].concat();
        assert_eq!(codes(&vector), without, "{}", vector.path.display());
    }
}
