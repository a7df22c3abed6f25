//! The mechanism on small schemas, and a lint over the built-in ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

pub(super) mod mutants;

use std::collections::BTreeSet;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use super::{BASE, BUILT_IN, CROWDED, Schema, SchemaError, compile, errors, register};
use crate::json::{OnTape, Place, Pointer, Tape, places};

fn compiled(schema: &Value) -> Validator<OnTape> {
    compile(schema, &Registry::new().prepare().unwrap()).unwrap()
}

fn refused(schema: &Value) -> bool {
    compile(schema, &Registry::new().prepare().unwrap()).is_err()
}

fn found(schema: &Value, source: &str) -> Vec<SchemaError> {
    let tape = Tape::parse(source.as_bytes()).unwrap();
    errors(&compiled(schema), tape.root())
}

/// A schema, what breaks it, and of the only error: pointer, key, the bytes shown, message.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
);

const CASES: &[Case] = &[
    (
        r#"{"additionalProperties": false, "properties": {"a": true}}"#,
        r#"{"a": 1, "\u0062\n": 2}"#,
        "",
        Some("b\n"),
        r#""\u0062\n""#,
        "field `b\\n` is not known here",
    ),
    (
        r#"{"required": ["b"]}"#,
        r#" {"a": 1}"#,
        "",
        Some("b"),
        "{",
        "field `b` is missing",
    ),
    (
        r#"{"dependentRequired": {"a": ["b"]}}"#,
        r#"{"a": 1}"#,
        "",
        Some("b"),
        "{",
        "field `b` is missing",
    ),
    (
        r#"{"propertyNames": {"pattern": "^[a-z]+$"}}"#,
        r#"{"a": 1, "B\"": 2}"#,
        "",
        Some("B\""),
        r#""B\"""#,
        "the field's name `\"B\"\"` does not match `^[a-z]+$`",
    ),
    (
        r#"{"properties": {"a": {"type": "integer"}}}"#,
        r#"{"a": "1"}"#,
        "/a",
        None,
        r#""1""#,
        "expected an integer, found `\"1\"`",
    ),
    (
        r#"{"properties": {"a/~0": {"items": {"type": ["string", "array"]}}}}"#,
        r#"{"a/~0": ["", {"b": {}}]}"#,
        "/a~1~00/1",
        None,
        r#"{"b": {}}"#,
        "expected a string or an array, found an object",
    ),
    (
        r#"{"items": {"const": "dateline/1"}}"#,
        r#"["dateline/2"]"#,
        "/0",
        None,
        r#""dateline/2""#,
        "expected `\"dateline/1\"`, found `\"dateline/2\"`",
    ),
    (
        r#"{"items": {"enum": ["x", 2, [{"a": null}]]}}"#,
        r#"["\u0078", 2, [{"a": null}], [{"a": 0}]]"#,
        "/3",
        None,
        r#"[{"a": 0}]"#,
        "an array is not one of `\"x\"`, `2`, `[{\"a\":null}]`",
    ),
    (
        r#"{"items": {"format": "uri"}}"#,
        r#"["no uri"]"#,
        "/0",
        None,
        r#""no uri""#,
        "`\"no uri\"` is not of format `uri`",
    ),
    (
        r#"{"items": {"minLength": 1}}"#,
        r#"["a", ""]"#,
        "/1",
        None,
        r#""""#,
        "the string is empty",
    ),
    (
        r#"{"items": {"maxLength": 2}}"#,
        r#"["éé", "éé\u00e9"]"#,
        "/1",
        None,
        r#""éé\u00e9""#,
        "`\"ééé\"` is longer than 2 characters",
    ),
    (
        r#"{"items": {"minimum": 1}}"#,
        "[3, 0]",
        "/1",
        None,
        "0",
        "`0` is less than 1",
    ),
    (
        r#"{"items": {"minItems": 1}}"#,
        "[[1], []]",
        "/1",
        None,
        "[]",
        "the array is empty",
    ),
    (
        r#"{"items": {"uniqueItems": true}}"#,
        r#"[[{"b": 1}, {"b": 2}], [{"b": 1, "c": 2}, {"c": 2, "\u0062": 1}]]"#,
        "/1",
        None,
        r#"[{"b": 1, "c": 2}, {"c": 2, "\u0062": 1}]"#,
        "the array holds an item twice",
    ),
    (
        r#"{"oneOf": [{"required": ["to"]}, {"properties": {"a": {"type": "null"}}}]}"#,
        r#"{"a": 1}"#,
        "",
        None,
        r#"{"a": 1}"#,
        "none of the allowed forms: field `to` is missing; `/a`: expected `null`, found `1`",
    ),
    (
        r#"{"properties": {"a": false}}"#,
        r#"{"a": 1}"#,
        "/a",
        None,
        "1",
        "`1` is not allowed here",
    ),
];

