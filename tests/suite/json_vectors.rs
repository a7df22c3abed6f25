//! Strict JSON and its canonical form against published vectors.
//!
//! What dateline refuses although the vectors allow it stands in a table with its reason.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dateline::json::{SyntaxErrorKind, Tape, canonical};

use crate::shared::shared;

/// Of the texts that a parser must accept (`y_`) and may accept (`i_`) those that dateline refuses,
/// by the rule they break. It refuses all of `i_`.
const REFUSED: &[(&str, &[&str])] = &[
    // RFC 8259, section 8.1: no byte order mark is added, and one that is ignored breaks digests.
    ("ByteOrderMark", &["i_structure_UTF-8_BOM_empty_object"]),
    // RFC 8259, section 4, leaves their meaning open: parsers keep the first, the last or both.
    (
        "DuplicateKey",
        &[
            "y_object_duplicated_key",
            "y_object_duplicated_key_and_value",
        ],
    ),
    // Only integers written in full: two spellings of one number would have two digests.
    (
        "Exponent",
        &[
            "i_number_neg_int_huge_exp",
            "i_number_real_neg_overflow",
            "i_number_real_pos_overflow",
            "i_number_real_underflow",
            "y_number",
            "y_number_0e+1",
            "y_number_0e1",
            "y_number_int_with_exp",
            "y_number_real_capital_e",
            "y_number_real_capital_e_neg_exp",
            "y_number_real_capital_e_pos_exp",
            "y_number_real_exponent",
            "y_number_real_neg_exp",
            "y_number_real_pos_exponent",
        ],
    ),
    // Only integers: the digits of a fraction do not survive every reader.
    (
        "Fraction",
        &[
            "i_number_double_huge_neg_exp",
            "i_number_huge_exp",
            "i_number_pos_double_huge_exp",
            "y_number_double_close_to_zero",
            "y_number_real_fraction_exponent",
            "y_number_simple_real",
            "y_object_extreme_numbers",
            "y_structure_lonely_negative_real",
        ],
    ),
    // RFC 8259, section 8.1: JSON is UTF-8. Nothing is replaced by U+FFFD in silence.
    (
        "InvalidUtf8",
        &[
            "i_string_UTF-16LE_with_BOM",
            "i_string_UTF-8_invalid_sequence",
            "i_string_UTF8_surrogate_U+D800",
            "i_string_invalid_utf-8",
            "i_string_iso_latin_1",
            "i_string_lone_utf8_continuation_byte",
            "i_string_not_in_unicode_range",
            "i_string_overlong_sequence_2_bytes",
            "i_string_overlong_sequence_6_bytes",
            "i_string_overlong_sequence_6_bytes_null",
            "i_string_truncated-utf-8",
            "i_string_utf16BE_no_BOM",
            "i_string_utf16LE_no_BOM",
        ],
    ),
    // Half a pair is no character: it has no UTF-8 and so no canonical form (RFC 8785, 3.2.2.2).
    (
        "LoneSurrogate",
        &[
            "i_object_key_lone_2nd_surrogate",
            "i_string_1st_surrogate_but_2nd_missing",
            "i_string_1st_valid_surrogate_2nd_invalid",
            "i_string_incomplete_surrogate_and_escape_valid",
            "i_string_incomplete_surrogate_pair",
            "i_string_incomplete_surrogates_escape_valid",
            "i_string_invalid_lonely_surrogate",
            "i_string_invalid_surrogate",
            "i_string_inverted_surrogates_U+1D11E",
            "i_string_lone_second_surrogate",
        ],
    ),
    // Zero has one spelling: canonical form would have to drop the sign (RFC 8785, 3.2.2.3).
    (
        "NegativeZero",
        &["y_number_minus_zero", "y_number_negative_zero"],
    ),
    // Beyond ±(2^53 − 1) readers round (RFC 7493, section 2.2).
    (
        "OutOfRange",
        &[
            "i_number_too_big_neg_int",
            "i_number_too_big_pos_int",
            "i_number_very_big_negative_int",
        ],
    ),
    // Depth is bounded, so that no reader's stack is at risk.
    ("TooDeep", &["i_structure_500_nested_arrays"]),
];

/// What a text of a dump may not be, though the vectors leave it open: other encodings are decoded
/// before, and a byte order mark is no part of a text.
const NOT_IN_DUMPS: [&str; 2] = ["ByteOrderMark", "InvalidUtf8"];

