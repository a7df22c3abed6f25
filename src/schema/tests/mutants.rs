//! Three judges of one text: the accept-only program, `jsonschema` on the tape, and `jsonschema` on
//! `serde_json::Value`, which is the slow and obvious one. They are held to each other over mutants
//! of valid values: the same ones on every machine and in every run.
#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a test may panic, and looks at what it is about"
)]

mod dice;
mod sample;
mod tree;

use std::path::{Path, PathBuf};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, PatternOptions, Registry, ValidationError, Validator};
use serde_json::Value;

use self::dice::Dice;
use self::tree::Tree;
use crate::json::{SyntaxErrorKind, Tape};
use crate::schema::{Schema, registry};

/// How many mutants of values of each schema are judged. Of records and traces they are 210,000.
const MUTANTS: [(&str, usize); 9] = [
    ("article", 100_000),
    ("relation", 50_000),
    ("withdrawal", 40_000),
    ("trace", 20_000),
    ("manifest", 4_000),
    ("ledger", 4_000),
    ("config", 4_000),
    ("report", 4_000),
    ("profile", 2_000),
];

/// The validator of `schema` on `serde_json::Value`, with the settings of [`compile`](crate::schema::compile).
pub(in crate::schema) fn on_tree(schema: &Value, registry: &Registry<'_>) -> Validator {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .offline()
        .with_registry(registry)
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .build(schema)
        .unwrap()
}

/// Errors as texts that can be compared.
pub(in crate::schema) fn shown<'e>(
    errors: impl Iterator<Item = ValidationError<'e>>,
) -> Vec<String> {
    let mut shown: Vec<_> = errors
        .map(|error| {
            let what = match error.kind() {
                // A tree has another order of members.
                ValidationErrorKind::AdditionalProperties { unexpected } => {
                    let mut unexpected = unexpected.clone();
                    unexpected.sort();
                    format!("{unexpected:?}")
                }
                _ => error.to_string(),
            };
            format!("{} {} {what}", error.instance_path(), error.schema_path())
        })
        .collect();
    shown.sort();
    shown
}

/// What came of the mutants of one schema's values.
#[derive(Debug, Default)]
struct Counts {
    mutants: usize,
    /// No JSON to anybody.
    no_json: usize,
    /// JSON, but not to dateline.
    too_loose: usize,
    valid: usize,
    invalid: usize,
    /// Valid, and the program did not say so.
    missed: usize,
}

struct Judge {
    schema: &'static Schema,
    tree: Validator,
    counts: Counts,
}

#[test]
fn articles() {
    judge("article");
}

#[test]
fn relations_and_withdrawals() {
    judge("relation");
    judge("withdrawal");
}

#[test]
fn traces() {
    judge("trace");
}

#[test]
fn what_is_no_record() {
    for name in ["manifest", "ledger", "config", "report", "profile"] {
        judge(name);
    }
}

#[test]
fn mutants_of_records_are_many() {
    let records = ["article", "relation", "withdrawal", "trace"];
    let of_records = |&&(name, _): &&(&str, usize)| records.contains(&name);
    let sum: usize = MUTANTS
        .iter()
        .filter(of_records)
        .map(|&(_, count)| count)
        .sum();
    assert!(sum >= 200_000, "{sum}");
    assert_eq!(MUTANTS.len(), Schema::all().len());
}

/// Judges the mutants of one schema's values, and says how many were what.
fn judge(name: &'static str) {
    let schema = Schema::named(name).unwrap();
    let mut judge = Judge {
        schema,
        tree: on_tree(schema.value(), registry()),
        counts: Counts::default(),
    };
    let (_, wanted) = MUTANTS.iter().find(|(other, _)| *other == name).unwrap();
    let mut dice = Dice::new(name);
    let vectors = valid(name);
    while judge.counts.mutants < *wanted {
        // A value made up from the schema itself, or a vector.
        let made_up = sample::of(schema.value(), &mut dice);
        let value = if dice.one_in(2) && judge.tree.is_valid(&made_up) {
            made_up
        } else {
            dice.of(&vectors)
        };
        let seed = Tree::of(&value);
        for _ in 0..10 {
            let mut mutant = seed.clone();
            for _ in 0..dice.of(&[1, 1, 1, 1, 1, 3]) {
                mutant.mutate(&mut dice);
            }
            let mut text = mutant.text(&mut dice);
            if dice.one_in(12) {
                tree::damage(&mut text, &mut dice);
            }
            judge.text(&text);
        }
    }
    let counts = judge.counts;
    eprintln!("{name}: {counts:?}");
    assert!(counts.valid * 5 >= counts.mutants, "{name}: {counts:?}");
    assert!(counts.invalid * 5 >= counts.mutants, "{name}: {counts:?}");
    assert!(counts.no_json * 100 >= counts.mutants, "{name}: {counts:?}");
    assert!(
        counts.too_loose * 100 >= counts.mutants,
        "{name}: {counts:?}"
    );
    assert_eq!(counts.missed, 0, "{name}");
}

