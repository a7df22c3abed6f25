//! Schemas and types have the same fields, and the vectors have them all.

use std::collections::BTreeSet;

use dateline::json::Tape;
use dateline::record::{Article, Relation, Withdrawal};
use dateline::schema::Schema;
use dateline::trace::TraceLine;
use serde_json::{Value, json};

use super::vectors;

/// Fields without which a schema refuses a value for a rule that types do not have.
const RULES: [&str; 3] = [
    // Content has its digest.
    "article /content_digest",
    // There is one of both.
    "relation /to",
    "relation /to_url",
];

/// Why the types refuse a value.
fn types(kind: &str, value: &Value) -> Option<String> {
    let value = value.clone();
    let refused = match kind {
        "article" => serde_json::from_value::<Article>(value).err(),
        "relation" => serde_json::from_value::<Relation>(value).err(),
        "withdrawal" => serde_json::from_value::<Withdrawal>(value).err(),
        _ => serde_json::from_value::<TraceLine>(value).err(),
    };
    refused.map(|error| error.to_string())
}

/// Whether the schema accepts a value.
fn schema(kind: &str, value: &Value) -> bool {
    let text = serde_json::to_vec(value).unwrap();
    let tape = Tape::parse(&text).unwrap();
    Schema::named(kind).unwrap().accepts(tape.root())
}

/// The file of a schema.
fn file(kind: &str) -> Value {
    let path = format!(
        "{}/schemas/v1/{kind}.schema.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What a reference of a schema leads to.
fn resolved<'s>(file: &'s Value, node: &'s Value) -> &'s Value {
    match node["$ref"].as_str() {
        Some(to) => file.pointer(to.strip_prefix('#').unwrap()).unwrap(),
        None => node,
    }
}

/// The values in `value` by their pointers, each with what the schema says of it.
fn places<'s>(
    file: &'s Value,
    node: &'s Value,
    value: &Value,
    at: &str,
    found: &mut Vec<(String, &'s Value)>,
) {
    let node = resolved(file, node);
    found.push((at.to_owned(), node));
    match value {
        Value::Object(members) if node["properties"].is_object() => {
            for (key, value) in members {
                places(
                    file,
                    &node["properties"][key],
                    value,
                    &format!("{at}/{key}"),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(file, &node["items"], value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn keys(node: &Value) -> BTreeSet<&str> {
    let properties = node["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect()
}

#[test]
fn schemas_and_types_have_the_same_fields() {
    for kind in ["article", "relation", "withdrawal", "trace"] {
        let file = file(kind);
        let mut known = BTreeSet::new();
        let mut seen = BTreeSet::new();
        for vector in vectors(&format!("valid/{kind}")) {
            let Ok(value) = serde_json::from_slice::<Value>(&vector.bytes) else {
                // Deeper than that reader goes.
                continue;
            };
            let mut found = Vec::new();
            places(&file, &file, &value, "", &mut found);
            for (at, node) in found {
                let place = format!("{}: {at}", vector.path.display());
                let mut other = value.clone();
                *other.pointer_mut(&at).unwrap() = json!(true);
                assert!(!schema(kind, &other), "{place}");
                assert!(types(kind, &other).is_some(), "{place}");
                let members = value.pointer(&at).unwrap().as_object();
                let Some(members) = members.filter(|_| !keys(node).is_empty()) else {
                    continue;
                };
                let name = |key: &str| format!("{}/{key}", node["title"]);
                known.extend(keys(node).into_iter().map(name));
                seen.extend(members.keys().map(|key| name(key)));
                fields(kind, &value, &at, node, &place);
            }
        }
        assert_eq!(seen, known, "{kind}");
    }
}

/// Holds the types to the fields that the schema has at a place, the required ones too.
fn fields(kind: &str, value: &Value, at: &str, node: &Value, place: &str) {
    let mut other = value.clone();
    other.pointer_mut(at).unwrap()["zz"] = json!(true);
    assert!(!schema(kind, &other), "{place}");
    let refused = types(kind, &other).unwrap();
    let (_, expected) = refused.split_once("expected").unwrap();
    let expected: BTreeSet<&str> = expected.split('`').skip(1).step_by(2).collect();
    assert_eq!(expected, keys(node), "{place}");
    let members = value.pointer(at).unwrap().as_object().unwrap();
    if members.len() == 1 {
        // An empty object is refused whatever was in it.
        return;
    }
    for key in members.keys() {
        let mut other = value.clone();
        let object = other.pointer_mut(at).unwrap().as_object_mut().unwrap();
        object.remove(key);
        if !RULES.contains(&format!("{kind} {at}/{key}").as_str()) {
            let accepted = types(kind, &other).is_none();
            assert_eq!(schema(kind, &other), accepted, "{place}/{key}");
        }
    }
}
