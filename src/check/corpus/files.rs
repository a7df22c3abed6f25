//! The files that a check of a corpus reads.

use std::ops::Range;

use super::ids::LineId;
use crate::corpus::{Part, Source};
use crate::diagnostic::escape;

/// The files of a check. A [`LineId`] means one by its place here.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) all: Vec<Source>,
    parts: Vec<Part>,
}

impl Files {
    pub(crate) fn add(&mut self, part: Part, source: Source) {
        self.all.push(source);
        self.parts.push(part);
    }

    /// The files of a part, which stand together, and the number of the first.
    pub(crate) fn of(&self, part: Part) -> (Vec<Source>, u32) {
        let range = self.range(part);
        let first = u32::try_from(range.start).unwrap_or(u32::MAX);
        (self.all.get(range).unwrap_or_default().to_vec(), first)
    }

    pub(crate) fn range(&self, part: Part) -> Range<usize> {
        let start = self.parts.iter().take_while(|other| **other != part);
        let start = start.count();
        let rest = self.parts.get(start..).unwrap_or_default();
        start..start + rest.iter().take_while(|other| **other == part).count()
    }
}

/// A line as a message at the line `from` names it.
pub(crate) fn named(files: &[Source], line: LineId, from: LineId) -> String {
    if line.file == from.file {
        format!("line {}", line.line)
    } else {
        let file = escape::escape(line.file_name(files));
        format!("line {} of {file}", line.line)
    }
}
