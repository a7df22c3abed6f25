#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Among, OtherKind};
use crate::corpus::{Container, Corpus, Part};

fn corpus(files: &[(&str, &[u8])]) -> (TempDir, Among) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("dateline.yaml"), "").unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let among = among(folder.path());
    (folder, among)
}

fn among(root: &Path) -> Among {
    Corpus::open(root).unwrap().among()
}

#[test]
fn every_file_is_met_whatever_its_name_and_its_container_shows() {
    let (_folder, among) = corpus(&[
        ("records/part-00000-0123456789abcdef.jsonl", b"{}\n"),
        ("records/.hidden", b"{}\n"),
        ("records/a/b/c", b"\x1f\x8b\x08\0"),
        ("relations/x.jsonl", b"\x28\xb5\x2f\xfd\0"),
        ("traces/empty", b""),
        ("inputs/part-00000-0123456789abcdef.jsonl", b"{}\n"),
        ("elsewhere/part-00000-0123456789abcdef.jsonl", b"{}\n"),
    ]);
    let met: Vec<(Part, &str, Container)> = among
        .files
        .iter()
        .map(|file| (file.part, &*file.source.file, file.source.container))
        .collect();
    assert_eq!(
        met,
        [
            (
                Part::Records,
                "records/part-00000-0123456789abcdef.jsonl",
                Container::Plain
            ),
            (Part::Records, "records/.hidden", Container::Plain),
            (Part::Records, "records/a/b/c", Container::Gz),
            (Part::Traces, "traces/empty", Container::Plain),
            (Part::Relations, "relations/x.jsonl", Container::Zst),
        ]
    );
    assert!(among.others.is_empty());
    assert!(among.files.iter().all(|file| !file.litter && !file.outside));
}

#[test]
fn what_holds_no_lines_is_named_with_its_kind() {
    for (bytes, kind, unverifiable) in [
        (b"PAR1....".as_slice(), "a Parquet file", false),
        (b"PK\x03\x04....", "a zip archive", false),
        (b"SQLite format 3", "an SQLite database", false),
        (b"\xfd7zXZ\0..", "packed with xz", true),
        (b"BZh91AY&", "packed with bzip2", true),
        (b"\x04\x22\x4d\x18....", "packed with lz4", true),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:\
              9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nsize 12\n",
            "git lfs pull",
            true,
        ),
    ] {
        let (_folder, among) = corpus(&[("records/x", bytes)]);
        let [other] = among.others.as_slice() else {
            panic!("{among:?}");
        };
        assert_eq!(other.file, "records/x");
        assert!(other.kind.to_string().contains(kind), "{}", other.kind);
        assert_eq!(other.kind.is_unverifiable(), unverifiable, "{kind}");
    }
}

#[test]
fn litter_is_known_by_its_name_and_by_the_folder_it_lies_in() {
    let (_folder, among) = corpus(&[
        ("records/.DS_Store", b"\0\0\0\x01Bud1"),
        ("records/._x/y.jsonl", b"{}\n"),
        ("records/Thumbs.db", b"PAR1"),
    ]);
    assert!(among.files.iter().all(|file| file.litter));
    assert_eq!(among.files.len(), 2);
    assert!(among.others.iter().all(|other| other.litter));
}

#[cfg(unix)]
#[test]
fn links_lead_to_files_and_nowhere_else() {
    use std::os::unix::fs::symlink;

    let (folder, _) = corpus(&[("records/a", b"{}\n"), ("blobs/b", b"{}\n")]);
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("c"), "{}\n").unwrap();
    let records = folder.path().join("records");
    symlink("../blobs/b", records.join("inside")).unwrap();
    symlink(outside.path().join("c"), records.join("outside")).unwrap();
    symlink(outside.path(), records.join("folder")).unwrap();
    symlink("nowhere", records.join("gone")).unwrap();
    symlink("/proc/self/environ", records.join("system")).unwrap();
    symlink("/dev/zero", records.join("device")).unwrap();
    symlink("loop", records.join("loop")).unwrap();
    let among = among(folder.path());
    let files: Vec<(&str, bool)> = among
        .files
        .iter()
        .map(|file| (&*file.source.file, file.outside))
        .collect();
    assert_eq!(
        files,
        [
            ("records/a", false),
            ("records/inside", false),
            ("records/outside", true)
        ]
    );
    let others: Vec<(&str, bool)> = among
        .others
        .iter()
        .map(|other| (other.file.as_str(), other.kind.is_unverifiable()))
        .collect();
    assert_eq!(
        others,
        [
            ("records/device", false),
            ("records/folder", false),
            ("records/gone", true),
            ("records/loop", true),
            ("records/system", false),
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_socket_is_named_and_not_waited_on() {
    let (folder, _) = corpus(&[("records/a", b"{}\n")]);
    let socket = std::os::unix::net::UnixListener::bind(folder.path().join("records/s")).unwrap();
    let among = among(folder.path());
    assert!(matches!(among.others[0].kind, OtherKind::Special));
    drop(socket);
}

#[test]
fn folders_without_end_are_ended() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("dateline.yaml"), "").unwrap();
    let mut path = folder.path().join("records");
    for _ in 0..40 {
        path.push("d");
    }
    fs::create_dir_all(&path).unwrap();
    let among = among(folder.path());
    assert!(matches!(among.others[0].kind, OtherKind::Deep));
}
