//! The records of a corpus: articles, relations and withdrawals.
//!
//! A record is one JSON object on one line (`spec/record.md`). It has a *core*, which its record
//! digest covers, and, where it is an article, a *content* that may be withheld: the core holds the
//! content's digest, so that an article without its text keeps its identity.
//!
//! What is here are the types as Rust sees them. A line becomes one of them through
//! [`Record::read`]; what is wrong with a line, and where, is for the schemas and `check` to say.

mod article;
mod domain;
mod fields;
mod id;
mod id_rule;
mod key;
mod placeholder;
mod reasons;
mod relation;
mod text;
mod time;
mod url;
mod url_key;
mod withdrawal;
mod withdrawn;
pub(crate) mod words;

pub use article::{
    Article, ArticleTag, Author, Content, Embed, Fetch, Format, FoundDigest, Header, Headlines,
    Image, Link, Raw, Rights, Source,
};
pub use domain::{Domain, DomainError, hosts};
#[cfg(test)]
pub(crate) use fields::tests::shown;
pub use fields::{FIELDS, Field, FieldOrigin, List, Names, Nature};
pub use id::{Id, IdError, derived_article_id, named_article_id};
pub use id_rule::{IdRule, NoId};
pub use key::{Key, Secret};
#[cfg(test)]
pub(crate) use placeholder::PLACEHOLDERS;
pub(crate) use placeholder::is_placeholder;
pub use reasons::{AbsentKey, AbsentReason};
pub use relation::{
    Class, Evidence, EvidenceIn, Relation, RelationKind, RelationTag, Score, Stretch, Target,
};
pub use text::{IGNORABLE, WHITE_SPACE, is_ignorable, text_digest, text_v1};
pub(crate) use text::{says_something, text_digest_in};
pub use time::{Precision, Time, TimeError};
pub(crate) use url::{join_url, parse_url, plain_host, url_host};
pub use url::{normalised_url, url_digest};
pub use url_key::{MARKETING, coarse_url, url_key};
pub use withdrawal::{Withdrawal, WithdrawalReason, WithdrawalTag};
pub use withdrawn::{Meeting, Traits, Withdrawn};
pub use words::Misfit;

use std::borrow::Cow;

use serde::Serialize;

use crate::digest::Digest;
use crate::json::canonical::{self, CanonicalError};
use crate::json::{SyntaxError, Tape};

/// The version of the record format, the value of every record's `format`.
pub const FORMAT: &str = "dateline/1";

/// The longest line of a corpus, in bytes without its line end: 64 MiB.
pub const MAX_LINE: usize = 64 << 20;

/// One record of any type.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Record {
    /// A news article.
    Article(Box<Article>),
    /// A cross-reference between two records, or from one to a URL.
    Relation(Box<Relation>),
    /// What stands in the place of a record that was withdrawn.
    Withdrawal(Box<Withdrawal>),
}

/// The type of a record, as entry lines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RecordType {
    /// `article`
    Article,
    /// `relation`
    Relation,
    /// `withdrawal`
    Withdrawal,
}

/// Why a line is no record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON as dateline reads it.
    #[error("not strict JSON: {0}")]
    Syntax(#[from] SyntaxError),
    /// `type` is missing or names none of the three.
    #[error("`type` is {}, not `article`, `relation` or `withdrawal`", match .0 { Some(name) => format!("{name:?}"), None => "missing".to_owned() })]
    Type(Option<String>),
    /// The fields are not those of its type.
    #[error("not {kind}: {source}")]
    Fields {
        /// The type it names, with its article.
        kind: &'static str,
        /// Why not.
        source: Misfit,
    },
}

impl RecordType {
    /// The name in records and entry lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Relation => "relation",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Article, Self::Relation, Self::Withdrawal]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

impl Record {
    /// Reads one line, without its line end.
    ///
    /// What this accepts may still break a rule of the schema (an empty list, say): it is for lines
    /// that `check` has passed or that dateline itself wrote.
    ///
    /// # Errors
    ///
    /// [`ReadError`], for what is not a record of format version 1.
    pub fn read(line: &[u8]) -> Result<Self, ReadError> {
        let tape = Tape::parse(line)?;
        let named = tape
            .root()
            .get("type")
            .and_then(|node| node.as_str())
            .map(Cow::into_owned);
        let kind = named
            .as_deref()
            .and_then(RecordType::named)
            .ok_or(ReadError::Type(named))?;
        let fields = |error: serde_json::Error| ReadError::Fields {
            kind: match kind {
                RecordType::Article => "an article",
                RecordType::Relation => "a relation",
                RecordType::Withdrawal => "a withdrawal",
            },
            source: error.into(),
        };
        // By way of the tape: serde_json's own reader stops short of dateline's depth.
        let value = tape.root().to_value();
        Ok(match kind {
            RecordType::Article => Self::Article(serde_json::from_value(value).map_err(fields)?),
            RecordType::Relation => Self::Relation(serde_json::from_value(value).map_err(fields)?),
            RecordType::Withdrawal => {
                Self::Withdrawal(serde_json::from_value(value).map_err(fields)?)
            }
        })
    }

    /// The line as dateline writes it, without its line end: compact JSON, `format` first.
    ///
    /// # Errors
    ///
    /// When the record holds what the format has no form for, such as a float under `x`.
    pub fn to_line(&self) -> Result<Vec<u8>, CanonicalError> {
        // The canonical writer is where a value that cannot be written is found.
        self.digest()?;
        Ok(serde_json::to_vec(self)?)
    }

    /// The id, unique over all types in a corpus.
    #[must_use]
    pub fn id(&self) -> &Id {
        match self {
            Self::Article(article) => &article.id,
            Self::Relation(relation) => &relation.id,
            Self::Withdrawal(withdrawal) => &withdrawal.id,
        }
    }

    /// The type.
    #[must_use]
    pub const fn record_type(&self) -> RecordType {
        match self {
            Self::Article(_) => RecordType::Article,
            Self::Relation(_) => RecordType::Relation,
            Self::Withdrawal(_) => RecordType::Withdrawal,
        }
    }

    /// The record digest: SHA-256 over the canonical form of the core, which is everything but
    /// `content` (`spec/record.md`, `record-digest`).
    ///
    /// # Errors
    ///
    /// As [`Record::to_line`].
    pub fn digest(&self) -> Result<Digest, CanonicalError> {
        Ok(Digest::of(&canonical::to_vec_without(self, CONTENT)?))
    }
}

/// The one top-level key of a record that is not part of its core.
pub const CONTENT: &str = "content";
