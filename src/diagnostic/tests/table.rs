//! The table of codes and the pages made from it.

use std::collections::BTreeSet;
use std::fs;

use crate::diagnostic::{CODES, Code, explain, reference};

/// Set to write `spec/diagnostics.md` from the table.
const BLESS: &str = "DATELINE_BLESS";

#[test]
fn codes_are_unique_and_whole() {
    let names: BTreeSet<&str> = CODES.iter().map(|code| code.name).collect();
    assert_eq!(names.len(), CODES.len());
    for code in CODES {
        for name in [code.name, code.requirement] {
            assert!(
                name.split('-').all(|word| !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
                    && name.contains('-'),
                "{name} is not kebab-case"
            );
        }
        for text in [code.summary, code.what, code.why, code.bad, code.good] {
            assert!(text.trim() == text && !text.is_empty(), "{code}: {text:?}");
        }
        for sentence in [code.summary, code.what, code.why] {
            assert!(sentence.ends_with('.'), "{code}: {sentence:?}");
            assert!(!sentence.contains("  "), "{code}: {sentence:?}");
        }
        assert_ne!(code.bad, code.good, "{code}");
        assert_eq!(Code::named(code.name), Some(*code));
    }
}

#[test]
fn every_code_has_a_page_with_its_headings() {
    for code in CODES {
        let page = explain(code.name).unwrap();
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
        let title = format!("# {code}");
        assert_eq!(
            headings,
            [&*title, "## What", "## Why", "## Bad", "## Good"]
        );
        assert_eq!(page.matches("```").count(), 4, "{code}");
    }
}

#[test]
fn the_specification_shows_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/spec/diagnostics.md");
    if std::env::var_os(BLESS).is_some() {
        fs::write(path, reference()).unwrap();
    }
    let page = fs::read_to_string(path).unwrap_or_default();
    assert!(
        page == reference(),
        "spec/diagnostics.md is not what the table gives: {BLESS}=1 cargo test diagnostic::"
    );
}
