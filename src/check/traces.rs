//! The traces of a corpus, read beside its records: both are in id order.

use std::sync::Arc;

use super::findings::{At, Findings};
use super::ids::LineId;
use super::late::{Late, Lates};
use super::line::{self, Wanted};
use super::value::pointer;
use crate::corpus::{Line, Lines, Source};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::json::Tape;
use crate::record::Id;

/// The lines of traces, one ahead.
pub(super) struct Traces {
    lines: Lines,
    next: Option<(String, Line)>,
    last: Option<String>,
    /// The files and the number of the first, by which a [`LineId`] means them.
    files: (Vec<Arc<str>>, u32),
    /// The file of the line read last, and whether it was said to end its lines in CR LF.
    file: (Arc<str>, bool),
    /// Traces that no record has, unless the order proves broken.
    orphans: Vec<LineId>,
    /// Records that have no trace, likewise.
    missing: Vec<LineId>,
    /// How many lines of no known id stand between the last trace and the next.
    unread: u64,
    /// How many records of no known id stand between the last record and the next.
    unread_records: u64,
    /// Whether the order of one of the sides is broken, so that they cannot be matched.
    pub(super) broken: bool,
    /// What is wrong with the lines themselves.
    pub(super) found: Vec<Diagnostic>,
}

/// What stands beside a record.
#[derive(Debug)]
pub(super) enum Beside {
    /// Its trace.
    Trace(Line),
    /// No trace, or none that is known.
    Nothing,
}

impl Traces {
    /// The traces in `sources`, the first of which is file `number` of the check.
    pub(super) fn new(sources: Vec<Source>, number: u32) -> Self {
        let names = sources.iter().map(|source| Arc::clone(&source.file));
        let mut traces = Self {
            files: (names.collect(), number),
            orphans: Vec::new(),
            missing: Vec::new(),
            lines: Lines::new(sources),
            next: None,
            last: None,
            file: (Arc::from(""), false),
            unread: 0,
            unread_records: 0,
            broken: false,
            found: Vec::new(),
        };
        traces.advance();
        traces
    }

    /// What stands beside the record of this id at `line`, the next one in order; without an id where
    /// the line could not be read.
    pub(super) fn beside(&mut self, id: Option<&str>, line: LineId) -> Beside {
        let Some(id) = id else {
            self.unread_records += 1;
            return Beside::Nothing;
        };
        while self
            .next
            .as_ref()
            .is_some_and(|(next, _)| next.as_str() < id)
        {
            self.orphan();
        }
        self.unread_records = 0;
        if self.next.as_ref().is_some_and(|(next, _)| next == id)
            && let Some((_, line)) = self.advance()
        {
            return Beside::Trace(line);
        }
        if self.unread > 0 {
            self.unread -= 1;
        } else if !self.broken {
            self.missing.push(line);
        }
        Beside::Nothing
    }

    /// Says, when there are no more records, which traces and records stand alone. Where the order of
    /// either is broken that is not known, and that it is broken was said.
    pub(super) fn finish(&mut self, lates: &mut Lates) {
        while self.next.is_some() {
            self.orphan();
        }
        if self.broken {
            return;
        }
        for &line in &self.orphans {
            lates.add(
                line,
                late(codes::TRACE_ORPHAN, "is the id of no article of the corpus"),
            );
        }
        for &line in &self.missing {
            lates.add(
                line,
                late(codes::TRACE_MISSING, "has no trace, and others have"),
            );
        }
    }

    /// Passes over a trace that no record has.
    fn orphan(&mut self) {
        let Some((_, line)) = self.advance() else {
            return;
        };
        self.found.append(&mut whole(&line));
        if self.unread_records > 0 {
            self.unread_records -= 1;
        } else if !self.broken {
            let (files, first) = &self.files;
            let file = files.iter().position(|file| *file == line.file);
            let number = file
                .and_then(|file| u32::try_from(file).ok())
                .unwrap_or_default();
            self.orphans.push(LineId::new(first + number, line.number));
        }
    }

