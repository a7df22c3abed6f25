//! What becomes of a dump: one that is poor, odd and in part bad.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dateline::corpus::{Corpus, Part};
use dateline::dump::{InputEntry, Kind};
use dateline::profile::{Profile, builtin};
use serde_json::Value;
use tempfile::TempDir;

use crate::tool::{dateline, files, run};

const FORD: &str = " date 2023-05-04 https://News.example:443/a/../ford-closed\n\n\
    Ford below the mill closed\n\n\
    The ford below the mill was closed on Monday after the river rose by a metre overnight.\n\n\
    The council expects to open it again on Thursday, when the water should have fallen.\n";

/// A dump, and the corpus that was built of it.
struct Built {
    dump: BTreeMap<String, Vec<u8>>,
    folder: TempDir,
}

fn build() -> Built {
    let folder = TempDir::new().unwrap();
    let dump = folder.path().join("dump");
    fs::create_dir_all(dump.join("copy")).unwrap();
    for (name, bytes) in [
        ("README.txt", b"About this dump.\n".as_slice()),
        ("bad.txt", b"caf\xe9\n"),
        ("copy/ford.txt", FORD.as_bytes()),
        ("empty.txt", b""),
        ("ford.txt", FORD.as_bytes()),
        ("nearly.txt", FORD.replacen("metre", "yard", 1).as_bytes()),
    ] {
        fs::write(dump.join(name), bytes).unwrap();
    }
    let given = files(&dump);
    let mut command = dateline(["build", "--allow-refused"]);
    command
        .arg(&dump)
        .arg("-o")
        .arg(folder.path().join("corpus"));
    let (code, printed) = run(&mut command);
    assert_ne!(code, 2, "{printed}");
    Built {
        dump: given,
        folder,
    }
}

impl Built {
    fn ledger(&self) -> Vec<InputEntry> {
        let corpus = Corpus::open(self.folder.path().join("corpus")).unwrap();
        let state = corpus.sealed().unwrap().unwrap();
        state.ledger().unwrap().map(Result::unwrap).collect()
    }

    fn lines(&self, part: Part) -> Vec<Value> {
        let corpus = Corpus::open(self.folder.path().join("corpus")).unwrap();
        let state = corpus.sealed().unwrap().unwrap();
        let lines = state.lines(part).unwrap();
        lines
            .map(|line| serde_json::from_slice(&line.unwrap().bytes).unwrap())
            .collect()
    }
}

#[test]
fn a_dump_stays_as_it_is() {
    let built = build();
    assert_eq!(files(&built.folder.path().join("dump")), built.dump);
}

#[test]
fn every_file_is_in_the_ledger() {
    let built = build();
    let ledger = built.ledger();
    let paths: Vec<&String> = ledger.iter().map(|entry| &entry.path).collect();
    assert_eq!(paths, built.dump.keys().collect::<Vec<_>>());
    for entry in &ledger {
        let refused = u64::try_from(entry.refused.len()).unwrap();
        assert_eq!(entry.items, refused + entry.records, "{entry:?}");
        assert_eq!(entry.reader.values().sum::<u64>(), entry.records);
        assert_eq!(entry.kind == Kind::Notes, entry.items == 0, "{entry:?}");
    }
}

#[test]
fn one_bad_item_stops_no_other() {
    let built = build();
    let code = |path: &str| {
        let found = built.ledger().into_iter().find(|entry| entry.path == path);
        let refused = found.unwrap().refused;
        refused.into_iter().next().map(|refused| refused.code)
    };
    assert_eq!(code("bad.txt").as_deref(), Some("input-encoding"));
    assert_eq!(code("empty.txt").as_deref(), Some("input-empty"));
    assert_eq!(code("nearly.txt"), None);
}

#[test]
fn copies_are_one_record_and_nothing_else_is() {
    let built = build();
    assert_eq!(built.lines(Part::Records).len(), 2);
    let mut locations: Vec<Vec<String>> = built
        .lines(Part::Traces)
        .iter()
        .map(|line| {
            let locations = line["trace"]["locations"].as_array().unwrap();
            let path = |at: &Value| at["path"].as_str().unwrap().to_owned();
            locations.iter().map(path).collect()
        })
        .collect();
    locations.sort();
    assert_eq!(
        locations,
        [vec!["copy/ford.txt", "ford.txt"], vec!["nearly.txt"]]
    );
}

#[test]
fn values_are_written_in_their_one_form() {
    for record in build().lines(Part::Records) {
        assert_eq!(record["source"]["url"], "https://news.example/ford-closed");
        let text = record["content"]["text"].as_str().unwrap();
        let paragraphs: Vec<&str> = text.split("\n\n").collect();
        assert_eq!(paragraphs.len(), 2, "{text}");
        assert!(!text.replace("\n\n", "").contains('\n'), "{text}");
    }
}

#[test]
fn no_time_of_a_file_is_a_time_of_fetching() {
    for record in build().lines(Part::Records) {
        assert_eq!(record["fetch"], Value::Null);
        assert_eq!(record["absent"]["fetch_time"], "not_in_dump");
    }
}

/// The profiles built in are held to those that the corpus of the examples was made with.
#[test]
fn a_profile_that_reads_otherwise_has_another_version() {
    let manifest = Path::new("examples/demo-corpus/releases/1/manifest.json");
    let manifest: Value = serde_json::from_slice(&fs::read(manifest).unwrap()).unwrap();
    let mut held = 0;
    for then in manifest["predicate"]["profiles"].as_array().unwrap() {
        for now in builtin().iter().map(Profile::reference) {
            if then["id"] == now.id.as_str() {
                let version = then["version"].as_u64().unwrap();
                let same = then["digest"] == now.digest.unwrap().to_string();
                assert!(now.version >= version, "{}", now.id);
                assert_eq!(now.version == version, same, "{}", now.id);
                held += 1;
            }
        }
    }
    assert!(held > 0);
}
