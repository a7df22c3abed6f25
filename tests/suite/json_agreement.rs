//! The tape and the canonical writer against slow, obvious ones.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fmt;

use dateline::json::{Kind, MAX_INTEGER, Node, Tape, canonical};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The same cases on every machine and in every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(8785),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn good_and_mutated_texts_are_read_alike(
        value in any_json(),
        pretty: bool,
        mutations in vec(mutation(), 0..4),
    ) {
        let mut text = if pretty {
            serde_json::to_vec_pretty(&value).unwrap()
        } else {
            serde_json::to_vec(&value).unwrap()
        };
        for mutation in mutations {
            mutation.apply(&mut text);
        }
        let slow = serde_json::from_slice::<Strict>(&text);
        let shown = String::from_utf8_lossy(&text).into_owned();
        match (Tape::parse(&text), slow) {
            (Ok(tape), Ok(Strict(slow))) => {
                prop_assert_eq!(tape.root().to_value(), slow, "{}", shown);
                every_span_is_its_value(tape.root());
            }
            (Err(error), Err(_)) => prop_assert!(error.span().end <= text.len()),
            (tape, slow) => prop_assert!(false, "{shown}: {tape:?} but {slow:?}"),
        }
    }

    #[test]
    fn canonical_form_is_that_of_the_naive_writer(value in allowed_json()) {
        let mut expected = String::new();
        write_naively(&value, &mut expected);
        let canonical = canonical::to_vec(&value).unwrap();
        prop_assert_eq!(std::str::from_utf8(&canonical), Ok(expected.as_str()));
        // White space and escapes that need not be change nothing, nor does doing it twice.
        for other in [serde_json::to_vec_pretty(&value).unwrap(), escaped(&value), canonical.clone()] {
            let tape = Tape::parse(&other).unwrap();
            let mut again = Vec::new();
            canonical::write(tape.root(), &mut again);
            prop_assert_eq!(&again, &canonical);
        }
    }
}

/// The tape read again from a value's own bytes gives that value.
fn every_span_is_its_value(node: Node<'_>) {
    let tape = Tape::parse(node.raw()).unwrap();
    assert_eq!(tape.root().to_value(), node.to_value());
    assert_eq!(tape.root().span(), 0..node.span().len());
    match node.kind() {
        Kind::Array => assert_eq!(node.items().count(), node.len()),
        Kind::Object => assert_eq!(node.members().count(), node.len()),
        Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => {
            assert!(node.is_empty());
        }
    }
    let members = node.members().map(|member| {
        assert_eq!(
            node.get(&member.key).map(|value| value.span()),
            Some(member.value.span())
        );
        assert!(member.key_span.end <= member.value.span().start);
        member.value
    });
    for inner in members.chain(node.items()) {
        assert!(node.span().start < inner.span().start && inner.span().end < node.span().end);
        every_span_is_its_value(inner);
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        8 => integer(),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
    ];
    json(number.boxed())
}

fn allowed_json() -> impl Strategy<Value = Value> {
    json(integer().boxed())
}

fn integer() -> impl Strategy<Value = Value> {
    prop_oneof![-20..20_i64, -MAX_INTEGER..=MAX_INTEGER].prop_map(Value::from)
}

