//! `examples/verify.py`: a corpus verified by nothing of this project.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says where it was not run"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use dateline::digest::Digest;
use tempfile::TempDir;

use crate::tool::{copy, dateline, files, run};

/// Whether the script verifies a corpus, and what it prints; none where Python is not installed.
fn verifies(corpus: &Path, cited: &str) -> Option<(bool, String)> {
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        println!("not run: python3 is not installed");
        return None;
    }
    let (code, printed) = script(corpus, cited);
    Some((code == 0, printed))
}

/// How the script ends, and what it prints.
fn script(corpus: &Path, cited: &str) -> (i32, String) {
    // With -O, which leaves assertions out.
    let mut command = Command::new("python3");
    command
        .args(["-O", "examples/verify.py"])
        .arg(corpus)
        .arg(cited);
    run(&mut command)
}

/// Both scripts say how they are called; called otherwise, they fail.
#[test]
fn the_scripts_say_how_they_are_called() {
    for script in ["examples/verify.py", "examples/replay.py"] {
        let called = |args: &[&str]| Command::new("python3").arg(script).args(args).output();
        let Ok(help) = called(&["--help"]) else {
            println!("not run: python3 is not installed");
            return;
        };
        let usage = String::from_utf8(help.stdout).unwrap();
        assert!(
            help.status.success() && usage.contains(".py CORPUS"),
            "{script}: {usage}"
        );
        let wrong = called(&[]).unwrap();
        assert_eq!(wrong.status.code(), Some(2), "{script}");
        assert!(
            String::from_utf8(wrong.stderr)
                .unwrap()
                .contains(".py CORPUS")
        );
    }
}

#[test]
fn the_corpus_of_the_examples_verifies_and_an_altered_one_does_not() {
    let folder = TempDir::new().unwrap();
    let corpus = folder.path();
    copy(Path::new("examples/demo-corpus"), corpus);
    let manifest = fs::read(corpus.join("releases/1/manifest.json")).unwrap();
    let cited = Digest::of(&manifest).to_string();
    let Some((good, printed)) = verifies(corpus, &cited) else {
        return;
    };
    assert!(
        good && printed.contains("which is the one cited"),
        "{printed}"
    );
    let (good, printed) = verifies(corpus, &Digest::of(b"").to_string()).unwrap();
    assert!(!good && printed.contains("cited was"), "{printed}");
    // A manifest in another spelling is none, whoever cites it.
    let path = corpus.join("releases/1/manifest.json");
    let spaced = [b" ".as_slice(), &manifest].concat();
    fs::write(&path, &spaced).unwrap();
    let (good, printed) = verifies(corpus, &Digest::of(&spaced).to_string()).unwrap();
    assert!(
        !good && printed.contains("the manifest is not canonical"),
        "{printed}"
    );
    fs::write(&path, &manifest).unwrap();

    for (begins, from, to, says) in [
        (
            "records/",
            "\"headline\":\"",
            "\"headline\":\"No ",
            "the records are not those",
        ),
        (
            "records/",
            "\"text\":\"",
            "\"text\":\"No ",
            "content altered",
        ),
        (
            "relations/",
            "link/1",
            "link/2",
            "the records are not those",
        ),
        (
            "releases/1/manifest.json",
            "\"title\":\"",
            "\"title\":\"No ",
            "cited was",
        ),
        (
            "releases/1/manifest.json",
            ",\"created\"",
            ", \"created\"",
            "cited was",
        ),
    ] {
        let all = files(corpus);
        let (path, bytes) = all
            .iter()
            .find(|(path, _)| path.starts_with(begins))
            .unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        fs::write(corpus.join(path), text.replacen(from, to, 1)).unwrap();
        let (good, printed) = verifies(corpus, &cited).unwrap();
        assert!(!good && printed.contains(says), "{path} {from}: {printed}");
        fs::write(corpus.join(path), bytes).unwrap();
    }
    assert!(verifies(corpus, &cited).unwrap().0);
}

