//! What of a corpus may be shown: its own files, and of files that links lead to from outside the lines
//! that the newest release has.
//!
//! A corpus that was received may hold a link to any file of whoever reads it. As caches and git-annex
//! lay data out, such links are right, too: a line whose entry is one of the release was made to be shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::corpus::{Corpus, Line, OpenError, Part, TRACES};
use crate::corpus::{ENTRIES, State};
use crate::digest::Digest;
use crate::open;
use crate::release::{Content, EntriesOfError, Entry, EntryReader, leaf};

/// Which lines of a state may be shown.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The files that links lead to from outside.
    outside: BTreeSet<Arc<str>>,
    /// The digests of the release's entries and traces, sorted. A digest is of the id, too.
    released: Vec<Digest>,
}

impl Shown {
    /// For the records and traces of a state.
    ///
    /// 32 bytes are held for each entry of the newest release, and none where no link leads outside.
    ///
    /// # Errors
    ///
    /// [`EntriesOfError`], where a link leads outside and the release's entries cannot be read.
    pub fn of(corpus: &Corpus, state: &State) -> Result<Self, EntriesOfError> {
        let mut shown = Self::default();
        for part in [
            Part::Records,
            Part::Relations,
            Part::Withdrawals,
            Part::Traces,
        ] {
            for source in state.sources(part).map_err(OpenError::from)? {
                // One that is not there is not read.
                if open::is_outside(corpus.root(), &source.path)
                    && source.path.symlink_metadata().is_ok()
                {
                    shown.outside.insert(source.file);
                }
            }
        }
        let Some(number) = corpus.newest().filter(|_| !shown.outside.is_empty()) else {
            return Ok(shown);
        };
        for stem in [ENTRIES, TRACES] {
            let source = corpus
                .release_source(number, stem)
                .map_err(OpenError::from)?;
            let Some(source) = source else { continue };
            for entry in EntryReader::open(&source)? {
                shown.released.push(entry?.digest);
            }
        }
        shown.released.sort_unstable();
        Ok(shown)
    }

    /// Whether a line of `part` may be shown, and be spoken of otherwise than by its file and number.
    #[must_use]
    pub fn has(&self, line: &Line, part: Part) -> bool {
        if !self.outside.contains(&line.file) {
            return true;
        }
        leaf(line.into(), part).is_ok_and(|leaf| {
            let Entry { digest, .. } = leaf.placed.entry;
            let altered = matches!(leaf.content, Content::Altered { .. });
            !altered && self.released.binary_search(&digest).is_ok()
        })
    }
}
