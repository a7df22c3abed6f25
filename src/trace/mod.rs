//! How a record was made: which bytes became which value, and what became of the rest.
//!
//! A [`Trace`] names for every value of a record the bytes it came from and the transforms between,
//! and for every other byte of the raw item a label. [`Replay`] repeats the way from bytes to value;
//! [`coverage()`] finds bytes of which nothing is said (`spec/trace.md`).

mod coverage;
mod draft;
mod field;
mod label;
mod layer;
mod location;
mod ranges;
mod replay;
mod span;
mod transform;

pub use coverage::{CoverageDefect, coverage};
pub(crate) use draft::Stated;
pub use draft::{Conflict, Draft, DraftError, MAX_SPANS};
pub use field::{Field, MadeOf, Name, Reference, ReferenceError};
pub use label::{LABEL_KINDS, Label, LabelError, LabelWord};
pub use layer::{Layer, UnknownLayer};
pub use location::{CONTEXT_LIMIT, Context, ContextName, Location};
pub use ranges::{Range, ranges};
pub use replay::{
    Bytes, ROOM, ROOM_EACH, Replay, ReplayError, STEPS, Sources, Value, derive, replay_groups,
};
pub use span::Span;
pub(crate) use transform::is_single_byte;
pub use transform::{DIRECTIVES, Stage, Transform, TransformError, UnknownTransform};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::json::canonical::{self, CanonicalError};
use crate::record::Id;

/// How one record was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// What read the item.
    pub profile: ProfileRef,
    /// How many bytes the item has.
    pub bytes: u64,
    /// How the encoding of the item was found; absent where its bytes are UTF-8 and nothing says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<FoundEncoding>,
    /// Every place the item was found in, in order.
    pub locations: Vec<Location>,
    /// What else its values come from, in order of name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<Context>,
    /// Every value and where it came from, in order of what it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Every other byte, by label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// Bytes of the item that became no value, and what they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropped {
    /// What they are.
    pub label: Label,
    /// Where they are, in order; no two touch.
    pub spans: Vec<Span>,
}

/// How an encoding was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundEncoding {
    /// By what.
    pub by: FoundBy,
    /// What was found there, as it is written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The context that it was found in, where that is not the item.
    #[serde(default, rename = "in", skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextName>,
}

/// By what an encoding was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// By the byte order mark that the item, or the document around it, begins with.
    Bom,
    /// It is stated in the item or a context.
    Declared,
    /// By which bytes there are.
    Detected,
    /// By where the NULs are, in text that can only be UTF-16.
    Nul,
    /// By the profile.
    Profile,
}

/// The description by which an item was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRef {
    /// Its id; `general-…` where no profile recognised the item.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// The digest of its canonical form; general converters have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

impl ProfileRef {
    /// A general converter.
    pub(crate) fn general(id: &str, version: u64) -> Self {
        Self {
            id: id.to_owned(),
            version,
            digest: None,
        }
    }
}

/// A trace as a line of a corpus: the id of its record and the trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceLine {
    /// The record it belongs to.
    pub id: Id,
    /// The trace.
    pub trace: Trace,
}

impl Trace {
    /// The [`TraceLine`] of the record `id` as it is written, without the line end.
    ///
    /// # Errors
    ///
    /// None for a trace within the format's range of integers.
    pub fn line(&self, id: &Id) -> Result<Vec<u8>, CanonicalError> {
        /// The same, borrowed.
        #[derive(Serialize)]
        struct Line<'t> {
            id: &'t Id,
            trace: &'t Trace,
        }
        canonical::to_vec(&Line { id, trace: self })
    }

    /// SHA-256 over the canonical form of the trace, what `traces.txt` lists.
    ///
    /// # Errors
    ///
    /// None for a trace within the format's range of integers.
    pub fn digest(&self) -> Result<Digest, CanonicalError> {
        Ok(Digest::of(&canonical::to_vec(self)?))
    }

    /// The dropped spans with their labels, in order of position.
    #[must_use]
    pub fn tiles(&self) -> Vec<(Span, &Label)> {
        let each = |dropped: &'_ Dropped| dropped.spans.len();
        let mut tiles = Vec::with_capacity(self.dropped.iter().map(each).sum());
        for dropped in &self.dropped {
            tiles.extend(dropped.spans.iter().map(|span| (*span, &dropped.label)));
        }
        tiles.sort_by_key(|(span, _)| *span);
        tiles
    }
}
