//! The manifest: the statement that seals a release.
//!
//! `manifest.json` is an in-toto Statement v1 in the canonical form of RFC 8785 and one U+000A. It
//! names the files it is about by their digests, and says of the release what must not change
//! unseen; how the shards are cut or compressed is not in it (`spec/manifest.md`).
//!
//! ```text
//! {"_type":"https://in-toto.io/Statement/v1",
//!  "predicate":{"changes":{…},"corpus":{"origin":"example.org/floods","title":"Floods"},
//!               "created":"2026-11-01T00:00:00Z","records":{…,"root":"sha256:…"},"release":1,…},
//!  "predicateType":"https://w3id.org/dateline/manifest/v1",
//!  "subject":[{"digest":{"sha256":"…"},"name":"entries.txt"},…]}
//! ```
//!
//! What a paper cites is the SHA-256 of these bytes: [`Manifest::digest`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::as_text;
use crate::corpus::Config;
use crate::digest::Digest;
use crate::json::canonical::{self, CanonicalError};
use crate::json::{SyntaxError, Tape};
use crate::record::{Precision, Time, TimeError};
use crate::release::Changes;
use crate::schema::Schema;
use crate::trace::ProfileRef;
use crate::transit::Cause;

/// The `predicateType` of a manifest of format version 1.
pub const PREDICATE_TYPE: &str = "https://w3id.org/dateline/manifest/v1";

/// What every version's `predicateType` begins with.
const PREDICATE_TYPES: &str = "https://w3id.org/dateline/manifest/";

/// The longest manifest that is read, in bytes.
pub const MAX_LENGTH: usize = 1 << 24;

/// The files a manifest is about, in the order in which it names them.
pub const SUBJECTS: [&str; 3] = ["entries.txt", "traces.txt", "inputs.jsonl"];

/// An in-toto Statement v1 that seals a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `https://in-toto.io/Statement/v1`
    #[serde(rename = "_type")]
    pub statement_type: StatementType,
    /// The files it is about: those of [`SUBJECTS`], in that order.
    pub subject: [Subject; 3],
    /// [`PREDICATE_TYPE`]
    #[serde(rename = "predicateType")]
    pub predicate_type: PredicateType,
    /// What is said of the release.
    pub predicate: Predicate,
}

/// The type of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementType {
    /// Version 1 of in-toto's statement.
    #[serde(rename = "https://in-toto.io/Statement/v1")]
    V1,
}

/// The type of the predicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PredicateType {
    /// Version 1 of dateline's manifest.
    #[serde(rename = "https://w3id.org/dateline/manifest/v1")]
    V1,
}

/// A file that the statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name in the release's folder, without any ending that compression adds.
    pub name: String,
    /// The digest of its uncompressed bytes.
    pub digest: DigestSet,
}

/// A digest as in-toto writes it: by algorithm, without a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestSet {
    /// SHA-256, 64 hexadecimal digits.
    #[serde(with = "hex")]
    pub sha256: Digest,
}

/// What is said of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predicate {
    /// Which corpus it is a release of.
    pub corpus: CorpusName,
    /// Its number: 1, then one more each time.
    pub release: u64,
    /// When it was sealed, the only clock in a corpus.
    pub created: Created,
    /// The release before; absent in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    /// The records, and the tree over `entries.txt`.
    pub records: Records,
    /// The tree over `traces.txt`.
    pub traces: Traces,
    /// How it differs from the release before; the first from nothing.
    pub changes: Changes,
    /// The schemas that records and traces match, by name.
    pub schemas: Vec<SchemaRef>,
    /// The profiles that the traces name, by id and version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<ProfileRef>,
    /// What sealed it.
    pub tool: Tool,
}

/// What a corpus is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorpusName {
    /// Its name in the world: a host, then any number of path segments.
    pub origin: String,
    /// Its title, for people.
    pub title: String,
    /// Its licence: an SPDX expression or a URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
}

/// The release before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// Its number.
    pub release: u64,
    /// The digest of its manifest.
    pub digest: Digest,
}

/// The records of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// How many articles there are.
    pub article: u64,
    /// How many relations there are.
    pub relation: u64,
    /// How many withdrawals there are.
    pub withdrawal: u64,
    /// How many leaves the tree has: all three together.
    pub size: u64,
    /// Its root (RFC 9162 §2.1.1).
    pub root: Digest,
}

/// The traces of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Traces {
    /// How many leaves the tree has.
    pub size: u64,
    /// Its root.
    pub root: Digest,
}

/// A schema by name and digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaRef {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u64,
    /// The digest of its file.
    pub digest: Digest,
}

