//! What stands in the place of an article.

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use crate::digest::Digest;
use crate::record::{Article, Format, Id, Key, Secret, Traits, Withdrawal, WithdrawalTag, text_v1};

/// By what withdrawals are made.
pub(super) struct Replacing<'r> {
    pub(super) request: &'r Request,
    /// The secret, where keys are private.
    pub(super) secret: Option<&'r Secret>,
    /// What the newest release has of the articles.
    pub(super) held: &'r BTreeMap<Id, (u64, Digest)>,
    /// The digests of URLs, and of their coarse forms, that are of several articles.
    pub(super) shared: &'r BTreeSet<Digest>,
}

impl Replacing<'_> {
    /// What stands in the place of `article`, and how many of its URLs are no keys because others
    /// share them.
    pub(super) fn of(&self, article: &Article, digest: Digest) -> (Withdrawal, usize) {
        let sealed = self.held.get(&article.id);
        let keyed = !self.request.reason.is_keyless();
        let traits = if keyed {
            Traits::of(article)
        } else {
            Traits::default()
        };
        let own = |digest: &&Digest| !self.shared.contains(*digest);
        let all = traits.urls.len() + traits.url_keys.len();
        let url_digests = self.keys(traits.urls.iter().filter(own));
        let url_keys = self.keys(traits.url_keys.iter().filter(own));
        let shared = all - url_digests.len() - url_keys.len();
        let withdrawal = Withdrawal {
            format: Format::V1,
            tag: WithdrawalTag::Withdrawal,
            id: article.id.clone(),
            // What the release names is what the public has seen, also where it was revised since.
            was: sealed.map_or(digest, |&(_, digest)| digest),
            release: sealed.map(|&(release, _)| release),
            reason: self.request.reason,
            date: self.request.date.clone(),
            notice: self.request.notice.clone(),
            raw_digest: traits.raw.map(|raw| self.key(&raw)),
            text_digest: telling(article, &traits).map(|text| self.key(&text)),
            url_digests,
            url_keys,
        };
        (withdrawal, shared)
    }

    fn key(&self, digest: &Digest) -> Key {
        match self.secret {
            Some(secret) => secret.hide(digest),
            None => Key::Public(*digest),
        }
    }

    fn keys<'d>(&self, digests: impl Iterator<Item = &'d Digest>) -> Vec<Key> {
        let mut keys: Vec<Key> = digests.map(|digest| self.key(digest)).collect();
        keys.sort_unstable();
        keys
    }
}

/// The digest of a text that tells one article from another. Of a text that is withheld the length is
/// not known, and it is taken for a long one.
pub(super) fn telling(article: &Article, traits: &Traits) -> Option<Digest> {
    traits
        .text
        .filter(|_| article.text().is_none_or(is_telling))
}

fn is_telling(text: &str) -> bool {
    // Bytes of a text are at least its characters in text-v1, but for the few whose form is longer.
    text_v1(text).chars().nth(Withdrawal::TELLING - 1).is_some()
}
