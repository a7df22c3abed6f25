//! The texts that the steps of a replay give, and how much there may be of them.

use std::borrow::Cow;

use super::{ROOM, ROOM_EACH, ReplayError};
use crate::pool;

/// How much text the steps of one replay may still give.
pub(super) struct Room {
    pub(super) all: usize,
    pub(super) left: usize,
}

impl Room {
    pub(super) fn new(named: usize) -> Self {
        let all = named.saturating_mul(ROOM_EACH).max(ROOM);
        Self { all, left: all }
    }

    /// That there is room for so many bytes.
    pub(super) fn has(&self, bytes: usize) -> Result<(), ReplayError> {
        if bytes > self.left {
            return Err(ReplayError::Room(self.all));
        }
        Ok(())
    }

    /// Takes so many bytes of it.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), ReplayError> {
        self.has(bytes)?;
        self.left -= bytes;
        Ok(())
    }
}

/// Texts behind each other: where there are a million, a million of their own would take many times
/// their bytes.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) text: String,
    ends: Vec<usize>,
}

impl Groups {
    /// One group.
    pub(super) fn of(text: String) -> Self {
        Self {
            ends: vec![text.len()],
            text,
        }
    }

    /// Adds to the group that is not ended.
    pub(super) fn add(&mut self, text: Cow<'_, str>) {
        if self.text.is_empty() {
            // It may be long, and is mostly all there is.
            self.text = text.into_owned();
        } else {
            let length = self.text.len();
            self.text.reserve(pool::room(length + text.len()) - length);
            self.text.push_str(&text);
        }
    }

    /// Ends a group, which takes its bytes and one more of the room: so groups of nothing take some.
    pub(super) fn end(&mut self, room: &mut Room) -> Result<(), ReplayError> {
        let start = self.ends.last().copied().unwrap_or_default();
        room.take(self.text.len() - start + 1)?;
        self.ends.push(self.text.len());
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let ranges = starts.zip(&self.ends);
        ranges.map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }

    /// The text of the only group.
    pub(super) fn into_one(self) -> Result<String, ReplayError> {
        match self.ends.len() {
            1 => Ok(self.text),
            many => Err(ReplayError::Groups(many)),
        }
    }
}
