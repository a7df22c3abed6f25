//! A corpus that is damaged: every command that needs what is damaged names the corpus, the file and what to do.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::tool::{copy, dateline, files, run};

/// The one file of the corpus whose path begins so.
fn file(corpus: &Path, begins: &str) -> PathBuf {
    let all = files(corpus);
    corpus.join(all.keys().find(|path| path.starts_with(begins)).unwrap())
}

#[test]
fn each_command_names_a_damaged_corpus_its_file_and_what_to_do() {
    let commands = [
        "list", "show", "pack", "link", "withdraw", "seal", "log", "cite",
    ];
    // What is written to a file, and which of the commands meet it.
    for (begins, bytes, met) in [
        ("records/", "{\"format\":\"dateline/1\"}\n", &commands[..6]),
        ("records/", "{\"format\":", &commands[..6]),
        ("relations/", "junk\n", &["show", "pack", "seal"]),
        (
            "traces/",
            "junk",
            &["show", "pack", "link", "withdraw", "seal"],
        ),
        ("files.json", "junk", &commands[..6]),
        ("releases/1/manifest.json", "{}", &["seal", "log", "cite"]),
        ("releases/1/entries.txt", "junk\n", &["withdraw", "seal"]),
        ("releases/1/inputs.jsonl", "junk\n", &["withdraw", "seal"]),
    ] {
        let folder = TempDir::new().unwrap();
        let corpus = folder.path().join("bad");
        copy(Path::new("examples/demo-corpus"), &corpus);
        let path = match begins {
            "files.json" => corpus.join(begins),
            begins => file(&corpus, begins),
        };
        fs::write(&path, bytes).unwrap();
        let before = files(&corpus);
        for command in commands {
            let more: &[&str] = match command {
                "show" => &["art-1d7c79a57083da08b7e7a4827a151002", "--raw", "."],
                "withdraw" => &["art-1d7c79a57083da08b7e7a4827a151002", "--reason", "error"],
                "seal" => &["--unsigned"],
                _ => &[],
            };
            if !met.contains(&command) {
                continue;
            }
            let args = [&[command, "bad"], more].concat();
            let (code, printed) = run(dateline(&args).current_dir(folder.path()));
            let what = format!("{command} with {begins} {bytes:?}: {printed}");
            assert_eq!(code, 2, "{what}");
            let name = path.file_name().unwrap().to_str().unwrap();
            let named = printed.contains(name) || printed.contains("manifest of release 1");
            let error = printed.lines().find(|line| line.contains("error: "));
            let error = error.unwrap_or_default();
            assert!(named, "{what}");
            assert!(error.contains("`bad`") || error.contains("bad/"), "{what}");
            assert!(printed.contains(" help: "), "{what}");
            assert_eq!(files(&corpus), before, "{what}");
        }
    }
}
