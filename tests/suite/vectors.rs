//! The vectors of `schemas/v1/vectors`: the strict parser, the schemas and the types of Rust agree
//! with what each of them says.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic, and looks at what it is about"
)]

mod checked;
mod computed;
mod fields;
mod items;
mod layers;
pub(crate) mod rules;

use std::path::PathBuf;

use dateline::json::Tape;
use dateline::schema::Schema;

/// What the types refuse before a rule is looked at.
const REFUSED_BY_TYPES: [&str; 3] = [
    "time-calendar",
    "transform-date-directives",
    "withdrawal-date",
];

/// One file of vectors.
pub(crate) struct Vector {
    /// The requirement it is named after, where it is.
    pub(crate) requirement: Option<String>,
    /// The name of its folder, which is that of its schema.
    pub(crate) folder: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Its path, to be shown.
    pub(crate) path: PathBuf,
}

/// The files below a folder of vectors, in order; those of deeper folders too.
pub(crate) fn vectors(folder: &str) -> Vec<Vector> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("schemas/v1/vectors")
        .join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let stem = path.file_stem().unwrap().to_str().unwrap();
            found.push(Vector {
                requirement: stem.split_once("--").map(|(name, _)| name.to_owned()),
                folder: folder.file_name().unwrap().to_str().unwrap().to_owned(),
                bytes: std::fs::read(&path).unwrap(),
                path,
            });
        }
    }
    assert!(!found.is_empty(), "{folder}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The schema a line of a corpus is to match.
fn schema_of_line(line: &[u8]) -> &'static Schema {
    let tape = Tape::parse(line).unwrap();
    let kind = tape.root().get("type");
    let name = kind.and_then(|kind| kind.as_str());
    Schema::named(name.as_deref().unwrap_or("trace")).unwrap()
}

#[test]
fn what_is_valid_is_accepted() {
    for vector in vectors("valid") {
        let path = vector.path.display();
        if vector.folder == "corpus" {
            for line in rules::lines(&vector.bytes) {
                let schema = schema_of_line(line);
                assert!(schema.accepts(Tape::parse(line).unwrap().root()), "{path}");
                assert_eq!(rules::broken(schema.name(), line), Ok(vec![]), "{path}");
            }
        } else {
            let schema = Schema::named(&vector.folder).unwrap();
            let tape = Tape::parse(&vector.bytes).unwrap();
            assert_eq!(schema.validate(tape.root()), [], "{path}");
        }
        assert_eq!(
            rules::broken(&vector.folder, &vector.bytes),
            Ok(vec![]),
            "{path}"
        );
    }
}

#[test]
fn what_is_suspect_breaks_no_rule_of_a_schema_or_type() {
    for vector in vectors("suspect") {
        let path = vector.path.display();
        let lines = match vector.folder.as_str() {
            "corpus" => rules::lines(&vector.bytes),
            _ => vec![vector.bytes.as_slice()],
        };
        for line in lines {
            let schema = schema_of_line(line);
            assert!(schema.accepts(Tape::parse(line).unwrap().root()), "{path}");
            assert_eq!(rules::broken(schema.name(), line), Ok(vec![]), "{path}");
        }
        assert_eq!(
            rules::broken(&vector.folder, &vector.bytes),
            Ok(vec![]),
            "{path}"
        );
    }
}

#[test]
fn what_is_no_strict_json_is_refused() {
    for vector in vectors("invalid/syntax") {
        let path = vector.path.display();
        assert!(Tape::parse(&vector.bytes).is_err(), "{path}");
    }
}

#[test]
fn what_a_schema_can_tell_is_refused_by_it() {
    for vector in vectors("invalid/schema") {
        let path = vector.path.display();
        let tape = Tape::parse(&vector.bytes).unwrap();
        let schema = Schema::named(&vector.folder).unwrap();
        assert!(!schema.accepts(tape.root()), "{path}");
    }
}

#[test]
fn what_no_schema_can_tell_breaks_the_rule_it_is_named_after() {
    for vector in vectors("invalid/rule") {
        let path = vector.path.display();
        let requirement = vector.requirement.as_deref().unwrap();
        let lines = match vector.folder.as_str() {
            "corpus" => rules::lines(&vector.bytes),
            _ => vec![vector.bytes.as_slice()],
        };
        for line in lines {
            let tape = Tape::parse(line).unwrap();
            let schema = match vector.folder.as_str() {
                "corpus" => schema_of_line(line),
                folder => Schema::named(folder).unwrap(),
            };
            assert_eq!(schema.validate(tape.root()), [], "{path}");
        }
        match rules::broken(&vector.folder, &vector.bytes) {
            Ok(broken) => assert_eq!(broken, [requirement], "{path}"),
            Err(cause) => assert!(REFUSED_BY_TYPES.contains(&requirement), "{path}: {cause}"),
        }
    }
}
