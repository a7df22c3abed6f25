//! Files that were changed on the way: each cause is named, with its remedy.

use std::fs;
use std::path::Path;

use super::sample::{RAW, Sample, text};
use crate::check::{Options, check_corpus};
use crate::corpus::{Corpus, Part};
use crate::diagnostic::{Diagnostic, Report, Severity, codes};
use crate::dump::inputs;
use crate::manifest::{PartName, Verdict, VerifyOptions, samples, seal, verify};

/// The code that only the tests of this file see.
pub(super) const CODES: [&str; 1] = ["raw-renamed"];

const LFS: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

/// The pointers that may lie in the place of a file, and a word of the remedy.
const POINTERS: [(&str, &str); 3] = [
    (LFS, "git lfs pull"),
    ("/annex/objects/SHA256E-s12--0a1b.txt\n", "git annex get"),
    ("../../blobs/0a1b", "symbolic links"),
];

fn crlf(file: &Path) {
    let text = fs::read_to_string(file).unwrap();
    fs::write(file, text.replace('\n', "\r\n")).unwrap();
}

#[track_caller]
fn only(report: &Report) -> &Diagnostic {
    let found = report.diagnostics();
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0]
}

fn hint(found: &Diagnostic) -> &str {
    found.hint.as_deref().unwrap_or_default()
}

/// What is said of the raw dump of a sample.
fn raw(sample: &Sample) -> Report {
    let options = Options {
        raw: inputs(&[sample.raw()]).unwrap(),
        ..Options::default()
    };
    sample.check(&options)
}

fn one_article() -> Sample {
    let mut sample = Sample::new();
    sample.records.truncate(1);
    sample.traces.truncate(1);
    sample
}

#[test]
fn a_raw_file_is_found_by_name_then_normal_name_then_bytes() {
    let mut sample = one_article();
    sample.traces[0]["trace"]["locations"][0]["path"] = "caf\u{e9}.txt".into();
    sample.write();
    fs::remove_file(sample.raw().join("rain.txt")).unwrap();
    for (name, by) in [
        ("caf\u{e9}.txt", None),
        ("cafe\u{301}.txt", Some("NFC")),
        ("other.txt", Some("`other.txt` has its bytes")),
    ] {
        let file = sample.raw().join(name);
        fs::write(&file, RAW).unwrap();
        let report = raw(&sample);
        assert_eq!(report.facets().replayed, Some(1));
        match by {
            None => assert_eq!(report.counts().total(), 0),
            Some(by) => {
                let found = only(&report);
                assert_eq!(
                    (found.code, found.severity),
                    (codes::RAW_RENAMED, Severity::Note)
                );
                assert!(found.message.contains(by), "{}", found.message);
            }
        }
        fs::remove_file(file).unwrap();
    }
    // A name decides nothing: the bytes must be those.
    fs::write(sample.raw().join("cafe\u{301}.txt"), "Snow").unwrap();
    assert_eq!(only(&raw(&sample)).code, codes::RAW_DIGEST_MISMATCH);
}

#[test]
fn pointers_in_place_of_raw_files_are_named() {
    let sample = one_article();
    sample.write();
    for (pointer, remedy) in POINTERS {
        fs::write(sample.raw().join("rain.txt"), pointer).unwrap();
        let report = raw(&sample);
        let found = only(&report);
        assert_eq!(found.code, codes::RAW_MISSING, "{pointer}");
        assert!(hint(found).contains(remedy), "{found:?}");
    }
}

#[test]
fn converted_line_ends_of_raw_files_are_named() {
    let sample = one_article();
    sample.write();
    crlf(&sample.raw().join("rain.txt"));
    let report = raw(&sample);
    let found = only(&report);
    assert_eq!(found.code, codes::RAW_DIGEST_MISMATCH);
    assert!(
        found.message.contains("LF became CRLF"),
        "{}",
        found.message
    );
    assert!(hint(found).contains(".gitattributes"), "{found:?}");
    // Something else differs, too.
    let text = RAW.replace("Rain", "Snow").replace('\n', "\r\n");
    fs::write(sample.raw().join("rain.txt"), text).unwrap();
    let report = raw(&sample);
    assert!(!only(&report).message.contains("CRLF"));
}

#[test]
fn pointers_in_place_of_shards_are_named() {
    for (pointer, remedy) in POINTERS {
        let mut sample = Sample::new();
        sample.traces.clear();
        sample.write().release();
        fs::remove_dir_all(sample.root().join("records")).unwrap();
        sample.shard(Part::Records, 0, pointer.as_bytes());
        let report = sample.check(&Options::default());
        let found = report.diagnostics();
        // Nothing is said of the records that are in the file.
        let wrong: Vec<_> = found
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .collect();
        assert_eq!(wrong.len(), 1, "{found:#?}");
        assert_eq!(wrong[0].code, codes::FILE_UNREADABLE);
        assert!(hint(wrong[0]).contains(remedy), "{wrong:?}");
        assert!(!wrong[0].message.contains("blobs"), "{wrong:?}");
    }
}

