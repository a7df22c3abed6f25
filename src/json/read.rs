//! Values of Rust from a tape, without parsing its text again.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Items, Kind, Members, Node};

impl<'t> Node<'t> {
    /// The value as one of a type, as [`serde_json::from_slice`] reads it from the [text](Self::raw).
    ///
    /// # Errors
    ///
    /// Those of `serde_json`, with its words and places.
    ///
    /// ```
    /// use dateline::json::Tape;
    ///
    /// let tape = Tape::parse(br#"[["a", 1], ["b", 2]]"#)?;
    /// let pairs: Vec<(String, u64)> = tape.root().read()?;
    /// assert_eq!(pairs[1].1, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read<T: Deserialize<'t>>(&self) -> serde_json::Result<T> {
        // The tape says only that the value is none of its type; the text, which is read then, says why.
        T::deserialize(Lies(*self)).or_else(|Misfit| serde_json::from_slice(self.raw()))
    }
}

/// That a value is none of a type, or cannot be read from a tape.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the value is none of its type")]
struct Misfit;

impl de::Error for Misfit {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// A value that serde reads from its tape.
struct Lies<'t>(Node<'t>);

impl<'t> Deserializer<'t> for Lies<'t> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool => visitor.visit_bool(self.0.as_bool().ok_or(Misfit)?),
            Kind::Integer => {
                let integer = self.0.as_i64().ok_or(Misfit)?;
                match u64::try_from(integer) {
                    Ok(integer) => visitor.visit_u64(integer),
                    Err(_) => visitor.visit_i64(integer),
                }
            }
            Kind::Number => Err(Misfit),
            Kind::String => match self.0.as_str().ok_or(Misfit)? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Kind::Array => {
                let mut left = Left {
                    items: self.0.items(),
                    count: self.0.len(),
                };
                let value = visitor.visit_seq(&mut left)?;
                left.items.next().map_or(Ok(value), |_| Err(Misfit))
            }
            Kind::Object => {
                let mut members = Pairs {
                    members: self.0.members(),
                    value: None,
                };
                let value = visitor.visit_map(&mut members)?;
                let left = members
                    .value
                    .or_else(|| Some(members.members.next_slots()?.1));
                left.map_or(Ok(value), |_| Err(Misfit))
            }
        }
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.kind() {
            Kind::Null => visitor.visit_none(),
            Kind::Bool
            | Kind::Integer
            | Kind::Number
            | Kind::String
            | Kind::Array
            | Kind::Object => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        // Variants with values are read from the text.
        let text: CowStrDeserializer<'t, Misfit> =
            self.0.as_str().ok_or(Misfit)?.into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// The items of an array that are not read.
struct Left<'t> {
    items: Items<'t>,
    count: usize,
}

impl<'t> SeqAccess<'t> for &mut Left<'t> {
    type Error = Misfit;

    fn next_element_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        self.count = self.count.saturating_sub(1);
        let item = self.items.next();
        item.map(|item| seed.deserialize(Lies(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.count)
    }
}

/// The members of an object that are not read, and the value of the key that was read last.
struct Pairs<'t> {
    members: Members<'t>,
    value: Option<Node<'t>>,
}

impl<'t> MapAccess<'t> for &mut Pairs<'t> {
    type Error = Misfit;

    fn next_key_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misfit> {
        let Some((key, value)) = self.members.next_slots() else {
            return Ok(None);
        };
        self.value = Some(value);
        let key = key.text(self.members.source).ok_or(Misfit)?;
        match key {
            Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
            Cow::Owned(key) => seed.deserialize(key.into_deserializer()),
        }
        .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, Misfit> {
        seed.deserialize(Lies(self.value.take().ok_or(Misfit)?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::Value;

    use super::{Lies, Misfit};
    use crate::json::Tape;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Plain,
        Of(u64),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(String);

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct All {
        text: String,
        kind: Option<Kind>,
        #[serde(default)]
        pairs: Vec<(u64, i64)>,
        #[serde(default)]
        map: BTreeMap<String, Wrapped>,
        #[serde(default)]
        numbers: BTreeMap<u8, bool>,
        #[serde(default)]
        any: Option<Box<All>>,
    }

    /// A text that is an [`All`], which every kind of value is in.
    const TEXT: &str = r#"{"text":"a\n\u00e9","kind":"plain","pairs":[[1,-2],[3,4]],"map":{"a":"b","\u0063":"\ud83d\ude00"},"numbers":{},"any":{"text":"","kind":null}}"#;

    fn of_tape<'t, T: Deserialize<'t>>(tape: &'t Tape<'_>) -> Result<T, Misfit> {
        T::deserialize(Lies(tape.root()))
    }

    #[test]
    fn what_is_of_the_type_is_read_from_the_tape() {
        let tape = Tape::parse(TEXT.as_bytes()).unwrap();
        let all: All = of_tape(&tape).unwrap();
        assert_eq!(all, serde_json::from_str(TEXT).unwrap());
        let value: Value = of_tape(&tape).unwrap();
        assert_eq!(value, tape.root().to_value());
    }

    #[test]
    fn what_the_tape_does_not_give_is_read_from_the_text() {
        let text = br#"{"text":"","kind":{"of":3},"numbers":{"7":true}}"#;
        let tape = Tape::parse(text).unwrap();
        assert!(of_tape::<All>(&tape).is_err());
        let all: All = tape.root().read().unwrap();
        assert_eq!(all, serde_json::from_slice(text).unwrap());
        assert_eq!(all.kind, Some(Kind::Of(3)));
    }

    #[test]
    fn errors_are_those_of_serde_json() {
        for text in [
            "[]",
            r#"{"text":3}"#,
            r#"{"text":"","kind":"other"}"#,
            r#"{"text":"","pairs":[[1,2,3]]}"#,
        ] {
            let tape = Tape::parse(text.as_bytes()).unwrap();
            let error = tape.root().read::<All>().unwrap_err();
            let other = serde_json::from_str::<All>(text).unwrap_err();
            assert_eq!(error.to_string(), other.to_string());
        }
    }

    proptest! {
        /// Of what a text becomes by a few other bytes, the tape gives nothing that the text does not.
        #[test]
        fn the_tape_gives_what_the_text_gives(
            changes in prop::collection::vec((0..TEXT.len(), "[\\[\\]{}\",:0-9a-z-]{0,6}", 0..8_usize), 1..3),
        ) {
            let mut text = TEXT.to_owned();
            for (at, with, less) in changes {
                let at = at.min(text.len());
                text.replace_range(at..(at + less).min(text.len()), &with);
            }
            if let Ok(tape) = Tape::parse(text.as_bytes()) {
                if let Ok(all) = of_tape::<All>(&tape) {
                    prop_assert_eq!(Some(all), serde_json::from_str(&text).ok());
                }
                if let Ok(value) = of_tape::<Value>(&tape) {
                    prop_assert_eq!(Some(value), serde_json::from_str(&text).ok());
                }
            }
        }
    }
}
