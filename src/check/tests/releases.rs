//! Corpora and what their newest release says of them.

use std::fs;
use std::path::Path;

use super::sample::{Sample, article, edit, relation, sealed, text, withdrawal};
use crate::check::{Against, Facet, Options, check_against, check_corpus, record_file};
use crate::corpus::{Corpus, Part, WriteOptions, Writer};
use crate::diagnostic::{Report, Severity, codes};
use crate::manifest::sshsig::sign;
use crate::manifest::{samples, seal};
use crate::record::Record;

/// The codes that the tests of this file see.
pub(super) const CODES: [&str; 8] = [
    "withdrawal-was",
    "withdrawal-altered",
    "entries-mismatch",
    "entries-altered",
    "article-vanished",
    "signature-invalid",
    "signature-unchecked",
    "release-hollow",
];

fn facets(report: &Report) -> (Option<bool>, Option<bool>) {
    (report.facets().sealed, report.facets().signed)
}

/// Two articles and a relation, released and signed.
fn signed() -> (Sample, std::path::PathBuf) {
    let mut sample = Sample::new();
    sample.relations = vec![relation("references", "art-1", "art-2")];
    let folder = sample.write().release();
    sample.sign();
    (sample, folder)
}

fn check(sample: &Sample) -> (Vec<String>, (Option<bool>, Option<bool>)) {
    let report = sample.check(&Options::default());
    (sample.shown(&report), facets(&report))
}

const BOTH: (Option<bool>, Option<bool>) = (Some(true), Some(true));
const NEITHER: (Option<bool>, Option<bool>) = (None, None);

#[test]
fn the_newest_release_is_compared() {
    let (mut sample, folder) = signed();
    assert_eq!(check(&sample), (Vec::new(), BOTH));
    fs::remove_file(folder.join("manifest.json.sig")).unwrap();
    assert_eq!(check(&sample), (Vec::new(), (Some(true), Some(false))));

    // The release had an article more.
    sample.records.insert(0, article("art-0"));
    sample.release();
    sample.sign();
    assert_eq!(
        check(&sample),
        (
            vec![
                "entries-mismatch releases".to_owned(),
                "article-vanished releases:1".to_owned()
            ],
            (Some(false), Some(true))
        )
    );
}

/// `corpus-entries`: neither a record nor its entry can be another than was sealed.
#[test]
fn entries_are_those_of_the_manifest() {
    let (mut sample, folder) = signed();
    let path = folder.join("entries.txt");
    let entries = fs::read_to_string(&path).unwrap();
    let forged = sealed(edit(
        article("art-2"),
        "/article/headline",
        Some("Forged".into()),
    ));
    let of = |value: &serde_json::Value| {
        let record = Record::read(value.to_string().as_bytes()).unwrap();
        record.digest().unwrap().hex()
    };
    let (old, new) = (of(&sample.records[1]), of(&forged));
    sample.records[1] = forged;
    sample.traces.clear();
    fs::remove_dir_all(sample.root().join("records")).unwrap();
    fs::remove_dir_all(sample.root().join("traces")).unwrap();
    sample.write();
    let altered = (vec!["entries-altered releases".to_owned()], NEITHER);
    for text in [
        entries.replace(&old, &new),
        format!("art-0 article {old}\n{entries}"),
        String::new(),
    ] {
        fs::write(&path, text).unwrap();
        assert_eq!(check(&sample), altered);
    }
    // A compressed one is the same file to readers.
    fs::remove_file(&path).unwrap();
    assert_eq!(check(&sample), altered);
    let packed = zstd::encode_all(entries.replace(&old, &new).as_bytes(), 3).unwrap();
    fs::write(folder.join("entries.txt.zst"), packed).unwrap();
    assert_eq!(check(&sample), altered);

    // Lines that are no entries are named.
    fs::remove_file(folder.join("entries.txt.zst")).unwrap();
    for (text, line) in [
        (entries.replace("art-2 article", "art-2  article"), 2),
        (entries.replace("art-1 ", "art-3 "), 2),
        (entries.trim_end().to_owned(), 3),
    ] {
        fs::write(&path, text).unwrap();
        let line = format!("entries-altered releases:{line}");
        assert_eq!(check(&sample), (vec![line], NEITHER));
    }

    let options = Options {
        require: vec![Facet::Sealed, Facet::Signed],
        ..Options::default()
    };
    let report = sample.check(&options);
    assert_eq!(report.count_of(codes::FACET_MISSING), 2);
}

