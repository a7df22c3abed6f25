//! Memory that serves one line after the other.

use crate::json::{Memory, Tape, canonical};
use crate::pool;

/// What is needed for a line and for no other: who checks many lines lends it to each.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    /// Of the tape.
    pub(crate) tape: Memory,
    /// Of the canonical forms of its parts.
    pub(crate) digests: canonical::Digests,
    /// The text of an article, decoded.
    pub(crate) text: String,
    /// Some of its form by which copies are found.
    pub(crate) text_form: String,
}

impl Workspace {
    /// Frees the memory of a long text before the rest of its record is checked.
    pub(crate) fn shrink(&mut self) {
        for text in [&mut self.text, &mut self.text_form] {
            if text.capacity() > pool::LARGE {
                *text = String::new();
            }
        }
    }

    /// Takes back the memory of a tape that is done with.
    pub(crate) fn take_back(&mut self, tape: Option<Tape<'_>>) {
        if let Some(tape) = tape {
            self.tape = tape.into_memory();
        }
    }
}