#[test]
fn errors_are_placed_and_name_the_value() {
    for &(schema, source, pointer, key, at, message) in CASES {
        let errors = found(&serde_json::from_str(schema).unwrap(), source);
        let [error] = errors.as_slice() else {
            panic!("{schema}: {errors:?}");
        };
        assert_eq!(error.message, message, "{schema}");
        assert_eq!(error.pointer.as_str(), pointer, "{schema}");
        assert_eq!(error.key.as_deref(), key, "{schema}");
        assert_eq!(&source[error.span.clone()], at, "{schema}");
    }
}

#[test]
fn errors_come_in_the_order_of_the_source() {
    let schema = json!({
        "additionalProperties": false,
        "required": ["m", "n"],
        "properties": {"a": {"type": "string"}, "z": {"type": "string"}},
    });
    let errors = found(&schema, r#"{"z": 1, "u": 2, "a": 3, "b": 4}"#);
    let order: Vec<_> = errors
        .iter()
        .map(|error| {
            (
                error.keyword.as_str(),
                error.key.as_deref(),
                error.span.start,
            )
        })
        .collect();
    assert_eq!(
        order,
        [
            ("required", Some("m"), 0),
            ("required", Some("n"), 0),
            ("type", None, 6),
            ("additionalProperties", Some("u"), 9),
            ("type", None, 22),
            ("additionalProperties", Some("b"), 25),
        ]
    );
}

#[test]
fn schemas_name_each_other_by_id_and_nothing_else() {
    let id = |name: &str| format!("{BASE}{name}.schema.json");
    let shared = json!({"$id": id("shared"), "$defs": {"n": {"type": "integer"}}});
    let user = json!({"$id": id("user"), "items": {"$ref": "shared.schema.json#/$defs/n"}});
    let registry = register([(id("shared"), shared), (id("user"), user.clone())]).unwrap();
    let validator = compile(&user, &registry).unwrap();
    let tape = Tape::parse(br#"[1, "x"]"#).unwrap();
    let errors = errors(&validator, tape.root());
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].span, 4..7);
    assert_eq!(
        *errors[0].schema_path,
        *format!("{}#/$defs/n/type", id("shared"))
    );

    let outside = json!({"$id": id("outside"), "$ref": "other.schema.json"});
    assert!(register([(id("outside"), outside)]).is_err());
}

#[test]
fn what_no_schema_may_hold_does_not_compile() {
    assert!(refused(&json!({"$ref": "https://example.com/schema.json"})));
    assert!(refused(&json!({"$ref": "file:///etc/schema.json"})));
    assert!(refused(&json!({"$ref": "#/$defs/missing"})));
    assert!(refused(&json!({"format": "urii"})));
    assert!(refused(&json!({"type": "objekt"})));
    // Look-around and back-references are not linear.
    assert!(refused(&json!({"pattern": "(?=a)"})));
    assert!(refused(&json!({"pattern": r"(a)\1"})));
}

