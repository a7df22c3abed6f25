//! Tests of the tape, its errors, pointers and the canonical form.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic"
)]

use super::{
    Kind, MAX_DEPTH, MAX_VALUES, Memory, Pointer, PointerError, SyntaxErrorKind, Tape, canonical,
};
use crate::digest::Digest;

fn fault(source: impl AsRef<[u8]>) -> (usize, String) {
    let error = Tape::parse(source.as_ref()).expect_err("a fault");
    assert_eq!(Tape::faults(source.as_ref()).first(), Some(&error));
    assert!(error.span().end <= source.as_ref().len());
    (error.offset, error.to_string())
}

fn canon(source: &str) -> String {
    let tape = Tape::parse(source.as_bytes()).expect("JSON");
    let mut out = Vec::new();
    canonical::write(tape.root(), &mut out);
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn every_value_has_its_span() {
    let source = r#" {"a" : [ 1, "\u00e9b" , {} ], "\u0062":-20,"c":null,"d":true} "#;
    let tape = Tape::parse(source.as_bytes()).expect("JSON");
    let root = tape.root();
    assert_eq!(root.span(), 1..source.len() - 1);
    assert_eq!(root.len(), 4);
    let keys: Vec<_> = root.members().map(|m| (m.key, m.key_span)).collect();
    assert_eq!(keys[0], ("a".into(), 2..5));
    assert_eq!(keys[1], ("b".into(), 31..39));
    let list = root.get("a").expect("a");
    assert_eq!((list.kind(), list.len()), (Kind::Array, 3));
    let items: Vec<_> = list.items().collect();
    assert_eq!(items[0].as_i64(), Some(1));
    assert_eq!(items[1].as_str().as_deref(), Some("éb"));
    assert_eq!(items[1].raw(), br#""\u00e9b""#);
    assert!(items[2].is_empty() && items[2].kind() == Kind::Object);
    assert_eq!(root.get("b").and_then(|b| b.as_i64()), Some(-20));
    assert_eq!(root.get("c").map(|c| c.kind()), Some(Kind::Null));
    assert_eq!(root.get("d").and_then(|d| d.as_bool()), Some(true));
    assert!(root.get("e").is_none() && root.items().next().is_none());
    assert_eq!(
        root.to_value(),
        serde_json::from_str::<serde_json::Value>(source).expect("JSON")
    );
}

#[test]
fn escapes_are_decoded() {
    let source = r#""\"\\\/\b\f\n\r\t\u0000\u20AC\uD83D\uDE00é""#;
    let tape = Tape::parse(source.as_bytes()).expect("JSON");
    assert_eq!(
        tape.root().as_str().as_deref(),
        Some("\"\\/\u{8}\u{c}\n\r\t\0€😀é")
    );
}

/// Each fault, the offset it is reported at and its message.
const FAULTS: &[(&str, usize, &str)] = &[
    ("", 0, "expected a value, found the end of the text"),
    ("  ", 2, "expected a value, found the end of the text"),
    (
        "\u{FEFF}{}",
        0,
        "the text begins with a byte order mark (U+FEFF)",
    ),
    ("NaN", 0, "expected a value, found `NaN`"),
    ("nul", 0, "expected a value, found `nul`"),
    ("[True]", 1, "expected a value or `]`, found `True`"),
    (
        "{'a':1}",
        1,
        "expected a key in double quotes or `}`, found `'`",
    ),
    ("{\"a\" 1}", 5, "expected `:`, found `1`"),
    ("{\"a\":}", 5, "expected a value, found `}`"),
    ("{\"a\":1 \"b\"}", 7, "expected `,` or `}`, found `\"`"),
    ("{\"a\":1]", 6, "expected `,` or `}`, found `]`"),
    ("[1 2]", 3, "expected `,` or `]`, found `2`"),
    ("[1}", 2, "expected `,` or `]`, found `}`"),
    ("[1", 2, "expected `,` or `]`, found the end of the text"),
    ("[", 1, "expected a value or `]`, found the end of the text"),
    (
        "{",
        1,
        "expected a key in double quotes or `}`, found the end of the text",
    ),
    (
        "{\"a\":1,",
        7,
        "expected a key in double quotes, found the end of the text",
    ),
    ("[,]", 1, "expected a value or `]`, found `,`"),
    ("[1,]", 2, "a comma before `]`"),
    ("{\"a\":1 , }", 7, "a comma before `}`"),
    ("{} {}", 3, "`{` after the end of the value"),
    ("1\u{0}", 1, "`\\0` after the end of the value"),
    (
        "\"ab",
        0,
        "the string that begins `\"ab` has no closing quote",
    ),
    (
        "\"ab\\",
        0,
        "the string that begins `\"ab\\` has no closing quote",
    ),
    (
        "\"a\tb\"",
        2,
        "control character U+0009 in a string is not escaped",
    ),
    ("\"\\x41\"", 1, "`\\x` is not an escape of JSON"),
    ("\"\\u12\"", 1, "`\\u12` is not an escape of JSON"),
    ("\"\\U0041\"", 1, "`\\U` is not an escape of JSON"),
    (
        "\"\\uD800\"",
        1,
        "`\\uD800` is half a surrogate pair and stands for no character",
    ),
    (
        "\"\\udead\\ud83d\"",
        1,
        "`\\udead` is half a surrogate pair and stands for no character",
    ),
    (
        "\"\\ud83d\\u0041\"",
        1,
        "`\\ud83d` is half a surrogate pair and stands for no character",
    ),
    ("-", 0, "`-` is not a number of JSON"),
    ("[1.]", 1, "`1.` is not a number of JSON"),
    ("[1e+]", 1, "`1e+` is not a number of JSON"),
    ("[1-2]", 1, "`1-2` is not a number of JSON"),
    ("012", 0, "number `012` begins with a zero"),
    ("-00", 0, "number `-00` begins with a zero"),
    (
        "1.0",
        0,
        "number `1.0` has a fraction: only integers are allowed",
    ),
    (
        "-0.0e1",
        0,
        "number `-0.0e1` has a fraction: only integers are allowed",
    ),
    (
        "1E2",
        0,
        "number `1E2` has an exponent: only integers written in full are allowed",
    ),
    ("-0", 0, "number `-0`: zero has no sign"),
    (
        "9007199254740992",
        0,
        "number `9007199254740992` is beyond ±9007199254740991 (2^53 − 1)",
    ),
    (
        "-99999999999999999999999999999999999999999999999999999999999999",
        0,
        "number `-99999999999999999999999999999999999999999999999999999999999…` is beyond \
         ±9007199254740991 (2^53 − 1)",
    ),
    (
        "{\"id\":1,\"\\u0069d\":2}",
        8,
        "key `id` occurs twice in one object",
    ),
    (
        "{\"\\n\":1,\"\\u000a\":2}",
        8,
        "key `\\n` occurs twice in one object",
    ),
];

#[test]
fn faults_are_named_and_placed() {
    for &(source, offset, message) in FAULTS {
        assert_eq!(fault(source), (offset, message.to_owned()), "{source:?}");
    }
    let (offset, message) = fault(b"\"a\xFFb\"");
    assert_eq!(
        (offset, message.as_str()),
        (2, "byte 0xFF is not UTF-8 here")
    );
}

#[test]
fn texts_are_compared_and_begun_without_reading_all_of_them() {
    let source = r#"["", "abc", "é\n", "\u0041\u00e9\ud83d\ude00b\"\/", "\\\\\\", "\ud83d\ude00\ud83d\ude00\ud83d\ude00", "😀😀😀", 7]"#;
    let tape = Tape::parse(source.as_bytes()).expect("JSON");
    let texts: Vec<_> = tape.root().items().map(|item| item.as_str()).collect();
    for (item, text) in tape.root().items().zip(&texts) {
        for other in texts.iter().flatten() {
            assert_eq!(item.is_text(other), text.as_ref() == Some(other), "{other}");
        }
        for count in 0..10 {
            let begin = |text: &str| text.chars().take(count).collect::<String>();
            let beginning = item.beginning(count);
            assert_eq!(
                beginning.as_deref().map(begin),
                text.as_deref().map(begin),
                "{count} of {item:?}"
            );
            let all = text
                .as_ref()
                .is_some_and(|text| text.chars().count() <= count);
            assert!(!all || beginning == *text, "{count} of {item:?}");
        }
    }
    // Each of these looks would read a megabyte.
    let source = format!("\"{}\"", "\\n".repeat(500_000));
    let tape = Tape::parse(source.as_bytes()).expect("JSON");
    for _ in 0..100_000 {
        assert!(!tape.root().is_text("\n"));
        assert!(
            tape.root()
                .beginning(1)
                .is_some_and(|begin| begin.len() < 100)
        );
    }
}

#[test]
fn all_faults_are_told_as_far_as_the_grammar_leads() {
    let faults = |source: &str| -> Vec<(usize, &'static str)> {
        let name = |kind: &SyntaxErrorKind| match kind {
            SyntaxErrorKind::ByteOrderMark => "mark",
            SyntaxErrorKind::ControlCharacter { .. } => "control",
            SyntaxErrorKind::DuplicateKey { .. } => "key",
            SyntaxErrorKind::Fraction { .. } => "fraction",
            SyntaxErrorKind::LoneSurrogate { .. } => "surrogate",
            SyntaxErrorKind::NegativeZero => "zero",
            SyntaxErrorKind::TrailingComma { .. } => "comma",
            other => panic!("{other}"),
        };
        let faults = Tape::faults(source.as_bytes());
        assert_eq!(
            faults.first(),
            Tape::parse(source.as_bytes()).err().as_ref()
        );
        faults
            .iter()
            .map(|one| (one.offset, name(&one.kind)))
            .collect()
    };
    assert_eq!(faults(r#"{"a":[1,"b"]}"#), []);
    assert_eq!(
        faults("\u{feff}{\"a\":1.5,\"a\":[-0,\"\tx\\ud800\"],\"a\":2}"),
        [
            (0, "mark"),
            (8, "fraction"),
            (12, "key"),
            (17, "zero"),
            (21, "control"),
            (23, "surrogate"),
            (32, "key")
        ]
    );
    assert_eq!(faults("[1.5,]1.5"), [(1, "fraction"), (4, "comma")]);
    let many = format!("[{}1]", "1.5,".repeat(5000));
    assert_eq!(faults(&many).len(), 1000);
}

#[test]
fn the_greatest_integers_are_kept() {
    for source in ["9007199254740991", "-9007199254740991", "0", "-1"] {
        assert_eq!(canon(source), source);
        let tape = Tape::parse(source.as_bytes()).expect("JSON");
        assert_eq!(tape.root().as_i64(), source.parse().ok());
    }
}

#[test]
fn a_duplicate_names_its_first_occurrence() {
    let error = Tape::parse(br#"{"a":{"a":1},"b":2,"\u0061":3}"#).expect_err("a duplicate");
    assert_eq!(error.span(), 19..27);
    let SyntaxErrorKind::DuplicateKey { key, first } = error.kind else {
        panic!("{error}");
    };
    assert_eq!((key.as_str(), first), ("a", 1..4));
}

#[test]
fn duplicates_are_found_among_many_members() {
    for size in [1_usize, 15, 16, 17, 18, 10_000] {
        let members: Vec<_> = (0..size)
            .map(|n| format!("\"k{n}\":{{\"k0\":[]}}"))
            .collect();
        let good = format!("{{{}}}", members.join(","));
        let tape = Tape::parse(good.as_bytes()).expect("JSON");
        assert_eq!(tape.root().len(), size);
        for again in [0, size - 1] {
            // Written with an escape, so that only decoded keys are equal.
            let bad = format!("{{{},\"\\u006b{again}\":1}}", members.join(","));
            let (offset, message) = fault(&bad);
            assert_eq!(offset, good.len());
            assert_eq!(
                message,
                format!("key `k{again}` occurs twice in one object")
            );
        }
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(Tape::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    let too_deep = "arrays and objects lie more than 128 deep inside each other";
    assert_eq!(
        fault(nested(MAX_DEPTH + 1)),
        (MAX_DEPTH, too_deep.to_owned())
    );
    assert_eq!(fault("[".repeat(100_000)), (MAX_DEPTH, too_deep.to_owned()));
    assert_eq!(fault("{\"a\":".repeat(100_000)).1, too_deep);
}

#[test]
fn the_number_of_values_and_keys_is_bounded() {
    let list = |values: usize| format!("[{}1]", "1,".repeat(values - 2));
    let tape = list(MAX_VALUES);
    let tape = Tape::parse(tape.as_bytes()).expect("JSON");
    assert_eq!(tape.root().slots(), MAX_VALUES);
    let too_many = "it holds more than 1048576 values and keys; what follows is not read";
    let at = list(MAX_VALUES).len() - 1;
    assert_eq!(fault(list(MAX_VALUES + 1)), (at + 1, too_many.to_owned()));
    // A key counts, and so does the value behind it.
    let object = |values| list(values).replacen('1', "{\"a\":0}", 1);
    assert!(Tape::parse(object(MAX_VALUES - 2).as_bytes()).is_ok());
    assert_eq!(fault(object(MAX_VALUES - 1)).1, too_many);
}

#[test]
fn pointers_name_places() {
    // The examples of RFC 6901, section 5.
    let source = br#"{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8," ":7,"k\"l":6}"#;
    let tape = Tape::parse(source).expect("JSON");
    for (pointer, raw) in [
        ("/foo", r#"["bar","baz"]"#),
        ("/foo/0", r#""bar""#),
        ("/", "0"),
        ("/a~1b", "1"),
        ("/c%d", "2"),
        ("/k\"l", "6"),
        ("/ ", "7"),
        ("/m~0n", "8"),
    ] {
        let pointer = Pointer::parse(pointer).expect("a pointer");
        let node = tape.root().at(&pointer).expect("a place");
        assert_eq!(node.raw(), raw.as_bytes(), "{pointer}");
    }
    assert_eq!(
        tape.root().at(&Pointer::root()).map(|n| n.span()),
        Some(0..source.len())
    );
    for nowhere in [
        "/foo/2", "/foo/00", "/foo/-", "/foo/+0", "/foo/", "/foo/0/x", "/bar",
    ] {
        let pointer = Pointer::parse(nowhere).expect("a pointer");
        assert!(tape.root().at(&pointer).is_none(), "{nowhere}");
    }
    assert_eq!(Pointer::parse("a"), Err(PointerError::Start("a".into())));
    for bad in ["/~", "/a~2", "/~~0"] {
        assert_eq!(Pointer::parse(bad), Err(PointerError::Escape(bad.into())));
    }
    let pointer = Pointer::root().key("~1").key("").index(3);
    assert_eq!(pointer.as_str(), "/~01//3");
    assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["~1", "", "3"]);
    assert_eq!(pointer.parent(), Some(Pointer::root().key("~1").key("")));
    assert_eq!(Pointer::root().parent(), None);
    let json = serde_json::to_string(&pointer).expect("JSON");
    assert_eq!(serde_json::from_str::<Pointer>(&json).ok(), Some(pointer));
    assert!(serde_json::from_str::<Pointer>("\"a\"").is_err());
}

#[test]
fn canonical_form_is_that_of_rfc_8785() {
    assert_eq!(
        canon(" { \"b\" : [ 1 , { } ] , \"a\" : null } "),
        r#"{"a":null,"b":[1,{}]}"#
    );
    assert_eq!(
        canon(r#""\u0000\u001F\u007f\u2028\/\"\\\b\t\n\f\r\u00E9""#),
        "\"\\u0000\\u001f\u{7f}\u{2028}/\\\"\\\\\\b\\t\\n\\f\\ré\""
    );
    // U+1F600 is D83D DE00 in UTF-16 and so precedes U+FB33, though not in UTF-8.
    assert_eq!(
        canon("{\"\u{FB33}\":1,\"\u{1F600}\":2}"),
        "{\"\u{1F600}\":2,\"\u{FB33}\":1}"
    );
    // What is behind eight bytes that keys have in common decides, too.
    assert_eq!(
        canon(
            "{\"headline\u{FB33}\":1,\"headline\u{1F600}\":2,\"headlines\":3,\"headline\":4,\"head\":5}"
        ),
        "{\"head\":5,\"headline\":4,\"headlines\":3,\"headline\u{1F600}\":2,\"headline\u{FB33}\":1}"
    );
    // Sorting is by decoded keys.
    assert_eq!(canon(r#"{"b":1,"\u0061":2}"#), r#"{"a":2,"b":1}"#);
    // Never normalised.
    assert_ne!(canon("\"e\u{301}\""), canon("\"é\""));
}

#[test]
fn members_are_left_out_of_the_outer_object_only() {
    let tape = Tape::parse(br#"{"trace":1,"z":{"trace":[2]},"a":0,"\u0063ontent":3}"#);
    let tape = tape.expect("JSON");
    let mut out = b"# ".to_vec();
    canonical::write_object_without(tape.root(), &["content", "trace"], &mut out);
    assert_eq!(out, br#"# {"a":0,"z":{"trace":[2]}}"#);
    let z = tape
        .root()
        .at(&Pointer::root().key("z").key("trace"))
        .expect("z");
    let mut out = Vec::new();
    canonical::write_object_without(z, &["trace"], &mut out);
    assert_eq!(out, b"[2]");
}

#[test]
fn values_of_rust_take_the_same_way() {
    let value = serde_json::json!({"b": "\u{1}", "a": [-5]});
    assert_eq!(
        canonical::to_vec(&value).expect("JSON"),
        br#"{"a":[-5],"b":"\u0001"}"#
    );
    let error = canonical::to_vec(&[0.5]).expect_err("a fraction");
    assert_eq!(
        error.to_string(),
        "the value has no canonical form: 0.5 is no integer"
    );
    assert!(canonical::to_vec(&u64::MAX).is_err());
    let keyed = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert!(canonical::to_vec(&keyed).is_err());
}

#[test]
fn the_memory_of_one_serves_another() {
    let mut memory = Memory::default();
    let mut digests = canonical::Digests::default();
    let mut buffer = String::from("before");
    let long = |escape: &str| {
        format!(
            r#"{{"b":"{}{escape}","a":{{"d":"{}"}}}}"#,
            "x".repeat(70_000),
            "y\\n".repeat(40_000)
        )
    };
    for source in [
        &*long(""),
        &*long(r"\u00e9"),
        r#"{"b":{"d":1,"c":"x\u00e9"},"a":[2,{"f":null,"e":"y"}]}"#,
        r#""a\nb""#,
        r#"{"content":1,"\u0062":"c","a":true}"#,
        r#""plain""#,
        "[]",
    ] {
        let tape = Tape::parse_in(source.as_bytes(), memory).expect("JSON");
        let root = tape.root();
        assert_eq!(digests.of(root), Digest::of(canon(source).as_bytes()));
        let mut without = Vec::new();
        canonical::write_object_without(root, &["content"], &mut without);
        let digest = digests.of_object_without(root, &["content"]);
        assert_eq!(digest, Digest::of(&without));
        assert_eq!(root.as_str_in(&mut buffer), root.as_str().as_deref());
        memory = tape.into_memory();
    }
}
