//! The official JSON Schema test suite on the tape, beside `serde_json::Value`.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use jsonschema::{Draft, PatternOptions, Registry};
use serde_json::Value;

use super::compile;
use crate::json::Tape;

/// Groups of the suite that do not compile under dateline's settings, with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "format: idn-email format",
        "not compiled in: needs the feature `idna`",
    ),
    (
        "format: idn-hostname format",
        "not compiled in: needs the feature `idna`",
    ),
];

#[test]
fn the_tape_is_judged_as_a_tree_is() {
    let Some(shared) = std::env::var_os("DATELINE_SHARED") else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return;
    };
    let folder = Path::new(&shared).join("vectors/json-schema-test-suite/tests/draft2020-12");
    let mut left_out = Vec::new();
    let mut judged = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let groups: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for group in groups.as_array().unwrap() {
            let name = format!(
                "{}: {}",
                path.file_stem().unwrap().display(),
                group["description"].as_str().unwrap()
            );
            // Schemas of the suite's own server: nothing is fetched.
            if group["schema"].to_string().contains("//localhost:1234/") {
                continue;
            }
            match judge(&group["schema"], &group["tests"], &name) {
                Some(count) => judged += count,
                None => left_out.push(name),
            }
        }
    }
    left_out.sort();
    let expected: Vec<_> = LEFT_OUT
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(left_out, expected);
    assert!(judged > 1_000, "{judged} instances");
}

/// How many instances the tape can hold and judges as it should.
fn judge(schema: &Value, tests: &Value, name: &str) -> Option<usize> {
    let registry = Registry::new().prepare().unwrap();
    let on_tape = compile(schema, &registry).ok()?;
    let on_tree = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .build(schema)
        .unwrap();
    let mut judged = 0;
    for test in tests.as_array().unwrap() {
        let source = test["data"].to_string();
        // Instances with fractions are none of dateline's JSON.
        let Ok(tape) = Tape::parse(source.as_bytes()) else {
            continue;
        };
        let valid = on_tape.is_valid(tape.root());
        assert_eq!(valid, on_tree.is_valid(&test["data"]), "{name}: {source}");
        // In this file of the suite formats are annotations; dateline checks them.
        if !name.starts_with("format: ") {
            assert_eq!(valid, test["valid"] == true, "{name}: {source}");
        }
        let tape_errors = on_tape.iter_errors(tape.root());
        let tree_errors = on_tree.iter_errors(&test["data"]);
        let shown = |error: jsonschema::ValidationError<'_>| {
            format!("{} {} {error}", error.instance_path(), error.schema_path())
        };
        let mut tape_errors: Vec<_> = tape_errors.map(shown).collect();
        let mut tree_errors: Vec<_> = tree_errors.map(shown).collect();
        tape_errors.sort();
        tree_errors.sort();
        assert_eq!(tape_errors, tree_errors, "{name}: {source}");
        judged += 1;
    }
    Some(judged)
}
