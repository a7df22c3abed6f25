//! Withdrawals, and that what they withdrew has not come back.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::article;
use super::findings::Findings;
use super::ids::Key;
use super::late::Late;
use super::value::pointer;
use super::view::View;
use crate::corpus::Entry;
use crate::diagnostic::codes;
use crate::digest::Digest;
use crate::json::Node;
use crate::record::{RecordType, Withdrawal, url_digest};

/// Checks one withdrawal by itself.
pub(super) fn check(root: Node<'_>, findings: &mut Findings<'_>) {
    if let Some(date) = root.get("date") {
        article::time(date, || pointer("/date"), findings);
    }
}

/// What to do about an article that is back.
const BACK: &str = "withdraw it under this id, too: `dateline withdraw`";

/// What was withdrawn, by everything it is known again by.
#[derive(Debug, Default)]
pub(super) struct Withdrawn {
    ids: HashSet<String>,
    was: HashMap<Key, Digest>,
    raw: HashMap<Digest, String>,
    urls: HashMap<Digest, String>,
    texts: HashMap<Digest, String>,
}

impl Withdrawn {
    /// Takes in one withdrawal.
    ///
    /// What was withdrawn as a duplicate, or because a new record stands for it, is known again by
    /// its id alone: the record that stays has the same URL, and perhaps the same bytes.
    pub(super) fn add(&mut self, withdrawal: &Withdrawal) {
        let id = withdrawal.id.to_string();
        self.was.insert(Key::of(&id), withdrawal.was);
        self.ids.insert(id.clone());
        if withdrawal.reason.leaves_another() || withdrawal.reason.lets_return() {
            return;
        }
        // Of several the greatest id is named, in whatever order they come.
        let greatest = |place: &mut String| {
            if *place < id {
                place.clone_from(&id);
            }
        };
        for (digest, known) in [
            (withdrawal.raw_digest, &mut self.raw),
            (withdrawal.url_digest, &mut self.urls),
            (withdrawal.text_digest, &mut self.texts),
        ] {
            if let Some(digest) = digest {
                greatest(known.entry(digest).or_default());
            }
        }
    }

    /// Takes in all that another has.
    pub(super) fn append(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.was.extend(other.was);
        for (mine, others) in [
            (&mut self.raw, other.raw),
            (&mut self.urls, other.urls),
            (&mut self.texts, other.texts),
        ] {
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

    /// What is wrong with the withdrawal of the record that release `number` has as `entry`: that it names
    /// another digest. What a release before had is not known.
    pub(super) fn misses(&self, entry: &Entry, number: u64) -> Option<Late> {
        if self.was.is_empty() || entry.kind == RecordType::Withdrawal {
            return None;
        }
        let was = self.was.get(&Key::of(entry.id.as_str()))?;
        (*was != entry.digest).then(|| Late {
            code: codes::WITHDRAWAL_WAS,
            pointer: pointer("/was"),
            said: format!(
                "is not the digest of `{}` in release {number}, {}",
                entry.id, entry.digest
            ),
            within: None,
        })
    }

    /// Reports an article that was withdrawn under another id, by the first thing that tells.
    pub(super) fn check(&self, article: &View<'_>, findings: &mut Findings<'_>) {
        if self.is_empty() {
            return;
        }
        let own = article.own.id.and_then(|id| id.as_str());
        // The same id twice is for the index of ids to say.
        let other = |id: &&String| own.as_deref() != Some(id.as_str());
        let stated = |known: &'_ HashMap<Digest, String>, value: Option<Node<'_>>| {
            let value = value.filter(|_| !known.is_empty())?;
            let id = known.get(&value.as_str()?.parse().ok()?);
            Some((value.span(), id.filter(other)?.clone()))
        };
        let mut say = |code, what: &str, place: &str, (span, id): (Range<usize>, String)| {
            let message = format!("an article with this {what} was withdrawn as `{id}`");
            findings
                .push(code, span, Some(pointer(place)), message)
                .hint = Some(BACK.to_owned());
        };
        if let Some(found) = stated(&self.raw, article.raw.digest) {
            say(
                codes::WITHDRAWN_RETURNED,
                "raw digest",
                "/raw/digest",
                found,
            );
        } else if let Some((place, found)) = self.by_url(article, other) {
            say(codes::WITHDRAWN_RETURNED, "URL", place, found);
        } else if let Some(found) = stated(&self.texts, article.own.text_digest) {
            say(codes::WITHDRAWN_TEXT, "text", "/text_digest", found);
        }
    }

    /// The first URL of an article that was withdrawn under an id that is an `other`: which it is,
    /// where it stands, and the id.
    fn by_url(
        &self,
        article: &View<'_>,
        other: impl Fn(&&String) -> bool,
    ) -> Option<(&'static str, (Range<usize>, String))> {
        if self.urls.is_empty() {
            return None;
        }
        // Mostly they are one.
        let mut before = None;
        for (value, place) in article.addresses() {
            let Some(value) = value else { continue };
            if before.replace(value.raw()) == Some(value.raw()) {
                continue;
            }
            let digest = value.as_str().and_then(|url| url_digest(&url));
            let id = digest.and_then(|digest| self.urls.get(&digest));
            if let Some(id) = id.filter(&other) {
                return Some((place, (value.span(), id.clone())));
            }
        }
        None
    }
}
