//! What lies in a corpus and was not written by dateline: it stays, and nothing is written beside it.

use std::fs;
use std::path::Path;

use super::{SMALL, fill, lines, snapshot, working};
use crate::corpus::{Corpus, Part, Writer};

/// A corpus of a release and a state after it.
fn corpus(root: &Path) {
    let write = |ids: std::ops::Range<u32>| {
        let mut writer = Writer::open(root, SMALL).unwrap();
        fill(&mut writer, Part::Records, &lines(ids, "x")).unwrap();
        writer.commit().unwrap();
    };
    write(0..4);
    let release = root.join("releases/1");
    fs::create_dir_all(&release).unwrap();
    fs::write(release.join("manifest.json"), "{}\n").unwrap();
    fs::rename(root.join("files.json"), release.join("files.json")).unwrap();
    write(2..6);
}

/// Opens it for writing, which must fail and change nothing; gives why.
fn refused(root: &Path) -> String {
    let before = snapshot(root);
    let Err(error) = Writer::open(root, SMALL) else {
        panic!("it is written to");
    };
    assert_eq!(snapshot(root), before);
    error.to_string()
}

/// `corpus-writer-removes`
#[test]
fn a_shard_that_nobody_listed_stays_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    corpus(root);
    let shard = root.join("records/part-00009-0123456789abcdef.jsonl");
    fs::write(&shard, "{}\n").unwrap();
    let said = refused(root);
    assert!(
        said.starts_with(
            "`records/part-00009-0123456789abcdef.jsonl` is not listed in `files.json`"
        ),
        "{said}"
    );
    // An empty folder of temporary files, or a journal of other names, changes nothing.
    fs::create_dir(root.join(".dateline-tmp")).unwrap();
    assert_eq!(refused(root), said);
    fs::write(
        root.join(".dateline-tmp/journal"),
        "records/part-00008-0123456789abcdef.jsonl\n",
    )
    .unwrap();
    assert_eq!(refused(root), said);
    fs::remove_file(&shard).unwrap();
    drop(Writer::open(root, SMALL).unwrap());
    assert!(!root.join(".dateline-tmp").exists());
}

#[test]
fn what_is_among_temporary_files_and_is_none_stays() {
    for name in [
        "letter.txt",
        "dateline-shard",
        "shard-1",
        "dateline-release-1/letter.txt",
        "a/b",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        corpus(root);
        let path = root.join(".dateline-tmp").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "Dear reader").unwrap();
        let said = refused(root);
        assert!(said.contains("was not made by dateline"), "{said}");
        assert!(said.contains(".dateline-tmp"), "{said}");
    }
}

#[test]
fn what_a_stopped_writer_left_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    corpus(root);
    let before = snapshot(root);
    let mut writer = Writer::open(root, SMALL).unwrap();
    fill(&mut writer, Part::Records, &lines(7..9, "y")).unwrap();
    // As a process that is killed leaves it.
    let left = snapshot(root);
    drop(writer);
    assert_eq!(snapshot(root), before);
    for (path, bytes) in &left {
        match bytes {
            Some(bytes) => fs::write(root.join(path), bytes).unwrap(),
            None => fs::create_dir_all(root.join(path)).unwrap(),
        }
    }
    assert!(!Corpus::open(root).unwrap().journaled().is_empty());
    drop(Writer::open(root, SMALL).unwrap());
    assert_eq!(snapshot(root), before);
}

/// `corpus-id-order`
#[test]
fn new_lines_go_behind_shards_that_stay() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    corpus(root);
    let before = snapshot(root);
    let mut writer = Writer::open(root, SMALL).unwrap();
    let mut records = writer.add(Part::Records).unwrap();
    for (id, line) in lines([0, 1, 9], "y") {
        records.push(&id, line.as_bytes()).unwrap();
    }
    writer.set(records.finish().unwrap());
    writer.commit().unwrap();
    let after = snapshot(root);
    for (path, bytes) in &before {
        assert!(
            path == "files.json" || after.get(path) == Some(bytes),
            "{path}"
        );
    }
    let ids: Vec<String> = working(root)["records"]
        .iter()
        .map(|line| line[7..13].to_owned())
        .collect();
    let expected = [
        "art-00", "art-01", "art-02", "art-03", "art-04", "art-05", "art-09",
    ];
    assert_eq!(ids, expected);
}

/// `corpus-link-written`
#[cfg(unix)]
#[test]
fn no_link_is_written_through() {
    use std::os::unix::fs::symlink;

    for name in [
        ".dateline-tmp",
        ".dateline-lock",
        "records",
        "releases",
        "releases/1",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("corpus");
        corpus(&root);
        let outside = folder.path().join("outside");
        let place = root.join(name);
        if place.exists() {
            fs::rename(&place, &outside).unwrap();
        } else {
            fs::create_dir(&outside).unwrap();
            fs::write(outside.join("dateline-shard-1"), "mine").unwrap();
        }
        let before = snapshot(&outside);
        symlink(&outside, &place).unwrap();
        let opened = Writer::open(&root, SMALL);
        assert!(opened.is_err(), "{name}");
        assert_eq!(snapshot(&outside), before, "{name}");
        assert!(fs::symlink_metadata(&place).unwrap().is_symlink(), "{name}");
    }
}
