//! From spans and transforms to values.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use super::groups::Room;
use super::{Bytes, Replay, ReplayError, Sources, Value};
use crate::trace::{ContextName, Field, Span};

fn field(pointer: &str, spans: &[&[(u64, u64)]], via: &[&str]) -> Field {
    let span = |&(start, end)| Span { start, end };
    let groups = spans.iter().map(|group| group.iter().map(span).collect());
    let via = via.iter().map(|name| name.parse().unwrap()).collect();
    Field::of_item(pointer.parse().unwrap(), groups.collect(), via)
}

fn replay(bytes: &[u8], encoding: &str, field: &Field) -> Result<Value, ReplayError> {
    let item = Bytes { bytes, encoding };
    let fields = std::slice::from_ref(field);
    Replay::new(
        fields,
        Sources {
            item,
            contexts: &[],
        },
    )
    .value(field)
}

/// What each of some fields gives, by what it is.
fn all(fields: &str, sources: Sources<'_>) -> Vec<String> {
    let fields: Vec<Field> = serde_json::from_str(fields).unwrap();
    let mut replay = Replay::new(&fields, sources);
    let mut given = Vec::new();
    for field in &fields {
        given.push(match replay.value(field) {
            Ok(value) => format!("{} {}", field.value, serde_json::Value::from(value)),
            Err(error) => format!("{}: {error}", field.value),
        });
    }
    given
}

#[test]
fn a_value_of_nothing_is_empty() {
    let list = |texts: &[&str]| Value::List(texts.iter().map(|&text| text.to_owned()).collect());
    for (value, empty) in [
        (Value::Text(String::new()), true),
        (Value::Text(" ".to_owned()), false),
        (list(&[]), true),
        (list(&["a"]), false),
        (list(&["a", "b"]), false),
        (list(&["a", "", "b"]), true),
    ] {
        assert_eq!(value.is_empty(), empty, "{value:?}");
    }
}

#[test]
fn there_is_room_for_what_is_left_and_no_more() {
    let room = Room::new(0);
    assert_eq!(room.has(room.left), Ok(()));
    assert_eq!(room.has(room.left + 1), Err(ReplayError::Room(room.all)));
}

#[test]
fn groups_join_split_and_stand_alone() {
    let raw = b"a, b; c";
    let text = |text: &str| Ok(Value::Text(text.to_owned()));
    let list = |items: &[&str]| Ok(Value::List(items.iter().map(|&s| s.to_owned()).collect()));
    let run = |field: Field| replay(raw, "utf-8", &field);
    assert_eq!(
        run(field("/content/text", &[&[(0, 1), (3, 4)]], &[])),
        text("ab")
    );
    assert_eq!(
        run(field(
            "/content/text",
            &[&[(0, 1)], &[(3, 4)]],
            &["join-paragraphs"]
        )),
        text("a\n\nb")
    );
    assert_eq!(
        run(field("/article/keywords", &[&[(0, 4)]], &["split:, "])),
        list(&["a", "b"])
    );
    assert_eq!(
        run(field("/article/keywords", &[&[(0, 1)]], &[])),
        list(&["a"])
    );
    assert_eq!(
        run(field("/content/text", &[&[(0, 1)], &[(3, 4)]], &[])),
        Err(ReplayError::Groups(2))
    );
}

/// `trace-replay-once`
#[test]
fn no_field_names_more_bytes_than_there_are() {
    let run =
        |spans: &[&[(u64, u64)]]| replay(b"abc", "utf-8", &field("/content/text", spans, &[]));
    assert_eq!(run(&[&[(2, 3), (0, 2)]]), Ok(Value::Text("cab".to_owned())));
    let many = [(0, 3); 600];
    let error = run(&[&many]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "its spans name 1800 bytes of 3: some are named more than once"
    );
    let groups = [many.as_slice(); 2];
    assert!(matches!(
        run(&groups),
        Err(ReplayError::Again { named: 3_600, .. })
    ));
}

