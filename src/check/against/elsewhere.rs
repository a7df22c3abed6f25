//! Records that are not in the given shards, although their ids lie among those: looked for in the others.
//!
//! Shards may overlap: an addition to a corpus has ids anywhere between those of the shards that were there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::check::corpus::config;
use crate::check::corpus::ids::Key;
use crate::corpus::{Corpus, Lines, Part, Source};
use crate::json::Tape;
use crate::release::Entry;

/// Entries of a release that are not in the given shards, each with the file that might hold it.
#[derive(Debug, Default)]
pub(super) struct Missing(BTreeMap<Key, (Entry, u32)>);

impl Missing {
    pub(super) fn add(&mut self, key: Key, entry: Entry, file: u32) {
        self.0.insert(key, (entry, file));
    }

    /// Those that are in no other shard of `corpus` and of the corpora that the given files lie in, in order of id.
    /// None where there is no such corpus, or another shard cannot be read: then it is not known.
    pub(super) fn nowhere(
        mut self,
        given: &[Source],
        corpus: Option<&Corpus>,
    ) -> Option<Vec<(Entry, u32)>> {
        for source in others(given, corpus, &self.parts())? {
            if self.0.is_empty() {
                break;
            }
            for line in Lines::new([source]) {
                let line = line.ok()?;
                let tape = Tape::parse(line.bytes.trim_ascii_end()).ok()?;
                let id = tape.root().get("id")?.as_str()?;
                self.0.remove(&Key::of(&id));
            }
        }
        let mut left: Vec<_> = self.0.into_values().collect();
        left.sort_by(|(one, _), (two, _)| one.id.cmp(&two.id));
        Some(left)
    }

    fn parts(&self) -> BTreeSet<Part> {
        self.0
            .values()
            .map(|(entry, _)| Part::of(entry.kind))
            .collect()
    }
}

/// The shards of `parts` that are not given, in the working states of the corpora around those that are. One
/// with the index of a given shard is what that was before it was changed. None where there are no such corpora.
fn others(
    given: &[Source],
    corpus: Option<&Corpus>,
    parts: &BTreeSet<Part>,
) -> Option<Vec<Source>> {
    let whole = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    let paths: BTreeSet<PathBuf> = given.iter().map(|file| whole(&file.path)).collect();
    let indices: BTreeSet<(Part, u32)> = given
        .iter()
        .filter_map(|file| super::stretches::shard(&file.path))
        .collect();
    let around = given
        .iter()
        .filter_map(|file| config::folder_of(&file.path));
    let roots: BTreeSet<PathBuf> = around
        .chain(corpus.map(Corpus::root))
        .map(|root| whole(&root.to_path_buf()))
        .collect();
    if roots.is_empty() {
        return None;
    }
    let mut others = Vec::new();
    for root in roots {
        let state = Corpus::open(root).and_then(|corpus| corpus.working());
        let Ok(state) = state else { continue };
        for &part in parts {
            let sources = state.sources(part).unwrap_or_default().into_iter();
            others.extend(sources.filter(|source| {
                let is_given = paths.contains(&whole(&source.path));
                let place = super::stretches::shard(&source.path);
                !is_given && place.is_none_or(|place| !indices.contains(&place))
            }));
        }
    }
    Some(others)
}