/// What can be made again without a file that was not fetched is; of the rest nothing is said but that it was not.
#[test]
fn pointers_in_place_of_the_lists_of_a_release_are_named_and_fail_nothing() {
    for name in [
        "entries.txt",
        "traces.txt",
        "changes.txt",
        "files.json",
        "inputs.jsonl",
    ] {
        for (pointer, remedy) in POINTERS {
            let folder = tempfile::tempdir().unwrap();
            samples::write(folder.path(), &samples::records());
            seal(folder.path(), &samples::options(Some(&samples::key()))).unwrap();
            let corpus = Corpus::open(folder.path()).unwrap();
            let usual = check_corpus(&corpus, &Options::default()).unwrap();
            fs::write(folder.path().join("releases/1").join(name), pointer).unwrap();
            let signers = samples::signers();
            let mut options = VerifyOptions::at(samples::SEALED_AT);
            options.signers = Some(&signers);
            let verification = verify(&corpus, &options).unwrap();
            let whole = name != "inputs.jsonl";
            assert_eq!(
                verification.exit(),
                if whole { 0 } else { 3 },
                "{verification:#?}"
            );
            let mut ledger = verification.parts.iter();
            let ledger = ledger.find(|part| part.part == PartName::Ledger).unwrap();
            let reason = ledger.reason.as_deref().unwrap_or_default();
            assert_eq!(reason.contains(remedy), !whole, "{reason}");
            let report = check_corpus(&corpus, &Options::default()).unwrap();
            for found in report.diagnostics() {
                let code = found.code;
                if usual.count_of(code) == 0 {
                    let known = [codes::FILE_UNREADABLE, codes::LEDGER_TRACES].contains(&code);
                    assert!(known, "{name}: {found:#?}");
                    let said = format!("{} {}", found.message, hint(found));
                    let unread = code == codes::FILE_UNREADABLE;
                    assert_eq!(said.contains(remedy), unread, "{said}");
                }
            }
        }
    }
}

/// Line ends of the lists that `verify` reads: the cause is named, whichever of them was converted.
#[test]
fn converted_line_ends_of_the_lists_of_a_release_are_named() {
    for name in ["entries.txt", "traces.txt", "inputs.jsonl"] {
        let folder = tempfile::tempdir().unwrap();
        samples::write(folder.path(), &samples::records());
        seal(folder.path(), &samples::options(None)).unwrap();
        crlf(&folder.path().join("releases/1").join(name));
        let corpus = Corpus::open(folder.path()).unwrap();
        let verification = verify(&corpus, &VerifyOptions::at(0)).unwrap();
        let mut failed = verification.parts.iter();
        let failed = failed.find(|part| part.verdict == Verdict::Failed).unwrap();
        let reason = failed.reason.as_deref().unwrap();
        assert!(reason.contains("LF became CRLF"), "{name}: {reason}");
        assert!(reason.contains(".gitattributes"), "{name}: {reason}");
        let report = check_corpus(&corpus, &Options::default()).unwrap();
        let mut told = report.diagnostics().into_iter();
        let told = told.any(|found| hint(found).contains(".gitattributes"));
        assert_eq!(told, name != "traces.txt", "{name}");
    }
}

/// Where the entries cannot be made again, it is said how to get them.
#[test]
fn a_pointer_in_place_of_entries_that_are_not_known_is_named() {
    let mut sample = Sample::new();
    let folder = sample.write().release();
    fs::remove_dir_all(sample.root().join("records")).unwrap();
    sample.records.truncate(1);
    sample.write();
    for (pointer, remedy) in POINTERS {
        fs::write(folder.join("entries.txt"), pointer).unwrap();
        let report = sample.check(&Options::default());
        let found = report.diagnostics();
        let found = found
            .iter()
            .find(|one| one.place.file.ends_with("entries.txt"));
        let found = found.unwrap();
        assert_eq!(found.code, codes::FILE_UNREADABLE);
        assert!(hint(found).contains(remedy), "{found:?}");
        assert_eq!(report.facets().sealed, None);
    }
}

/// In `check` and in `verify` alike.
#[test]
fn a_manifest_and_a_signature_that_were_changed_on_the_way_are_told() {
    let said = |sample: &Sample| {
        let corpus = Corpus::open(sample.root()).unwrap();
        let verification = verify(&corpus, &VerifyOptions::at(0)).unwrap();
        let parts = verification.parts.iter();
        let parts = parts.filter(|part| part.verdict != Verdict::Verified);
        parts
            .map(|part| format!("{part:?}"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    for name in ["manifest.json", "manifest.json.sig"] {
        let sample = Sample::new();
        let folder = sample.write().release();
        sample.sign();
        let file = folder.join(name);
        let good = fs::read(&file).unwrap();
        for (pointer, remedy) in POINTERS {
            fs::write(&file, pointer).unwrap();
            let report = sample.check(&Options::default());
            assert!(hint(only(&report)).contains(remedy), "{name}");
            assert!(said(&sample).contains(remedy), "{}", said(&sample));
        }
        fs::write(&file, good).unwrap();
        crlf(&file);
        let report = sample.check(&Options::default());
        assert!(only(&report).message.contains("LF became CRLF"), "{name}");
        assert!(hint(only(&report)).contains(".gitattributes"), "{name}");
        assert!(
            said(&sample).contains(".gitattributes"),
            "{}",
            said(&sample)
        );
    }
}

#[test]
fn converted_line_ends_of_entries_are_named() {
    let sample = Sample::new();
    let folder = sample.write().release();
    crlf(&folder.join("entries.txt"));
    let report = sample.check(&Options::default());
    let found = only(&report);
    assert_eq!(found.code, codes::ENTRIES_ALTERED);
    assert!(
        found.message.contains("LF became CRLF"),
        "{}",
        found.message
    );
    // Records are the same records with CRLF.
    let sample = Sample::new();
    let shard = sample.shard(Part::Records, 0, &text(&sample.records));
    crlf(&shard);
    let report = sample.check(&Options::default());
    assert_eq!(report.counts().total(), 0);
}
