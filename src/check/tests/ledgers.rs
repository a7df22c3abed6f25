//! Ledgers that break their rules, and statements that name what is not there.

use serde::Deserialize;
use serde_json::json;

use super::sample::{Sample, edit, text};
use crate::check::Options;
use crate::corpus::Part;
use crate::manifest::Manifest;

/// The codes that these tests see.
pub(super) const CODES: [&str; 9] = [
    "ledger-line",
    "ledger-path",
    "ledger-order",
    "ledger-items",
    "ledger-refusals",
    "ledger-withdrawn",
    "ledger-traces",
    "manifest-schemas",
    "manifest-profiles",
];

fn found(sample: &Sample) -> Vec<String> {
    sample.shown(&sample.check(&Options::default()))
}

/// Each ledger of the vectors, beside records without traces.
#[test]
fn what_is_wrong_with_a_ledger_has_the_code_of_its_rule() {
    #[derive(Deserialize)]
    struct Case {
        requirement: String,
        lines: Vec<String>,
        #[serde(default)]
        locations: Vec<serde_json::Value>,
        valid: bool,
    }
    let cases = include_str!("../../../schemas/v1/vectors/ledger/ledgers.json");
    let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
    for case in cases.into_iter().filter(|case| case.locations.is_empty()) {
        let mut sample = Sample::new();
        sample.traces.clear();
        sample.write();
        let lines: String = case.lines.iter().map(|line| line.clone() + "\n").collect();
        sample.shard(Part::Inputs, 0, lines.as_bytes());
        let found = found(&sample);
        if case.valid {
            assert_eq!(found, Vec::<String>::new(), "{lines}");
        } else {
            let own = format!("{} inputs:", case.requirement);
            assert!(CODES.contains(&case.requirement.as_str()));
            assert!(found.iter().any(|one| one.starts_with(&own)), "{found:?}");
        }
    }
}

#[test]
fn a_trace_names_files_of_the_ledger() {
    let mut sample = Sample::new();
    sample.write();
    assert_eq!(found(&sample), Vec::<String>::new());
    // The ledger is that of the traces before.
    let spoilt = edit(
        sample.traces[1].clone(),
        "/trace/locations/0/path",
        Some(json!("snow.txt")),
    );
    sample.traces[1] = spoilt;
    std::fs::remove_dir_all(sample.root().join("traces")).unwrap();
    sample.shard(Part::Traces, 0, &text(&sample.traces));
    assert_eq!(
        found(&sample),
        ["ledger-traces traces:2 /trace/locations/0"]
    );
    // Beside a ledger that is wrong itself nothing is said of it; without any it is said once.
    std::fs::remove_dir_all(sample.root().join("inputs")).unwrap();
    let shard = sample.shard(Part::Inputs, 0, b"{}\n");
    assert_eq!(found(&sample), ["ledger-line inputs:1"]);
    std::fs::remove_file(shard).unwrap();
    assert_eq!(found(&sample), ["ledger-traces "]);
}

#[test]
fn a_manifest_names_what_there_is() {
    let sample = Sample::new();
    sample.write();
    let path = sample.release().join("manifest.json");
    let right = std::fs::read(&path).unwrap();
    assert_eq!(found(&sample), Vec::<String>::new());
    let spoil = |edit: &dyn Fn(&mut Manifest)| {
        let mut manifest = Manifest::parse(&right).unwrap();
        // As many as there are.
        manifest.predicate.traces.size = 2;
        edit(&mut manifest);
        std::fs::write(&path, manifest.to_bytes().unwrap()).unwrap();
        found(&sample)
    };
    assert_eq!(spoil(&|_| {}), Vec::<String>::new());
    assert_eq!(
        spoil(&|all| drop(all.predicate.schemas.pop())),
        ["manifest-schemas releases"]
    );
    assert_eq!(
        spoil(&|all| all.predicate.profiles.clear()),
        ["manifest-profiles releases"]
    );
    let mut unused = Manifest::parse(&right).unwrap().predicate.profiles;
    unused.extend(unused.clone());
    unused[1].version += 1;
    let add = |all: &mut Manifest| all.predicate.profiles.clone_from(&unused);
    assert_eq!(spoil(&add), ["manifest-profiles releases"]);
    // Where not all traces are there, others may name it.
    let withheld = |all: &mut Manifest| {
        add(all);
        all.predicate.traces.size = 3;
    };
    assert_eq!(spoil(&withheld), Vec::<String>::new());
}
