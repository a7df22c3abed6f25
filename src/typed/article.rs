//! An article, built value by value.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::lines::{Defect, defect};
use crate::digest::Digest;
use crate::json::canonical::CanonicalError;
use crate::record::{
    AbsentKey, AbsentReason, Article, ArticleTag, Author, Content, Embed, Fetch, Format, Headlines,
    Id, Image, Link, Raw, Rights, Source, Time, url_host,
};
use crate::record::{IdRule, NoId};

/// An article that is being built: [`Article::builder`].
///
/// A value that is not given is absent, and explained as not found unless [`absent`](Self::absent) gives
/// another reason. Digests, the id, `source.domain` and the number of bytes follow from what is given.
#[derive(Debug, Clone)]
#[must_use = "`build` gives the article"]
pub struct ArticleBuilder {
    raw: Raw,
    id: Option<Id>,
    ids: IdRule,
    is_part: bool,
    source: Source,
    fetch: Fetch,
    about: Headlines,
    links: Vec<Link>,
    rights: Rights,
    absent: Vec<(AbsentKey, AbsentReason)>,
    content: Content,
    x: Map<String, Value>,
}

/// Why an article cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArticleError {
    /// A value breaks a rule of the format.
    #[error(transparent)]
    Rule(#[from] Defect),
    /// A value is given, and so is a reason for its absence.
    #[error("`{}` is given and explained as absent", .0.pointer())]
    NotAbsent(AbsentKey),
    /// What the id is to come from is not given.
    #[error(transparent)]
    Id(#[from] NoId),
    /// A value under `x` has no canonical form: a float, or an integer beyond 2^53 − 1.
    #[error("`/x` holds a value that cannot be written")]
    Canonical(#[from] CanonicalError),
}

impl Article {
    /// Builds an article of the item `raw`: its bytes after transfer and content coding, in UTF-8 unless
    /// [`encoding`](ArticleBuilder::encoding) says otherwise.
    ///
    /// ```
    /// use dateline::Article;
    /// use dateline::record::{AbsentKey, AbsentReason};
    ///
    /// let article = Article::builder(b"Rain ends\n\nThe rain ended on Monday.\n")
    ///     .url("https://news.example/rain")
    ///     .headline("Rain ends")
    ///     .author("Ada Example")
    ///     .published("2026-02-11".parse()?)
    ///     .language("en")
    ///     .text("The rain ended on Monday.")
    ///     .build()?;
    /// assert_eq!(article.raw.bytes, 37);
    /// assert_eq!(article.absent.get(&AbsentKey::FetchTime), Some(&AbsentReason::NotFound));
    ///
    /// let error = Article::builder(b"Rain ends").url("/rain").build().unwrap_err();
    /// assert!(error.to_string().starts_with("`/source/url`: `/rain` is not an absolute http or https URL"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder(raw: &[u8]) -> ArticleBuilder {
        ArticleBuilder {
            raw: Raw {
                digest: Digest::of(raw),
                bytes: u64::try_from(raw.len()).unwrap_or(u64::MAX),
                media_type: "text/plain".to_owned(),
                encoding: "utf-8".to_owned(),
            },
            id: None,
            ids: IdRule::default(),
            is_part: false,
            source: Source::default(),
            fetch: Fetch::default(),
            about: Headlines::default(),
            links: Vec::new(),
            rights: Rights::default(),
            absent: Vec::new(),
            content: Content::default(),
            x: Map::new(),
        }
    }
}

/// How the article is identified.
///
/// ```
/// use dateline::Article;
/// use dateline::record::IdRule;
///
/// let builder = || Article::builder(b"Rain ends").url("https://news.example/rain");
/// let by_bytes = builder().part_of_fetch().build()?;
/// let by_url = builder().ids(IdRule::Url).build()?;
/// assert_ne!(by_bytes.id, by_url.id);
/// let named = builder().id("art-rain".parse()?).build()?;
/// assert_eq!(named.id.as_str(), "art-rain");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl ArticleBuilder {
    /// Sets the id itself.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets what the id comes from, where it is not set itself: the raw bytes unless this is called. It is
    /// `ids` of the corpus's [`Config`](crate::corpus::Config).
    pub const fn ids(mut self, ids: IdRule) -> Self {
        self.ids = ids;
        self
    }

    /// Says that the item is a part of what was fetched, so that the id is not over the fetch
    /// (`spec/record.md`, `id-derived`): an item of a feed, a line of a file.
    pub const fn part_of_fetch(mut self) -> Self {
        self.is_part = true;
        self
    }
}

