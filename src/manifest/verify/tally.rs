//! Lines ticked off against the proven entries of a release, in whatever order they come.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::index::{Index, LeafKey, Tick};
use super::lines::Met;
use super::{Finding, Findings};
use crate::digest::{Digest, Hasher};
use crate::record::Id;
use crate::release::{Entry, Placed};

/// What was met of the entries of a release, and what else.
pub(super) struct Tally {
    index: Index,
    limit: usize,
    /// How many entries were met.
    pub(super) met: u64,
    /// What is wrong with lines by themselves.
    wrong: Findings,
    /// Entries met again, by file.
    again: BTreeMap<Arc<str>, Again>,
    /// Leaves that are none of the release.
    strange: Vec<Strange>,
    /// The first of them, in the order in which they were read.
    named: Vec<Stray>,
    /// Entries that were not met.
    missing: Findings,
    /// Entries that were not met, where a newer release has another or none.
    pub(super) replaced: u64,
}

/// A leaf that is none of the release.
struct Strange {
    id: IdKey,
    leaf: LeafKey,
    /// Its place among those that are named.
    named: Option<usize>,
    /// Whether a newer release has it.
    newer: bool,
}

/// The entries of a file that were met before: a second copy of a shard says so once, not line by line.
struct Again {
    first: Id,
    line: u64,
    count: usize,
}

/// Where a leaf lies that is none of the release.
struct Stray {
    /// Absent where it lies outside the corpus: then nothing of it is shown.
    entry: Option<Entry>,
    file: Arc<str>,
    line: u64,
    /// What the release has at its id.
    said: Option<Entry>,
    newer: bool,
}

/// What the newest release has at an id.
#[derive(Debug, Clone, Copy)]
pub(super) enum Newest<'e> {
    /// It is the one that is judged, or is not known.
    Judged,
    /// This, or nothing.
    Has(Option<&'e Entry>),
}

/// What ticking off came to.
pub(super) struct Ticked {
    /// What is not as it was sealed.
    pub(super) wrong: Findings,
    /// What is missing, as far as nothing is here in its place.
    pub(super) missing: Findings,
    /// What is of a newer release.
    pub(super) newer: Findings,
}

/// The beginning of an id's digest. Two ids that share it cost no more than a word in a message.
type IdKey = [u8; 16];

fn id_key(id: &Id) -> IdKey {
    let mut hasher = Hasher::new();
    hasher.update(id.as_str().as_bytes());
    let digest = hasher.finish();
    digest.as_bytes().first_chunk().copied().unwrap_or_default()
}

impl Tally {
    pub(super) const fn new(index: Index, limit: usize) -> Self {
        Self {
            index,
            limit,
            met: 0,
            wrong: Findings::new(limit),
            again: BTreeMap::new(),
            strange: Vec::new(),
            named: Vec::new(),
            missing: Findings::new(limit),
            replaced: 0,
        }
    }

    /// Takes what is wrong with a line or a file by itself.
    pub(super) fn wrong(&mut self, finding: Finding) {
        self.wrong.push(finding);
    }

    /// Ticks a leaf off; says whether it is one of the release that was not met before.
    pub(super) fn take(&mut self, met: &Met) -> bool {
        let Placed { entry, file, line } = &met.placed;
        match self.index.tick(met.key) {
            Tick::First => {
                self.met += 1;
                return true;
            }
            Tick::Again => {
                let again = self.again.entry(Arc::clone(file));
                let again = again.or_insert_with(|| Again {
                    first: entry.id.clone(),
                    line: *line,
                    count: 0,
                });
                again.count += 1;
            }
            Tick::Unknown => {
                let named = (self.named.len() < self.limit).then_some(self.named.len());
                if named.is_some() {
                    self.named.push(Stray {
                        entry: (!met.outside).then(|| entry.clone()),
                        file: Arc::clone(file),
                        line: *line,
                        said: None,
                        newer: false,
                    });
                }
                self.strange.push(Strange {
                    id: id_key(&entry.id),
                    leaf: met.key,
                    named,
                    newer: false,
                });
            }
        }
        false
    }

