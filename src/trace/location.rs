//! Where bytes lie: ranges of files, put through layers.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Layer;

/// Where a copy of the raw item, or of a context, lies: `length` bytes from `offset` of a file, put through
/// each layer in order (`spec/trace.md`, "Locations").
///
/// Ordered by path (by bytes), offset, length and layers (as lists of texts).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// The file, relative to the input named on the command line, `/` between its parts.
    pub path: String,
    /// The first byte of the range in the file.
    pub offset: u64,
    /// How many bytes the range has.
    pub length: u64,
    /// The codecs between the range and the bytes that are meant; without any they are the range itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Layer>,
}

/// Bytes outside an item that belong to it, and from which values may come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// What they are.
    pub name: ContextName,
    /// How many bytes they are.
    pub bytes: u64,
    /// Their encoding, a label; absent where it is UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Where they lie; absent for [`ContextName::Path`] alone, which is the path of the first location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// The most bytes that the contexts of a trace have together.
pub const CONTEXT_LIMIT: u64 = 64 << 10;

/// What a context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextName {
    /// The part of the enclosing document that a value needs.
    Document,
    /// The header row of a table.
    Header,
    /// The header of an HTTP response.
    Http,
    /// The header of a mail message.
    Mail,
    /// The path of the first location, in UTF-8.
    Path,
    /// The header of a WARC record.
    Warc,
}

impl ContextName {
    /// Every name, in the order of the alphabet.
    pub const ALL: [Self; 6] = [
        Self::Document,
        Self::Header,
        Self::Http,
        Self::Mail,
        Self::Path,
        Self::Warc,
    ];

    /// The name as traces write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Header => "header",
            Self::Http => "http",
            Self::Mail => "mail",
            Self::Path => "path",
            Self::Warc => "warc",
        }
    }
}

impl fmt::Display for ContextName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Location {
    /// A whole range of a file, without layers.
    #[must_use]
    pub fn range(path: impl Into<String>, offset: u64, length: u64) -> Self {
        Self {
            path: path.into(),
            offset,
            length,
            layers: Vec::new(),
        }
    }
}
