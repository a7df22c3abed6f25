//! The place of a defect in a file.

use std::cmp::Ordering;
use std::ops::Range;

use super::Excerpt;
use crate::json::Pointer;

/// The place of a defect: a file and, as far as known, a position in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, as named or found; `<stdin>` for standard input.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// The column in characters, counted from 1; a byte that is not UTF-8 counts as one.
    pub column: Option<u64>,
    /// The column after the last character of the span, or of its part in this line.
    pub end_column: Option<u64>,
    /// The bytes in the file, half-open; empty if something is missing there.
    pub span: Option<Range<u64>>,
    /// The value, as a JSON Pointer (RFC 6901) into its record. If the corpus as a whole lacks a facet, the
    /// pointer of that facet in the report.
    pub pointer: Option<Pointer>,
    /// The id of the record.
    pub record: Option<String>,
    /// The text around the span, as the full report shows it.
    pub excerpt: Option<Excerpt>,
}

/// A text with the starts of its lines, to find places in it.
///
/// ```
/// use dateline::diagnostic::LineIndex;
///
/// let lines = LineIndex::new(b"date 2022\nRain ends\n");
/// let place = lines.place("000.txt", 15..19);
/// assert_eq!((place.line, place.column), (Some(2), Some(6)));
/// ```
#[derive(Debug, Clone)]
pub struct LineIndex<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
}

impl Place {
    /// A file as a whole.
    #[must_use]
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            ..Self::default()
        }
    }

    /// The bytes `span` of `line`, which is line `number` of the file, counted from 1, and begins at byte
    /// `offset`. `line` excludes its LF; a span past the end is moved to the end.
    #[must_use]
    pub fn in_line(
        file: impl Into<String>,
        number: u64,
        offset: u64,
        line: &[u8],
        span: Range<usize>,
    ) -> Self {
        let start = span.start.min(line.len());
        let end = span.end.clamp(start, line.len());
        let before = characters(line.get(..start).unwrap_or_default());
        let within = characters(line.get(start..end).unwrap_or_default());
        Self {
            file: file.into(),
            line: Some(number),
            column: Some(wide(before).saturating_add(1)),
            end_column: Some(wide(before + within).saturating_add(1)),
            span: Some(offset.saturating_add(wide(start))..offset.saturating_add(wide(end))),
            pointer: None,
            record: None,
            excerpt: Some(Excerpt::new(line, start..end)),
        }
    }

    /// Sets the value.
    #[must_use]
    pub fn pointer(mut self, pointer: Pointer) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// Sets the record.
    #[must_use]
    pub fn record(mut self, id: impl Into<String>) -> Self {
        self.record = Some(id.into());
        self
    }

    /// The order of reports: by file, then by position. A file as a whole comes before its parts.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        let position = |place: &Self| {
            let span = place.span.clone().map(|span| (span.start, span.end));
            (place.line, place.column, span)
        };
        self.file
            .cmp(&other.file)
            .then_with(|| position(self).cmp(&position(other)))
            .then_with(|| self.pointer.cmp(&other.pointer))
    }
}

impl<'t> LineIndex<'t> {
    /// Finds the lines of a text. A line ends in LF.
    #[must_use]
    pub fn new(text: &'t [u8]) -> Self {
        let ends = memchr::memchr_iter(b'\n', text);
        let starts = std::iter::once(0).chain(ends.map(|end| end + 1)).collect();
        Self { text, starts }
    }

    /// The place of the bytes `span` of the text, which is the whole of `file`.
    ///
    /// The excerpt shows the line in which the span begins.
    #[must_use]
    pub fn place(&self, file: impl Into<String>, span: Range<usize>) -> Place {
        let number = self
            .starts
            .partition_point(|start| *start <= span.start)
            .max(1);
        let start = self.starts.get(number - 1).copied().unwrap_or_default();
        let end = match self.starts.get(number) {
            Some(next) => next - 1,
            None => self.text.len(),
        };
        let line = self.text.get(start..end).unwrap_or_default();
        let within = span.start - start..span.end.max(span.start) - start;
        let mut place = Place::in_line(file, wide(number), wide(start), line, within);
        // For a span of several lines, the excerpt shows the first line; the span stays whole.
        let last = wide(span.end.min(self.text.len()));
        place.span = place.span.map(|span| span.start..span.end.max(last));
        place
    }
}

/// The number of characters in the bytes; a byte that is not part of a character counts as one.
fn characters(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().count(),
        Err(_) => bytes
            .utf8_chunks()
            .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
            .sum(),
    }
}

/// A length in memory as a position in a file.
fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
