//! The console blocks of the README, of `docs/` and of `tests/transcripts/`, run as they are.
//!
//! Each page runs in a folder of its own that holds a copy of `examples/`, its commands one after the
//! other. Below a command stands what it prints, standard error behind standard output, and a last
//! line `? N` where it exits with another code than 0. A line `...` stands for any lines, `[..]` for
//! any part of a line. `DATELINE_BLESS=1` writes what was printed into the page.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(
    clippy::print_stdout,
    reason = "a command that is not run is named where output is shown"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The time that `created` takes in transcripts: 2026-01-31T12:00:00Z.
const EPOCH: &str = "1769860800";

#[test]
fn the_readme() {
    run(Path::new("README.md"));
}

#[test]
fn the_record_in_the_readme_is_the_examples() {
    let readme = fs::read_to_string("README.md").unwrap();
    let shown = readme
        .split("```json\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let shown: serde_json::Value = serde_json::from_str(shown).unwrap();
    let shards = fs::read_dir("examples/demo-corpus/records").unwrap();
    let lines: String = shards
        .map(|shard| fs::read_to_string(shard.unwrap().path()).unwrap())
        .collect();
    let found = lines.lines().any(|line| {
        let mut record: serde_json::Value = serde_json::from_str(line).unwrap();
        record.as_object_mut().unwrap().remove("content");
        record == shown
    });
    assert!(
        found,
        "the README shows a record that the example corpus has not"
    );
}

#[test]
fn the_pages_of_docs() {
    run_all("docs");
}

#[test]
fn the_transcripts() {
    run_all("tests/transcripts");
}

/// Runs each page of a folder.
fn run_all(folder: &str) {
    let mut pages: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.sort();
    assert!(!pages.is_empty());
    for page in pages {
        run(&page);
    }
}

fn run(page: &Path) {
    let folder = tempfile::tempdir().unwrap();
    copy(Path::new("examples"), &folder.path().join("examples"));
    let text = fs::read_to_string(page).unwrap();
    let bless = std::env::var_os("DATELINE_BLESS").is_some();
    let mut blessed = String::new();
    let mut failures = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    let mut in_block = false;
    while let Some((number, line)) = lines.next() {
        blessed.push_str(line);
        blessed.push('\n');
        match line {
            "```console" => in_block = true,
            "```" => in_block = false,
            _ => {}
        }
        let Some(command) = line.strip_prefix("$ ").filter(|_| in_block) else {
            continue;
        };
        let mut command = command.to_owned();
        while command.ends_with('\\') {
            let (_, more) = lines.next().unwrap();
            blessed.push_str(more);
            blessed.push('\n');
            command.truncate(command.len() - 1);
            command.push_str(more.trim_start());
        }
        let mut expected = Vec::new();
        while let Some((_, line)) =
            lines.next_if(|(_, line)| !line.starts_with("$ ") && *line != "```")
        {
            expected.push(line);
        }
        let Some(printed) = execute(&command, folder.path()) else {
            println!("not run, as its program is not installed: {command}");
            blessed.extend(expected.iter().flat_map(|line| [line, "\n"]));
            continue;
        };
        let found: Vec<&str> = printed.lines().collect();
        if fits(&expected, &found) {
            blessed.extend(expected.iter().flat_map(|line| [line, "\n"]));
        } else {
            blessed.push_str(&printed);
            failures.push(format!(
                "{}:{}: {command}\n--- expected\n{}\n--- printed\n{printed}",
                page.display(),
                number + 1,
                expected.join("\n")
            ));
        }
    }
    if bless {
        fs::write(page, blessed).unwrap();
    } else {
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }
}

/// What a command prints, or nothing where its program is not installed.
fn execute(command: &str, folder: &Path) -> Option<String> {
    let command = command.replace("cargo run -- ", "dateline ");
    let binary = Path::new(env!("CARGO_BIN_EXE_dateline")).parent().unwrap();
    let path = format!(
        "{}:{}",
        binary.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(folder)
        .env("PATH", path)
        .env("SOURCE_DATE_EPOCH", EPOCH)
        .env("COLUMNS", "100")
        .env_remove("NO_COLOR")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let mut printed = String::from_utf8(output.stdout).unwrap();
    printed.push_str(&String::from_utf8(output.stderr).unwrap());
    match output.status.code() {
        Some(127) => return None,
        Some(0) => {}
        code => {
            let code = code.unwrap_or(-1).to_string();
            printed.extend(["? ", &code, "\n"]);
        }
    }
    Some(printed)
}

fn fits(expected: &[&str], found: &[&str]) -> bool {
    match expected {
        [] => found.is_empty(),
        ["...", rest @ ..] => {
            (0..=found.len()).any(|skip| fits(rest, found.get(skip..).unwrap_or_default()))
        }
        [line, rest @ ..] => found
            .split_first()
            .is_some_and(|(first, found)| line_fits(line, first) && fits(rest, found)),
    }
}

fn line_fits(expected: &str, found: &str) -> bool {
    match expected.split_once("[..]") {
        None => expected.trim_end() == found.trim_end(),
        Some((before, after)) => found.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| line_fits(after, rest.get(at..).unwrap_or_default()))
        }),
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).unwrap();
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn gaps_fit_and_differences_do_not() {
    assert!(fits(&["a", "...", "z"], &["a", "b", "z"]));
    assert!(fits(&["sealed [..] at [..]"], &["sealed 1 at noon"]));
    assert!(!fits(&["a"], &["a", "b"]));
    assert!(!fits(&["a [..] c"], &["a b"]));
}
