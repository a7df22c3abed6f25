//! Trace lines that wait for the record they are of, where one of the sides is out of order.

use std::collections::BTreeMap;

use super::trace_lines::SharedLine;

/// How many bytes of lines wait at most; few in tests, which fill it.
const ROOM: usize = if cfg!(test) { 64 << 10 } else { 64 << 20 };

/// What a line takes beside its bytes and id.
const LINE: usize = 128;

/// Lines by id, as many as there is room for.
#[derive(Debug, Default)]
pub(crate) struct Held {
    lines: BTreeMap<String, SharedLine>,
    bytes: usize,
}

impl Held {
    /// Holds the line of an id that has no line here yet.
    pub(crate) fn put(&mut self, id: String, line: &SharedLine) {
        self.bytes += size(&id, line);
        self.lines.insert(id, line.alone());
    }

    /// Takes the line of an id, where it is held.
    pub(crate) fn take(&mut self, id: &str) -> Option<SharedLine> {
        if self.lines.is_empty() {
            return None;
        }
        let line = self.lines.remove(id)?;
        self.bytes -= size(id, &line);
        Some(line)
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.lines.contains_key(id)
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.bytes >= ROOM
    }

    /// Takes the line of the least id.
    pub(crate) fn pop(&mut self) -> Option<SharedLine> {
        let (id, line) = self.lines.pop_first()?;
        self.bytes -= size(&id, &line);
        Some(line)
    }
}

fn size(id: &str, line: &SharedLine) -> usize {
    line.bytes().len() + id.len() + LINE
}
