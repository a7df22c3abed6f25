//! Traces in order of their ids: those that a state has, and those that a conversion makes.

use std::collections::BTreeSet;
use std::iter::Peekable;

use super::{ConvertError, records};
use crate::corpus::{Line, Lines, Pair, Part, Sorted, State};
use crate::record::{Article, Id, Misfit, Record};
use crate::trace::{Trace, TraceLine};

/// The traces of a state, asked for in order of their ids.
struct Traces {
    lines: Lines,
    next: Option<TraceLine>,
}

impl Traces {
    fn of(state: &State) -> Result<Self, ConvertError> {
        let mut traces = Self {
            lines: state.sorted(Part::Traces)?,
            next: None,
        };
        traces.advance()?;
        Ok(traces)
    }

    /// The trace of `id`, which lies behind every id asked for before.
    fn of_id(&mut self, id: &Id) -> Result<Option<Trace>, ConvertError> {
        while self.next.as_ref().is_some_and(|next| next.id < *id) {
            self.advance()?;
        }
        if self.next.as_ref().is_some_and(|next| next.id == *id) {
            let found = self.next.take();
            self.advance()?;
            return Ok(found.map(|line| line.trace));
        }
        Ok(None)
    }

    fn advance(&mut self) -> Result<(), ConvertError> {
        self.next = match self.lines.next().transpose()? {
            None => None,
            Some(line) => Some(parsed(&line)?),
        };
        Ok(())
    }
}

/// Takes each article of a state, in order of their ids, and its trace.
pub(super) fn articles(
    state: &State,
    mut take: impl FnMut(Article, Option<Trace>) -> Result<(), ConvertError>,
) -> Result<(), ConvertError> {
    let mut traces = Traces::of(state)?;
    for record in records(state.sorted(Part::Records)?) {
        if let Record::Article(article) = record? {
            let trace = traces.of_id(&article.id)?;
            take(*article, trace)?;
        }
    }
    Ok(())
}

/// The traces that a conversion made, those of one record as one with all its locations.
pub(super) struct MergedTraces {
    sorted: Peekable<Sorted>,
}

impl MergedTraces {
    pub(super) fn new(sorted: Sorted) -> Self {
        Self {
            sorted: sorted.peekable(),
        }
    }

    fn merged(&mut self, first: Pair) -> Result<Pair, ConvertError> {
        let again = |next: &Result<Pair, _>| next.as_ref().is_ok_and(|next| next.key == first.key);
        if !self.sorted.peek().is_some_and(again) {
            return Ok(first);
        }
        let TraceLine { id, mut trace } = read(&first.line)?;
        while let Some(next) = self.sorted.next_if(again) {
            add_locations(&mut trace, read(&next?.line)?.trace);
        }
        Ok(Pair {
            line: trace.line(&id)?,
            key: first.key,
        })
    }
}

impl Iterator for MergedTraces {
    type Item = Result<Pair, ConvertError>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.sorted.next()?;
        Some(
            first
                .map_err(Into::into)
                .and_then(|first| self.merged(first)),
        )
    }
}

/// The trace of a record that stays, without its places in files that are `gone` and with those of `new`.
pub(super) fn moved(
    old: &Line,
    new: Option<&[u8]>,
    gone: &BTreeSet<String>,
) -> Result<Vec<u8>, ConvertError> {
    let TraceLine { id, mut trace } = parsed(old)?;
    let locations = &mut trace.locations;
    locations.retain(|location| !gone.contains(&location.path));
    if let Some(new) = new {
        add_locations(&mut trace, read(new)?.trace);
    }
    Ok(trace.line(&id)?)
}

/// Whether a trace has a place in a file that is not `gone`.
pub(super) fn stays(trace: &Trace, gone: &BTreeSet<String>) -> bool {
    let mut locations = trace.locations.iter();
    locations.any(|location| !gone.contains(&location.path))
}

/// A trace that is there.
fn parsed(line: &Line) -> Result<TraceLine, ConvertError> {
    serde_json::from_slice(&line.bytes).map_err(|error| ConvertError::Trace {
        file: line.file.to_string(),
        line: line.number,
        source: Misfit::in_line(&error),
    })
}

/// A trace that was made.
fn read(bytes: &[u8]) -> Result<TraceLine, ConvertError> {
    serde_json::from_slice(bytes).map_err(ConvertError::Reread)
}

fn add_locations(trace: &mut Trace, more: Trace) {
    trace.locations.extend(more.locations);
    trace.locations.sort();
    trace.locations.dedup();
}
