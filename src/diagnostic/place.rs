//! Where in a file a defect is.

use std::cmp::Ordering;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::escape;
use crate::json::Pointer;

/// Where a defect is: a file, and in it as much as is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named or found; `-` for standard input.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// The column in characters, counted from 1; a byte that is no character counts as one.
    pub column: Option<u64>,
    /// The bytes in the file, half-open; empty where something is missing there.
    pub span: Option<Range<u64>>,
    /// The value, as a JSON Pointer (RFC 6901) into its record.
    pub pointer: Option<Pointer>,
    /// The id of the record.
    pub record: Option<String>,
    /// The text around the span, as the full report shows it.
    pub excerpt: Option<Excerpt>,
}

/// The text around a span, cut to what one screen line shows and escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    pub(super) before: String,
    pub(super) marked: String,
    pub(super) after: String,
}

/// A text and where its lines begin, to name places in it.
///
/// ```
/// use dateline::diagnostic::Lines;
///
/// let lines = Lines::new(b"date 2022\nRain ends\n");
/// let place = lines.place("000.txt", 15..19);
/// assert_eq!((place.line, place.column), (Some(2), Some(6)));
/// ```
#[derive(Debug, Clone)]
pub struct Lines<'t> {
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

    /// The bytes `span` of `line`, a line that begins at byte `offset` of the file and is its
    /// `number`th, counted from 1. `line` is without its LF; a span beyond its end is taken to be
    /// at its end.
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
        let before = line.get(..start).unwrap_or_default();
        Self {
            file: file.into(),
            line: Some(number),
            column: Some(wide(characters(before)).saturating_add(1)),
            span: Some(offset.saturating_add(wide(start))..offset.saturating_add(wide(end))),
            pointer: None,
            record: None,
            excerpt: Some(Excerpt::new(line, start..end)),
        }
    }

    /// The same, naming the value.
    #[must_use]
    pub fn pointer(mut self, pointer: Pointer) -> Self {
        self.pointer = Some(pointer);
        self
    }

    /// The same, naming the record.
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

impl<'t> Lines<'t> {
    /// Finds the lines of a text. A line ends in LF.
    #[must_use]
    pub fn new(text: &'t [u8]) -> Self {
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let starts = std::iter::once(0)
            .chain(ends.map(|(end, _)| end + 1))
            .collect();
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
        // A span of several lines is shown by its first one and named whole.
        let last = wide(span.end.min(self.text.len()));
        place.span = place.span.map(|span| span.start..span.end.max(last));
        place
    }
}

/// The columns that an excerpt takes at most, the marks of its cuts aside.
const WIDTH: usize = 100;

/// The columns that the marked part of an excerpt takes at most.
const MARKED: usize = 60;

/// The columns of context that an excerpt keeps behind its marked part, where there is as much.
const BEHIND: usize = 24;

impl Excerpt {
    /// The part of `line` around `span` that fits a screen: all of a short line, otherwise the
    /// span, cut if it is long, with some text on both sides.
    ///
    /// Takes time and memory by its own size, not by the line's.
    #[must_use]
    pub fn new(line: &[u8], span: Range<usize>) -> Self {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let start = span.start.min(line.len());
        let end = span.end.clamp(start, line.len());
        let (head, rest) = line.split_at(start);
        let (marked, tail) = rest.split_at(end - start);

        let marked = Run::ahead(marked, MARKED).cut(MARKED);
        let room = WIDTH.saturating_sub(marked.columns());
        let after = Run::ahead(tail, room);
        let before = Run::back(head, room);
        let behind = after
            .columns()
            .min(BEHIND.max(room.saturating_sub(before.columns())));
        Self {
            before: before.cut(room.saturating_sub(behind)).back_text(),
            marked: marked.text(),
            after: after.cut(behind).text(),
        }
    }

    /// The line as it is shown, escaped.
    #[must_use]
    pub fn text(&self) -> String {
        [self.before.as_str(), &self.marked, &self.after].concat()
    }

    /// The marked part of it, escaped; empty where something is missing there.
    #[must_use]
    pub fn marked(&self) -> &str {
        &self.marked
    }
}

/// One character as it is shown, with what combines with it, and the columns it takes.
struct Cell {
    text: String,
    columns: usize,
}

/// Cells at one end of some bytes, the nearest to the marked part first.
struct Run {
    cells: Vec<Cell>,
    /// Whether these are all the cells there are.
    whole: bool,
}

/// Bytes to look at for `room` columns and a little more. What needs more bytes than these, such as
/// a character with a hundred marks on it, is cut.
const fn reach(room: usize) -> usize {
    8 * (room + 2)
}

impl Run {
    /// The start of `bytes`, more of it than fits `room` columns where there is more.
    fn ahead(bytes: &[u8], room: usize) -> Self {
        let mut end = bytes.len().min(reach(room));
        // A character that the window would cut is left out: it has at most three bytes more.
        let least = end.saturating_sub(3);
        while end > least && continues(bytes.get(end)) {
            end -= 1;
        }
        Self {
            cells: cells(bytes.get(..end).unwrap_or_default()),
            whole: end == bytes.len(),
        }
    }

    /// The end of `bytes`, likewise.
    fn back(bytes: &[u8], room: usize) -> Self {
        let mut start = bytes.len().saturating_sub(reach(room));
        let whole = start == 0;
        let most = start.saturating_add(3);
        while !whole && start < most && continues(bytes.get(start)) {
            start += 1;
        }
        let mut cells = cells(bytes.get(start..).unwrap_or_default());
        cells.reverse();
        Self { cells, whole }
    }

    /// Without what does not fit `room` columns.
    fn cut(mut self, room: usize) -> Self {
        let mut used = 0;
        let fitting = self.cells.iter().take_while(|cell| {
            used += cell.columns;
            used <= room
        });
        let fitting = fitting.count();
        self.whole &= fitting == self.cells.len();
        self.cells.truncate(fitting);
        self
    }

    fn columns(&self) -> usize {
        self.cells.iter().map(|cell| cell.columns).sum()
    }

    /// The text of a run ahead, `…` where it is cut.
    fn text(&self) -> String {
        let cells = self.cells.iter().map(|cell| cell.text.as_str());
        cells.chain((!self.whole).then_some("…")).collect()
    }

    /// The text of a run back.
    fn back_text(&self) -> String {
        let cells = self.cells.iter().rev().map(|cell| cell.text.as_str());
        (!self.whole)
            .then_some("…")
            .into_iter()
            .chain(cells)
            .collect()
    }
}

/// Whether a byte lies within a character of UTF-8, behind its first byte.
fn continues(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte & 0xc0 == 0x80)
}

fn cells(bytes: &[u8]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let mut text = String::new();
            escape::push(&mut text, character);
            let columns = text.chars().filter_map(UnicodeWidthChar::width).sum();
            match cells.last_mut() {
                Some(base) if columns == 0 => base.text.push_str(&text),
                _ => cells.push(Cell { text, columns }),
            }
        }
        for byte in chunk.invalid() {
            let mut text = String::new();
            escape::push_byte(&mut text, *byte);
            cells.push(Cell { text, columns: 4 });
        }
    }
    cells
}

/// How many characters the bytes hold; a byte that is part of none counts as one.
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
