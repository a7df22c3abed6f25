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

use crate::tool::{copy, files, run};

/// Whether the script verifies a corpus, and what it prints; none where Python is not installed.
fn verifies(corpus: &Path, cited: &str) -> Option<(bool, String)> {
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        println!("not run: python3 is not installed");
        return None;
    }
    // With -O, which leaves assertions out.
    let mut command = Command::new("python3");
    command
        .args(["-O", "examples/verify.py"])
        .arg(corpus)
        .arg(cited);
    let (code, printed) = run(&mut command);
    Some((code == 0, printed))
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
            "not canonical",
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
