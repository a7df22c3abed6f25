//! What is found in one line, each thing at its bytes.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::check::{Options, push};
use crate::corpus::LineRef;
use crate::diagnostic::{Code, Diagnostic, Excerpt, Place, Report};
use crate::json::{Node, Pointer};

/// Where a line lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At<'f> {
    /// The file, as diagnostics name it.
    pub file: &'f str,
    /// The line's number in it, from 1.
    pub line: u64,
    /// Where the line begins: bytes from the start of the file.
    pub offset: u64,
}

impl<'f> At<'f> {
    /// Where `line` of `file` lies.
    pub(crate) fn of(file: &'f str, line: LineRef<'_>) -> Self {
        Self {
            file,
            line: line.number,
            offset: line.offset,
        }
    }

    /// The bytes `span` of the line, which is without its LF.
    pub(crate) fn place(&self, line: &[u8], span: Range<usize>) -> Place {
        Place::in_line(self.file, self.line, self.offset, line, span)
    }
}

/// The diagnostics of one line.
#[derive(Debug)]
pub(crate) struct Findings<'l> {
    pub(crate) at: At<'l>,
    /// The line without its LF.
    pub(crate) bytes: &'l [u8],
    /// The id of its record, once that is known.
    pub(crate) record: Option<String>,
    /// Whether more of the line goes unchecked because of whatever is found in it.
    pub(crate) unchecked: bool,
    options: &'l Options,
    /// How many there are.
    count: usize,
    /// The last of them.
    found: Vec<Diagnostic>,
    /// Those before: counted, and kept as far as a report keeps them.
    earlier: Option<Box<Report>>,
    /// Where the values begin that something is wrong with: a bit for each byte of the line.
    flagged: Vec<u64>,
    columns: OnceLock<Columns>,
}

/// How many diagnostics of a line are held before they go into a report. A line of a megabyte may
/// have a million, each with a window of the line and a sentence.
const MANY: usize = 1000;

/// How many bytes there are between two counts of a line's characters, and from how many on a line
/// has them.
const STEP: usize = 4096;

/// How many characters precede every [`STEP`]th byte of a long line, so that a line with a million
/// defects takes no longer to place them than to find them. Nothing where the line is not UTF-8.
#[derive(Debug)]
struct Columns(Option<Vec<usize>>);

impl<'l> Findings<'l> {
    /// None yet, in the line `bytes`. `options` are those of the report that they will go into.
    pub(crate) fn new(at: At<'l>, bytes: &'l [u8], options: &'l Options) -> Self {
        Self {
            at,
            bytes,
            record: None,
            unchecked: false,
            options,
            count: 0,
            found: Vec::new(),
            earlier: None,
            flagged: Vec::new(),
            columns: OnceLock::new(),
        }
    }

    /// How many there are so far.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Puts all of them into a report, by its options; none are left.
    pub(crate) fn report(&mut self, report: &mut Report) {
        if let Some(earlier) = self.earlier.take() {
            report.append(*earlier);
        }
        for found in self.found.drain(..) {
            push(report, self.options, found);
        }
    }

    /// All of them, in the order of reports, where the options keep all.
    pub(crate) fn into_all(mut self) -> Vec<Diagnostic> {
        let mut report = Report::new(self.options.limit);
        self.report(&mut report);
        report.diagnostics().into_iter().cloned().collect()
    }

    /// A diagnostic at the bytes `span` of the line.
    pub(crate) fn push(
        &mut self,
        code: &'static Code,
        span: Range<usize>,
        pointer: Option<Pointer>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.flag(span.start);
        let mut place = self.place(span);
        place.pointer = pointer;
        if self.found.len() == MANY {
            let mut earlier = self.earlier.take();
            let report = earlier.get_or_insert_with(|| Box::new(Report::new(self.options.limit)));
            self.report(report);
            self.earlier = earlier;
        }
        self.count += 1;
        let mut found = Diagnostic::new(code, place, message);
        found.unchecked = self.unchecked;
        let index = self.found.len();
        self.found.push(found);
        #[allow(clippy::indexing_slicing, reason = "it was just pushed")]
        &mut self.found[index]
    }

    /// A diagnostic on a value: at its bytes, under its pointer.
    pub(crate) fn on(
        &mut self,
        code: &'static Code,
        value: Node<'_>,
        pointer: Pointer,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(code, value.span(), Some(pointer), message)
    }

    /// A note on a value: what is as it may be, and so counts for nothing in [`Findings::count`].
    pub(crate) fn note(
        &mut self,
        code: &'static Code,
        value: Node<'_>,
        pointer: Pointer,
        message: impl Into<String>,
    ) {
        self.on(code, value, pointer, message);
        self.count -= 1;
    }

    /// Whether something is wrong with the value already.
    pub(crate) fn is_flagged(&self, value: Node<'_>) -> bool {
        let at = value.span().start;
        let bits = self.flagged.get(at / 64).copied().unwrap_or_default();
        bits & (1 << (at % 64)) != 0
    }