fn json(number: BoxedStrategy<Value>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 20, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            // Beyond 16 members keys are compared in another way.
            btree_map(text(), inner, 0..20)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Strings short enough to collide, of characters that JSON, UTF-8 or UTF-16 treats differently.
fn text() -> impl Strategy<Value = String> {
    let characters = select(vec![
        'a',
        'b',
        '"',
        '\\',
        '/',
        '\0',
        '\u{8}',
        '\t',
        '\n',
        '\u{C}',
        '\r',
        '\u{1F}',
        ' ',
        '\u{7F}',
        'é',
        '\u{301}',
        '\u{2028}',
        '\u{FEFF}',
        '\u{FFFF}',
        '\u{E000}',
        '\u{FB33}',
        '\u{1F600}',
        '\u{10FFFF}',
    ]);
    let special = vec(characters, 0..4).prop_map(|text| text.into_iter().collect());
    prop_oneof![3 => special, 1 => any::<String>()]
}

#[derive(Debug, Clone)]
enum Mutation {
    Replace(Index, Vec<u8>),
    Insert(Index, Vec<u8>),
    Remove(Index),
    Repeat(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let pieces: Vec<&[u8]> = vec![
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\"",
        b"\\",
        b"0",
        b"1",
        b"-",
        b".",
        b"e",
        b"E",
        b"+",
        b" ",
        b"\n",
        b"\t",
        b"\r",
        b"\0",
        b"\x7F",
        b"\x80",
        b"\xC3",
        b"\xED\xA0\x80",
        b"\xFF",
        b"\xEF\xBB\xBF",
        b"null",
        b"true",
        b"fals",
        b"NaN",
        b"\\u0061",
        b"\\u00",
        b"\\ud83d",
        b"\\ude00",
        b"\\ud83d\\ude00",
        b"\"a\":1,",
        b"\"\\u0061\":1,",
        b"9007199254740992",
        b"1.0",
    ];
    let piece = select(pieces).prop_map(<[u8]>::to_vec);
    prop_oneof![
        (any::<Index>(), piece.clone()).prop_map(|(at, piece)| Mutation::Replace(at, piece)),
        (any::<Index>(), piece).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        any::<Index>().prop_map(Mutation::Remove),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
    ]
}

impl Mutation {
    fn apply(&self, text: &mut Vec<u8>) {
        let spot = |index: &Index| index.index(text.len() + 1);
        match self {
            Self::Insert(at, piece) => {
                let at = spot(at);
                text.splice(at..at, piece.iter().copied());
            }
            Self::Replace(at, piece) => {
                let at = spot(at);
                text.splice(at..text.len().min(at + 1), piece.iter().copied());
            }
            Self::Remove(at) => {
                let at = spot(at);
                text.drain(at..text.len().min(at + 1));
            }
            Self::Repeat(from, to) => {
                let (from, to) = (spot(from), spot(to));
                let repeated = text[from.min(to)..from.max(to)].to_vec();
                text.extend(repeated);
            }
        }
    }
}

/// What `serde_json` reads, less floating-point numbers, great integers and duplicate keys.
#[derive(Debug)]
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dateline's JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        if value.abs() > MAX_INTEGER {
            return Err(E::custom("a great integer"));
        }
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        self.visit_i64(i64::try_from(value).map_err(E::custom)?)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("a fraction, an exponent or -0"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some((key, Strict(value))) = members.next_entry::<String, _>()? {
            if map.insert(key, value).is_some() {
                return Err(de::Error::custom("a duplicate key"));
            }
        }
        Ok(map.into())
    }
}

/// RFC 8785, sections 3.2.1 to 3.2.4, to the letter.
fn write_naively(value: &Value, out: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::String(text) => write_string_naively(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_naively(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| key.encode_utf16().collect::<Vec<u16>>());
            out.push('{');
            for (index, (key, value)) in members.into_iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write_string_naively(key, out);
                out.push(':');
                write_naively(value, out);
            }
            out.push('}');
        }
    }
}

fn write_string_naively(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{A}' => out.push_str("\\n"),
            '\u{C}' => out.push_str("\\f"),
            '\u{D}' => out.push_str("\\r"),
            '\u{0}'..='\u{1F}' => out.extend(format!("\\u{:04x}", u32::from(character)).chars()),
            '\\' | '"' => out.extend(['\\', character]),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// The text with every character of every string escaped.
fn escaped(value: &Value) -> Vec<u8> {
    let escape = |text: &str| -> String {
        let units = text.encode_utf16().map(|unit| format!("\\u{unit:04X}"));
        format!("\"{}\"", units.collect::<String>())
    };
    let join = |parts: Vec<String>| parts.join(" , ");
    let inner = |value: &Value| String::from_utf8(escaped(value)).unwrap();
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => escape(text),
        Value::Array(items) => format!("[{}]", join(items.iter().map(inner).collect())),
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| format!("{} : {}", escape(key), inner(value));
            // Backwards, so that sorting has something to do.
            format!("{{{}}}", join(members.iter().rev().map(member).collect()))
        }
    }
    .into_bytes()
}
