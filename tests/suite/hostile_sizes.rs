//! Input that is too deep, too long, too many, too dense or cut off: it is said in bounded time and
//! memory, and all of it is counted.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crate::tool::{copy, dateline, run};

/// Checks a file of these bytes: the exit code, and what is printed.
#[track_caller]
fn check(name: &str, bytes: &[u8]) -> (i32, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let args = ["check", name, "--format", "concise", "--limit", "4"];
    run(dateline(args).current_dir(folder.path()))
}

/// A record that is one, in one line.
fn record() -> String {
    let shard = fs::read_dir(demo().join("records")).unwrap().next();
    let text = fs::read_to_string(shard.unwrap().unwrap().path()).unwrap();
    text.lines().next().unwrap().to_owned()
}

fn demo() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo-corpus"))
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// How a file of lines is packed, by its name.
const PACKED: [(&str, Pack); 2] = [("a.jsonl.gz", gz), ("a.jsonl.zst", zst)];

type Pack = fn(&[u8]) -> Vec<u8>;

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

#[test]
fn a_hundred_thousand_levels_are_one_error() {
    let lists = "[".repeat(100_000) + &"]".repeat(100_000);
    let objects = r#"{"a":"#.repeat(100_000) + "1" + &"}".repeat(100_000);
    for deep in [lists, objects] {
        let line =
            format!(r#"{{"format":"dateline/1","type":"article","id":"a","x":{{"a":{deep}}}}}"#);
        let (exit, printed) = check("deep.jsonl", format!("{line}\n").as_bytes());
        assert_eq!(exit, 1, "{printed}");
        assert!(
            printed.contains("error[json-depth]")
                && printed.ends_with("\n1 error in 1 file without records\n"),
            "{printed}"
        );
    }
}

/// The file takes no room on disk, and the line none in memory.
#[test]
fn a_line_of_a_gigabyte_is_passed_over() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("long.jsonl");
    let mut file = File::create(&path).unwrap();
    let line = record();
    writeln!(file, "{line}").unwrap();
    file.set_len((1 << 30) + u64::try_from(line.len()).unwrap() + 1)
        .unwrap();
    drop(file);
    // The whole address space, code and stacks included.
    let limited = "ulimit -v 1000000; exec \"$0\" check long.jsonl --format concise";
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", limited, env!("CARGO_BIN_EXE_dateline")])
        .env("RAYON_NUM_THREADS", "2")
        .current_dir(folder.path());
    let (exit, printed) = run(&mut command);
    assert_eq!(exit, 1, "{printed}");
    let said = "long.jsonl:2: error[line-too-long] line 2 has 1073741824 bytes; lines of more than 67108864 are not read";
    assert!(printed.starts_with(said), "{printed}");
    assert!(
        printed.contains("\nfacets: source "),
        "the other line is checked: {printed}"
    );
}

