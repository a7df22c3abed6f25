//! Withdrawals, and that what they withdrew has not come back.

use std::collections::{HashMap, HashSet};

use super::article;
use super::findings::Findings;
use super::value::pointer;
use super::view::View;
use crate::diagnostic::codes;
use crate::digest::Digest;
use crate::json::Node;
use crate::record::{Withdrawal, url_digest};

/// Checks one withdrawal by itself.
pub(super) fn check(root: Node<'_>, findings: &mut Findings<'_>) {
    if let Some(date) = root.get("date") {
        article::time(date, || pointer("/date"), findings);
    }
}

/// What was withdrawn, by everything it is known again by.
#[derive(Debug, Default)]
pub(super) struct Withdrawn {
    ids: HashSet<String>,
    raw: HashMap<Digest, String>,
    urls: HashMap<Digest, String>,
}

impl Withdrawn {
    /// Takes in one withdrawal.
    ///
    /// What was withdrawn as a duplicate, or because a new record stands for it, is known again by
    /// its id alone: the record that stays has the same URL, and perhaps the same bytes.
    pub(super) fn add(&mut self, withdrawal: &Withdrawal) {
        let id = withdrawal.id.to_string();
        self.ids.insert(id.clone());
        if withdrawal.reason.leaves_another() {
            return;
        }
        // Of several the greatest id is named, in whatever order they come.
        let greatest = |place: &mut String| {
            if *place < id {
                place.clone_from(&id);
            }
        };
        if let Some(digest) = withdrawal.raw_digest {
            greatest(self.raw.entry(digest).or_default());
        }
        if let Some(digest) = withdrawal.url_digest {
            greatest(self.urls.entry(digest).or_default());
        }
    }

    /// Takes in all that another has.
    pub(super) fn append(&mut self, other: Self) {
        self.ids.extend(other.ids);
        for (mine, others) in [(&mut self.raw, other.raw), (&mut self.urls, other.urls)] {
            for (digest, id) in others {
                let place = mine.entry(digest).or_default();
                if *place < id {
                    *place = id;
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Reports an article that was withdrawn under another id.
    pub(super) fn check(&self, article: &View<'_>, findings: &mut Findings<'_>) {
        if self.is_empty() {
            return;
        }
        let own = article.own.id.and_then(|id| id.as_str());
        // The same id twice is for the index of ids to say.
        let other = |id: &&String| own.as_deref() != Some(id.as_str());
        let raw = article.raw.digest;
        let raw_digest = raw
            .filter(|_| !self.raw.is_empty())
            .and_then(|raw| raw.as_str()?.parse().ok());
        let by_raw = raw_digest.and_then(|digest: Digest| self.raw.get(&digest));
        if let (Some(raw), Some(id)) = (raw, by_raw.filter(other)) {
            let message = format!("an article with this raw digest was withdrawn as `{id}`");
            findings.on(
                codes::WITHDRAWN_RETURNED,
                raw,
                pointer("/raw/digest"),
                message,
            );
            return;
        }
        if self.urls.is_empty() {
            return;
        }
        // Mostly they are one.
        let mut before = None;
        for (value, place) in article.addresses() {
            let Some(value) = value else { continue };
            if before.replace(value.raw()) == Some(value.raw()) {
                continue;
            }
            let digest = value.as_str().and_then(|url| url_digest(&url));
            let by_url = digest.and_then(|digest| self.urls.get(&digest));
            if let Some(id) = by_url.filter(other) {
                let message = format!("an article with this URL was withdrawn as `{id}`");
                findings.on(codes::WITHDRAWN_RETURNED, value, pointer(place), message);
                return;
            }
        }
    }
}
