//! `examples/replay.py`, which replays traces from the specification alone, on traces that no tool wrote.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic, and says where it was not run"
)]

use std::fs;
use std::process::Command;

use dateline::digest::Digest;
use serde_json::{Value, json};

use crate::adding::{Work, assert_says};
use crate::items::gzip;
use crate::tool::run;

/// The exit code of `examples/replay.py` on `corpus` and `dump`, and what it says; nothing where there is no Python.
pub(crate) fn script(work: &Work) -> Option<(i32, String)> {
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        println!("not run: python3 is not installed");
        return None;
    }
    let mut command = Command::new("python3");
    command
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/replay.py"))
        .args(["corpus", "dump"])
        .current_dir(work.path());
    Some(run(&mut command))
}

/// What a raw file `a` holds, and the item in it.
struct Raw {
    file: Vec<u8>,
    item: Vec<u8>,
}

impl Raw {
    fn location(&self, layers: &[&str]) -> Value {
        json!({"path": "a", "offset": 0, "length": self.file.len(), "layers": layers})
    }

    /// The lines of a ledger, a record and a trace of one item, of which all bytes are dropped.
    fn lines(&self, locations: &Value) -> [Value; 3] {
        let (bytes, digest) = (self.item.len(), Digest::of(&self.item).to_string());
        [
            json!({"path": "a", "bytes": self.file.len(), "digest": Digest::of(&self.file).to_string(),
                "kind": "text", "reader": {"general-text": 1}, "items": 1, "records": 1}),
            json!({"id": "art-1", "raw": {"digest": digest, "bytes": bytes, "encoding": "utf-8"}}),
            json!({"id": "art-1", "trace": {
                "profile": {"id": "general-text", "version": 1}, "bytes": bytes, "locations": locations,
                "dropped": [{"label": "unrecognised", "spans": [[0, bytes]]}],
            }}),
        ]
    }

    /// What the script ends with and says, where the item lies at `locations`.
    fn at(&self, locations: &Value) -> Option<(i32, String)> {
        self.script(&self.lines(locations).map(|line| line.to_string()))
    }

    fn script(&self, [ledger, record, trace]: &[String; 3]) -> Option<(i32, String)> {
        let work = Work::new();
        fs::create_dir_all(work.path().join("dump")).unwrap();
        fs::write(work.path().join("dump/a"), &self.file).unwrap();
        work.write("corpus/inputs/a.jsonl", &format!("{ledger}\n"));
        work.write("corpus/records/a.jsonl", &format!("{record}\n"));
        work.write("corpus/traces/a.jsonl", &format!("{trace}\n"));
        let (code, printed) = script(&work)?;
        assert!(!printed.contains("Traceback"), "{trace}: {printed}");
        Some((code, printed))
    }
}

/// Ten bytes in nine times gzip.
fn packed() -> Raw {
    let item = b"rain ends\n".to_vec();
    let file = (0..9).fold(item.clone(), |bytes, _| gzip(&bytes));
    Raw { file, item }
}

fn assert_ends(found: Option<(i32, String)>, code: i32, says: &[&str]) {
    if let Some((exit, printed)) = found {
        assert_says(&printed, says);
        assert_eq!(exit, code, "{printed}");
    }
}

/// `layer-count`
#[test]
fn nine_layers_are_one_too_many() {
    let raw = packed();
    let found = raw.at(&json!([raw.location(&["gzip"; 9])]));
    assert_ends(found, 1, &["FAILED art-1: layer-count"]);
    let eight = Raw {
        item: gzip(&raw.item),
        ..raw
    };
    let found = eight.at(&json!([eight.location(&["gzip"; 8])]));
    assert_ends(found, 0, &["replayed 1, unverifiable 0, failed 0"]);
}

