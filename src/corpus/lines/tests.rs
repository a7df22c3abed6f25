#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::{Chunks, Limits, Lines, ReadError, Source};
use crate::corpus::Container;

fn source(folder: &Path, name: &str, bytes: &[u8]) -> Source {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    Source {
        file: Arc::from(name),
        path,
        container: Container::split(name).1,
    }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

/// What reading gives, as one text a line: number, offset, bytes, `!` where no U+000A ends it; or
/// the error.
fn read(sources: Vec<Source>, limits: Limits) -> Vec<String> {
    let mut seen = Vec::new();
    for item in Chunks::within(sources, limits) {
        match item {
            Ok(chunk) => seen.extend(chunk.lines().map(|line| {
                let end = if line.ended { "" } else { "!" };
                let text = String::from_utf8_lossy(line.bytes);
                format!("{} {} {text}{end}", line.number, line.offset)
            })),
            Err(error) => seen.push(error.to_string()),
        }
    }
    seen
}

const SMALL: Limits = Limits { chunk: 3, line: 6 };

#[test]
fn lines_are_numbered_and_placed_whatever_the_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"one\n\ntwo\r\nthree";
    let expected = ["1 0 one", "2 4 ", "3 5 two\r", "4 10 three!"];
    for chunk in 1..10 {
        for (name, bytes) in [
            ("a", text.to_vec()),
            ("a.gz", gz(text)),
            ("a.zst", zst(text)),
        ] {
            let limits = Limits { chunk, line: 20 };
            let sources = vec![source(folder.path(), name, &bytes)];
            assert_eq!(
                read(sources, limits),
                expected,
                "{name} in chunks of {chunk}"
            );
        }
    }
}

#[test]
fn several_members_and_frames_are_one_stream() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("a.gz", [gz(b"on"), gz(b"e\ntwo\n")].concat()),
        ("a.zst", [zst(b"on"), zst(b"e\ntwo\n")].concat()),
    ] {
        let sources = vec![source(folder.path(), name, &bytes)];
        assert_eq!(read(sources, SMALL), ["1 0 one", "2 4 two"], "{name}");
    }
}

#[test]
fn a_line_that_is_too_long_is_named_and_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let too_long =
        |length| format!("a: line 2 has {length} bytes; lines of more than 20 are not read");
    for length in (21..70).step_by(7) {
        let text = format!("1\n{}\n3\n", "x".repeat(length));
        for chunk in 1..=10 {
            let limits = Limits { chunk, line: 20 };
            let sources = vec![source(folder.path(), "a", text.as_bytes())];
            let third = format!("3 {} 3", length + 3);
            assert_eq!(
                read(sources, limits),
                ["1 0 1", &too_long(length), &third],
                "{length} in chunks of {chunk}"
            );
            let cut = text.as_bytes()[..length + 2].to_vec();
            let sources = vec![source(folder.path(), "a", &cut)];
            assert_eq!(read(sources, limits), ["1 0 1", &too_long(length)]);
        }
    }
    let sources = vec![source(folder.path(), "a", b"123456\n123456")];
    assert_eq!(read(sources, SMALL), ["1 0 123456", "2 7 123456!"]);
}

#[test]
fn a_container_cut_anywhere_is_reported_and_the_next_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"one\ntwo\n";
    for (name, whole) in [("a.gz", gz(text)), ("a.zst", zst(text))] {
        for cut in 0..whole.len() {
            let sources = vec![
                source(folder.path(), name, &whole[..cut]),
                source(folder.path(), "b", b"next\n"),
            ];
            let seen = read(sources, SMALL);
            let error = &seen[seen.len() - 2];
            assert!(
                error.starts_with(&format!(
                    "{name}: ends in the middle of its compressed data"
                )),
                "{cut}: {error}"
            );
            assert_eq!(seen[seen.len() - 1], "1 0 next");
        }
    }
}

#[test]
fn damage_is_not_taken_for_an_end() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        (
            "a.gz",
            [gz(b"one\n"), b"this is no member".to_vec()].concat(),
        ),
        (
            "a.zst",
            [zst(b"one\n"), b"this is no frame".to_vec()].concat(),
        ),
    ] {
        let items: Vec<_> = Lines::new([source(folder.path(), name, &bytes)]).collect();
        assert!(
            matches!(items.last(), Some(Err(ReadError::Damaged { line: 1, .. }))),
            "{items:?}"
        );
    }
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let line = [vec![b'x'; (1 << 20) - 1], vec![b'\n']].concat();
    let bytes = zst(&line.repeat(80));
    let mut lines = 0;
    for item in Lines::new([source(folder.path(), "a.zst", &bytes)]) {
        match item {
            Ok(_) => lines += 1,
            Err(ReadError::Bomb { line, .. }) => {
                assert_eq!(line, lines);
                assert_eq!(lines, 16);
                return;
            }
            Err(other) => panic!("{other}"),
        }
    }
    panic!("{lines} lines read");
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut missing = source(folder.path(), "a", b"");
    missing.path.push("nothing");
    let first = Lines::new([missing]).next().unwrap();
    assert!(matches!(first, Err(ReadError::Open { file, .. }) if &*file == "a"));
}