#[test]
fn many_errors_are_placed_in_one_pass() {
    let members: Vec<_> = (0..2_000)
        .map(|n| format!("\"k{n}\":[{n},\"x\"]"))
        .collect();
    let source = format!("{{{}}}", members.join(","));
    let tape = Tape::parse(source.as_bytes()).unwrap();
    let mut wanted = Vec::new();
    for index in 0..2_000 {
        let pointer = Pointer::root().key(&format!("k{index}")).index(index % 2);
        wanted.push(Place { pointer, key: None });
        let key = Some(format!("k{}", index * 2));
        wanted.push(Place {
            pointer: Pointer::root(),
            key,
        });
    }
    for (place, span) in wanted.iter().zip(places(tape.root(), &wanted)) {
        assert_eq!(
            span,
            tape.root().place(&place.pointer, place.key.as_deref())
        );
    }
}

/// Keywords whose value is a schema, a list of them, a map of them, and no schema.
const ONE: &[&str] = &[
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
const MAP: &[&str] = &[
    "$defs",
    "dependentSchemas",
    "patternProperties",
    "properties",
];
const PLAIN: &[&str] = &[
    "$comment",
    "$id",
    "$ref",
    "$schema",
    "const",
    "default",
    "dependentRequired",
    "deprecated",
    "description",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "title",
    "type",
    "uniqueItems",
];

/// What jsonschema would let pass in silence, or what our schemas promise beyond being schemas.
fn lint(name: &str, schema: &Value, others: &[(String, Value)]) -> Vec<String> {
    let mut faults = Vec::new();
    if schema["$schema"] != json!("https://json-schema.org/draft/2020-12/schema") {
        faults.push(format!("{name}: `$schema` is not that of 2020-12"));
    }
    if schema["$id"] != json!(format!("{BASE}{name}.schema.json")) {
        faults.push(format!("{name}: `$id` is {}", schema["$id"]));
    }
    let mut names = BTreeSet::new();
    property_names(schema, &mut names);
    lint_subschema(name, schema, others, &names, &mut faults);
    faults
}

fn property_names(value: &Value, names: &mut BTreeSet<String>) {
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        names.extend(properties.keys().cloned());
    }
    let inner: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for value in inner {
        property_names(value, names);
    }
}

fn lint_subschema(
    at: &str,
    schema: &Value,
    others: &[(String, Value)],
    names: &BTreeSet<String>,
    faults: &mut Vec<String>,
) {
    let Some(members) = schema.as_object() else {
        if !schema.is_boolean() {
            faults.push(format!("{at}: neither an object nor a boolean"));
        }
        return;
    };
    for (keyword, value) in members {
        let at = format!("{at}/{keyword}");
        let keyword = keyword.as_str();
        if ONE.contains(&keyword) {
            lint_subschema(&at, value, others, names, faults);
        } else if LIST.contains(&keyword) {
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                lint_subschema(&format!("{at}/{index}"), item, others, names, faults);
            }
        } else if MAP.contains(&keyword) {
            for (key, item) in value.as_object().into_iter().flatten() {
                if keyword == "patternProperties" && regex::Regex::new(key).is_err() {
                    faults.push(format!("{at}: `{key}` is no pattern"));
                }
                lint_subschema(&format!("{at}/{key}"), item, others, names, faults);
            }
        } else if !PLAIN.contains(&keyword) {
            faults.push(format!("{at}: unknown keyword"));
        }
    }
    let text = |keyword| members.get(keyword).and_then(Value::as_str);
    if text("pattern").is_some_and(|pattern| regex::Regex::new(pattern).is_err()) {
        faults.push(format!("{at}: `pattern` is none"));
    }
    if text("$ref").is_some_and(|target| resolve(at, target, others).is_none()) {
        faults.push(format!("{at}: `$ref` names nothing"));
    }
    for name in members
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if !name.as_str().is_some_and(|name| names.contains(name)) {
            faults.push(format!("{at}: required field {name} is described nowhere"));
        }
    }
    let closed = ["additionalProperties", "unevaluatedProperties"];
    if text("type") == Some("object")
        && members.contains_key("properties")
        && !closed.iter().any(|keyword| members.contains_key(*keyword))
    {
        faults.push(format!("{at}: does not say which other fields it may have"));
    }
}

