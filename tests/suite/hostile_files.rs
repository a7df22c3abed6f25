//! Files that are none, that lead in circles, that may not be read, or that change while they are read.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dateline::check::{Options, check_corpus, check_dump, check_records};
use dateline::convert::Converter;
use dateline::corpus::{Container, Corpus, Source};
use dateline::diagnostic::{Report, codes};
use dateline::dump::inputs;
use dateline::record::IdRule;
use tempfile::TempDir;

use crate::tool::{copy, dateline, files, run};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo-corpus");
const DUMPS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/dumps");

#[track_caller]
fn hold(args: &[&str], folder: &Path, exit: i32, says: &str) {
    let (found, printed) = run(dateline(args).current_dir(folder));
    assert_eq!(found, exit, "{args:?}: {printed}");
    assert!(printed.contains(says), "{args:?}: {printed}");
}

fn shard(corpus: &Path, part: &str) -> PathBuf {
    let mut found = fs::read_dir(corpus.join(part)).unwrap();
    found.next().unwrap().unwrap().path()
}

fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

#[test]
fn a_dump_that_leads_in_circles_is_read_once() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    copy(Path::new(DUMPS), &root.join("plain"));
    copy(Path::new(DUMPS), &root.join("loop"));
    symlink(".", root.join("loop/self")).unwrap();
    symlink("..", root.join("loop/up")).unwrap();
    symlink("/", root.join("loop/all")).unwrap();
    fs::create_dir(root.join("loop/deep")).unwrap();
    symlink("../deep", root.join("loop/deep/deep")).unwrap();
    symlink("a", root.join("loop/b")).unwrap();
    symlink("b", root.join("loop/a")).unwrap();
    let before = files(&root.join("loop"));
    for (dump, corpus) in [("plain", "one"), ("loop", "two")] {
        hold(
            &[
                "build",
                dump,
                "-o",
                corpus,
                "--title",
                "T",
                "--origin",
                "o.example",
            ],
            root,
            0,
            "items: 6",
        );
    }
    assert_eq!(files(&root.join("one")), files(&root.join("two")));
    assert_eq!(files(&root.join("loop")), before);
    hold(&["loop"], root, 0, "files        7");
    hold(&["check", "loop"], root, 0, "7 notes");
    hold(&["check", "loop"], root, 0, "6 symbolic links not followed");
    fs::create_dir(root.join("links")).unwrap();
    symlink("../plain", root.join("links/plain")).unwrap();
    hold(
        &["check", "links"],
        root,
        2,
        "no file in `links`, but a symbolic link",
    );
    // Named itself, a circle is followed as far as the system does.
    for args in [
        vec!["check", "loop/a"],
        vec!["loop/a"],
        vec!["build", "loop/a", "-o", "three"],
    ] {
        hold(&args, root, 2, "symbolic links");
    }
    assert!(!root.join("three").exists());
}

/// `dump-special`
#[test]
fn pipes_and_sockets_in_a_dump_are_named_and_not_read() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    copy(Path::new(DUMPS), &root.join("dumps"));
    pipe(&root.join("dumps/pipe"));
    let _socket = std::os::unix::net::UnixListener::bind(root.join("dumps/socket")).unwrap();
    let says = "note: 2 pipes, sockets or devices not read: `dumps/pipe`, `dumps/socket`";
    hold(&["check", "dumps"], root, 0, says);
    hold(&["convert", "dumps", "--dry-run"], root, 0, says);
    hold(&["convert", "dumps", "-o", "corpus"], root, 0, says);
}

#[test]
fn a_corpus_that_leads_in_circles_is_not_read() {
    for (link, target, commands) in [
        ("records", "records", ["check", "verify", "seal"].as_slice()),
        // For `check` the records give the entries again.
        ("releases/1/entries.txt", "entries.txt", &["verify", "seal"]),
    ] {
        let folder = TempDir::new().unwrap();
        let corpus = folder.path().join("corpus");
        copy(Path::new(CORPUS), &corpus);
        let path = corpus.join(link);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        symlink(target, &path).unwrap();
        for command in commands {
            let (exit, printed) = run(dateline([*command, "corpus"]).current_dir(folder.path()));
            assert_ne!(exit, 0, "{command} {link}: {printed}");
            assert!(printed.contains("link"), "{command} {link}: {printed}");
        }
    }
    // A folder among the shards that holds itself is not followed.
    let folder = TempDir::new().unwrap();
    let corpus = folder.path().join("corpus");
    copy(Path::new(CORPUS), &corpus);
    symlink(".", corpus.join("records/again")).unwrap();
    hold(
        &["check", "corpus"],
        folder.path(),
        1,
        "no link to a folder is followed",
    );
}

