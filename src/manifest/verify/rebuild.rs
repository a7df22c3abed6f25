//! The entries of every release of a chain, rebuilt in one pass from those of the newest.

use std::iter::Peekable;

use crate::corpus::{EntriesError, Entry, EntryReader, Source};
use crate::manifest::chain::{Change, Effect, Mismatch};
use crate::manifest::entries::{Keyed, Listing, OrderError, Summary};
use crate::manifest::history::{self, AllChanges, HistoryError};
use crate::manifest::statement::Changes;
use crate::record::Id;

/// How many vanished ids are named.
const NAMED: usize = 20;

/// Where the entries of a release come from.
pub(super) enum Origin {
    /// Its own entries.
    Entries(Source),
    /// Those of the release after it, and what changed then.
    Changes(Source),
    /// Those of the release after it, which is not there.
    Gap,
    /// It has neither.
    Nowhere,
}

/// What a release's entries are, or why that is not known.
pub(super) struct Rebuilt {
    pub(super) entries: Result<Summary, Broken>,
    /// What it changed, seen from the release before it; where both are known.
    pub(super) changes: Option<Changed>,
}

/// What a release changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Changed {
    pub(super) counts: Changes,
    /// Articles and withdrawals that are gone: how many, and the first.
    pub(super) vanished: u64,
    pub(super) named: Vec<Id>,
}

/// Why a release's entries are not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    File(HistoryError),
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error("neither `entries.txt` nor `changes.txt` is there")]
    Nowhere,
    #[error("its entries cannot be rebuilt without those of release {0}")]
    Above(u64),
}

impl Broken {
    /// Whether it only could not be looked at.
    pub(super) const fn is_unverifiable(&self) -> bool {
        matches!(self, Self::Above(_))
    }
}

enum Lines {
    Entries(Peekable<EntryReader>),
    Changes(Peekable<AllChanges>),
}

struct Level {
    release: u64,
    lines: Lines,
    listing: Listing,
    /// What the release above this one changed.
    changed: Changed,
}

/// Rebuilds the entries of the releases given, from the newest down.
///
/// Memory: a chunk of each large file, one line of each small one.
///
/// # Errors
///
/// A failure of the file system.
pub(super) fn rebuild(releases: Vec<(u64, Origin)>) -> Result<Vec<Rebuilt>, HistoryError> {
    let mut levels = Vec::new();
    let mut broken: Vec<(u64, Broken)> = Vec::new();
    for (release, origin) in releases {
        if let Some(&(above, _)) = broken.last() {
            broken.push((release, Broken::Above(above)));
            continue;
        }
        if matches!(origin, Origin::Gap) {
            broken.push((release, Broken::Above(release.saturating_add(1))));
            continue;
        }
        let lines = match open(origin) {
            Ok(Some(lines)) => lines,
            Ok(None) => {
                broken.push((release, Broken::Nowhere));
                continue;
            }
            Err(error) => {
                broken.push((release, Broken::File(refuse(error.into())?)));
                continue;
            }
        };
        levels.push(Level {
            release,
            lines,
            listing: Listing::new(),
            changed: Changed::default(),
        });
    }
    while let Some(id) = smallest(&mut levels) {
        if let Err((at, why)) = step(&mut levels, &id) {
            give_up(&mut levels, &mut broken, at, why)?;
        }
    }
    // Every level left has ended, and one that ended with an error has shown it as its next line.
    while let Some((at, why)) = failed(&mut levels) {
        give_up(&mut levels, &mut broken, at, why)?;
    }
    Ok(finish(levels, broken))
}

fn open(origin: Origin) -> Result<Option<Lines>, EntriesError> {
    Ok(match origin {
        Origin::Entries(source) => Some(Lines::Entries(EntryReader::open(&source)?.peekable())),
        Origin::Changes(source) => Some(Lines::Changes(history::changes(&source)?.peekable())),
        Origin::Gap | Origin::Nowhere => None,
    })
}