/// The subschema that a `$ref` in the schema at `at` names.
fn resolve<'s>(at: &str, target: &str, others: &'s [(String, Value)]) -> Option<&'s Value> {
    let (document, pointer) = target.split_once('#').unwrap_or((target, ""));
    let name = if document.is_empty() {
        at.split('/').next()?
    } else {
        document
            .strip_prefix(BASE)
            .unwrap_or(document)
            .strip_suffix(".schema.json")?
    };
    let (_, schema) = others.iter().find(|(other, _)| other == name)?;
    schema.pointer(pointer)
}

#[test]
fn the_built_in_schemas_are_clean() {
    let all: Vec<_> = BUILT_IN
        .iter()
        .map(|schema| {
            let value = serde_json::from_str(schema.text()).unwrap();
            (schema.name().to_owned(), value)
        })
        .collect();
    let faults: Vec<_> = all
        .iter()
        .flat_map(|(name, value)| lint(name, value, &all))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    for schema in BUILT_IN {
        // That it is dateline's own JSON: no duplicate key, no fraction.
        Tape::parse(schema.text().as_bytes()).unwrap();
        schema.validator();
    }
}

#[test]
fn the_lint_finds_what_jsonschema_lets_pass() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{BASE}bad.schema.json"),
        "type": "object",
        "requierd": ["a"],
        "required": ["a", "b"],
        "properties": {
            "a": {"pattern": "(?=x)"},
            "c": {"$ref": "other.schema.json#/$defs/missing"},
            "d": {"$ref": "#/properties/a"},
        },
    });
    let others = [
        ("bad".to_owned(), schema.clone()),
        ("other".to_owned(), json!({"$defs": {}})),
    ];
    assert_eq!(
        lint("bad", &schema, &others),
        [
            "bad/properties/a: `pattern` is none",
            "bad/properties/c: `$ref` names nothing",
            "bad/requierd: unknown keyword",
            "bad: required field \"b\" is described nowhere",
            "bad: does not say which other fields it may have",
        ]
    );
    let id = format!("good: `$id` is \"{BASE}bad.schema.json\"");
    assert!(lint("good", &schema, &others).contains(&id));
}

#[test]
fn the_schema_says_what_it_wants() {
    let source = r#"{"id": "-x"}"#;
    let tape = Tape::parse(source.as_bytes()).unwrap();
    let errors = Schema::named("article").unwrap().validate(tape.root());
    let error = errors
        .iter()
        .find(|error| error.keyword == "pattern")
        .unwrap();
    assert_eq!(error.message, r#"`"-x"` is not a valid identifier"#);
    assert!(error.schema_path.starts_with(BASE));
    let description = error.description.unwrap();
    assert!(
        description.starts_with("A letter or digit"),
        "{description}"
    );
}

/// As many defects in one value as are all told. Were their number squared anywhere, this would take
/// minutes.
#[test]
fn errors_are_found_in_linear_time() {
    const MANY: usize = 10_000;
    let article = Schema::named("article").unwrap();
    let list = |item: &dyn Fn(usize) -> String| (0..MANY).map(item).collect::<Vec<_>>().join(",");
    let unknown = list(&|n| format!("\"k{n}\":{n}"));
    let wrong = list(&|n| n.to_string());
    for source in [
        format!("{{{unknown}}}"),
        format!("{{\"article\":{{\"keywords\":[{wrong}]}}}}"),
    ] {
        let tape = Tape::parse(source.as_bytes()).unwrap();
        let errors = article.validate(tape.root());
        // And the fields that are missing.
        assert!((MANY..MANY + 5).contains(&errors.len()), "{}", errors.len());
        assert!(errors.is_sorted_by_key(|error| error.span.start));
    }
    let crowd = list(&|n| format!("\"k{n}\":[{n}]"));
    let crowd = format!("{{{crowd}}}");
    let tape = Tape::parse(crowd.as_bytes()).unwrap();
    assert!(tape.root().slots() > CROWDED);
    assert_eq!(article.validate(tape.root()).len(), 1);
}
