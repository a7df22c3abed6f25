//! What was withdrawn, to be known again.

use std::collections::{BTreeMap, BTreeSet};

use super::{Article, Id, Withdrawal, url_digest};
use crate::digest::Digest;

/// The withdrawals of a corpus, by what an article may be known again by: its id, its raw bytes,
/// its URL.
///
/// ```
/// use dateline::record::Withdrawn;
///
/// let withdrawn = Withdrawn::default();
/// assert!(withdrawn.is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withdrawn {
    ids: BTreeSet<Id>,
    raws: BTreeMap<Digest, Id>,
    urls: BTreeMap<Digest, Id>,
}

/// By what a withdrawn article was known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Meeting {
    /// It has the id.
    Id,
    /// It was made of the same bytes.
    Raw,
    /// One of its URLs is the one withdrawn.
    Url,
}

impl Withdrawn {
    /// Takes a withdrawal.
    ///
    /// What [leaves another record](super::WithdrawalReason::leaves_another) for the item is known
    /// again by its id alone; what [may return](super::WithdrawalReason::lets_return), by nothing.
    pub fn insert(&mut self, withdrawal: &Withdrawal) {
        if withdrawal.reason.lets_return() {
            return;
        }
        self.ids.insert(withdrawal.id.clone());
        if withdrawal.reason.leaves_another() {
            return;
        }
        if let Some(raw) = withdrawal.raw_digest {
            self.raws
                .entry(raw)
                .or_insert_with(|| withdrawal.id.clone());
        }
        if let Some(url) = withdrawal.url_digest {
            self.urls
                .entry(url)
                .or_insert_with(|| withdrawal.id.clone());
        }
    }

    /// The id of the withdrawal that `article` meets, and by what, if it meets one: its id, its raw
    /// bytes or any of its URLs was withdrawn.
    #[must_use]
    pub fn meets(&self, article: &Article) -> Option<(&Id, Meeting)> {
        if let Some(id) = self.ids.get(&article.id) {
            return Some((id, Meeting::Id));
        }
        if let Some(id) = self.raws.get(&article.raw.digest) {
            return Some((id, Meeting::Raw));
        }
        if self.urls.is_empty() {
            return None;
        }
        let id = article
            .urls()
            .find_map(|url| self.urls.get(&url_digest(url)?))?;
        Some((id, Meeting::Url))
    }

    /// Whether the record with this id was withdrawn.
    #[must_use]
    pub fn contains(&self, id: &Id) -> bool {
        self.ids.contains(id)
    }

    /// How many records were withdrawn.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

impl<'w> FromIterator<&'w Withdrawal> for Withdrawn {
    fn from_iter<I: IntoIterator<Item = &'w Withdrawal>>(withdrawals: I) -> Self {
        let mut withdrawn = Self::default();
        for withdrawal in withdrawals {
            withdrawn.insert(withdrawal);
        }
        withdrawn
    }
}

impl Article {
    /// Every URL the article itself is known under: its own, the canonical one, those it was
    /// fetched from.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        let source = self.source.as_ref();
        let fetch = self.fetch.as_ref();
        [
            source.and_then(|source| source.url.as_deref()),
            source.and_then(|source| source.canonical_url.as_deref()),
            fetch.and_then(|fetch| fetch.final_url.as_deref()),
            fetch.and_then(|fetch| fetch.url.as_deref()),
        ]
        .into_iter()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Meeting, Withdrawn};
    use crate::digest::Digest;
    use crate::record::{Article, Withdrawal, WithdrawalReason};

    #[test]
    fn what_was_removed_may_return() {
        let raw = Digest::of(b"raw");
        let article: Article = serde_json::from_value(serde_json::json!({
            "format": "dateline/1", "type": "article", "id": "art-1",
            "raw": {"digest": raw, "bytes": 3, "media_type": "text/plain", "encoding": "utf-8"},
        }))
        .unwrap();
        let mut withdrawal: Withdrawal = serde_json::from_value(serde_json::json!({
            "format": "dateline/1", "type": "withdrawal", "id": "art-1", "was": raw,
            "reason": "error", "date": "2026-01-31", "raw_digest": raw,
        }))
        .unwrap();
        let meets = |withdrawal: &Withdrawal| {
            let withdrawn: Withdrawn = [withdrawal].into_iter().collect();
            withdrawn.meets(&article).map(|(_, by)| by)
        };
        assert_eq!(meets(&withdrawal), Some(Meeting::Id));
        withdrawal.reason = WithdrawalReason::Removed;
        assert_eq!(meets(&withdrawal), None);
    }
}
