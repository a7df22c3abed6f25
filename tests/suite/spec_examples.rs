//! The examples of the pages, computed: they are of one small corpus, that of the vectors `entries/`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, and looks at what it is about"
)]

use std::collections::BTreeMap;
use std::fs;

use dateline::digest::Digest;
use dateline::dump::{FileLine, Kind, RefusalLine};
use dateline::json::{Tape, canonical};
use dateline::record::{Withdrawal, text_digest, text_v1, url_digest};
use dateline::trace::Layer;
use serde_json::Value;

use super::spec_ids::blocks;

fn vector(path: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    fs::read_to_string(format!("{root}/schemas/v1/vectors/{path}")).unwrap()
}

fn page(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    fs::read_to_string(format!("{root}/spec/{name}.md")).unwrap()
}

fn form(text: &str) -> Vec<u8> {
    let tape = Tape::parse(text.as_bytes()).unwrap();
    let mut form = Vec::new();
    canonical::write(tape.root(), &mut form);
    form
}

/// The digest of a record: of all but its content.
fn record_digest(record: &Value) -> Digest {
    let mut core = record.clone();
    core.as_object_mut().unwrap().remove("content");
    Digest::of(&form(&core.to_string()))
}

/// The values of a file of lines, by their ids.
fn by_id(lines: &str) -> BTreeMap<String, Value> {
    let values = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let named = values.map(|value: Value| (value["id"].as_str().unwrap().to_owned(), value));
    named.collect()
}

/// The examples of a kind, with where they stand: the values for which `is` holds.
fn examples(is: impl Fn(&Value) -> bool) -> Vec<(String, Value)> {
    let blocks = blocks("json").into_iter();
    let values = blocks.map(|(place, block)| (place, serde_json::from_str(&block).unwrap()));
    let found: Vec<_> = values.filter(|(_, value)| is(value)).collect();
    assert!(!found.is_empty());
    found
}

#[test]
fn records_and_traces_are_those_of_the_vectors() {
    let records = by_id(&vector("entries/records.jsonl"));
    for kind in ["article", "relation"] {
        for (place, value) in examples(|value| value["type"] == kind) {
            let id = value["id"].as_str().unwrap();
            assert_eq!(records.get(id), Some(&value), "{place}");
        }
    }
    let traces = by_id(&vector("entries/traces.jsonl"));
    for (place, value) in examples(|value| value.get("trace").is_some()) {
        let id = value["id"].as_str().unwrap();
        assert_eq!(traces.get(id), Some(&value), "{place}");
    }
}

#[test]
fn the_digest_and_the_ids_are_computed_as_the_pages_say() {
    let (_, article) = examples(|value| value["type"] == "article").remove(0);
    let digest = record_digest(&article).to_string();
    assert!(page("record").contains(&format!("\n{digest}\n")));
    for (name, kind) in [("record", "article"), ("relations", "relation")] {
        let (_, value) = examples(|value| value["type"] == kind).remove(0);
        // Both pages show the list that the id is over.
        let page = page(name);
        let id = value["id"].as_str().unwrap();
        let (prefix, digits) = id.split_once('-').unwrap();
        let lists = page.split(['`', '\n']).filter(|part| {
            part.starts_with("[\"") && part.ends_with("\"]") && part.contains("\",\"")
        });
        let found = lists
            .map(|list| format!("{:.32}", Digest::of(&form(list)).hex()))
            .any(|hex| hex == digits);
        assert!(
            found,
            "{name}.md shows no list of which {prefix}-{digits} is made"
        );
    }
}

#[test]
fn a_withdrawal_has_the_keys_of_its_record() {
    let records = by_id(&vector("entries/records.jsonl"));
    for (place, value) in examples(|value| value["type"] == "withdrawal") {
        let id = value["id"].as_str().unwrap();
        let record = &records[id];
        assert_eq!(value["was"], record_digest(record).to_string(), "{place}");
        if let Some(raw) = value.get("raw_digest") {
            assert_eq!(*raw, record["raw"]["digest"], "{place}");
        }
        let url = url_digest(record["source"]["url"].as_str().unwrap()).unwrap();
        if let Some(urls) = value.get("url_digests") {
            assert_eq!(*urls, Value::from(vec![url.to_string()]), "{place}");
        }
        let text = record["content"]["text"].as_str().unwrap();
        let telling = text_v1(text).chars().count() >= Withdrawal::TELLING;
        let expected = text_digest(text).filter(|_| telling);
        let expected = expected.map(|digest| Value::from(digest.to_string()));
        assert_eq!(value.get("text_digest"), expected.as_ref(), "{place}");
    }
    let (_, shown) = examples(|value| value["type"] == "withdrawal").remove(0);
    let vector: Value = serde_json::from_str(&vector("valid/withdrawal/example.json")).unwrap();
    assert_eq!(shown, vector);
}

