//! What was withdrawn, to be known again.

use std::collections::{BTreeMap, BTreeSet};

use super::{Article, Id, Key, Secret, Withdrawal, url_digest, url_key};
use crate::digest::Digest;
use crate::json::Node;

/// What an article may be known again by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits {
    /// Its id; none where a line that is no good record has none.
    pub id: Option<Id>,
    /// The digest of its raw item.
    pub raw: Option<Digest>,
    /// The digests of its URLs ([`url_digest`]).
    pub urls: Vec<Digest>,
    /// The digests of their coarse forms ([`url_key()`]).
    pub url_keys: Vec<Digest>,
    /// Its text digest.
    pub text: Option<Digest>,
}

impl Traits {
    /// The traits of an article.
    #[must_use]
    pub fn of(article: &Article) -> Self {
        let mut traits = Self {
            id: Some(article.id.clone()),
            raw: Some(article.raw.digest),
            urls: Vec::new(),
            url_keys: Vec::new(),
            text: article.text_digest,
        };
        traits.add_urls(article.urls());
        traits
    }

    /// The traits of the article in a line, as far as it has them.
    pub(crate) fn read(root: Node<'_>) -> Self {
        let digest = |node: Option<Node<'_>>| node?.as_str()?.parse().ok();
        let mut traits = Self {
            id: root
                .get("id")
                .and_then(|id| id.as_str())
                .and_then(|id| id.parse().ok()),
            raw: digest(root.get("raw").and_then(|raw| raw.get("digest"))),
            text: digest(root.get("text_digest")),
            ..Self::default()
        };
        let urls = Self::urls(root);
        traits.add_urls(urls.iter().map(String::as_str));
        traits
    }

    /// The URLs that the article in a line is known by.
    pub(crate) fn urls(root: Node<'_>) -> Vec<String> {
        let places = [
            ("source", ["url", "canonical_url"]),
            ("fetch", ["final_url", "url"]),
        ];
        let all = places.into_iter().flat_map(|(object, keys)| {
            let object = root.get(object);
            keys.map(|key| Some(object?.get(key)?.as_str()?.into_owned()))
        });
        all.flatten().collect()
    }

    /// Takes in URLs of the article; what is no http or https URL is passed over.
    pub fn add_urls<'u>(&mut self, urls: impl IntoIterator<Item = &'u str>) {
        // Mostly they are one.
        let mut before = None;
        for url in urls {
            if before.replace(url) == Some(url) {
                continue;
            }
            for (digest, all) in [
                (url_digest(url), &mut self.urls),
                (url_key(url), &mut self.url_keys),
            ] {
                all.extend(digest.filter(|digest| !all.contains(digest)));
            }
        }
    }
}

/// The withdrawals of a corpus, by what an article may be known again by, and what people decided about
/// articles that are like them.
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
    /// Those whose articles may return.
    returning: BTreeSet<Id>,
    raws: Keys,
    urls: Keys,
    url_keys: Keys,
    texts: Keys,
    /// The withdrawals with private keys.
    private: BTreeSet<Id>,
    secret: Option<Secret>,
    also: BTreeSet<Id>,
    distinct: BTreeSet<Id>,
}

/// The keys of one kind, each with the least id of a withdrawal that has it.
type Keys = BTreeMap<Key, Id>;

/// By what a withdrawn article was known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meeting {
    /// It has the id.
    Id,
    /// A person decided that it goes, too.
    Decision,
    /// It was made of the same bytes.
    Raw,
    /// It has one of the URLs.
    Url,
    /// One of its URLs is the same in the coarse form.
    UrlKey,
    /// It has the text.
    Text,
}

impl Meeting {
    /// Whether it is the withdrawn article; otherwise it may be, and a person has to say.
    #[must_use]
    pub const fn is_certain(self) -> bool {
        match self {
            Self::Id | Self::Decision | Self::Raw | Self::Url => true,
            Self::UrlKey | Self::Text => false,
        }
    }

    /// What is true of an article that meets `of`, in words that follow its name: `has a URL of art-1`.
    #[must_use]
    pub fn predicate(self, of: &str) -> String {
        match self {
            Self::Id => format!("has the id of {of}"),
            // It meets its own id, by which it was decided about.
            Self::Decision => "was decided to go, too (--also)".to_owned(),
            Self::Raw => format!("has the raw bytes of {of}"),
            Self::Url => format!("has a URL of {of}"),
            Self::UrlKey => format!("has a URL of {of} in another spelling"),
            Self::Text => format!("has the text of {of}"),
        }
    }
}

impl Withdrawn {
    /// Takes a withdrawal.
    ///
    /// What [has no keys](super::WithdrawalReason::is_keyless) is known again by its id alone; what
    /// [may return](super::WithdrawalReason::lets_return), by nothing.
    pub fn insert(&mut self, withdrawal: &Withdrawal) {
        let id = &withdrawal.id;
        if withdrawal.reason.lets_return() {
            self.returning.insert(id.clone());
            return;
        }
        self.ids.insert(id.clone());
        if withdrawal.reason.is_keyless() {
            return;
        }
        if withdrawal.is_private() {
            self.private.insert(id.clone());
        }
        note(&mut self.raws, withdrawal.raw_digest, id);
        note(&mut self.texts, withdrawal.text_digest, id);
        note(&mut self.urls, withdrawal.url_digests.iter().copied(), id);
        note(&mut self.url_keys, withdrawal.url_keys.iter().copied(), id);
    }

