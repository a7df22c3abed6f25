//! Dumps of JSON, plain and packed, from the command line on.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::Write as _;

use crate::adding::{Work, assert_says};
use crate::replay_script::script;

const TEXT: &str = "The night ferry to the outer islands will leave from the east quay from Monday, since the \
    west quay is closed until the spring for repairs to its wall. Tickets stay valid.";

/// A line of JSON: an article that was fetched on a day.
fn line(url: &str, day: u32, word: &str) -> String {
    format!(
        "{{\"title\": \"Ferry {word}\", \"url\": \"https://news.example/{url}\", \"text\": \"{TEXT} {word}.\", \
         \"date_download\": \"2026-01-{day:02}T10:00:00Z\"}}\n"
    )
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// With a checksum, without which some damage gives other bytes and no failure.
fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `id-latest`
#[test]
fn the_item_that_was_fetched_last_is_the_record() {
    let work = Work::new();
    let items = [
        line("a", 2, "second"),
        line("a", 3, "third"),
        line("b", 1, "other"),
        line("a", 1, "first"),
    ];
    work.write("dump/all.jsonl", &items.concat());
    work.expect(0, "build dump -o corpus");
    assert_eq!(work.ids("corpus").len(), 4);
    let config = work.path().join("corpus/dateline.yaml");
    let by_url = fs::read_to_string(&config).unwrap() + "ids: url\n";
    work.write("named/dateline.yaml", &by_url);
    let printed = work.expect(0, "convert --dry-run dump -o named");
    assert!(!printed.contains("record-id-duplicate"), "{printed}");
    let printed = work.expect(0, "build dump -o named");
    assert_says(
        &printed,
        &["replaced by a later fetch of the same article: 2 items"],
    );
    assert_eq!(work.ids("named").len(), 2);
    let printed = work.expect(0, "show named https://news.example/a");
    assert_says(&printed, &["Ferry third"]);
    work.whole("named");
    let ledger = fs::read_to_string(work.path().join("named/releases/1/inputs.jsonl")).unwrap();
    assert!(
        ledger.contains(r#""items":4,"records":2,"superseded":2"#),
        "{ledger}"
    );
}

/// Where times do not tell which item is the latest, the order of files says only which of those stays.
///
/// `id-latest`
#[test]
fn an_item_gives_way_to_any_that_was_certainly_fetched_later() {
    let item = |time: &str| {
        format!(
            "{{\"title\": \"Ferry {time}\", \"url\": \"https://news.example/a\", \"text\": \"{TEXT}\", \
             \"date_download\": \"{time}\"}}\n"
        )
    };
    let (day, last, early) = ("2026-01-03", "2026-01-04T00:00:00Z", "2026-01-02T10:00:00Z");
    for (order, stays) in [
        ([day, last, early], day),
        ([last, day, early], last),
        ([early, last, day], last),
        ([early, day, last], day),
    ] {
        let work = Work::new();
        for (number, time) in order.into_iter().enumerate() {
            work.write(&format!("dump/{number}.json"), &item(time));
        }
        work.expect(0, "convert dump -o plain");
        let config = fs::read_to_string(work.path().join("plain/dateline.yaml")).unwrap();
        work.write("corpus/dateline.yaml", &(config + "ids: url\n"));
        let printed = work.expect(1, "convert dump -o corpus");
        assert_says(
            &printed,
            &[
                "replaced by a later fetch of the same article: 1 item",
                "error[record-id-duplicate]",
                "records: 1; refused: 1;",
            ],
        );
        let printed = work.expect(0, "show corpus https://news.example/a");
        assert_says(&printed, &[&format!("Ferry {stays}")]);
    }
}

/// No profile reads JSON: where only profiles may read, its items are refused.
#[test]
fn a_named_profile_is_the_only_reader_of_json_too() {
    let work = Work::new();
    work.write(
        "dump/all.jsonl",
        &[line("a", 2, "one"), line("b", 3, "two")].concat(),
    );
    let printed = work.expect(0, "profile list");
    let id = printed.split_whitespace().next().unwrap();
    let refused = format!("error[item-mismatch]: it is not recognised by {id}");
    for command in [
        "check dump",
        "convert dump -o corpus",
        "convert --dry-run dump",
    ] {
        let printed = work.expect(1, &format!("{command} --profile {id}"));
        assert_says(&printed, &[&refused]);
    }
    let printed = work.expect(1, &format!("build dump -o built --profile {id}"));
    assert_says(&printed, &[&refused, "2 items were refused"]);
    let printed = work.expect(1, &format!("convert --dry-run dump --profile {id}"));
    assert_says(
        &printed,
        &["all.jsonl: json_lines, not read: not recognised"],
    );
}

/// A pipe is read once; traces, a dry run and ids by URL need its bytes again.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_file_of_a_corpus() {
    let work = Work::new();
    for command in [
        "convert /dev/stdin -o corpus",
        "build /dev/stdin -o corpus",
        "convert --dry-run /dev/stdin",
        "/dev/stdin",
    ] {
        let mut piped = crate::tool::dateline(command.split_whitespace());
        piped
            .current_dir(work.path())
            .stdin(std::process::Stdio::piped());
        let (exit, printed) = crate::tool::run(&mut piped);
        assert_eq!(exit, 2, "{command}: {printed}");
        let said = "`/dev/stdin` is neither a file nor a folder: write what it gives to a file";
        assert_says(&printed, &[said]);
    }
}

/// A trace that stays and is broken is named, and is no failure to write.
#[test]
fn a_broken_trace_of_the_corpus_is_named() {
    let work = Work::new();
    work.write("dump/a.jsonl", &line("a", 2, "one"));
    work.expect(0, "convert dump -o corpus");
    let (name, bytes) = work.shards("corpus", "traces").pop_first().unwrap();
    let traces = String::from_utf8(zstd::decode_all(&*bytes).unwrap()).unwrap();
    let broken = traces.replace("\"locations\"", "\"places\"");
    let path = work.path().join("corpus/traces").join(name);
    fs::write(path, zstd(broken.as_bytes())).unwrap();
    work.write("more/b.jsonl", &line("b", 3, "two"));
    let printed = work.expect(2, "convert more -o corpus --add");
    assert_says(
        &printed,
        &[":1: not a trace: field `places` is not known here"],
    );
}

/// The same items give the same records, whatever packs them.
#[test]
fn packing_changes_no_record() {
    let work = Work::new();
    let items = [
        line("a", 2, "one"),
        line("b", 3, "two"),
        line("c", 1, "three"),
    ];
    let lines = items.concat();
    let array = format!(
        "[{}]",
        items.map(|item| item.trim_end().to_owned()).join(",\n")
    );
    let mut ids = None;
    for (name, bytes) in [
        ("a.jsonl", lines.clone().into_bytes()),
        ("a.json", array.into_bytes()),
        ("a.jsonl.gz", gzip(lines.as_bytes())),
        (
            "a.jsonl.zst",
            zstd::encode_all(lines.as_bytes(), 1).unwrap(),
        ),
        ("a.txt", gzip(&gzip(lines.as_bytes()))),
    ] {
        let folder = format!("dump-{name}");
        work.write(&format!("{folder}/x"), "");
        fs::remove_file(work.path().join(&folder).join("x")).unwrap();
        fs::write(work.path().join(&folder).join(name), bytes).unwrap();
        let corpus = format!("corpus-{name}");
        work.expect(0, &format!("build {folder} -o {corpus}"));
        let found = work.ids(&corpus);
        assert_eq!(found.len(), 3, "{name}");
        assert_eq!(*ids.get_or_insert(found.clone()), found, "{name}");
        let printed = work.expect(0, &format!("check {corpus} --raw {folder}"));
        assert_says(&printed, &["replayed 3 of 3"]);
        let printed = work.expect(
            0,
            &format!("show {corpus} {} --raw {folder}", found.first().unwrap()),
        );
        assert_says(&printed, &["/content/text", "read by general-json 1"]);
    }
}

/// What is broken costs no more than itself.
#[test]
fn a_broken_item_leaves_the_others() {
    let work = Work::new();
    let broken = "{\"title\": \"Ferry\", \"score\": NaN}\n";
    let items = [line("a", 1, "one"), broken.to_owned(), line("b", 2, "two")];
    work.write("dump/a.jsonl", &items.concat());
    let printed = work.expect(0, "build dump -o corpus --allow-refused");
    assert_says(
        &printed,
        &[
            "error[input-json]",
            "dump/a.jsonl:2:",
            "records: 2; refused: 1",
        ],
    );
    let whole = gzip(
        (line("a", 1, "one") + &line("b", 2, "two"))
            .repeat(400)
            .as_bytes(),
    );
    fs::write(
        work.path().join("dump/b.jsonl.gz"),
        whole.split_at(whole.len() - 9).0,
    )
    .unwrap();
    fs::remove_file(work.path().join("dump/a.jsonl")).unwrap();
    let printed = work.expect(0, "build dump -o cut --allow-refused");
    assert_says(
        &printed,
        &["error[input-damaged]", "layer 1 (`gzip`)", "records: 2"],
    );
}

/// `dump-damaged`, `dump-goes-on`: wherever a packed file is cut, or a byte of it flipped, the others are read, and
/// of it what lies before the damage.
#[test]
fn damage_anywhere_leaves_what_lies_before_it_and_the_others() {
    let work = Work::new();
    work.write("dump/a.jsonl", &line("whole", 1, "whole"));
    let lines: String = (1..30)
        .map(|day| line(&format!("a{day}"), day, &format!("no {}", day * 7919)))
        .collect();
    let packed = [
        ("b.jsonl.gz", gzip(lines.as_bytes())),
        ("b.jsonl.zst", zstd(lines.as_bytes())),
    ];
    for (name, bytes) in packed {
        for part in 1..8 {
            let at = bytes.len() * part / 8;
            let mut flipped = bytes.clone();
            *flipped.get_mut(at).unwrap() ^= 0x10;
            for spoilt in [bytes.split_at(at).0, &flipped] {
                let file = work.path().join("dump").join(name);
                fs::write(&file, spoilt).unwrap();
                let printed = work.expect(0, "build dump -o corpus --allow-refused");
                assert_says(&printed, &["error[input-damaged]", "layer 1"]);
                let whole = work.expect(0, "show corpus https://news.example/whole");
                assert_says(&whole, &["Ferry whole"]);
                work.expect(0, "check corpus --raw dump");
                fs::remove_file(file).unwrap();
                fs::remove_dir_all(work.path().join("corpus")).unwrap();
            }
        }
    }
}

/// `dump-empty`
#[test]
fn white_space_is_no_dump_whatever_its_name() {
    let work = Work::new();
    work.write("dump/a.jsonl", "\n\n  \n");
    assert_says(&work.expect(1, "check dump"), &["error[input-empty]"]);
}

/// `examples/replay.py` replays a corpus that the tool made, from the specification alone.
#[test]
fn the_script_replays_what_the_tool_made() {
    let work = Work::new();
    let items = [line("a", 1, "one"), line("b", 2, "two")].concat();
    work.write(
        "dump/a.txt",
        "Ferry leaves\n\nThe ferry leaves from the east quay on Monday, and it rains.\n",
    );
    fs::write(work.path().join("dump/b.jsonl.gz"), gzip(items.as_bytes())).unwrap();
    work.expect(0, "build dump -o corpus");
    // Python has no Zstandard before 3.14: it reads what lies unpacked beside a packed file.
    for (name, bytes) in work.shards("corpus", "traces") {
        let traces = work.path().join("corpus/traces");
        let plain = zstd::decode_all(&bytes[..]).unwrap();
        fs::write(traces.join(name.trim_end_matches(".zst")), plain).unwrap();
    }
    if let Some((code, printed)) = script(&work) {
        assert_eq!(code, 0, "{printed}");
        assert_says(&printed, &["replayed 3, unverifiable 0, failed 0"]);
    }
}
