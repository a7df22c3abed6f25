//! Cross-references.

use serde::{Deserialize, Serialize};

use super::{Format, Id};
use crate::digest::Digest;
use crate::json::canonical::{self, CanonicalError};

/// The type a relation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelationTag {
    /// `relation`
    #[serde(rename = "relation")]
    Relation,
}

/// A cross-reference from one record to another, or to a URL (`spec/relations.md`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Relation {
    /// `dateline/1`
    pub format: Format,
    /// `relation`
    #[serde(rename = "type")]
    pub tag: RelationTag,
    /// Its identifier: see [`Relation::derived_id`].
    pub id: Id,
    /// What `from` is to `to`.
    pub relation: RelationKind,
    /// How it is known.
    pub class: Class,
    /// The record it starts at.
    pub from: Id,
    /// The record it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Id>,
    /// The URL it leads to, where no record of the corpus has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_url: Option<String>,
    /// The method that found it, with its version (`link/1`).
    pub method: String,
    /// The digest of the method's parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Digest>,
    /// What was counted, in integers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// The content of `from` that the claim is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_content: Option<Digest>,
    /// The content of `to` that the claim is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_content: Option<Digest>,
    /// Where it can be seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Whatever a user adds; never read by dateline.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub x: serde_json::Map<String, serde_json::Value>,
}

/// What one record is to another: `DataCite` relation types in `snake_case` where one fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// It links to or names the other.
    References,
    /// It replaces the other with a later version.
    IsNewVersionOf,
    /// Both are the same article, word for word.
    IsIdenticalTo,
    /// It is another form of the same article.
    IsVariantFormOf,
    /// It was made from the other.
    IsDerivedFrom,
    /// It is a translation of the other.
    IsTranslationOf,
    /// It is a part of the other.
    IsPartOf,
    /// It carries the other's story on.
    Continues,
    /// It makes the other out of date.
    Obsoletes,
    /// Their texts are nearly the same.
    IsNearDuplicateOf,
    /// Their texts share a passage.
    SharesPassageWith,
    /// It quotes the other.
    Quotes,
    /// It corrects the other.
    Corrects,
    /// It retracts the other.
    Retracts,
    /// Both report one event.
    SameEventAs,
}

impl RelationKind {
    /// Whether it holds in both directions; then `from` is the smaller id.
    #[must_use]
    pub const fn is_symmetric(self) -> bool {
        matches!(
            self,
            Self::IsIdenticalTo
                | Self::IsVariantFormOf
                | Self::IsNearDuplicateOf
                | Self::SharesPassageWith
                | Self::SameEventAs
        )
    }
}

/// How a relation is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The dump says so.
    Asserted,
    /// A method that anyone can repeat found it.
    Computed,
    /// It was judged, by a person or a model.
    Inferred,
}

/// What a method counted: `matched` of `length`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// How many units matched.
    pub matched: u64,
    /// Of how many.
    pub length: u64,
}

/// A pair of stretches in which a relation can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Evidence {
    /// What the stretches are in.
    #[serde(rename = "in")]
    pub within: EvidenceIn,
    /// The stretch in `from`.
    pub from: Stretch,
    /// The stretch in `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Stretch>,
}

/// What a stretch of evidence lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceIn {
    /// `content.text`, in bytes of UTF-8.
    Text,
    /// The raw item as stored, in bytes.
    Raw,
}

/// A half-open range of bytes; in a text its ends are character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The first byte.
    pub start: u64,
    /// The byte behind the last.
    pub end: u64,
}

/// What a relation leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A record of the corpus.
    Record(Id),
    /// A URL that no record of the corpus has.
    Url(String),
}

impl Relation {
    /// A relation with the id that its parts give, without score and evidence.
    ///
    /// ```
    /// use dateline::record::{Class, Relation, RelationKind, Target};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (from, to) = ("art-1".parse()?, Target::Record("art-2".parse()?));
    /// let relation = Relation::new(from, RelationKind::References, to, Class::Asserted, "desk/1")?;
    /// assert!(relation.id.as_str().starts_with("rel-"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// None for values of these types; the signature is that of the canonical writer.
    pub fn new(
        from: Id,
        relation: RelationKind,
        to: Target,
        class: Class,
        method: impl Into<String>,
    ) -> Result<Self, CanonicalError> {
        let (to, to_url) = match to {
            Target::Record(id) => (Some(id), None),
            Target::Url(url) => (None, Some(url)),
        };
        let mut made = Self {
            format: Format::V1,
            tag: RelationTag::Relation,
            // Its own follows from the rest.
            id: from.clone(),
            relation,
            class,
            from,
            to,
            to_url,
            method: method.into(),
            params: None,
            score: None,
            from_content: None,
            to_content: None,
            evidence: Vec::new(),
            x: serde_json::Map::new(),
        };
        made.id = made.derived_id()?;
        Ok(made)
    }

    /// The id its parts give: `rel-` and 32 hexadecimal digits of the SHA-256 over the canonical
    /// form of `[relation, class, from, to or to_url, method, params]`
    /// (`spec/relations.md`, `relation-id`).
    ///
    /// # Errors
    ///
    /// None for values of these types; the signature is that of the canonical writer.
    pub fn derived_id(&self) -> Result<Id, CanonicalError> {
        let target = self
            .to
            .as_ref()
            .map(Id::as_str)
            .or(self.to_url.as_deref())
            .unwrap_or_default();
        let params = self
            .params
            .map(|params| params.to_string())
            .unwrap_or_default();
        let parts = (
            self.relation,
            self.class,
            &self.from,
            target,
            &self.method,
            params,
        );
        Ok(Id::derived(
            "rel-",
            &Digest::of(&canonical::to_vec(&parts)?),
        ))
    }
}
