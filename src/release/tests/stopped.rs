//! A writer that fails, or is stopped, at any of its operations: the old state is there whole, or
//! the new one is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::corpus::tests::faults::{Fault, FaultyDisk};
use crate::corpus::tests::{self, Snapshot, content, fill, lines, snapshot};
use crate::corpus::{Container, Corpus, Disk, Part, WriteError, WriteOptions, Writer};
use crate::digest::Digest;
use crate::record::RecordType;
use crate::release::Entry;

/// Small shards, none of them compressed: these tests write some ten thousand.
const SMALL: WriteOptions = WriteOptions {
    traces: Container::Plain,
    ..tests::SMALL
};

const FAULTS: [Fault; 5] = [
    Fault::Fails,
    Fault::Stops,
    Fault::LosesPower(0),
    Fault::LosesPower(1),
    Fault::LosesPower(2),
];

/// What a reader finds: the working state, the sealed state, the entries of every release.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct States {
    working: BTreeMap<&'static str, Vec<String>>,
    sealed: Option<BTreeMap<&'static str, Vec<String>>>,
    entries: Vec<Vec<String>>,
}

fn see(root: &Path) -> States {
    let Ok(corpus) = Corpus::open(root) else {
        // Nothing, or the folder of a corpus yet to be.
        return States::default();
    };
    let entries = |&number: &u64| {
        let entries = corpus.entries(number).unwrap();
        entries.map(|entry| entry.unwrap().to_string()).collect()
    };
    States {
        working: content(&corpus.working().unwrap()),
        sealed: corpus.sealed().unwrap().map(|state| content(&state)),
        entries: corpus.releases().iter().map(entries).collect(),
    }
}

/// Writes the ids `ids` with `word` as records, traces and ledger.
fn convert(
    disk: Arc<dyn Disk>,
    root: &Path,
    ids: std::ops::Range<u32>,
    word: &str,
) -> Result<(), WriteError> {
    let mut writer = Writer::open_on(disk, root, SMALL)?;
    let all = lines(ids, word);
    fill(&mut writer, Part::Records, &all)?;
    let mut sorter = writer.sorter();
    for (id, line) in all.iter().rev() {
        sorter.push(id.clone(), line.clone().into_bytes())?;
    }
    let mut traces = writer.part(Part::Traces);
    traces.extend(sorter.finish()?)?;
    writer.set(traces.finish()?);
    fill(&mut writer, Part::Inputs, &all)?;
    writer.commit().map(drop)
}

/// Seals the working state, with an entry for each of its records.
fn seal(disk: Arc<dyn Disk>, root: &Path) -> Result<(), WriteError> {
    let draft = Writer::open_on(disk, root, SMALL)?.release()?;
    let entry = |line: String| Entry {
        id: line[7..13].parse().unwrap(),
        kind: RecordType::Article,
        digest: Digest::of(line.as_bytes()),
    };
    let state = content(draft.state());
    let new: Vec<Entry> = state["records"].iter().cloned().map(entry).collect();
    draft.put("entries.txt", text(&new).as_bytes())?;
    draft.put("traces.txt", text(&new).as_bytes())?;
    draft.put_ledger(Container::Plain)?;
    draft.put("manifest.json", b"{}\n")?;
    draft.commit().map(drop)
}

fn text<T: ToString>(lines: &[T]) -> String {
    lines.iter().map(|line| line.to_string() + "\n").collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for (path, bytes) in snapshot(from) {
        match bytes {
            Some(bytes) => fs::write(to.join(path), bytes).unwrap(),
            None => fs::create_dir(to.join(path)).unwrap(),
        }
    }
}

/// A disk without faults that does not wait for the real one.
fn quick() -> Arc<dyn Disk> {
    Arc::new(FaultyDisk::new(usize::MAX, Fault::Fails))
}

/// A folder in memory, where the system has one for that.
fn fast_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

fn assert_same(found: &Snapshot, expected: &Snapshot, place: &str) {
    let paths = |snapshot: &Snapshot| snapshot.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(found), paths(expected), "{place}");
    for (path, bytes) in found {
        assert_eq!(bytes, &expected[path], "{place}: {path}");
    }
}

type Action = dyn Fn(Arc<dyn Disk>, &Path) -> Result<(), WriteError>;

