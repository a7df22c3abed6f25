//! A build that is killed, or cannot write on: the old release or the new one is on disk, whole.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use dateline::digest::Digest;
use tempfile::TempDir;

use crate::tool::{copy, dateline, files, run};

/// How often the build is killed.
const KILLS: u64 = 25;
/// How many items the build adds to those of the sealed corpus.
const ITEMS: u32 = 200;

/// Dumps, a sealed corpus of some of them, and what a whole build makes of it.
struct Scene {
    folder: TempDir,
    dumps: PathBuf,
    old: Digest,
    new: Digest,
    took: Duration,
}

impl Scene {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let dumps = folder.path().join("dumps");
        copy(&example("dumps"), &dumps);
        for item in 0..ITEMS {
            fs::write(dumps.join(format!("more-{item:03}.txt")), text(item)).unwrap();
        }
        let mut scene = Self {
            folder,
            dumps,
            old: manifest(&example("demo-corpus"), 1).unwrap(),
            new: Digest::of(b""),
            took: Duration::ZERO,
        };
        let whole = scene.corpus("whole");
        let start = Instant::now();
        let (exit, printed) = run(&mut dateline(scene.build(&whole)));
        scene.took = start.elapsed();
        assert_eq!(exit, 0, "{printed}");
        scene.new = manifest(&whole, 2).unwrap();
        scene
    }

    /// A copy of the sealed corpus.
    fn corpus(&self, name: &str) -> PathBuf {
        let root = self.folder.path().join(name);
        copy(&example("demo-corpus"), &root);
        root
    }

    fn build(&self, corpus: &Path) -> [OsString; 5] {
        let word = OsStr::new;
        [
            word("build"),
            self.dumps.as_os_str(),
            word("-o"),
            corpus.as_os_str(),
            word("--unsigned"),
        ]
        .map(OsStr::to_owned)
    }

    /// Holds the corpus to what must be true of it at every instant; `when` says of which.
    fn hold(&self, corpus: &Path, when: &str) {
        let newest = match manifest(corpus, 2) {
            Some(found) => {
                assert_eq!(found, self.new, "{when}");
                found
            }
            None => self.old,
        };
        let cited = newest.to_string();
        let (exit, printed) = run(dateline(["verify", "--cited", &cited]).arg(corpus));
        // What lies beside the release and was not sealed is no part of it, and is told from a forgery.
        let beside = exit == 1
            && (printed.contains("a working state that is not sealed yet")
                || printed.contains("is writing to the corpus or was stopped"))
            && !printed.contains("is missing");
        assert!(exit == 0 || beside, "{when}: {printed}");
        let (exit, printed) = run(dateline(["check"]).arg(corpus));
        assert_eq!(exit, 0, "{when}: {printed}");
    }

    /// Holds the next build to ending where one ends that nothing happened to.
    fn hold_next(&self, corpus: &Path, when: &str) {
        let (exit, printed) = run(&mut dateline(self.build(corpus)));
        assert_eq!(exit, 0, "{when}: {printed}");
        let whole = files(&self.folder.path().join("whole"));
        let found = files(corpus);
        assert!(found.keys().eq(whole.keys()), "{when}: {:?}", found.keys());
        for (path, bytes) in found {
            let same = path == "dateline.yaml" || whole[&path] == bytes;
            assert!(same, "{when}: {path}");
        }
        let newest = manifest(corpus, 2).unwrap().to_string();
        let (exit, printed) = run(dateline(["verify", "--cited", &newest]).arg(corpus));
        assert_eq!(exit, 0, "{when}: {printed}");
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name)
}

fn manifest(corpus: &Path, release: u64) -> Option<Digest> {
    let path = corpus.join(format!("releases/{release}/manifest.json"));
    Some(Digest::of(&fs::read(path).ok()?))
}

/// An invented article.
fn text(item: u32) -> String {
    let mut text = format!("Lock {item} of the canal is mended\n");
    for day in 1..4 {
        write!(
            text,
            "\nOn day {day} the keeper of lock {item} counted {} barges and said that none of \
             them had to wait for longer than the kettle took to boil.\n",
            item * 7 + day
        )
        .unwrap();
    }
    text
}

#[test]
fn a_killed_build_leaves_a_whole_release() {
    let scene = Scene::new();
    let span = u64::try_from(scene.took.as_micros()).unwrap().max(1);
    let mut state: u64 = 0x5eed;
    for kill in 0..KILLS {
        // Knuth's MMIX generator: the high bits, as a share of the time that a whole build took.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let delay = Duration::from_micros((state >> 33) % span);
        let when = format!("kill {kill} after {delay:?}");
        let corpus = scene.corpus(&format!("killed-{kill}"));
        let mut child = dateline(scene.build(&corpus))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();
        scene.hold(&corpus, &when);
        scene.hold_next(&corpus, &when);
        fs::remove_dir_all(corpus).unwrap();
    }
}

/// No file may grow beyond a limit: as on a full disk, a write fails on the way.
#[test]
fn a_build_that_cannot_write_on_leaves_a_whole_release() {
    let scene = Scene::new();
    for blocks in [0, 1, 8, 32, 64] {
        let when = format!("files of {blocks} blocks");
        let corpus = scene.corpus(&format!("full-{blocks}"));
        let before = files(&corpus);
        let tool = dateline(scene.build(&corpus));
        let mut shell = std::process::Command::new("sh");
        shell
            .arg("-c")
            .arg(format!(
                "trap '' XFSZ; ulimit -f {blocks}; exec \"$@\" 2>&1 | cat"
            ))
            .arg("sh")
            .arg(tool.get_program())
            .args(tool.get_args())
            .env("SOURCE_DATE_EPOCH", "1769860800");
        let (_, printed) = run(&mut shell);
        assert!(printed.contains("error: "), "{when}: {printed}");
        assert!(printed.contains("File too large"), "{when}: {printed}");
        assert_eq!(manifest(&corpus, 2), None, "{when}");
        for (path, bytes) in before {
            assert_eq!(
                fs::read(corpus.join(&path)).unwrap(),
                bytes,
                "{when}: {path}"
            );
        }
        scene.hold(&corpus, &when);
        scene.hold_next(&corpus, &when);
    }
}
