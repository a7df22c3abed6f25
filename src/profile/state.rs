//! What a reading has found so far, and how it is taken back.

use std::collections::BTreeMap;
use std::ops::Range;

use super::grammar::Same;
use super::target::{self, List, Nature, Target};
use super::value::{EmbedKind, Name};
use crate::json::Pointer;
use crate::record::{AbsentKey, AbsentReason};
use crate::trace::{Conflict, Draft, Label, Span, Transform};

/// What was found; everything is a list that grows, so that a shorter one is an earlier state.
#[derive(Debug, Default)]
pub(super) struct State<'p> {
    pub(super) found: Vec<Found>,
    pub(super) tiles: Vec<Piece<'p>>,
    pub(super) remembered: Vec<Remembered<'p>>,
    pub(super) deferred: Vec<Deferred<'p>>,
    /// The repeats that say something else than the value.
    pub(super) conflicts: Vec<(Target, Range<usize>)>,
    embeds: Vec<(usize, EmbedKind)>,
    /// How often each target was read.
    counts: [usize; target::COUNT],
    /// How many members each list has.
    pub(super) lists: [usize; List::COUNT],
}

/// A value.
#[derive(Debug)]
pub(super) struct Found {
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
    counts: [usize; target::COUNT],
    lists: [usize; List::COUNT],
}

impl<'p> State<'p> {
    pub(super) fn mark(&self) -> Mark {
        Mark {
            found: self.found.len(),
            tiles: self.tiles.len(),
            remembered: self.remembered.len(),
            deferred: self.deferred.len(),
            conflicts: self.conflicts.len(),
            embeds: self.embeds.len(),
            counts: self.counts,
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
        self.counts = mark.counts;
        self.lists = mark.lists;
    }

    pub(super) fn drop(&mut self, range: Range<usize>, label: &'p Label) {
        if !range.is_empty() {
            self.tiles.push(Piece { range, label });
        }
    }

    pub(super) fn find(&mut self, found: Found) {
        if let Some(count) = self.counts.get_mut(found.target.number()) {
            *count += 1;
        }
        if let Some(list) = found.target.list()
            && let Some(length) = self.lists.get_mut(list.number())
        {
            *length = (*length).max(found.index + 1);
        }
        self.found.push(found);
    }

    /// Whether `target` was read.
    pub(super) fn has(&self, target: Target) -> bool {
        self.counts
            .get(target.number())
            .is_some_and(|count| *count > 0)
    }

    /// Ends a match that began when the lists had `bases` members.
    pub(super) fn close(&mut self, bases: &[usize; List::COUNT], embed: Option<EmbedKind>) {
        let number = List::Embeds.number();
        if let (Some(kind), Some(base)) = (embed, bases.get(number)) {
            self.embeds.push((*base, kind));
        }
    }

    /// The draft of all this. `absent` says of what was not found why it is not there.
    pub(super) fn draft(&self, absent: &BTreeMap<AbsentKey, AbsentReason>) -> Draft {
        let mut draft = Draft::default();
        let mut groups: BTreeMap<usize, Vec<Vec<Span>>> = BTreeMap::new();
        for found in &self.found {
            let grouped = groups.entry(found.target.number()).or_default();
            grouped.push(vec![Span::from(found.range.clone())]);
        }
        for found in &self.found {
            let via = found.via.iter().cloned().collect();
            let pointer = found.target.pointer(found.index);
            match found.target.nature() {
                Nature::Texts | Nature::Paragraphs => {
                    let Some(spans) = groups.remove(&found.target.number()) else {
                        continue;
                    };
                    let joined = found.target.nature() == Nature::Paragraphs;
                    let via = joined.then_some(Transform::JoinParagraphs);
                    draft.fields.push(crate::trace::Field {
                        pointer,
                        spans,
                        via: via.into_iter().collect(),
                    });
                }
                Nature::Text | Nature::Url | Nature::Time | Nature::Language => {
                    draft.field(pointer, Span::from(found.range.clone()), via);
                }
            }
            if let (Some((key, value)), Some(list)) = (found.judged, found.target.list()) {
                let judged = list.member(found.index).key(key);
                draft.judged.push((judged, value.to_owned()));
            }
        }
        for (index, kind) in &self.embeds {
            let pointer = List::Embeds.member(*index).key("kind");
            draft.judged.push((pointer, kind.name().to_owned()));
        }
        for tile in &self.tiles {
            draft.drop(Span::from(tile.range.clone()), tile.label.clone());
        }
        draft.dropped = draft.tiles();
        draft.conflicts = self
            .conflicts
            .iter()
            .map(|(of, range)| self.conflict(*of, range))
            .collect();
        for key in AbsentKey::ALL {
            if !draft.fields.iter().any(|field| is_of(&field.pointer, key)) {
                let reason = absent.get(&key).copied();
                draft
                    .absent
                    .insert(key, reason.unwrap_or(AbsentReason::NotFound));
            }
        }
        draft
    }

    fn conflict(&self, of: Target, range: &Range<usize>) -> Conflict {
        // A repeat is compared with the last member of a list.
        let members = of.list().and_then(|list| self.lists.get(list.number()));
        let last = members.map_or(0, |members| members.saturating_sub(1));
        Conflict {
            span: Span::from(range.clone()),
            of: of.pointer(last),
        }
    }
}

/// Whether the value at `pointer` is what `key` stands for, or part of it.
fn is_of(pointer: &Pointer, key: AbsentKey) -> bool {
    let rest = pointer.as_str().strip_prefix(key.pointer());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
