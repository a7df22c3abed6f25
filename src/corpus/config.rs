//! `dateline.yaml`: what a corpus is called and how it is built (`spec/corpus.md`, "Configuration").
//!
//! ```yaml
//! format: dateline-config/1
//! origin: news.example/courier
//! title: Stories of the Example Courier
//! license: CC-BY-4.0
//! ```
//!
//! It is read when building and sealing, never when verifying.

use std::fmt;
use std::io::{self, Read as _};
use std::path::Path;
use std::str::FromStr;

use serde::de::{self, DeserializeSeed, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::WriteError;
use super::layout::{CONFIG, inside};
use super::write::{WriteOptions, Writer};
use super::{Container, PathError};
use crate::open;
use crate::profile::is_too_deep;
use crate::record::IdRule;
use crate::record::words::plainly;

/// The format and version of `dateline.yaml`.
pub const CONFIG_FORMAT: &str = "dateline-config/1";
/// The largest `dateline.yaml` that is read, in bytes.
///
/// To read YAML takes up to two hundred times its length in memory.
const LARGEST: u64 = 1 << 16;
/// How many plain bytes a shard may be set to hold.
const SHARD_BYTES: std::ops::RangeInclusive<u64> = 65_536..=1_073_741_824;
/// The facets that can be required of articles.
const FACETS: [&str; 5] = ["source", "fetch", "traced", "archived", "licensed"];

/// What a corpus is called and how it is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    format: Format,
    /// The corpus's name in the world.
    pub origin: Origin,
    /// The title for people.
    #[serde(deserialize_with = "text")]
    pub title: String,
    /// The licence of the corpus: an SPDX expression or a URL.
    #[serde(default, deserialize_with = "some_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Whom to write to about the corpus and about withdrawals: an address or a URL.
    #[serde(default, deserialize_with = "some_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// What articles have their ids from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ids: IdRule,
    /// How many plain bytes a shard holds before the next one begins, 64 KiB to 1 GiB; 64 MiB where
    /// it is not said.
    #[serde(default, deserialize_with = "shard_bytes")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard_bytes: Option<u64>,
    /// How shards of records are compressed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub compress: Compress,
    /// The names of the facets that every article must have, none twice.
    #[serde(default, deserialize_with = "facets")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<String>,
    /// The names of codes of warnings that count as errors, none twice.
    #[serde(default, deserialize_with = "codes")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<String>,
    /// The names of codes of warnings and notes that are not reported, none twice.
    #[serde(default, deserialize_with = "codes")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
}

/// The name of a corpus in the world: a host, in lower case, with a port where it needs one, and any
/// number of path segments.
///
/// ```
/// use dateline::corpus::Origin;
///
/// assert!("news.example/courier".parse::<Origin>().is_ok());
/// assert!("https://news.example".parse::<Origin>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not an origin: a host in lower case, then any number of `/` and a segment of letters, \
     digits, `.`, `_`, `~`, `-`",
    .0.escape_debug()
)]
pub struct OriginError(pub String);

