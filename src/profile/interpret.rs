//! Reading a text by a grammar.
//!
//! A parser in the manner of parsing expression grammars: it goes through the text once, from left
//! to right; an alternative that fails gives back what it took, and one that succeeds is never
//! reconsidered. Fuel bounds what all attempts together may look at, in proportion to the length of
//! the text (`spec/profiles.md`, `profile-fuel`).

use std::borrow::Cow;
use std::ops::Range;

use super::Disagreement;
use super::grammar::{Field, Match, Node, Same, Step, Take};
use super::mismatch::{Cause, Mismatch};
use super::pattern::Pattern;
use super::same;
use super::state::{Attempt, Capture, Deferred, Remembered};
use super::target::{Nature, Target};
use super::value::{As, Original, Within};
use crate::record::WHITE_SPACE;
use crate::trace::Label;

/// How many bytes the attempts may look at for each byte of the text.
const FUEL: usize = 32;

/// How many bytes they may look at in the shortest text.
const FUEL_FLOOR: usize = 1 << 16;

/// What an attempt costs besides the bytes it looks at.
const ATTEMPT: usize = 8;

static WHITESPACE: Label = Label::fixed("whitespace");
static BOM: Label = Label::fixed("bom");

/// Reads all of `text`.
pub(super) fn read<'p>(grammar: &'p [Node], text: &str) -> Result<Attempt<'p>, Mismatch> {
    let mut reader = Interpreter {
        text,
        at: 0,
        fuel: text.len().saturating_mul(FUEL).saturating_add(FUEL_FLOOR),
        exhausted: false,
        state: Attempt::default(),
        furthest: None,
    };
    if text.starts_with(crate::dump::BOM) {
        reader.at = crate::dump::BOM.len();
        reader.state.drop(0..reader.at, &BOM);
    }
    let run = reader.steps(grammar).and_then(|()| {
        reader.space();
        if reader.at == text.len() {
            return Ok(());
        }
        // What was tried here last says more than that the grammar is at its end.
        match &reader.furthest {
            Some(furthest) if furthest.at >= reader.at => Err(Failed),
            _ => reader.fail("grammar", Cause::End),
        }
    });
    match run.and_then(|()| reader.settle()) {
        Ok(()) => Ok(reader.state),
        Err(Failed) => Err(reader
            .furthest
            .map_or_else(Mismatch::unknown, Trouble::told)),
    }
}

/// A step did not succeed; why is kept in the reader.
#[derive(Debug)]
struct Failed;

type Matched = Result<(), Failed>;

struct Interpreter<'p, 't> {
    text: &'t str,
    at: usize,
    fuel: usize,
    exhausted: bool,
    state: Attempt<'p>,
    /// The failure that lies furthest on; of several at one place the last.
    furthest: Option<Trouble<'p>>,
}

/// A failure.
struct Trouble<'p> {
    at: usize,
    place: &'p str,
    cause: Cause,
}

impl Trouble<'_> {
    fn told(self) -> Mismatch {
        Mismatch {
            at: self.at,
            step: self.place.to_owned(),
            cause: self.cause,
        }
    }
}

impl<'p, 't> Interpreter<'p, 't> {
    fn steps(&mut self, steps: &'p [Node]) -> Matched {
        steps.iter().try_for_each(|node| self.step(node))
    }

    fn step(&mut self, node: &'p Node) -> Matched {
        self.attempt(|reader| match &node.step {
            Step::Match(step) => reader.matching(step, &node.place),
            Step::Seq(steps) => reader.steps(steps),
            Step::Any(steps) => reader.any(steps),
            Step::Repeat { steps, min, max } => reader.repeat(steps, *min, *max),
            Step::Until { stop, steps } => reader.until(stop, steps, &node.place),
        })
    }

    /// Runs `run`; where that fails, all is as if it had not run.
    fn attempt(&mut self, run: impl FnOnce(&mut Self) -> Matched) -> Matched {
        let (at, mark) = (self.at, self.state.mark());
        let result = run(self);
        if result.is_err() {
            self.at = at;
            self.state.rewind(&mark);
        }
        result
    }

    fn any(&mut self, steps: &'p [Node]) -> Matched {
        self.space();
        for step in steps {
            if self.step(step).is_ok() {
                return Ok(());
            }
            self.fueled()?;
        }
        Err(Failed)
    }

    fn repeat(&mut self, steps: &'p [Node], min: u64, max: u64) -> Matched {
        for round in 0..max {
            let at = self.at;
            let result = self.attempt(|reader| reader.steps(steps));
            self.fueled()?;
            if result.is_err() && round < min {
                return result;
            }
            if result.is_err() || self.at == at {
                break;
            }
        }
        Ok(())
    }

    fn until(&mut self, stop: &'p Pattern, steps: &'p [Node], place: &'p str) -> Matched {
        loop {
            self.space();
            let window = self.window(Within::Line);
            self.spend(window.len(), place)?;
            if window.is_empty() || stop.is_at(window) {
                return Ok(());
            }
            let at = self.at;
            self.steps(steps)?;
            if self.at == at {
                return self.fail(place, Cause::Pattern(stop.source().to_owned()));
            }
        }
    }