#[test]
fn ten_thousand_members_are_read_once() {
    let members: Vec<String> = (0..10_000).map(|n| format!(r#""k{n}":{n}"#)).collect();
    let all = members.join(",");
    let under_x = record().replacen('{', &format!(r#"{{"x":{{{all}}},"#), 1);
    let (exit, printed) = check("x.jsonl", format!("{under_x}\n").as_bytes());
    assert_eq!(exit, 0, "{printed}");
    let unknown = record().replacen('{', &format!("{{{all},"), 1);
    let (exit, printed) = check("unknown.jsonl", format!("{unknown}\n").as_bytes());
    assert_eq!(exit, 1);
    assert!(
        printed.contains("\n10000 errors in 1 file, 1 record (9996 of them not shown)\n"),
        "{printed}"
    );
    // Twice as many would take too much memory to be told one by one.
    let more: Vec<String> = (0..20_000).map(|n| format!(r#""k{n}":{n}"#)).collect();
    let crowded = record().replacen('{', &format!("{{{},", more.join(",")), 1);
    let (exit, printed) = check("crowded.jsonl", format!("{crowded}\n").as_bytes());
    assert_eq!(exit, 1);
    assert!(
        printed.contains(
            "field `k0` is not known here; what else does not match the schema is not looked for"
        ) && printed.ends_with("\n1 error in 1 file, 1 record\n"),
        "{printed}"
    );
    // The last key is the first again: found without comparing each with each.
    let twice = under_x.replacen(r#""k9999":"#, r#""k0":"#, 1);
    let (exit, printed) = check("twice.jsonl", format!("{twice}\n").as_bytes());
    assert_eq!(exit, 1);
    assert!(
        printed.contains("error[json-duplicate-key] key `k0` occurs twice"),
        "{printed}"
    );
}

#[test]
fn a_million_errors_are_counted() {
    // Long enough to be looked at one by one.
    let line = format!("{:>64}\n", 0).repeat(1_000_000);
    let (exit, printed) = check("many.jsonl", line.as_bytes());
    assert_eq!(exit, 1);
    assert!(
        printed.starts_with("many.jsonl:1:64: error[json-syntax]"),
        "{printed}"
    );
    assert!(
        printed
            .ends_with("\n1000000 errors in 1 file without records (999996 of them not shown)\n"),
        "{printed}"
    );
    assert!(printed.lines().count() < 10);
}

#[test]
fn all_errors_of_one_line_are_counted() {
    let links = vec!["0"; 20_000].join(",");
    let line = record().replacen('{', &format!(r#"{{"links":[{links}],"#), 1);
    let (exit, printed) = check("many.jsonl", format!("{line}\n").as_bytes());
    assert_eq!(exit, 1);
    assert!(
        printed.contains("\n20000 errors in 1 file, 1 record (19996 of them not shown)\n"),
        "{printed}"
    );
}

#[test]
fn what_grows_without_measure_is_not_unpacked() {
    // One member gives some thousand bytes for each of its own.
    let member = gz(&vec![0; 2 << 20]);
    let zeros = zst(&vec![0; 40 << 20]);
    let good = zst(format!("{}\n", record()).as_bytes());
    for (name, bytes) in [
        ("a.jsonl.gz", member.repeat(10)),
        ("a.jsonl.zst", zeros.clone()),
        (
            "b.jsonl.zst",
            zst(&[vec![b' '; 1 << 20], vec![b'\n']].concat().repeat(40)),
        ),
        // In one more frame, behind a good one.
        ("c.jsonl.zst", [good, zeros].concat()),
    ] {
        assert!(bytes.len() < 40_000, "{name}: {}", bytes.len());
        let (exit, printed) = check(name, &bytes);
        assert_eq!(exit, 1, "{name}: {printed}");
        assert!(
            printed.contains("error[shard-truncated] is not read")
                && printed.contains("more than 1000 bytes come of one stored byte"),
            "{name}: {printed}"
        );
    }
    // Packed twice is unpacked once.
    let (exit, printed) = check("d.jsonl.gz", &gz(&member));
    assert_eq!(exit, 1, "{printed}");
    assert!(!printed.contains("shard-truncated"), "{printed}");
}

/// A frame may ask for a window larger than what is read: 128 MiB.
#[test]
fn a_window_beyond_all_measure_is_refused() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(30).unwrap();
    encoder.include_contentsize(false).unwrap();
    encoder
        .write_all(format!("{}\n", record()).as_bytes())
        .unwrap();
    let bytes = encoder.finish().unwrap();
    let (exit, printed) = check("a.jsonl.zst", &bytes);
    assert_eq!(exit, 1, "{printed}");
    assert!(
        printed.contains("] is not read: to decompress it takes a window of more than 128 MiB"),
        "{printed}"
    );
}

/// One finding that says what the bytes are, and what to do; not one for each line of them.
#[test]
fn what_a_file_holds_is_told_where_its_name_says_something_else() {
    let line = format!("{}\n", record());
    let plain = line.as_bytes();
    let utf16: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xff\xfe"[..], &utf16].concat();
    for (name, bytes, code, says) in [
        ("a.jsonl", gz(plain), "file-unreadable", "with gzip"),
        ("a.jsonl", zst(plain), "file-unreadable", "with zstd"),
        ("a.jsonl", utf16.repeat(9), "file-unreadable", "UTF-16"),
        ("a.jsonl", marked, "file-unreadable", "it is UTF-16"),
        ("a.jsonl.gz", plain.to_vec(), "shard-truncated", "it is not"),
        (
            "a.jsonl.zst",
            plain.to_vec(),
            "shard-truncated",
            "it is not",
        ),
        ("a.jsonl.zst", gz(plain), "shard-truncated", "gzip, not"),
    ] {
        let (exit, printed) = check(name, &bytes);
        assert_eq!(exit, 1, "{name}: {printed}");
        assert!(printed.contains(&format!("error[{code}]")), "{printed}");
        assert!(printed.contains(says), "{says}: {printed}");
        assert!(
            printed.ends_with("\n1 error in 1 file without records\n"),
            "{printed}"
        );
    }
}

#[test]
fn packed_files_are_read_to_their_last_member_and_no_further() {
    let line = format!("{}\n", record());
    let other = line.replacen("art-1d7", "art-2d7", 1);
    assert_ne!(line, other);
    let (half, rest) = line.as_bytes().split_at(line.len() / 2);
    for (name, pack) in PACKED {
        let whole = [pack(half), pack(rest), pack(b""), pack(other.as_bytes())].concat();
        let (exit, printed) = check(name, &whole);
        assert_eq!(exit, 0, "{name}: {printed}");
        assert!(
            printed.contains("source 2 of 2") || printed.contains("source 0 of 2"),
            "{printed}"
        );
        for garbage in [&b"garbage"[..], b"\0", &[0x1f], &[0x28, 0xb5]] {
            let (exit, printed) = check(name, &[&whole, garbage].concat());
            assert_eq!(exit, 1, "{name} {garbage:?}: {printed}");
            assert!(
                printed.contains("error[shard-truncated] "),
                "{name}: {printed}"
            );
            assert!(printed.contains(" after line 2"), "{name}: {printed}");
        }
        // A byte of the last member is another.
        let mut damaged = whole.clone();
        let at = damaged.len() - 6;
        damaged
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|byte| *byte ^= 0x55);
        let (exit, printed) = check(name, &damaged);
        assert_eq!(exit, 1, "{name}: {printed}");
        assert!(
            printed.contains("error[shard-truncated]"),
            "{name}: {printed}"
        );
    }
}

/// In the header, in the data, in the check sum, and between members.
#[test]
fn a_shard_cut_anywhere_is_said_to_be_cut() {
    let line = format!("{}\n", record());
    for (name, pack) in PACKED {
        let one = pack(line.as_bytes());
        let two = [one.clone(), one.clone()].concat();
        let inside = [
            1,
            5,
            one.len() / 2,
            one.len() - 1,
            one.len() + 3,
            two.len() - 5,
        ];
        for cut in inside {
            let (exit, printed) = check(name, two.get(..cut).unwrap());
            assert_eq!(exit, 1, "{name} {cut}: {printed}");
            assert!(
                printed
                    .contains("error[shard-truncated] ends in the middle of its compressed data"),
                "{name} {cut}: {printed}"
            );
        }
        let (exit, _) = check(name, &one);
        assert_eq!(exit, 0, "{name}");
    }
}

/// A corpus and a release with a part cut off say so, wherever it is cut.
#[test]
fn a_release_cut_short_is_not_compared_with() {
    let folder = TempDir::new().unwrap();
    let corpus = folder.path().join("corpus");
    copy(demo(), &corpus);
    let entries = corpus.join("releases/1/entries.txt");
    let text = fs::read(&entries).unwrap();
    let packed = zst(&text);
    fs::remove_file(&entries).unwrap();
    let shard = first_of(&corpus.join("records"));
    let against = |exit: i32, says: &str| {
        let args = [
            "check".as_ref(),
            shard.as_os_str(),
            "--against".as_ref(),
            "corpus".as_ref(),
        ];
        let (found, printed) = run(dateline(args).current_dir(folder.path()));
        assert_eq!(found, exit, "{printed}");
        assert!(printed.contains(says), "{printed}");
    };
    fs::write(corpus.join("releases/1/entries.txt.zst"), &packed).unwrap();
    against(0, "against release 1: 6 unchanged");
    for cut in [3, packed.len() / 2, packed.len() - 1] {
        fs::write(
            corpus.join("releases/1/entries.txt.zst"),
            packed.get(..cut).unwrap(),
        )
        .unwrap();
        against(2, "entries.txt.zst");
    }
    fs::write(
        corpus.join("releases/1/entries.txt.zst"),
        zst(text.get(..text.len() / 2).unwrap()),
    )
    .unwrap();
    against(2, "the last line has no line end");
    fs::write(corpus.join("releases/1/entries.txt.zst"), zst(b"")).unwrap();
    against(2, "are not those of its manifest: 0 lines");
    fs::remove_file(corpus.join("releases/1/entries.txt.zst")).unwrap();
    // Without them, they are those that the records give.
    against(0, "against release 1: 6 unchanged");
    fs::remove_file(first_of(&corpus.join("relations"))).unwrap();
    against(2, "`entries.txt` is not there");
}

fn first_of(folder: &Path) -> PathBuf {
    let mut found = fs::read_dir(folder).unwrap();
    found.next().unwrap().unwrap().path()
}

#[test]
fn every_way_to_end_a_line_is_told_apart() {
    let one = record();
    let two = one.replacen("art-1d7", "art-2d7", 1);
    let three = one.replacen("art-1d7", "art-3d7", 1);
    for (text, exit, says) in [
        (format!("{one}\n{two}\n{three}\n"), 0, "of 3"),
        (format!("{one}\r\n{two}\n{three}\r\n"), 0, "of 3"),
        (format!("{one}\n{two}\r\n{three}"), 1, "error[line-unended]"),
        (format!("{one}\n{two}\r\n{three}"), 1, "of 3"),
        (format!("{one}\r{two}\n{three}\n"), 1, "error[json-syntax]"),
        (format!("{one}\r{two}\n{three}\n"), 1, "of 1"),
        (format!("{one}\n\n{two}\n"), 1, "error[line-empty]"),
        (format!("{one}\n\r\n{two}\n"), 1, "error[line-empty]"),
        (format!("{one}\u{2028}{two}\n"), 1, "error[json-syntax]"),
        (format!("{one}\n\u{1a}"), 1, "error[json-syntax]"),
        (format!("\u{feff}{one}\n"), 1, "error[json-bom]"),
        (
            format!("{one}\n{}\n", "\0".repeat(4096)),
            1,
            "error[json-syntax]",
        ),
    ] {
        let (found, printed) = check("a.jsonl", text.as_bytes());
        assert_eq!(found, exit, "{printed}");
        assert!(printed.contains(says), "{says}: {printed}");
    }
}

/// A few kilobytes that are compressed may hold a million lines: a run of lines that hold nothing, or
/// are too short for a record, is one finding, and costs no more than its bytes.
#[test]
fn a_million_lines_of_nothing_are_one_finding() {
    for line in ["\n", " \n", "{}\n", "null\n", "x\n", "x\n\n", "\t\r\n"] {
        let mut counts = Vec::new();
        for size in [1 << 14, 1 << 18, 1 << 22] {
            let text = line.repeat(size / line.len());
            let started = std::time::Instant::now();
            let (exit, printed) = check("a.jsonl.zst", &zst(text.as_bytes()));
            assert_eq!(exit, 1, "{printed}");
            let last = printed.lines().last().unwrap();
            let errors: u64 = last
                .split(' ')
                .next()
                .unwrap()
                .replace(',', "")
                .parse()
                .unwrap();
            counts.push((errors, started.elapsed()));
        }
        let blank = line.trim().is_empty();
        let ((few, _), (many, took)) = (counts[0], counts[2]);
        // At most a hundred lines of a chunk of 65,536 are looked at by themselves, and those between them.
        let most = if blank {
            1
        } else {
            few + 205 * (1 << 22) / (1 << 16)
        };
        assert!(many <= most, "{line:?}: {counts:?}");
        assert!(took.as_secs() < 60, "{line:?}: {counts:?}");
    }
}