    /// Gives the next line and reads the one behind it.
    fn advance(&mut self) -> Option<(String, Line)> {
        let given = self.next.take();
        self.unread = 0;
        while self.next.is_none() {
            let line = match self.lines.next() {
                None => break,
                Some(Ok(line)) => line,
                Some(Err(error)) => {
                    self.unread += 1;
                    // Behind a line that is too long the others follow; behind a file's end none.
                    self.broken |= error.line().is_none();
                    self.found.push(super::records::unread(&error));
                    continue;
                }
            };
            self.frame(&line);
            if let Some(id) = id_of(&line.bytes) {
                self.take(id, line);
            } else {
                self.unread += 1;
                self.found.extend(whole(&line));
            }
        }
        given
    }

    /// Takes a line for the next, unless it repeats or breaks the order.
    fn take(&mut self, id: String, line: Line) {
        let order = self.last.as_deref().map(|last| last.cmp(&id));
        match order {
            Some(std::cmp::Ordering::Equal) => {
                self.found.extend(whole(&line));
                self.found.push(on_id(
                    &line,
                    codes::TRACE_ORPHAN,
                    format!("a second trace for the id `{id}`"),
                ));
            }
            Some(std::cmp::Ordering::Greater) if !self.broken => {
                self.broken = true;
                let last = self.last.as_deref().unwrap_or_default();
                let message = format!("id `{id}` stands behind `{last}`");
                let hint =
                    "traces and records are matched by their order: from here on they are not";
                self.found
                    .push(on_id(&line, codes::SHARD_ORDER, message).hint(hint));
                self.next = Some((id.clone(), line));
                self.last = Some(id);
            }
            _ => {
                self.last = Some(id.clone());
                self.next = Some((id, line));
            }
        }
    }

    fn frame(&mut self, line: &Line) {
        if self.file.0 != line.file {
            self.file = (Arc::clone(&line.file), false);
        }
        let findings = super::records::frame(at(line), &line.bytes, line.ended, &mut self.file.1);
        self.found.extend(findings);
    }
}

pub(super) fn at(line: &Line) -> At<'_> {
    At {
        file: &line.file,
        line: line.number,
        offset: line.offset,
    }
}

/// What is wrong with a line by itself.
fn whole(line: &Line) -> Vec<Diagnostic> {
    let mut findings = Findings::new(at(line), &line.bytes);
    if let Some(tape) = line::parse(&mut findings) {
        line::check(tape.root(), Wanted::Trace, &mut findings);
    }
    findings.found
}

fn late(code: &'static Code, said: &str) -> Late {
    Late {
        code,
        pointer: pointer("/id"),
        said: said.to_owned(),
    }
}

fn on_id(line: &Line, code: &'static Code, message: String) -> Diagnostic {
    let mut findings = Findings::new(at(line), &line.bytes);
    let tape = Tape::parse(line.bytes.strip_suffix(b"\r").unwrap_or(&line.bytes)).ok();
    let id = tape.as_ref().and_then(|tape| tape.root().get("id"));
    findings.record = id.and_then(|id| id.as_str()).map(Into::into);
    let span = id.map_or(0..0, |id| id.span());
    findings
        .push(code, span, Some(pointer("/id")), message)
        .clone()
}

/// The id of a line of traces, without parsing it where it is written as dateline writes it.
fn id_of(line: &[u8]) -> Option<String> {
    let quick = line.strip_prefix(br#"{"id":""#).and_then(|rest| {
        let end = memchr::memchr(b'"', rest)?;
        let id = std::str::from_utf8(rest.get(..end)?).ok()?;
        id.parse::<Id>().is_ok().then(|| id.to_owned())
    });
    quick.or_else(|| {
        let tape = Tape::parse(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
        Some(tape.root().get("id")?.as_str()?.into_owned())
    })
}