    /// Whether all that is left to say can be said without another look at the entries.
    pub(super) fn is_plain(&self) -> bool {
        self.strange.is_empty() && self.met == self.index.size()
    }

    /// Ends the ticking off; what the release and the newest one have is [told](Tally::tell) next.
    pub(super) fn sort(&mut self) {
        self.strange.sort_unstable_by_key(|strange| strange.id);
    }

    /// Is told, id by id, what the release has, and what the newest. Whether an entry was not met shows
    /// here.
    pub(super) fn tell(&mut self, id: &Id, entry: Option<&Entry>, newest: Newest<'_>) {
        let key = id_key(id);
        let from = self.strange.partition_point(|strange| strange.id < key);
        let mut here = false;
        let newest_leaf = match newest {
            Newest::Judged => None,
            Newest::Has(newest) => newest.map(LeafKey::of),
        };
        for strange in self.strange.iter_mut().skip(from) {
            if strange.id != key {
                break;
            }
            here = true;
            strange.newer |= newest_leaf.is_some_and(|leaf| leaf == strange.leaf);
            let named = strange.named.and_then(|at| self.named.get_mut(at));
            if let Some(named) = named {
                named.newer = strange.newer;
                if let Some(entry) = entry {
                    named.said = Some(entry.clone());
                }
            }
        }
        let Some(entry) = entry.filter(|entry| !self.index.is_ticked(LeafKey::of(entry))) else {
            return;
        };
        let replaced = matches!(newest, Newest::Has(newest) if newest != Some(entry));
        if replaced {
            self.replaced += 1;
        } else if !here {
            self.missing.push(Finding {
                id: Some(entry.id.to_string()),
                file: None,
                line: None,
                message: format!("the {} is missing", entry.kind.name()),
            });
        }
    }

    pub(super) fn finish(self) -> Ticked {
        let mut wrong = self.wrong;
        for (file, again) in self.again {
            let more = again.count.saturating_sub(1);
            wrong.push(again.finding(&file));
            wrong.count_more(more);
        }
        let mut newer = Findings::new(self.limit);
        let shown = self.named.iter().filter(|named| !named.newer).count();
        for named in self.named {
            let finding = named.finding();
            if named.newer {
                newer.push(finding);
            } else {
                wrong.push(finding);
            }
        }
        // Those that were not named are counted.
        let of_newer = self.strange.iter().filter(|strange| strange.newer).count();
        let strange = self.strange.len() - of_newer;
        wrong.count_more(strange.saturating_sub(shown));
        newer.count_more(of_newer.saturating_sub(newer.kept.len()));
        Ticked {
            wrong,
            missing: self.missing,
            newer,
        }
    }
}

impl Again {
    fn finding(self, file: &str) -> Finding {
        let message = match self.count {
            1 => "is here a second time".to_owned(),
            2 => "is here a second time, and so is another line of this file".to_owned(),
            count => format!(
                "is here a second time, and so are {} other lines of this file",
                count - 1
            ),
        };
        Finding {
            id: Some(self.first.to_string()),
            file: Some(file.to_owned()),
            line: Some(self.line),
            message,
        }
    }
}

impl Stray {
    fn finding(&self) -> Finding {
        let message = match (&self.entry, &self.said) {
            (None, _) => "a line of a file outside the corpus is not in the release".to_owned(),
            (Some(_), _) if self.newer => "is of a newer release".to_owned(),
            (Some(_), None) => "is not in the release".to_owned(),
            (Some(here), Some(said)) if said.kind == here.kind => differs(here.digest, said.digest),
            (Some(here), Some(said)) => format!(
                "is of the type `{}`, in the release of `{}`",
                here.kind.name(),
                said.kind.name()
            ),
        };
        Finding {
            id: self.entry.as_ref().map(|entry| entry.id.to_string()),
            file: Some(self.file.to_string()),
            line: Some(self.line),
            message,
        }
    }
}

fn differs(here: Digest, said: Digest) -> String {
    format!("has the digest {here}, the release has {said}")
}
