//! The entries of every release of a chain, rebuilt in one pass from those of the newest.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::sync::Arc;

use super::changes::{Changed, Mismatch};
use super::entry::{EntriesError, Entry, EntryReader};
use super::history::{self, AllChanges};
use super::pairs::Keyed;
use super::summary::{OrderError, Summariser, Summary};
use crate::corpus::Source;
use crate::record::Id;

/// Where the entries of a release come from.
pub(crate) enum Origin {
    /// Its own entries.
    Entries(Source),
    /// Its own entries, computed again from the records; strictly increasing by id.
    Recomputed(Arc<[Entry]>),
    /// Those of the release after it, and what changed then.
    Changes(Source),
    /// Those of the release after it, which is not there.
    Gap(u64),
    /// It has neither.
    Nowhere,
    /// What it has leads out of the corpus.
    Outside(String),
}

/// What a release has at an id.
#[derive(Clone)]
pub(crate) struct At {
    pub(crate) release: u64,
    pub(crate) entry: Option<Entry>,
}

/// What a release's entries are, or why that is not known.
pub(crate) struct Rebuilt {
    pub(crate) entries: Result<Summary, Broken>,
    /// What it changed, seen from the release before it; where both are known.
    pub(crate) changes: Option<Changed>,
}

/// Why a release's entries are not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("{_0}{}", match .0.hint() { Some(hint) => format!(": {hint}"), None => String::new() })]
    File(#[source] EntriesError),
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error("neither `entries.txt` nor `changes.txt` is there")]
    Nowhere,
    #[error("{0}")]
    Outside(String),
    #[error("its entries cannot be rebuilt without those of release {0}")]
    Above(u64),
}

impl Broken {
    /// Whether it only could not be looked at.
    pub(crate) fn is_unverifiable(&self) -> bool {
        match self {
            Self::Above(_) | Self::Nowhere => true,
            Self::File(error) => error.is_unreadable(),
            Self::Mismatch(_) | Self::Order(_) | Self::Outside(_) => false,
        }
    }
}

enum EntriesOrChanges {
    Entries(Peekable<Box<dyn Iterator<Item = Result<Entry, EntriesError>>>>),
    Changes(Peekable<AllChanges>),
}

struct Level {
    release: u64,
    lines: EntriesOrChanges,
    listing: Summariser,
    /// What the release above this one changed.
    changed: Changed,
}

/// Rebuilds the entries of the releases given, from the newest down, and shows `watch` what they have at
/// each id, newest first. What it was shown of a release whose entries turn out not to be those of its
/// manifest counts for nothing.
///
/// Memory: a chunk of each large file, one line of each small one.
pub(crate) fn rebuild(
    releases: Vec<(u64, Origin)>,
    watch: &mut dyn FnMut(&Id, &[At]),
) -> Vec<Rebuilt> {
    let order: Vec<u64> = releases.iter().map(|(release, _)| *release).collect();
    let mut levels = Vec::new();
    let mut broken: BTreeMap<u64, Broken> = BTreeMap::new();
    // The release above, where its entries are not known.
    let mut unknown = None;
    for (release, origin) in releases {
        let own = matches!(origin, Origin::Entries(_) | Origin::Recomputed(_));
        if let Some(above) = unknown.filter(|_| !own) {
            broken.insert(release, Broken::Above(above));
            continue;
        }
        unknown = Some(release);
        let lines = match open(origin) {
            Ok(Some(lines)) => lines,
            Ok(None) => {
                broken.insert(release, Broken::Nowhere);
                continue;
            }
            Err(why) => {
                broken.insert(release, why);
                continue;
            }
        };
        unknown = None;
        levels.push(Level {
            release,
            lines,
            listing: Summariser::new(),
            changed: Changed::default(),
        });
    }
    let mut row = Vec::new();
    while let Some(id) = smallest(&mut levels) {
        row.clear();
        step(&mut levels, &mut broken, &id, &mut row);
        watch(&id, &row);
    }
    // Every level left has ended, and one that ended with an error has shown it as its next line.
    while let Some((at, why)) = failed(&mut levels) {
        give_up(&mut levels, &mut broken, at, why);
    }
    finish(&order, levels, broken)
}

fn open(origin: Origin) -> Result<Option<EntriesOrChanges>, Broken> {
    let entries =
        |lines: Box<dyn Iterator<Item = _>>| Some(EntriesOrChanges::Entries(lines.peekable()));
    Ok(match origin {
        Origin::Entries(source) => {
            entries(Box::new(EntryReader::open(&source).map_err(Broken::File)?))
        }
        Origin::Recomputed(all) => {
            let mut at = 0;
            entries(Box::new(std::iter::from_fn(move || {
                at += 1;
                all.get(at - 1).cloned().map(Ok)
            })))
        }
        Origin::Changes(source) => Some(EntriesOrChanges::Changes(
            history::changes_in(&source)
                .map_err(Broken::File)?
                .peekable(),
        )),
        Origin::Gap(above) => return Err(Broken::Above(above)),
        Origin::Nowhere => None,
        Origin::Outside(reason) => return Err(Broken::Outside(reason)),
    })
}

