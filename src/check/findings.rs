//! What is found in one line, each thing at its bytes.

use std::collections::HashSet;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, Place};
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

/// The diagnostics of one line.
#[derive(Debug)]
pub(super) struct Findings<'l> {
    pub(super) at: At<'l>,
    /// The line without its LF.
    pub(super) bytes: &'l [u8],
    /// The id of its record, once that is known.
    pub(super) record: Option<String>,
    pub(super) found: Vec<Diagnostic>,
    /// Where the values begin that something is wrong with.
    flagged: HashSet<usize>,
}

impl<'l> Findings<'l> {
    pub(super) fn new(at: At<'l>, bytes: &'l [u8]) -> Self {
        Self {
            at,
            bytes,
            record: None,
            found: Vec::new(),
            flagged: HashSet::new(),
        }
    }

    /// A diagnostic at the bytes `span` of the line.
    pub(super) fn push(
        &mut self,
        code: &'static Code,
        span: Range<usize>,
        pointer: Option<Pointer>,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.flagged.insert(span.start);
        let mut place = self.place(span);
        place.pointer = pointer;
        let index = self.found.len();
        self.found.push(Diagnostic::new(code, place, message));
        #[allow(clippy::indexing_slicing, reason = "it was just pushed")]
        &mut self.found[index]
    }

    /// A diagnostic on a value: at its bytes, under its pointer.
    pub(super) fn on(
        &mut self,
        code: &'static Code,
        value: Node<'_>,
        pointer: Pointer,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(code, value.span(), Some(pointer), message)
    }

    /// Whether something is wrong with the value already.
    pub(super) fn is_flagged(&self, value: Node<'_>) -> bool {
        self.flagged.contains(&value.span().start)
    }

    /// A place in the line.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        let mut place =
            Place::in_line(self.at.file, self.at.line, self.at.offset, self.bytes, span);
        place.record.clone_from(&self.record);
        place
    }
}

/// The pointer with these steps, keys and decimal indices.
pub(super) fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).unwrap_or_default()
}
