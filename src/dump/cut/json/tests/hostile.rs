//! What is made to take long, or much memory.

use std::io::{self, Read};

use super::{Layout, Slowly, cut, tell, told};
use crate::dump::ITEM_LIMIT;
use crate::dump::cut::json::JsonCutter;
use crate::dump::cut::{JsonFault, Piece};
use crate::json::{MAX_DEPTH_ANY, Pointer};

/// What a stream takes: its pieces, the steps they took, and the most bytes in memory.
fn taken(stream: impl Read, layout: Option<Layout>, limit: u64) -> (usize, u64, usize) {
    let mut cutter = JsonCutter::limited(stream, layout, limit).unwrap();
    let mut most = 0;
    let mut count = 0;
    while let Some(piece) = cutter.next() {
        piece.unwrap();
        count += 1;
        most = most.max(cutter.scanner.window.held());
    }
    (count, cutter.scanner.window.work, most)
}

#[test]
fn depth_is_bounded() {
    let deep = "[".repeat(100_000);
    let [refused] = &told(deep.as_bytes())[..] else {
        panic!()
    };
    assert_eq!(
        *refused,
        format!(
            "0+100000 at {MAX_DEPTH_ANY}: arrays and objects lie more than {MAX_DEPTH_ANY} deep inside each other"
        )
    );
    // An item beside it is unharmed.
    let nested = deep.clone() + &"]".repeat(100_000);
    for stream in [
        format!("{{}}\n{deep}\n{{}}"),
        format!("[{{}},{nested},{{}}]"),
    ] {
        let pieces = cut(stream.as_bytes());
        assert!(
            matches!(&pieces[..], [Piece::Item(_), Piece::Refused(refused), Piece::Item(_)]
            if refused.why == JsonFault::TooDeep)
        );
    }
    // Nor is it by what lies in objects and arrays by turns.
    let turns = "[{\"a\":".repeat(5_000) + "1" + &"}]".repeat(5_000);
    let pieces = cut(format!("{{\"a\":{turns},\"b\":1}}\n{{}}\n").as_bytes());
    assert!(matches!(&pieces[..], [Piece::Refused(_), Piece::Item(_)]));
    let at_most = "[".repeat(MAX_DEPTH_ANY) + &"]".repeat(MAX_DEPTH_ANY);
    assert!(matches!(cut(at_most.as_bytes())[..], [Piece::Item(_)]));
}

#[test]
fn what_is_too_long_is_passed_over() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(300_000));
    for (before, between, after) in [("", "\n", ""), ("[", ",", "]"), ("{\"items\":[", ",", "]}")] {
        let stream = [before, "{}", between, &long, between, "{\"b\":1}", after].concat();
        let cutter = JsonCutter::limited(stream.as_bytes(), None, 100_000).unwrap();
        let pieces = tell(cutter.map(Result::unwrap).collect());
        let start = before.len() + 2 + between.len();
        let [_, refused, last] = &pieces[..] else {
            panic!("{pieces:?}")
        };
        let at = start + 100_000;
        assert_eq!(
            *refused,
            format!(
                "{start}+{} at {at}: the item has more than {ITEM_LIMIT} bytes",
                long.len()
            )
        );
        assert!(last.ends_with(" {\"b\":1}"));
    }
    // As long as may be.
    let whole = |limit| {
        let cutter = JsonCutter::limited(long.as_bytes(), None, limit).unwrap();
        cutter
            .map(Result::unwrap)
            .all(|piece| matches!(piece, Piece::Item(_)))
    };
    let length = u64::try_from(long.len()).unwrap();
    assert!(whole(length) && !whole(length - 1));
}

/// Beginnings of streams that go on with many of something.
const FAMILIES: [(&str, &str); 18] = [
    ("", "{}\n"),
    ("", "{\"a\":[\n"),
    ("", "{\"a\":\"\n"),
    ("", "{\n{\n"),
    ("", "["),
    ("", "{\"a\":"),
    ("", "]"),
    ("", "\""),
    ("", "\\\""),
    ("{\"a\":\"", "\\\\u"),
    ("{}\n", "x"),
    ("[{\"a\":", "1,"),
    ("[{\"a\" ", "{"),
    ("[", "{},"),
    ("[@", "[{,"),
    ("{\"items\":[{}],", "\"items\":[{\"a\":0}],"),
    ("{\"items\":[{}],", "\"\\u0069tem\":@,"),
    ("\u{1e}", "\u{1e}{"),
];

#[test]
fn time_and_memory_are_those_of_the_input() {
    for (before, repeated) in FAMILIES {
        for by in [100_000, 200_000, 400_000] {
            let stream = before.to_owned() + &repeated.repeat(by / repeated.len());
            let length = u64::try_from(stream.len()).unwrap();
            for layout in [None, Some(Layout::Under(Pointer::root().key("a")))] {
                let (_, work, most) = taken(stream.as_bytes(), layout.clone(), 1000);
                // Each unit is passed once, and moved where it was read in the middle of an item.
                assert!(
                    work <= 2 * length,
                    "{before}{repeated}: {work} for {length}"
                );
                assert!(
                    most <= 200_000,
                    "{before}{repeated}: {most} bytes for {length}"
                );
                let (_, work, _) = taken(Slowly(stream.as_bytes(), 1), layout, 1000);
                assert!(
                    work <= 3 * length,
                    "{before}{repeated}: {work} for {length}"
                );
            }
        }
    }
}

#[test]
fn a_stream_that_fails_ends() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    assert!(JsonCutter::new(Failing).is_err());
    let line = "{}\n".repeat(40_000);
    let mut cutter = JsonCutter::new(line.as_bytes().chain(Failing)).unwrap();
    assert_eq!(cutter.by_ref().map_while(Result::ok).count(), 40_000);
    // The failure was told once.
    assert!(cutter.next().is_none());
}
