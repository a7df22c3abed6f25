//! Bad input at the command line: it is refused by name, in bounded time, and nothing of it reaches
//! the terminal as itself.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use dateline::diagnostic::escape::is_escaped;
use tempfile::TempDir;

use crate::tool::{copy, dateline, run};

/// Runs a command that must end with `exit`, naming `says`, and print nothing raw.
#[track_caller]
fn hold(args: &[&str], folder: &Path, exit: i32, says: &str) {
    let (found, printed) = run(dateline(args).current_dir(folder));
    assert_eq!(found, exit, "{args:?}: {printed}");
    assert!(printed.contains(says), "{args:?}: {printed}");
    let raw = printed.chars().find(|&c| c != '\n' && is_escaped(c));
    assert_eq!(raw, None, "{args:?}: {printed}");
}

#[test]
fn arguments_are_shown_escaped() {
    let folder = TempDir::new().unwrap();
    let evil = "a\u{1b}[31m\u{202e}\n[";
    for (args, says) in [
        (vec![evil], "does not exist"),
        (vec!["check", evil], "nor a valid glob"),
        (vec!["verify", evil], "does not exist"),
        (vec!["explain", evil], "is not a code"),
        (vec!["check", "--format", "\u{202e}x", "."], r"\u{202e}x"),
    ] {
        hold(&args, folder.path(), 2, says);
    }
}

#[cfg(unix)]
#[test]
fn paths_that_are_no_text_are_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = TempDir::new().unwrap();
    let name = OsStr::from_bytes(b"\xff\x1b.txt");
    fs::write(folder.path().join(name), "").unwrap();
    for command in [None, Some("check"), Some("build")] {
        let args = command.map(OsStr::new).into_iter().chain([name]);
        let (exit, printed) = run(dateline(args).current_dir(folder.path()));
        assert_eq!(exit, 2, "{printed}");
        assert!(
            printed.contains(r"\xFF\u{1b}.txt` is not UTF-8"),
            "{printed}"
        );
    }
}

/// `dump-path-utf8`: in a folder it is found, and the other files are checked.
#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_keeps_no_folder_from_being_checked() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = TempDir::new().unwrap();
    let name = OsStr::from_bytes(b"\xff\x1b.jsonl");
    let line = fs::read("examples/demo-corpus/records/part-00000-b6062964ae0de78e.jsonl").unwrap();
    for (dump, other, bytes) in [
        ("records", "part-00000-b6062964ae0de78e.jsonl", line),
        ("texts", "a.txt", b"Rain Ends\n\nIt rained.\n".to_vec()),
    ] {
        let path = folder.path().join(dump);
        fs::create_dir(&path).unwrap();
        fs::write(path.join(name), "").unwrap();
        fs::write(path.join(other), bytes).unwrap();
        hold(&["check", dump], folder.path(), 1, r"is not UTF-8");
        hold(
            &["check", dump, "--format", "json"],
            folder.path(),
            1,
            r#""file-unreadable": 1"#,
        );
        hold(
            &["check", dump, "--format", "concise"],
            folder.path(),
            1,
            "facets: ",
        );
    }
}

#[test]
fn what_is_left_out_is_said_by_files_and_patterns_alone() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("dump/b")).unwrap();
    fs::write(root.join("dump/a.txt"), "Rain Ends\n").unwrap();
    fs::write(root.join("dump/b/c.txt"), "Snow Ends\n").unwrap();
    for (pattern, says) in [
        ("", "matches nothing"),
        ("[", "is not a valid pattern"),
        ("# all", "is a comment"),
    ] {
        for path in ["dump", "dump/a.txt"] {
            hold(&["check", path, "--ignore", pattern], root, 2, says);
        }
    }
    fs::create_dir(root.join("dump/b/.datelineignore")).unwrap();
    hold(
        &["check", "dump"],
        root,
        2,
        "`dump/b/.datelineignore` is a folder",
    );
}

