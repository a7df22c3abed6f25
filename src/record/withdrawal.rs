//! Withdrawals.

use serde::{Deserialize, Serialize};

use super::{Format, Id, Key, Time};
use crate::digest::Digest;

/// The type a withdrawal names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WithdrawalTag {
    /// `withdrawal`
    #[serde(rename = "withdrawal")]
    Withdrawal,
}

/// What stands in the place of a withdrawn record, under the same id (`spec/withdrawals.md`).
///
/// It persists, so that the record does not come back: what meets the id, the raw bytes or a URL again
/// is refused, what meets a URL in its coarse form or the text is held until a person decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
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
    /// The key of the digest of the raw item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_digest: Option<Key>,
    /// The key of the record's text digest; absent where it had no text, or one of fewer than
    /// [`TELLING`](Self::TELLING) characters in `text-v1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_digest: Option<Key>,
    /// The keys of the record's URLs, in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub url_digests: Vec<Key>,
    /// The keys of the coarse forms of the record's URLs, in ascending order
    /// ([`coarse_url`](super::coarse_url)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub url_keys: Vec<Key>,
}

impl Withdrawal {
    /// How many characters a text has in `text-v1`, at least, that tells one article from another: a
    /// withdrawal names no shorter one (`spec/withdrawals.md`, `withdrawal-text-digest`).
    pub const TELLING: usize = 200;

    /// The first member of `after` that may not be as it is, where this withdrawal was sealed before: `was`,
    /// `release` and `date` stay, `notice` and keys may only go (`withdrawal-fixed`).
    #[must_use]
    pub fn altered(&self, after: &Self) -> Option<&'static str> {
        fn goes<T: PartialEq>(before: Option<&T>, after: Option<&T>) -> bool {
            after.is_none() || before == after
        }
        let fewer = |before: &[Key], after: &[Key]| after.iter().all(|key| before.contains(key));
        [
            ("was", self.was == after.was),
            ("release", self.release == after.release),
            ("date", self.date == after.date),
            ("notice", goes(self.notice.as_ref(), after.notice.as_ref())),
            (
                "raw_digest",
                goes(self.raw_digest.as_ref(), after.raw_digest.as_ref()),
            ),
            (
                "text_digest",
                goes(self.text_digest.as_ref(), after.text_digest.as_ref()),
            ),
            ("url_digests", fewer(&self.url_digests, &after.url_digests)),
            ("url_keys", fewer(&self.url_keys, &after.url_keys)),
        ]
        .into_iter()
        .find_map(|(member, holds)| (!holds).then_some(member))
    }

    /// Every key of it.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        let alone = self.raw_digest.iter().chain(&self.text_digest);
        alone.chain(&self.url_digests).chain(&self.url_keys)
    }

    /// Whether its keys are private; false where it has none.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.keys().any(Key::is_private)
    }
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
    /// Its item is no longer among what the corpus is built from; it is free to return.
    Removed,
    /// Not said.
    Unspecified,
}

impl WithdrawalReason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Copyright,
        Self::Privacy,
        Self::LegalOrder,
        Self::Retraction,
        Self::Duplicate,
        Self::Error,
        Self::Superseded,
        Self::Removed,
        Self::Unspecified,
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
            Self::Unspecified => "unspecified",
        }
    }

    /// Whether another record of the corpus stands for the item. That record may have the same URL and
    /// the same bytes.
    #[must_use]
    pub const fn leaves_another(self) -> bool {
        matches!(self, Self::Duplicate | Self::Superseded)
    }

    /// Whether the withdrawal carries no keys, so that its article is known again by its id alone, or,
    /// where it was [removed](Self::Removed), not at all (`withdrawal-keyless`).
    #[must_use]
    pub const fn is_keyless(self) -> bool {
        self.leaves_another() || matches!(self, Self::Removed)
    }

    /// Whether the article may come back under its id.
    #[must_use]
    pub const fn lets_return(self) -> bool {
        matches!(self, Self::Removed)
    }

    /// Whether keys are private unless they are asked to be public: where a person or a court is
    /// behind it, nobody should be able to test a guess.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Privacy | Self::LegalOrder | Self::Unspecified)
    }
}