/// What sealed a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// When a release was sealed: UTC to the second, `2026-11-01T00:00:00Z`.
///
/// ```
/// use dateline::manifest::Created;
///
/// let created = Created::from_unix(1_793_491_200).unwrap();
/// assert_eq!(created.to_string(), "2026-11-01T00:00:00Z");
/// assert_eq!(created.day(), "2026-11-01");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Created(Time);

/// Why a text is not the instant of a seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CreatedError {
    /// There is no such time.
    #[error(transparent)]
    Time(TimeError),
    /// It is not a time, or one of another precision or zone.
    #[error("`{}` is not a time written YYYY-MM-DDThh:mm:ssZ", .0.escape_debug())]
    Form(String),
}

/// Why bytes are no manifest.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// They are more than any manifest has.
    #[error("a manifest has at most {MAX_LENGTH} bytes, this one has {0}")]
    TooLong(usize),
    /// They are not those that were written: something became of them on the way.
    #[error("{cause}: {}", .cause.remedy())]
    Carried {
        /// What.
        cause: Cause,
    },
    /// They are no manifest, and a link leads to them from outside the corpus.
    #[error("it is no manifest (a link leads to this file from outside; its text is not shown)")]
    Unshown,
    /// They do not end with the one U+000A.
    #[error("the manifest does not end with one LF")]
    LineFeed,
    /// They are not JSON as dateline reads it.
    #[error("byte {}: {_0}", _0.offset)]
    Syntax(#[from] SyntaxError),
    /// They are not the canonical form of what they hold.
    #[error("byte {offset}: the manifest is not in the canonical form of RFC 8785")]
    Canonical {
        /// The first byte that differs.
        offset: usize,
    },
    /// The manifest is of a version that is not known here.
    #[error("the manifest is of the type {0:?}, only `{PREDICATE_TYPE}` is known")]
    Version(String),
    /// They do not match the schema.
    #[error("byte {offset}: {}{message}", match .pointer.as_str() { "" => String::new(), pointer => format!("`{pointer}`: ") })]
    Schema {
        /// The first byte of the value that is wrong.
        offset: usize,
        /// Which value, as a JSON Pointer.
        pointer: String,
        /// What is wrong with it.
        message: String,
    },
    /// A value has no form in Rust that its schema would allow, such as 31 April.
    #[error("the manifest: {0}")]
    Value(#[source] serde_json::Error),
    /// The first release names one before it.
    #[error("release 1 names a release before it")]
    PreviousOfFirst,
    /// A later release names none before it.
    #[error("release {0} names no release before it")]
    NoPrevious(u64),
    /// The release before has not the number before.
    #[error("release {release} names release {previous} as the one before it")]
    PreviousNumber {
        /// Its own number.
        release: u64,
        /// The number that it gives the release before.
        previous: u64,
    },
    /// The schemas or the profiles are out of order, or one occurs twice.
    #[error("`{0}` are not in order and without repetition")]
    Order(&'static str),
    /// The counts by type are not the size of the tree.
    #[error("{sum} records are counted by type, but the tree has {size}")]
    Counts {
        /// The sum of the counts.
        sum: u128,
        /// The size of the tree.
        size: u64,
    },
}

impl ManifestError {
    /// What became of it on the way, where that is what is wrong.
    #[must_use]
    pub const fn cause(&self) -> Option<&Cause> {
        if let Self::Carried { cause } = self {
            Some(cause)
        } else {
            None
        }
    }

    /// Whether the manifest could not be read for being of another version, as against being
    /// wrong.
    #[must_use]
    pub const fn is_unverifiable(&self) -> bool {
        matches!(self, Self::Version(_))
    }
}

impl From<&Config> for CorpusName {
    fn from(config: &Config) -> Self {
        Self {
            origin: config.origin.to_string(),
            title: config.title.clone(),
            license: config.license.clone(),
        }
    }
}

impl Manifest {
    /// Reads a manifest. There is one spelling of it: the bytes must be what
    /// [`Manifest::to_bytes`] gives.
    ///
    /// # Errors
    ///
    /// [`ManifestError`], for the first thing that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() > MAX_LENGTH {
            return Err(ManifestError::TooLong(bytes.len()));
        }
        Self::read_bytes(bytes).map_err(|error| {
            let cause = Cause::of(bytes, |bytes| Self::read_bytes(bytes).is_ok());
            cause.map_or(error, |cause| ManifestError::Carried { cause })
        })
    }

    fn read_bytes(bytes: &[u8]) -> Result<Self, ManifestError> {
        let body = bytes.strip_suffix(b"\n").ok_or(ManifestError::LineFeed)?;
        let tape = Tape::parse(body)?;
        let mut canonical = Vec::with_capacity(body.len());
        canonical::write(tape.root(), &mut canonical);
        if canonical != body {
            return Err(ManifestError::Canonical {
                offset: common_prefix(&canonical, body),
            });
        }
        if let Some(node) = tape.root().get("predicateType")
            && let Some(version) = node.as_str()
            && version != PREDICATE_TYPE
            && version.starts_with(PREDICATE_TYPES)
        {
            return Err(ManifestError::Version(version.into_owned()));
        }
        if let Some(schema) = Schema::named("manifest")
            && let Some(error) = schema.validate(tape.root()).into_iter().next()
        {
            return Err(ManifestError::Schema {
                offset: error.span.start,
                pointer: error.pointer.to_string(),
                message: error.message,
            });
        }
        let manifest: Self = serde_json::from_slice(body).map_err(ManifestError::Value)?;
        manifest.agrees()?;
        Ok(manifest)
    }

    /// The bytes of `manifest.json`: the canonical form and one U+000A.
    ///
    /// # Errors
    ///
    /// [`CanonicalError`] where a number is beyond 2^53 − 1.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        let mut bytes = canonical::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The digest that a paper cites: SHA-256 of [`Manifest::to_bytes`].
    ///
    /// # Errors
    ///
    /// As [`Manifest::to_bytes`].
    pub fn digest(&self) -> Result<Digest, CanonicalError> {
        Ok(Digest::of(&self.to_bytes()?))
    }

    /// The digest it gives to one of [`SUBJECTS`].
    #[must_use]
    pub fn subject(&self, name: &str) -> Option<Digest> {
        let subject = self.subject.iter().find(|subject| subject.name == name)?;
        Some(subject.digest.sha256)
    }

    /// The rules that no schema states.
    fn agrees(&self) -> Result<(), ManifestError> {
        let release = self.predicate.release;
        match self.predicate.previous {
            Some(_) if release == 1 => return Err(ManifestError::PreviousOfFirst),
            None if release != 1 => return Err(ManifestError::NoPrevious(release)),
            Some(previous) if previous.release.checked_add(1) != Some(release) => {
                return Err(ManifestError::PreviousNumber {
                    release,
                    previous: previous.release,
                });
            }
            Some(_) | None => {}
        }
        let schemas = &self.predicate.schemas;
        if !schemas.is_sorted_by(|a, b| (&a.name, a.version) < (&b.name, b.version)) {
            return Err(ManifestError::Order("schemas"));
        }
        let key = |profile: &ProfileRef| (profile.id.clone(), profile.version, profile.digest);
        if !self.predicate.profiles.is_sorted_by(|a, b| key(a) < key(b)) {
            return Err(ManifestError::Order("profiles"));
        }
        let records = &self.predicate.records;
        let sum = [records.article, records.relation, records.withdrawal]
            .into_iter()
            .map(u128::from)
            .sum();
        if sum != u128::from(records.size) {
            return Err(ManifestError::Counts {
                sum,
                size: records.size,
            });
        }
        Ok(())
    }
}

