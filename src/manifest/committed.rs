//! Entries held to what a manifest commits to.

use super::statement::Manifest;
use crate::corpus::{ENTRIES, TRACES};
use crate::release::{Counts, Summary};

impl Summary {
    /// Whether these are the entries of traces that a manifest commits to.
    pub(super) fn is_of_traces(&self, manifest: &Manifest) -> bool {
        let said = &manifest.predicate.traces;
        (self.size, self.root) == (said.size, said.root)
            && Some(self.digest) == manifest.subject(TRACES)
    }

    /// How these are not the entries that a manifest commits to; nothing where they are.
    #[must_use]
    pub fn unlike(&self, manifest: &Manifest) -> Option<String> {
        let said = &manifest.predicate.records;
        let counts = Counts {
            article: said.article,
            relation: said.relation,
            withdrawal: said.withdrawal,
        };
        if self.size != said.size {
            let (found, said) = (self.size, said.size);
            Some(format!(
                "there are {found} entries where the manifest has {said}"
            ))
        } else if self.root != said.root {
            let (found, said) = (self.root, said.root);
            Some(format!(
                "their root is {found} where the manifest has {said}"
            ))
        } else if Some(self.digest) != manifest.subject(ENTRIES) {
            Some(format!(
                "their digest is {} where the manifest has another",
                self.digest
            ))
        } else if self.counts != counts {
            Some("they are of other types than the manifest counts".to_owned())
        } else {
            None
        }
    }
}