    /// Takes in all that another has.
    pub fn append(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.returning.extend(other.returning);
        self.private.extend(other.private);
        self.also.extend(other.also);
        self.distinct.extend(other.distinct);
        if self.secret.is_none() {
            self.secret = other.secret;
        }
        for (mine, others) in [
            (&mut self.raws, other.raws),
            (&mut self.urls, other.urls),
            (&mut self.url_keys, other.url_keys),
            (&mut self.texts, other.texts),
        ] {
            for (key, id) in others {
                note(mine, Some(key), &id);
            }
        }
    }

    /// Takes the secret, without which private keys meet nothing.
    pub fn unlock(&mut self, secret: Secret) {
        self.secret = Some(secret);
    }

    /// Notes the decision that the article with this id goes, too.
    pub fn decide_also(&mut self, id: Id) {
        self.distinct.remove(&id);
        self.also.insert(id);
    }

    /// Notes the decision that the article with this id is another than those withdrawn.
    pub fn decide_distinct(&mut self, id: Id) {
        self.also.remove(&id);
        self.distinct.insert(id);
    }

    /// The id of the withdrawal that an article meets, and by what, if it meets one. What was
    /// decided to be distinct meets none but under a withdrawn id.
    #[must_use]
    pub fn meets<'w>(&'w self, article: &Traits) -> Option<(&'w Id, Meeting)> {
        if let Some(own) = &article.id {
            if let Some(id) = self.ids.get(own) {
                return Some((id, Meeting::Id));
            }
            if let Some(id) = self.also.get(own) {
                return Some((id, Meeting::Decision));
            }
            if self.distinct.contains(own) {
                return None;
            }
        }
        let one = |keys, digest: &Option<Digest>| {
            digest.as_ref().and_then(|digest| self.find(keys, digest))
        };
        let any =
            |keys, digests: &[Digest]| digests.iter().find_map(|digest| self.find(keys, digest));
        one(&self.raws, &article.raw)
            .map(|id| (id, Meeting::Raw))
            .or_else(|| Some((any(&self.urls, &article.urls)?, Meeting::Url)))
            .or_else(|| Some((any(&self.url_keys, &article.url_keys)?, Meeting::UrlKey)))
            .or_else(|| Some((one(&self.texts, &article.text)?, Meeting::Text)))
    }

    fn find<'w>(&self, keys: &'w Keys, digest: &Digest) -> Option<&'w Id> {
        if keys.is_empty() {
            return None;
        }
        let hidden = || {
            let secret = self.secret.as_ref().filter(|_| !self.private.is_empty())?;
            keys.get(&secret.hide(digest))
        };
        keys.get(&Key::Public(*digest)).or_else(hidden)
    }

    /// Whether the record with this id was withdrawn and does not come back.
    #[must_use]
    pub fn contains(&self, id: &Id) -> bool {
        self.ids.contains(id)
    }

    /// Whether there is a withdrawal of this id, also one that lets the article return.
    #[must_use]
    pub fn has(&self, id: &Id) -> bool {
        self.ids.contains(id) || self.returning.contains(id)
    }

    /// How many records were withdrawn for good.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.also.is_empty()
    }

    /// How many withdrawals have private keys that meet nothing, because the secret is not at hand.
    #[must_use]
    pub fn locked(&self) -> usize {
        if self.secret.is_some() {
            0
        } else {
            self.private.len()
        }
    }
}

