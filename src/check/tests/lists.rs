//! The lists and numbers of `spec/texts.md` are those that are used.

use crate::check::corpus::boilerplate;
use crate::check::rules::plausible;
use crate::check::text::{markup, misread, mojibake, script};
use crate::record::PLACEHOLDERS;

fn page(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    std::fs::read_to_string(format!("{root}/spec/{name}.md")).unwrap()
}

/// The block below a heading of `spec/texts.md`.
fn block(heading: &str) -> String {
    let page = page("texts");
    let (_, behind) = page.split_once(&format!("\n### {heading}\n")).unwrap();
    let (_, block) = behind.split_once("```text\n").unwrap();
    let (block, _) = block.split_once("\n```").unwrap();
    block.to_owned()
}

fn words(heading: &str) -> Vec<String> {
    block(heading)
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_lists_of_the_page_are_those_that_are_used() {
    assert_eq!(words("Elements"), markup::ELEMENTS);
    assert_eq!(words("References"), markup::REFERENCES);
    assert_eq!(
        block("Walls").lines().collect::<Vec<_>>(),
        plausible::WALL_WORDS
    );
    assert_eq!(
        block("Ends").lines().collect::<Vec<_>>(),
        plausible::CUT_ENDS
    );
    let natural = mojibake::NATURAL.map(|c| format!("U+{:04X}", u32::from(c)));
    assert_eq!(words("Characters that follow words"), natural);
}

/// The items in backticks of the sentence that ends in a requirement's name.
fn items(page: &str, requirement: &str) -> Vec<String> {
    let line = page
        .lines()
        .find(|line| line.ends_with(&format!("{{#{requirement}}}")))
        .unwrap();
    let (_, listed) = line.rsplit_once(": ").unwrap();
    let items = listed.split('`').skip(1).step_by(2);
    items.map(str::to_owned).collect()
}

#[test]
fn placeholders_and_accents_are_those_of_the_pages() {
    assert_eq!(
        items(&page("record"), "record-no-placeholder"),
        PLACEHOLDERS
    );
    let page = page("texts");
    let (_, named) = page.split_once("a letter of ASCII and `").unwrap();
    let (named, _) = named.split_once(".\n").unwrap();
    let named: Vec<&str> = named.split('`').step_by(2).collect();
    assert_eq!(named, markup::ACCENTS);
}

/// A number as the page writes it.
fn number(number: usize) -> String {
    match number {
        2 => "two".to_owned(),
        4 => "four".to_owned(),
        8 => "eight".to_owned(),
        10 => "ten".to_owned(),
        20 => "twenty".to_owned(),
        large if large >= 1000 => format!("{},{:03}", large / 1000, large % 1000),
        small => small.to_string(),
    }
}

#[test]
fn the_numbers_of_the_page_are_those_that_are_used() {
    let page = page("texts");
    for (phrase, numbers) in [
        ("at least {} letters or digits", vec![plausible::FEWEST]),
        ("fewer than {} bytes of UTF-8", vec![plausible::WALL]),
        ("in its last {} bytes", vec![plausible::TAIL]),
        ("it has fewer than {} bytes", vec![plausible::TEASER]),
        ("up to {} bytes without `<`", vec![markup::TAG - 1]),
        ("{} bytes together at most", vec![markup::REFERENCE]),
        ("with {} signs or more", vec![mojibake::SIGNS]),
        ("the first {} letters of a text", vec![script::SAMPLE]),
        ("fewer than {} letters are not judged", vec![script::FEWEST]),
        (
            "the first {} and the last {} lines",
            vec![boilerplate::FIRST, boilerplate::LAST],
        ),
        (
            "of {} to {} bytes",
            vec![boilerplate::SHORTEST, boilerplate::LONGEST],
        ),
        (
            "{} lines and {} publishers",
            vec![boilerplate::COUNTERS, boilerplate::PUBLISHERS],
        ),
    ] {
        let mut phrase = phrase.to_owned();
        for value in numbers {
            let exact = phrase.replacen("{}", &value.to_string(), 1);
            let worded = phrase.replacen("{}", &number(value), 1);
            // Of bytes the page writes small numbers as digits.
            phrase = if page.contains(exact.split("{}").next().unwrap()) {
                exact
            } else {
                worded
            };
        }
        assert!(page.contains(&phrase), "texts.md does not say: {phrase}");
    }
    assert!(page.contains("in ten texts or more, and in one of twenty or more"));
    assert_eq!((boilerplate::FEWEST, boilerplate::ONE_IN), (10, 20));
    assert!(page.contains("Three such pairs or more") && mojibake::PAIRS == 3);
    assert!(page.contains("and three of one kind make it such a text") && misread::SIGNS == 3);
    assert!(page.contains("five letters or more on end") && misread::ACCENTED == 5);
    assert!(page.contains("a word of five letters or more") && misread::SWAPPED == 5);
    assert!(page.contains("At least a quarter of the first") && script::ONE_IN == 4);
}
