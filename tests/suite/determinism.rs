//! The same dumps give the same bytes, wherever they lie and however they are read.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shared::shared;
use crate::tool::{copy, dateline, files, run};

/// Builds a corpus of `inputs` and gives all its files.
fn built(inputs: &[PathBuf], threads: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    let mut command = dateline(["build", "--threads", threads, "--allow-refused", "-o"]);
    let (code, printed) = run(command.arg(&corpus).args(inputs));
    assert_eq!(code, 0, "{printed}");
    files(&corpus)
}

fn same_bytes_however_read(dump: &Path) {
    let expected = built(&[dump.to_owned()], "1");
    for part in [
        "records/",
        "traces/",
        "releases/1/entries.txt",
        "releases/1/manifest.json",
    ] {
        assert!(expected.keys().any(|path| path.starts_with(part)), "{part}");
    }
    assert!(built(&[dump.to_owned()], "2") == expected, "at two threads");

    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("some/where else");
    copy(dump, &elsewhere);
    assert!(
        built(std::slice::from_ref(&elsewhere), "2") == expected,
        "in another folder"
    );

    let mut one_by_one: Vec<PathBuf> = fs::read_dir(&elsewhere)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    one_by_one.sort();
    one_by_one.reverse();
    assert!(built(&one_by_one, "1") == expected, "in another order");
}

#[test]
fn the_examples_give_the_same_bytes_however_they_are_read() {
    same_bytes_however_read(Path::new("examples/dumps"));
}

#[test]
fn real_dumps_give_the_same_bytes_however_they_are_read() {
    for dump in ["seeds", "dumps/made/flat_text"] {
        if let Some(dump) = shared(dump) {
            same_bytes_however_read(&dump);
        }
    }
}

#[test]
fn no_record_or_trace_names_a_version_of_the_tool() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    let (code, printed) = run(dateline(["build", "examples/dumps", "-o"]).arg(&corpus));
    assert_eq!(code, 0, "{printed}");
    for (path, bytes) in files(&corpus) {
        if path.starts_with("records/") || path.starts_with("relations/") {
            let text = String::from_utf8(bytes).unwrap();
            assert!(!text.contains(env!("CARGO_PKG_VERSION")), "{path}");
        }
    }
}

#[test]
fn the_example_corpus_is_what_its_dumps_give() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("demo-corpus");
    let mut build = dateline(["build", "examples/dumps", "--title", "Harbour news"]);
    build.args([
        "--origin",
        "corpora.example/harbour",
        "--license",
        "CC0-1.0",
    ]);
    // Git keeps no modes, and a key that others can read is not used.
    let key = folder.path().join("key");
    fs::copy("examples/demo-key/id_ed25519", &key).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    build.arg("--key").arg(&key).arg("-o").arg(&corpus);
    let (code, printed) = run(&mut build);
    assert_eq!(code, 0, "{printed}");
    let example = Path::new("examples/demo-corpus");
    if std::env::var_os("DATELINE_BLESS").is_some() {
        fs::remove_dir_all(example).unwrap();
        copy(&corpus, example);
    }
    assert!(
        files(&corpus) == files(example),
        "another corpus: run this test with DATELINE_BLESS=1, then those of the transcripts"
    );
}