/// `corpus-signed`: a file of the right name is no signature.
#[test]
fn a_signature_holds_or_is_none() {
    let (sample, folder) = signed();
    let path = folder.join("manifest.json.sig");
    let good = fs::read_to_string(&path).unwrap();
    let other = sign(&samples::key(), b"something else");
    let wrong = (
        vec!["signature-invalid releases".to_owned()],
        (Some(true), Some(false)),
    );
    for file in ["", "junk", &other, good.trim_end()] {
        fs::write(&path, file).unwrap();
        assert_eq!(check(&sample), wrong, "{file}");
    }
    let report = sample.check(&Options::default());
    let place = &report.diagnostics()[0].place;
    assert!(Path::new(&place.file).ends_with("releases/1/manifest.json.sig"));

    // Beside one that holds it is wrong all the same.
    fs::write(folder.join("manifest.json.2.sig"), &good).unwrap();
    assert_eq!(check(&sample), (wrong.0.clone(), BOTH));

    // However many there are, all are looked at.
    fs::rename(
        folder.join("manifest.json.2.sig"),
        folder.join("manifest.json.300.sig"),
    )
    .unwrap();
    for number in 2..300 {
        fs::write(folder.join(format!("manifest.json.{number}.sig")), "junk").unwrap();
    }
    let report = sample.check(&Options::default());
    assert_eq!(report.count_of(codes::SIGNATURE_INVALID), 299);
    assert_eq!(report.facets().signed, Some(true));

    // The manifest is another than was signed.
    for number in 2..=300 {
        fs::remove_file(folder.join(format!("manifest.json.{number}.sig"))).unwrap();
    }
    fs::write(&path, &good).unwrap();
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let manifest = manifest.replace("Floods", "Floats");
    fs::write(folder.join("manifest.json"), manifest).unwrap();
    assert_eq!(check(&sample), wrong);
}

/// Made by `ssh-keygen` with a key that was thrown away.
const ECDSA: &str = "\
-----BEGIN SSH SIGNATURE-----\n\
U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE\n\
EEb6NowmMLpCG+lhXvCZ0Ztmgd2OA7SML6cA+PEbBGjsU67/R+EaeVMUPVfiP+vGyl9RDw\n\
bRNH8a2nbVPMOg3mKAAAABFkYXRlbGluZS1tYW5pZmVzdAAAAAAAAAAGc2hhNTEyAAAAZA\n\
AAABNlY2RzYS1zaGEyLW5pc3RwMjU2AAAASQAAACEA/1dmdmukSkGeM/ihzADxqnGe5p0J\n\
6c34b04h0kuwOVoAAAAgBN1IfepTMk1ws5e46Lic4g4/nUHjZ9gBXCoJpAjtmPs=\n\
-----END SSH SIGNATURE-----\n";

#[test]
fn a_signature_of_another_algorithm_is_neither_wrong_nor_counted() {
    let (sample, folder) = signed();
    fs::write(folder.join("manifest.json.sig"), ECDSA).unwrap();
    assert_eq!(
        check(&sample),
        (
            vec!["signature-unchecked releases".to_owned()],
            (Some(true), None)
        )
    );
}

#[test]
fn without_a_manifest_it_is_not_known_what_is_sealed() {
    let (sample, folder) = signed();
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let none = |sample: &Sample| {
        let report = sample.check(&Options::default());
        assert_eq!(sample.shown(&report), ["file-unreadable releases"]);
        // The place names the file; the message need not.
        assert!(!report.diagnostics()[0].message.contains("manifest.json"));
        assert_eq!(facets(&report), NEITHER);
    };
    fs::write(folder.join("manifest.json"), "{\n").unwrap();
    none(&sample);
    fs::write(folder.join("manifest.json"), manifest.replace('\n', "\r\n")).unwrap();
    none(&sample);
    fs::remove_file(folder.join("manifest.json")).unwrap();
    let report = sample.check(&Options::default());
    assert_eq!(sample.shown(&report), ["release-hollow releases"]);
    // It is that of another release.
    fs::write(folder.join("manifest.json"), manifest).unwrap();
    fs::rename(&folder, sample.root().join("releases/2")).unwrap();
    none(&sample);
}

