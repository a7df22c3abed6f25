//! What shows only when everything was read: placed by reading the lines again.
//!
//! It is rare, and a place with its excerpt is large: so what is kept until the end is a line's
//! number and a pointer.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ids::LineId;
use crate::check::Options;
use crate::check::line::findings::{At, Findings};
use crate::check::line::value::{brace, pointer, shown};
use crate::check::push;
use crate::corpus::{Chunks, Source};
use crate::diagnostic::{Code, Diagnostic, Place, Report, codes, escape};
use crate::json::{Lookup, Pointer, Tape};

/// Something wrong with a line that was read before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LateFinding {
    pub(crate) code: &'static Code,
    /// The value it is about.
    pub(crate) pointer: Pointer,
    /// What is said of that value; the message begins with the value itself.
    pub(crate) said: String,
    /// The part of the value that it is about, where it is not all.
    pub(crate) within: Option<Passage>,
}

/// A part of a value that is the same in many records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Bytes from the value's beginning.
    pub(crate) range: Range<u32>,
    /// Whose it is: with the text of the part that is what a finding is about, in whatever record it
    /// is shown.
    pub(crate) of: Box<str>,
}

/// How much is kept before it is better to read lines again at once.
const MANY: usize = 50_000;

/// All of it, by line.
#[derive(Debug, Default)]
pub(crate) struct LateFindings {
    lines: BTreeMap<LineId, Vec<LateFinding>>,
    count: usize,
}

impl LateFindings {
    pub(crate) fn add(&mut self, line: LineId, late: LateFinding) {
        self.lines.entry(line).or_default().push(late);
        self.count += 1;
    }

    /// Adds all of another.
    pub(crate) fn append(&mut self, other: Self) {
        for (line, lates) in other.lines {
            self.lines.entry(line).or_default().extend(lates);
        }
        self.count += other.count;
    }

    /// Reports what there is, where that is much: so memory is bounded however much there is to say.
    pub(crate) fn report_many(&mut self, files: &[Source], report: &mut Report, options: &Options) {
        if self.count > MANY {
            std::mem::take(self).report(files, report, options);
        }
    }

    /// Reads the lines again and reports. `files` are those that the lines' numbers mean.
    ///
    /// A file that was changed or taken away meanwhile loses nothing: what was found is said of its
    /// lines' numbers, without their text.
    pub(crate) fn report(mut self, files: &[Source], report: &mut Report, options: &Options) {
        for (number, source) in (0_u32..).zip(files) {
            let first = LineId {
                file: number,
                line: 0,
            };
            let last = LineId {
                file: number,
                line: u32::MAX,
            };
            let Some((&until, _)) = self.lines.range(first..=last).next_back() else {
                continue;
            };
            'file: for chunk in Chunks::new([source.clone()]).flatten() {
                for line in chunk.lines() {
                    let here = LineId::new(number, line.number);
                    if here > until {
                        break 'file;
                    }
                    let Some(lates) = self.lines.remove(&here) else {
                        continue;
                    };
                    let at = At::of(&chunk.file, line);
                    place(at, line.bytes, lates, report, options);
                }
            }
        }
        for (line, lates) in self.lines {
            let file = line.file_name(files);
            for late in lates {
                let place = Place {
                    line: Some(line.line.into()),
                    ..Place::file(file)
                };
                push(report, options, unplaced(late, place));
            }
        }
    }
}

/// What is said of a line that is another than when it was read.
fn unplaced(late: LateFinding, mut place: Place) -> Diagnostic {
    let message = format!("the value at `{}` {}", late.pointer, late.said);
    place.pointer = Some(late.pointer);
    Diagnostic::new(late.code, place, message)
        .hint("the file was changed while it was read: check it again")
}

/// Reports what is wrong with a line, which was read again.
fn place(
    at: At<'_>,
    bytes: &[u8],
    lates: Vec<LateFinding>,
    report: &mut Report,
    options: &Options,
) {
    let mut findings = Findings::new(at, bytes, options);
    let line = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let Ok(tape) = Tape::parse(line) else {
        for late in lates {
            push(report, options, unplaced(late, at.place(bytes, 0..0)));
        }
        return;
    };
    let root = tape.root();
    findings.record = root.get("id").and_then(|id| id.as_str()).map(Into::into);
    let mut values = Lookup::new(root);
    for late in lates {
        let value = values.at(&late.pointer);
        let span = value.map_or_else(|| brace(root), |value| value.span());
        let part = late.within.as_ref().and_then(|part| {
            let start = span.start + usize::try_from(part.range.start).ok()?;
            let end = span.start + usize::try_from(part.range.end).ok()?;
            (end <= span.end).then_some(start..end)
        });
        let about = late.within.as_ref().zip(part.clone()).map(|(whose, part)| {
            let text = String::from_utf8_lossy(line.get(part).unwrap_or_default());
            format!("{}: {text}", whose.of)
        });
        let message = match value {
            Some(_) if part.is_some() => {
                let part = part.clone().and_then(|part| line.get(part));
                let shown = escape::shown(&String::from_utf8_lossy(part.unwrap_or_default()));
                format!("`{shown}` {}", late.said)
            }
            Some(value) if value.as_str().is_some() => format!("`{}` {}", shown(value), late.said),
            _ => late.said,
        };
        let span = part.unwrap_or(span);
        let hint = hint(late.code).map(str::to_owned);
        let found = findings.push(late.code, span, Some(late.pointer), message);
        found.hint = hint;
        found.about = about;
    }
    findings.report(report);
}

fn hint(code: &Code) -> Option<&'static str> {
    match () {
        () if code == codes::RECORD_ID_DUPLICATE => Some(
            "an id belongs to one record: take out the line that does not belong, or give its record an id of its \
             own",
        ),
        () if code == codes::RELATION_STALE => Some(
            "look whether the text is as it should be; `dateline link` then renews the relations that it \
             computes",
        ),
        () if code == codes::RELATION_DANGLING => Some(
            "bring the record back, or take the relation out; a withdrawn record can still be related to",
        ),
        () if code == codes::TRACE_ORPHAN => Some("bring its article back, or take the trace out"),
        () if code == codes::TEXT_DUPLICATE => Some(
            "to keep both, add a relation between them, such as `is_identical_to`; to keep one, withdraw the other: \
             `dateline withdraw CORPUS ID --reason duplicate`",
        ),
        () if code == codes::TEXT_BOILERPLATE => {
            Some("let the profile that reads these articles drop the line as `boilerplate:…`")
        }
        () => None,
    }
}

/// Adds that ids are taken: each of `lines` with the first that has its id.
pub(crate) fn repeated(
    lines: impl Iterator<Item = (LineId, LineId)>,
    files: &[Source],
    lates: &mut LateFindings,
    report: &mut Report,
    options: &Options,
) {
    for (line, first) in lines {
        lates.add(
            line,
            LateFinding {
                code: codes::RECORD_ID_DUPLICATE,
                pointer: pointer("/id"),
                said: format!(
                    "occurs a second time; the first is in line {} of {}",
                    first.line,
                    escape::escape(first.file_name(files))
                ),
                within: None,
            },
        );
        lates.report_many(files, report, options);
    }
}
