//! What an article lacks, and why.

use serde::{Deserialize, Serialize};

/// A value whose absence must be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsentKey {
    /// `/article/headline`
    Headline,
    /// `/article/authors`
    Authors,
    /// `/article/published`
    Published,
    /// `/article/language`
    Language,
    /// `/source/url`
    Url,
    /// `/content/text`
    Text,
    /// `/fetch/time`
    FetchTime,
}

impl AbsentKey {
    /// Every key, in the order of the alphabet.
    pub const ALL: [Self; 7] = [
        Self::Authors,
        Self::FetchTime,
        Self::Headline,
        Self::Language,
        Self::Published,
        Self::Text,
        Self::Url,
    ];

    /// The key as records write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Authors => "authors",
            Self::Published => "published",
            Self::Language => "language",
            Self::Url => "url",
            Self::Text => "text",
            Self::FetchTime => "fetch_time",
        }
    }

    /// The JSON Pointer of the value whose absence it explains.
    #[must_use]
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Headline => "/article/headline",
            Self::Authors => "/article/authors",
            Self::Published => "/article/published",
            Self::Language => "/article/language",
            Self::Url => "/source/url",
            Self::Text => "/content/text",
            Self::FetchTime => "/fetch/time",
        }
    }
}

/// Why a value is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsentReason {
    /// The raw bytes do not hold it.
    NotInDump,
    /// The converter found none that it could be sure of; the raw bytes may hold one.
    NotFound,
    /// It stands in the raw bytes but no value could be read from it.
    Unreadable,
    /// The raw bytes hold several that contradict each other.
    Conflicting,
}

impl AbsentReason {
    /// The reason as records write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotInDump => "not_in_dump",
            Self::NotFound => "not_found",
            Self::Unreadable => "unreadable",
            Self::Conflicting => "conflicting",
        }
    }
}
