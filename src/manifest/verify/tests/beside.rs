//! What lies among the records beside those of the release, and the same records packed in another way.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::super::{PartName, Verdict};
use super::{check, files, part, sealed};
use crate::manifest::samples;
use crate::record::Record;

fn shard(root: &Path, folder: &str) -> PathBuf {
    files(root)
        .into_iter()
        .find(|path| {
            path.starts_with(root.join(folder)) && path.to_string_lossy().contains("/part-0")
        })
        .unwrap()
}

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn forged() -> Vec<u8> {
    let record = Record::Article(Box::new(samples::article(9, "Forged.")));
    let mut line = record.to_line().unwrap();
    line.push(b'\n');
    line
}

/// `corpus-among`
#[test]
fn a_record_beside_those_of_the_release_fails_wherever_it_lies() {
    let signers = samples::signers();
    for path in [
        "records/part-00001-0123456789abcdef.jsonl",
        "records/other.jsonl",
        "records/.hidden",
        "records/a/b/c.txt",
        "records/.DS_Store",
        "records/desktop.ini",
        "records/__MACOSX/._part-00000.jsonl",
    ] {
        let folder = sealed();
        put(folder.path(), path, forged());
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 1, "{path}: {verification:#?}");
        let (verdict, told) = part(&verification, PartName::Records);
        assert_eq!(verdict, Verdict::Failed);
        assert!(
            told.contains(&format!("{path}:1: `art-9`: is not in the release")),
            "{told}"
        );
    }
}

#[test]
fn listings_that_name_a_forged_record_make_nothing_of_it() {
    let signers = samples::signers();
    for listing in ["files.json", "releases/2/files.json"] {
        let folder = sealed();
        let name = "records/part-00001-0123456789abcdef.jsonl";
        put(folder.path(), name, forged());
        let digest = crate::digest::Digest::of(&forged());
        let text = format!(
            "{{\"format\":\"dateline-files/1\",\"after\":2,\"files\":[{{\"path\":\"{name}\",\"bytes\":{},\
             \"digest\":\"{digest}\"}}]}}",
            forged().len()
        );
        put(folder.path(), listing, text);
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 1, "{listing}");
        let (_, told) = part(&verification, PartName::Records);
        assert!(told.contains("`art-9`: is not in the release"), "{told}");
        assert_eq!(
            told.contains("it looks like a working state that is not sealed yet"),
            listing == "files.json",
            "{told}"
        );
    }
}

#[test]
fn a_second_copy_and_a_record_in_another_folder_are_named() {
    let signers = samples::signers();
    let folder = sealed();
    let bytes = fs::read(shard(folder.path(), "records")).unwrap();
    put(folder.path(), "records/copy/again.jsonl", &bytes);
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 1);
    // A copy of a whole shard says so once.
    let (_, told) = part(&verification, PartName::Records);
    assert!(
        told.starts_with("2 are not")
            && told.contains("`art-1`: is here a second time, and so is another line of this file")
            && told.matches("second time").count() == 1,
        "{told}"
    );
    for folder_name in ["relations", "withdrawals"] {
        let folder = sealed();
        let from = shard(folder.path(), "records");
        fs::create_dir_all(folder.path().join(folder_name)).unwrap();
        fs::rename(&from, folder.path().join(folder_name).join("x.jsonl")).unwrap();
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 1);
        let (_, told) = part(&verification, PartName::Records);
        assert!(
            told.contains("`type` is `article`, which does not belong in"),
            "{told}"
        );
    }
}

#[test]
fn any_other_kind_of_file_among_the_records_fails_and_is_named() {
    let signers = samples::signers();
    for (path, bytes, name, told) in [
        (
            "records/a.csv",
            b"id,title\nart-9,Forged\n".as_slice(),
            PartName::Records,
            "records/a.csv:1: ",
        ),
        (
            "records/a.parquet",
            b"PAR1",
            PartName::Shards,
            "records/a.parquet: it is a Parquet file",
        ),
        (
            "traces/notes.md",
            b"# Notes\n",
            PartName::Traces,
            "traces/notes.md:1: ",
        ),
        (
            "withdrawals/a.jsonl.gz",
            b"\x1f\x8b\x08",
            PartName::Records,
            "withdrawals/a.jsonl.gz: ends in the middle of its compressed data",
        ),
    ] {
        let folder = sealed();
        put(folder.path(), path, bytes);
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 1, "{path}: {verification:#?}");
        let (verdict, reason) = part(&verification, name);
        assert_eq!(verdict, Verdict::Failed, "{path}");
        assert!(reason.contains(told), "{path}: {reason}");
    }
}

