//! Lines that are no lines of a corpus: something is said of them, and nothing panics.

use proptest::prelude::*;

use super::sample::{Sample, article, relation, trace, withdrawal};
use crate::check::{At, Options, check_line};
use crate::diagnostic::codes;

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

/// What a relation says of a record is held to one of its lines in a chunk: lines of one id make no more findings.
#[test]
fn claims_and_repeated_ids_do_not_multiply() {
    let mut sample = Sample::new();
    let mut claiming = relation("references", "art-1", "art-2");
    let beyond = serde_json::json!({"in": "text", "from": {"start": 0, "end": 9_000}});
    claiming["evidence"] = vec![beyond; 300].into();
    sample.relations = vec![claiming];
    sample.records = vec![article("art-1"); 400];
    sample.records.push(article("art-2"));
    sample.traces.clear();
    let report = sample.write().check(&Options::default());
    assert_eq!(report.count_of(codes::EVIDENCE_RANGE), 300);
    assert_eq!(report.count_of(codes::RECORD_ID_DUPLICATE), 399);
}

/// Findings show only the beginning of a very long id.
#[test]
fn no_finding_repeats_a_long_id() {
    let long = |first: &str| format!("{first}{}", "x".repeat(1 << 20));
    let mut sample = Sample::new();
    sample.records.extend([article("art-3"), article("art-4")]);
    for (record, id) in sample.records.iter_mut().zip([long("b"), long("a")]) {
        record["id"] = id.into();
    }
    sample.traces.extend([trace("art-1"), trace("art-1")]);
    for (line, first) in sample.traces.iter_mut().zip(["b", "b", "a", "a"]) {
        line["id"] = long(first).into();
    }
    let report = sample.write().check(&Options::default());
    assert!(report.count_of(codes::TRACE_ORPHAN) > 0 && report.count_of(codes::SHARD_ORDER) > 0);
    for found in report.diagnostics() {
        let record = found.place.record.as_deref().unwrap_or_default();
        let hint = found.hint.as_deref().unwrap_or_default();
        let about = found.about.as_deref().unwrap_or_default();
        let said = [&*found.message, hint, about, record];
        assert!(
            said.iter().all(|said| said.len() < 1_000),
            "{:.300}",
            found.message
        );
    }
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