/// A folder, a pipe, a socket or a device where a file should be is said to be none, and not waited for.
#[test]
fn what_is_no_file_is_not_read_as_one() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    pipe(&root.join("pipe.jsonl"));
    let _socket = std::os::unix::net::UnixListener::bind(root.join("socket.jsonl")).unwrap();
    symlink("/dev/zero", root.join("zero.jsonl")).unwrap();
    fs::create_dir(root.join("folder.jsonl")).unwrap();
    copy(Path::new(CORPUS), &root.join("good"));
    for (name, said) in [
        ("pipe.jsonl", "it is a pipe, not a file"),
        ("socket.jsonl", "it is a socket, not a file"),
        (
            "zero.jsonl",
            "it is a link to `/dev/zero`, which is no data",
        ),
    ] {
        hold(&["check", name], root, 2, said);
        hold(&["check", name, "--against", "good"], root, 2, said);
        let good = shard(&root.join("good"), "records");
        hold(
            &["check", good.to_str().unwrap(), "--against", name],
            root,
            2,
            "",
        );
    }
    hold(
        &["check", "folder.jsonl"],
        root,
        2,
        "no file in `folder.jsonl`",
    );
    hold(
        &["check", "folder.jsonl", "--against", "good"],
        root,
        2,
        "no file in `folder.jsonl`",
    );

    let replaced: [fn(&Path); 3] = [
        pipe,
        |path| drop(std::os::unix::net::UnixListener::bind(path).unwrap()),
        |path| fs::create_dir(path).unwrap(),
    ];
    for (number, make) in replaced.into_iter().enumerate() {
        for part in ["records", "traces", "relations"] {
            let corpus = root.join(format!("corpus-{number}-{part}"));
            copy(Path::new(CORPUS), &corpus);
            let path = shard(&corpus, part);
            fs::remove_file(&path).unwrap();
            // Its name may be longer than a socket's may be.
            let beside = root.join("made");
            make(&beside);
            fs::rename(&beside, &path).unwrap();
            let name = corpus.to_str().unwrap();
            let (exit, printed) = run(&mut dateline(["check", name]));
            assert!(exit == 2 || exit == 1, "{part}: {printed}");
            let (exit, printed) = run(&mut dateline(["verify", name]));
            // Traces may be withheld, and an empty folder is none.
            let withheld = number == 2 && part == "traces";
            assert_eq!(exit, if withheld { 3 } else { 1 }, "{part}: {printed}");
        }
    }
}

/// Runs the tool as somebody who may not read everything: the superuser may.
fn powerless(args: &[&str], folder: &Path) -> (i32, String) {
    let mut command = dateline(args);
    command.current_dir(folder);
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        command.uid(65_534).gid(65_534);
    }
    run(&mut command)
}

#[test]
fn what_may_not_be_read_is_named() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let allow =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    allow(root, 0o755);
    let corpus = root.join("corpus");
    copy(Path::new(CORPUS), &corpus);
    copy(Path::new(DUMPS), &root.join("dumps"));
    let records = shard(&corpus, "records");
    allow(&records, 0);
    let shown = records
        .strip_prefix(root)
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let denied = "Permission denied";
    for (args, exit) in [
        (vec!["check", "corpus"], 1),
        (vec!["verify", "corpus"], 3),
        (vec!["check", &shown], 2),
        (vec!["check", &shown, "--against", "corpus"], 2),
    ] {
        let (found, printed) = powerless(&args, root);
        assert_eq!(found, exit, "{args:?}: {printed}");
        assert!(printed.contains(denied), "{args:?}: {printed}");
    }
    allow(&records, 0o644);
    allow(&corpus.join("records"), 0);
    for args in [["check", "corpus"], ["verify", "corpus"]] {
        // A folder that nobody may list keeps a corpus from being opened.
        let (found, printed) = powerless(&args, root);
        assert_eq!(found, 2, "{args:?}: {printed}");
        assert!(printed.contains(denied), "{args:?}: {printed}");
    }
    allow(&corpus.join("records"), 0o755);
    for path in ["releases/1/entries.txt", "releases/1/manifest.json"] {
        allow(&corpus.join(path), 0);
        let (found, printed) = powerless(&["check", &shown, "--against", "corpus"], root);
        assert_eq!(found, 2, "{path}: {printed}");
        assert!(printed.contains(denied), "{path}: {printed}");
        allow(&corpus.join(path), 0o644);
    }
    allow(&root.join("dumps/004_footbridge.txt"), 0);
    let (found, printed) = powerless(&["check", "dumps", "--format", "concise"], root);
    assert_eq!(found, 1, "{printed}");
    assert!(
        printed.contains("004_footbridge.txt: error[file-unreadable]"),
        "{printed}"
    );
    let (found, printed) = powerless(&["build", "dumps", "-o", "new"], root);
    assert_eq!(found, 2, "{printed}");
    assert!(printed.contains(denied), "{printed}");
    assert!(!root.join("new").exists());
    // Superusers read what they may not.
    allow(&root.join("dumps/004_footbridge.txt"), 0o644);
}

