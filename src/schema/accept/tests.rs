//! Tests of the accept-only checker.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use serde_json::{Value, json};

use super::Program;
use super::pattern::Sequence;
use crate::schema::Schema;

fn supported(schema: &Value) -> bool {
    Program::compile(&[("", schema)]).is_ok()
}

#[test]
fn every_built_in_schema_has_a_program() {
    for schema in Schema::all() {
        assert!(schema.program().is_ok(), "{:?}", schema.program());
    }
}

#[test]
fn what_is_not_known_switches_the_program_off() {
    assert!(supported(
        &json!({"required": ["a"], "properties": {"a": {"title": "A"}}})
    ));
    for unknown in [
        json!({"requierd": ["a"]}),
        json!({"properties": {"a": {"items": {"maxLenght": 1}}}}),
        // Also where no `$ref` leads.
        json!({"$defs": {"a": {"patern": "a"}}}),
        json!({"if": true, "then": {"x": 1}}),
        json!({"then": {"x": 1}}),
        json!({"unevaluatedProperties": false}),
        json!({"items": {"unevaluatedItems": false}}),
        json!({"$anchor": "a"}),
        json!({"$dynamicAnchor": "a"}),
        json!({"$dynamicRef": "#a"}),
        json!({"$vocabulary": {}}),
        json!({"$schema": "http://json-schema.org/draft-07/schema#"}),
        json!({"$defs": {"a": {"$id": "b"}}}),
        json!({"$ref": "#a"}),
        json!({"$ref": "#/$defs/a%20b", "$defs": {"a b": true}}),
        json!({"$ref": "#/$defs/missing", "$defs": {}}),
        json!({"$ref": "https://example.com/schema.json"}),
        json!({"format": "urii"}),
        json!({"pattern": "(?=a)"}),
        json!({"minimum": 0.5}),
        json!({"minLength": -1}),
        json!({"type": "objekt"}),
        json!({"required": "a"}),
        json!({"contentEncoding": "base64"}),
        json!({"dependencies": {"a": ["b"]}}),
        json!({"definitions": {"a": true}}),
        json!({"items": [true]}),
    ] {
        assert!(!supported(&unknown), "{unknown}");
    }
    // It would never end.
    assert!(!supported(&json!({"$ref": "#"})));
    assert!(!supported(
        &json!({"anyOf": [{"type": "null"}, {"allOf": [{"$ref": "#"}, true]}]})
    ));
    assert!(supported(
        &json!({"anyOf": [{"type": "null"}, {"items": {"$ref": "#"}}]})
    ));
}

#[test]
fn patterns_that_are_sequences() {
    for (pattern, sequence) in [
        ("^sha256:[0-9a-f]{64}$", true),
        ("^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$", true),
        (r#"^https?://[!-"$-.0->@-~][!-~]*$"#, true),
        ("^general-", true),
        // The class of a run and what may follow it overlap.
        ("^[a-z]{1,3}-?[a-z]$", false),
        ("^(?:ab|cd)$", false),
        ("a", false),
        // What ECMA 262 and the `regex` crate read apart.
        (r"^\d$", false),
        ("^.$", false),
        ("^[a&&b]$", false),
        ("^[[a]]$", false),
        ("^[é]$", false),
        ("^(?i:a)$", false),
    ] {
        assert_eq!(Sequence::of(pattern).is_some(), sequence, "{pattern}");
    }
}
