//! Dumps of JSON with something broken in them, or packed in what is: each item beside it is a record, and
//! what is broken is refused once, with its code.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use dateline::convert::{Converter, Told};
use dateline::dump::inputs;
use dateline::record::IdRule;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crate::tool::run;

/// What became of a file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Fate {
    /// How many records were made.
    records: usize,
    /// The codes of what was refused, in order.
    refused: Vec<String>,
    /// Other codes, and how often.
    found: BTreeMap<&'static str, usize>,
    /// Why the file cannot be read.
    failed: Option<String>,
}

impl Fate {
    fn of(records: usize, refused: &[&str]) -> Self {
        Self {
            records,
            refused: refused.iter().map(|code| (*code).to_owned()).collect(),
            ..Self::default()
        }
    }
}

/// Converts a file on one thread; `each` is called for each record.
fn seen(path: &Path, each: impl Fn() + Sync) -> Fate {
    let converter = Converter {
        profiles: &[],
        only_profiles: false,
        ids: IdRule::Derived,
        notes: false,
    };
    let inputs = inputs(&[path.to_owned()]).unwrap();
    let mut seen = Fate::default();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    let told = pool.build().unwrap().install(|| {
        converter.run(
            &inputs,
            |_, _| each(),
            |told| {
                match told {
                    Told::Item(_, item) => {
                        for found in &item.found {
                            *seen.found.entry(found.code.name).or_default() += 1;
                        }
                        match item.made {
                            Ok(_) => seen.records += 1,
                            Err(refused) => {
                                let told = seen.found.remove(&*refused.code);
                                assert_eq!(told, Some(1), "{refused:?}");
                                seen.refused.push(refused.code);
                            }
                        }
                    }
                    Told::File(_, found) => assert!(found.is_empty(), "{found:?}"),
                    Told::Failed(error) => seen.failed = Some(error.source.to_string()),
                }
                Ok::<_, std::convert::Infallible>(())
            },
        )
    });
    let Ok(()) = told;
    seen
}

/// Converts a file of this name and these bytes.
fn convert(name: &str, bytes: &[u8]) -> Fate {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    seen(&path, || ())
}

/// An article in a line of about 200 bytes.
fn article(number: usize) -> String {
    format!(
        "{{\"title\": \"Ferry {number} sails again\", \"url\": \"https://paper.example/{number}\", \
         \"text\": \"Ferry {number} sailed on Monday, after nine years of repair, the council said.\", \
         \"section\": \"News\"}}\n"
    )
}