/// Lists, then takes away: what was there when the check began is missed by name.
#[test]
fn a_file_that_goes_while_it_is_checked_is_missed() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    copy(Path::new(DUMPS), &root.join("dumps"));
    let listed = inputs(&[root.join("dumps")]).unwrap();
    fs::remove_file(root.join("dumps/004_footbridge.txt")).unwrap();
    let profiles: Vec<_> = dateline::profile::builtin().iter().collect();
    let converter = Converter {
        profiles: &profiles,
        only_profiles: false,
        ids: IdRule::Derived,
        notes: true,
    };
    let report = check_dump(&listed, &converter, &Options::default());
    assert_eq!(report.count_of(codes::FILE_UNREADABLE), 1);
    assert_eq!(report.records().article, 5);

    for part in ["records", "traces", "relations"] {
        let path = root.join(part);
        copy(Path::new(CORPUS), &path);
        let corpus = Corpus::open(&path).unwrap();
        fs::remove_file(shard(&path, part)).unwrap();
        // It is a state without the shard, or the shard is missed.
        let report = check_corpus(&corpus, &Options::default()).unwrap();
        assert!(
            report.counts().errors + report.counts().warnings > 0,
            "{part}"
        );
    }
}

/// Checks a file that is another one as soon as it was read, with a second file that takes its time.
fn changed(first: &str, then: &str) -> Report {
    let folder = TempDir::new().unwrap();
    let source = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        Source {
            file: Arc::from(name),
            path,
            container: Container::Plain,
        }
    };
    let one = source("changing.jsonl", first);
    // One long line, which is no JSON only at its end.
    let slow = source("slow.jsonl", &format!("[\"{}\"\n", "é".repeat(2 << 20)));
    let options = Options::default();
    let progress = options.progress.clone();
    let other = source("other.jsonl", then);
    let place = one.path.clone();
    let ended = Ended::default();
    let end = Arc::clone(&ended.0);
    let changer = std::thread::spawn(move || {
        while progress.bytes() == 0 && !end.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        fs::rename(other.path, place).unwrap();
    });
    let report = check_records(&[one, slow], &options);
    drop(ended);
    changer.join().unwrap();
    report
}

/// Says when it is dropped, by a panic too, so that nobody waits for what will not come.
#[derive(Default)]
struct Ended(Arc<AtomicBool>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What shows only at the end is placed by reading the line again. The file may be another by then:
/// nothing that was found is lost.
#[test]
fn a_file_that_changes_while_it_is_checked_loses_no_finding() {
    let shard = shard(Path::new(CORPUS), "records");
    let line = fs::read_to_string(shard)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let twice = format!("{line}\n{line}\n");
    for (other, placed) in [
        (twice.clone(), true),
        (format!("{line}\n"), false),
        (String::new(), false),
        (format!("{line}\n{{}}\n"), true),
        (format!("{line}\n}}\n"), false),
        (format!("{line}\n{}", line.get(..200).unwrap()), false),
    ] {
        let report = changed(&twice, &other);
        assert_eq!(
            report.count_of(codes::RECORD_ID_DUPLICATE),
            1,
            "{other:.20}"
        );
        let found = report.diagnostics();
        let found = found
            .iter()
            .find(|found| found.code == codes::RECORD_ID_DUPLICATE);
        let found = found.unwrap();
        assert_eq!(found.place.line, Some(2));
        let changed =
            found.hint.as_deref() == Some("the file was changed while it was read: check it again");
        assert_eq!(changed, !placed, "{}", found.message);
    }
}

/// A shard that is cut off while it is read is one without its last lines.
#[test]
fn a_file_that_shrinks_while_it_is_checked_is_said_to_be_cut() {
    let shard = shard(Path::new(CORPUS), "records");
    let text = fs::read_to_string(shard).unwrap();
    let cut = text.get(..text.len() - 100).unwrap().to_owned();
    let report = changed(&cut, "");
    assert_eq!(report.count_of(codes::LINE_UNENDED), 1);
    assert_eq!(report.records().article, 5);
}