/// Where the article comes from.
///
/// ```
/// use dateline::Article;
/// use dateline::record::{Fetch, Rights};
///
/// let mut fetch = Fetch::default();
/// fetch.time = Some("2026-02-12T06:00:00Z".parse()?);
/// let mut rights = Rights::default();
/// rights.license = Some("CC-BY-4.0".to_owned());
/// let article = Article::builder(b"<h1>Rain ends</h1>")
///     .media_type("text/html")
///     .encoding("windows-1252")
///     .publisher("The Example Courier")
///     .url("https://news.example/rain?from=feed")
///     .canonical_url("https://news.example/rain")
///     .identifier("rain-1")
///     .fetch(fetch)
///     .rights(rights)
///     .build()?;
/// let source = article.source.unwrap();
/// assert_eq!(source.domain.as_deref(), Some("news.example"));
/// assert_eq!(article.raw.media_type, "text/html");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl ArticleBuilder {
    /// Sets the media type of the raw bytes: `text/plain` unless this is called.
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.raw.media_type = media_type.into();
        self
    }

    /// Sets the character encoding of the raw bytes: `utf-8` unless this is called.
    pub fn encoding(mut self, label: impl Into<String>) -> Self {
        self.raw.encoding = label.into();
        self
    }

    /// Sets the name of who published it.
    pub fn publisher(mut self, name: impl Into<String>) -> Self {
        self.source.name = Some(name.into());
        self
    }

    /// Sets its URL, and with it `source.domain`.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.source.url = Some(url.into());
        self
    }

    /// Sets the URL that the page itself calls canonical.
    pub fn canonical_url(mut self, url: impl Into<String>) -> Self {
        self.source.canonical_url = Some(url.into());
        self
    }

    /// Sets what the dump itself calls the article.
    pub fn identifier(mut self, identifier: impl Into<String>) -> Self {
        self.source.identifier = Some(identifier.into());
        self
    }

    /// Sets how and when the item was fetched.
    pub fn fetch(mut self, fetch: Fetch) -> Self {
        self.fetch = fetch;
        self
    }

    /// Sets the rights that are stated for it.
    pub fn rights(mut self, rights: Rights) -> Self {
        self.rights = rights;
        self
    }
}

/// What is known of the article.
///
/// ```
/// use dateline::Article;
/// use dateline::record::{AbsentKey, AbsentReason, Author, Link};
///
/// let article = Article::builder(b"Rain ends")
///     .headline("Rain ends")
///     .subtitle("Monday is dry")
///     .author("Ada Example")
///     .authors([Author::new("Wire").role("agency")])
///     .language("en")
///     .published("2026-02-11".parse()?)
///     .modified("2026-02-12".parse()?)
///     .section("Weather")
///     .keyword("rain")
///     .located("Gull Island")
///     .link(Link::new("https://news.example/snow", "related"))
///     .absent(AbsentKey::FetchTime, AbsentReason::NotInDump)
///     .extra("seen", 3)
///     .build()?;
/// assert_eq!(article.article.unwrap().authors.len(), 2);
/// assert_eq!(article.x["seen"], 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl ArticleBuilder {
    /// Sets the headline.
    pub fn headline(mut self, headline: impl Into<String>) -> Self {
        self.about.headline = Some(headline.into());
        self
    }

    /// Sets the line below the headline.
    pub fn subtitle(mut self, subtitle: impl Into<String>) -> Self {
        self.about.subtitle = Some(subtitle.into());
        self
    }

    /// Adds somebody who made it, without a role.
    pub fn author(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.authors([Author { name, role: None }])
    }

    /// Adds those who made it, in their order.
    pub fn authors(mut self, authors: impl IntoIterator<Item = Author>) -> Self {
        self.about.authors.extend(authors);
        self
    }

    /// Sets its language, a BCP 47 tag.
    pub fn language(mut self, tag: impl Into<String>) -> Self {
        self.about.language = Some(tag.into());
        self
    }

    /// Sets when it was first published.
    pub fn published(mut self, time: Time) -> Self {
        self.about.published = Some(time);
        self
    }

    /// Sets when it was last changed.
    pub fn modified(mut self, time: Time) -> Self {
        self.about.modified = Some(time);
        self
    }

    /// Sets the section that it was in.
    pub fn section(mut self, section: impl Into<String>) -> Self {
        self.about.section = Some(section.into());
        self
    }

    /// Adds a keyword.
    pub fn keyword(mut self, keyword: impl Into<String>) -> Self {
        self.about.keywords.push(keyword.into());
        self
    }

    /// Sets the place that its dateline names.
    pub fn located(mut self, place: impl Into<String>) -> Self {
        self.about.located = Some(place.into());
        self
    }

    /// Adds a link to another page.
    pub fn link(mut self, link: Link) -> Self {
        self.links.push(link);
        self
    }

    /// Says why a value is absent, where that is not [`AbsentReason::NotFound`].
    pub fn absent(mut self, key: AbsentKey, reason: AbsentReason) -> Self {
        self.absent.push((key, reason));
        self
    }

    /// Adds something of one's own below `x`, which dateline never reads. A key that is there is replaced.
    pub fn extra(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.x.insert(key.into(), value.into());
        self
    }
}

