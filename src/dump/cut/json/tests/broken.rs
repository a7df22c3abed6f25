//! What is broken, and what lies beside it.

use super::{JsonCutter, Layout, cut, items, tell, told};
use crate::dump::cut::Piece;

/// Streams, and what is told of them.
const FAULTS: &[(&str, &[&str])] = &[
    // JSON lines.
    (
        "{\"a\":1}\n{\"a\":\n{}\n",
        &[
            "0 {\"a\":1}",
            "8+5 at 13: the line ends within a value",
            "14 {}",
        ],
    ),
    (
        "{}\n{\"a\":\"b\r\n{}",
        &[
            "0 {}",
            "3+8 at 11: a string has no closing quote before the end of its line",
            "12 {}",
        ],
    ),
    (
        "{}\nERROR: {}\n{}",
        &["0 {}", "3+9 at 3: expected a value, found `E`", "13 {}"],
    ),
    (
        "{}\n\0\0\n{}",
        &[
            "0 {}",
            "3+2 at 3: expected a value, found a NUL byte",
            "6 {}",
        ],
    ),
    (
        "{}\n\u{feff}{}\n{}",
        &[
            "0 {}",
            "3+5 at 3: expected a value, found a byte order mark (U+FEFF)",
            "9 {}",
        ],
    ),
    (
        "{}\n{}}\n{}",
        &[
            "0 {}",
            "3 {}",
            "5+1 at 5: expected a value, found `}`",
            "7 {}",
        ],
    ),
    (
        "{}\n[{]}\n{}",
        &[
            "0 {}",
            "3+4 at 5: expected a key in double quotes or `}`, found `]`",
            "8 {}",
        ],
    ),
    // The first line.
    (
        "{\"a\":1,\n{}\n{}",
        &[
            "0+7 at 8: expected a key in double quotes, found `{`",
            "8 {}",
            "11 {}",
        ],
    ),
    (
        "{\"a\": \"b\n{}\n{}",
        &[
            "0+8 at 8: a string has no closing quote before the end of its line",
            "9 {}",
            "12 {}",
        ],
    ),
    (
        "nul\n{}",
        &["0+3 at 0: expected a value, found `n`", "4 {}"],
    ),
    // Values over lines.
    (
        "{\n\"a\": 1\n{\n\"b\": 2\n}\n{}",
        &[
            "0+8 at 9: expected `,` or `}`, found `{`",
            "9 {\n\"b\": 2\n}",
            "20 {}",
        ],
    ),
    (
        "{\n}{\"a\":[1}{}",
        &[
            "0 {\n}",
            "3+8 at 10: expected `,` or `]`, found `}`",
            "11 {}",
        ],
    ),
    // A sequence.
    (
        "\u{1e}{\n\"a\":\u{1e}{}\n\u{1e}{\"a\":\"\u{1e}1",
        &[
            "1+6 at 7: a record separator (U+001E) within a value",
            "8 {}",
            "12+6 at 18: a record separator (U+001E) within a value",
            "19 1",
        ],
    ),
    // An array.
    (
        "[{\"a\":[1},{\"b\":2}]",
        &["1+8 at 8: expected `,` or `]`, found `}`", "10 {\"b\":2}"],
    ),
    (
        "[{\"a\":\"x,\"b\":\"y\"},{\"b\":2}]",
        &["1+16 at 10: expected `,` or `}`, found `b`", "18 {\"b\":2}"],
    ),
    (
        "[{\"a:1,\"b\":\"y\"},{\"b\":2}]",
        &["1+14 at 8: expected `:`, found `b`", "16 {\"b\":2}"],
    ),
    (
        "[{\"a\":1,{\"b\":2},{\"c\":3}]",
        &[
            "1+14 at 8: expected a key in double quotes, found `{`",
            "16 {\"c\":3}",
        ],
    ),
    (
        "[{}, @, {}]",
        &["1 {}", "5+1 at 5: expected a value, found `@`", "8 {}"],
    ),
    (
        "[\n {\"a\":\"\n },\n {\"b\":2}\n]",
        &[
            "3+9 at 9: a string has no closing quote before the end of its line",
            "15 {\"b\":2}",
        ],
    ),
    (
        "[\n {\"a\":\n [{},\n {\"b\":2}\n]",
        &["3+22 at 25: the file ends within a value"],
    ),
    // What is around items.
    (
        "{\"meta\":@,\"items\":[{}]}",
        &["8+1 at 8: expected a value, found `@`", "19 {}"],
    ),
    (
        "{\"items\":[{}],x,\"z\":{}} {}",
        &[
            "10 {}",
            "14+9 at 14: expected a key in double quotes, found `x`",
            "24+2 at 24: no array at `/items`",
        ],
    ),
];