/// `canonical-integers`, `canonical-depth`, `canonical-surrogates`, `trace-line`
#[test]
fn a_line_of_another_form_is_wrong_and_no_crash() {
    let raw = packed();
    let lines = raw.lines(&json!([raw.location(&["gzip"])]));
    let (deep, digits) = ("[".repeat(100_000), "9".repeat(5_000));
    for (index, pointer, value) in [
        (0, "/path", "null"),
        (0, "/digest", "[]"),
        (1, "/raw", "7"),
        (2, "/trace", "\"x\""),
        (2, "/trace/bytes", "true"),
        (2, "/trace/locations", "[]"),
        (2, "/trace/locations/0", &deep),
        (2, "/trace/locations/0/path", "\"\\ud800\""),
        (2, "/trace/locations/0/offset", "-1"),
        (2, "/trace/locations/0/offset", "9007199254740991"),
        (2, "/trace/locations/0/offset", "9223372036854775808"),
        (2, "/trace/locations/0/length", &digits),
        (2, "/trace/locations/0/layers", "\"gzip\""),
        (2, "/trace/locations/0/layers/0", "[\"gzip\"]"),
        (2, "/trace/dropped/0/spans/0", "[0, 1, 2]"),
    ] {
        let mut spoilt = lines.clone();
        *spoilt[index].pointer_mut(pointer).unwrap() = json!("HERE");
        let spoilt = spoilt.map(|line| line.to_string().replace("\"HERE\"", value));
        let Some((code, printed)) = raw.script(&spoilt) else {
            return;
        };
        assert_eq!(code, 1, "{pointer} {value:.40}: {printed}");
    }
    let slice = format!("slice:{digits}-{digits}");
    let found = raw.at(&json!([raw.location(&[&slice])]));
    assert_ends(found, 1, &["FAILED art-1: layer-closed"]);
}

/// The script fails on a folder that is not a corpus: replaying nothing is not success.
#[test]
fn what_is_no_corpus_is_not_clean() {
    let work = Work::new();
    assert_ends(script(&work), 1, &["FAILED: corpus is not a corpus"]);
}

/// `layer-limits-told`, `layer-not-read`: where a reader may stop, nothing is wrong.
#[test]
fn an_item_that_is_not_read_is_unverifiable() {
    let raw = packed();
    for (layers, why) in [
        (
            &["gzip", "slice:0-33554433"][..],
            "an item of more than 33554432 bytes",
        ),
        (&["parquet:0"], "does not read parquet:0"),
        (&["bzip2", "parquet:0"], "does not read parquet:0"),
    ] {
        let found = raw.at(&json!([raw.location(layers)]));
        let says = [why, "replayed 0, unverifiable 1, failed 0"];
        assert_ends(found, 3, &says);
    }
    let found = raw.at(&json!([raw.location(&["gzip", "slice:0-33554432"])]));
    assert_ends(found, 1, &["the bytes end before slice:0-33554432 does"]);
}

/// `ledger-traces`
#[test]
fn a_location_in_no_file_of_the_ledger_is_wrong() {
    let raw = packed();
    let whole = json!([raw.location(&["gzip"; 8])]);
    for (member, value) in [
        ("path", json!("b")),
        ("records", json!(0)),
        ("bytes", json!(1)),
    ] {
        let mut lines = raw.lines(&whole);
        lines[0][member] = value;
        let found = raw.script(&lines.map(|line| line.to_string()));
        assert_ends(found, 1, &["FAILED art-1: ledger-traces"]);
    }
}

/// 16 million bytes in two times gzip, and how many they are in one.
fn nested() -> (Raw, usize) {
    let once = gzip(&vec![0; 16_000_000]);
    let raw = Raw {
        file: gzip(&once),
        item: vec![0],
    };
    (raw, once.len())
}

