//! Parts, sorting and what a writer refuses.

use std::path::Path;

use super::{SMALL, fill, lines, snapshot, working};
use crate::corpus::{
    Commit, Corpus, MAX_LINE, Part, RealDisk, Sorter, WriteError, WriteOptions, Writer, layout,
    scratch,
};
use crate::digest::Digest;

#[test]
fn shards_hold_what_was_pushed_in_order_and_no_more_than_they_may() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("deep/corpus");
    let all = lines(0..20, "x");
    let mut writer = Writer::open(&root, SMALL).unwrap();
    fill(&mut writer, Part::Records, &all).unwrap();
    fill(&mut writer, Part::Traces, &all).unwrap();
    assert_eq!(writer.commit().unwrap(), Commit::Changed);

    let corpus = Corpus::open(&root).unwrap();
    let state = corpus.working().unwrap();
    assert_eq!(state.listing(), Some("files.json"));
    // 26 bytes and a line end: two of them fit into 64.
    assert_eq!(state.part(Part::Records).count(), 10);
    for file in state.files() {
        assert_eq!(state.check_file(file).unwrap(), None);
        let (_, digest) = file.listed.unwrap();
        let crate::corpus::FileName::Shard(name) = &file.name else {
            panic!("{:?}", file.name)
        };
        assert!(name.carries(&digest));
    }
    let expected: Vec<String> = all.into_iter().map(|(_, line)| line).collect();
    assert_eq!(working(&root)["records"], expected);
    assert_eq!(working(&root)["traces"], expected);
    let names: Vec<String> = snapshot(&root).into_keys().collect();
    assert!(names.contains(&".gitattributes".to_owned()));
    assert!(!names.iter().any(|name| name.starts_with(".dateline")));
}

#[test]
fn the_same_state_again_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let write = |ids| {
        let mut writer = Writer::open(folder.path(), SMALL).unwrap();
        fill(&mut writer, Part::Records, &lines(ids, "x")).unwrap();
        fill(&mut writer, Part::Inputs, &lines(0..9, "file")).unwrap();
        writer.commit().unwrap()
    };
    assert_eq!(write(0..8), Commit::Changed);
    let first = snapshot(folder.path());
    assert_eq!(write(0..8), Commit::Unchanged);
    assert_eq!(snapshot(folder.path()), first);
    assert_eq!(write(0..9), Commit::Changed);
    let second = snapshot(folder.path());
    // What is in both states is not written again; what is in the old one only is gone.
    let kept = second.keys().filter(|path| first.contains_key(*path));
    assert_eq!(kept.filter(|path| path.starts_with("records/")).count(), 4);
    assert_eq!(write(0..8), Commit::Changed);
    assert_eq!(snapshot(folder.path()), first);
}

#[test]
fn a_shard_can_be_kept_and_its_neighbour_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::open(folder.path(), SMALL).unwrap();
    fill(&mut writer, Part::Records, &lines(0..6, "x")).unwrap();
    writer.commit().unwrap();

    let mut writer = Writer::open(folder.path(), SMALL).unwrap();
    let mut records = writer.part(Part::Records);
    let kept: Vec<_> = writer.before().part(Part::Records).cloned().collect();
    records.keep(&writer.stored(&kept[0]).unwrap()).unwrap();
    records.push("art-02", b"{\"id\":\"art-02\"}").unwrap();
    records.keep(&writer.stored(&kept[2]).unwrap()).unwrap();
    let again = records.keep(&writer.stored(&kept[1]).unwrap());
    assert!(matches!(again, Err(WriteError::Order { .. })));
    writer.set(records.finish().unwrap());
    writer.commit().unwrap();
    let ids = |line: &String| line.get(7..13).unwrap().to_owned();
    let seen: Vec<String> = working(folder.path())["records"].iter().map(ids).collect();
    assert_eq!(seen, ["art-00", "art-01", "art-02", "art-04", "art-05"]);
}

#[test]
fn what_is_no_line_or_out_of_order_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("corpus");
    let writer = Writer::open(&root, WriteOptions::default()).unwrap();
    let mut part = writer.part(Part::Relations);
    part.push("b", b"{}").unwrap();
    let long = vec![b'x'; MAX_LINE + 1];
    let mut seen = Vec::new();
    for (key, line) in [
        ("b", &b"{}"[..]),
        ("a", b"{}"),
        ("c", b""),
        ("d", b"{\n}"),
        ("e", &long),
    ] {
        seen.push(part.push(key, line).unwrap_err().to_string());
    }
    assert_eq!(
        seen,
        [
            "`b` occurs twice in relations",
            "`a` in relations comes behind `b`, out of order",
            "the line of `c` in relations is empty or holds a line end",
            "the line of `d` in relations is empty or holds a line end",
            "the line of `e` in relations has 67108865 bytes; more than 67108864 are not written",
        ]
    );
    drop(part);
    drop(writer);
    assert!(!root.exists());
}

#[test]
fn nothing_is_written_into_a_folder_that_is_something_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let before = snapshot(folder.path());
    let refused = Writer::open(folder.path(), SMALL).map(drop);
    assert!(matches!(refused, Err(WriteError::NotACorpus(_))));
    let file = folder.path().join("notes.txt");
    assert!(Writer::open(&file, SMALL).is_err());
    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn there_is_one_writer_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = Writer::open(folder.path(), SMALL).unwrap();
    let second = Writer::open(folder.path(), SMALL).map(drop);
    assert!(matches!(second, Err(WriteError::Busy(_))));
    drop(first);
    assert!(Writer::open(folder.path(), SMALL).is_ok());
}