#[test]
fn litter_that_holds_no_records_is_a_note() {
    let folder = sealed();
    put(folder.path(), "records/.DS_Store", b"\0\0\0\x01Bud1\n\n");
    put(folder.path(), "traces/Thumbs.db", b"\xd0\xcf\x11\xe0");
    put(
        folder.path(),
        "relations/._part-00000.jsonl",
        b"\0\x05\x16\x07",
    );
    put(folder.path(), "records/empty", b"");
    put(folder.path(), "elsewhere/a.jsonl", forged());
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    let shards = verification
        .parts
        .iter()
        .find(|part| part.part == PartName::Shards);
    let reason = shards.unwrap().reason.clone().unwrap();
    assert!(
        reason.starts_with("left by an operating system, without records: ")
            && reason.contains("records/.DS_Store")
            && reason.contains("traces/Thumbs.db"),
        "{reason}"
    );
    assert!(verification.outside.contains(&"elsewhere".to_owned()));
}

/// `corpus-among-litter`: a name is no place to hide records in.
#[test]
fn litter_that_may_hold_records_is_judged_by_what_it_holds() {
    let signers = samples::signers();
    for (bytes, exit) in [
        (b"PAR1\x15\0".to_vec(), 1),
        (b"PK\x03\x04".to_vec(), 1),
        (forged(), 1),
        (b"\xfd7zXZ\0\0\x04".to_vec(), 3),
        (b"\xd0\xcf\x11\xe0".to_vec(), 0),
    ] {
        for name in ["Thumbs.db", "a.jsonl~", "._a"] {
            let folder = sealed();
            put(folder.path(), &format!("records/{name}"), &bytes);
            let verification = check(folder.path(), &signers);
            assert_eq!(verification.exit(), exit, "{name}: {verification:#?}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_not_wrong() {
    let signers = samples::signers();
    let mut window = b"\x28\xb5\x2f\xfd\x00\xa8".to_vec();
    window.extend([1, 0, 0]);
    for (path, bytes, told) in [
        (
            "records/a.jsonl.xz",
            b"\xfd7zXZ\0\0\x04".as_slice(),
            "packed with xz",
        ),
        ("records/a.jsonl.zst", &window, "takes a window of more"),
        (
            "records/a.jsonl",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:\
              9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nsize 12\n",
            "git lfs pull",
        ),
    ] {
        // Beside the records.
        let folder = sealed();
        put(folder.path(), path, bytes);
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 3, "{path}: {verification:#?}");
        let (verdict, reason) = part(&verification, PartName::Shards);
        assert_eq!(verdict, Verdict::Unverifiable);
        assert!(reason.contains(told), "{reason}");
        assert_eq!(part(&verification, PartName::Records).0, Verdict::Verified);
        // In their place.
        fs::remove_file(shard(folder.path(), "records")).unwrap();
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 3, "{path}: {verification:#?}");
        let (verdict, reason) = part(&verification, PartName::Records);
        assert_eq!(verdict, Verdict::Unverifiable);
        assert!(
            reason.contains("2 are in none of the files that could be read"),
            "{reason}"
        );
        // A forged record is one all the same.
        put(folder.path(), "records/forged.jsonl", forged());
        assert_eq!(check(folder.path(), &signers).exit(), 1);
    }
}

#[test]
fn more_lines_than_the_release_has_end_the_reading() {
    let folder = sealed();
    put(folder.path(), "records/z.jsonl", vec![b'\n'; 1 << 20]);
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 1);
    let (verdict, reason) = part(&verification, PartName::Shards);
    assert_eq!(verdict, Verdict::Failed);
    assert!(
        reason.starts_with("there are more lines than the 4 of the release"),
        "{reason}"
    );
}

