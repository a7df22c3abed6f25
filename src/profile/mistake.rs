//! A mistake of a profile read as a whole, and the line and column at which it lies.

use std::fmt;

use serde::Deserializer;
use serde::de::{self, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::error::ProfileError;

/// What a step gives, or the mistake in it.
pub(super) type OrMistake<T> = Result<T, Mistake>;

/// A mistake that shows only when the profile is read as a whole, at a value of it.
#[derive(Debug)]
pub(super) struct Mistake {
    pub(super) at: Place,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// The way from the top of the profile to a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place(Vec<Turn>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Turn {
    Key(String),
    Index(usize),
}

impl Place {
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Turn::Key(key.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.with(Turn::Index(index))
    }

    /// A mistake in what lies here.
    pub(super) fn mistake(&self, message: impl Into<String>) -> Mistake {
        Mistake {
            at: self.clone(),
            message: message.into(),
            hint: None,
        }
    }

    fn with(&self, turn: Turn) -> Self {
        let mut turns = self.0.clone();
        turns.push(turn);
        Self(turns)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, turn) in self.0.iter().enumerate() {
            match turn {
                Turn::Key(key) if depth == 0 => f.write_str(key)?,
                Turn::Key(key) => write!(f, ".{key}")?,
                Turn::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Mistake {
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The mistake with its line and column in `yaml`, which the YAML reader alone knows.
    pub(super) fn placed(self, yaml: &str) -> ProfileError {
        let (line, column) = locate(yaml, &self.at.0).unzip();
        ProfileError {
            line,
            column,
            path: Some(self.at.to_string()).filter(|path| !path.is_empty()),
            message: self.message,
            hint: self.hint,
        }
    }
}

/// The line and column at which the value at the end of `way` begins, both counted from 1.
fn locate(yaml: &str, way: &[Turn]) -> Option<(u64, u64)> {
    let found = Locate(way).deserialize(serde_yaml::Deserializer::from_str(yaml));
    let at = found.err()?.location()?;
    Some((
        u64::try_from(at.line()).ok()?,
        u64::try_from(at.column()).ok()?,
    ))
}

struct Locate<'p>(&'p [Turn]);

/// Walks to a value and fails there, so that the YAML reader, which alone knows, tells the place.
impl<'de> DeserializeSeed<'de> for Locate<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Locate<'_> {
    type Value = ();

    // What is neither a list nor a mapping fails by itself.
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if let Some((Turn::Key(wanted), rest)) = self.0.split_first() {
            while let Some(key) = map.next_key::<String>()? {
                if key == *wanted {
                    return map.next_value_seed(Locate(rest));
                }
                map.next_value::<IgnoredAny>()?;
            }
        }
        Err(de::Error::custom("here"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Some((&Turn::Index(wanted), rest)) = self.0.split_first() {
            for _ in 0..wanted {
                seq.next_element::<IgnoredAny>()?;
            }
            if seq.next_element_seed(Locate(rest))?.is_some() {
                return Ok(());
            }
        }
        Err(de::Error::custom("here"))
    }
}
