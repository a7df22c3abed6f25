//! Tests of what is cut.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod broken;
mod hostile;
mod styles;

use std::io::Read;

pub(crate) use styles::json_value;

use super::{JsonCutter, JsonFault, Layout};
use crate::diagnostic::LineIndex;
use crate::dump::cut::{Encoding, Fault, Piece};
use crate::json::Pointer;

type Pieces = Vec<Piece<JsonFault>>;

/// The pieces of a stream.
fn cut(stream: &[u8]) -> Pieces {
    let pieces: Pieces = JsonCutter::new(stream)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    they_lie_behind_each_other(stream, &pieces);
    pieces
}

fn they_lie_behind_each_other(stream: &[u8], pieces: &Pieces) {
    let mut end = 0;
    let mut openings = Vec::new();
    for piece in pieces {
        let (offset, length) = match piece {
            Piece::Item(item) => {
                let at = usize::try_from(item.offset).unwrap();
                assert_eq!(stream[at..at + item.bytes.len()], item.bytes);
                (item.offset, u64::try_from(item.bytes.len()).unwrap())
            }
            Piece::Refused(refused) => {
                assert!(refused.at >= refused.offset);
                its_place_is_known(stream, refused);
                // The bracket that is not closed was before what is in it.
                if refused.offset < end && refused.length <= 2 && refused.why == JsonFault::End {
                    openings.push(refused.offset);
                    continue;
                }
                (refused.offset, refused.length)
            }
        };
        assert!(length > 0 && offset >= end, "{piece:?} begins before {end}");
        end = offset + length;
        assert!(end <= u64::try_from(stream.len()).unwrap(), "{piece:?}");
    }
    assert!(openings.len() <= 1);
}

/// The line, the column and the excerpt of a fault are those that the stream has at its byte; of an item that is
/// too long, at its beginning.
fn its_place_is_known(stream: &[u8], refused: &Fault<JsonFault>) {
    let is_wide = matches!(refused.why, JsonFault::Wide(_));
    let (encoding, mark) = Encoding::detect(stream);
    let is_long = refused.why == JsonFault::TooLong;
    let at = if is_long { refused.offset } else { refused.at };
    let at = usize::try_from(at).unwrap().max(mark);
    let text = |bytes: &[u8]| match encoding {
        Encoding::Utf8 => bytes.to_vec(),
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| encoding.unit([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units).into_bytes()
        }
    };
    let (before, after) = (text(&stream[mark..at]), text(&stream[at..]));
    let place = LineIndex::new(&before).place("", before.len()..before.len());
    // What is no character is counted by another rule.
    let is_text = std::str::from_utf8(&before).is_ok_and(|text| !text.contains('\u{fffd}'));
    if is_wide || !is_text {
        return;
    }
    let near = &refused.near;
    assert_eq!(
        (Some(near.began.line), Some(near.began.column)),
        (place.line, place.column),
        "{refused:?}"
    );
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap();
    assert!(line.ends_with(&near.before), "{refused:?}");
    assert!(near.before.len() >= line.len().min(400), "{refused:?}");
    let rest = after.split(|byte| *byte == b'\n').next().unwrap();
    assert!(rest.starts_with(&near.after), "{refused:?}");
    assert!(near.after.len() >= rest.len().min(400), "{refused:?}");
}

/// Each piece in a line: its offset and its text, or what is refused, where, and why.
fn told(stream: &[u8]) -> Vec<String> {
    tell(cut(stream))
}

fn tell(pieces: Pieces) -> Vec<String> {
    let tell = |piece| match piece {
        Piece::Item(item) => {
            format!("{} {}", item.offset, String::from_utf8_lossy(&item.bytes))
        }
        Piece::Refused(refused) => format!(
            "{}+{} at {}: {refused}",
            refused.offset, refused.length, refused.at
        ),
    };
    pieces.into_iter().map(tell).collect()
}

/// The bytes of the items.
fn items(pieces: Pieces) -> Vec<Vec<u8>> {
    let item = |piece| match piece {
        Piece::Item(item) => Some(item.bytes),
        Piece::Refused(_) => None,
    };
    pieces.into_iter().filter_map(item).collect()
}

/// Gives a stream in small parts.
struct Slowly<'s>(&'s [u8], usize);

impl Read for Slowly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.1.min(buffer.len());
        self.1 = self.1 % 7 + 1;
        self.0.read(buffer.get_mut(..length).unwrap())
    }
}

