//! A profile as it is written: the keys of the YAML document and the shapes of their values.
//!
//! This is what `schemas/v1/profile.schema.json` says too; what must hold between values is
//! [`super::grammar`]'s.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use encoding_rs::Encoding;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::hinted;
use super::pattern::{Pattern, Search};
use super::target::Target;
use super::value::{As, Compare, EmbedKind, LinkRelation, Name, Original, Role, Within};
use crate::json::Pointer;
use crate::record::{AbsentKey, AbsentReason};
use crate::trace::Label;

/// The whole document. What is not serialised is not part of the canonical form: it changes no
/// reading.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) format: Format,
    pub(super) id: Word<Name>,
    pub(super) version: u64,
    #[serde(skip_serializing)]
    pub(super) title: Word<Text>,
    #[serde(default)]
    pub(super) encoding: Word<EncodingLabel>,
    #[serde(default, skip_serializing_if = "Split::is_whole")]
    pub(super) record: Split,
    pub(super) detect: Several<Word<Search>>,
    #[serde(default, skip_serializing_if = "Several::is_empty")]
    pub(super) not: Several<Word<Search>>,
    #[serde(default, skip_serializing_if = "Members::is_empty")]
    pub(super) absent: Members<AbsentKey, AbsentReason>,
    pub(super) grammar: Several<RawStep>,
    #[serde(default, skip_serializing)]
    pub(super) examples: Several<Example>,
    #[serde(default, skip_serializing)]
    pub(super) counterexamples: Several<Word<Text>>,
}

/// `format`
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Format {
    #[serde(rename = "dateline-profile/1")]
    V1,
}

/// How a file splits into items: the key `record`.
#[derive(Debug, Default)]
pub(super) enum Split {
    /// `whole`: it is one.
    #[default]
    Whole,
    /// `starts`: each match begins one.
    Starts(Word<Search>),
}

/// A step of the grammar: one verb or combinator and what goes with it, all in one mapping.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawStep {
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) field: Option<Word<Target>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) same_as: Option<Word<Original>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) drop: Option<Word<Label>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) embed: Option<EmbedKind>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) groups: Option<Members<String, RawGroup>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) seq: Option<Several<RawStep>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) any: Option<Several<RawStep>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) optional: Option<Several<RawStep>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) repeat: Option<Several<RawStep>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Word<Pattern>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) r#do: Option<Several<RawStep>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) r#match: Option<Word<Pattern>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) within: Option<Within>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) r#as: Option<Word<As>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) rest: Option<Word<Label>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) compare: Option<Compare>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) r#else: Option<Word<Label>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) relation: Option<LinkRelation>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<Role>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) remember: Option<Word<Name>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) min: Option<u64>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) max: Option<u64>,
}

/// What becomes of one group of a match.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawGroup {
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) field: Option<Word<Target>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) same_as: Option<Word<Original>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) drop: Option<Word<Label>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) r#as: Option<Word<As>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) compare: Option<Compare>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) r#else: Option<Word<Label>>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) relation: Option<LinkRelation>,
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<Role>,
}

/// An example: a text, and what the profile makes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    pub(super) input: Word<Text>,
    /// Every value, none left out.
    pub(super) fields: Members<Pointer, Expected>,
    /// Every tile but white space, in order.
    #[serde(default, deserialize_with = "present")]
    pub(super) dropped: Option<Several<(Word<Label>, Word<Text>)>>,
}

/// The value an example expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    Text(String),
    List(Vec<String>),
}

/// Text that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

/// The label of a character encoding (WHATWG), in lower case.
#[derive(Debug, Clone)]
pub(super) struct EncodingLabel(pub(super) String);

/// A value written as a YAML string; a number or `true` without quotes is none.
#[derive(Debug, Clone)]
pub(super) struct Word<T>(pub(super) T);

/// A YAML list; an empty value is none.
#[derive(Debug)]
pub(super) struct Several<T>(pub(super) Vec<T>);

/// A YAML mapping in its order.
#[derive(Debug)]
pub(super) struct Members<K, V>(pub(super) Vec<(K, V)>);

