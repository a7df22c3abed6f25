//! Tests of documents of JSON.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{DuplicateKey, JsonDocument, JsonError, Value};
use crate::dump::cut::Encoding;
use crate::json::{Kind, Pointer};

const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];

fn write(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

const ARTICLE: &str = r#" {"title": "Café \u00e9 😀", "n": [1.5e3, null, true, [], {}],
    "é/~": {"title": "\ud83d"}, "title": -0} "#;

#[test]
fn everything_has_its_place_in_every_encoding() {
    for encoding in ENCODINGS {
        let item = write(ARTICLE, encoding);
        let document = JsonDocument::parse(&item, encoding).unwrap();
        let shows = |span: std::ops::Range<usize>, text: &str| {
            assert_eq!(item[span], write(text, encoding), "{text}");
        };
        shows(document.root().span(), ARTICLE.trim());
        let keys: Vec<_> = document.root().members().collect();
        for (member, key) in keys.iter().zip(["title", "n", "é/~", "title"]) {
            assert_eq!(member.key, key);
            shows(member.key_span.clone(), &format!("\"{key}\""));
        }
        let at = |pointer: &str| document.at(&Pointer::parse(pointer).unwrap());
        let title = at("/title").unwrap();
        assert_eq!(title.as_str().as_deref(), Some("Café é 😀"));
        assert!(title.has_escapes());
        shows(title.span(), r#""Café \u00e9 😀""#);
        shows(title.inside(), r"Café \u00e9 😀");
        shows(title.within(6..8), r"\u00e9");
        let half = at("/é~1~0/title").unwrap();
        assert_eq!((half.kind(), half.as_str()), (Kind::String, None));
        shows(half.inside(), r"\ud83d");
        let number = at("/n/0").unwrap();
        assert_eq!((number.kind(), number.written()), (Kind::Number, "1.5e3"));
        assert!(at("/n/5").is_none() && at("/x").is_none());
        let mut lookup = document.lookup();
        let found = lookup.at(&Pointer::root().key("title")).unwrap();
        assert_eq!(found.span(), title.span());
        let duplicates: Vec<DuplicateKey<'_>> = document.duplicates().collect();
        assert_eq!(duplicates.len(), 1);
        assert_eq!(duplicates[0].key, "title");
        assert_eq!(duplicates[0].first, keys[0].key_span);
        assert_eq!(duplicates[0].span, keys[3].key_span);
    }
}

#[test]
fn leaves_are_all_that_hold_no_others() {
    for encoding in ENCODINGS {
        let item = write(ARTICLE, encoding);
        let document = JsonDocument::parse(&item, encoding).unwrap();
        let mut leaves = document.leaves();
        let mut told = Vec::new();
        while let Some(leaf) = leaves.advance() {
            let key = leaf.key_span.clone().map(|span| item[span].to_vec());
            let inside = item[leaf.inside()].to_vec();
            told.push((leaf.pointer.to_string(), key, leaf.kind(), inside));
        }
        let leaf = |pointer: &str, key: Option<&str>, kind, inside: &str| {
            let key = key.map(|key| write(key, encoding));
            (pointer.to_owned(), key, kind, write(inside, encoding))
        };
        let expected = [
            leaf("/title", Some("\"title\""), Kind::String, r"Café \u00e9 😀"),
            leaf("/n/0", None, Kind::Number, "1.5e3"),
            leaf("/n/1", None, Kind::Null, "null"),
            leaf("/n/2", None, Kind::Bool, "true"),
            leaf("/é~1~0/title", Some("\"title\""), Kind::String, r"\ud83d"),
            leaf("/title", Some("\"title\""), Kind::Number, "-0"),
        ];
        assert_eq!(told, expected);
        let alone = write("\"x\"", encoding);
        let document = JsonDocument::parse(&alone, encoding).unwrap();
        let mut leaves = document.leaves();
        assert!(leaves.advance().is_some_and(|leaf| leaf.pointer.is_root()));
        assert!(leaves.advance().is_none());
    }
}

#[test]
fn what_is_wrong_is_at_its_byte() {
    for (text, at, message) in [
        ("{\"é😀\":NaN}", 7, "expected a value, found `NaN`"),
        (
            "[\"é\0\"]",
            3,
            "control character U+0000 in a string is not escaped",
        ),
        (
            "[\u{feff}1]",
            1,
            "expected a value or `]`, found `\\u{feff}`",
        ),
        (
            "[\"é",
            1,
            "the string that begins `\"é` has no closing quote",
        ),
        ("[1, 2", 5, "expected `,` or `]`, found the end of the text"),
    ] {
        for encoding in ENCODINGS {
            let item = write(text, encoding);
            let error = JsonDocument::parse(&item, encoding).unwrap_err();
            assert_eq!(error.to_string(), message);
            let before: String = text
                .encode_utf16()
                .take(at)
                .filter_map(|unit| char::from_u32(unit.into()))
                .collect();
            let expected = match encoding {
                Encoding::Utf8 if text.contains('😀') => "{\"é😀\":".len(),
                Encoding::Utf8 => before.len(),
                Encoding::Utf16Le | Encoding::Utf16Be => 2 * at,
            };
            assert_eq!(error.offset(), expected, "{text}");
        }
    }
    let half = JsonDocument::parse(b"[\0]\0\0", Encoding::Utf16Le);
    assert_eq!(half.unwrap_err().offset(), 4);
    let lone = JsonDocument::parse(b"[\0\"\0\0\xd8\"\0]\0", Encoding::Utf16Le).unwrap_err();
    assert_eq!(
        lone,
        JsonError::LoneSurrogate {
            offset: 4,
            unit: 0xD800
        }
    );
    assert_eq!(
        lone.to_string(),
        "code unit 0xD800 is half a surrogate pair and no UTF-16"
    );
    let invalid = JsonDocument::parse(b"[\"\xff\"]", Encoding::Utf8).unwrap_err();
    assert_eq!(
        (invalid.offset(), &*invalid.to_string()),
        (2, "byte 0xFF is not UTF-8 here")
    );
}

#[test]
fn what_is_long_and_deep_takes_no_stack_and_no_square() {
    // A pointer for each leaf by itself would take 200 gigabytes.
    let key = "k".repeat(2_000_000);
    let item = format!("{{\"{key}\":[{}0]}}", "0,".repeat(100_000));
    let document = JsonDocument::parse(item.as_bytes(), Encoding::Utf8).unwrap();
    let mut leaves = document.leaves();
    let mut count = 0;
    while leaves.advance().is_some() {
        count += 1;
    }
    assert_eq!(count, 100_001);
    let deep = "[".repeat(100_000);
    let error = JsonDocument::parse(deep.as_bytes(), Encoding::Utf8).unwrap_err();
    assert_eq!(error.offset(), 512);
}

/// All leaves, the slow way.
fn collect(value: Value<'_>, pointer: &Pointer, out: &mut Vec<(String, std::ops::Range<usize>)>) {
    match value.kind() {
        Kind::Array => {
            for (index, item) in value.items().enumerate() {
                collect(item, &pointer.clone().index(index), out);
            }
        }
        Kind::Object => {
            for member in value.members() {
                collect(member.value, &pointer.clone().key(&member.key), out);
            }
        }
        Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => {
            out.push((pointer.to_string(), value.inside()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(6901),
        ..ProptestConfig::default()
    })]

    #[test]
    fn documents_are_what_serde_reads(
        value in crate::dump::cut::json_value(),
        pretty: bool,
        encoding in proptest::sample::select(&ENCODINGS[..]),
    ) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let item = write(&text, encoding);
        let document = JsonDocument::parse(&item, encoding).unwrap();
        prop_assert_eq!(document.root().node.to_value(), value);
        let mut slow = Vec::new();
        collect(document.root(), &Pointer::root(), &mut slow);
        let mut leaves = document.leaves();
        let mut lookup = document.lookup();
        let mut found = Vec::new();
        while let Some(leaf) = leaves.advance() {
            found.push((leaf.pointer.to_string(), leaf.inside()));
            let same = lookup.at(leaf.pointer).unwrap();
            prop_assert_eq!(same.inside(), leaf.inside());
            prop_assert_eq!(&item[same.span()], &write(same.written(), encoding)[..]);
        }
        prop_assert_eq!(found, slow);
    }
}