/// `withdrawal-was`
#[test]
fn a_withdrawal_is_of_what_the_release_has() {
    let mut sample = Sample::new();
    sample.write().release();
    let record = Record::read(sample.records[1].to_string().as_bytes()).unwrap();
    sample.records.truncate(1);
    sample.traces.truncate(1);
    fs::remove_dir_all(sample.root().join("records")).unwrap();
    fs::remove_dir_all(sample.root().join("traces")).unwrap();
    sample.write();
    let mut gone = withdrawal("art-2", "privacy");
    let path = sample.root().join("withdrawals.jsonl");
    let against = |sample: &Sample| {
        let release = Against::open(&sample.root(), None).unwrap();
        let files = [record_file(&path).unwrap()];
        let report = check_against(&files, &release, &Options::default()).unwrap();
        sample.shown(&report)
    };

    let shard = sample.shard(Part::Withdrawals, 0, &text(&[gone.clone()]));
    assert_eq!(
        check(&sample).0,
        [
            "entries-mismatch releases",
            "withdrawal-was withdrawals:1 /was"
        ]
    );
    fs::write(&path, text(&[gone.clone()])).unwrap();
    assert_eq!(
        against(&sample),
        ["withdrawal-was withdrawals.jsonl:1 /was"]
    );

    gone["was"] = record.digest().unwrap().to_string().into();
    fs::remove_file(&shard).unwrap();
    let shard = sample.shard(Part::Withdrawals, 0, &text(&[gone.clone()]));
    // It says of no release that it had the record.
    assert_eq!(
        check(&sample).0,
        [
            "entries-mismatch releases",
            "withdrawal-was withdrawals:1 /release"
        ]
    );
    gone["release"] = 1.into();
    fs::remove_file(shard).unwrap();
    sample.shard(Part::Withdrawals, 0, &text(&[gone.clone()]));
    assert_eq!(check(&sample).0, ["entries-mismatch releases"]);
    fs::write(&path, text(&[gone])).unwrap();
    assert_eq!(against(&sample), Vec::<String>::new());
}

/// `withdrawal-fixed`
#[test]
fn a_sealed_withdrawal_that_was_rewritten_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut records = samples::records();
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
    let Record::Withdrawal(mut gone) = samples::withdrawal(&records.remove(2)) else {
        unreachable!("it is one")
    };
    records.push(Record::Withdrawal(gone.clone()));
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(None)).unwrap();
    gone.date = "2026-11-01".parse().unwrap();
    let line = serde_json::to_vec(&gone).unwrap();
    let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
    let mut part = writer.part(Part::Withdrawals);
    part.push("art-3", &line).unwrap();
    writer.set(part.finish().unwrap());
    writer.commit().unwrap();
    let corpus = Corpus::open(folder.path()).unwrap();
    let report = check_corpus(&corpus, &Options::default()).unwrap();
    let found = report.diagnostics();
    let told = found
        .iter()
        .find(|found| found.code.name == "withdrawal-altered");
    assert!(
        told.unwrap().message.contains("is not as release 2 has it"),
        "{told:?}"
    );
}

#[test]
fn a_shard_that_is_gone_is_named() {
    let sample = Sample::new();
    sample.write();
    let second = sample.shard(Part::Records, 1, &text(&[article("art-3")]));
    seal(&sample.root(), &samples::options(None)).unwrap();
    fs::remove_file(&second).unwrap();
    let report = sample.check(&Options::default());
    let found = report.diagnostics();
    let found = found.iter().find(|one| one.code == codes::ENTRIES_MISMATCH);
    let name = second.file_name().unwrap().to_str().unwrap();
    let message = &found.unwrap().message;
    assert!(message.ends_with(&format!("`records/{name}`")), "{message}");
}

#[test]
fn what_a_shard_without_a_record_would_hold_is_not_known() {
    let sample = Sample::new();
    sample.write().release();
    let empty = sample.shard(Part::Records, 1, b"");
    let release = Against::open(&sample.root(), None).unwrap();
    let files = [record_file(&empty).unwrap()];
    let report = check_against(&files, &release, &Options::default()).unwrap();
    let compared = report.compared().unwrap();
    assert_eq!((compared.removed, compared.vanished), (None, None));
}

/// The message that says how the records differ from the release, and whether it is an error.
fn differs(sample: &Sample, options: &Options) -> Option<(String, bool)> {
    let report = sample.check(options);
    let found = report.diagnostics();
    let found = found
        .iter()
        .find(|one| one.code == codes::ENTRIES_MISMATCH)?;
    let hint = found.hint.as_deref().unwrap_or_default();
    assert!(!hint.contains("dateline seal"), "{hint}");
    let grave = found.severity == Severity::Error;
    assert_eq!(report.facets().sealed, Some(false));
    Some((found.message.clone(), grave))
}