/// How shards of records are compressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Compress {
    /// Not at all.
    #[default]
    None,
    /// Zstandard.
    Zst,
    /// gzip.
    Gz,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It cannot be read.
    #[error("`{CONFIG}` cannot be read: {0}")]
    Io(#[source] io::Error),
    /// It leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A link leads to it from outside the corpus, and it is none; what it holds is not shown.
    #[error("`{CONFIG}` is a link that leads out of the corpus, and not to a configuration")]
    Outside,
    /// It is too long to be one.
    #[error("`{CONFIG}` has more than {LARGEST} bytes")]
    TooLong,
    /// It nests more than a configuration does.
    #[error("`{CONFIG}` opens too many `[` or `{{`")]
    TooDeep,
    /// It is not UTF-8.
    #[error("`{CONFIG}` is not UTF-8 at byte {0}")]
    Utf8(usize),
    /// It is not YAML, or not a configuration.
    #[error("`{CONFIG}`: {message}")]
    Yaml {
        /// What is wrong, with the key and the place where they are known.
        message: String,
        /// The line, from 1.
        line: Option<u64>,
        /// The character in the line, from 1.
        column: Option<u64>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Format;

impl Config {
    /// The configuration of a corpus in a folder of that name, which its origin and title default
    /// to.
    ///
    /// ```
    /// use dateline::corpus::Config;
    ///
    /// let config = Config::default_for("My Corpus (2)");
    /// assert_eq!(config.origin.as_str(), "my-corpus-2");
    /// assert_eq!(config.title, "My Corpus (2)");
    /// ```
    #[must_use]
    pub fn default_for(folder: &str) -> Self {
        let shown: String = folder.chars().filter(|c| !c.is_control()).collect();
        Self {
            format: Format,
            origin: Origin::default_for(folder),
            title: Some(shown.trim())
                .filter(|title| !title.is_empty())
                .unwrap_or("corpus")
                .to_owned(),
            license: None,
            contact: None,
            ids: IdRule::default(),
            shard_bytes: None,
            compress: Compress::default(),
            require: Vec::new(),
            deny: Vec::new(),
            allow: Vec::new(),
        }
    }

    /// Reads the configuration of the corpus at `root`; none where there is none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`].
    pub fn open(root: &Path) -> Result<Option<Self>, ConfigError> {
        let mut bytes = Vec::new();
        inside(root, CONFIG)?;
        let read = open::below(root, Path::new(CONFIG))
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) => {
                Err(ConfigError::TooLong)
            }
            Ok(_) => match Self::parse(&bytes) {
                Err(_) if open::is_outside(root, &root.join(CONFIG)) => Err(ConfigError::Outside),
                parsed => parsed.map(Some),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ConfigError::Io(error)),
        }
    }

    /// Reads the bytes of a `dateline.yaml`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], with line and column.
    ///
    /// ```
    /// use dateline::corpus::Config;
    ///
    /// let error = Config::parse(b"format: dateline-config/1\norigin: Example\ntitle: A").unwrap_err();
    /// assert!(error.to_string().contains("line 2 column 9"));
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, ConfigError> {
        let text =
            std::str::from_utf8(bytes).map_err(|error| ConfigError::Utf8(error.valid_up_to()))?;
        // A mark at the beginning is no part of the text (YAML 1.2, section 5.2).
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        if is_too_deep(text) {
            return Err(ConfigError::TooDeep);
        }
        serde_yaml::from_str(text).map_err(|error| {
            let at = error.location();
            let place = |number: usize| u64::try_from(number).ok();
            ConfigError::Yaml {
                line: at.as_ref().and_then(|at| place(at.line())),
                column: at.as_ref().and_then(|at| place(at.column())),
                message: plainly(&error.to_string(), "a mapping"),
            }
        })
    }

    /// Writes the configuration into the corpus where it has none, and says whether it did.
    ///
    /// # Errors
    ///
    /// [`WriteError`].
    pub fn write_if_absent(&self, writer: &Writer) -> Result<bool, WriteError> {
        let text = serde_yaml::to_string(self).map_err(WriteError::Config)?;
        writer.put_absent(CONFIG, text.as_bytes())
    }

    /// How its shards are written.
    #[must_use]
    pub fn write_options(&self) -> WriteOptions {
        let default = WriteOptions::default();
        WriteOptions {
            shard_bytes: self.shard_bytes.unwrap_or(default.shard_bytes),
            compress: match self.compress {
                Compress::None => Container::Plain,
                Compress::Zst => Container::Zst,
                Compress::Gz => Container::Gz,
            },
            traces: default.traces,
        }
    }
}