#[test]
fn sorting_gives_one_order_whatever_fits_into_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut pairs: Vec<(String, Vec<u8>)> = (0..3_000_u32)
        .map(|number| {
            let key = number.wrapping_mul(2_654_435_761) % 700;
            (format!("{key}"), number.to_le_bytes().to_vec())
        })
        .collect();
    let in_memory = sorted(usize::MAX, &pairs, folder.path());
    // 70 bytes a pair: runs of 1, of 15 and of 300 pairs, merged at one to three levels.
    for limit in [1, 1_000, 20_000] {
        pairs.reverse();
        assert_eq!(sorted(limit, &pairs, folder.path()), in_memory);
    }
    pairs.sort();
    assert_eq!(in_memory, pairs);
}

/// Long lines are in the order of beginning, length and digest, in memory and on disk alike.
#[test]
fn long_lines_are_sorted_alike_in_memory_and_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let line = |length: usize, last: u8| [vec![b'x'; length], vec![last]].concat();
    let lengths = [1, 65_534, 65_535, 65_536, 65_537, 200_000, 200_001];
    let mut pairs: Vec<(String, Vec<u8>)> = lengths
        .into_iter()
        .flat_map(|length| [b'a', b'b', b'b', b'c'].map(|last| line(length, last)))
        .flat_map(|line| [("a".to_owned(), line.clone()), ("b".to_owned(), line)])
        .collect();
    let in_memory = sorted(usize::MAX, &pairs, folder.path());
    for limit in [1, 300_000, 1_000_000] {
        pairs.reverse();
        assert_eq!(sorted(limit, &pairs, folder.path()), in_memory);
        pairs.rotate_left(5);
        assert_eq!(sorted(limit, &pairs, folder.path()), in_memory);
    }
    let keys: Vec<&str> = in_memory.iter().map(|(key, _)| key.as_str()).collect();
    assert!(keys.is_sorted());
    let order = |(key, line): &(String, Vec<u8>)| {
        let (begin, rest) = line.split_at(line.len().min(65_536));
        let rest = (!rest.is_empty()).then(|| (rest.len(), *Digest::of(rest).as_bytes()));
        (key.clone(), begin.to_vec(), rest)
    };
    assert!(in_memory.iter().map(order).is_sorted());
    let mut again = in_memory.clone();
    again.sort();
    pairs.sort();
    assert_eq!(again, pairs);
}

fn sorted(limit: usize, pairs: &[(String, Vec<u8>)], root: &Path) -> Vec<(String, Vec<u8>)> {
    let scratch = scratch::Scratch::new(root, std::sync::Arc::new(RealDisk));
    scratch.clear().unwrap();
    let rooms = [Some(std::sync::Arc::new(scratch)), None];
    let [pairs, apart] = rooms.map(|room| {
        let mut sorter = Sorter::with_limit(room, limit);
        for (key, line) in pairs {
            sorter.push(key.clone(), line.clone()).unwrap();
        }
        let pairs = sorter.finish().unwrap();
        let pairs = pairs.map(|pair| pair.map(|pair| (pair.key, pair.line)).unwrap());
        pairs.collect::<Vec<_>>()
    });
    assert_eq!(pairs, apart, "the room is of no account");
    let left = std::fs::read_dir(root.join(layout::TEMPORARY)).unwrap();
    // The journal.
    assert_eq!(left.count(), 1);
    pairs
}

/// Nothing below a corpus is reached through a link of a folder.
#[cfg(unix)]
#[test]
fn a_disk_below_a_folder_goes_through_no_link() {
    use crate::corpus::disk::{Below, Disk as _};

    let folder = tempfile::tempdir().unwrap();
    let (root, away) = (folder.path().join("corpus"), folder.path().join("away"));
    for path in [&root, &away] {
        std::fs::create_dir(path).unwrap();
        std::fs::write(path.join("file"), "kept").unwrap();
        std::fs::create_dir(path.join("empty")).unwrap();
    }
    std::os::unix::fs::symlink(&away, root.join("link")).unwrap();
    let disk = Below(root.clone());
    let through = root.join("link");
    assert!(disk.create(&through.join("new")).is_err());
    assert!(disk.create_dir(&through.join("new")).is_err());
    assert!(
        disk.rename(&through.join("file"), &root.join("new"))
            .is_err()
    );
    assert!(
        disk.rename(&root.join("file"), &through.join("new"))
            .is_err()
    );
    assert!(disk.sync_dir(&through).is_err());
    assert!(disk.remove_file(&through.join("file")).is_err());
    assert!(disk.remove_dir(&through.join("empty")).is_err());
    let left = std::fs::read_dir(&away).unwrap();
    assert_eq!(left.flatten().count(), 2);
    // What lies below it is reached, and so is the folder itself.
    disk.create_dir(&root.join("new")).unwrap();
    disk.rename(&root.join("file"), &root.join("new/file"))
        .unwrap();
    disk.sync_dir(&root.join("new")).unwrap();
    disk.sync_dir(&root).unwrap();
    disk.remove_file(&root.join("new/file")).unwrap();
    disk.remove_dir(&root.join("new")).unwrap();
}