#[test]
fn items_are_what_the_layout_says() {
    let under = |pointer: &str| Layout::Under(Pointer::parse(pointer).unwrap());
    for (stream, layout, expected) in [
        ("", Layout::Values, &[][..]),
        (" \n", Layout::Values, &[]),
        ("[]", Layout::Array, &[]),
        (" {\"a\":1} ", Layout::Document, &["1 {\"a\":1}"]),
        ("\u{feff}{}", Layout::Document, &["3 {}"]),
        ("\"a\\\"}\"", Layout::Document, &["0 \"a\\\"}\""]),
        ("[1,{}]", Layout::Document, &["0 [1,{}]"]),
        (
            "{}\n{}\r\n\n[1]\n null",
            Layout::Values,
            &["0 {}", "3 {}", "8 [1]", "13 null"],
        ),
        (
            "{}{\"a\":{}}7 true",
            Layout::Values,
            &["0 {}", "2 {\"a\":{}}", "10 7", "12 true"],
        ),
        // Commas between items are no part of them.
        ("{},\n{},\n", Layout::Values, &["0 {}", "4 {}"]),
        (
            "{\n\"a\": 1\n}\n{\n}",
            Layout::Values,
            &["0 {\n\"a\": 1\n}", "11 {\n}"],
        ),
        (
            "\u{1e}{}\n\u{1e}{\n}\n",
            Layout::Values,
            &["1 {}", "5 {\n}"],
        ),
        (
            "[{\"a\":[{}]}, {} ,\n{}]\n",
            Layout::Array,
            &["1 {\"a\":[{}]}", "13 {}", "18 {}"],
        ),
        // What others follow: pages of a list.
        ("[{}]\n[{}, 1]", Layout::Array, &["1 {}", "6 {}", "10 1"]),
        (
            "{\"n\":[1,[{}]],\"articles\":[{\"b\":[{}]},{}],\"z\":0}",
            under("/articles"),
            &["26 {\"b\":[{}]}", "37 {}"],
        ),
        (
            "{\"data\":{\"x\":{\"items\":[{}]},\"items\":[{}]}}",
            under("/data/items"),
            &["37 {}"],
        ),
        ("{\"\\u0069tems\":[{}]}", under("/items"), &["15 {}"]),
        // An article, two arrays, no objects: not told.
        (
            "{\"headline\":\"h\",\"items\":[{}]}",
            Layout::Document,
            &["0 {\"headline\":\"h\",\"items\":[{}]}"],
        ),
        (
            "{\"items\":[{}],\"data\":{\"text\":\"\",\"docs\":[{}]}}",
            under("/items"),
            &["10 {}"],
        ),
        (
            "{\"items\":[{}],\"docs\":[{}]}",
            Layout::Document,
            &["0 {\"items\":[{}],\"docs\":[{}]}"],
        ),
        ("{\"items\":[1]}", Layout::Document, &["0 {\"items\":[1]}"]),
        (
            "{\"authors\":[{}]}",
            Layout::Document,
            &["0 {\"authors\":[{}]}"],
        ),
        (
            "{\"items\":[{}]}\n{\"items\":[{}]}",
            Layout::Values,
            &["0 {\"items\":[{}]}", "15 {\"items\":[{}]}"],
        ),
    ] {
        assert_eq!(Layout::of(stream.as_bytes(), true), layout, "{stream}");
        assert_eq!(told(stream.as_bytes()), expected, "{stream}");
    }
}

#[test]
fn what_is_longer_than_its_beginning_is_judged_by_it() {
    let long = "x".repeat(100_000);
    let line = format!("{{\"a\":\"{long}\"}}\n");
    for (stream, layout) in [
        (line.repeat(3), Layout::Values),
        (format!("{{\n\"a\":\"{long}\"}}\n"), Layout::Document),
        (
            format!("{{\"items\":[{{\"body\":\"{long}\"}}]}}"),
            Layout::Under(Pointer::root().key("items")),
        ),
        (format!("[{{\"a\":\"{long}\"}}]"), Layout::Array),
    ] {
        let cutter = JsonCutter::new(stream.as_bytes()).unwrap();
        assert_eq!(cutter.layout(), &layout);
        let pieces = cut(stream.as_bytes());
        assert_eq!(items(pieces.clone()).len(), pieces.len());
    }
    // A line that is broken costs that line, though nothing said at first that there are lines.
    let stream = line.clone() + "{\"a\":[\n" + &line;
    assert_eq!(items(cut(stream.as_bytes())).len(), 2);
}

#[test]
fn a_pointer_that_is_given_leads_anywhere() {
    let forced = |stream: &str, pointer: &str| {
        let layout = Layout::Under(Pointer::parse(pointer).unwrap());
        let cutter = JsonCutter::with_layout(stream.as_bytes(), layout).unwrap();
        let pieces: Pieces = cutter.map(Result::unwrap).collect();
        they_lie_behind_each_other(stream.as_bytes(), &pieces);
        tell(pieces)
    };
    let stream = r#"{"a":[0,{"é~/":["x","y"],"b":[]},{"b":[3]}],"c":[4]}"#;
    assert_eq!(forced(stream, "/a/1/é~0~1"), ["17 \"x\"", "21 \"y\""]);
    assert_eq!(forced(stream, "/a/2/b"), ["40 3"]);
    assert_eq!(forced(stream, "/a/1/b"), [""; 0]);
    assert_eq!(forced("[1]\n[2]", ""), ["1 1", "5 2"]);
    for nowhere in ["/a/3", "/c/0", "/b", "/a/01/b"] {
        let told = forced(stream, nowhere);
        assert_eq!(told, [format!("0+53 at 0: no array at `{nowhere}`")]);
    }
    // Of a value in which a fault was told, not all is refused again.
    assert_eq!(
        forced(r#"{"a":{"m":@}} {"a":{"b":[1]}}"#, "/a/b"),
        ["10+1 at 10: expected a value, found `@`", "25 1"]
    );
    // Values of a stream that has them are looked at one by one.
    assert_eq!(
        forced("{\"i\":[1]}\n{}\n{\"i\":[2]}", "/i"),
        ["6 1", "10+2 at 10: no array at `/i`", "19 2"]
    );
}
