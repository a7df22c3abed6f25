//! Who may enter a corpus: an article by what was withdrawn and decided.

use std::collections::BTreeSet;

use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

use super::{Private, TakedownError, withdrawn};
use crate::corpus::{Corpus, Part, State, id_of};
use crate::digest::Digest;
use crate::dump::Refused;
use crate::json::Tape;
use crate::record::{Id, Meeting, RecordType, Traits, Withdrawn};
use crate::release::EntriesOfError;

/// The code under which an item is left out until a person decides.
pub const HELD: &str = "item-held";

/// Stands between articles and a corpus (`spec/withdrawals.md`, "What comes again").
#[derive(Debug, Clone, Default)]
pub struct Gate {
    withdrawn: Withdrawn,
    /// The articles of the last release, where anything was withdrawn.
    released: Released,
    /// The items that the ledger has as held, with the paths of their files.
    held: BTreeSet<(String, Refused)>,
}

/// Why an article may not enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barred {
    /// The withdrawal that it meets.
    pub of: Id,
    /// What they have in common.
    pub by: Meeting,
}

/// The ids of the articles of a release: of each the first 16 bytes of its digest, in ascending order.
#[derive(Debug, Clone, Default)]
struct Released(Vec<[u8; 16]>);

impl Released {
    fn key(id: &Id) -> [u8; 16] {
        let digest = Digest::of(id.as_str().as_bytes());
        let first = digest.as_bytes().first_chunk();
        first.copied().unwrap_or_default()
    }

    fn has(&self, id: &Id) -> bool {
        self.0.binary_search(&Self::key(id)).is_ok()
    }
}

/// Refuses a state without these withdrawals of release `number`, unless their articles are back in it: without a
/// withdrawal nothing says which article must not return.
fn no_more_than_reinstated(
    state: &State,
    number: u64,
    mut lost: BTreeSet<Id>,
) -> Result<(), TakedownError> {
    if lost.is_empty() {
        return Ok(());
    }
    for chunk in state.chunks(Part::Records)? {
        for line in chunk?.lines() {
            if let Some(id) = id_of(line.bytes) {
                lost.remove(id.as_str());
            }
        }
    }
    let count = u64::try_from(lost.len()).unwrap_or(u64::MAX);
    match lost.pop_first() {
        None => Ok(()),
        Some(first) => Err(TakedownError::Lost {
            release: number,
            count,
            first,
        }),
    }
}

impl Gate {
    /// The gate of a state of a corpus.
    ///
    /// # Errors
    ///
    /// [`TakedownError`], where it is not known what was withdrawn, decided or released.
    pub fn of(corpus: &Corpus, state: &State, private: &Private) -> Result<Self, TakedownError> {
        private.lies_outside(corpus.root())?;
        let mut gate = Self {
            withdrawn: withdrawn(state, private)?,
            ..Self::default()
        };
        if let Some(number) = corpus.newest() {
            let any = !gate.withdrawn.is_empty();
            let mut lost = BTreeSet::new();
            for entry in corpus.entries(number)? {
                let entry = entry.map_err(EntriesOfError::from)?;
                match entry.kind {
                    RecordType::Article if any => gate.released.0.push(Released::key(&entry.id)),
                    RecordType::Withdrawal if !gate.withdrawn.has(&entry.id) => {
                        lost.insert(entry.id);
                    }
                    RecordType::Article | RecordType::Withdrawal | RecordType::Relation => {}
                }
            }
            gate.released.0.sort_unstable();
            no_more_than_reinstated(state, number, lost)?;
        }
        if gate.withdrawn.is_empty() {
            return Ok(gate);
        }
        // A ledger that is damaged is for `check` to say; then everything is held for the first time.
        for entry in state.ledger()?.filter_map(Result::ok) {
            for refused in entry.refused {
                if refused.code == HELD {
                    gate.held.insert((entry.path.clone(), refused));
                }
            }
        }
        Ok(gate)
    }

    /// Why an article with these traits may not enter, if it may not.
    #[must_use]
    pub fn bars(&self, article: &Traits) -> Option<Barred> {
        let (of, by) = self.withdrawn.meets(article)?;
        let was_there = || {
            let id = article.id.as_ref();
            id.is_some_and(|id| self.released.has(id))
        };
        (by.is_certain() || !was_there()).then(|| Barred { of: of.clone(), by })
    }

    /// The articles of a state that may not enter, by id.
    ///
    /// # Errors
    ///
    /// [`TakedownError::Read`], where a shard cannot be read. Lines that are no records are passed
    /// over: they are for whoever reads them to refuse.
    pub fn barred_among(&self, state: &State) -> Result<Vec<(Id, Barred)>, TakedownError> {
        if self.withdrawn.is_empty() {
            return Ok(Vec::new());
        }
        let chunks = state.chunks(Part::Records)?.par_bridge();
        let found = chunks.map(|chunk| {
            let chunk = chunk?;
            let lines = chunk.lines();
            let found = lines.filter_map(|line| {
                let traits = Traits::read(Tape::parse(line.bytes).ok()?.root());
                let barred = self.bars(&traits)?;
                Some((traits.id?, barred))
            });
            Ok::<_, TakedownError>(found.collect())
        });
        let mut found: Vec<(Id, Barred)> = found.try_reduce(Vec::new, |mut one, mut two| {
            one.append(&mut two);
            Ok(one)
        })?;
        found.sort_by(|(one, _), (two, _)| one.cmp(two));
        Ok(found)
    }

    /// Whether the ledger has the item at this place as held already.
    #[must_use]
    pub fn was_held(&self, path: &str, refused: &Refused) -> bool {
        self.held.contains(&(path.to_owned(), refused.clone()))
    }

    /// What was withdrawn and decided.
    #[must_use]
    pub const fn withdrawn(&self) -> &Withdrawn {
        &self.withdrawn
    }
}
