//! Reading while another command writes: one consistent state, or none.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use dateline::corpus::{Container, Corpus, Part, State, WriteOptions, Writer};
use tempfile::TempDir;

use crate::tool::{copy, dateline, run};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");

/// How often each command reads.
const READS: usize = 12;

/// Says that all is done when it goes, by a panic, too.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Writes a part of the example anew.
fn part(kept: &State, writer: &mut Writer, part: Part) {
    let mut lines = writer.part(part);
    for line in kept.lines(part).unwrap() {
        let line = line.unwrap().bytes;
        let record: serde_json::Value = serde_json::from_slice(&line).unwrap();
        let id = record.get("id").unwrap().as_str().unwrap();
        lines.push(id, &line).unwrap();
    }
    let lines = lines.finish().unwrap();
    writer.set(lines);
}

/// `corpus-reader-steady`
#[test]
fn readers_see_one_state_while_a_writer_is_at_work() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    copy(
        &Path::new(EXAMPLES).join("demo-corpus"),
        &root.join("corpus"),
    );
    copy(&Path::new(EXAMPLES).join("demo-corpus"), &root.join("kept"));
    let entries = fs::read_to_string(root.join("corpus/releases/1/entries.txt")).unwrap();
    let id = entries.split(' ').next().unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A panic must end the writer, too, or it is never shown.
        let _ended = Ended(&done);
        scope.spawn(|| {
            let kept = Corpus::open(root.join("kept")).unwrap().working().unwrap();
            let mut round = 0;
            while !done.load(Ordering::Relaxed) {
                // The same records in other shards each time, and sometimes the writer gives up.
                round += 1;
                let options = WriteOptions {
                    shard_bytes: 500 + 2_000 * (round % 5),
                    compress: [Container::Plain, Container::Zst, Container::Gz]
                        [usize::try_from(round % 3).unwrap()],
                    ..WriteOptions::default()
                };
                let mut writer = Writer::open(root.join("corpus"), options).unwrap();
                for one in [Part::Records, Part::Traces, Part::Relations] {
                    part(&kept, &mut writer, one);
                }
                if round % 4 > 0 {
                    writer.commit().unwrap();
                }
                std::thread::sleep(std::time::Duration::from_millis(30));
            }
        });
        let mut steady = 0;
        for _ in 0..READS {
            for command in ["check", "verify", "log", "cite", "list", "show"] {
                let id = (command == "show").then_some(id);
                let (exit, printed) = run(dateline([command, "corpus"]).args(id).current_dir(root));
                let said = printed.contains("another command is writing to `corpus`");
                // A state that is not sealed is told from the release.
                let unsealed = command == "verify"
                    && (exit == 3 || printed.contains("a working state that is not sealed yet"));
                assert!(
                    exit == 0 || unsealed || (exit == 2 && said),
                    "{command}: {exit}: {printed}"
                );
                assert!(!printed.contains("shard-unlisted"), "{command}: {printed}");
                if command == "list" && !said {
                    let listed = printed.matches("art-").count();
                    assert_eq!(listed, entries.matches(" article ").count(), "{printed}");
                }
                steady += u32::from(!said);
            }
        }
        assert!(steady > 20, "{steady}");
    });
}

/// Shards that a writer has not named yet are no records of the corpus, and none beside it.
#[test]
fn a_verdict_waits_for_a_writer() {
    let folder = TempDir::new().unwrap();
    let corpus = folder.path().join("corpus");
    copy(&Path::new(EXAMPLES).join("demo-corpus"), &corpus);
    let kept = Corpus::open(&corpus).unwrap().working().unwrap();
    let options = WriteOptions {
        shard_bytes: 500,
        ..WriteOptions::default()
    };
    let mut writer = Writer::open(&corpus, options).unwrap();
    part(&kept, &mut writer, Part::Records);
    let verify = || run(dateline(["verify", "corpus"]).current_dir(folder.path()));
    let (exit, printed) = verify();
    assert_eq!(exit, 2, "{printed}");
    assert!(
        printed.contains("another command is writing to `corpus`: wait until it is done"),
        "{printed}"
    );
    drop(writer);
    assert_eq!(verify().0, 3);
}

/// Reading needs no right to write.
#[cfg(unix)]
#[test]
fn readers_write_nothing() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = TempDir::new().unwrap();
    let root = folder.path().join("corpus");
    copy(&Path::new(EXAMPLES).join("demo-corpus"), &root);
    let set = |mode: u32| {
        for entry in walkdir::WalkDir::new(&root).contents_first(true) {
            let entry = entry.unwrap();
            let mode = if entry.file_type().is_dir() {
                mode | 0o100
            } else {
                mode
            };
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let before = crate::tool::files(&root);
    set(0o444);
    for command in ["check", "verify", "log", "cite", "list"] {
        let (exit, printed) = run(dateline([command, "corpus"]).current_dir(folder.path()));
        assert!(matches!(exit, 0 | 3), "{command}: {printed}");
    }
    set(0o644);
    assert_eq!(crate::tool::files(&root), before);
}
