//! Records and traces with very many of something, which take no more time than as many bytes of
//! anything else. Each test is of a size at which looking through all of them for each of them would
//! take minutes.

use serde_json::{Value, json};

use super::sample::{RAW, Sample, article, relation, sealed, trace};
use crate::check::Options;
use crate::diagnostic::codes;
use crate::digest::Digest;

/// What is wrong with the sample where its first article is this one, and its trace has these fields
/// beside those that it has: each to a line of its own that the raw item has more.
fn found(mut article: Value, fields: impl IntoIterator<Item = (String, String)>) -> Vec<String> {
    let (mut trace, mut raw) = (trace("art-1"), RAW.to_owned());
    let (mut more, mut tiles) = (Vec::new(), Vec::new());
    for (pointer, value) in fields {
        let start = raw.len();
        raw.push_str(&value);
        let end = raw.len();
        raw.push('\n');
        more.push(json!({"pointer": pointer, "spans": [[[start, end]]]}));
        tiles.push(json!([end, end + 1]));
    }
    let trace_fields = trace["trace"]["fields"].as_array_mut().unwrap();
    trace_fields.extend(more);
    let mut all: Vec<crate::trace::Field> = serde_json::from_value(json!(trace_fields)).unwrap();
    all.sort_by(|one, other| one.value.cmp(&other.value));
    *trace_fields = all.iter().map(|field| json!(field)).collect();
    if !tiles.is_empty() {
        let separators = json!({"label": "separator", "spans": tiles});
        let dropped = trace["trace"]["dropped"].as_array_mut().unwrap();
        dropped.insert(0, separators);
    }
    trace["trace"]["bytes"] = json!(raw.len());
    let location = json!({"path": "many.txt", "offset": 0, "length": raw.len()});
    trace["trace"]["locations"] = json!([location]);
    article["raw"]["bytes"] = json!(raw.len());
    article["raw"]["digest"] = json!(Digest::of(raw.as_bytes()).to_string());
    let mut sample = Sample::new();
    std::fs::write(sample.raw().join("many.txt"), raw).unwrap();
    (sample.records[0], sample.traces[0]) = (article, trace);
    let report = sample.write().check_with_raw();
    sample.shown(&report)
}

/// A text of half a megabyte that is written with escapes.
fn long_text() -> String {
    "Rain ends the \"drought\".\n".repeat(20_000)
}

#[test]
fn many_values_are_traced() {
    let mut one = article("art-1");
    one["absent"].as_object_mut().unwrap().remove("authors");
    let names: Vec<String> = (0..20_000).map(|n| format!("Ada {n}")).collect();
    one["article"]["authors"] = names.iter().map(|name| json!({"name": name})).collect();
    let fields = names.into_iter().enumerate();
    let fields = fields.map(|(n, name)| (format!("/article/authors/{n}/name"), name));
    assert_eq!(found(one, fields), Vec::<String>::new());
}

#[test]
fn many_fields_are_of_one_long_value() {
    let mut one = article("art-1");
    one["content"]["summary"] = json!(long_text());
    let fields = vec![("/content/summary".to_owned(), "Rain".to_owned()); 2_000];
    let found = found(sealed(one), fields);
    let of = |code| found.iter().filter(|found| found.starts_with(code)).count();
    assert_eq!(of("trace-field-dangling"), 1_999);
    assert_eq!(of("trace-replay"), 2_000);
    assert_eq!(found.len(), 3_999);
}

#[test]
fn many_values_lie_in_a_field_of_a_long_name() {
    let mut one = article("art-1");
    let name = "n".repeat(1_000_000);
    let values: Vec<u32> = (0..50_000).collect();
    one["source"][&name] = json!({"a": values, "b": {"c": 1}});
    let pointer = format!("/source/{name}");
    assert_eq!(
        found(one, []),
        ["field-unknown", "trace-value-untraced"].map(|code| format!("{code} records:1 {pointer}"))
    );
}

#[test]
fn much_evidence_lies_in_a_long_text() {
    let mut sample = Sample::new();
    sample.records[0]["content"]["text"] = json!(long_text());
    sample.records[0] = sealed(sample.records[0].clone());
    sample.traces.clear();
    let mut one = relation("quotes", "art-1", "art-2");
    let stretch = |start: u64| json!({"start": start, "end": start + 1});
    let item = |start| json!({"in": "text", "from": stretch(start)});
    one["evidence"] = (0..5_000).map(item).collect();
    sample.relations = vec![one];
    let report = sample.write().check(&Options::default());
    assert_eq!(sample.shown(&report), Vec::<String>::new());
}

#[test]
fn many_relations_have_the_id_that_they_lead_from() {
    let mut sample = Sample::new();
    let mut one = relation("quotes", "art-1", "art-2");
    one["from"] = one["id"].clone();
    sample.relations = vec![one; 10_000];
    let report = sample.write().check(&Options::default());
    assert_eq!(report.count_of(codes::RELATION_DANGLING), 10_000);
}