    fn flag(&mut self, at: usize) {
        let word = at / 64;
        if word >= self.flagged.len() {
            self.flagged.resize(word + 1, 0);
        }
        if let Some(bits) = self.flagged.get_mut(word) {
            *bits |= 1 << (at % 64);
        }
    }

    /// A place in the line.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let At { file, line, offset } = self.at;
        let columns = (self.bytes.len() > STEP)
            .then(|| self.columns.get_or_init(|| Columns::new(self.bytes)));
        let counted = columns.and_then(|columns| {
            let before = |at| columns.before(self.bytes, at);
            before(span.start).zip(before(span.end.max(span.start)))
        });
        let mut place = match counted {
            None => self.at.place(self.bytes, span),
            Some((before, through)) => {
                let column = |before: usize| {
                    Some(u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1))
                };
                let wide = |at: usize| offset.saturating_add(u64::try_from(at).unwrap_or(u64::MAX));
                Place {
                    line: Some(line),
                    column: column(before),
                    end_column: column(through),
                    span: Some(wide(span.start)..wide(span.end)),
                    excerpt: Some(Excerpt::new(self.bytes, span)),
                    ..Place::file(file)
                }
            }
        };
        place.record = self.record.as_deref().map(named);
        place
    }
}

/// The most bytes of an id that a place names. No id has as many; what is longer is wrong, and would be
/// repeated for whatever else is wrong with its line.
const NAMED: usize = 256;

/// An id as places name it.
pub(crate) fn named(id: &str) -> String {
    match id.split_at_checked(id.floor_char_boundary(NAMED)) {
        Some((begin, rest)) if !rest.is_empty() => format!("{begin}…"),
        _ => id.to_owned(),
    }
}

impl Columns {
    fn new(line: &[u8]) -> Self {
        let counts = std::str::from_utf8(line).is_ok().then(|| {
            let steps = line.chunks(STEP).scan(0, |before, step| {
                let here = *before;
                *before += characters(step);
                Some(here)
            });
            steps.collect()
        });
        Self(counts)
    }

    /// How many characters precede the byte `at` of the line.
    fn before(&self, line: &[u8], at: usize) -> Option<usize> {
        let step = at / STEP;
        let counted = self.0.as_ref()?.get(step)?;
        Some(counted + characters(line.get(step * STEP..at)?))
    }
}

/// How many characters begin in a stretch of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// How diagnostics name a file of the corpus.
pub(crate) fn file_name(root: &Path, file: &str) -> Arc<str> {
    Arc::from(root.join(file).display().to_string())
}

#[cfg(test)]
mod tests {
    use super::{At, Findings, MANY, STEP};
    use crate::check::Options;
    use crate::diagnostic::{Place, Report, codes};

    #[test]
    fn however_many_there_are_few_are_held_and_all_are_counted() {
        let line = "[1]".repeat(9 * MANY);
        let at = At {
            file: "a",
            line: 1,
            offset: 0,
        };
        let options = Options {
            limit: Some(3),
            allow: vec![codes::TEXT_ENTITY],
            ..Options::default()
        };
        let mut findings = Findings::new(at, line.as_bytes(), &options);
        for one in 0..9 * MANY {
            let code = if one == MANY + 7 {
                codes::FIELD_UNKNOWN
            } else if one % 3 == 0 {
                codes::TEXT_ENTITY
            } else {
                codes::FIELD_VALUE
            };
            findings.push(code, 3 * one..3 * one + 1, None, "wrong");
            assert!(findings.found.len() <= MANY);
        }
        assert_eq!(findings.count(), 9 * MANY);
        let mut report = Report::new(options.limit);
        findings.report(&mut report);
        let counts: Vec<_> = report.codes().collect();
        assert_eq!(counts, [("field-unknown", 1), ("field-value", 5999)]);
        let shown = report.diagnostics();
        let columns: Vec<_> = shown.iter().map(|one| one.place.column).collect();
        assert_eq!(columns, [Some(4), Some(7), Some(3022)]);
    }

    #[test]
    fn places_in_long_lines_are_those_of_short_ones() {
        let line = "aé日𝄞".repeat(STEP);
        let at = At {
            file: "a",
            line: 2,
            offset: 7,
        };
        let options = Options::default();
        let findings = Findings::new(at, line.as_bytes(), &options);
        for start in (0..line.len())
            .step_by(997)
            .filter(|at| line.is_char_boundary(*at))
        {
            let place = Place::in_line("a", 2, 7, line.as_bytes(), start..start + 1);
            assert_eq!(findings.place(start..start + 1), place);
        }
    }

    #[test]
    fn a_long_id_is_not_repeated_for_every_place() {
        let at = At {
            file: "a",
            line: 1,
            offset: 0,
        };
        let options = Options::default();
        let mut findings = Findings::new(at, b"{}", &options);
        let longest = "é".repeat(128);
        for (id, named) in [
            ("art-1".to_owned(), "art-1".to_owned()),
            (longest.clone(), longest.clone()),
            (format!("a{longest}"), format!("a{}…", "é".repeat(127))),
        ] {
            findings.record = Some(id);
            assert_eq!(findings.place(0..1).record, Some(named));
        }
    }
}