impl Judge {
    fn text(&mut self, text: &[u8]) {
        self.counts.mutants += 1;
        let shown_text = || String::from_utf8_lossy(text).into_owned();
        let value = serde_json::from_slice::<Value>(text);
        match (Tape::parse(text), value) {
            (Err(_), Err(_)) => self.counts.no_json += 1,
            (Err(error), Ok(_)) => {
                assert!(is_stricter(&error.kind), "{error}: {}", shown_text());
                self.counts.too_loose += 1;
            }
            (Ok(_), Err(error)) => panic!("{error}: {}", shown_text()),
            (Ok(tape), Ok(value)) => {
                assert_eq!(tape.root().to_value(), value, "{}", shown_text());
                self.judge(&tape, &value, shown_text);
            }
        }
    }

    fn judge(&mut self, tape: &Tape<'_>, value: &Value, text: impl Fn() -> String) {
        let root = tape.root();
        let valid = self.tree.is_valid(value);
        let accepted = self.schema.program().unwrap().accepts(root);
        assert!(valid || !accepted, "accepted: {}", text());
        if valid {
            self.counts.valid += 1;
            self.counts.missed += usize::from(!accepted);
        } else {
            self.counts.invalid += 1;
        }
        // Half of the time goes into this.
        if self.counts.mutants.is_multiple_of(4) {
            let on_tape = self.schema.validator();
            assert_eq!(on_tape.is_valid(root), valid, "{}", text());
            let errors = shown(on_tape.iter_errors(root));
            assert_eq!(errors, shown(self.tree.iter_errors(value)), "{}", text());
        }
    }
}

/// Rules of dateline's for JSON that `serde_json` has not: of two equal keys it keeps the last, and
/// of numbers it reads all, those beyond 2^53 rounded. The one spelling that each value has left is
/// what makes a canonical form without floating-point numbers.
fn is_stricter(kind: &SyntaxErrorKind) -> bool {
    matches!(
        kind,
        SyntaxErrorKind::DuplicateKey { .. }
            | SyntaxErrorKind::Fraction { .. }
            | SyntaxErrorKind::Exponent { .. }
            | SyntaxErrorKind::NegativeZero
            | SyntaxErrorKind::OutOfRange { .. }
    )
}

/// The valid vectors of a schema, those among the lines of corpora too; of profiles the built-in ones.
fn valid(name: &str) -> Vec<Value> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let vectors = project.join("schemas/v1/vectors/valid");
    let mut found: Vec<Value> = Vec::new();
    if name == "profile" {
        for path in files(&project.join("src/profile/builtin")) {
            found.push(serde_yaml::from_slice(&std::fs::read(path).unwrap()).unwrap());
        }
    } else {
        for path in files(&vectors.join(name)) {
            // `serde_json` reads no more than 127 levels, and so not the deepest vector.
            found.extend(serde_json::from_slice::<Value>(
                &std::fs::read(path).unwrap(),
            ));
        }
    }
    for path in files(&vectors.join("corpus")) {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            if value
                .get("type")
                .map_or("trace", |kind| kind.as_str().unwrap())
                == name
            {
                found.push(value);
            }
        }
    }
    // Short ones more often than long ones: most of what is mutated is the same in both.
    let often = |value: Value| {
        let times = 1 + 3_000 / value.to_string().len();
        std::iter::repeat_n(value, times)
    };
    found.into_iter().flat_map(often).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
