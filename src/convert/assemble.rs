//! From a draft to a record with its trace.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::IdRule;
use crate::digest::Digest;
use crate::dump::Item;
use crate::json::Pointer;
use crate::json::canonical::CanonicalError;
use crate::record::{
    AbsentKey, AbsentReason, Article, ArticleTag, Content, Fetch, Format, Headlines, Link, Raw,
    Rights, Source, derived_article_id, text_digest, url_article_id,
};
use crate::trace::{
    self, CoverageDefect, Draft, Field, ProfileRef, ReplayError, Trace, Transform, coverage, replay,
};

/// Why a draft gives no record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssembleError {
    /// A field's spans and transforms give no value.
    #[error("no value for {pointer}")]
    Replay {
        /// Which field.
        pointer: Pointer,
        /// Why.
        source: Box<ReplayError>,
    },
    /// A field's value is empty; absence is the only empty value.
    #[error("the value for {0} is empty")]
    Empty(Pointer),
    /// A value is not of the kind its field takes.
    #[error("a value does not fit its field")]
    Value(#[source] serde_json::Error),
    /// The draft leaves bytes unnamed, or names some twice.
    #[error("the bytes of the item are not accounted for: {0:?}")]
    Coverage(CoverageDefect),
    /// The record has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// Ids are to come from URLs, and the item has none.
    #[error("the item has no URL to take its id from (`ids: url`)")]
    NoUrl,
}

/// The parts of an article that its fields fill.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parts {
    source: Option<Source>,
    fetch: Option<Fetch>,
    article: Option<Headlines>,
    links: Vec<Link>,
    rights: Option<Rights>,
    content: Option<Content>,
}

/// Makes the record and the trace that `draft` describes.
///
/// Every value is what its spans and transforms give on the item's bytes, so the two agree by
/// construction; every byte is accounted for, or there is no record.
///
/// # Errors
///
/// [`AssembleError`], where the draft does not fit the item or the format.
pub(super) fn assemble(
    item: &Item<'_>,
    mut draft: Draft,
    profile: ProfileRef,
    ids: IdRule,
) -> Result<(Article, Trace), AssembleError> {
    derive_domain(&mut draft);
    let parts = parts(item, &draft)?;
    let trace = Trace {
        profile,
        locations: vec![item.location.clone()],
        dropped: draft.tiles(),
        fields: draft.fields,
    };
    let bytes = item.location.length;
    if let Some(defect) = coverage(bytes, &trace).into_iter().next() {
        return Err(AssembleError::Coverage(defect));
    }
    let raw = Raw {
        digest: Digest::of(item.bytes),
        bytes,
        media_type: item.media_type.to_owned(),
        encoding: item.encoding.to_owned(),
    };
    let fetch = parts.fetch.as_ref();
    let id = match ids {
        IdRule::Derived => derived_article_id(
            &raw.digest,
            None,
            fetch.and_then(|fetch| fetch.url.as_deref()),
            fetch.and_then(|fetch| fetch.time.as_ref()),
        )?,
        IdRule::Url => {
            let source = parts.source.as_ref();
            let url = source.and_then(|s| s.canonical_url.as_deref().or(s.url.as_deref()));
            url_article_id(url.ok_or(AssembleError::NoUrl)?)?
        }
    };
    let mut article = Article {
        format: Format::V1,
        tag: ArticleTag::Article,
        id,
        source: parts.source,
        fetch: parts.fetch,
        raw,
        article: parts.article,
        links: parts.links,
        rights: parts.rights,
        absent: draft.absent,
        content_digest: None,
        text_digest: None,
        content: parts.content,
        x: Map::new(),
    };
    article.seal_content()?;
    explain_absence(&mut article);
    Ok((article, trace))
}

/// For each value whose absence must be explained: the reason the reader gave, or that none was
/// found; no reason for what is there.
fn explain_absence(article: &mut Article) {
    for key in AbsentKey::ALL {
        if article.has(key) {
            article.absent.remove(&key);
        } else {
            article.absent.entry(key).or_insert(AbsentReason::NotFound);
        }
    }
}

/// Adds the host of the URL, from the URL's own bytes.
fn derive_domain(draft: &mut Draft) {
    let [url, domain] = [["source", "url"], ["source", "domain"]]
        .map(|keys| keys.into_iter().fold(Pointer::default(), Pointer::key));
    if draft.fields.iter().any(|field| field.pointer == domain) {
        return;
    }
    if let Some(field) = draft.fields.iter().find(|field| field.pointer == url) {
        let mut via = field.via.clone();
        via.push(Transform::UrlHost);
        let spans = field.spans.clone();
        draft.fields.push(Field {
            pointer: domain,
            spans,
            via,
        });
    }
}

fn parts(item: &Item<'_>, draft: &Draft) -> Result<Parts, AssembleError> {
    let mut tree = Value::Object(Map::new());
    for field in &draft.fields {
        let value =
            replay(item.bytes, item.encoding, field).map_err(|source| AssembleError::Replay {
                pointer: field.pointer.clone(),
                source: Box::new(source),
            })?;
        let is_nothing = match &value {
            trace::Value::Text(text) if field.pointer.as_str() == "/content/text" => {
                text_digest(text).is_none()
            }
            trace::Value::Text(_) | trace::Value::List(_) => value.is_empty(),
        };
        if is_nothing {
            return Err(AssembleError::Empty(field.pointer.clone()));
        }
        put(&mut tree, &field.pointer, value.into());
    }
    for (pointer, judgement) in &draft.judged {
        put(&mut tree, pointer, Value::from(judgement.as_str()));
    }
    serde_json::from_value(tree).map_err(AssembleError::Value)
}

/// Sets the value at `pointer`, making the objects and lists on the way; a list's next index adds to
/// it.
fn put(tree: &mut Value, pointer: &Pointer, value: Value) {
    let mut place = tree;
    for token in pointer.tokens() {
        if let Ok(index) = token.parse::<usize>() {
            if place.is_null() {
                *place = Value::Array(Vec::new());
            }
            let Value::Array(items) = place else { return };
            if items.len() == index {
                items.push(Value::Null);
            }
            let Some(item) = items.get_mut(index) else {
                return;
            };
            place = item;
        } else {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            let Value::Object(members) = place else {
                return;
            };
            place = members.entry(token.into_owned()).or_insert(Value::Null);
        }
    }
    *place = value;
}