/// Writes the records of a sample again, changed since they were released.
fn changed(sample: &mut Sample, change: impl FnOnce(&mut Sample)) {
    for part in ["records", "relations", "withdrawals", "traces"] {
        let folder = sample.root().join(part);
        if folder.exists() {
            fs::remove_dir_all(folder).unwrap();
        }
    }
    change(sample);
    sample.traces.clear();
    sample.write();
}

/// A change of the records, and what is said of it.
type Edit<'c> = (&'c dyn Fn(&mut Sample), &'c str);

/// `manifest-entries`: whatever differs is counted and named in one finding, which no hint seals.
#[test]
fn what_differs_from_the_release_is_named() {
    let forge =
        |value: serde_json::Value| sealed(edit(value, "/article/headline", Some("Forged".into())));
    let changes: [Edit<'_>; 6] = [
        (
            &|sample| sample.records[1] = forge(article("art-2")),
            "1 revised: `art-2`",
        ),
        (
            &|sample| {
                sample
                    .records
                    .extend(["a", "b", "c", "d"].map(|n| article(&format!("art-3{n}"))));
            },
            "4 added: `art-3a`, `art-3b`, `art-3c`, …",
        ),
        (
            &|sample| {
                sample.records.truncate(1);
                sample.relations.clear();
            },
            "1 gone: `art-2`; 1 relation gone: `REL`",
        ),
        (
            &|sample| {
                sample.records.truncate(1);
                let gone = withdrawal("art-2", "error");
                sample.shard(Part::Withdrawals, 0, &text(&[gone]));
            },
            "1 withdrawn: `art-2`",
        ),
        (
            &|sample| {
                sample.records[0] = forge(article("art-1"));
                sample.records[1] = article("art-9");
                sample.relations.clear();
            },
            "1 revised: `art-1`; 1 gone: `art-2`; 1 relation gone: `REL`; 1 added: `art-9`",
        ),
        (
            &|sample| sample.relations.push(relation("quotes", "art-2", "art-1")),
            "1 added: `ADD`",
        ),
    ];
    for (change, wanted) in changes {
        let (mut sample, _) = signed();
        let id = |at: usize, sample: &Sample| {
            let relation = sample.relations.get(at);
            relation.map_or_else(String::new, |one| one["id"].as_str().unwrap().to_owned())
        };
        let old = id(0, &sample);
        changed(&mut sample, change);
        let wanted = wanted.replace("REL", &old).replace("ADD", &id(1, &sample));
        let wanted = format!("the records are not those of release 1: {wanted}");
        assert_eq!(
            differs(&sample, &Options::default()),
            Some((wanted.clone(), false))
        );
        // Allowed or not, it is an error where somebody asks for a sealed corpus; and one alone.
        let options = Options {
            require: vec![Facet::Sealed],
            allow: vec![codes::ENTRIES_MISMATCH],
            ..Options::default()
        };
        assert_eq!(differs(&sample, &options), Some((wanted, true)));
        assert_eq!(sample.check(&options).count_of(codes::FACET_MISSING), 0);
    }
}

/// Where every article of the release is gone, each of them is named.
#[test]
fn articles_that_are_all_gone_are_told_all_the_same() {
    let (mut sample, _) = signed();
    changed(&mut sample, |sample| {
        sample.records = vec![article("art-9")];
        sample.relations.clear();
    });
    let report = sample.check(&Options::default());
    assert_eq!(report.count_of(codes::ARTICLE_VANISHED), 2);
    // What went but a relation did not vanish.
    let (mut sample, _) = signed();
    changed(&mut sample, |sample| sample.relations.clear());
    let report = sample.check(&Options::default());
    assert_eq!(report.count_of(codes::ARTICLE_VANISHED), 0);
}

/// The profiles of traces are held to the manifest where the records are those of the release.
#[test]
fn profiles_are_held_to_the_manifest_of_the_same_records_only() {
    let told = |revised: bool, cut: bool| {
        let mut sample = Sample::new();
        sample.write().release();
        for part in ["records", "traces"] {
            fs::remove_dir_all(sample.root().join(part)).unwrap();
        }
        sample.traces[0]["trace"]["profile"]["version"] = 2.into();
        if revised {
            sample.records.push(article("art-3"));
        }
        sample.write();
        if cut {
            sample.shard(Part::Records, 1, b"{\"format\n");
        }
        let report = sample.check(&Options::default());
        report.count_of(codes::MANIFEST_PROFILES)
    };
    assert_eq!(told(false, false), 1);
    assert_eq!(told(true, false), 0);
    assert_eq!(told(false, true), 0);
}