#[test]
fn a_hostile_manifest_is_shown_escaped() {
    let folder = TempDir::new().unwrap();
    let corpus = folder.path().join("corpus");
    let sealed = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo-corpus");
    copy(&sealed, &corpus);
    let path = corpus.join("releases/1/manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let origin = "corpora.example/harbour";
    assert!(text.contains(origin));
    fs::write(&path, text.replace(origin, "\u{202e}\u{9b}31m\u{200b}")).unwrap();
    let root = folder.path();
    for (args, exit) in [
        (vec!["verify", "corpus"], 1),
        (vec!["verify", "corpus", "--format", "json"], 1),
        (vec!["corpus"], 0),
        (vec!["cite", "corpus"], 2),
        (vec!["log", "corpus"], 2),
        (vec!["corpus/releases/1/manifest.json"], 0),
    ] {
        hold(&args, root, exit, "");
    }
    // No more of it is read than a manifest may have.
    let long = fs::File::create(&path).unwrap();
    long.set_len(1 << 32).unwrap();
    hold(&["cite", "corpus"], root, 2, "larger than 16777216 bytes");
    hold(&["corpus"], root, 0, "corpus");
}

/// A named pipe without a writer would be waited for.
#[cfg(unix)]
#[test]
fn pipes_are_not_waited_for() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    };
    pipe(&root.join("pipe.txt"));
    pipe(&root.join("pipe.jsonl"));
    for args in [["check", "pipe.txt"], ["build", "pipe.txt"]] {
        hold(&args, root, 2, "`pipe.txt` is neither a file nor a folder");
    }
    hold(
        &["check", "pipe.jsonl"],
        root,
        2,
        "it is a pipe, not a file",
    );
    hold(&["check", "/dev/zero"], root, 2, "neither a file nor");
    let sealed = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/demo-corpus");
    for (path, exit) in [
        ("dateline.yaml", [2, 3]),
        ("releases/1/manifest.json", [2, 1]),
        // Nothing of a verdict hangs on it.
        ("releases/1/files.json", [2, 3]),
        ("records", [2, 1]),
    ] {
        let corpus = root.join("corpus");
        copy(&sealed, &corpus);
        let mut at = corpus.join(path);
        if at.is_dir() {
            at = fs::read_dir(at).unwrap().next().unwrap().unwrap().path();
        }
        fs::remove_file(&at).unwrap();
        pipe(&at);
        for (command, exit) in ["check", "verify"].into_iter().zip(exit) {
            let (found, printed) = run(dateline([command, "corpus"]).current_dir(root));
            assert_eq!(found, exit, "{command} {path}: {printed}");
        }
        fs::remove_dir_all(&corpus).unwrap();
    }
}

/// `dump-limits`
#[test]
fn items_beyond_the_limits_are_refused_and_the_others_are_not() {
    let folder = TempDir::new().unwrap();
    let dumps = folder.path().join("dumps");
    fs::create_dir(&dumps).unwrap();
    fs::write(dumps.join("lines.txt"), "a\n".repeat(200_000)).unwrap();
    let prose = "The keeper of the lock said on Tuesday that it would be mended by the spring, \
                 and that the barges would go round by the mill until then.\n\n";
    fs::write(
        dumps.join("good.txt"),
        format!("Lock is mended\n\n{prose}{prose}"),
    )
    .unwrap();
    for (name, begin) in [
        ("tags", "tag "),
        ("authors", "Ann Bell "),
        ("text", "A line "),
        ("links", "https://a.example/"),
    ] {
        let values: Vec<String> = (0..131_073).map(|n| format!("{begin}{}", n % 7)).collect();
        let item = serde_json::json!({"title": "Lock is mended", name: values});
        fs::write(dumps.join(format!("{name}.json")), item.to_string()).unwrap();
    }
    hold(
        &["build", "dumps", "-o", "corpus", "--allow-refused"],
        folder.path(),
        0,
        "it has more than 65536 lines",
    );
    hold(&["check", "corpus"], folder.path(), 0, "no problems");
    hold(
        &["convert", "dumps", "--dry-run"],
        folder.path(),
        1,
        "5 errors, 1 warning, 2 notes in 6 files, 1 record",
    );
    hold(
        &["convert", "dumps/links.json", "--dry-run"],
        folder.path(),
        1,
        "the values of its record come from more than 131072 places in the item, which is the limit",
    );
}

/// A profile takes no more spans than a general converter.
#[test]
fn a_profile_takes_so_many_spans_and_no_more() {
    let folder = TempDir::new().unwrap();
    let profile = r#"format: dateline-profile/1
id: three-words
version: 1
title: A headline and lines of three words
detect: ['\AWords of the day']
absent: {url: not_in_dump, authors: not_in_dump, published: not_in_dump, language: not_in_dump, fetch_time: not_in_dump}
grammar:
  - field: /article/headline
  - repeat:
      - match: '(?<one>\w+) (?<two>\w+) (?<three>\w+)$'
        groups:
          one: {field: /content/text}
          two: {field: /content/text}
          three: {field: /content/text}
examples:
  - input: |
      Words of the day
      Rain ends here
    fields:
      /article/headline: Words of the day
      /content/text: "Rain\n\nends\n\nhere"
"#;
    fs::write(folder.path().join("words.yaml"), profile).unwrap();
    // One span is the headline's.
    for (name, lines, exit, says) in [
        ("few.txt", 43_690, 0, "1 record"),
        (
            "many.txt",
            43_691,
            1,
            "the values of its record come from more than 131072 places in the item, which is the limit",
        ),
    ] {
        let text = format!("Words of the day\n{}", "Rain ends here\n".repeat(lines));
        fs::write(folder.path().join(name), text).unwrap();
        let arguments = ["convert", name, "--dry-run", "--profile", "words.yaml"];
        hold(&arguments, folder.path(), exit, says);
    }
}