#[test]
fn entries_changes_and_ledger_are_those_of_the_vectors() {
    let (_, withdrawal) = examples(|value| value["type"] == "withdrawal").remove(0);
    let withdrawn = format!(
        "+{} withdrawal {}",
        withdrawal["id"].as_str().unwrap(),
        record_digest(&withdrawal).hex()
    );
    assert!(
        vector("chain/changes-1.txt")
            .lines()
            .any(|line| line == withdrawn)
    );
    let files = [
        "entries/entries.txt",
        "entries/traces.txt",
        "entries/inputs.jsonl",
        "chain/changes-1.txt",
    ];
    let texts: Vec<String> = blocks("text")
        .into_iter()
        .filter(|(place, _)| place.starts_with("manifest.md"))
        .map(|(_, block)| block)
        .collect();
    for file in files {
        assert!(
            texts.contains(&vector(file)),
            "manifest.md does not show {file}"
        );
    }
    let shown = examples(|value| value.get("_type").is_some()).remove(0).1;
    let vector: Value = serde_json::from_str(&vector("entries/manifest.json")).unwrap();
    assert_eq!(shown, vector);
}

#[test]
fn canonical_form_and_text_v1_are_what_their_page_says() {
    let blocks: Vec<String> = blocks("text")
        .into_iter()
        .filter(|(place, _)| place.starts_with("canonical.md"))
        .map(|(_, block)| block)
        .collect();
    let [input, canonical, digest, text] = blocks.as_slice() else {
        panic!("canonical.md has other examples: {blocks:#?}");
    };
    let page = page("canonical");
    let found = form(input);
    assert_eq!(String::from_utf8(found.clone()).unwrap() + "\n", *canonical);
    assert!(page.contains(&format!("of {} bytes", found.len())));
    assert_eq!(Digest::of(&found).to_string() + "\n", *digest);
    let text: String =
        serde_json::from_str(&format!("\"{}\"", text.trim_end_matches('\n'))).unwrap();
    assert!(page.contains(&format!("`{}`", text_v1(&text))));
}

/// The keys of an object, as they are written.
fn keys(line: &impl serde::Serialize) -> Vec<String> {
    let line = serde_json::to_string(line).unwrap();
    let tape = Tape::parse(line.as_bytes()).unwrap();
    let members = tape.root().members();
    members.map(|member| member.key.into_owned()).collect()
}

/// Shows the order of keys that `ledger-line` demands.
#[test]
fn lines_of_the_ledger_have_the_keys_of_the_page_in_its_order() {
    let page = page("manifest");
    let (_, section) = page.split_once("The line of a file:").unwrap();
    let (table, section) = section.split_once("The line of an item").unwrap();
    let rows = table.lines().filter_map(|row| row.strip_prefix("| `"));
    let named: Vec<&str> = rows.map(|row| row.split('`').next().unwrap()).collect();
    let one = BTreeMap::from([("a".to_owned(), 1)]);
    let file = FileLine {
        path: "a".to_owned(),
        bytes: 1,
        digest: Digest::of(b""),
        kind: Kind::Text,
        reader: one.clone(),
        items: 3,
        records: 1,
        superseded: 1,
        refused: one,
    };
    assert_eq!(keys(&file), named);
    let (_, refusal) = section.split_once('{').unwrap();
    let (refusal, _) = refusal.split_once('}').unwrap();
    let named: Vec<&str> = refusal
        .split(", ")
        .map(|key| key.trim_matches('"'))
        .collect();
    let refusal = RefusalLine {
        path: "a".to_owned(),
        offset: 0,
        length: 1,
        layers: vec![Layer::Gzip],
        code: "item-mismatch".to_owned(),
    };
    assert_eq!(keys(&refusal), named);
}
