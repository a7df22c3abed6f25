//! The text around a defect, cut to one line of a screen.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::escape;

/// The text around a span, cut to one line of a screen and escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    pub(super) before: String,
    pub(super) marked: String,
    pub(super) after: String,
}

/// The maximum width of an excerpt in columns, not counting `…` at cuts.
const WIDTH: usize = 100;

/// The maximum width of the marked part in columns.
const MARKED: usize = 60;

/// The columns to keep after the marked part, if the line has that many.
const BEHIND: usize = 24;

impl Excerpt {
    /// The part of `line` around `span` that fits a screen: all of a short line, otherwise the
    /// span, cut if it is long, with some text on both sides.
    ///
    /// Time and memory depend on the size of the excerpt, not of the line.
    #[must_use]
    pub fn new(line: &[u8], span: Range<usize>) -> Self {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let start = span.start.min(line.len());
        let end = span.end.clamp(start, line.len());
        let (head, rest) = line.split_at(start);
        let (marked, tail) = rest.split_at(end - start);

        let marked = Run::ahead(marked, MARKED).head(MARKED);
        let room = WIDTH.saturating_sub(columns(&marked));
        let after = Run::ahead(tail, room);
        let before = Run::back(head, room);
        let behind = after
            .columns()
            .min(BEHIND.max(room.saturating_sub(before.columns())));
        Self {
            before: before.tail(room.saturating_sub(behind)),
            marked,
            after: after.head(behind),
        }
    }

    /// The whole excerpt, escaped.
    #[must_use]
    pub fn text(&self) -> String {
        [self.before.as_str(), &self.marked, &self.after].concat()
    }

    /// The marked part, escaped; empty if something is missing there.
    #[must_use]
    pub fn marked(&self) -> &str {
        &self.marked
    }
}

/// One displayed character, with its combining characters.
struct Cell {
    /// Its position in the text of the run.
    text: Range<usize>,
    /// Its width in columns.
    columns: usize,
}

/// The cells at one end of some bytes, in the order of the text.
struct Run {
    text: String,
    cells: Vec<Cell>,
    /// Whether these are all the cells there are.
    whole: bool,
}

/// How many bytes to read for `room` columns and a little more. Text that needs more bytes, such as a
/// character with a hundred combining marks, is cut.
const fn reach(room: usize) -> usize {
    4 * (room + 2)
}

impl Run {
    /// The start of `bytes`: the cells that fit in `room` columns, and one more if there is one.
    fn ahead(bytes: &[u8], room: usize) -> Self {
        let mut end = bytes.len().min(reach(room));
        // Leaves out a character that the window would cut; it has at most three more bytes.
        let least = end.saturating_sub(3);
        while end > least && continues(bytes.get(end)) {
            end -= 1;
        }
        let window = bytes.get(..end).unwrap_or_default();
        Self::of(window, room, end == bytes.len())
    }

    /// The end of `bytes`: at least the cells that fit in `room` columns, if there are that many.
    fn back(bytes: &[u8], room: usize) -> Self {
        let mut start = bytes.len().saturating_sub(reach(room));
        let whole = start == 0;
        let most = start.saturating_add(3);
        while !whole && start < most && continues(bytes.get(start)) {
            start += 1;
        }
        Self::of(bytes.get(start..).unwrap_or_default(), usize::MAX, whole)
    }

    /// The cells of `bytes`, up to the first that does not fit in `room` columns.
    fn of(bytes: &[u8], room: usize, whole: bool) -> Self {
        let mut run = Self {
            text: String::with_capacity(bytes.len()),
            cells: Vec::with_capacity(bytes.len()),
            whole,
        };
        let mut used = 0;
        for chunk in bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                if used > room {
                    return run;
                }
                used += run.add(|text| escape::push(text, character));
            }
            for byte in chunk.invalid() {
                if used > room {
                    return run;
                }
                used += run.add(|text| escape::push_byte(text, *byte));
            }
        }
        run
    }

    /// Appends the output of `write`, and returns its width in columns.
    fn add(&mut self, write: impl FnOnce(&mut String)) -> usize {
        let start = self.text.len();
        write(&mut self.text);
        let end = self.text.len();
        let columns = columns(self.text.get(start..).unwrap_or_default());
        match self.cells.last_mut() {
            Some(base) if columns == 0 => base.text.end = end,
            _ => self.cells.push(Cell {
                text: start..end,
                columns,
            }),
        }
        columns
    }

    fn columns(&self) -> usize {
        self.cells.iter().map(|cell| cell.columns).sum()
    }

    /// The text of the first cells that fit in `room` columns, followed by `…` if there are more.
    fn head(&self, room: usize) -> String {
        let fitting = fitting(self.cells.iter(), room);
        let end = match fitting.checked_sub(1).and_then(|last| self.cells.get(last)) {
            Some(last) => last.text.end,
            None => 0,
        };
        let mut text = self.text.get(..end).unwrap_or_default().to_owned();
        if fitting < self.cells.len() || !self.whole {
            text.push('…');
        }
        text
    }

    /// The text of the last cells that fit in `room` columns, preceded by `…` if there are more.
    fn tail(&self, room: usize) -> String {
        let left_out = self.cells.len() - fitting(self.cells.iter().rev(), room);
        let start = match self.cells.get(left_out) {
            Some(first) => first.text.start,
            None => self.text.len(),
        };
        let text = self.text.get(start..).unwrap_or_default();
        if left_out > 0 || !self.whole {
            format!("…{text}")
        } else {
            text.to_owned()
        }
    }
}

/// How many of `cells` fit in `room` columns.
fn fitting<'c>(cells: impl Iterator<Item = &'c Cell>, room: usize) -> usize {
    let mut used = 0;
    cells
        .take_while(|cell| {
            used += cell.columns;
            used <= room
        })
        .count()
}

/// The width of an escaped text on a terminal, in columns.
pub(super) fn columns(text: &str) -> usize {
    text.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// Whether a byte continues a UTF-8 character, that is, is not its first byte.
fn continues(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte & 0xc0 == 0x80)
}