/// The rules of `verify` for what lies among the records and beside the release.
#[test]
fn what_is_not_signed_changes_nothing_and_what_lies_among_the_records_does() {
    let folder = TempDir::new().unwrap();
    let corpus = folder.path();
    copy(Path::new("examples/demo-corpus"), corpus);
    let manifest = fs::read(corpus.join("releases/1/manifest.json")).unwrap();
    let cited = Digest::of(&manifest).to_string();
    if verifies(corpus, &cited).is_none() {
        return;
    }
    let shard = files(corpus)
        .into_keys()
        .find(|path| path.starts_with("records/"))
        .unwrap();
    let text = fs::read_to_string(corpus.join(&shard)).unwrap();
    let first = text.lines().next().unwrap();
    let forged = first.replacen("\"id\":\"art-", "\"id\":\"art-0", 1);
    for (path, bytes, says) in [
        ("records/.hidden", forged.as_str(), "are not those of"),
        ("records/a/b.txt", forged.as_str(), "are not those of"),
        ("records/.DS_Store", forged.as_str(), "are not those of"),
        ("records/copy.jsonl", first, "is here twice"),
        ("relations/x.jsonl", first, "does not belong in relations"),
        ("records/a.csv", "id,title\n", "records/a.csv:1: "),
        ("records/Thumbs.db", "\u{1}\u{2}\n", ""),
        ("records/empty", "", ""),
        ("elsewhere/x.jsonl", forged.as_str(), ""),
        ("releases/7/README", "", ""),
        ("releases/1/manifest.json.2.sig", "junk", ""),
        ("releases/1/files.json", "junk", ""),
        ("files.json", "junk", ""),
    ] {
        let path = corpus.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let before = fs::read(&path).ok();
        fs::write(&path, bytes).unwrap();
        let (good, printed) = verifies(corpus, &cited).unwrap();
        assert_eq!(good, says.is_empty(), "{}: {printed}", path.display());
        assert!(printed.contains(says), "{}: {printed}", path.display());
        match before {
            Some(before) => fs::write(&path, before).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
    }
    // In another order, under another name, and without what can be computed again.
    let lines: Vec<&str> = text.lines().rev().collect();
    let lines = lines.join("\r\n");
    fs::remove_file(corpus.join(&shard)).unwrap();
    fs::write(corpus.join("records/train.json"), lines).unwrap();
    for name in ["entries.txt", "traces.txt"] {
        fs::remove_file(corpus.join("releases/1").join(name)).unwrap();
    }
    fs::remove_dir_all(corpus.join("traces")).unwrap();
    let (good, printed) = verifies(corpus, &cited).unwrap();
    assert!(good, "{printed}");
}

/// `verify-release`: a newer release, such as a takedown, does not make an older one wrong.
#[test]
fn a_release_before_a_takedown_is_judged_as_the_tool_judges_it() {
    let folder = TempDir::new().unwrap();
    let corpus = folder.path().join("corpus");
    copy(Path::new("examples/demo-corpus"), &corpus);
    let manifest = fs::read(corpus.join("releases/1/manifest.json")).unwrap();
    let cited = Digest::of(&manifest).to_string();
    if verifies(&corpus, &cited).is_none() {
        return;
    }
    let shard = files(&corpus)
        .into_keys()
        .find(|path| path.starts_with("records/"))
        .unwrap();
    let text = fs::read_to_string(corpus.join(&shard)).unwrap();
    let line = text.lines().next().unwrap();
    let id = line
        .split('"')
        .find(|part| part.starts_with("art-"))
        .unwrap();
    let of_the_tool = |args: &[&str]| run(dateline(args).current_dir(folder.path()));
    let (code, printed) = of_the_tool(&["withdraw", "corpus", id, "--reason", "copyright"]);
    assert_eq!(code, 0, "{printed}");
    let (code, printed) = of_the_tool(&["seal", "corpus", "--unsigned"]);
    assert_eq!(code, 0, "{printed}");
    let both = |says: &str, expected: i32| {
        let (code, printed) = script(&corpus, &cited);
        assert_eq!(code, expected, "{printed}");
        assert!(printed.contains(says), "{printed}");
        let (code, printed) = of_the_tool(&["verify", "corpus", "--cited", &cited]);
        assert_eq!(code, expected, "{printed}");
    };
    both(
        "UNVERIFIABLE: 6 records as in release 1; 1 changed or withdrawn since",
        3,
    );
    // What no release has is wrong all the same.
    let (shard, kept) = files(&corpus)
        .into_iter()
        .find(|(path, _)| path.starts_with("records/"))
        .unwrap();
    let text = String::from_utf8(kept).unwrap();
    let altered = text.replacen("\"headline\":\"", "\"headline\":\"No ", 1);
    fs::write(corpus.join(&shard), altered).unwrap();
    both("a record is of no release", 1);
    let rest: String = text.split_inclusive('\n').skip(1).collect();
    fs::write(corpus.join(&shard), rest).unwrap();
    both("a record is missing", 1);
}