impl Origin {
    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The origin of a corpus in a folder of that name: its letters and digits in lower case, a `-`
    /// for each run of others.
    fn default_for(folder: &str) -> Self {
        let lower = folder.to_ascii_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
            .map(|word| word.trim_matches('.'))
            .filter(|word| !word.is_empty())
            .collect();
        let joined = words.join("-");
        Self(if joined.is_empty() {
            "corpus".to_owned()
        } else {
            joined
        })
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let mut parts = text.split('/');
        let host = parts.next().is_some_and(is_host);
        if host && parts.all(is_segment) {
            Ok(Self(text.to_owned()))
        } else {
            Err(OriginError(text.to_owned()))
        }
    }
}

fn is_host(text: &str) -> bool {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().last()];
    let port_is_good = port.is_none_or(|port| {
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        digits && (1..=5).contains(&port.len()) && !port.starts_with('0')
    });
    ends.iter().all(|end| end.is_some_and(alphanumeric))
        && name
            .bytes()
            .all(|byte| alphanumeric(byte) || byte == b'.' || byte == b'-')
        && port_is_good
}

fn is_segment(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, str::parse)
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(CONFIG_FORMAT)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        checked(deserializer, |found| {
            if found == CONFIG_FORMAT {
                return Ok(Self);
            }
            let found = found.escape_debug();
            Err(format!(
                "`{found}` is not `{CONFIG_FORMAT}`, the format that is read"
            ))
        })
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    checked(deserializer, |text| {
        if text.is_empty() {
            Err("the text is empty")
        } else {
            Ok(text.to_owned())
        }
    })
}

fn some_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    text(deserializer).map(Some)
}

fn shard_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    deserializer.deserialize_u64(ShardBytes).map(Some)
}

fn facets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_seq(Words(|word: &str| {
        let known = FACETS.into_iter().any(|facet| facet == word);
        (!known).then(|| format!("is not a facet of articles: {}", FACETS.join(", ")))
    }))
}

fn codes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_seq(Words(|word: &str| {
        let first = word.starts_with(|c: char| c.is_ascii_lowercase());
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let part = |part: &str| !part.is_empty() && part.bytes().all(lower);
        let good = first && word.split('-').all(part);
        (!good).then(|| "is not a code: lower-case words joined by `-`".to_owned())
    }))
}

/// Reads a text and makes something of it.
///
/// What is wrong with a value is said from inside a visitor, where the YAML reader knows its line.
fn checked<'de, D: Deserializer<'de>, T, E: fmt::Display>(
    deserializer: D,
    make: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    // Not as a text: `12` is an integer, whatever is asked for.
    deserializer.deserialize_any(Checked(make))
}

struct Checked<F>(F);

impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Checked<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<V: de::Error>(self, text: &str) -> Result<T, V> {
        (self.0)(text).map_err(V::custom)
    }
}

struct ShardBytes;

impl Visitor<'_> for ShardBytes {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, most) = (SHARD_BYTES.start(), SHARD_BYTES.end());
        write!(f, "an integer from {least} to {most}")
    }

    fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<u64, E> {
        if SHARD_BYTES.contains(&bytes) {
            Ok(bytes)
        } else {
            Err(E::invalid_value(Unexpected::Unsigned(bytes), &self))
        }
    }
}

/// A list of words, none twice, of which the function says why one is not allowed.
struct Words<F>(F);

impl<'de, F: Fn(&str) -> Option<String>> Visitor<'de> for Words<F> {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of strings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element_seed(Word {
            refuse: &self.0,
            before: &words,
        })? {
            words.push(word);
        }
        if words.is_empty() {
            return Err(de::Error::custom("the list is empty"));
        }
        Ok(words)
    }
}

struct Word<'w, F> {
    refuse: &'w F,
    before: &'w [String],
}

impl<'de, F: Fn(&str) -> Option<String>> DeserializeSeed<'de> for Word<'_, F> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        checked(deserializer, |word| {
            let shown = word.escape_debug();
            if let Some(why) = (self.refuse)(word) {
                Err(format!("`{shown}` {why}"))
            } else if self.before.iter().any(|before| before == word) {
                Err(format!("`{shown}` is named twice"))
            } else {
                Ok(word.to_owned())
            }
        })
    }
}

#[cfg(test)]
mod tests;
