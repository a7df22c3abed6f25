//! Which code an error of a lower room gets.

use crate::diagnostic::Code;
use crate::json::{MAX_VALUES, Tape};
use crate::schema::Schema;

const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// The code for a text that is not dateline's JSON.
fn of_syntax(source: &[u8]) -> &'static str {
    Code::of_syntax(&Tape::parse(source).unwrap_err().kind).name
}

#[test]
fn syntax() {
    let deep = "[".repeat(200);
    let many = format!("[{}1]", "1,".repeat(MAX_VALUES - 1));
    for (source, code) in [
        (&b"{\"a\": 1,}"[..], "json-syntax"),
        (b"{\"a\": 1} x", "json-syntax"),
        (b"{\"a\": \"", "json-syntax"),
        (b"{\"a\": NaN}", "json-syntax"),
        (b"\"\\x\"", "json-syntax"),
        (b"\"\x01\"", "json-syntax"),
        (b"", "json-syntax"),
        (b"\"\xE9\"", "json-utf8"),
        (b"\xEF\xBB\xBF{}", "json-bom"),
        (br#"{"id": 1, "\u0069d": 2}"#, "json-duplicate-key"),
        (b"1.5", "json-number"),
        (b"1e2", "json-number"),
        (b"-0", "json-number"),
        (b"01", "json-number"),
        (b"9007199254740992", "json-number"),
        (br#""\ud83d""#, "json-surrogate"),
        (deep.as_bytes(), "json-depth"),
        (many.as_bytes(), "json-size"),
    ] {
        assert_eq!(of_syntax(source), code, "{}", source.escape_ascii());
    }
}

/// The codes for a record that does not match its schema.
fn of_schema(schema: &str, source: &str) -> Vec<&'static str> {
    let tape = Tape::parse(source.as_bytes()).unwrap();
    let errors = Schema::named(schema).unwrap().validate(tape.root());
    let codes = errors
        .iter()
        .map(|error| Code::of_schema(error, source.as_bytes()));
    codes.map(|code| code.name).collect()
}

#[test]
fn articles() {
    let raw = format!(
        r#""raw": {{"digest": "{DIGEST}", "bytes": 1, "media_type": "text/plain", "encoding": "utf-8"}}"#
    );
    let head = r#""format": "dateline/1", "type": "article", "id": "a""#;
    let article = |more: &str| of_schema("article", &format!("{{{head}, {raw}, {more}}}"));
    for (more, code) in [
        (r#""title": "T""#, "field-unknown"),
        (r#""links": [{"relation": "related"}]"#, "field-missing"),
        (r#""article": {"headline": 7}"#, "field-type"),
        (r#""article": {"headline": null}"#, "field-empty"),
        (r#""article": {"headline": ""}"#, "field-empty"),
        (r#""article": {"keywords": []}"#, "field-empty"),
        (r#""source": {}"#, "field-empty"),
        (r#""absent": {"authors": "unknown"}"#, "field-value"),
        (r#""absent": {"section": "not_found"}"#, "field-unknown"),
        (r#""fetch": {"status": 42}"#, "field-value"),
        (r#""content_digest": "sha256:0""#, "field-value"),
        (r#""source": {"url": "/a"}"#, "url-invalid"),
        (r#""article": {"published": "11.02.2022"}"#, "time-form"),
        (r#""content": {"text": "T"}"#, "field-missing"),
    ] {
        assert_eq!(article(more), [code], "{more}");
    }
    let head = |head: &str| of_schema("article", &format!("{{{head}, {raw}}}"));
    for (start, code) in [
        (
            r#""format": "dateline/2", "type": "article", "id": "a""#,
            "format-version",
        ),
        (
            r#""format": "dateline/1", "type": "news", "id": "a""#,
            "type-unknown",
        ),
        (
            r#""format": "dateline/1", "type": "article", "id": "a b""#,
            "id-form",
        ),
        (
            r#""format": "dateline/1", "type": "article", "id": """#,
            "field-empty",
        ),
        (
            r#""format": "dateline/1", "type": "article""#,
            "field-missing",
        ),
    ] {
        assert_eq!(head(start), [code], "{start}");
    }
}

#[test]
fn relations_and_withdrawals() {
    let relation = |more: &str| {
        let id = format!("rel-{}", "0".repeat(32));
        let source = format!(
            r#"{{"format": "dateline/1", "type": "relation", "id": "{id}", "relation": "references",
                "class": "asserted", "from": "a", "method": "link/1"{more}}}"#
        );
        of_schema("relation", &source)
    };
    assert!(relation(r#", "to": "b""#).is_empty());
    assert_eq!(relation(""), ["relation-target"]);
    let both = r#", "to": "b", "to_url": "https://example.com/""#;
    assert_eq!(relation(both), ["relation-target"]);
    assert_eq!(relation(r#", "to": "b c""#), ["id-form"]);

    let withdrawal = |date: &str| {
        let source = format!(
            r#"{{"format": "dateline/1", "type": "withdrawal", "id": "a", "was": "{DIGEST}",
                "reason": "privacy", "date": "{date}"}}"#
        );
        of_schema("withdrawal", &source)
    };
    assert!(withdrawal("2022-03-01").is_empty());
    // The schema sees its form alone.
    assert!(withdrawal("2022-02-30").is_empty());
    let form = withdrawal("1 March");
    assert!(!form.is_empty() && form.iter().all(|code| *code == "time-form"));
}
