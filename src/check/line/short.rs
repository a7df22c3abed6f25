//! Lines that hold nothing, or too little to be records: many of them are one finding.
//!
//! A few kilobytes that are compressed can be millions of such lines. To look at each as if it were a
//! record would take a thousand times as long as its bytes do.

use std::sync::Arc;

use super::findings::At;
use crate::corpus::{Chunk, LineRef};
use crate::diagnostic::{Diagnostic, codes};

/// No record and no trace is written in fewer bytes.
const SHORTEST: usize = 60;
/// How many short lines of a chunk are looked at one by one.
const SINGLY: usize = 100;
/// How much is kept of the first line of a run, to be shown.
const SHOWN: usize = 64;

/// What a run consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Lines of white space.
    Blank,
    /// Lines of fewer than [`SHORTEST`] bytes.
    Short,
}

/// Neighbouring lines that are one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    kind: Kind,
    file: Arc<str>,
    first: u64,
    offset: u64,
    /// The beginning of the first.
    bytes: Vec<u8>,
    count: u64,
}

/// A line to be looked at, or a run of others.
pub(crate) enum Piece<'c> {
    Line(LineRef<'c>),
    Run(Run),
}

/// Runs as they come, put together where one goes on with the other.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    last: Option<Run>,
    found: Vec<Diagnostic>,
}

/// How many short lines were looked at one by one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Singly(usize);

impl Singly {
    /// What is to be done with the next line: nothing for one that is to be looked at.
    fn kind(&mut self, line: &[u8]) -> Option<Kind> {
        if line.len() >= SHORTEST && !line.first().is_some_and(u8::is_ascii_whitespace) {
            return None;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            // Between short lines it would divide them into as many findings.
            let among = self.0 > SINGLY;
            return Some(if among { Kind::Short } else { Kind::Blank });
        }
        if line.len() >= SHORTEST {
            return None;
        }
        self.0 += 1;
        (self.0 > SINGLY).then_some(Kind::Short)
    }

    /// The line as a run of one, where it is not to be looked at.
    pub(crate) fn run(&mut self, file: &Arc<str>, line: LineRef<'_>) -> Option<Run> {
        let kind = self.kind(line.bytes)?;
        Some(Run {
            kind,
            file: Arc::clone(file),
            first: line.number,
            offset: line.offset,
            bytes: line.bytes.get(..SHOWN).unwrap_or(line.bytes).to_vec(),
            count: 1,
        })
    }
}

/// The lines of a chunk, those that are not to be looked at as runs.
pub(crate) fn pieces(chunk: &Chunk) -> impl Iterator<Item = Piece<'_>> {
    let mut singly = Singly::default();
    let mut lines = chunk.lines().peekable();
    std::iter::from_fn(move || {
        let line = lines.next()?;
        let Some(mut run) = singly.run(&chunk.file, line) else {
            return Some(Piece::Line(line));
        };
        while let Some(next) = lines.peek() {
            let mut behind = singly;
            if behind.kind(next.bytes) != Some(run.kind) {
                break;
            }
            singly = behind;
            run.count += 1;
            lines.next();
        }
        Some(Piece::Run(run))
    })
}

impl Run {
    /// How many records or traces may be in it: none in lines of white space.
    pub(crate) const fn unread(&self) -> u64 {
        match self.kind {
            Kind::Blank => 0,
            Kind::Short => self.count,
        }
    }

