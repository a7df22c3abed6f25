//! What is asked of something that it cannot be asked of, and what names no place: said at once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use crate::tool::{dateline, files, run};

const CORPUS: &str = "examples/demo-corpus";
const DUMP: &str = "examples/dumps";

fn check(args: &[&str]) -> (i32, String) {
    run(&mut dateline(["check"].iter().chain(args)))
}

/// A shard of records of the corpus.
fn shard() -> String {
    let names = files(Path::new(CORPUS)).into_keys();
    let mut records = names.filter(|name| name.starts_with("records/part-"));
    format!("{CORPUS}/{}", records.next().unwrap())
}

fn refused(args: &[&str], message: &str) {
    let (code, said) = check(args);
    assert_eq!(code, 2, "{args:?}: {said}");
    assert!(said.contains(message), "{args:?}: {said}");
    assert!(said.contains(" help: "), "{args:?}: {said}");
}

#[test]
fn traces_are_replayed_for_a_corpus_alone() {
    let shard = shard();
    let message = "--raw replays the traces of a whole corpus, but no path is a corpus";
    refused(&[&shard, "--raw", DUMP], message);
    refused(&[DUMP, "--raw", DUMP], message);
    let (code, said) = check(&[CORPUS, &shard, "--raw", DUMP]);
    assert_ne!(code, 2, "{said}");
    // What is not there is said first.
    let nothing = tempfile::tempdir().unwrap();
    let nothing = nothing.path().to_str().unwrap();
    refused(&[CORPUS, "--raw", nothing], "no file in");
    let (code, said) = check(&["nowhere", "--raw", DUMP]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`nowhere`"), "{said}");
}

#[test]
fn profiles_are_for_raw_dumps() {
    let message = "--profile applies to raw dumps, but no path is one";
    let (_, listed) = run(&mut dateline(["profile", "list"]));
    let id = listed.split_whitespace().next().unwrap();
    refused(&[&shard(), "--profile", id], message);
    refused(&[CORPUS, "--profile", id], message);
    refused(
        &[CORPUS, "--profile", "none"],
        "`none` is not a built-in profile",
    );
    let (code, said) = check(&[CORPUS, DUMP, "--profile", id]);
    assert_ne!(code, 2, "{said}");
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("long.yaml");
    std::fs::write(&long, "#".repeat(300_000)).unwrap();
    refused(
        &[DUMP, "--profile", long.to_str().unwrap()],
        "long.yaml: it has 300000 bytes, more than the 262144 that a profile may have",
    );
}

#[test]
fn facets_are_asked_of_what_can_have_them() {
    let shard = shard();
    for facet in ["sealed", "signed"] {
        let message = format!("--require {facet} needs a whole corpus; `");
        refused(&[&shard, "--require", facet], &message);
        refused(&[DUMP, "--require", facet], &message);
        refused(&[&shard, "--against", CORPUS, "--require", facet], &message);
    }
    let message = "--require traced needs a whole corpus or a raw dump; `";
    refused(&[&shard, "--require", "source,traced"], message);
    for path in [CORPUS, DUMP] {
        let (code, said) = check(&[path, "--require", "traced"]);
        assert_ne!(code, 2, "{said}");
    }
}

#[test]
fn a_dash_is_standard_output_for_a_report_and_nothing_for_a_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = fs::canonicalize(CORPUS).unwrap();
    let run_there = |args: &[&str]| {
        let mut command = dateline(["check", corpus.to_str().unwrap()].iter().chain(args));
        run(command.current_dir(folder.path()))
    };
    let plain = run_there(&["--format", "json"]);
    assert_eq!(run_there(&["--format", "json", "--output", "-"]), plain);
    let (code, said) = run_there(&["--write-baseline", "-"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`./-`"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let (code, said) = run_there(&["--write-baseline", "./-"]);
    assert_eq!(code, 0, "{said}");
    assert!(folder.path().join("-").is_file());
}

/// The names of `/dev` stay, and what is behind them is added to.
#[cfg(unix)]
#[test]
fn a_report_to_a_name_of_the_system_leaves_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let plain = check(&[CORPUS, "--format", "json"]).1;
    for name in ["/dev/stdout", "/dev/stderr"] {
        let was = fs::read_link(name).unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "kept\n").unwrap();
        let file = || fs::File::options().append(true).open(&path).unwrap();
        let mut command = dateline(["check", CORPUS, "--format", "json", "--output", name]);
        let output = command.stdout(file()).stderr(file()).status().unwrap();
        assert_eq!(output.code(), Some(0));
        assert_eq!(fs::read_link(name).unwrap(), was);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with(&format!("kept\n{plain}")), "{text}");
    }
}

