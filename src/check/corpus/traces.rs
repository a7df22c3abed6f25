//! The traces of a corpus, read beside its records: both are in order of id, mostly.

use std::cmp::Ordering;
use std::sync::Arc;

use super::held::Held;
use super::ids::LineId;
use super::late::LateFinding;
use super::trace_lines::{SharedLine, TraceLines};
use crate::check::line::findings::{Findings, named};
use crate::check::line::short::{Runs, Singly};
use crate::check::line::value::pointer;
use crate::check::line::workspace::Workspace;
use crate::check::rules::checked::unread;
use crate::check::rules::{self, Wanted};
use crate::check::{Options, push};
use crate::corpus::{Chunks, Source, id_of};
use crate::diagnostic::{Code, Diagnostic, Place, Report, codes, escape};
use crate::json::Tape;

/// The numbers of lines, neighbours as one: mostly all of a file or few.
#[derive(Debug, Default)]
struct Numbers(Vec<(LineId, u32)>);

impl Numbers {
    /// Adds a line, which stands behind those before.
    fn add(&mut self, line: LineId) {
        match self.0.last_mut() {
            Some((first, count))
                if first.file == line.file && first.line.checked_add(*count) == Some(line.line) =>
            {
                *count += 1;
            }
            _ => self.0.push((line, 1)),
        }
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|(_, count)| u64::from(*count)).sum()
    }

    fn iter(&self) -> impl Iterator<Item = LineId> {
        self.0.iter().flat_map(|(first, count)| {
            let line = |after| LineId {
                line: first.line.saturating_add(after),
                ..*first
            };
            (0..*count).map(line)
        })
    }
}

/// Something that holds of records, of traces, or of both.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sides {
    pub(crate) records: bool,
    pub(crate) traces: bool,
}

impl Sides {
    const fn any(self) -> bool {
        self.records || self.traces
    }
}

/// The lines of traces, one ahead, and those that were passed over.
pub(crate) struct Traces<'o> {
    lines: TraceLines,
    next: Option<(String, SharedLine)>,
    last: Option<String>,
    held: Held,
    /// Whether a line was let go, or not read, because there was no room to hold it.
    lost: bool,
    /// Which side is out of order.
    pub(crate) disordered: Sides,
    /// The number of the first file, by which a [`LineId`] means it.
    first: u32,
    /// Traces that no record has, unless they cannot all be matched.
    orphans: Numbers,
    /// Records that have no trace, likewise.
    missing: Numbers,
    /// Of which side a line could not be read: nothing of the other is then said to be alone.
    unread: Sides,
    /// Whether a file of one of the sides ends early, or more lines are out of order than are held, so
    /// that they cannot all be matched.
    pub(crate) broken: bool,
    /// The first file.
    file: Arc<str>,
    /// What is wrong with the lines themselves.
    found: Report,
    singly: Singly,
    runs: Runs,
    options: &'o Options,
}

impl<'o> Traces<'o> {
    /// The traces in `sources`, the first of which is file `first` of the check.
    pub(crate) fn new(sources: Vec<Source>, first: u32, options: &'o Options) -> Self {
        let file = sources.first().map(|source| Arc::clone(&source.file));
        let mut traces = Self {
            lines: TraceLines::new(Chunks::merged(sources)),
            next: None,
            last: None,
            held: Held::default(),
            lost: false,
            disordered: Sides::default(),
            first,
            orphans: Numbers::default(),
            missing: Numbers::default(),
            unread: Sides::default(),
            broken: false,
            file: file.unwrap_or_default(),
            found: Report::new(options.limit),
            singly: Singly::default(),
            runs: Runs::default(),
            options,
        };
        traces.advance();
        traces
    }

    /// The trace of the record of this id at `line`; without an id where the line could not be read.
    ///
    /// It is mostly the next one. Those that are passed over on the way are held for later records.
    pub(crate) fn beside(&mut self, id: Option<&str>, line: LineId) -> Option<SharedLine> {
        let Some(id) = id else {
            self.unread.records = true;
            return None;
        };
        if let Some(line) = self.held.take(id) {
            return Some(line);
        }
        let next = |traces: &Self| traces.next.as_ref().map(|(next, _)| next.as_str().cmp(id));
        while next(self) == Some(Ordering::Less) {
            // The least was passed over longest ago.
            if self.held.is_full()
                && let Some(least) = self.held.pop()
            {
                self.lost = true;
                self.orphan(&least);
            }
            self.hold();
        }
        // Where it is not the next one, it may stand further on.
        while next(self).is_some_and(Ordering::is_ne) && !self.held.is_full() {
            self.hold();
        }
        match next(self) {
            Some(Ordering::Equal) => return self.advance().map(|(_, line)| line),
            Some(_) => self.lost = true,
            None => {}
        }
        self.missing.add(line);
        None
    }

    /// Holds the next line for a record that comes later.
    fn hold(&mut self) {
        let Some((id, line)) = self.advance() else {
            return;
        };
        if self.held.contains(&id) {
            self.second(&id, &line);
            return;
        }
        self.held.put(id, &line);
    }

