//! From a draft to a record with its trace.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::file::wide;

use crate::digest::Digest;
use crate::dump::Item;
use crate::json::Pointer;
use crate::json::canonical::CanonicalError;
use crate::record::{
    Article, ArticleTag, Content, Fetch, Format, Headlines, IdRule, Link, NoId, Raw, Rights,
    Source, says_something,
};
use crate::trace::{
    self, Conflict, CoverageDefect, Draft, DraftError, ProfileRef, Reference, Replay, ReplayError,
    Stated, Trace, Transform, coverage,
};

/// Why a draft gives no record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssembleError {
    /// What was stated of the item does not go together.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A field's spans and transforms give no value.
    #[error("no value for {value}")]
    Replay {
        /// Which field.
        value: Reference,
        /// Why.
        source: Box<ReplayError>,
    },
    /// A field's value is empty; absence is the only empty value.
    #[error("the value for {0} is empty")]
    Empty(Pointer),
    /// A value has no place: an index that the members before it do not reach.
    #[error("there is no place for {0}")]
    Unfit(Pointer),
    /// A value is not of the kind its field takes.
    #[error("a value does not fit its field")]
    Value(#[source] serde_json::Error),
    /// The draft leaves bytes unnamed, or names some twice.
    #[error("the bytes of the item are not accounted for: {0:?}")]
    Coverage(CoverageDefect),
    /// The record has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The item has nothing that its id is to come from.
    #[error(transparent)]
    Id(#[from] NoId),
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
) -> Result<Assembled, AssembleError> {
    derive_domain(&mut draft)?;
    let stated = draft.finish();
    let parts = parts(item, &stated)?;
    let trace = Trace {
        profile,
        bytes: wide(item.bytes.len()),
        encoding: item.found.clone(),
        locations: vec![item.location.clone()],
        contexts: item
            .contexts
            .iter()
            .map(|one| one.context.clone())
            .collect(),
        fields: stated.fields,
        dropped: stated.dropped,
    };
    if let Some(defect) = coverage(&trace).into_iter().next() {
        return Err(AssembleError::Coverage(defect));
    }
    let raw = Raw {
        digest: Digest::of(&item.bytes),
        bytes: trace.bytes,
        media_type: item.media_type.to_owned(),
        encoding: item.encoding.to_owned(),
    };
    let fetch = parts.fetch.as_ref().filter(|_| item.is_payload);
    let id = ids.id(&raw.digest, parts.source.as_ref(), fetch)?;
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
        absent: stated.absent,
        content_digest: None,
        text_digest: None,
        content: parts.content,
        x: Map::new(),
    };
    article.seal_content()?;
    article.explain_absence();
    Ok(Assembled {
        article,
        trace,
        conflicts: stated.conflicts,
    })
}

/// A record with its trace, and where its item disagrees with itself.
pub(super) struct Assembled {
    pub(super) article: Article,
    pub(super) trace: Trace,
    pub(super) conflicts: Vec<Conflict>,
}

/// Adds the host of the URL, which is made of the URL.
fn derive_domain(draft: &mut Draft) -> Result<(), DraftError> {
    let [url, domain] = ["/source/url", "/source/domain"].map(Reference::fixed);
    if draft.has(&url) && !draft.has(&domain) {
        return draft.derive(domain, url, vec![Transform::UrlHost]);
    }
    Ok(())
}

fn parts(item: &Item<'_>, stated: &Stated) -> Result<Parts, AssembleError> {
    let mut tree = Value::Object(Map::new());
    let mut contexts = Vec::new();
    let mut replay = Replay::new(&stated.fields, item.sources(&mut contexts));
    for field in &stated.fields {
        let value = replay
            .value(field)
            .map_err(|source| AssembleError::Replay {
                value: field.value.clone(),
                source: Box::new(source),
            })?;
        let Some(pointer) = field.pointer() else {
            continue;
        };
        let is_nothing = match &value {
            trace::Value::Text(text) if pointer.as_str() == "/content/text" => {
                !says_something(text)
            }
            trace::Value::Text(_) | trace::Value::List(_) | trace::Value::Integer(_) => {
                value.is_empty()
            }
        };
        if is_nothing {
            return Err(AssembleError::Empty(pointer.clone()));
        }
        put(&mut tree, pointer, value.into())?;
    }
    for (pointer, judgement) in &stated.judged {
        put(&mut tree, pointer, Value::from(judgement.as_str()))?;
    }
    serde_json::from_value(tree).map_err(AssembleError::Value)
}

/// Sets the value at `pointer`, making the objects and arrays on the way; an array's next index adds to
/// it.
fn put(tree: &mut Value, pointer: &Pointer, value: Value) -> Result<(), AssembleError> {
    let unfit = || AssembleError::Unfit(pointer.clone());
    let mut place = tree;
    for token in pointer.tokens() {
        if let Ok(index) = token.parse::<usize>() {
            if place.is_null() {
                *place = Value::Array(Vec::new());
            }
            let items = place.as_array_mut().ok_or_else(unfit)?;
            if items.len() == index {
                items.push(Value::Null);
            }
            place = items.get_mut(index).ok_or_else(unfit)?;
        } else {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            let members = place.as_object_mut().ok_or_else(unfit)?;
            place = members.entry(token.into_owned()).or_insert(Value::Null);
        }
    }
    *place = value;
    Ok(())
}