#[test]
fn a_profile_that_is_read_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.yaml");
    let (_, profile) = run(&mut dateline(["profile", "init"]));
    fs::write(&path, &profile).unwrap();
    let path = path.to_str().unwrap();
    for option in ["--output", "--write-baseline"] {
        let message = format!("{option} `{path}` would overwrite the profile");
        refused(&[DUMP, "--profile", path, option, path], &message);
    }
    assert_eq!(fs::read_to_string(path).unwrap(), profile);
}

#[test]
fn a_folder_that_is_not_there_is_named_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nope");
    let path = nowhere.join("x.json");
    let path = path.to_str().unwrap();
    for option in ["--output", "--write-baseline"] {
        let message = format!("the folder `{}` does not exist", nowhere.display());
        refused(&[CORPUS, option, path], &message);
    }
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (code, said) = run(dateline(["man"]).arg(&file));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(file.to_str().unwrap()), "{said}");
    let (code, said) = check(&[CORPUS, "--limit", "x"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("not a whole number"), "{said}");
}

#[test]
fn a_pattern_that_leaves_nothing_out_is_said() {
    let note = "--ignore matched no files";
    let (_, said) = check(&[DUMP, "--ignore", "no-such-*"]);
    assert!(said.contains(note), "{said}");
    let (_, said) = check(&[DUMP, "--ignore", "003*"]);
    assert!(!said.contains(note), "{said}");
}

#[test]
fn help_says_what_exit_codes_mean() {
    for command in ["check", "verify"] {
        let (_, said) = run(&mut dateline([command, "--help"]));
        assert!(said.contains("Exit codes: 0 clean, 1 "), "{said}");
    }
}

#[test]
fn records_outside_a_corpus_are_no_raw_dump() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("news.jsonl");
    fs::copy(shard(), &file).unwrap();
    for (path, what) in [
        (folder.path(), "a folder of records"),
        (&file, "a file of records"),
    ] {
        let (code, said) = run(&mut dateline([path]));
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(what), "{said}");
        assert!(said.contains("next:\n  dateline check "), "{said}");
        assert!(!said.contains("dateline build"), "{said}");
    }
    fs::write(folder.path().join("a.txt"), "A text.\n").unwrap();
    let (_, said) = run(&mut dateline([folder.path()]));
    assert!(said.contains("a raw dump"), "{said}");
}

/// A file of items by its own path is a dump, though it is named like records.
#[test]
fn items_that_are_named_like_records_are_a_dump() {
    let folder = tempfile::tempdir().unwrap();
    let item =
        r#"{"title": "Rain ends", "text": "Rain ended on Monday.", "url": "https://n.example/a"}"#;
    let lines = format!("{item}\n{item}\n");
    let plain = folder.path().join("news.jsonl");
    fs::write(&plain, &lines).unwrap();
    let packed = folder.path().join("news.jsonl.zst");
    fs::write(&packed, zstd::encode_all(lines.as_bytes(), 1).unwrap()).unwrap();
    for path in [&plain, &packed] {
        let (code, said) = run(&mut dateline([path]));
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("a raw dump"), "{said}");
        let (code, said) = check(&[path.to_str().unwrap()]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("note[value-absent]"), "{said}");
        assert!(said.contains("in 1 file, 1 record"), "{said}");
    }
    // What names a format of records, or is like no article, is checked as records.
    for line in [r#"{"format": "dateline/1", "title": "Rain ends"}"#, "{}"] {
        fs::write(&plain, line).unwrap();
        let (code, said) = check(&[plain.to_str().unwrap()]);
        assert_eq!(code, 1, "{said}");
        assert!(!said.contains("value-absent"), "{said}");
    }
}

#[test]
fn findings_of_lines_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("news.jsonl");
    let text = fs::read_to_string(shard()).unwrap();
    let first = text.lines().next().unwrap();
    let misspelt = r#"{"format":"dateline/1","type":"Articel","id":"art-1"}"#;
    let unlike = r#"{"format":"dateline/1","type":"post","id":"art-1"}"#;
    fs::write(&file, format!("{first}\n{first}\n\n{misspelt}\n{unlike}\n")).unwrap();
    let (code, said) = check(&[file.to_str().unwrap()]);
    assert_eq!(code, 1, "{said}");
    for help in [
        "occurs a second time; the first is in line 1 of",
        "an id belongs to one record",
        "take the line out: a file of lines",
        "did you mean `article`?",
    ] {
        assert_eq!(said.matches(help).count(), 1, "{help}: {said}");
    }
}
