//! What was signed is not right because it was signed: statements and ledgers that break the rules of the
//! format, each with a signature that holds.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::statement::{Manifest, SchemaRef};
use super::verify::{PartName, Verdict, Verification, VerifyOptions, verify};
use super::{SealError, samples, seal, sshsig};
use crate::corpus::{Corpus, Part, WriteOptions, Writer};
use crate::digest::Digest;
use crate::trace::ProfileRef;

/// A signed release of three articles with their traces.
fn sealed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    samples::write(folder.path(), &samples::records());
    let key = samples::key();
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    folder
}

fn ledger(folder: &Path) -> String {
    fs::read_to_string(folder.join("releases/1/inputs.jsonl")).unwrap()
}

/// Puts another ledger and another statement in the place of those of release 1, and signs it again.
fn resign(folder: &Path, ledger: Option<&str>, edit: impl FnOnce(&mut Manifest)) {
    let release = folder.join("releases/1");
    let bytes = fs::read(release.join("manifest.json")).unwrap();
    let mut manifest = Manifest::parse(&bytes).unwrap();
    if let Some(ledger) = ledger {
        fs::write(release.join("inputs.jsonl"), ledger).unwrap();
        manifest.subject[2].digest.sha256 = Digest::of(ledger.as_bytes());
    }
    edit(&mut manifest);
    let bytes = manifest.to_bytes().unwrap();
    Manifest::parse(&bytes).unwrap();
    fs::write(release.join("manifest.json"), &bytes).unwrap();
    let signature = sshsig::sign(&samples::key(), &bytes);
    fs::write(release.join("manifest.json.sig"), signature).unwrap();
}

fn judge(folder: &Path) -> Verification {
    let signers = samples::signers();
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    options.signers = Some(&signers);
    verify(&Corpus::open(folder).unwrap(), &options).unwrap()
}

fn verdict(verification: &Verification, name: PartName) -> Verdict {
    let mut parts = verification.parts.iter();
    parts.find(|part| part.part == name).unwrap().verdict
}

/// Seals a state that has this ledger.
fn seal_with(ledger: &str) -> Result<(), SealError> {
    let folder = tempfile::tempdir().unwrap();
    samples::write(folder.path(), &samples::records());
    let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
    let mut inputs = writer.part(Part::Inputs);
    let lines = ledger.strip_suffix('\n').unwrap_or(ledger).split('\n');
    for (number, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        inputs
            .push(&format!("{number:09}"), line.as_bytes())
            .unwrap();
    }
    writer.set(inputs.finish().unwrap());
    writer.commit().unwrap();
    seal(folder.path(), &samples::options(None)).map(drop)
}

#[test]
fn the_sample_is_right() {
    let folder = sealed();
    resign(folder.path(), None, |_| {});
    assert_eq!(judge(folder.path()).exit(), 0);
    seal_with(&ledger(folder.path())).unwrap();
}

/// Each ledger of the vectors that breaks a rule, signed.
#[test]
fn a_signed_ledger_keeps_the_rules_of_ledgers() {
    #[derive(Deserialize)]
    struct Case {
        lines: Vec<String>,
        #[serde(default)]
        locations: Vec<serde_json::Value>,
        valid: bool,
    }
    let cases = include_str!("../../schemas/v1/vectors/ledger/ledgers.json");
    let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
    let folder = sealed();
    let mut broken = 0;
    for case in cases.into_iter().filter(|case| case.locations.is_empty()) {
        let lines: String = case.lines.iter().map(|line| line.clone() + "\n").collect();
        resign(folder.path(), Some(&lines), |_| {});
        let verification = judge(folder.path());
        let found = verdict(&verification, PartName::Ledger);
        let expected = if case.valid {
            Verdict::Verified
        } else {
            broken += 1;
            Verdict::Failed
        };
        assert_eq!(found, expected, "{lines}");
        // What the traces name is in none of them, and is not judged beside a ledger that is wrong.
        let places = verdict(&verification, PartName::Locations);
        assert_eq!(places == Verdict::Unverifiable, !case.valid, "{lines}");
        assert_eq!(verification.exit(), 1, "{lines}");
        // A line end is what `seal` writes itself.
        if !case.lines.iter().any(String::is_empty) {
            let refused = seal_with(&lines);
            let by_ledger = matches!(refused, Err(SealError::Ledger(_)));
            assert_eq!(by_ledger, !case.valid, "{lines}: {refused:?}");
        }
    }
    assert!(broken > 80, "{broken}");
}

