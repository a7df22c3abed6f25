//! Withdrawals.

use serde::{Deserialize, Serialize};

use super::{Format, Id, Time};
use crate::digest::Digest;

/// The type a withdrawal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WithdrawalTag {
    /// `withdrawal`
    #[serde(rename = "withdrawal")]
    Withdrawal,
}

/// What stands in the place of a withdrawn record, under the same id (`spec/record.md`).
///
/// It persists, so that the record does not come back: a build that meets the id, the raw bytes or
/// the URL again refuses them, and a check finds the text under any other id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// `dateline/1`
    pub format: Format,
    /// `withdrawal`
    #[serde(rename = "type")]
    pub tag: WithdrawalTag,
    /// The id of the record it replaces.
    pub id: Id,
    /// The record digest of the record it replaces.
    pub was: Digest,
    /// The last release that held the record; absent where none was sealed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<u64>,
    /// Why.
    pub reason: WithdrawalReason,
    /// When, to the day.
    pub date: Time,
    /// What the public is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// The digest of the raw item, by which it is known again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_digest: Option<Digest>,
    /// SHA-256 of the URL in UTF-8, by which it is known again without being named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_digest: Option<Digest>,
    /// The text digest of the record, by which a copy of its text is found; absent where it had no text,
    /// or one of fewer than [`TELLING`](Self::TELLING) characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_digest: Option<Digest>,
}

impl Withdrawal {
    /// How many characters a text has, at least, that tells one article from another: a withdrawal
    /// names no shorter one (`spec/record.md`, `withdrawal-text-digest`).
    pub const TELLING: usize = 200;
}

/// Why a record was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalReason {
    /// A holder of rights asked for it.
    Copyright,
    /// A person's data is protected.
    Privacy,
    /// A court or an authority ordered it.
    LegalOrder,
    /// The publisher retracted it.
    Retraction,
    /// The corpus holds it twice.
    Duplicate,
    /// It should never have been in the corpus.
    Error,
    /// The item it was made of changed, and a new record stands for it.
    Superseded,
    /// What it was made of is no longer taken in. Nobody asked for it to go, and it may come back.
    Removed,
}

impl WithdrawalReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Copyright,
        Self::Privacy,
        Self::LegalOrder,
        Self::Retraction,
        Self::Duplicate,
        Self::Error,
        Self::Superseded,
        Self::Removed,
    ];

    /// The reason as records write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copyright => "copyright",
            Self::Privacy => "privacy",
            Self::LegalOrder => "legal_order",
            Self::Retraction => "retraction",
            Self::Duplicate => "duplicate",
            Self::Error => "error",
            Self::Superseded => "superseded",
            Self::Removed => "removed",
        }
    }

    /// Whether another record of the corpus stands for the item. That record may have the same URL and
    /// the same bytes, so that what was withdrawn is known again by its id alone.
    #[must_use]
    pub const fn leaves_another(self) -> bool {
        matches!(self, Self::Duplicate | Self::Superseded)
    }

    /// Whether the article may come back: nothing keeps it out, not even its id.
    #[must_use]
    pub const fn lets_return(self) -> bool {
        matches!(self, Self::Removed)
    }
}