fn articles(numbers: std::ops::Range<usize>) -> Vec<u8> {
    numbers.map(article).collect::<String>().into()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Lines that are no article, or one with a flaw; whether a record comes of them, and the code.
fn lines() -> Vec<(&'static str, Vec<u8>, bool, &'static str)> {
    let json = "input-json";
    let nested = ["[".repeat(100_000), "]".repeat(100_000)].concat();
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "truncated",
            text(r#"{"title": "Rain", "text": "The ra"#),
            false,
            json,
        ),
        (
            "cut after a key",
            text(r#"{"title": "Rain", "text""#),
            false,
            json,
        ),
        (
            "no closing brace",
            text(r#"{"title": "Rain", "text": "It rains.""#),
            false,
            json,
        ),
        ("NULs", vec![0; 40], false, json),
        ("a NUL", text("{\"title\": \"Rain\0\"}"), false, json),
        (
            "NaN",
            text(r#"{"title": "Rain", "score": NaN}"#),
            false,
            json,
        ),
        (
            "not UTF-8",
            b"{\"title\": \"Rain \xff\"}".to_vec(),
            false,
            json,
        ),
        (
            "nested",
            text(&format!(r#"{{"title": "Rain", "n": {nested}}}"#)),
            false,
            "input-too-large",
        ),
        ("a mark", text("\u{feff}{\"title\": \"Rain\"}"), false, json),
        ("UTF-16", wide("{\"title\": \"Rain\"}"), false, json),
        ("prose", text("ERROR 503: see the log"), false, json),
        ("an array", text("[1, 2]"), false, "item-mismatch"),
        (
            "no article",
            text(r#"{"error": "not found"}"#),
            false,
            "item-mismatch",
        ),
        (
            "half a pair",
            text(r#"{"title": "Rain \ud83d", "text": "It rains \ude00 again."}"#),
            true,
            "input-surrogate",
        ),
        (
            "a key twice",
            text(r#"{"title": "Rain", "title": "Snow", "text": "It rains."}"#),
            true,
            "input-duplicate-key",
        ),
    ]
}

/// In a file that is read whole, and in one that is cut while it is read, as packed ones are.
#[test]
fn one_broken_line_costs_one_item() {
    for (what, line, is_record, code) in lines() {
        // One byte in 16 of a file that is read as JSON may be NUL.
        let before = if line.contains(&0) { 20 } else { 3 };
        let mut bytes = articles(0..before);
        bytes.extend([&*line, b"\n"].concat());
        bytes.extend(articles(before..before + 3));
        let mut expected = Fate::of(before + 3, &[code]);
        if is_record {
            expected.records += 1;
            expected.refused.clear();
            let found = (!code.is_empty()).then_some((code, 1));
            expected.found.extend(found);
        }
        assert_eq!(convert("a.jsonl", &bytes), expected, "{what}");
        assert_eq!(convert("a.jsonl.gz", &gz(&bytes)), expected, "{what}");
    }
}

#[test]
fn all_broken_lines_together_cost_one_item_each() {
    let mut bytes = articles(0..400);
    let mut expected = Fate::of(400, &[]);
    for (number, (_, line, is_record, code)) in lines().into_iter().enumerate() {
        bytes.extend([&*line, b"\n"].concat());
        bytes.extend(articles(number + 400..number + 401));
        expected.records += 1 + usize::from(is_record);
        if !is_record {
            expected.refused.push(code.to_owned());
        } else if !code.is_empty() {
            expected.found.insert(code, 1);
        }
    }
    assert_eq!(convert("a.jsonl", &bytes), expected);
    let packed = convert("a.jsonl.gz", &gz(&bytes));
    assert_eq!(packed, expected);
}

#[test]
fn utf_16_is_read_with_a_mark_and_without() {
    let text = String::from_utf8(articles(0..5)).unwrap();
    let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [
        le.clone(),
        be.clone(),
        [b"\xff\xfe", &*le].concat(),
        [b"\xfe\xff", &*be].concat(),
    ] {
        assert_eq!(convert("a.jsonl", &bytes), Fate::of(5, &[]));
    }
    // Half a code unit behind the last line is an item of its own.
    for bytes in [[b"\xff\xfe", &*le].concat(), [b"\xfe\xff", &*be].concat()] {
        let odd = [&*bytes, b"{"].concat();
        assert_eq!(convert("a.jsonl", &odd), Fate::of(5, &["input-json"]));
    }
}

#[test]
fn arrays_hold_what_is_in_them() {
    let array = |items: &str| convert("a.json", items.as_bytes());
    assert_eq!(array("[]"), Fate::of(0, &[]));
    assert_eq!(
        array(r#"["Rain", "Snow"]"#),
        Fate::of(0, &["item-mismatch"])
    );
    let (one, two) = (article(1), article(2));
    assert_eq!(array(&format!("[{one},\n{two}]")), Fate::of(2, &[]));
    let mixed = format!(r#"[{one}, "Rain", 3, null, [], {two}]"#);
    assert_eq!(array(&mixed), Fate::of(2, &["item-mismatch"; 4]));
    // The bracket that is missing is what is refused.
    assert_eq!(
        array(&format!("[{one}, {two}")),
        Fate::of(2, &["input-json"])
    );
}

/// How many articles are whole in what a damaged file gives, as another decoder gives it.
fn whole(packed: &[u8]) -> usize {
    let mut out = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(packed);
    let mut buffer = [0; 1];
    while let Ok(1) = decoder.read(&mut buffer) {
        out.extend(buffer);
    }
    memchr::memchr_iter(b'}', &out).count()
}

#[test]
fn what_lies_before_damage_is_read() {
    let lines = articles(0..1_500);
    let packed = gz(&lines);
    let length = packed.len();
    for cut in [
        200,
        length / 4,
        length / 2,
        length - 100,
        length - 8,
        length - 1,
    ] {
        let rest = packed.get(..cut).unwrap();
        let count = whole(rest);
        assert!(count > 300 || cut == 200);
        let seen = convert("a.jsonl.gz", rest);
        assert_eq!(
            seen,
            Fate::of(count, &["input-damaged"]),
            "{cut} of {length}"
        );
    }
    // A checksum, a length, and what follows.
    for at in [length - 6, length - 2] {
        let mut damaged = packed.clone();
        damaged
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|byte| *byte ^= 1);
        let seen = convert("a.jsonl.gz", &damaged);
        assert_eq!(seen, Fate::of(1_500, &["input-damaged"]));
    }
    for garbage in [&b"garbage"[..], b"\0", b"\x1f", &[0x1f, 0x8b, 8, 0]] {
        let seen = convert("a.jsonl.gz", &[&packed, garbage].concat());
        assert_eq!(seen, Fate::of(1_500, &["input-damaged"]), "{garbage:?}");
    }
    // Behind a member another.
    let two = [packed.clone(), gz(&articles(1_500..1_503))].concat();
    assert_eq!(convert("a.jsonl.gz", &two), Fate::of(1_503, &[]));
}

/// Some 4 GiB of white space in some kilobytes, behind good lines and before one.
fn bomb() -> Vec<u8> {
    let space = gz(&vec![b' '; 2 << 20]).repeat(2_048);
    gz(&[gz(&articles(0..9)), space, gz(&articles(9..10))].concat())
}

#[test]
fn a_bomb_is_stopped_where_it_grows() {
    let bomb = bomb();
    assert!(bomb.len() < 60_000, "{}", bomb.len());
    let found = convert("a.jsonl.gz", &bomb);
    assert_eq!(found, Fate::of(9, &["input-too-large"]));
    // Three times, and what is no JSON.
    let found = convert("a.jsonl.gz", &gz(&bomb));
    assert_eq!(found, Fate::of(9, &["input-too-large"]));
    let zeros = gz(&gz(&gz(&vec![0; 2 << 20]).repeat(64)));
    assert_eq!(convert("a.gz", &zeros), Fate::of(0, &["input-binary"]));
}

/// What is too long is passed over, and takes no room.
#[test]
fn a_line_of_forty_megabytes_is_refused() {
    let long = format!(
        "{{\"title\": \"Rain\", \"text\": \"{}\"}}\n",
        "x".repeat(40 << 20)
    );
    let bytes = [articles(0..5), long.into(), articles(5..9)].concat();
    assert_eq!(
        convert("a.jsonl", &bytes),
        Fate::of(9, &["input-too-large"])
    );
    let array = [b"[", &*elements(&bytes), b"]"].concat();
    assert_eq!(convert("a.json", &array), Fate::of(9, &["input-too-large"]));
}

/// Lines as the elements of an array.
fn elements(lines: &[u8]) -> Vec<u8> {
    let lines = lines.trim_ascii_end().split(|byte| *byte == b'\n');
    lines.collect::<Vec<_>>().join(&b",\n"[..])
}

/// The whole address space, code and stacks included, is a gigabyte: less than what the files hold.
#[test]
#[cfg(unix)]
fn neither_takes_memory() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let long = format!("{{\"title\": \"{}\"}}\n", "x".repeat(40 << 20));
    for (name, bytes, code) in [
        ("bomb.jsonl.gz", bomb(), "input-too-large"),
        (
            "long.jsonl",
            [articles(0..9), long.into()].concat(),
            "input-too-large",
        ),
    ] {
        let dump = root.join(name);
        fs::create_dir(&dump).unwrap();
        fs::write(dump.join(name), bytes).unwrap();
        let limited = "ulimit -v 1000000; exec \"$0\" check \"$1\" --format concise";
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", limited, env!("CARGO_BIN_EXE_dateline"), "."])
            .env("RAYON_NUM_THREADS", "2")
            .current_dir(&dump);
        let (exit, printed) = run(&mut command);
        assert_eq!(exit, 1, "{name}: {printed}");
        assert!(printed.contains(&format!("error[{code}]")), "{printed}");
        assert!(printed.contains("9 records"), "{printed}");
    }
}

/// One that grows as fast as it is read has an end, too.
#[test]
fn a_file_that_changes_while_it_is_read_is_an_error() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.jsonl");
    let lines = articles(0..8_000);
    for bytes in [gz(&lines), lines.clone()] {
        fs::write(&path, bytes).unwrap();
        let grow = || {
            let mut file = OpenOptions::new().append(true).open(&path).unwrap();
            file.write_all(&articles(9_000..9_002)).unwrap();
        };
        let found = seen(&path, grow);
        let failed = found.failed.unwrap();
        assert!(failed.contains("it changed while it was read"), "{failed}");
        assert!((7_990..8_010).contains(&found.records), "{}", found.records);
    }
    fs::write(&path, &lines).unwrap();
    let shrink = || {
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(100).unwrap();
    };
    let failed = seen(&path, shrink).failed.unwrap();
    assert!(failed.contains("it changed while it was read"), "{failed}");
}
