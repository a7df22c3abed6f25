//! Places, and the text around them.

use std::ops::Range;

use proptest::prelude::{ProptestConfig, any, prop, proptest};

use crate::diagnostic::{Diagnostic, Excerpt, LineIndex, Place, Styles, codes, full};

/// The window that the full report shows, without its frame.
fn window(line: &[u8], span: Range<usize>) -> String {
    let place = Place::in_line("f", 1, 0, line, span);
    let mut out = Vec::new();
    let diagnostic = Diagnostic::new(codes::JSON_SYNTAX, place, "m");
    full::write_one(&mut out, &diagnostic, &Styles::plain()).unwrap();
    let out = String::from_utf8(out).unwrap();
    let rows: Vec<&str> = out.lines().skip(3).collect();
    format!("{}\n{}", &rows[0][4..], &rows[1][4..])
}

#[test]
fn a_short_line_is_shown_whole() {
    assert_eq!(window(b"abc def\r", 4..7), "abc def\n    ^^^");
    assert_eq!(window(b"", 0..0), "\n^");
    assert_eq!(window(b"abc", 3..3), "abc\n   ^");
    assert_eq!(window(b"abc", 90..99), "abc\n   ^");
}

#[test]
fn marks_stand_under_wide_and_combining_characters() {
    assert_eq!(window("雨雨 x".as_bytes(), 3..6), "雨雨 x\n  ^^");
    assert_eq!(
        window("e\u{301}e\u{301} x".as_bytes(), 3..6),
        "e\u{301}e\u{301} x\n ^"
    );
    assert_eq!(window("a\tb".as_bytes(), 1..2), "a\\tb\n ^^");
    assert_eq!(window(b"a\xFFb", 2..3), "a\\xFFb\n     ^");
}

#[test]
fn a_long_line_is_shown_around_the_span() {
    let line = format!("{}NEEDLE{}", "a".repeat(3000), "b".repeat(3000));
    let shown = window(line.as_bytes(), 3000..3006);
    insta::assert_snapshot!(shown, @r#"
    …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaNEEDLEbbbbbbbbbbbbbbbbbbbbbbbb…
                                                                           ^^^^^^
    "#);

    let start = window(line.as_bytes(), 0..1);
    assert!(
        start.starts_with("aaa") && start.contains("aaa…\n^"),
        "{start}"
    );
    let end = window(line.as_bytes(), line.len() - 1..line.len());
    assert!(end.starts_with("…bbb") && end.contains("bbb\n "), "{end}");
    let all = window(line.as_bytes(), 0..line.len());
    insta::assert_snapshot!(all, @r#"
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_cut_never_halves_a_character() {
    for character in ["é", "雨", "🌧", "e\u{301}"] {
        let line = character.repeat(2000);
        for at in 0..40 {
            let at = 1000 * character.len() + at * character.len();
            let excerpt = Excerpt::new(line.as_bytes(), at..at + character.len());
            assert!(!excerpt.text().contains("\\x"), "{}", excerpt.text());
            assert_eq!(excerpt.marked(), character);
        }
    }
}

#[test]
fn a_thousand_marks_on_a_letter_are_cut() {
    let line = format!("a{}b", "\u{301}".repeat(50_000));
    let excerpt = Excerpt::new(line.as_bytes(), line.len() - 1..line.len());
    assert!(excerpt.text().len() < 4000);
    assert!(excerpt.text().starts_with('…'));
}

#[test]
fn lines_are_counted_from_one_and_columns_in_characters() {
    let lines = LineIndex::new("één\ntwée\n\nvier".as_bytes());
    let at = |span: Range<usize>| {
        let place = lines.place("f", span);
        (place.line.unwrap(), place.column.unwrap())
    };
    assert_eq!(at(0..1), (1, 1));
    assert_eq!(at(4..5), (1, 3));
    assert_eq!(at(5..6), (1, 4), "the line end belongs to its line");
    assert_eq!(at(6..7), (2, 1));
    assert_eq!(at(10..11), (2, 4));
    assert_eq!(at(12..12), (3, 1));
    assert_eq!(at(17..17), (4, 5), "the end of the text");
    assert_eq!(at(99..99), (4, 5), "beyond it");
    assert_eq!(LineIndex::new(b"").place("f", 0..0).line, Some(1));
}

#[test]
fn a_span_of_several_lines_is_shown_by_its_first() {
    let place = LineIndex::new(b"one\ntwo\nthree\n").place("f", 4..13);
    assert_eq!(place.span, Some(4..13));
    assert_eq!((place.line, place.column), (Some(2), Some(1)));
    assert_eq!(place.excerpt.unwrap().marked(), "two");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Nothing panics, and an excerpt's size does not grow with its line's.
    #[test]
    fn any_bytes_and_any_span_have_an_excerpt(
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
        start in 0usize..2100,
        length in 0usize..2100,
    ) {
        let excerpt = Excerpt::new(&bytes, start..start + length);
        assert!(excerpt.text().len() <= 8 * 3 * 110);
        let place = LineIndex::new(&bytes).place("f", start..start + length);
        assert!(place.line.unwrap() >= 1 && place.column.unwrap() >= 1);
    }
}
