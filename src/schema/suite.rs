//! The official JSON Schema test suite: on the tape, on `serde_json::Value`, and by the accept-only
//! program.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::{Registry, Validator};
use serde_json::Value;

use super::accept::{Program, Unsupported};
use super::tests::mutants::{on_tree, shown};
use super::{compile, register};
use crate::json::{OnTape, Tape};

/// Groups that do not compile under dateline's settings.
const LEFT_OUT: &[&str] = &[
    // They need the feature `idna`, a table of its own; no schema of ours has such a format.
    "format: idn-email format",
    "format: idn-hostname format",
    "idn-email: validation of an internationalized e-mail addresses",
    "idn-hostname: validation of internationalized host names",
    "idn-hostname: validation of separators in internationalized host names",
    // A format that is not known is refused: it may be one misspelt.
    "unknown: unknown format",
];

/// The file of the required part in which formats are annotations; dateline checks them.
const FORMATS_AS_ANNOTATIONS: &str = "format: ";

/// Why groups of the required part have no program, and how many.
const WITHOUT_PROGRAM: &[(&str, usize)] = &[
    // What a schema means by them depends on the whole set of schemas, or on the way taken.
    ("$anchor", 5),
    ("$dynamicAnchor", 10),
    ("$dynamicRef", 1),
    ("$schema", 2),
    ("`$id` within a schema", 20),
    ("a `$ref` of another form", 25),
    // They ask for what other keywords have looked at.
    ("unevaluatedItems", 28),
    ("unevaluatedProperties", 45),
    // The tape holds no fractions to compare with 0.5, and no schema of ours writes 2 as 2.0.
    ("a limit that is no integer", 12),
    // Annotations in this draft; nobody needs them here.
    ("contentEncoding", 3),
    ("contentMediaType", 1),
];

/// What came of some files of the suite.
#[derive(Debug, Default)]
struct Outcome {
    judged: usize,
    not_on_tape: usize,
    left_out: Vec<String>,
    deviations: Vec<String>,
    by_program: usize,
    accepted: usize,
    without_program: BTreeMap<String, usize>,
}

/// One schema of the suite, compiled in three ways.
struct Group<'v> {
    name: String,
    tests: &'v [Value],
    on_tape: Validator<OnTape>,
    on_tree: Validator,
    program: Result<Program, Unsupported>,
}

#[test]
fn the_required_part_is_judged_as_it_says() {
    let Some(mut outcome) = run("") else { return };
    let annotated = |name: &String| name.starts_with(FORMATS_AS_ANNOTATIONS);
    outcome.deviations.retain(|name| !annotated(name));
    assert_eq!(outcome.deviations, [""; 0]);
    let (of_annotations, _) = LEFT_OUT.split_at(2);
    assert_eq!(outcome.left_out, of_annotations);
    let expected = WITHOUT_PROGRAM.iter();
    let expected: BTreeMap<_, _> = expected
        .map(|&(what, count)| (what.to_owned(), count))
        .collect();
    assert_eq!(outcome.without_program, expected);
    assert!(outcome.judged >= 1_200, "{}", outcome.judged);
    assert!(outcome.not_on_tape < 100, "{}", outcome.not_on_tape);
    assert!(outcome.by_program >= 830, "{}", outcome.by_program);
    assert!(outcome.accepted >= 480, "{}", outcome.accepted);
}

#[test]
fn the_formats_are_judged_as_it_says() {
    let Some(outcome) = run("optional/format") else {
        return;
    };
    assert_eq!(outcome.deviations, [""; 0]);
    let (_, of_formats) = LEFT_OUT.split_at(2);
    assert_eq!(outcome.left_out, of_formats);
    assert_eq!(outcome.without_program, BTreeMap::new());
    assert_eq!(outcome.by_program, outcome.judged);
    assert!(outcome.judged >= 630, "{}", outcome.judged);
    assert!(outcome.not_on_tape < 20, "{}", outcome.not_on_tape);
    assert!(outcome.accepted >= 300, "{}", outcome.accepted);
}

/// Judges all files in a folder of the suite's tests of draft 2020-12.
fn run(folder: &str) -> Option<Outcome> {
    let Some(shared) = std::env::var_os("DATELINE_SHARED") else {
        eprintln!("not run: DATELINE_SHARED is not set");
        return None;
    };
    let suite = Path::new(&shared).join("vectors/json-schema-test-suite");
    let registry = register(remotes(&suite.join("remotes"))).unwrap();
    let mut outcome = Outcome::default();
    let mut files = files(&suite.join("tests/draft2020-12").join(folder));
    files.sort();
    for path in files {
        let groups: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for group in groups.as_array().unwrap() {
            let name = format!(
                "{}: {}",
                path.file_stem().unwrap().display(),
                group["description"].as_str().unwrap()
            );
            match Group::new(name, group, &registry) {
                Ok(group) => group.judge(&mut outcome),
                Err(name) => outcome.left_out.push(name),
            }
        }
    }
    Some(outcome)
}

/// The files in a folder, not those of folders in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect()
}

/// What the suite expects to lie on a server of its own, under the addresses there. Those of other
/// drafts are left out: no schema of this draft names them.
fn remotes(folder: &Path) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.join("draft2020-12"), "draft2020-12/".to_owned())];
    while let Some((folder, below)) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{below}{}", path.file_name().unwrap().display());
            if path.is_dir() {
                folders.push((path, format!("{name}/")));
            } else {
                let value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
                found.push((format!("http://localhost:1234/{name}"), value));
            }
        }
    }
    found
}

impl<'v> Group<'v> {
    /// Its name where it does not compile.
    fn new(name: String, group: &'v Value, registry: &Registry<'_>) -> Result<Self, String> {
        let schema = &group["schema"];
        let Ok(on_tape) = compile(schema, registry) else {
            return Err(name);
        };
        Ok(Self {
            name,
            tests: group["tests"].as_array().unwrap(),
            on_tape,
            on_tree: on_tree(schema, registry),
            program: Program::compile(&[("", schema)]),
        })
    }

    fn judge(&self, outcome: &mut Outcome) {
        let name = &self.name;
        if let Err(cause) = &self.program {
            let count = outcome.without_program.entry(cause.what.clone());
            *count.or_default() += 1;
        }
        for test in self.tests {
            let source = test["data"].to_string();
            // Instances with fractions are none of dateline's JSON.
            let Ok(tape) = Tape::parse(source.as_bytes()) else {
                outcome.not_on_tape += 1;
                continue;
            };
            let valid = self.on_tape.is_valid(tape.root());
            assert_eq!(
                valid,
                self.on_tree.is_valid(&test["data"]),
                "{name}: {source}"
            );
            assert_eq!(
                shown(self.on_tape.iter_errors(tape.root())),
                shown(self.on_tree.iter_errors(&test["data"])),
                "{name}: {source}"
            );
            if let Ok(program) = &self.program {
                assert_eq!(program.accepts(tape.root()), valid, "{name}: {source}");
                outcome.by_program += 1;
                outcome.accepted += usize::from(valid);
            }
            if valid != (test["valid"] == true) {
                let what = test["description"].as_str().unwrap();
                outcome.deviations.push(format!("{name}: {what}"));
            }
            outcome.judged += 1;
        }
    }
}
