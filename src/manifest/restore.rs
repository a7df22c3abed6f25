//! The lists of the newest release, made again from its records where a copy came without them.

use std::path::Path;

use super::read;
use super::statement::Manifest;
use crate::corpus::{
    Corpus, ENTRIES, MANIFEST, Part, PathError, TRACES, WriteError, WriteOptions, Writer,
};
use crate::release::{Entry, Leaf, Problem, Summary, leaves};

/// Writes `entries.txt` and `traces.txt` of the newest release of the corpus at `path` again, where they are
/// not there and the records and traces of that release give what its manifest commits to.
///
/// The next release, a withdrawal and the gate all need these lists. If the records do not give them, nothing
/// is written, and the command that needs a list reports that it is missing. It takes about 250 bytes of memory
/// for each record.
///
/// # Errors
///
/// [`WriteError`]; the corpus is as it was.
pub(crate) fn restore(path: &Path) -> Result<(), WriteError> {
    // If there is no corpus, or it does not open, the caller reports that when it opens it.
    let Ok(corpus) = Corpus::open(path) else {
        return Ok(());
    };
    let Some(number) = corpus.newest() else {
        return Ok(());
    };
    for list in [ENTRIES, TRACES] {
        if corpus.release_source(number, list)?.is_some() {
            continue;
        }
        let Some(manifest) = manifest(&corpus, number)? else {
            continue;
        };
        let Some(entries) = computed(&corpus, &manifest, list) else {
            continue;
        };
        let mut lines = String::new();
        for entry in entries {
            lines.push_str(&entry.to_string());
            lines.push('\n');
        }
        let writer = Writer::open(path, WriteOptions::default())?;
        writer.add_to_release(number, list, lines.as_bytes())?;
    }
    Ok(())
}

/// The entries that `list` of the newest release has, in order of id, from the records or traces that the
/// release lists; none where these are not all there, or are others by now.
pub(crate) fn computed(corpus: &Corpus, manifest: &Manifest, list: &str) -> Option<Vec<Entry>> {
    let entries = listed(corpus, list)?;
    let found = Summary::of(&entries)?;
    let sealed = if list == TRACES {
        found.is_of_traces(manifest)
    } else {
        found.unlike(manifest).is_none()
    };
    sealed.then_some(entries)
}

/// The entries of the records, or for `traces.txt` of the traces, that the newest release lists, in order of id.
/// Whether these are the ones that it sealed is not asked.
pub(crate) fn listed(corpus: &Corpus, list: &str) -> Option<Vec<Entry>> {
    let state = corpus.sealed().ok()??;
    let parts: &[Part] = if list == TRACES {
        &[Part::Traces]
    } else {
        &[Part::Records, Part::Relations, Part::Withdrawals]
    };
    let mut entries = Vec::new();
    for &part in parts {
        let look = |leaf: Leaf<'_>| Ok::<_, Problem>(leaf.placed.entry);
        let take = |entry| {
            entries.push(entry);
            Ok(())
        };
        leaves(state.chunks(part).ok()?, part, look, take).ok()?;
    }
    entries.sort_unstable();
    Some(entries)
}

fn manifest(corpus: &Corpus, number: u64) -> Result<Option<Manifest>, PathError> {
    let path = corpus.release_path(number, MANIFEST)?;
    let bytes = read::bytes(&path).ok();
    Ok(bytes.and_then(|bytes| Manifest::of(corpus, number, &bytes).ok()))
}