/// One line that could not be read is one, and two are lines.
#[test]
fn lines_that_were_not_read_are_counted_in_words() {
    for (text, told) in [
        (&b"{\"format\n"[..], "at least 1 line of records"),
        (b"{\"format\n{\"format\n", "at least 2 lines of records"),
    ] {
        let mut sample = Sample::new();
        sample.relations = vec![relation("references", "art-1", "art-404")];
        sample.write().shard(Part::Records, 1, text);
        let report = sample.check(&Options::default());
        let found = report.diagnostics();
        let found = found.iter().find(|found| found.code == codes::LINES_UNREAD);
        let message = &found.unwrap().message;
        assert!(message.starts_with(told), "{message}");
    }
}

/// Entries that end before their first line have no line.
#[test]
fn entries_that_cannot_be_opened_are_told_without_a_line() {
    let sample = Sample::new();
    let folder = sample.write().release();
    fs::remove_file(folder.join("entries.txt")).unwrap();
    let path = folder.join("entries.txt");
    let line = || {
        let report = sample.check(&Options::default());
        let found = report.diagnostics();
        let mut found = found.iter();
        let found = found.find(|found| found.place.file.contains("entries.txt"));
        found.unwrap().place.line
    };
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/dev/null", &path).unwrap();
        assert_eq!(line(), None);
        fs::remove_file(&path).unwrap();
    }
    fs::write(&path, "junk\n").unwrap();
    assert_eq!(line(), Some(1));
}

/// Why a manifest cannot be read is said where it is known.
#[test]
fn a_manifest_that_is_none_is_told_with_its_error() {
    let sample = Sample::new();
    let folder = sample.write().release();
    fs::write(folder.join("manifest.json"), "{}").unwrap();
    let report = sample.check(&Options::default());
    let found = report.diagnostics();
    let found = found
        .iter()
        .find(|found| found.place.file.ends_with("manifest.json"));
    let message = &found.unwrap().message;
    let begin = "release 1 has no manifest that can be read: ";
    assert!(
        message
            .strip_prefix(begin)
            .is_some_and(|why| !why.is_empty()),
        "{message}"
    );
}

/// `corpus-config-allow`: no configuration that came with a corpus hides that it was changed.
#[test]
fn a_received_configuration_hides_no_change() {
    let (mut sample, _) = signed();
    changed(&mut sample, |sample| sample.records.push(article("art-3")));
    let config = "format: dateline-config/1\norigin: example.org/floods\ntitle: Floods of the Upper Valley\n\
                  allow:\n  - entries-mismatch\n  - text-duplicate\n";
    fs::write(sample.root().join("dateline.yaml"), config).unwrap();
    let report = sample.check_all(&Options::default());
    assert_eq!(report.count_of(codes::ENTRIES_MISMATCH), 1);
    assert_eq!(report.count_of(codes::TEXT_DUPLICATE), 0);
    let found = report.diagnostics();
    let found = found
        .iter()
        .find(|found| found.code == codes::CORPUS_CONFIG);
    let message = &found.unwrap().message;
    assert!(
        message.starts_with("`allow` names `entries-mismatch`, which no"),
        "{message}"
    );
}

#[test]
fn an_article_back_from_withdrawal_is_named() {
    let mut sample = Sample::new();
    sample.records.truncate(1);
    sample.traces.clear();
    let gone = withdrawal("art-2", "error");
    sample.write().shard(Part::Withdrawals, 0, &text(&[gone]));
    seal(&sample.root(), &samples::options(None)).unwrap();
    changed(&mut sample, |sample| sample.records.push(article("art-2")));
    let (message, _) = differs(&sample, &Options::default()).unwrap();
    assert!(
        message.ends_with(": 1 back from withdrawal: `art-2`"),
        "{message}"
    );
}

/// Without a release there is no talk of one.
#[test]
fn a_corpus_without_a_release_is_not_told_of_one() {
    let mut sample = Sample::new();
    sample.records[0]["content"]["text"] = "Snow fell.".into();
    sample.records[0].as_object_mut().unwrap().remove("absent");
    let report = sample.write().check(&Options::default());
    assert_eq!(facets(&report), (None, None));
    assert!(report.counts().total() > 0);
    for found in report.diagnostics() {
        let said = format!(
            "{} {}",
            found.message,
            found.hint.as_deref().unwrap_or_default()
        );
        assert!(!said.contains("release"), "{said}");
    }
    let options = Options {
        require: vec![Facet::Sealed, Facet::Signed],
        ..Options::default()
    };
    assert_eq!(sample.check(&options).count_of(codes::FACET_MISSING), 2);
}
