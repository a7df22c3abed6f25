//! Articles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AbsentKey, AbsentReason, Id, Time, text_digest};
use crate::digest::Digest;
use crate::json::canonical::{self, CanonicalError};
use crate::pool;

/// The format version every record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Version 1.
    #[serde(rename = "dateline/1")]
    V1,
}

/// The type an article names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArticleTag {
    /// `article`
    #[serde(rename = "article")]
    Article,
}

/// A news article (`spec/record.md`).
///
/// Absent values are absent, not empty: no empty text, list or object is ever written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Article {
    /// `dateline/1`
    pub format: Format,
    /// `article`
    #[serde(rename = "type")]
    pub tag: ArticleTag,
    /// Its identifier, stable across releases.
    pub id: Id,
    /// Who published it, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// How and when the raw item was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch: Option<Fetch>,
    /// The bytes it was made of.
    pub raw: Raw,
    /// What is known about the article apart from its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<Headlines>,
    /// Links to other pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Rights stated for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<Rights>,
    /// What it lacks, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub absent: BTreeMap<AbsentKey, AbsentReason>,
    /// SHA-256 over the canonical form of `content`; without content it says that there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_digest: Option<Digest>,
    /// SHA-256 over `text-v1` of the text, to find copies by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_digest: Option<Digest>,
    /// What may be withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Whatever a user adds; never read by dateline.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub x: serde_json::Map<String, serde_json::Value>,
}

/// Who published an article, and where (schema.org `publisher`, `url`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// The publisher's name as the dump gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The host of the URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The article's absolute URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The URL that the page itself calls canonical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    /// What the dump itself calls the article: the guid of a feed, the Message-ID of a mail, a key of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
}

/// How and when a raw item was fetched (WARC 1.1 `WARC-Date`, `WARC-Target-URI`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fetch {
    /// When; never a publication time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// The URL asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The URL that answered, after redirects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_url: Option<String>,
    /// The HTTP status, 100 to 599.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Response headers of the closed list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// Digests that were found in the input, as they were found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub digests: Vec<FoundDigest>,
    /// The WARC record it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warc_record_id: Option<String>,
    /// Why the payload is cut (WARC 1.1 `WARC-Truncated`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncated: Option<String>,
}

/// A digest that was found in the input (WARC 1.1 `WARC-Block-Digest`, `WARC-Payload-Digest`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundDigest {
    /// The digest as it is written there: `sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ`.
    pub value: String,
    /// What it is over: `block`, `payload`, `content`.
    pub scope: String,
}

/// One response header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Its name in lower case.
    pub name: String,
    /// Its value as sent.
    pub value: String,
}

/// The bytes an article was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Raw {
    /// Their SHA-256, after transfer and content coding, before character decoding.
    pub digest: Digest,
    /// How many there are.
    pub bytes: u64,
    /// Their media type (RFC 6838).
    pub media_type: String,
    /// Their character encoding, a WHATWG label in lower case.
    pub encoding: String,
}

/// What is known about an article apart from its content (schema.org `NewsArticle`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Headlines {
    /// The headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// The line below it (schema.org `alternativeHeadline`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Who made it, in the order given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// Its language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// When it was first published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Time>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Time>,
    /// The section it stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Its keywords, in the order given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The place its dateline names (ninjs `located`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub located: Option<String>,
}

/// A person or body named as having made an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Author {
    /// The name as given.
    pub name: String,
    /// What they did: `author`, `editor`, `photographer`, `translator`, `contributor`, `agency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// A link from an article to another page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Link {
    /// The absolute URL.
    pub url: String,
    /// What the link is for: `related`, `cites`, `mentions`.
    pub relation: String,
}

/// Rights stated for an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Rights {
    /// A licence: SPDX expression or URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// The copyright notice as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copyright_notice: Option<String>,
    /// Terms of use, a URL or text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_info: Option<String>,
    /// `TDMRep`: 1 when rights to text and data mining are reserved, 0 when not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tdm_reservation: Option<u8>,
    /// `allowed` or `not_allowed` for the training of models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
}

/// What may be withheld: the words and pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Content {
    /// A summary by the publisher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The body: paragraphs with one empty line between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Pictures, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// Posts of others shown within the article, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embeds: Vec<Embed>,
}

/// A picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Image {
    /// Where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
}

/// A post of somebody else's, shown within an article (schema.org `SocialMediaPosting`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Embed {
    /// `tweet`, `post`, `video`, `audio`, `document`.
    pub kind: String,
    /// The URL that the embed shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Who posted it, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When it was posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Time>,
}