/// What is wrong with a file; a failure of the file system is an error.
fn refuse(error: HistoryError) -> Result<HistoryError, HistoryError> {
    if error.is_failure() {
        Err(error)
    } else {
        Ok(error)
    }
}

/// The smallest id that any level has a line for.
fn smallest(levels: &mut [Level]) -> Option<Id> {
    let mut smallest: Option<&Id> = None;
    for level in levels {
        let next = match &mut level.lines {
            Lines::Entries(lines) => key(lines.peek()),
            Lines::Changes(lines) => key(lines.peek()),
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

/// Takes what all levels have at `id`; where one fails, says which and why.
fn step(levels: &mut [Level], id: &Id) -> Result<(), (usize, Broken)> {
    let mut above: Option<Entry> = None;
    let mut above_release = 0;
    for (at, level) in levels.iter_mut().enumerate() {
        let here = match &mut level.lines {
            Lines::Entries(lines) => match lines.next_if(|next| is_at(next, id)) {
                Some(entry) => Some(entry.map_err(|error| (at, Broken::File(error.into())))?),
                None => None,
            },
            Lines::Changes(lines) => match lines.next_if(|next| is_at(next, id)) {
                Some(change) => change
                    .map_err(|error| (at, Broken::File(error.into())))?
                    .undo(above.as_ref(), above_release)
                    .map_err(|error| (at, error.into()))?,
                None => above.clone(),
            },
        };
        if let Some(entry) = &here {
            level
                .listing
                .push(entry)
                .map_err(|error| (at, error.into()))?;
        }
        if at > 0
            && let Some(change) = Change::between(here.clone(), above)
            && change.count(&mut level.changed.counts) == Effect::Vanished
        {
            level.changed.vanished += 1;
            if level.changed.named.len() < NAMED {
                level.changed.named.push(change.id);
            }
        }
        above = here;
        above_release = level.release;
    }
    Ok(())
}

/// Whether the next line is about `id`, or an error, which is due then.
fn is_at<K: Keyed, E>(next: &Result<K, E>, id: &Id) -> bool {
    next.as_ref().map_or(true, |next| next.key() == id)
}

/// The first level whose lines ended with an error.
fn failed(levels: &mut [Level]) -> Option<(usize, Broken)> {
    for (at, level) in levels.iter_mut().enumerate() {
        let error = match &mut level.lines {
            Lines::Entries(lines) => lines.next().and_then(Result::err).map(HistoryError::from),
            Lines::Changes(lines) => lines.next().and_then(Result::err).map(HistoryError::from),
        };
        if let Some(error) = error {
            return Some((at, Broken::File(error)));
        }
    }
    None
}

/// Leaves the level `at`, and those below it, which are built on it.
fn give_up(
    levels: &mut Vec<Level>,
    broken: &mut Vec<(u64, Broken)>,
    at: usize,
    why: Broken,
) -> Result<(), HistoryError> {
    let mut why = Some(if let Broken::File(error) = why {
        Broken::File(refuse(error)?)
    } else {
        why
    });
    let mut left = Vec::new();
    let mut above = 0;
    for level in levels.drain(at.min(levels.len())..) {
        left.push((level.release, why.take().unwrap_or(Broken::Above(above))));
        above = level.release;
    }
    left.append(broken);
    *broken = left;
    Ok(())
}

fn finish(levels: Vec<Level>, broken: Vec<(u64, Broken)>) -> Vec<Rebuilt> {
    let mut rebuilt: Vec<Rebuilt> = Vec::with_capacity(levels.len() + broken.len());
    for level in levels {
        // What a level saw change is the doing of the release above it.
        if let Some(above) = rebuilt.last_mut() {
            above.changes = Some(level.changed);
        }
        rebuilt.push(Rebuilt {
            entries: Ok(level.listing.finish()),
            changes: None,
        });
    }
    rebuilt.extend(broken.into_iter().map(|(_, why)| Rebuilt {
        entries: Err(why),
        changes: None,
    }));
    rebuilt
}
