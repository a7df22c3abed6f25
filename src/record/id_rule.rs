//! Where an article's id comes from.

use serde::{Deserialize, Serialize};

use super::{Fetch, Id, Source, derived_article_id, named_article_id};
use crate::digest::Digest;
use crate::json::canonical::CanonicalError;

/// Where an article's id comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdRule {
    /// From the raw bytes: an edited item is another record.
    #[default]
    Derived,
    /// From the URL: an edited item revises its record.
    Url,
    /// From `source.identifier`, likewise.
    Identifier,
}

/// Why a rule gives an article no id.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoId {
    /// Ids are to come from URLs, and the item has none.
    #[error("the item has no URL to take its id from (`ids: url`)")]
    NoUrl,
    /// Ids are to come from identifiers, and the item has none.
    #[error("the item has no identifier to take its id from (`ids: identifier`)")]
    NoIdentifier,
    /// What the id is made from has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

impl IdRule {
    /// The id of the article of an item (`spec/record.md`, "Ids"). `fetch` is given only where the item is the
    /// whole payload that was fetched.
    pub(crate) fn id(
        self,
        raw: &Digest,
        source: Option<&Source>,
        fetch: Option<&Fetch>,
    ) -> Result<Id, NoId> {
        Ok(match self {
            Self::Derived => derived_article_id(
                raw,
                &[],
                fetch.and_then(|fetch| fetch.url.as_deref()),
                fetch.and_then(|fetch| fetch.time.as_ref()),
            )?,
            Self::Url => {
                let url = source.and_then(Source::id_url);
                named_article_id(url.ok_or(NoId::NoUrl)?)?
            }
            Self::Identifier => {
                let identifier = source.and_then(|source| source.identifier.as_deref());
                named_article_id(identifier.ok_or(NoId::NoIdentifier)?)?
            }
        })
    }
}