    fn finding(&self) -> Diagnostic {
        let at = At {
            file: &self.file,
            line: self.first,
            offset: self.offset,
        };
        let place = at.place(&self.bytes, 0..self.bytes.len());
        let last = self.first.saturating_add(self.count.saturating_sub(1));
        match (self.kind, self.count) {
            (Kind::Blank, 1) => Diagnostic::new(codes::LINE_EMPTY, place, "the line holds nothing"),
            (Kind::Blank, count) => Diagnostic::new(
                codes::LINE_EMPTY,
                place,
                format!("{count} lines hold nothing, from here to line {last}"),
            ),
            (Kind::Short, count) => Diagnostic::new(
                codes::LINE_SHORT,
                place,
                format!(
                    "{count} more {} too short to be records, up to line {last}; they were not \
                     looked at one by one",
                    if count == 1 { "line is" } else { "lines are" }
                ),
            ),
        }
        .hint(match self.kind {
            Kind::Blank if self.count == 1 => {
                "take the line out: a file of lines has one record a line"
            }
            Kind::Blank => "take the lines out: a file of lines has one record a line",
            Kind::Short => "look at the first of them: the file may be of another kind",
        })
    }
}

impl Runs {
    /// Takes in a run, behind all that came before.
    pub(crate) fn add(&mut self, run: Run) {
        if let Some(last) = &mut self.last {
            let goes_on = last.kind == run.kind
                && last.file == run.file
                && last.first.checked_add(last.count) == Some(run.first);
            if goes_on {
                last.count = last.count.saturating_add(run.count);
                return;
            }
            self.found.push(last.finding());
        }
        self.last = Some(run);
    }

    /// Takes in several.
    pub(crate) fn extend(&mut self, runs: Vec<Run>) {
        for run in runs {
            self.add(run);
        }
    }

    /// What is to be said of those that are whole. Called now and then, it bounds what is kept.
    pub(crate) fn take(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.found)
    }

    /// What is to be said of all that are left.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.extend(self.last.as_ref().map(Run::finding));
        self.found
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

    use super::{Piece, Runs, SINGLY, pieces};
    use crate::corpus::Chunk;

    fn chunk(line: u64, text: &str) -> Chunk {
        Chunk {
            file: "a".into(),
            source: 0,
            line,
            offset: 0,
            bytes: text.as_bytes().to_vec(),
        }
    }

    /// What is said of texts that follow each other, and how many lines are looked at.
    fn said(texts: &[String]) -> (Vec<(u64, String)>, usize) {
        let (mut runs, mut looked, mut line) = (Runs::default(), 0, 1);
        let mut said = Vec::new();
        for text in texts {
            for piece in pieces(&chunk(line, text)) {
                match piece {
                    Piece::Line(_) => looked += 1,
                    Piece::Run(run) => runs.add(run),
                }
            }
            line += u64::try_from(text.lines().count()).unwrap();
            said.extend(runs.take());
        }
        said.extend(runs.finish());
        let said = said.into_iter();
        let said = said.map(|found| (found.place.line.unwrap(), found.message));
        (said.collect(), looked)
    }

    #[test]
    fn blank_lines_are_one_finding_however_chunks_are_cut() {
        let long = "x".repeat(80);
        let texts = [
            format!("{long}\n\n \n"),
            "\t\r\n".repeat(500),
            format!("\n{long}\n\n"),
        ];
        let (said, looked) = said(&texts);
        assert_eq!(looked, 2);
        let lines = "503 lines hold nothing, from here to line 504".to_owned();
        let line = "the line holds nothing".to_owned();
        assert_eq!(said, [(2, lines), (506, line)]);
    }

    #[test]
    fn of_short_lines_few_are_looked_at() {
        for line in ["{}\n", "null\n", "x\n", " x\n", "\u{e9}\n"] {
            let (said, looked) = said(&[line.repeat(5_000)]);
            assert_eq!(looked, SINGLY);
            let [(at, message)] = said.as_slice() else {
                panic!("{said:?}")
            };
            assert_eq!(*at, 101);
            assert!(
                message.starts_with("4900 more lines are too short"),
                "{message}"
            );
        }
        // Blank lines between them make no more findings of them.
        let (said, looked) = said(&["x\n\n".repeat(2_000)]);
        assert_eq!((said.len(), looked), (SINGLY + 1, SINGLY));
    }
}