impl Created {
    /// The instant `seconds` after 1970-01-01T00:00:00Z; `None` outside the years 0001 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let instant = jiff::Timestamp::from_second(seconds).ok()?;
        instant.to_string().parse().ok()
    }

    /// The day in UTC, `YYYY-MM-DD`.
    #[must_use]
    pub fn day(&self) -> &str {
        self.0.day().unwrap_or_default()
    }

    /// The month in UTC, `01` to `12`.
    #[must_use]
    pub fn month(&self) -> &str {
        self.day().get(5..7).unwrap_or_default()
    }

    /// The year in UTC, `YYYY`.
    #[must_use]
    pub fn year(&self) -> &str {
        self.day().get(..4).unwrap_or_default()
    }
}

impl FromStr for Created {
    type Err = CreatedError;

    fn from_str(text: &str) -> Result<Self, CreatedError> {
        match text.parse::<Time>() {
            Ok(time) if time.precision() == Precision::Second && text.ends_with('Z') => {
                Ok(Self(time))
            }
            Err(error @ TimeError::Calendar(_)) => Err(CreatedError::Time(error)),
            // The forms of other times would not help.
            Ok(_) | Err(_) => Err(CreatedError::Form(text.to_owned())),
        }
    }
}

impl fmt::Display for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl Serialize for Created {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Created {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

/// Digests as in-toto writes them.
mod hex {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use crate::digest::Digest;

    pub(super) fn serialize<S: Serializer>(digest: &Digest, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&digest.hex())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Digest, D::Error> {
        Digest::from_hex(&String::deserialize(d)?).map_err(de::Error::custom)
    }
}

/// How many bytes two texts begin with in common.
fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests;