/// What the article says.
///
/// ```
/// use dateline::Article;
/// use dateline::record::{Embed, Image};
///
/// let mut image = Image::default();
/// image.caption = Some("A dry street".to_owned());
/// let mut embed = Embed::new("post");
/// embed.text = Some("At last!".to_owned());
/// let article = Article::builder(b"Rain ends")
///     .summary("It stopped.")
///     .text("The rain ended on Monday.\n\nIt had rained for a week.")
///     .image(image)
///     .embed(embed)
///     .build()?;
/// assert!(article.text_digest.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl ArticleBuilder {
    /// Sets the publisher's summary.
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.content.summary = Some(summary.into());
        self
    }

    /// Sets the body: paragraphs with one empty line between them.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.content.text = Some(text.into());
        self
    }

    /// Adds a picture.
    pub fn image(mut self, image: Image) -> Self {
        self.content.images.push(image);
        self
    }

    /// Adds somebody else's post that is shown within the article.
    pub fn embed(mut self, embed: Embed) -> Self {
        self.content.embeds.push(embed);
        self
    }
}

impl ArticleBuilder {
    /// The article, with its id, its digests and the reasons for what it lacks.
    ///
    /// # Errors
    ///
    /// [`ArticleError`], which names the field. Warnings are not looked at.
    pub fn build(self) -> Result<Article, ArticleError> {
        let id = if let Some(id) = self.id {
            id
        } else {
            let fetch = (!self.is_part).then_some(&self.fetch);
            self.ids.id(&self.raw.digest, Some(&self.source), fetch)?
        };
        let mut source = self.source;
        source.domain = source
            .url
            .as_deref()
            .and_then(url_host)
            .map(Cow::into_owned);
        let mut article = Article {
            format: Format::V1,
            tag: ArticleTag::Article,
            id,
            source: present(source),
            fetch: present(self.fetch),
            raw: self.raw,
            article: present(self.about),
            links: self.links,
            rights: present(self.rights),
            absent: self.absent.into_iter().collect(),
            content_digest: None,
            text_digest: None,
            content: present(self.content),
            x: self.x,
        };
        article.seal_content()?;
        let absent = article.absent.keys().copied();
        if let Some(key) = absent.into_iter().find(|key| article.has(*key)) {
            return Err(ArticleError::NotAbsent(key));
        }
        article.explain_absence();
        let (_, line) = article.written()?;
        match defect(&line) {
            Some(defect) => Err(defect.into()),
            None => Ok(article),
        }
    }
}

/// A part of an article, where it says anything.
fn present<T: Default + PartialEq>(part: T) -> Option<T> {
    (part != T::default()).then_some(part)
}