/// The smallest id that any level has a line for.
fn smallest(levels: &mut [Level]) -> Option<Id> {
    let mut smallest: Option<&Id> = None;
    for level in levels {
        let next = match &mut level.lines {
            EntriesOrChanges::Entries(lines) => key(lines.peek()),
            EntriesOrChanges::Changes(lines) => key(lines.peek()),
        };
        if let Some(next) = next
            && smallest.is_none_or(|smallest| next < smallest)
        {
            smallest = Some(next);
        }
    }
    smallest.cloned()
}

fn key<K: Keyed, E>(next: Option<&Result<K, E>>) -> Option<&Id> {
    Some(next?.as_ref().ok()?.key())
}

/// Takes what all levels have at `id`. One that fails is left, with those that are built on it; the others
/// have at `id` what they have.
fn step(levels: &mut Vec<Level>, broken: &mut BTreeMap<u64, Broken>, id: &Id, row: &mut Vec<At>) {
    let mut at = 0;
    while let Some(level) = levels.get_mut(at) {
        match level.take(id, row.last()) {
            Ok(entry) => {
                let release = level.release;
                row.push(At { release, entry });
                at += 1;
            }
            Err(why) => give_up(levels, broken, at, why),
        }
    }
}

impl Level {
    /// Takes what the release has at `id`. Where it is built on the one above it, that is `above`.
    fn take(&mut self, id: &Id, above: Option<&At>) -> Result<Option<Entry>, Broken> {
        let here = match &mut self.lines {
            EntriesOrChanges::Entries(lines) => {
                let entry = lines.next_if(|next| is_at(next, id));
                entry.transpose().map_err(Broken::File)?
            }
            EntriesOrChanges::Changes(lines) => {
                let after = above.and_then(|above| above.entry.as_ref());
                match lines.next_if(|next| is_at(next, id)) {
                    Some(change) => change
                        .map_err(Broken::File)?
                        .undo(after, above.map_or(0, |above| above.release))?,
                    None => after.cloned(),
                }
            }
        };
        if let Some(entry) = &here {
            self.listing.push(entry)?;
        }
        if let Some(above) = above
            && Some(above.release) == self.release.checked_add(1)
            && above.entry != here
        {
            self.changed.take(here.clone(), above.entry.clone());
        }
        Ok(here)
    }
}

/// Whether the next line is about `id`, or an error, which is due then.
fn is_at<K: Keyed, E>(next: &Result<K, E>, id: &Id) -> bool {
    next.as_ref().map_or(true, |next| next.key() == id)
}

/// The first level whose lines ended with an error.
fn failed(levels: &mut [Level]) -> Option<(usize, Broken)> {
    for (at, level) in levels.iter_mut().enumerate() {
        let error = match &mut level.lines {
            EntriesOrChanges::Entries(lines) => lines.next().and_then(Result::err),
            EntriesOrChanges::Changes(lines) => lines.next().and_then(Result::err),
        };
        if let Some(error) = error {
            return Some((at, Broken::File(error)));
        }
    }
    None
}

/// Leaves the level `at`, and those below it that are built on it.
fn give_up(levels: &mut Vec<Level>, broken: &mut BTreeMap<u64, Broken>, at: usize, why: Broken) {
    let own = |level: &Level| matches!(level.lines, EntriesOrChanges::Entries(_));
    let built = levels.iter().skip(at + 1).take_while(|level| !own(level));
    let behind = (at + 1 + built.count()).min(levels.len());
    let mut why = Some(why);
    let mut above = 0;
    for level in levels.drain(at.min(behind)..behind) {
        let release = level.release;
        broken.insert(release, why.take().unwrap_or(Broken::Above(above)));
        above = release;
    }
}

fn finish(order: &[u64], levels: Vec<Level>, mut broken: BTreeMap<u64, Broken>) -> Vec<Rebuilt> {
    let mut changed = BTreeMap::new();
    let mut known = BTreeMap::new();
    for level in levels {
        // What a level saw change is the doing of the release above it.
        if let Some(above) = level.release.checked_add(1)
            && known.contains_key(&above)
        {
            changed.insert(above, level.changed);
        }
        known.insert(level.release, level.listing.finish());
    }
    order
        .iter()
        .map(|release| Rebuilt {
            entries: known
                .remove(release)
                .ok_or_else(|| broken.remove(release).unwrap_or(Broken::Nowhere)),
            changes: changed.remove(release),
        })
        .collect()
}
