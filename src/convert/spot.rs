//! Where an item lies, for a person.

use std::cell::OnceCell;
use std::ops::Range;

use super::file::wide;
use crate::diagnostic::{Excerpt, LineIndex, Place};
use crate::dump::cut::{Began, Encoding, Near};

/// Where some bytes lie in a file, so that places in them can be named.
pub struct Spot<'b> {
    /// What diagnostics call the file.
    file: &'b str,
    bytes: &'b [u8],
    /// The first byte, in the file or in what is packed in it.
    offset: u64,
    began: Began,
    encoding: Encoding,
    lines: OnceCell<LineIndex<'b>>,
}

impl<'b> Spot<'b> {
    /// All of a file.
    pub(super) fn whole(file: &'b str, bytes: &'b [u8]) -> Self {
        Self::new(file, bytes, 0, Began { line: 1, column: 1 })
    }

    /// A range of the text that a file holds.
    pub(super) fn within(
        file: &'b str,
        text: &'b [u8],
        lines: &LineIndex<'_>,
        range: Range<usize>,
    ) -> Self {
        let place = lines.place(file, range.start..range.start);
        let began = Began {
            line: place.line.unwrap_or(1),
            column: place.column.unwrap_or(1),
        };
        let bytes = text.get(range.clone()).unwrap_or_default();
        Self::new(file, bytes, wide(range.start), began)
    }

    /// Bytes from `offset` on.
    pub(super) fn new(file: &'b str, bytes: &'b [u8], offset: u64, began: Began) -> Self {
        Self {
            file,
            bytes,
            offset,
            began,
            encoding: Encoding::Utf8,
            lines: OnceCell::new(),
        }
    }

    /// The same bytes in another encoding than UTF-8.
    pub(super) fn encoded(self, encoding: Encoding) -> Self {
        Self { encoding, ..self }
    }

    /// What diagnostics call the file.
    #[must_use]
    pub fn file(&self) -> &str {
        self.file
    }

    /// The bytes themselves.
    #[must_use]
    pub fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// Where they begin.
    pub(super) fn start(&self) -> Place {
        Place {
            line: Some(self.began.line),
            column: Some(self.began.column),
            end_column: Some(self.began.column),
            span: Some(self.offset..self.offset),
            ..Place::file(self.file)
        }
    }

    /// The place of some of them.
    #[must_use]
    pub fn place(&self, span: Range<usize>) -> Place {
        let mut place = if self.encoding == Encoding::Utf8 {
            let lines = self.lines.get_or_init(|| LineIndex::new(self.bytes));
            lines.place(self.file, span)
        } else {
            let text = self.encoding.read(self.bytes);
            let before = |at| {
                let before = self.bytes.get(..at).unwrap_or(self.bytes);
                self.encoding.read(before).len()
            };
            let lines = LineIndex::new(text.as_bytes());
            let place = lines.place(self.file, before(span.start)..before(span.end));
            Place {
                span: Some(wide(span.start)..wide(span.end)),
                ..place
            }
        };
        if place.line == Some(1) {
            let before = self.began.column - 1;
            let shift = |column: Option<u64>| Some(column? + before);
            place.column = shift(place.column);
            place.end_column = shift(place.end_column);
        }
        place.line = place.line.map(|line| line + self.began.line - 1);
        place.span = place
            .span
            .map(|span| span.start + self.offset..span.end + self.offset);
        place
    }
}

/// The place of a byte at which a cutter refuses something.
pub(super) fn near(file: &str, at: u64, near: &Near) -> Place {
    let line = [near.before.as_slice(), &near.after].concat();
    let start = near.before.len();
    Place {
        excerpt: (!line.is_empty()).then(|| Excerpt::new(&line, start..start)),
        ..Spot::new(file, &[], at, near.began).start()
    }
}
