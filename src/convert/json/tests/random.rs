//! Items of no shape.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use super::{convert, made};
use crate::convert::json::names::{BESIDE, EITHER, ENVELOPES, ROWS};
use crate::dump::cut::Encoding;

/// Names that mean something, and others.
fn name() -> impl Strategy<Value = String> {
    let rows = ROWS
        .iter()
        .flat_map(|row| row.names.iter().chain(row.second));
    let all = rows.chain(&EITHER).chain(&ENVELOPES).chain(&BESIDE);
    let other = ["name", "value", "role", "rendered", "href", "x", ""].iter();
    let all: Vec<String> = all.chain(other).map(|name| (*name).to_owned()).collect();
    proptest::sample::select(all)
}

fn leaf() -> impl Strategy<Value = String> {
    let known = [
        "null",
        "true",
        "0",
        "1",
        "200",
        "1683194400",
        "1.5e3",
        "-1",
        r#""""#,
        r#""None""#,
        r#""0""#,
        r#""By""#,
        r#""By ""#,
        r#""By Ada""#,
        r#"" A, b ,, ""#,
        r#""a;b|c""#,
        r#"",""#,
        r#""2023-05-04""#,
        r#""2023-05-04T10:00Z""#,
        r#""1970-01-01""#,
        r#""https://n.example/a b""#,
        r#""https://""#,
        r#""n.example""#,
        r#""en_GB""#,
        r#""\ud83d""#,
        r#""\r\n""#,
        r#""\u00ad""#,
        r#""main""#,
        r#""text""#,
        r#""<p>x</p>""#,
        r#""['a']""#,
        r#""\u0000""#,
        r#""\u0020é\u3164""#,
        "[]",
        "{}",
    ];
    let known = known.map(str::to_owned).to_vec();
    prop_oneof![
        4 => proptest::sample::select(known),
        1 => any::<String>().prop_map(|text| Value::from(text).to_string()),
        1 => "[a-z ]{190,230}".prop_map(|text| Value::from(text).to_string()),
        1 => any::<i64>().prop_map(|number| number.to_string()),
    ]
}

fn value() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 40, 6, |inner| {
        let members = proptest::collection::vec((name(), inner.clone()), 0..6);
        let items = proptest::collection::vec(inner, 0..5);
        prop_oneof![
            2 => members.prop_map(object),
            1 => items.prop_map(|items| format!("[{}]", items.join(" ,"))),
        ]
    })
}

fn object(members: Vec<(String, String)>) -> String {
    let members = members
        .into_iter()
        .map(|(name, value)| format!("{}: {value}", Value::from(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(",\n"))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        rng_seed: RngSeed::Fixed(1605),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_item_is_read_to_the_last_byte(members in proptest::collection::vec((name(), value()), 0..9)) {
        let item = object(members);
        let record = made(&item).record;
        let wide: Vec<u8> = item.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut other = convert(&wide, Encoding::Utf16Le).record;
        for key in ["id", "raw"] {
            other[key] = record[key].clone();
        }
        prop_assert_eq!(record, other);
    }
}
