#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

pub(crate) mod faults;
mod states;
mod strangers;
mod writing;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Corpus, Part, State, WriteError, WriteOptions, Writer};

/// Everything in a folder: paths, and the bytes of files.
pub(crate) type Snapshot = BTreeMap<String, Option<Vec<u8>>>;

pub(crate) fn snapshot(root: &Path) -> Snapshot {
    let mut seen = Snapshot::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(root).unwrap();
        let bytes = entry
            .file_type()
            .is_file()
            .then(|| fs::read(entry.path()).unwrap());
        seen.insert(path.to_str().unwrap().replace('\\', "/"), bytes);
    }
    seen
}

/// The lines of a state by part.
pub(crate) fn content(state: &State) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for part in Part::ALL {
        let lines: Vec<String> = state
            .lines(part)
            .unwrap()
            .map(|line| String::from_utf8(line.unwrap().bytes).unwrap())
            .collect();
        if !lines.is_empty() {
            all.insert(part.folder(), lines);
        }
    }
    all
}

pub(crate) fn working(root: &Path) -> BTreeMap<&'static str, Vec<String>> {
    content(&Corpus::open(root).unwrap().working().unwrap())
}

/// Small shards: 64 bytes.
pub(crate) const SMALL: WriteOptions = WriteOptions {
    shard_bytes: 64,
    compress: super::Container::Plain,
    traces: super::Container::Zst,
};

/// Lines for the ids `ids`, each saying `word`.
pub(crate) fn lines(ids: impl IntoIterator<Item = u32>, word: &str) -> Vec<(String, String)> {
    ids.into_iter()
        .map(|id| {
            let id = format!("art-{id:02}");
            let line = format!("{{\"id\":\"{id}\",\"word\":\"{word}\"}}");
            (id, line)
        })
        .collect()
}

/// Writes `lines` as `part`.
pub(crate) fn fill(
    writer: &mut Writer,
    part: Part,
    lines: &[(String, String)],
) -> Result<(), WriteError> {
    let mut shards = writer.part(part);
    for (id, line) in lines {
        shards.push(id, line.as_bytes())?;
    }
    writer.set(shards.finish()?);
    Ok(())
}
