//! A trace in the making.

use std::collections::BTreeMap;

use super::{Field, Label, Span, Tile, Transform};
use crate::json::Pointer;
use crate::record::{AbsentKey, AbsentReason};

/// What a reader says of an item: which bytes are which value, and what the others are.
///
/// A draft holds no values. Whoever makes a record of it takes them from [`super::replay()`], so that a
/// record cannot differ from what its trace gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The values, in the order they were found.
    pub fields: Vec<Field>,
    /// Values that are judgements on what was found and come from no bytes of their own: a link's
    /// `relation`, an author's `role`, an embed's `kind`.
    pub judged: Vec<(Pointer, String)>,
    /// What became no value, in any order.
    pub dropped: Vec<Tile>,
    /// Where the item disagrees with itself.
    pub conflicts: Vec<Conflict>,
    /// What the reader knows to be absent, and why.
    pub absent: BTreeMap<AbsentKey, AbsentReason>,
}

/// A stretch that should repeat a value and says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The stretch.
    pub span: Span,
    /// The value it should repeat.
    pub of: Pointer,
}

impl Draft {
    /// Adds a value of one span.
    pub fn field(&mut self, pointer: Pointer, span: Span, via: Vec<Transform>) {
        self.fields.push(Field {
            pointer,
            spans: vec![vec![span]],
            via,
        });
    }

    /// Adds a group of spans to the value at `pointer`: a paragraph, a keyword.
    pub fn group(&mut self, pointer: &Pointer, group: Vec<Span>, via: &[Transform]) {
        match self
            .fields
            .iter_mut()
            .find(|field| field.pointer == *pointer)
        {
            Some(field) => field.spans.push(group),
            None => self.fields.push(Field {
                pointer: pointer.clone(),
                spans: vec![group],
                via: via.to_vec(),
            }),
        }
    }

    /// Adds a span to the last group of the value at `pointer`: its bytes follow there at once.
    pub fn extend(&mut self, pointer: &Pointer, span: Span) {
        let field = self
            .fields
            .iter_mut()
            .find(|field| field.pointer == *pointer);
        if let Some(group) = field.and_then(|field| field.spans.last_mut()) {
            group.push(span);
        }
    }

    /// Drops the bytes of `span` under `label`; an empty span is nothing.
    pub fn drop(&mut self, span: Span, label: Label) {
        if span.start < span.end {
            self.dropped.push(Tile {
                start: span.start,
                end: span.end,
                label,
            });
        }
    }

    /// The draft as it is for an item in which `by` more bytes stand in front.
    #[must_use]
    pub fn shifted(mut self, by: u64) -> Self {
        for span in self
            .fields
            .iter_mut()
            .flat_map(|field| field.spans.iter_mut().flatten())
        {
            span.start += by;
            span.end += by;
        }
        for tile in &mut self.dropped {
            tile.start += by;
            tile.end += by;
        }
        for conflict in &mut self.conflicts {
            conflict.span.start += by;
            conflict.span.end += by;
        }
        self
    }

    /// Names the item's first `bytes` bytes as its byte order mark.
    pub fn mark(&mut self, bytes: u64) {
        self.drop(
            Span {
                start: 0,
                end: bytes,
            },
            Label::fixed("bom"),
        );
    }

    /// The tiles in order of position, neighbours of one label made one.
    #[must_use]
    pub fn tiles(&self) -> Vec<Tile> {
        let mut sorted = self.dropped.clone();
        sorted.sort_by_key(|tile| (tile.start, tile.end));
        let mut tiles: Vec<Tile> = Vec::with_capacity(sorted.len());
        for tile in sorted {
            match tiles.last_mut() {
                Some(last) if last.end == tile.start && last.label == tile.label => {
                    last.end = tile.end;
                }
                _ => tiles.push(tile),
            }
        }
        tiles
    }
}
