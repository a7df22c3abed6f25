//! Lines that are no lines of a corpus: something is said of them, and nothing panics.

use proptest::prelude::*;

use super::sample::{article, relation, trace, withdrawal};
use crate::check::{At, check_line};

const AT: At<'_> = At {
    file: "part.jsonl",
    line: 1,
    offset: 0,
};

fn lines() -> Vec<Vec<u8>> {
    let mut related = relation("is_identical_to", "art-1", "art-2");
    related["evidence"] = serde_json::json!([
        {"in": "text", "from": {"start": 1, "end": 2}, "to": {"start": 3, "end": 4}},
    ]);
    [
        article("art-1"),
        trace("art-1"),
        related,
        withdrawal("art-1", "privacy"),
    ]
    .map(|line| line.to_string().into_bytes())
    .into()
}

/// Checks a line, and that every place lies in it.
fn survives(line: &[u8]) {
    for found in check_line(line, AT) {
        let span = found.place.span.clone().unwrap();
        assert!(span.start <= span.end && span.end <= line.len().try_into().unwrap());
        assert!(!found.message.is_empty());
    }
}

#[test]
fn every_byte_may_be_another() {
    for line in lines() {
        for index in 0..line.len() {
            for flip in [0x01, 0x80] {
                let mut other = line.clone();
                other[index] ^= flip;
                survives(&other);
            }
            survives(&line[..index]);
            survives(&[&line[..index], &line[index + 1..]].concat());
        }
    }
}

#[test]
fn all_of_many_defects_are_found() {
    let links = vec![r#"{"url": "/a", "relation": "b", "c": null}"#; 1_000].join(",");
    let line =
        format!(r#"{{"format": "dateline/1", "type": "article", "id": "a", "links": [{links}]}}"#);
    let found = check_line(line.as_bytes(), AT);
    assert!(found.len() > 3_000);
}

proptest! {
    #[test]
    fn values_of_other_kinds(which in 0..4_usize, at in any::<prop::sample::Index>(), new in 0..8_usize) {
        let line: serde_json::Value = serde_json::from_slice(&lines()[which]).unwrap();
        let mut places = Vec::new();
        pointers(&line, String::new(), &mut places);
        let news = [
            serde_json::json!(null), serde_json::json!(""), serde_json::json!([]), serde_json::json!({}),
            serde_json::json!(-1), serde_json::json!("é\u{202e}"), serde_json::json!([[{"start": 1, "end": 9}]]),
            serde_json::json!(9_007_199_254_740_991_u64),
        ];
        let place = &places[at.index(places.len())];
        let mut other = line.clone();
        *other.pointer_mut(place).unwrap() = news[new].clone();
        survives(other.to_string().as_bytes());
    }
}

fn pointers(value: &serde_json::Value, at: String, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{index}"), out);
            }
        }
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                pointers(value, format!("{at}/{key}"), out);
            }
        }
        _ => {}
    }
    out.push(at);
}
