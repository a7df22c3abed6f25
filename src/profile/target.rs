//! The values a profile may read, named by pointers.

use std::fmt;
use std::str::FromStr;

use super::error::{hinted, nearest};
use crate::json::Pointer;
use crate::record::{AbsentKey, FIELDS, Field, FieldOrigin};
pub(super) use crate::record::{List, Nature};

/// A value of a record that a profile may read; `-` in its pointer stands for a member of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target(usize);

/// A text that names no value a profile may read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", hinted(
    format_args!("`{}` is no value that a profile reads", .0.escape_debug()),
    nearest(.0, &patterns())
))]
pub(super) struct UnknownTarget(String);

/// How many targets there are at most.
pub(super) const COUNT: usize = FIELDS.len();

/// Whether a profile may read a field: every one that comes from bytes, but for the host, which is the URL's, and
/// what only the header of a response states.
fn is_read(field: &Field) -> bool {
    field.origin == FieldOrigin::Traced
        && field.nature != Nature::Host
        && !matches!(field.list(), Some(List::Digests | List::Headers))
}

/// The patterns of all targets.
fn patterns() -> Vec<&'static str> {
    let read = FIELDS.iter().filter(|field| is_read(field));
    read.map(|field| field.pattern).collect()
}

impl Target {
    /// Its place among all targets.
    pub(super) const fn number(self) -> usize {
        self.0
    }

    fn row(self) -> &'static Field {
        let [first, ..] = &FIELDS;
        FIELDS.get(self.0).unwrap_or(first)
    }

    /// The pointer as profiles write it.
    pub(super) fn pattern(self) -> &'static str {
        self.row().pattern
    }

    pub(super) fn nature(self) -> Nature {
        self.row().nature
    }

    /// The key under which `absent` says why there is none.
    pub(super) fn absent_key(self) -> Option<AbsentKey> {
        self.row().absent_key()
    }

    pub(super) fn list(self) -> Option<List> {
        self.row().list()
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
        self.row().is_single()
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        FIELDS
            .iter()
            .position(|field| field.pattern == text && is_read(field))
            .map(Self)
            .ok_or_else(|| UnknownTarget(text.to_owned()))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pattern())
    }
}
