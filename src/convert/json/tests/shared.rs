//! The real dumps, beside an independent reading of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Made, convert};
use crate::convert::json::reads;
use crate::document::JsonDocument;
use crate::dump::cut::{Encoding, JsonCutter, Piece};

/// The items of a file.
fn items(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap();
    let pieces = JsonCutter::new(&bytes[..]).unwrap().map(Result::unwrap);
    let items = pieces.map(|piece| match piece {
        Piece::Item(cut) => cut.bytes,
        Piece::Refused(refusal) => panic!("{}: {refusal}", path.display()),
    });
    items.collect()
}

fn files(shared: &Path) -> Vec<PathBuf> {
    let dumps = shared.join("dumps/dumps");
    let folders = [
        "json_other",
        "json_news_please",
        "jsonl_dolma",
        "ninjs",
        "feeds",
    ];
    let all = folders.into_iter().flat_map(|folder| {
        let found = walkdir::WalkDir::new(dumps.join(folder)).sort_by_file_name();
        found.into_iter().map(|entry| entry.unwrap().into_path())
    });
    let ends = |path: &PathBuf| {
        path.extension()
            .is_some_and(|end| end == "json" || end == "jsonl")
    };
    all.filter(ends).collect()
}

/// The strings that an item has under these names, in it, in its `item` or in its `metadata`.
fn strings(item: &Value, names: &[&str]) -> BTreeSet<String> {
    let within = ["/data/item", "/item", ""];
    let article = within.into_iter().find_map(|at| item.pointer(at)).unwrap();
    let found = |object: &Value| -> BTreeSet<String> {
        let members = names.iter().filter_map(|name| object.pointer(name));
        let strings = members
            .filter_map(Value::as_str)
            .filter(|text| !text.trim().is_empty());
        strings.map(str::to_owned).collect()
    };
    match found(article) {
        none if none.is_empty() => found(&article["metadata"]),
        some => some,
    }
}

/// Holds a value to the only string that the item has for it.
fn hold(made: &Made, pointer: &str, of: &BTreeSet<String>, as_record: impl Fn(&str) -> String) {
    match of.iter().collect::<Vec<_>>()[..] {
        [one] => assert_eq!(made.at(pointer), &Value::from(as_record(one)), "{pointer}"),
        _ => assert_eq!(made.at(pointer), &Value::Null, "{pointer}"),
    }
}

#[test]
fn dumps_are_read_as_serde_reads_them() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED").map(PathBuf::from) else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let mut count = 0;
    for path in files(&shared) {
        for item in items(&path) {
            let document = JsonDocument::parse(&item, Encoding::Utf8).unwrap();
            let value: Value = serde_json::from_slice(&item).unwrap();
            let made = convert(&item, Encoding::Utf8);
            assert!(reads(&document), "{}", path.display());
            let (trace, bytes) = made.share(&item);
            assert!(bytes < 3000 || trace * 100 < bytes * 35, "{trace} {bytes}");
            hold(
                &made,
                "/article/headline",
                &strings(&value, &["/title", "/headline", "/headlines/0/value"]),
                str::to_owned,
            );
            let texts = ["/text", "/content", "/maintext", "/body_text"];
            let text = strings(&value, &texts);
            if !text.is_empty() {
                hold(&made, "/content/text", &text, str::to_owned);
            }
            let urls = match strings(&value, &["/url", "/link"]) {
                none if none.is_empty() => strings(&value, &["/uri"]),
                some => some,
            };
            hold(&made, "/source/url", &urls, |url| {
                crate::record::parse_url(url).unwrap().into()
            });
            count += 1;
        }
    }
    assert_eq!(count, 57);
}
