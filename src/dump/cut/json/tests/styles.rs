//! The same items, written in many ways.

use std::path::{Path, PathBuf};

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use super::{JsonCutter, Layout, Pieces, Slowly, cut, items};
use crate::json::Pointer;

/// The same cases on every machine and in every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 500,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7464),
        ..ProptestConfig::default()
    }
}

/// Any value.
pub(crate) fn json_value() -> impl Strategy<Value = Value> {
    let text = "[a-z\"\\\\{}\\[\\],: \n\u{1e}é\u{feff}😀]{0,12}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(text, inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An item: an object of which nothing says that it is a list of others.
fn object() -> impl Strategy<Value = Value> {
    btree_map("[b-z]{1,3}", json_value(), 0..5)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// What is before, between and behind items, and how they are written.
#[derive(Debug, Clone, Copy)]
struct Style {
    before: &'static str,
    between: &'static str,
    after: &'static str,
    pretty: bool,
}

const STYLES: [Style; 11] = [
    style("", "\n", "\n", false),
    style("", "\r\n\r\n", "", false),
    style("", "", "", false),
    style("", "\n", "", true),
    style(" ", " , ", "\n", true),
    style("\u{1e}", "\n\u{1e}", "\n", true),
    style("[", ",", "]", false),
    style("[\n", "\n,", "]\n", true),
    style(
        "{\"n\":[{}], \"articles\" : [",
        " ,",
        "], \"x\":{\"y\":[1,2]}}",
        true,
    ),
    style("{\"data\":{\"n\":1,\"items\":[", ",", "]}}\n", false),
    style("{\"\\u0064ocs\":[", ",", "]}", true),
];

const fn style(
    before: &'static str,
    between: &'static str,
    after: &'static str,
    pretty: bool,
) -> Style {
    Style {
        before,
        between,
        after,
        pretty,
    }
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Utf8,
    Le,
    Be,
}

fn write(text: &str, form: Form) -> Vec<u8> {
    match form {
        Form::Utf8 => text.as_bytes().to_vec(),
        Form::Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Form::Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn items_are_found_in_every_style(
        values in vec(object(), 2..6),
        style in select(&STYLES[..]),
        form in select(&[Form::Utf8, Form::Le, Form::Be][..]),
        mark: bool,
        slowly: bool,
    ) {
        let written: Vec<String> = values.iter().map(|value| if style.pretty {
            serde_json::to_string_pretty(value).unwrap()
        } else {
            value.to_string()
        }).collect();
        let text = [if mark { "\u{feff}" } else { "" }, style.before, &written.join(style.between), style.after].concat();
        let stream = write(&text, form);
        let pieces: Pieces = if slowly {
            let cutter = JsonCutter::new(Slowly(&stream, 1)).unwrap();
            cutter.map(Result::unwrap).collect()
        } else {
            cut(&stream)
        };
        prop_assert_eq!(pieces.len(), written.len(), "{}: {:?}", text, pieces);
        let expected: Vec<Vec<u8>> = written.iter().map(|item| write(item, form)).collect();
        prop_assert_eq!(items(pieces), expected, "{}", text);
    }

    #[test]
    fn values_of_any_type_are_items(values in vec(json_value(), 0..6), between in select(&["\n", " ", "\t\n "][..])) {
        let written: Vec<String> = values.iter().map(Value::to_string).collect();
        let text = written.join(between);
        let cutter = JsonCutter::with_layout(text.as_bytes(), Layout::Values).unwrap();
        let found: Vec<Vec<u8>> = items(cutter.map(Result::unwrap).collect());
        let slow = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        let slow: Vec<Value> = slow.map(Result::unwrap).collect();
        let found: Vec<Value> = found.iter().map(|item| serde_json::from_slice(item).unwrap()).collect();
        prop_assert_eq!(found, slow);
    }

    #[test]
    fn nothing_is_lost_to_an_end_or_a_loop(bytes in vec(select(&b"{}[],:\"\\\n\x1e 1ta\0\xef\xbb\xbf\xff"[..]), 0..60)) {
        cut(&bytes);
        for layout in [Layout::Document, Layout::Values, Layout::Array, Layout::Under(Pointer::root().key("a"))] {
            let cutter = JsonCutter::with_layout(&bytes[..], layout).unwrap();
            prop_assert!(cutter.map(Result::unwrap).count() <= bytes.len());
        }
    }
}

/// The items of a file, the slow way.
fn slow(bytes: &[u8], layout: &Layout) -> Vec<Value> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    let values: Vec<Value> = values.map(Result::unwrap).collect();
    match layout {
        Layout::Document | Layout::Values => values,
        Layout::Array => values[0].as_array().unwrap().clone(),
        Layout::Under(pointer) => values[0]
            .pointer(pointer.as_str())
            .unwrap()
            .as_array()
            .unwrap()
            .clone(),
    }
}

#[test]
fn dumps_are_cut_as_serde_reads_them() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED").map(PathBuf::from) else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let mut layouts = Vec::new();
    for path in files(&shared.join("dumps")) {
        let bytes = std::fs::read(&path).unwrap();
        let layout = JsonCutter::new(&bytes[..]).unwrap().layout().clone();
        let pieces = cut(&bytes);
        let count = pieces.len();
        let found = items(pieces);
        assert_eq!(found.len(), count, "{}", path.display());
        let found: Vec<Value> = found
            .iter()
            .map(|item| serde_json::from_slice(item).unwrap())
            .collect();
        assert_eq!(found, slow(&bytes, &layout), "{}", path.display());
        layouts.push(layout);
    }
    let under = |pointer: &str| Layout::Under(Pointer::parse(pointer).unwrap());
    for (layout, count) in [
        (Layout::Array, 4),
        (Layout::Values, 1),
        (under("/items"), 2),
        (under("/data/items"), 2),
        (under("/item"), 1),
    ] {
        let found = layouts.iter().filter(|found| **found == layout).count();
        assert_eq!(found, count, "{layout:?}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    let paths = all.map(|entry| entry.unwrap().into_path());
    paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json" || extension == "jsonl")
        })
        .collect()
}
