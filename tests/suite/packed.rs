//! Dumps of packed files and of files that are not what they seem, from the command line on.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::io::Write as _;

use serde_json::Value;

use crate::adding::{Work, assert_says};

const PROFILE: &str = r"
format: dateline-profile/1
id: starred
version: 1
title: Articles behind lines with stars
record: {starts: '^\*\*\* '}
detect: ['^\*\*\* \d+']
absent: {authors: not_in_dump, published: not_in_dump, url: not_in_dump, language: not_in_dump, fetch_time: not_in_dump}
grammar:
  - {field: /article/headline, match: '\*\*\* \d+ (?<value>.+)$'}
  - repeat: [field: /content/text]
";

/// Articles that a codec cannot make much smaller.
fn articles(count: u32) -> String {
    let article = |number: u32| {
        let words: Vec<String> = (0..40_u32)
            .map(|word| format!("{:x}", (number * 41 + word).wrapping_mul(2_654_435_761)))
            .collect();
        format!(
            "*** {number} Ferry leaves\n\nThe ferry {} leaves.\n\n",
            words.join(" ")
        )
    };
    (0..count).map(article).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A place of work with a profile and one file in a dump.
fn dump(name: &str, bytes: &[u8]) -> Work {
    let work = Work::new();
    work.write("starred.yaml", PROFILE);
    work.write("dump/x", "");
    fs::remove_file(work.path().join("dump/x")).unwrap();
    fs::write(work.path().join("dump").join(name), bytes).unwrap();
    work
}

const BUILD: &str = "build dump -o corpus --profile starred.yaml --allow-refused";

/// The refusals of the ledger: where, and under which code.
fn refused(work: &Work) -> Vec<(Value, String)> {
    let ledger = fs::read_to_string(work.path().join("corpus/releases/1/inputs.jsonl")).unwrap();
    let lines = ledger
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter(|line| line.get("code").is_some())
        .map(|line| {
            let code = line["code"].as_str().unwrap().to_owned();
            (
                serde_json::json!([line["offset"], line["length"], line["layers"]]),
                code,
            )
        })
        .collect()
}

/// `trace-locations`: every item of a packed text has its own slice, the first one, too.
#[test]
fn items_of_a_packed_text_are_found_again() {
    let text = articles(3);
    let mut ids = None;
    for (name, bytes) in [
        ("a.txt", text.clone().into_bytes()),
        ("a.txt.gz", gzip(text.as_bytes())),
        ("b.txt.gz", gzip(&gzip(text.as_bytes()))),
    ] {
        let work = dump(name, &bytes);
        work.expect(0, BUILD);
        let found = work.ids("corpus");
        assert_eq!(found.len(), 3, "{name}");
        assert_eq!(*ids.get_or_insert(found.clone()), found, "{name}");
        let printed = work.expect(0, "check corpus --raw dump");
        assert_says(&printed, &["replayed 3 of 3"]);
    }
}

/// `dump-damaged`: of a text that is split into items those before the damage are read, and the file is refused once.
#[test]
fn items_before_the_damage_of_a_text_are_read() {
    let whole = gzip(articles(60).as_bytes());
    for part in 1..8 {
        let cut = whole.split_at(whole.len() * part / 8).0;
        let work = dump("a.txt.gz", cut);
        let printed = work.expect(0, BUILD);
        assert_says(&printed, &["error[input-damaged]", "layer 1 (`gzip`)"]);
        let place = serde_json::json!([0, cut.len(), null]);
        assert_eq!(refused(&work), [(place, "input-damaged".to_owned())]);
        let found = work.ids("corpus").len();
        assert!(part < 3 || (1..60).contains(&found), "{part}: {found}");
        if found > 0 {
            let printed = work.expect(0, "check corpus --raw dump");
            assert_says(&printed, &[&format!("replayed {found} of {found}")]);
        }
    }
    let one = format!("Ferry leaves\n\n{}", articles(60).replace("*** ", ""));
    let packed = gzip(one.as_bytes());
    let cut = packed.split_at(packed.len() / 2).0;
    let work = dump("a.txt.gz", cut);
    let printed = work.expect(1, "build dump -o corpus --allow-refused");
    assert_says(&printed, &["error[input-damaged]"]);
}

fn line(extra: &str) -> String {
    format!(
        "{{\"title\": \"Ferry leaves\", \"text\": \"The ferry leaves from the east quay.\"{extra}}}\n"
    )
}

/// `dump-limits`, `layer-limits-told`: what is too large is not called damaged or broken.
#[test]
fn limits_are_no_damage() {
    let many = format!(", \"n\": [{}1]", "1,".repeat(1 << 20));
    let deep = format!(", \"n\": {}{}", "[".repeat(600), "]".repeat(600));
    let long = format!(", \"n\": {}1", " ".repeat(40 << 20));
    let bomb = zstd::encode_all((line(", \"n\": 0") + &line(&long)).as_bytes(), 19).unwrap();
    let text = zstd::encode_all("a\n".repeat(20 << 20).as_bytes(), 19).unwrap();
    for (name, bytes, says) in [
        (
            "a.jsonl",
            (line(&many) + &line("")).into_bytes(),
            "more than 1048576 values and keys",
        ),
        (
            "a.jsonl",
            (line(&deep) + &line("")).into_bytes(),
            "more than 512 deep",
        ),
        (
            "a.jsonl",
            (line(&long) + &line("")).into_bytes(),
            "the item has more than 33554432 bytes",
        ),
        ("a.jsonl.zst", bomb, "the limit for an input of this size"),
        ("a.txt.zst", text, "the limit for an input of this size"),
    ] {
        let work = dump(name, &bytes);
        let one = name != "a.txt.zst";
        let printed = work.expect(i32::from(!one), "build dump -o corpus --allow-refused");
        assert_says(&printed, &["error[input-too-large]", says]);
        for wrong in ["intact copy", "valid JSON"] {
            assert!(!printed.contains(wrong), "{printed}");
        }
        if one {
            let codes: Vec<String> = refused(&work).into_iter().map(|(_, code)| code).collect();
            assert_eq!(codes, ["input-too-large"], "{says}");
            work.expect(0, "check corpus --raw dump");
        }
    }
}

/// `dump-encoding`, `trace-encoding`
#[test]
fn json_in_wide_encodings_is_read_or_refused_by_name() {
    let text = line("") + &line(", \"n\": 1");
    let units =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let wide = |text: &str| -> Vec<u8> {
        let characters = text.chars().map(u32::from);
        characters.flat_map(u32::to_be_bytes).collect()
    };
    let marked = format!("\u{feff}{text}");
    for (bytes, by) in [(units(&marked), "bom"), (units(&text), "nul")] {
        for (name, bytes) in [("a.jsonl", bytes.clone()), ("a.jsonl.gz", gzip(&bytes))] {
            let work = dump(name, &bytes);
            work.expect(0, "build dump -o corpus");
            for bytes in work.shards("corpus", "traces").values() {
                let traces = String::from_utf8(zstd::decode_all(&bytes[..]).unwrap()).unwrap();
                let says = format!("\"encoding\":{{\"by\":\"{by}\"}}");
                assert_eq!(traces.matches(&says).count(), 2, "{traces}");
            }
        }
    }
    for bytes in [wide(&marked), wide(&text)] {
        for (name, bytes) in [("a.jsonl", bytes.clone()), ("a.jsonl.gz", gzip(&bytes))] {
            let work = dump(name, &bytes);
            work.write("dump/b.jsonl", &line(""));
            let printed = work.expect(0, "build dump -o corpus --allow-refused");
            let says = [
                "error[input-encoding]",
                "UTF-32BE",
                "convert the file to UTF-8",
            ];
            assert_says(&printed, &says);
            assert_eq!(refused(&work).len(), 1, "{printed}");
        }
    }
}

/// `dump-kinds`, `dump-goes-on`
#[test]
fn a_nul_in_a_line_of_json_costs_that_line() {
    let lines = line("") + &line(", \"n\": \"\0\"") + "\0\0\n" + &line(", \"n\": 2");
    let work = dump("a.jsonl", lines.as_bytes());
    let printed = work.expect(0, "build dump -o corpus --allow-refused");
    assert_says(
        &printed,
        &[
            "error[input-json]",
            "dump/a.jsonl:2:",
            "records: 2; refused: 2",
        ],
    );
}

/// `dump-packed-needs`: what no layer unpacks is not called damaged, wherever it shows.
#[test]
fn a_window_that_is_too_large_is_no_damage() {
    // A frame of Zstandard with a window of 2^28 bytes and an empty block.
    let large = b"\x28\xb5\x2f\xfd\x00\x90\x01\x00\x00";
    let first = zstd::encode_all(line("").as_bytes(), 1).unwrap();
    for (bytes, exit) in [(large.to_vec(), 1), ([&first, &large[..]].concat(), 0)] {
        let work = dump("a.jsonl.zst", &bytes);
        let printed = work.expect(exit, "build dump -o corpus --allow-refused");
        let says = [
            "error[input-unsupported]",
            "window of more than 128 MiB",
            "help: unpack the file",
        ];
        assert_says(&printed, &says);
        assert!(!printed.contains("intact copy"), "{printed}");
    }
}