#[test]
fn a_fault_costs_its_item_and_is_placed() {
    for (stream, expected) in FAULTS {
        let told = told(stream.as_bytes());
        assert_eq!(told, *expected, "{stream}");
    }
}

#[test]
fn a_document_is_one_item_however_broken() {
    let stream = "{\"a\":{\n{}\n}}\n{}";
    let cutter = JsonCutter::with_layout(stream.as_bytes(), Layout::Document).unwrap();
    assert_eq!(
        tell(cutter.map(Result::unwrap).collect()),
        [
            "0+11 at 7: expected a key in double quotes or `}`, found `{`",
            "11+1 at 11: expected a value, found `}`",
            "13 {}"
        ]
    );
}

#[test]
fn what_ends_too_early_is_refused_and_the_items_before_are_not() {
    let article = r#"{"title":"a \"b\" {[","tags":["x",{"y":null}],"n":-1.5e3}"#;
    for (before, between, after) in [
        ("", "\n", "\n"),
        ("[", ",", "]"),
        ("[\n  ", ",\n  ", "\n]\n"),
        ("{\"items\":[", ",", "]}"),
        ("\u{1e}", "\n\u{1e}", "\n"),
    ] {
        let stream = [before, article, between, article, between, article, after].concat();
        for end in 0..stream.len() {
            let part = stream.as_bytes().get(..end).unwrap();
            let whole =
                |nth: usize| before.len() + nth * (article.len() + between.len()) + article.len();
            let expected = (0..3).filter(|nth| whole(*nth) <= end).count();
            let pieces = cut(part);
            let refused = pieces.len() - items(pieces.clone()).len();
            assert_eq!(items(pieces).len(), expected, "{end} of {stream}");
            // An item is not whole, or what they are in is not.
            let begins = before.len() + expected * (article.len() + between.len());
            let rest = part.get(begins..).unwrap_or_default();
            let is_within = before.contains('[') && !part.ends_with(after.trim_ascii().as_bytes());
            let is_open = !rest.trim_ascii().is_empty() && expected < 3 || is_within && end > 0;
            assert_eq!(refused, usize::from(is_open), "{end} of {stream}");
        }
    }
}

#[test]
fn one_byte_that_changes_leaves_the_items_beside_it() {
    let article = r#"{"title":"a \"b\" {[","tags":["x",{"y":null}],"n":-1.5e3}"#;
    let value: serde_json::Value = serde_json::from_str(article).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let indented = pretty.replace('\n', "\n  ");
    for (item, before, between, after) in [
        (article, "", "\n", "\n"),
        (article, "[\n", ",\n", "\n]"),
        (&pretty, "", "\n", "\n"),
        (&indented, "[\n  ", ",\n  ", "\n]"),
        (&indented, "{\n\"items\":[\n  ", ",\n  ", "\n]}"),
        (article, "\u{1e}", "\n\u{1e}", "\n"),
    ] {
        let stream = [before, item, between, item, between, item, after].concat();
        let second = before.len() + item.len() + between.len();
        let third = second + item.len() + between.len();
        for at in second..second + item.len() {
            for byte in *b"\0\n\x1e \"\\{}[],:x1\xff" {
                let mut stream = stream.clone().into_bytes();
                // A bracket in what indents a line looks as one that is laid out.
                if stream[at] == b' ' && b"{}[]".contains(&byte) {
                    continue;
                }
                stream[at] = byte;
                let pieces = cut(&stream);
                let is_there = |offset: usize| {
                    let offset = u64::try_from(offset).unwrap();
                    pieces.iter().any(|piece| {
                        matches!(piece, Piece::Item(found)
                        if found.offset == offset && found.bytes == item.as_bytes())
                    })
                };
                assert!(is_there(before.len()), "{byte} at {at}: {pieces:?}");
                assert!(
                    is_there(third),
                    "{byte} at {at} of {}: {pieces:?}",
                    String::from_utf8_lossy(&stream)
                );
            }
        }
    }
}

#[test]
fn any_byte_that_changes_is_survived() {
    for stream in [
        &b"{\"a\":\"\\u00e9\",\"b\":[1,{}]}\n{\"c\":null}\n"[..],
        b"[{\"a\":[{}]},{\"b\":\"]\"}, 3 ]",
        b"{\"n\":1,\"data\":{\"items\":[{\"a\":1},{}],\"x\":[]},\"z\":{}}",
        b"\x1e{\"a\":1}\n\x1e[2]\n",
        b"{\0\"\0a\0\"\0:\x001\0}\0\n\0{\0}\0",
    ] {
        for at in 0..stream.len() {
            for byte in 0..=u8::MAX {
                let mut stream = stream.to_vec();
                stream[at] = byte;
                cut(&stream);
            }
        }
    }
}
