//! What a reading has found so far, and how it is taken back.

use std::collections::BTreeMap;
use std::ops::Range;

use super::grammar::Same;
use super::target::{self, List, Nature, Target};
use super::value::{EmbedKind, Name};
use crate::json::Pointer;
use crate::record::{AbsentKey, AbsentReason};
use crate::trace::{Draft, DraftError, Label, Span, Transform};

/// What was found; everything is a list that grows, so that a shorter one is an earlier state.
#[derive(Debug, Default)]
pub(super) struct Attempt<'p> {
    pub(super) found: Vec<Capture>,
    pub(super) tiles: Vec<Piece<'p>>,
    pub(super) remembered: Vec<Remembered<'p>>,
    pub(super) deferred: Vec<Deferred<'p>>,
    /// The repeats that say something else than the value.
    pub(super) conflicts: Vec<(Target, Range<usize>)>,
    embeds: Vec<(usize, EmbedKind)>,
    /// Which targets were read: a bit for each.
    read: u64,
    /// How many members each list has.
    pub(super) lists: [usize; List::ALL.len()],
}

/// A value.
#[derive(Debug)]
pub(super) struct Capture {
    pub(super) target: Target,
    /// Which member of its list it belongs to.
    pub(super) index: usize,
    pub(super) range: Range<usize>,
    pub(super) via: Option<Transform>,
    pub(super) judged: Option<(&'static str, &'static str)>,
    /// Whether the pattern that took it takes any line.
    pub(super) caught: bool,
}

/// A dropped stretch.
#[derive(Debug)]
pub(super) struct Piece<'p> {
    pub(super) range: Range<usize>,
    pub(super) label: &'p Label,
}

/// A match under a name.
#[derive(Debug)]
pub(super) struct Remembered<'p> {
    pub(super) name: &'p Name,
    pub(super) range: Range<usize>,
}

/// A repeat of something that is not read yet.
#[derive(Debug)]
pub(super) struct Deferred<'p> {
    pub(super) same: &'p Same,
    pub(super) range: Range<usize>,
    pub(super) place: &'p str,
    /// Its tile's place among the tiles.
    pub(super) tile: usize,
}

/// An earlier state.
#[derive(Debug)]
pub(super) struct Mark {
    found: usize,
    tiles: usize,
    remembered: usize,
    deferred: usize,
    conflicts: usize,
    embeds: usize,
    read: u64,
    lists: [usize; List::ALL.len()],
}

impl<'p> Attempt<'p> {
    pub(super) fn mark(&self) -> Mark {
        Mark {
            found: self.found.len(),
            tiles: self.tiles.len(),
            remembered: self.remembered.len(),
            deferred: self.deferred.len(),
            conflicts: self.conflicts.len(),
            embeds: self.embeds.len(),
            read: self.read,
            lists: self.lists,
        }
    }

    pub(super) fn rewind(&mut self, mark: &Mark) {
        self.found.truncate(mark.found);
        self.tiles.truncate(mark.tiles);
        self.remembered.truncate(mark.remembered);
        self.deferred.truncate(mark.deferred);
        self.conflicts.truncate(mark.conflicts);
        self.embeds.truncate(mark.embeds);
        self.read = mark.read;
        self.lists = mark.lists;
    }

    pub(super) fn drop(&mut self, range: Range<usize>, label: &'p Label) {
        if !range.is_empty() {
            self.tiles.push(Piece { range, label });
        }
    }

    pub(super) fn find(&mut self, found: Capture) {
        self.read |= bit(found.target);
        if let Some(list) = found.target.list()
            && let Some(length) = self.lists.get_mut(list.number())
        {
            *length = (*length).max(found.index + 1);
        }
        self.found.push(found);
    }

    /// Whether `target` was read.
    pub(super) fn has(&self, target: Target) -> bool {
        self.read & bit(target) != 0
    }

    /// Ends a match that began when the lists had `bases` members.
    pub(super) fn close(&mut self, bases: &[usize; List::ALL.len()], embed: Option<EmbedKind>) {
        let number = List::Embeds.number();
        if let (Some(kind), Some(base)) = (embed, bases.get(number)) {
            self.embeds.push((*base, kind));
        }
    }

    /// The draft of all this. `absent` says of what was not found why it is not there.
    pub(super) fn draft(
        &self,
        absent: &BTreeMap<AbsentKey, AbsentReason>,
    ) -> Result<Draft, DraftError> {
        let mut draft = Draft::default();
        for found in &self.found {
            let span = Span::from(found.range.clone());
            let pointer = found.target.pointer(found.index);
            match found.target.nature() {
                Nature::Texts => draft.group(pointer, vec![span], &[])?,
                Nature::Paragraphs => {
                    draft.group(pointer, vec![span], &[Transform::JoinParagraphs])?;
                }
                Nature::Text
                | Nature::Url
                | Nature::Host
                | Nature::Time
                | Nature::Language
                | Nature::Integer
                | Nature::Other => {
                    draft.value(pointer, span, found.via.iter().cloned().collect())?;
                }
            }
            if let (Some((key, value)), Some(list)) = (found.judged, found.target.list()) {
                draft.judge(member(list, found.index).key(key), value);
            }
        }
        for (index, kind) in &self.embeds {
            draft.judge(member(List::Embeds, *index).key("kind"), kind.name());
        }
        for tile in &self.tiles {
            draft.drop(Span::from(tile.range.clone()), tile.label.clone());
        }
        for (of, range) in &self.conflicts {
            // A repeat is compared with the last member of a list.
            let members = of.list().and_then(|list| self.lists.get(list.number()));
            let last = members.map_or(0, |members| members.saturating_sub(1));
            draft.conflict(Span::from(range.clone()), of.pointer(last));
        }
        for key in AbsentKey::ALL {
            if !self
                .found
                .iter()
                .any(|found| found.target.absent_key() == Some(key))
            {
                let reason = absent.get(&key).copied();
                draft.absent(key, reason.unwrap_or(AbsentReason::NotFound));
            }
        }
        Ok(draft)
    }
}

/// The bit of a target.
const fn bit(target: Target) -> u64 {
    const { assert!(target::COUNT <= 64, "there is a bit for each target") };
    1 << target.number()
}

/// The pointer of a member of a list.
fn member(list: List, index: usize) -> Pointer {
    Pointer::parse(list.pointer())
        .unwrap_or_default()
        .index(index)
}