#[test]
fn a_signed_ledger_has_what_the_traces_name() {
    let folder = sealed();
    let right = ledger(folder.path());
    let lines: Vec<&str> = right.lines().collect();
    let without_first = lines[1..].join("\n") + "\n";
    let other_name = right.replacen("courier/art-1.txt", "courier/art-0.txt", 1);
    let shorter = right.replacen("\"bytes\":40", "\"bytes\":39", 1);
    let no_records = right.replacen(
        "\"reader\":{\"example-flat\":1},\"items\":1,\"records\":1",
        "\"items\":0,\"records\":0",
        1,
    );
    let nothing = String::new();
    for (wrong, count) in [
        (&nothing, 3),
        (&without_first, 1),
        (&other_name, 1),
        (&shorter, 1),
        (&no_records, 1),
    ] {
        resign(folder.path(), Some(wrong), |_| {});
        let verification = judge(folder.path());
        assert_eq!(verdict(&verification, PartName::Ledger), Verdict::Verified);
        let mut parts = verification.parts.iter();
        let part = parts.find(|part| part.part == PartName::Locations).unwrap();
        assert_eq!(part.verdict, Verdict::Failed, "{wrong}");
        assert_eq!(part.findings.len(), count, "{wrong}");
        assert_eq!(verification.exit(), 1, "{wrong}");
        let refused = seal_with(wrong);
        assert!(matches!(refused, Err(SealError::Line(_))), "{refused:?}");
    }
}

type Edit<'e> = Box<dyn Fn(&mut Manifest) + 'e>;

/// Shows `manifest-profiles` and `manifest-schemas`.
#[test]
fn a_signed_statement_names_the_profiles_and_schemas_there_are() {
    let folder = sealed();
    let other = Digest::of(b"another");
    let profile = |id: &str| ProfileRef {
        id: id.to_owned(),
        version: 1,
        digest: Some(other),
    };
    let edits: [(PartName, Edit<'_>); 9] = [
        (
            PartName::Profiles,
            Box::new(|all| all.predicate.profiles.clear()),
        ),
        (
            PartName::Profiles,
            Box::new(|all| all.predicate.profiles[0].version = 2),
        ),
        (
            PartName::Profiles,
            Box::new(|all| all.predicate.profiles[0].digest = Some(other)),
        ),
        (
            PartName::Profiles,
            Box::new(|all| all.predicate.profiles.push(profile("z-unused"))),
        ),
        (
            PartName::Profiles,
            Box::new(|all| all.predicate.profiles = vec![profile("z-instead")]),
        ),
        (
            PartName::Schemas,
            Box::new(|all| drop(all.predicate.schemas.remove(1))),
        ),
        (
            PartName::Schemas,
            Box::new(|all| all.predicate.schemas[3].digest = other),
        ),
        (
            PartName::Schemas,
            Box::new(|all| all.predicate.schemas[0].version = 2),
        ),
        (
            PartName::Schemas,
            Box::new(|all| {
                all.predicate.schemas.push(SchemaRef {
                    name: "z-unused".to_owned(),
                    version: 1,
                    digest: other,
                });
            }),
        ),
    ];
    let right = fs::read(folder.path().join("releases/1/manifest.json")).unwrap();
    let mut reasons = Vec::new();
    for (name, edit) in edits {
        fs::write(folder.path().join("releases/1/manifest.json"), &right).unwrap();
        resign(folder.path(), None, edit);
        let verification = judge(folder.path());
        for part in &verification.parts {
            let wrong = part.verdict != Verdict::Verified;
            assert_eq!(wrong, part.part == name, "{part:?}");
            reasons.extend(part.reason.clone().filter(|_| wrong));
        }
        assert_eq!(verification.exit(), 1);
    }
    insta::assert_snapshot!(reasons.join("\n"));
}

#[test]
fn what_hangs_on_withheld_traces_is_not_judged() {
    let folder = sealed();
    fs::remove_dir_all(folder.path().join("traces")).unwrap();
    fs::remove_file(folder.path().join("releases/1/files.json")).unwrap();
    let verification = judge(folder.path());
    assert_eq!(
        verdict(&verification, PartName::Profiles),
        Verdict::Unverifiable
    );
    assert_eq!(
        verdict(&verification, PartName::Locations),
        Verdict::Withheld
    );
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    // A ledger without them is not wrong for it, and one that breaks its own rules is.
    resign(folder.path(), Some(""), |_| {});
    assert_eq!(judge(folder.path()).exit(), 0);
    resign(folder.path(), Some("{\"withdrawn_files\":0}\n"), |_| {});
    assert_eq!(judge(folder.path()).exit(), 1);
}

/// A line has the traits of the article that it says.
#[test]
fn a_line_has_the_traits_of_its_article() {
    let text = "A text that is long enough to tell it from others. ".repeat(8);
    let mut article = samples::article(1, &text);
    article.seal_content().unwrap();
    let line = crate::record::Record::Article(Box::new(article.clone()));
    let line = line.to_line().unwrap();
    let tape = crate::json::Tape::parse(&line).unwrap();
    let read = crate::record::Traits::read(tape.root());
    assert_eq!(read, crate::record::Traits::of(&article));
    assert!(read.raw.is_some() && read.text.is_some() && !read.urls.is_empty());
}
