//! Identifiers of records.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Time;
use crate::as_text;
use crate::digest::Digest;
use crate::json::canonical::{self, CanonicalError};

/// The longest id, in characters.
const LONGEST: usize = 128;

/// The identifier of a record: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`.
///
/// Ids order by bytes, which is the order of `LC_ALL=C sort`.
///
/// ```
/// use dateline::record::Id;
///
/// assert!("art-5f1c".parse::<Id>().is_ok());
/// assert!("-art".parse::<Id>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

/// A text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not an id: a letter or digit, then up to 127 letters, digits or `.`, `_`, `~`, `-`",
    .0.escape_debug()
)]
pub struct IdError(pub String);

impl Id {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has the form of the ids that [`derived_article_id`] and [`named_article_id`] give.
    pub(crate) fn is_derived(&self) -> bool {
        let digits = self.0.strip_prefix("art-").unwrap_or_default();
        let hexadecimal = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        digits.len() == 32 && digits.bytes().all(hexadecimal)
    }

    /// `prefix` and the first 32 hexadecimal digits of `digest`, the form of every derived id.
    pub(crate) fn derived(prefix: &str, digest: &Digest) -> Self {
        Self(format!("{prefix}{:.32}", digest.hex()))
    }
}

/// The id of an article by what it is made of: `art-` and 32 hexadecimal digits of the SHA-256 over the
/// canonical form of `[raw digest, header, fetch URL, fetch time]`, with `""` for what there is not
/// (`spec/record.md`, `id-derived`).
///
/// `header` are the decoded names of the header row of a table; of anything else there are none. `fetch_url` and
/// `fetch_time` are given where the item is all that was fetched.
///
/// # Errors
///
/// None for values of these types; the signature is that of the canonical writer.
pub fn derived_article_id(
    raw: &Digest,
    header: &[String],
    fetch_url: Option<&str>,
    fetch_time: Option<&Time>,
) -> Result<Id, CanonicalError> {
    let header = match header {
        [] => Value::from(""),
        names => Value::from(names),
    };
    let parts = [
        Value::from(raw.to_string()),
        header,
        Value::from(fetch_url.unwrap_or_default()),
        Value::from(fetch_time.map(Time::to_string).unwrap_or_default()),
    ];
    Ok(Id::derived(
        "art-",
        &Digest::of(&canonical::to_vec(&parts)?),
    ))
}

/// The id of an article by its name, a URL or an identifier, in a corpus whose setting is `ids: url` or
/// `ids: identifier`: `art-` and 32 hexadecimal digits of the SHA-256 over the canonical form of `[name]`
/// (`spec/record.md`, `id-url`, `id-identifier`).
///
/// # Errors
///
/// As [`derived_article_id`].
pub fn named_article_id(name: &str) -> Result<Id, CanonicalError> {
    Ok(Id::derived(
        "art-",
        &Digest::of(&canonical::to_vec(&[name])?),
    ))
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let first = text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric());
        let rest = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte));
        if first && rest && text.len() <= LONGEST {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError(text.to_owned()))
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::{Id, IdError};

    #[test]
    fn the_alphabet_and_the_length_are_held() {
        let longest = "a".repeat(128);
        for good in ["a", "0", "art-1", "A._~-", &longest] {
            assert_eq!(
                good.parse::<Id>().map(|id| id.to_string()),
                Ok(good.to_owned())
            );
        }
        let long = "a".repeat(129);
        for bad in ["", "-a", ".a", "a b", "a/b", "é", "a\n", &long] {
            assert_eq!(bad.parse::<Id>(), Err(IdError(bad.to_owned())));
        }
    }
}