impl Author {
    /// Somebody of this name, whose role is not known.
    ///
    /// ```
    /// use dateline::record::Author;
    ///
    /// let editor = Author::new("Ada Brook").role("editor");
    /// assert_eq!(editor.role.as_deref(), Some("editor"));
    /// ```
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { name, role: None }
    }

    /// The same with a role: `author`, `editor`, `photographer`, `translator`, `contributor`, `agency`.
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }
}

impl Link {
    /// A link to an absolute URL, which is `related` to the article, or which it `cites` or `mentions`.
    ///
    /// ```
    /// use dateline::record::Link;
    ///
    /// let link = Link::new("https://harbour.example/ferry", "mentions");
    /// assert_eq!(link.relation, "mentions");
    /// ```
    pub fn new(url: impl Into<String>, relation: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            relation: relation.into(),
        }
    }
}

impl Embed {
    /// A `tweet`, `post`, `video`, `audio` or `document` of which nothing is known yet.
    ///
    /// ```
    /// use dateline::record::Embed;
    ///
    /// let mut embed = Embed::new("post");
    /// embed.text = Some("The ferry is late.".to_owned());
    /// ```
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            url: None,
            text: None,
            author: None,
            published: None,
        }
    }
}

impl Source {
    /// The URL that an id is made of: the canonical one, or else its own (`id-url`).
    #[must_use]
    pub fn id_url(&self) -> Option<&str> {
        self.canonical_url.as_deref().or(self.url.as_deref())
    }
}

impl Article {
    /// Sets `content_digest` and `text_digest` to what the content gives; without content, both go.
    ///
    /// # Errors
    ///
    /// None for a content of this type; the signature is that of the canonical writer.
    pub fn seal_content(&mut self) -> Result<(), CanonicalError> {
        self.content_digest = match &self.content {
            Some(content) => Some(Digest::of(&canonical::to_vec(content)?)),
            None => None,
        };
        self.text_digest = self.text().and_then(text_digest);
        Ok(())
    }

    /// Explains in `absent` each of the seven values that the article lacks: by the reason that is there, or
    /// else as not found. What the article has gets no reason (`spec/record.md`, `absent-explained`,
    /// `absent-exclusive`).
    pub fn explain_absence(&mut self) {
        for key in AbsentKey::ALL {
            if self.has(key) {
                self.absent.remove(&key);
            } else {
                self.absent.entry(key).or_insert(AbsentReason::NotFound);
            }
        }
    }

    /// The record digest, and the line as dateline writes it: as [`Record::digest`](super::Record::digest) and
    /// [`Record::to_line`](super::Record::to_line).
    ///
    /// # Errors
    ///
    /// When the record holds what the format has no form for, such as a float under `x`.
    pub fn written(&self) -> Result<(Digest, Vec<u8>), CanonicalError> {
        let core = canonical::to_vec_without(self, super::CONTENT)?;
        let text = self.text().unwrap_or_default().len();
        let mut line = Vec::with_capacity(pool::room(core.len() + text + text / 16));
        serde_json::to_writer(&mut line, self)?;
        Ok((Digest::of(&core), line))
    }

    /// The body, where it is known and not withheld.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.content.as_ref()?.text.as_deref()
    }

    /// The article's URL: its own, or the one it was fetched from.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        let source = self.source.as_ref();
        let fetch = self.fetch.as_ref();
        source
            .and_then(|source| source.url.as_deref().or(source.canonical_url.as_deref()))
            .or_else(|| fetch.and_then(|fetch| fetch.final_url.as_deref().or(fetch.url.as_deref())))
    }

    /// Whether the value that `key` stands for is there.
    ///
    /// A withheld text counts as there: `text_digest` says that it exists.
    #[must_use]
    pub fn has(&self, key: AbsentKey) -> bool {
        let about = self.article.as_ref();
        match key {
            AbsentKey::Headline => about.is_some_and(|about| about.headline.is_some()),
            AbsentKey::Authors => about.is_some_and(|about| !about.authors.is_empty()),
            AbsentKey::Published => about.is_some_and(|about| about.published.is_some()),
            AbsentKey::Language => about.is_some_and(|about| about.language.is_some()),
            AbsentKey::Url => self
                .source
                .as_ref()
                .is_some_and(|source| source.url.is_some()),
            AbsentKey::Text => self.text().is_some() || self.text_digest.is_some(),
            AbsentKey::FetchTime => self
                .fetch
                .as_ref()
                .is_some_and(|fetch| fetch.time.is_some()),
        }
    }
}