    fn matching(&mut self, step: &'p Match, place: &'p str) -> Matched {
        self.space();
        let window = self.window(step.within);
        self.spend(window.len(), place)?;
        let missed = || Cause::Pattern(step.pattern.source().to_owned());
        let Some(groups) = step.pattern.at(window) else {
            return self.fail(place, missed());
        };
        let start = self.at;
        let range = |group: usize| {
            let found = groups.range(group)?;
            Some(start + found.start..start + found.end)
        };
        let Some(whole) = range(0).filter(|whole| !self.trimmed(whole).is_empty()) else {
            return self.fail(place, missed());
        };
        let mut parts: Vec<(Range<usize>, &'p Take)> = Vec::with_capacity(step.parts.len());
        for part in &step.parts {
            let found = range(part.group).map(|range| self.trimmed(&range));
            match found.filter(|range| !range.is_empty()) {
                Some(range) => parts.push((range, &part.take)),
                None if part.required => return self.fail(place, Cause::Empty),
                None => {}
            }
        }
        parts.sort_by_key(|(range, _)| range.start);

        let bases = self.state.lists;
        for (range, take) in parts {
            if range.start < self.at {
                return self.fail(place, Cause::Overlap);
            }
            self.rest(self.at..range.start, &step.rest);
            self.at = range.start;
            match take {
                Take::Drop(label) => self.state.drop(range.clone(), label),
                Take::Same(same) => self.repeated(same, range.clone(), place)?,
                Take::Field(field) => self.value(field, range.clone(), &bases, step, place)?,
            }
            self.at = range.end;
        }
        self.rest(self.at..whole.end, &step.rest);
        self.at = whole.end;
        self.state.close(&bases, step.embed);
        if let Some(name) = &step.remember {
            self.state.remembered.push(Remembered {
                name,
                range: self.trimmed(&whole),
            });
        }
        Ok(())
    }

    /// Takes `range` for a value.
    fn value(
        &mut self,
        field: &'p Field,
        range: Range<usize>,
        bases: &[usize],
        step: &'p Match,
        place: &'p str,
    ) -> Matched {
        let target = field.target;
        if target.is_single() && self.state.has(target) {
            return self.fail(place, Cause::Twice(target.pattern()));
        }
        let base = match target.list() {
            Some(list) => bases.get(list.number()).copied().unwrap_or_default(),
            None => 0,
        };
        let separator = field.written.as_ref().and_then(As::separator);
        let pieces = self.pieces(&range, separator);
        let mut at = range.start;
        for (offset, piece) in pieces.into_iter().enumerate() {
            self.rest(at..piece.start, &step.rest);
            at = piece.end;
            let via = field.written.as_ref().and_then(As::transform);
            if let Some(Err(error)) = via.as_ref().map(|via| via.apply(self.slice(&piece), "")) {
                return self.fail(place, Cause::Value(error));
            }
            self.state.find(Capture {
                target,
                index: base + if target.list().is_some() { offset } else { 0 },
                range: piece,
                via,
                judged: field.judged,
                caught: step.pattern.is_catch_all(),
            });
        }
        self.rest(at..range.end, &step.rest);
        Ok(())
    }

    /// The trimmed pieces of `range` between separators, without empty ones.
    fn pieces(&self, range: &Range<usize>, separator: Option<&str>) -> Vec<Range<usize>> {
        let Some(separator) = separator else {
            return vec![range.clone()];
        };
        let mut at = range.start;
        let mut pieces = Vec::new();
        for piece in self.slice(range).split(separator) {
            let trimmed = self.trimmed(&(at..at + piece.len()));
            if !trimmed.is_empty() {
                pieces.push(trimmed);
            }
            at += piece.len() + separator.len();
        }
        pieces
    }

    /// Takes `range` for a repeat; of what is not read yet that shows at the end.
    fn repeated(&mut self, same: &'p Same, range: Range<usize>, place: &'p str) -> Matched {
        let repeat = Deferred {
            same,
            range,
            place,
            tile: self.state.tiles.len(),
        };
        self.state.drop(repeat.range.clone(), &same.label);
        match self.original(&same.original, place)? {
            None => {
                self.state.deferred.push(repeat);
                Ok(())
            }
            Some(original) => self.compare(&repeat, &original),
        }
    }

    /// Decides on the repeats of what was not read before them.
    fn settle(&mut self) -> Matched {
        // What failed on the way was not what the text was read by.
        self.furthest = None;
        for repeat in std::mem::take(&mut self.state.deferred) {
            self.at = repeat.range.start;
            let original = self.original(&repeat.same.original, repeat.place)?;
            self.compare(&repeat, &original.unwrap_or_default())?;
        }
        Ok(())
    }

    /// What was read or remembered of the original, and nothing where it was not yet.
    fn original(
        &mut self,
        original: &Original,
        place: &'p str,
    ) -> Result<Option<Vec<String>>, Failed> {
        match original {
            Original::Name(name) => {
                self.spend(self.state.remembered.len(), place)?;
                let found = self
                    .state
                    .remembered
                    .iter()
                    .rev()
                    .find(|kept| kept.name == name);
                Ok(found.map(|kept| vec![self.slice(&kept.range).to_owned()]))
            }
            Original::Value(target) if !self.state.has(*target) => Ok(None),
            Original::Value(target) => {
                self.spend(self.state.found.len(), place)?;
                Ok(Some(self.values(*target)))
            }
        }
    }

    /// The values read for `target`; of members of a list the last one's.
    fn values(&self, target: Target) -> Vec<String> {
        let mut all = self
            .state
            .found
            .iter()
            .filter(|found| found.target == target);
        let value = |found: &Capture| match &found.via {
            Some(via) => via
                .apply(self.slice(&found.range), "")
                .unwrap_or_default()
                .into_owned(),
            None => self.slice(&found.range).to_owned(),
        };
        match target.nature() {
            Nature::Texts | Nature::Paragraphs => all.map(value).collect(),
            Nature::Text
            | Nature::Url
            | Nature::Host
            | Nature::Time
            | Nature::Language
            | Nature::Integer
            | Nature::Other => all.next_back().map(value).into_iter().collect(),
        }
    }

    fn compare(&mut self, repeat: &Deferred<'p>, original: &[String]) -> Matched {
        let same = repeat.same;
        let separator = same.written.as_ref().and_then(As::separator);
        let pieces = self.pieces(&repeat.range, separator);
        let via = same.written.as_ref().and_then(As::transform);
        let value = |piece: &Range<usize>| match &via {
            Some(via) => via.apply(self.slice(piece), "").map(Cow::into_owned),
            None => Ok(self.slice(piece).to_owned()),
        };
        let found = pieces.iter().map(value).collect::<Result<Vec<_>, _>>();
        let cost = original.iter().map(String::len).sum::<usize>() + repeat.range.len();
        self.spend(cost, repeat.place)?;
        let found = match found {
            Ok(found) if same::holds(same.compare, &found, original) => return Ok(()),
            Ok(found) => found.join(", "),
            Err(_) if same.otherwise.is_some() => self.slice(&repeat.range).to_owned(),
            Err(error) => return self.fail(repeat.place, Cause::Value(error)),
        };
        let disagreement = Disagreement {
            span: repeat.range.clone(),
            of: same.original.to_string(),
            found,
            original: original.join(", "),
        };
        match (&same.otherwise, self.state.tiles.get_mut(repeat.tile)) {
            (Some(label), Some(tile)) => {
                tile.label = label;
                if let Original::Value(target) = same.original {
                    self.state.conflicts.push((target, disagreement.span));
                }
                Ok(())
            }
            _ => self.fail(repeat.place, Cause::Differs(disagreement)),
        }
    }

    /// Drops what no part of a match took, white space at its ends apart.
    fn rest(&mut self, range: Range<usize>, label: &'p Label) {
        let inner = self.trimmed(&range);
        self.state.drop(range.start..inner.start, &WHITESPACE);
        self.state.drop(inner.clone(), label);
        self.state.drop(inner.end..range.end, &WHITESPACE);
    }

    /// Goes over white space.
    fn space(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.len() - rest.trim_start_matches(WHITE_SPACE).len();
        self.state.drop(self.at..self.at + length, &WHITESPACE);
        self.at += length;
        self.fuel = self.fuel.saturating_sub(length);
    }

    /// What a pattern sees from here.
    fn window(&self, within: Within) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let line = |text: &str| text.find('\n').unwrap_or(text.len());
        let mut end = line(rest);
        if within == Within::Block {
            while let Some(after) = rest.get(end + 1..) {
                let length = line(after);
                if after
                    .get(..length)
                    .is_none_or(|next| next.trim().is_empty())
                {
                    break;
                }
                end += 1 + length;
            }
        }
        rest.get(..end)
            .map_or(rest, |window| window.strip_suffix('\r').unwrap_or(window))
    }

    fn slice(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// `range` without white space at its ends.
    fn trimmed(&self, range: &Range<usize>) -> Range<usize> {
        let text = self.slice(range);
        let start = range.end - text.trim_start_matches(WHITE_SPACE).len();
        start..start + text.trim_matches(WHITE_SPACE).len()
    }

    fn spend(&mut self, cost: usize, place: &'p str) -> Matched {
        if let Some(fuel) = self.fuel.checked_sub(cost.saturating_add(ATTEMPT)) {
            self.fuel = fuel;
            return Ok(());
        }
        self.exhausted = true;
        self.furthest = Some(Trouble {
            at: self.at,
            place,
            cause: Cause::Fuel,
        });
        Err(Failed)
    }

    /// Fails where the fuel is used up, so that no alternative hides it.
    fn fueled(&self) -> Matched {
        if self.exhausted { Err(Failed) } else { Ok(()) }
    }

    fn fail(&mut self, place: &'p str, cause: Cause) -> Matched {
        if self
            .furthest
            .as_ref()
            .is_none_or(|furthest| furthest.at <= self.at)
        {
            self.furthest = Some(Trouble {
                at: self.at,
                place,
                cause,
            });
        }
        Err(Failed)
    }
}