/// `trace-replay-room`
#[test]
fn steps_give_no_more_than_there_is_room_for() {
    let run = |text: &str, via: &[&str]| {
        let length = text.len().try_into().unwrap();
        replay(
            text.as_bytes(),
            "utf-8",
            &field("/content/text", &[&[(0, length)]], via),
        )
    };
    // Each round doubles the line feeds.
    let round = ["split:\n", "join-paragraphs"];
    assert!(matches!(run("\n", &round.repeat(9)), Ok(Value::Text(text)) if text.len() == 512));
    assert_eq!(
        run("\n", &round.repeat(400)),
        Err(ReplayError::Room(crate::trace::ROOM))
    );
    // Groups of nothing take room, too: here 30,001 of them, again and again.
    let nothing = "\n".repeat(30_000);
    assert_eq!(
        run(&nothing, &["split:\n"; 20]),
        Err(ReplayError::Room(480_000))
    );
    // Text of a real size has room for more steps than any field needs.
    let long = "Rain ends the drought.\n".repeat(20_000);
    let via = [
        "trim",
        "collapse-space",
        "nfc",
        "split:. ",
        "trim",
        "nfc",
        "join-paragraphs",
    ];
    assert!(run(&long, &via).is_ok());
    assert_eq!(
        run(&long, &["nfc"; 400]),
        Err(ReplayError::Room(crate::trace::ROOM_EACH * long.len()))
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let raw = "é".as_bytes();
    let run = |spans: (u64, u64), via: &[&str]| {
        replay(raw, "utf-8", &field("/article/headline", &[&[spans]], via))
    };
    assert!(matches!(run((0, 3), &[]), Err(ReplayError::Span { .. })));
    assert!(matches!(run((1, 1), &[]), Err(ReplayError::Span { .. })));
    assert!(matches!(run((0, 1), &[]), Err(ReplayError::Decode { .. })));
    assert!(matches!(
        run((0, 2), &["decode:klingon"]),
        Err(ReplayError::Encoding(_))
    ));
    assert!(matches!(
        run((0, 2), &["trim", "decode:utf-8"]),
        Err(ReplayError::Misplaced(_))
    ));
    assert_eq!(
        run((0, 2), &["decode:windows-1252"]),
        Ok(Value::Text("Ã©".to_owned()))
    );
}

#[test]
fn values_come_from_contexts_and_from_each_other() {
    let page = Bytes {
        bytes: b"<base href=de/>x.html",
        encoding: "utf-8",
    };
    let header = Bytes {
        bytes: b"200 https://n.example/a/b",
        encoding: "windows-1252",
    };
    let sources = Sources {
        item: page,
        contexts: &[(ContextName::Http, header)],
    };
    let fields = r#"[
        {"name": "base", "spans": [[[11, 14]]], "via": ["html-attribute", "url-join:/fetch/url"]},
        {"name": "digits", "from": "/fetch/status"},
        {"pointer": "/fetch/status", "in": "http", "spans": [[[0, 3]]]},
        {"pointer": "/fetch/url", "in": "http", "spans": [[[4, 25]]], "via": ["url-resolve"]},
        {"pointer": "/links/0/url", "spans": [[[15, 21]]], "via": ["url-join:base"]},
        {"pointer": "/source/domain", "from": "/source/url", "via": ["url-host"]},
        {"pointer": "/source/url", "from": "/fetch/url"}
    ]"#;
    assert_eq!(
        all(fields, sources),
        [
            r#"base "https://n.example/a/de/""#,
            r#"digits "200""#,
            "/fetch/status 200",
            r#"/fetch/url "https://n.example/a/b""#,
            r#"/links/0/url "https://n.example/a/de/x.html""#,
            r#"/source/domain "n.example""#,
            r#"/source/url "https://n.example/a/b""#,
        ]
    );
}

#[test]
fn what_refers_to_nothing_to_itself_or_too_far_is_said() {
    let sources = Sources::of_text("https://n.example/");
    let fields = r#"[
        {"name": "a", "from": "b"},
        {"name": "b", "from": "a"},
        {"name": "c", "from": "none"},
        {"name": "d", "from": "/source/url"},
        {"name": "e", "from": "d"},
        {"name": "f", "from": "e"},
        {"name": "g", "in": "mail", "spans": [[[0, 1]]]},
        {"name": "h", "from": "c"},
        {"pointer": "/fetch/status", "from": "/source/url"},
        {"pointer": "/source/url", "spans": [[[0, 18]]], "via": ["trim", "json-string"]}
    ]"#;
    let given = all(fields, sources);
    let misplaced = "`json-string` is out of place: decoding comes first, then what works on spans, then the rest";
    let far = "it is made of other values over more than 2 references";
    assert_eq!(
        given,
        [
            format!("a: {far}"),
            format!("b: {far}"),
            "c: the trace has no field for `none`, which it is made of".to_owned(),
            format!("d: `/source/url`, which it is made of, does not replay: {misplaced}"),
            format!("e: `d`, which it is made of, does not replay: `/source/url`, which it is made of, does not replay: {misplaced}"),
            format!("f: {far}"),
            "g: the trace has no context `mail`".to_owned(),
            "h: `c`, which it is made of, does not replay: the trace has no field for `none`, which it is made of".to_owned(),
            format!("/fetch/status: `/source/url`, which it is made of, does not replay: {misplaced}"),
            format!("/source/url: {misplaced}"),
        ]
    );
}

#[test]
fn a_stretch_may_be_of_two_encodings() {
    let mixed = |bytes: &[u8]| {
        let length = bytes.len().try_into().unwrap();
        let via = ["decode:utf-8+windows-1252"];
        replay(
            bytes,
            "utf-8",
            &field("/article/headline", &[&[(0, length)]], &via),
        )
    };
    let text = |text: &str| Ok(Value::Text(text.to_owned()));
    assert_eq!(mixed(b"caf\xc3\xa9, caf\xe9\x94"), text("café, café”"));
    assert_eq!(mixed(b"\xe2\x82"), text("â‚"));
    let unknown = |label: &str| {
        replay(
            b"a",
            "utf-8",
            &field("/article/headline", &[&[(0, 1)]], &[label]),
        )
    };
    assert!(unknown("decode:utf-8+gbk").is_err());
}

#[test]
fn an_integer_has_one_spelling() {
    let integer = |text: &str| {
        let length = text.len().try_into().unwrap();
        replay(
            text.as_bytes(),
            "utf-8",
            &field("/fetch/status", &[&[(0, length)]], &[]),
        )
    };
    assert_eq!(integer("200"), Ok(Value::Integer(200)));
    assert_eq!(integer("0"), Ok(Value::Integer(0)));
    assert!(integer("9007199254740991").is_ok());
    for text in ["007", "-1", "+1", "1.0", " 1", "9007199254740992", "１"] {
        assert!(integer(text).is_err(), "{text}");
    }
}