/// A key that is there has a value: nothing is not one.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl RawStep {
    /// The keys that are there, in the order of the document's type.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        those(&[
            ("field", self.field.is_some()),
            ("same_as", self.same_as.is_some()),
            ("drop", self.drop.is_some()),
            ("embed", self.embed.is_some()),
            ("groups", self.groups.is_some()),
            ("seq", self.seq.is_some()),
            ("any", self.any.is_some()),
            ("optional", self.optional.is_some()),
            ("repeat", self.repeat.is_some()),
            ("until", self.until.is_some()),
            ("do", self.r#do.is_some()),
            ("match", self.r#match.is_some()),
            ("within", self.within.is_some()),
            ("as", self.r#as.is_some()),
            ("rest", self.rest.is_some()),
            ("compare", self.compare.is_some()),
            ("else", self.r#else.is_some()),
            ("relation", self.relation.is_some()),
            ("role", self.role.is_some()),
            ("remember", self.remember.is_some()),
            ("min", self.min.is_some()),
            ("max", self.max.is_some()),
        ])
    }

    /// The step seen as what becomes of one group.
    pub(super) fn as_group(&self) -> RawGroup {
        RawGroup {
            field: self.field.clone(),
            same_as: self.same_as.clone(),
            drop: self.drop.clone(),
            r#as: self.r#as.clone(),
            compare: self.compare,
            r#else: self.r#else.clone(),
            relation: self.relation,
            role: self.role,
        }
    }

    /// The lists of steps within, by their keys.
    pub(super) fn nested(&self) -> impl Iterator<Item = (&'static str, &Several<RawStep>)> {
        [
            ("seq", &self.seq),
            ("any", &self.any),
            ("optional", &self.optional),
            ("repeat", &self.repeat),
            ("do", &self.r#do),
        ]
        .into_iter()
        .filter_map(|(key, steps)| Some((key, steps.as_ref()?)))
    }
}

impl RawGroup {
    /// The keys that are there.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        those(&[
            ("field", self.field.is_some()),
            ("same_as", self.same_as.is_some()),
            ("drop", self.drop.is_some()),
            ("as", self.r#as.is_some()),
            ("compare", self.compare.is_some()),
            ("else", self.r#else.is_some()),
            ("relation", self.relation.is_some()),
            ("role", self.role.is_some()),
        ])
    }
}

fn those(keys: &[(&'static str, bool)]) -> Vec<&'static str> {
    keys.iter()
        .filter(|(_, there)| *there)
        .map(|(key, _)| *key)
        .collect()
}

impl FromStr for Text {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("the text is empty".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for EncodingLabel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Encoding::for_label_no_replacement(text.as_bytes()).is_some();
        if known
            && !text
                .bytes()
                .any(|b| b.is_ascii_uppercase() || b.is_ascii_whitespace())
        {
            return Ok(Self(text.to_owned()));
        }
        Err(hinted(
            format_args!("`{}` is no label of an encoding", text.escape_debug()),
            "see https://encoding.spec.whatwg.org/#names-and-labels; labels are in lower case",
        ))
    }
}

impl fmt::Display for EncodingLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Default for Word<EncodingLabel> {
    fn default() -> Self {
        Self(EncodingLabel("utf-8".to_owned()))
    }
}

impl<T: fmt::Display> fmt::Display for Word<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: fmt::Display> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Reader<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            // Failing in here gives the mistake the place of this very text.
            fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Reader(PhantomData)).map(Word)
    }
}

impl Split {
    pub(super) const fn is_whole(&self) -> bool {
        matches!(self, Self::Whole)
    }
}

impl Serialize for Split {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole => serializer.serialize_str("whole"),
            Self::Starts(search) => serializer.collect_map([("starts", search)]),
        }
    }
}

impl<'de> Deserialize<'de> for Split {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Keys {
            starts: Word<Search>,
        }

        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Split;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`whole` or a mapping with the key `starts`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Split, E> {
                match text {
                    "whole" => Ok(Split::Whole),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Split, A::Error> {
                let keys = Keys::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Split::Starts(keys.starts))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

impl<T> Several<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Serialize> Serialize for Several<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }
        }

        deserializer
            .deserialize_any(Reader(PhantomData))
            .map(Several)
    }
}

impl<K, V> Members<K, V> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K, V> Default for Members<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Serialize, V: Serialize> Serialize for Members<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Members<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<K, V>(PhantomData<(K, V)>);

        impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Reader<K, V> {
            type Value = Vec<(K, V)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<(K, V)>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }

        deserializer
            .deserialize_any(Reader(PhantomData))
            .map(Members)
    }
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Expected;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Expected, E> {
                let text: Text = text.parse().map_err(E::custom)?;
                Ok(Expected::Text(text.0))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Expected, A::Error> {
                let mut items = Vec::new();
                while let Some(Word(Text(item))) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Expected::List(items))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}
