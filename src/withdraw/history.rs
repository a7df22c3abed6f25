//! Which releases had an article.

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus::{CHANGES, ChangeReader, Corpus};
use crate::manifest::HistoryError;
use crate::record::{Id, RecordType};

/// The releases that had each of the articles `ids`, in ascending order; as far back as the corpus
/// still says what its releases consisted of.
pub(super) fn releases(
    corpus: &Corpus,
    ids: &BTreeSet<Id>,
) -> Result<BTreeMap<Id, Vec<u64>>, HistoryError> {
    let mut found: BTreeMap<Id, Vec<u64>> = BTreeMap::new();
    let Some(newest) = corpus.newest().filter(|_| !ids.is_empty()) else {
        return Ok(found);
    };
    let mut there = BTreeSet::new();
    for entry in corpus.entries(newest)? {
        let entry = entry?;
        if entry.kind == RecordType::Article && ids.contains(&entry.id) {
            there.insert(entry.id);
        }
    }
    for number in (1..=newest).rev() {
        if number < newest {
            // What became of the release makes of the entries behind it those before.
            let Some(source) = corpus.release_source(number, CHANGES)? else {
                break;
            };
            let mut before = BTreeSet::new();
            for change in ChangeReader::open(&source)? {
                let change = change?;
                if !ids.contains(&change.entry.id) {
                    continue;
                }
                if change.added {
                    there.remove(&change.entry.id);
                } else if change.entry.kind == RecordType::Article {
                    before.insert(change.entry.id);
                }
            }
            there.append(&mut before);
        }
        for id in &there {
            found.entry(id.clone()).or_default().push(number);
        }
    }
    for releases in found.values_mut() {
        releases.reverse();
    }
    Ok(found)
}
