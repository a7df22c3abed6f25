//! The values a profile may read, named by pointers.

use std::fmt;
use std::str::FromStr;

use super::error::{hinted, nearest};
use crate::json::Pointer;

/// A value of a record that a profile may read; `-` in its pointer stands for a member of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target(usize);

/// What kind of value a target is, and so how it may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// Any text.
    Text,
    /// An absolute URL.
    Url,
    /// A time.
    Time,
    /// A language.
    Language,
    /// A list of texts, one a match.
    Texts,
    /// The body: one paragraph a match.
    Paragraphs,
}

/// The lists whose members have several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Authors,
    Links,
    Images,
    Embeds,
}

/// A text that names no value a profile may read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", hinted(
    format_args!("`{}` is no value that a profile reads", .0.escape_debug()),
    nearest(.0, &TARGETS.map(|(pointer, _, _)| pointer))
))]
pub(super) struct UnknownTarget(String);

/// How many targets there are.
pub(super) const COUNT: usize = 27;

const TARGETS: [(&str, Nature, Option<List>); COUNT] = [
    ("/source/name", Nature::Text, None),
    ("/source/url", Nature::Url, None),
    ("/source/canonical_url", Nature::Url, None),
    ("/fetch/time", Nature::Time, None),
    ("/fetch/url", Nature::Url, None),
    ("/article/headline", Nature::Text, None),
    ("/article/subtitle", Nature::Text, None),
    ("/article/authors/-/name", Nature::Text, Some(List::Authors)),
    ("/article/language", Nature::Language, None),
    ("/article/published", Nature::Time, None),
    ("/article/modified", Nature::Time, None),
    ("/article/section", Nature::Text, None),
    ("/article/keywords", Nature::Texts, None),
    ("/article/located", Nature::Text, None),
    ("/links/-/url", Nature::Url, Some(List::Links)),
    ("/rights/license", Nature::Text, None),
    ("/rights/copyright_notice", Nature::Text, None),
    ("/rights/usage_info", Nature::Text, None),
    ("/content/summary", Nature::Text, None),
    ("/content/text", Nature::Paragraphs, None),
    ("/content/images/-/url", Nature::Url, Some(List::Images)),
    (
        "/content/images/-/caption",
        Nature::Text,
        Some(List::Images),
    ),
    ("/content/images/-/credit", Nature::Text, Some(List::Images)),
    ("/content/embeds/-/url", Nature::Url, Some(List::Embeds)),
    ("/content/embeds/-/text", Nature::Text, Some(List::Embeds)),
    ("/content/embeds/-/author", Nature::Text, Some(List::Embeds)),
    (
        "/content/embeds/-/published",
        Nature::Time,
        Some(List::Embeds),
    ),
];

impl Target {
    /// Its place among all targets.
    pub(super) const fn number(self) -> usize {
        self.0
    }

    fn row(self) -> (&'static str, Nature, Option<List>) {
        TARGETS
            .get(self.0)
            .copied()
            .unwrap_or(("", Nature::Text, None))
    }

    /// The pointer as profiles write it.
    pub(super) fn pattern(self) -> &'static str {
        self.row().0
    }

    pub(super) fn nature(self) -> Nature {
        self.row().1
    }

    pub(super) fn list(self) -> Option<List> {
        self.row().2
    }

    /// The pointer of the member `index`, or of the value itself where it is no list's.
    pub(super) fn pointer(self, index: usize) -> Pointer {
        let mut pointer = Pointer::root();
        for token in self.pattern().split('/').skip(1) {
            match token {
                "-" => pointer.push_index(index),
                key => pointer.push_key(key),
            }
        }
        pointer
    }

    /// Whether it is one value, which a profile can read only once.
    pub(super) fn is_single(self) -> bool {
        self.list().is_none() && !matches!(self.nature(), Nature::Texts | Nature::Paragraphs)
    }
}

impl List {
    /// How many lists there are.
    pub(super) const COUNT: usize = 4;

    /// Its place among all lists.
    pub(super) const fn number(self) -> usize {
        match self {
            Self::Authors => 0,
            Self::Links => 1,
            Self::Images => 2,
            Self::Embeds => 3,
        }
    }

    /// The pointer of its member `index`.
    pub(super) fn member(self, index: usize) -> Pointer {
        let list = match self {
            Self::Authors => Pointer::root().key("article").key("authors"),
            Self::Links => Pointer::root().key("links"),
            Self::Images => Pointer::root().key("content").key("images"),
            Self::Embeds => Pointer::root().key("content").key("embeds"),
        };
        list.index(index)
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        TARGETS
            .iter()
            .position(|(pointer, _, _)| *pointer == text)
            .map(Self)
            .ok_or_else(|| UnknownTarget(text.to_owned()))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pattern())
    }
}