#[test]
fn json_test_suite_as_dumps_hold_it() {
    let Some(folder) = shared("vectors/json-test-suite/test_parsing") else {
        return;
    };
    for file in files(&folder) {
        let source = fs::read(folder.join(&file)).unwrap();
        let result = Tape::parse_any(&source);
        let is_known = match (file.split('_').next(), &result) {
            (Some("y" | "i"), Ok(_)) | (Some("n"), Err(_)) => true,
            (Some("i"), Err(error)) => NOT_IN_DUMPS.contains(&rule(&error.kind).as_str()),
            _ => false,
        };
        assert!(is_known, "{file}: {result:?}");
    }
}

#[test]
fn json_test_suite() {
    let Some(folder) = shared("vectors/json-test-suite/test_parsing") else {
        return;
    };
    let mut refused: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files(&folder) {
        let source = fs::read(folder.join(&file)).unwrap();
        let result = Tape::parse(&source);
        match (file.split('_').next(), result) {
            (Some("y" | "i"), Ok(_)) | (Some("n"), Err(_)) => {}
            (Some("y" | "i"), Err(error)) => {
                refused.entry(rule(&error.kind)).or_default().push(file);
            }
            (_, result) => panic!("{file}: {result:?}"),
        }
    }
    let expected: BTreeMap<String, Vec<String>> = REFUSED
        .iter()
        .map(|(rule, files)| {
            let files = files.iter().map(|file| format!("{file}.json")).collect();
            ((*rule).to_owned(), files)
        })
        .collect();
    assert_eq!(refused, expected);
}

/// What has to be rewritten in the input and output before dateline may read it, and why.
const REWRITTEN: &[(&str, [&str; 2], [&str; 2])] = &[
    // 56.0 is an integer to RFC 8785 and a fraction to dateline.
    ("structures", ["56.0", "56"], ["56", "56"]),
    // Fractions and exponents: what is left tests the strings.
    (
        "values",
        [
            "333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001",
            "",
        ],
        ["333333333.3333333,1e+30,4.5,0.002,1e-27", ""],
    ),
];

#[test]
fn canonical_form_vectors() {
    let Some(folder) = shared("vectors/jcs/testdata") else {
        return;
    };
    let read = |part: &str, name: &str| fs::read_to_string(folder.join(part).join(name)).unwrap();
    for file in files(&folder.join("input")) {
        let mut input = read("input", &file);
        let mut output = read("output", &file);
        let name = file.strip_suffix(".json").unwrap();
        let hex = read("outhex", &format!("{name}.txt"));
        let hex = hex.split_ascii_whitespace();
        let bytes: Vec<_> = hex
            .map(|digits| u8::from_str_radix(digits, 16).unwrap())
            .collect();
        assert_eq!(output.as_bytes(), bytes, "{name}");

        if let Some((_, from, to)) = REWRITTEN.iter().find(|(file, ..)| *file == name) {
            assert!(Tape::parse(input.as_bytes()).is_err(), "{name}");
            assert!(input.contains(from[0]) && output.contains(to[0]), "{name}");
            input = input.replace(from[0], from[1]);
            output = output.replace(to[0], to[1]);
        }
        assert_eq!(canonical_form(input.as_bytes()), output, "{name}");
        assert_eq!(canonical_form(output.as_bytes()), output, "{name}");
    }
}

#[test]
fn naughty_strings_survive() {
    let Some(file) = shared("vectors/naughty-strings/blns.json") else {
        return;
    };
    let source = fs::read(file).unwrap();
    let expected: Vec<String> = serde_json::from_slice(&source).unwrap();
    let canonical = canonical_form(&source);
    for text in [&source, canonical.as_bytes()] {
        let tape = Tape::parse(text).unwrap();
        let strings: Vec<_> = tape
            .root()
            .items()
            .map(|item| item.as_str().unwrap())
            .collect();
        assert_eq!(strings, expected);
    }
    assert_eq!(canonical::to_vec(&expected).unwrap(), canonical.as_bytes());
}

fn canonical_form(source: &[u8]) -> String {
    let tape = Tape::parse(source).unwrap();
    let mut out = Vec::new();
    canonical::write(tape.root(), &mut out);
    String::from_utf8(out).unwrap()
}

/// The name of the rule that is broken.
fn rule(kind: &SyntaxErrorKind) -> String {
    let text = format!("{kind:?}");
    text.split([' ', '{']).next().unwrap_or_default().to_owned()
}

fn files(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    files
}