/// What layers give is kept: else these would come to more than may be unpacked of one file.
#[test]
fn a_container_is_unpacked_once_for_its_items() {
    let (raw, packed) = nested();
    let whole = format!("slice:0-{packed}");
    let mut slices: Vec<_> = (0..200)
        .map(|at| format!("slice:{at}-{}", at + 1))
        .collect();
    slices.sort();
    let locations = slices
        .iter()
        .map(|slice| raw.location(&["gzip", &whole, "gzip", slice]));
    let found = raw.at(&locations.collect());
    assert_ends(found, 0, &["replayed 1, unverifiable 0, failed 0"]);
}

/// `layer-limits`: of one file not much more is unpacked than each of its layers may give.
#[test]
fn a_file_is_not_unpacked_over_and_over() {
    let (raw, packed) = nested();
    let mut slices: Vec<_> = (1..=200)
        .map(|cut| format!("slice:0-{}", packed - cut))
        .collect();
    slices.sort();
    let locations = slices
        .iter()
        .map(|slice| raw.location(&["gzip", slice, "gzip"]));
    let Some((code, printed)) = raw.at(&locations.collect()) else {
        return;
    };
    let limit = 8 * ((1 << 24) + 1100 * raw.file.len());
    let why = format!(
        "what is read of a comes to more than {limit} bytes, the limit for a file of its size"
    );
    assert_eq!(code, 1, "{printed}");
    assert!(printed.matches(&why).count() > 180, "{printed}");
    assert!(
        printed.matches("the input ends before the data").count() < 20,
        "{printed}"
    );
}

/// A path of a trace is shown without what a terminal would obey.
#[test]
fn the_script_escapes_what_it_shows() {
    let work = Work::new();
    fs::create_dir_all(work.path().join("dump")).unwrap();
    let record =
        json!({"id": "art-1", "raw": {"digest": "sha256:0", "bytes": 3, "encoding": "utf-8"}});
    let trace = json!({"id": "art-1", "trace": {
        "profile": {"id": "general-text", "version": 1}, "bytes": 3,
        "locations": [{"path": "\u{1b}]0;x\u{7}\u{9b}2J.txt", "offset": 0, "length": 3}],
        "dropped": [{"label": "unrecognised", "spans": [[0, 3]]}],
    }});
    work.write("corpus/records/a.jsonl", &format!("{record}\n"));
    work.write("corpus/traces/a.jsonl", &format!("{trace}\n"));
    if let Some((_, printed)) = script(&work) {
        assert!(
            printed.contains(r"\u{1b}]0;x\u{7}\u{9b}2J.txt"),
            "{printed}"
        );
        assert!(
            !printed.contains(['\u{1b}', '\u{7}', '\u{9b}']),
            "{printed:?}"
        );
    }
}

/// Without the raw item a value that also needs a name, which no record holds, is not judged.
#[test]
fn the_script_does_not_judge_what_it_cannot_make() {
    let work = Work::new();
    fs::create_dir_all(work.path().join("dump")).unwrap();
    let record = json!({
        "id": "art-1", "raw": {"digest": "sha256:0", "bytes": 30, "encoding": "utf-8"},
        "fetch": {"url": "https://n.example/a"}, "source": {"url": "https://n.example/a"},
    });
    let trace = json!({"id": "art-1", "trace": {
        "profile": {"id": "general-text", "version": 1}, "bytes": 30,
        "locations": [{"path": "a.txt", "offset": 0, "length": 30}],
        "fields": [
            {"name": "base", "spans": [[[19, 30]]]},
            {"pointer": "/fetch/url", "spans": [[[0, 19]]]},
            {"pointer": "/source/url", "from": "/fetch/url", "via": ["url-join:base"]},
        ],
    }});
    let ledger = json!({"path": "a.txt", "bytes": 30, "digest": "sha256:0", "records": 1});
    work.write("corpus/inputs/a.jsonl", &format!("{ledger}\n"));
    work.write("corpus/records/a.jsonl", &format!("{record}\n"));
    work.write("corpus/traces/a.jsonl", &format!("{trace}\n"));
    assert_ends(script(&work), 3, &["unverifiable 1, failed 0"]);
}
