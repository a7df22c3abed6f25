//! The general converter for items of JSON.

use crate::document::JsonDocument;
use crate::json::Kind;
use crate::trace::{Draft, DraftError, Label, ProfileRef, Span};

/// What traces name it by.
pub(super) fn profile_ref() -> ProfileRef {
    ProfileRef {
        id: "general-json".to_owned(),
        version: 1,
        digest: None,
    }
}

/// Whether it reads a document.
pub(super) fn reads(document: &JsonDocument<'_>) -> bool {
    document.root().kind() == Kind::Object
}

/// The draft of an item.
pub(super) fn read(bytes: &[u8], _document: &JsonDocument<'_>) -> Result<Draft, DraftError> {
    let mut draft = Draft::default();
    draft.drop(Span::from(0..bytes.len()), Label::fixed("unrecognised"));
    Ok(draft)
}
