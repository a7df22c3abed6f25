//! `files.json`: which files a state consists of.
//!
//! ```json
//! {
//!   "format": "dateline-files/1",
//!   "after": 1,
//!   "files": [
//!     {
//!       "path": "records/part-00000-0123456789abcdef.jsonl",
//!       "bytes": 123,
//!       "digest": "sha256:…"
//!     }
//!   ]
//! }
//! ```
//!
//! Files are in order of part and index, ledgers last, each once. The digest is over the bytes as they are stored. `after` stands in the
//! listing at the root alone: the newest release when the state was written, absent where there was
//! none. It is not signed: whoever packs a corpus in another way writes another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::layout::{self, LEDGER, RELEASES, release_file, release_number};
use super::{Container, PathError, ShardName};
use crate::digest::Digest;
use crate::json::{SyntaxError, Tape};
use crate::record::Misfit;
use crate::transit::{self, Pointer};

/// The format and version of `files.json`.
pub const FILES_FORMAT: &str = "dateline-files/1";

/// A `files.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The newest release when a working state was written.
    pub after: Option<u64>,
    /// The files, sorted by name.
    pub files: Vec<StoredFile>,
}

/// A file of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Which.
    pub name: FileName,
    /// Its size in bytes, as stored.
    pub bytes: u64,
    /// SHA-256 over its bytes, as stored.
    pub digest: Digest,
}

/// The name of a file of a state: a shard, or the ledger of a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FileName {
    /// A shard.
    Shard(ShardName),
    /// `releases/<number>/inputs.jsonl`, the ledger of a state that has the inputs of that release.
    Ledger(u64, Container),
}

/// Why a text is no `files.json`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListingError {
    /// It is not JSON as dateline reads it.
    #[error("is not strict JSON at byte {}: {source}", .source.offset)]
    Syntax {
        /// Where and why.
        #[from]
        source: SyntaxError,
    },
    /// Its members are not those of a listing.
    #[error("is no listing of files: {0}")]
    Fields(#[source] Misfit),
    /// A link leads to it from outside the corpus, and it is none; what it holds is not shown.
    #[error("is a link that leads out of the corpus, and not to a listing")]
    Outside,
    /// Another file lies in its place.
    #[error("is {0}: {remedy}", remedy = .0.remedy())]
    Pointer(Pointer),
    /// It is of another format or version.
    #[error("has the format {found:?}, not `{FILES_FORMAT}`")]
    Format {
        /// What it says.
        found: String,
    },
    /// It names what no state consists of.
    #[error(transparent)]
    Path(#[from] PathError),
    /// It names a file twice, or files out of their order.
    #[error("names `{path}` twice or out of order")]
    Order {
        /// The file.
        path: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<u64>,
    files: Vec<TextFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextFile {
    path: String,
    bytes: u64,
    digest: Digest,
}

impl Listing {
    /// Reads the bytes of a `files.json`.
    ///
    /// # Errors
    ///
    /// [`ListingError`], for everything but a listing of names that may lie in a corpus.
    pub fn read(bytes: &[u8]) -> Result<Self, ListingError> {
        if let Some(pointer) = transit::pointer(bytes) {
            return Err(ListingError::Pointer(pointer));
        }
        // The strict parse refuses what serde lets pass, such as a key that occurs twice.
        Tape::parse(bytes)?;
        let text: Text =
            serde_json::from_slice(bytes).map_err(|error| ListingError::Fields(error.into()))?;
        if text.format != FILES_FORMAT {
            return Err(ListingError::Format { found: text.format });
        }
        let mut files: Vec<StoredFile> = Vec::with_capacity(text.files.len());
        for TextFile {
            path,
            bytes,
            digest,
        } in text.files
        {
            let name = path.parse()?;
            if files.last().is_some_and(|before| before.name >= name) {
                return Err(ListingError::Order { path });
            }
            files.push(StoredFile {
                name,
                bytes,
                digest,
            });
        }
        Ok(Self {
            after: text.after,
            files,
        })
    }

    /// The bytes of the `files.json`.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let text = Text {
            format: FILES_FORMAT.to_owned(),
            after: self.after,
            files: self
                .files
                .iter()
                .map(|file| TextFile {
                    path: file.name.to_string(),
                    bytes: file.bytes,
                    digest: file.digest,
                })
                .collect(),
        };
        // Texts and integers always have a form in JSON.
        let mut bytes = serde_json::to_vec_pretty(&text).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

impl FileName {
    /// How the bytes of the file are coded.
    #[must_use]
    pub const fn container(&self) -> Container {
        match self {
            Self::Shard(name) => name.container(),
            Self::Ledger(_, container) => *container,
        }
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shard(name) => name.fmt(f),
            Self::Ledger(number, container) => {
                let name = format!("{LEDGER}{}", container.ending());
                f.write_str(&release_file(*number, &name))
            }
        }
    }
}

impl FromStr for FileName {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        layout::check(path)?;
        let ledger = || {
            let (number, file) = path
                .strip_prefix(RELEASES)?
                .strip_prefix('/')?
                .split_once('/')?;
            let (stem, container) = Container::split(file);
            let number = release_number(number)?;
            (stem == LEDGER).then_some(Self::Ledger(number, container))
        };
        match path.parse() {
            Ok(name) => Ok(Self::Shard(name)),
            Err(refused) => ledger().ok_or(refused),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{FileName, Listing, StoredFile};
    use crate::corpus::{Container, Part, ShardName};
    use crate::digest::Digest;

    fn listing() -> Listing {
        let digest = Digest::of(b"x\n");
        let shard = |part| FileName::Shard(ShardName::new(part, 0, &digest, Container::Plain));
        let file = |name| StoredFile {
            name,
            bytes: 2,
            digest,
        };
        Listing {
            after: Some(3),
            files: vec![
                file(shard(Part::Records)),
                file(shard(Part::Relations)),
                file(FileName::Ledger(3, Container::Zst)),
            ],
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let listing = listing();
        assert_eq!(Listing::read(&listing.write()).unwrap(), listing);
        let empty = Listing {
            after: None,
            files: Vec::new(),
        };
        assert_eq!(
            String::from_utf8(empty.write()).unwrap(),
            "{\n  \"format\": \"dateline-files/1\",\n  \"files\": []\n}\n"
        );
    }

    #[test]
    fn what_is_no_listing_is_refused_by_name() {
        let good = String::from_utf8(listing().write()).unwrap();
        for (from, to, message) in [
            (
                "dateline-files/1",
                "dateline-files/2",
                "has the format \"dateline-files/2\", not `dateline-files/1`",
            ),
            (
                "relations/",
                "../relations/",
                "has a part `..`, which may lead out of the corpus",
            ),
            ("relations/", "records/", "twice or out of order"),
            (
                "\"after\": 3",
                "\"after\": 3, \"after\": 3",
                "occurs twice in one object",
            ),
            ("\"after\"", "\"later\"", "field `later` is not known here"),
            (
                "releases/3/inputs.jsonl",
                "releases/3/manifest.json",
                "is not the name of",
            ),
            ("\n}\n", "", "found the end of the text"),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good, "{from}");
            let error = Listing::read(bad.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(message), "{from}: {error}");
        }
    }
}
