//! JSON Pointers: the names of places in a JSON text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::as_text;

/// A JSON Pointer (RFC 6901) such as `/article/authors/0/name`; the empty one names the whole.
///
/// Ordered by the bytes of its text.
///
/// ```
/// use dateline::json::Pointer;
///
/// let pointer = Pointer::root().key("x").key("a/b~c").index(0);
/// assert_eq!(pointer.to_string(), "/x/a~1b~0c/0");
/// assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["x", "a/b~c", "0"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

/// Why a text is not a JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PointerError {
    /// It is not empty and does not begin with `/`.
    #[error("JSON Pointer `{0}` does not begin with `/`")]
    Start(String),
    /// A `~` is followed by neither `0` nor `1`.
    #[error("`~` in JSON Pointer `{0}` is followed by neither `0` nor `1`")]
    Escape(String),
}

impl Pointer {
    /// The pointer that names the whole text.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Reads a pointer in its text form (RFC 6901, section 3), not percent-encoded.
    ///
    /// # Errors
    ///
    /// [`PointerError`] where the text does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        if !text.is_empty() && !text.starts_with('/') {
            return Err(PointerError::Start(text.to_owned()));
        }
        let escaped = |after: &str| after.starts_with(['0', '1']);
        if !text.split('~').skip(1).all(escaped) {
            return Err(PointerError::Escape(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// Steps into the member `key` of an object.
    pub fn push_key(&mut self, key: &str) {
        self.0.push('/');
        let mut rest = key;
        while let Some(at) = rest.find(['~', '/']) {
            let (plain, special) = rest.split_at(at);
            self.0.push_str(plain);
            self.0
                .push_str(if special.starts_with('~') { "~0" } else { "~1" });
            rest = special.get(1..).unwrap_or_default();
        }
        self.0.push_str(rest);
    }

    /// Steps into the item `index` of an array, counted from 0.
    pub fn push_index(&mut self, index: usize) {
        self.push_key(&index.to_string());
    }

    /// This pointer and one step into the member `key`.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.push_key(key);
        self
    }

    /// This pointer and one step into the item `index`.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.push_index(index);
        self
    }

    /// Goes back to the pointer that was so many bytes long.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// The pointer to what holds the place named; none for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    /// The steps from the root, decoded.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(|token| {
            if token.contains('~') {
                Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
            } else {
                Cow::Borrowed(token)
            }
        })
    }

    /// Whether it names the whole text.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        Self::parse(text)
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pointer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        as_text::deserialize(deserializer)
    }
}