/// Runs `action` on copies of what `prepare` makes, with every fault at every operation; what `next` does then
/// with a writer removes all that is left.
fn at_every_operation(prepare: impl Fn(&Path), action: &Action, next: impl Fn(Writer)) {
    let folder = fast_folder();
    let initial = folder.path().join("initial");
    prepare(&initial);
    let there = initial.exists();
    let clean = folder.path().join("clean");
    if there {
        copy(&initial, &clean);
    }
    let old = see(&initial);
    action(quick(), &clean).unwrap();
    let new = see(&clean);
    assert_ne!(old, new);
    let finished = snapshot(&clean);

    for fault in FAULTS {
        for at in 0.. {
            let root = folder.path().join(format!("{fault:?}-{at}"));
            if there {
                copy(&initial, &root);
            }
            let before = if there {
                snapshot(&root)
            } else {
                Snapshot::new()
            };
            let disk = FaultyDisk::new(at, fault);
            let result = action(Arc::new(disk.clone()), &root);
            if !disk.struck() {
                assert!(at > 15, "only {at} operations");
                result.unwrap();
                break;
            }
            disk.afterwards();
            let place = format!("{fault:?} at operation {at}: {result:?}");
            judge(&root, &old, &new, &before, &result, fault, &place);
            // The next run makes up for everything.
            if see(&root) == old {
                action(quick(), &root).unwrap_or_else(|error| panic!("{place}: {error}"));
            }
            next(Writer::open_on(quick(), &root, SMALL).unwrap());
            assert_same(&snapshot(&root), &finished, &place);
            fs::remove_dir_all(&root).unwrap();
        }
    }
}

fn judge(
    root: &Path,
    old: &States,
    new: &States,
    before: &Snapshot,
    result: &Result<(), WriteError>,
    fault: Fault,
    place: &str,
) {
    let seen = see(root);
    assert!(seen == *old || seen == *new, "{place}: {seen:#?}");
    match result {
        // Whoever was told that it is written can rely on it.
        Ok(()) | Err(WriteError::Behind(_)) if fault == Fault::Fails => {
            assert_eq!(seen, *new, "{place}");
        }
        Ok(()) => assert_eq!(seen, *new, "{place}"),
        Err(_) if fault == Fault::Fails => {
            assert_eq!(seen, *old, "{place}");
            let after = if root.exists() {
                snapshot(root)
            } else {
                Snapshot::new()
            };
            assert_same(&after, before, place);
        }
        Err(_) => {}
    }
}

#[test]
fn the_first_conversion() {
    at_every_operation(|_| {}, &|disk, root| convert(disk, root, 0..3, "a"), drop);
}

#[test]
fn a_conversion_over_an_unsealed_state() {
    at_every_operation(
        |root| convert(quick(), root, 0..3, "a").unwrap(),
        &|disk, root| convert(disk, root, 1..4, "b"),
        drop,
    );
}

#[test]
fn a_conversion_over_a_release() {
    at_every_operation(
        |root| {
            convert(quick(), root, 0..3, "a").unwrap();
            seal(quick(), root).unwrap();
        },
        &|disk, root| convert(disk, root, 1..4, "b"),
        drop,
    );
}

#[test]
fn a_conversion_over_shards_that_nothing_lists() {
    at_every_operation(
        |root| {
            convert(quick(), root, 0..3, "a").unwrap();
            fs::remove_file(root.join("files.json")).unwrap();
        },
        &|disk, root| convert(disk, root, 1..4, "b"),
        drop,
    );
}

#[test]
fn a_conversion_over_a_release_packed_in_another_way() {
    at_every_operation(
        |root| {
            convert(quick(), root, 0..3, "a").unwrap();
            seal(quick(), root).unwrap();
            fs::remove_file(root.join("releases/1/files.json")).unwrap();
        },
        &|disk, root| convert(disk, root, 1..4, "b"),
        drop,
    );
}

#[test]
fn the_first_release() {
    at_every_operation(
        |root| convert(quick(), root, 0..3, "a").unwrap(),
        &|disk, root| seal(disk, root),
        |writer| drop(writer.release().unwrap()),
    );
}

#[test]
fn the_next_release() {
    at_every_operation(
        |root| {
            convert(quick(), root, 0..3, "a").unwrap();
            seal(quick(), root).unwrap();
            convert(quick(), root, 1..4, "b").unwrap();
        },
        &|disk, root| seal(disk, root),
        |writer| drop(writer.release().unwrap()),
    );
}