/// The records of a folder in another packing: backwards, without listings, under other names.
#[test]
fn the_same_records_verify_in_any_packing_and_order() {
    let signers = samples::signers();
    let plain = |lines: &[&str]| lines.concat().into_bytes();
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let folder = sealed();
    let root = folder.path();
    for part in ["records", "traces", "relations", "withdrawals"] {
        let path = shard(root, part);
        let stored = fs::read(&path).unwrap();
        let text = if path.extension().is_some_and(|ending| ending == "zst") {
            zstd::decode_all(stored.as_slice()).unwrap()
        } else {
            stored
        };
        let text = String::from_utf8(text).unwrap();
        // As `jq -S` writes them: keys in order, with spaces, and CRLF.
        let lines: Vec<String> = text
            .lines()
            .rev()
            .map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                serde_json::to_string(&value)
                    .unwrap()
                    .replacen('{', "{ ", 1)
                    + "\r\n"
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        fs::remove_file(&path).unwrap();
        let (first, rest) = lines.split_at(1);
        put(
            root,
            &format!("{part}/train-0001.json"),
            gzip(&plain(first)),
        );
        let rest = plain(rest);
        // The last line without its end.
        let rest = rest.strip_suffix(b"\r\n").unwrap_or(&rest);
        put(root, &format!("{part}/deep/train-0000.json"), rest);
        put(root, &format!("{part}/blank.jsonl"), "\n\n");
    }
    let verification = check(root, &signers);
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    // Neither listing is asked, nor what else can be computed again.
    for name in ["files.json", "entries.txt", "traces.txt"] {
        fs::remove_file(root.join("releases/2").join(name)).unwrap();
    }
    let verification = check(root, &signers);
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    let told = verification
        .parts
        .iter()
        .filter_map(|part| part.reason.as_deref());
    let told: Vec<&str> = told.filter(|reason| reason.contains("computed")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn entries_that_are_not_there_and_cannot_be_computed_leave_the_records_unverified() {
    let signers = samples::signers();
    let folder = sealed();
    fs::remove_file(folder.path().join("releases/2/entries.txt")).unwrap();
    let name = shard(folder.path(), "records");
    let bytes = fs::read(&name).unwrap();
    // What is not known is whether the records that cannot be read are those of the release.
    fs::remove_file(&name).unwrap();
    put(folder.path(), "records/a.jsonl.xz", b"\xfd7zXZ\0\0\x04");
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    assert_eq!(
        part(&verification, PartName::Records).0,
        Verdict::Unverifiable
    );
    fs::remove_file(folder.path().join("records/a.jsonl.xz")).unwrap();
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 1, "{verification:#?}");
    fs::write(&name, bytes).unwrap();
    assert_eq!(check(folder.path(), &signers).exit(), 0);
    put(folder.path(), "records/forged.jsonl", forged());
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 1, "{verification:#?}");
    let (_, reason) = part(&verification, PartName::Records);
    assert!(
        reason.starts_with("the records here give 5 entries with the root sha256:"),
        "{reason}"
    );
    // Entries that are there and are others are wrong, whatever the records give.
    let folder = sealed();
    put(folder.path(), "releases/2/entries.txt", b"");
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 1);
    assert_eq!(part(&verification, PartName::Records).0, Verdict::Verified);
    // The same for traces.
    let folder = sealed();
    fs::remove_file(folder.path().join("releases/2/traces.txt")).unwrap();
    fs::remove_dir_all(folder.path().join("traces")).unwrap();
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 3, "{verification:#?}");
}

#[cfg(unix)]
#[test]
fn links_to_files_are_followed_and_nothing_outside_is_shown() {
    use std::os::unix::fs::symlink;

    let signers = samples::signers();
    let folder = sealed();
    let outside = tempfile::TempDir::new().unwrap();
    let path = shard(folder.path(), "records");
    let blob = outside.path().join("blob");
    fs::rename(&path, &blob).unwrap();
    symlink(&blob, &path).unwrap();
    assert_eq!(check(folder.path(), &signers).exit(), 0);
    // Its content is shown of no line that is not of the release.
    let mut text = String::from_utf8(forged())
        .unwrap()
        .replace("art-9", "art-secret");
    text.push_str("password: hunter2\n");
    fs::write(outside.path().join("secret"), text).unwrap();
    symlink(
        outside.path().join("secret"),
        folder.path().join("records/s"),
    )
    .unwrap();
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 1);
    let told = format!("{verification:?}");
    assert!(
        !told.contains("secret\"") && !told.contains("hunter2"),
        "{told}"
    );
    assert!(
        told.contains("a line of a file outside the corpus"),
        "{told}"
    );
}