    /// Gives, when there are no more records, what is wrong with the lines themselves, and tells `say`
    /// which traces and records stand alone. Where they cannot all be matched that is not known, and it is
    /// said of how many. Nothing is said of the articles at `repeats`, whose ids earlier lines have.
    pub(crate) fn finish(
        mut self,
        repeats: &[LineId],
        mut say: impl FnMut(LineId, LateFinding),
    ) -> Report {
        let is_first = |line: &LineId| repeats.binary_search(line).is_err();
        while let Some(line) = self.held.pop() {
            self.orphan(&line);
        }
        while let Some((_, line)) = self.advance() {
            self.orphan(&line);
        }
        self.broken |= self.lost && self.disordered.any();
        let unmatched = self.unmatched(is_first);
        self.push(unmatched);
        let short = std::mem::take(&mut self.runs).finish();
        self.push(short);
        // What cannot be read may be the trace, or the article, that is not found.
        for line in self
            .orphans
            .iter()
            .filter(|_| !self.broken && !self.unread.records)
        {
            say(
                line,
                late(codes::TRACE_ORPHAN, "is the id of no article of the corpus"),
            );
        }
        let missing = self.missing.iter().filter(is_first);
        for line in missing.filter(|_| !self.broken && !self.unread.traces) {
            say(
                line,
                late(codes::TRACE_MISSING, "has no trace, and others have"),
            );
        }
        self.found
    }

    /// What was not checked because the order broke off the matching, or because lines could not be read.
    fn unmatched(&self, is_first: impl Fn(&LineId) -> bool) -> Option<Diagnostic> {
        let missing = self.missing.iter().filter(is_first).count();
        let missing = u64::try_from(missing).unwrap_or(u64::MAX);
        // Those of which it is not said that they stand alone.
        let articles = if self.broken || self.unread.traces {
            missing
        } else {
            0
        };
        let traces = if self.broken || self.unread.records {
            self.orphans.count()
        } else {
            0
        };
        let cause = if self.broken {
            "a file ends early, or too many articles or traces are out of order"
        } else {
            "lines of articles or traces cannot be read"
        };
        let count = |number: u64, what: &str| match number {
            1 => format!("1 {what}"),
            _ => format!("{number} {what}s"),
        };
        let (articles_are, traces_are) = (count(articles, "article"), count(traces, "trace"));
        let what = match (articles, traces) {
            (_, 0) => format!("not checked against traces: {articles_are}"),
            (0, _) => format!("not checked against articles: {traces_are}"),
            _ => format!("not checked against each other: {articles_are} and {traces_are}"),
        };
        let message = format!(
            "{what}; {cause}, so it is not known whether values replay or traces are missing"
        );
        (articles + traces > 0).then(|| {
            Diagnostic::new(codes::TRACE_UNMATCHED, Place::file(&*self.file), message)
                .hint("mend what cannot be read, is out of order or is cut off, and check again")
        })
    }

    fn push(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        for found in found {
            push(&mut self.found, self.options, found);
        }
    }

    /// Reports what is wrong with a line by itself.
    fn whole(&mut self, line: &SharedLine) {
        let mut findings = Findings::new(line.at(), line.bytes(), self.options);
        let workspace = &mut Workspace::default();
        if let Some(tape) = rules::parse(&mut findings, line.ended, workspace) {
            rules::check(&tape, Wanted::Trace, &mut findings, workspace);
        }
        findings.report(&mut self.found);
    }

    /// Takes note of a trace that no record has.
    fn orphan(&mut self, line: &SharedLine) {
        self.whole(line);
        let file = u32::try_from(line.source()).unwrap_or(u32::MAX);
        let line = LineId::new(self.first.saturating_add(file), line.number);
        self.orphans.add(line);
    }

    /// Gives the next line and reads the one behind it.
    fn advance(&mut self) -> Option<(String, SharedLine)> {
        let given = self.next.take();
        while self.next.is_none() {
            let line = match self.lines.next() {
                None => break,
                Some(Ok(line)) => line,
                Some(Err(error)) => {
                    self.unread.traces = true;
                    // Behind a line that is too long the others follow; behind a file's end none.
                    self.broken |= error.line().is_none();
                    self.push([unread(&error)]);
                    continue;
                }
            };
            if let Some(id) = id_of(line.bytes()) {
                self.take(id, line);
            } else {
                self.unread.traces = true;
                match self.singly.run(line.file(), line.as_ref()) {
                    Some(run) => self.runs.add(run),
                    None => self.whole(&line),
                }
                let short = self.runs.take();
                self.push(short);
            }
        }
        given
    }

    /// Takes a line for the next, unless it repeats the last.
    fn take(&mut self, id: String, line: SharedLine) {
        match self.last.as_deref().map(|last| last.cmp(&id)) {
            Some(Ordering::Equal) => {
                self.second(&id, &line);
                return;
            }
            Some(Ordering::Greater) if !self.disordered.traces => {
                self.disordered.traces = true;
                let last = self.last.as_deref().unwrap_or_default();
                let (id, last) = escape::apart(&id, last);
                let message = format!("id `{id}` follows `{last}`; ids ascend in a shard");
                self.push([on_id(&line, codes::SHARD_ORDER, message)]);
            }
            _ => {}
        }
        self.last = Some(id.clone());
        self.next = Some((id, line));
    }

    /// Reports a second trace of an id.
    fn second(&mut self, id: &str, line: &SharedLine) {
        self.whole(line);
        let message = format!("a second trace for the id `{}`", escape::shown(id));
        self.push([
            on_id(line, codes::TRACE_ORPHAN, message).hint("keep the one that fits the record")
        ]);
    }
}

fn late(code: &'static Code, said: &str) -> LateFinding {
    LateFinding {
        code,
        pointer: pointer("/id"),
        said: said.to_owned(),
        within: None,
    }
}

fn on_id(line: &SharedLine, code: &'static Code, message: String) -> Diagnostic {
    let tape = Tape::parse(line.bytes()).ok();
    let id = tape.as_ref().and_then(|tape| tape.root().get("id"));
    let span = id.map_or(0..0, |id| id.span());
    let mut place = line.at().place(line.bytes(), span).pointer(pointer("/id"));
    place.record = id.and_then(|id| id.as_str()).map(|id| named(&id));
    Diagnostic::new(code, place, message)
}