/// Notes the least id for each key, in whatever order withdrawals come.
fn note(all: &mut Keys, keys: impl IntoIterator<Item = Key>, id: &Id) {
    for key in keys {
        all.entry(key)
            .and_modify(|known| {
                if *id < *known {
                    known.clone_from(id);
                }
            })
            .or_insert_with(|| id.clone());
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

    use super::{Meeting, Traits, Withdrawn};
    use crate::digest::Digest;
    use crate::record::{Id, Key, Secret, Withdrawal, WithdrawalReason, url_digest, url_key};

    fn withdrawal(id: &str) -> Withdrawal {
        serde_json::from_value(serde_json::json!({
            "format": "dateline/1", "type": "withdrawal", "id": id, "was": Digest::of(b"was"),
            "reason": "error", "date": "2026-01-31",
        }))
        .unwrap()
    }

    fn article(id: &str, raw: &str, url: &str, text: &str) -> Traits {
        let mut traits = Traits {
            id: Some(id.parse().unwrap()),
            raw: Some(Digest::of(raw.as_bytes())),
            text: Some(Digest::of(text.as_bytes())),
            ..Traits::default()
        };
        traits.add_urls([url]);
        traits
    }

    /// Of several withdrawals that have a key the least is told, in whatever order they come.
    #[test]
    fn the_least_of_those_that_share_a_key_is_told() {
        let [a, b, c] = ["art-a", "art-b", "art-c"].map(|id| keyed(id, Key::Public));
        for order in [[&a, &b, &c], [&c, &b, &a], [&b, &a, &c]] {
            let withdrawn: Withdrawn = order.into_iter().collect();
            let traits = article("art-9", "raw", "https://news.example/b", "other");
            let (id, by) = withdrawn.meets(&traits).unwrap();
            assert_eq!((id.as_str(), by), ("art-a", Meeting::Raw));
        }
    }

    /// A withdrawal with a key of each kind, made of digests by `key`.
    fn keyed(id: &str, key: impl Fn(Digest) -> Key) -> Withdrawal {
        let mut withdrawal = withdrawal(id);
        withdrawal.raw_digest = Some(key(Digest::of(b"raw")));
        withdrawal.text_digest = Some(key(Digest::of(b"text")));
        withdrawal.url_digests = vec![key(url_digest("https://news.example/a").unwrap())];
        withdrawal.url_keys = vec![key(url_key("https://news.example/a").unwrap())];
        withdrawal
    }

    /// Articles, each like `art-1` in one way, and how that shows.
    fn likenesses() -> [(Traits, Option<Meeting>); 6] {
        let other = "https://other.example/";
        [
            (article("art-1", "-", other, "-"), Some(Meeting::Id)),
            (article("art-2", "raw", other, "-"), Some(Meeting::Raw)),
            (
                article("art-2", "-", "HTTPS://news.example/a#b", "-"),
                Some(Meeting::Url),
            ),
            (
                article("art-2", "-", "http://www.news.example/a/", "-"),
                Some(Meeting::UrlKey),
            ),
            (article("art-2", "-", other, "text"), Some(Meeting::Text)),
            (article("art-2", "-", other, "-"), None),
        ]
    }

    #[test]
    fn each_likeness_tells_by_itself() {
        let public: Withdrawn = [&keyed("art-1", Key::Public)].into_iter().collect();
        let secret = Secret::from_bytes([3; 32]);
        let hidden = keyed("art-1", |digest| secret.hide(&digest));
        let mut private: Withdrawn = [&hidden].into_iter().collect();
        assert_eq!((public.locked(), private.locked()), (0, 1));
        for (article, by) in likenesses() {
            let met = |withdrawn: &Withdrawn| withdrawn.meets(&article).map(|(_, by)| by);
            assert_eq!(met(&public), by);
            // Without the secret ids alone tell, with another one too.
            assert_eq!(met(&private), by.filter(|by| *by == Meeting::Id));
            private.unlock(Secret::from_bytes([4; 32]));
            assert_eq!(met(&private), by.filter(|by| *by == Meeting::Id));
            private.unlock(secret.clone());
            assert_eq!((met(&private), private.locked()), (by, 0));
            private.secret = None;
        }
    }

    #[test]
    fn a_decision_is_about_an_id_and_no_withdrawn_one() {
        let mut withdrawn: Withdrawn = [&keyed("art-1", Key::Public)].into_iter().collect();
        withdrawn.decide_distinct("art-1".parse().unwrap());
        withdrawn.decide_distinct("art-2".parse().unwrap());
        for (article, by) in likenesses() {
            let met = withdrawn.meets(&article).map(|(_, by)| by);
            assert_eq!(met, by.filter(|by| *by == Meeting::Id));
        }
        // The last decision counts.
        let id: Id = "art-2".parse().unwrap();
        withdrawn.decide_also(id.clone());
        let copy = article("art-2", "-", "https://other.example/", "-");
        assert_eq!(withdrawn.meets(&copy), Some((&id, Meeting::Decision)));
    }

    #[test]
    fn what_was_removed_may_return() {
        let mut withdrawal = keyed("art-1", Key::Public);
        for (article, by) in likenesses() {
            let mut meets = |reason| {
                withdrawal.reason = reason;
                let withdrawn: Withdrawn = [&withdrawal].into_iter().collect();
                withdrawn.meets(&article).map(|(_, by)| by)
            };
            assert_eq!(meets(WithdrawalReason::Removed), None);
            let by_id = by.filter(|by| *by == Meeting::Id);
            assert_eq!(meets(WithdrawalReason::Superseded), by_id);
            assert_eq!(meets(WithdrawalReason::Duplicate), by_id);
        }
    }

    #[test]
    fn the_order_of_withdrawals_changes_nothing() {
        let (one, two) = (keyed("art-1", Key::Public), keyed("art-0", Key::Public));
        let forth: Withdrawn = [&one, &two].into_iter().collect();
        let back: Withdrawn = [&two, &one].into_iter().collect();
        let mut added: Withdrawn = [&one].into_iter().collect();
        added.append([&two].into_iter().collect());
        assert_eq!(forth, back);
        assert_eq!(forth, added);
        assert_eq!(forth.len(), 2);
    }
}
