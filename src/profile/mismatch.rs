//! Where a text leaves a layout.

use std::ops::Range;

use crate::diagnostic::escape::apart;
use crate::trace::{DraftError, TransformError};

/// The place where a text that a profile recognised is not of its layout after all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}, step `{step}`: {cause}")]
#[non_exhaustive]
pub struct Mismatch {
    /// The byte of the text that was reached: the furthest that any attempt came.
    pub at: usize,
    /// The step of the profile, as a path: `grammar[3].any[1]`.
    pub step: String,
    /// What is not as it should be there.
    pub cause: Cause,
}

/// What is not as a layout has it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The pattern does not match.
    #[error("`{0}` does not match")]
    Pattern(String),
    /// The grammar is at its end and the text is not.
    #[error("the text goes on behind the end of the grammar")]
    End,
    /// The match or the group that is to be a value holds nothing.
    #[error("the value is empty")]
    Empty,
    /// Two groups of one match share characters.
    #[error("two groups overlap")]
    Overlap,
    /// The value was read before.
    #[error("`{0}` is there twice")]
    Twice(&'static str),
    /// The text is not written as the profile says.
    #[error("{0}")]
    Value(TransformError),
    /// A repeat does not repeat what it should.
    #[error("{0}")]
    Differs(Disagreement),
    /// The values found do not go together.
    #[error("{0}")]
    Draft(DraftError),
    /// The attempts looked at more than their share of the text.
    #[error("the attempts to read on took too long")]
    Fuel,
}

/// A repeat that does not repeat what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` does not repeat `{of}`, which is `{}`", apart(.found, .original).0, apart(.found, .original).1)]
#[non_exhaustive]
pub struct Disagreement {
    /// The bytes of the repeat in the text.
    pub span: Range<usize>,
    /// What it should repeat: a pointer, or a name that the profile gives.
    pub of: String,
    /// What it says.
    pub found: String,
    /// What it should say; empty where nothing was read.
    pub original: String,
}

impl Mismatch {
    /// For values that do not go together.
    pub(super) fn of_draft(error: DraftError) -> Self {
        Self {
            at: 0,
            step: "grammar".to_owned(),
            cause: Cause::Draft(error),
        }
    }

    /// For a failure that left no word, of which there is none.
    pub(super) fn unknown() -> Self {
        Self {
            at: 0,
            step: "grammar".to_owned(),
            cause: Cause::End,
        }
    }
}
