//! What each part says, word for word where the words depend on what is there.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::super::releases::{Small, small_file};
use super::super::{PartName, PartResult, Verdict, Verification, VerifyOptions, verify};
use super::chain::resign;
use super::{check, part, plain, sealed};
use crate::corpus::Corpus;
use crate::digest::Digest;
use crate::manifest::{samples, seal, sshsig};
use crate::release::{Entry, Summary};

fn of(verification: &Verification, name: PartName, release: u64) -> &PartResult {
    let mut parts = verification.parts.iter();
    parts
        .find(|part| part.part == name && part.release == Some(release))
        .unwrap()
}

fn judge<'s>(root: &Path, change: impl FnOnce(&mut VerifyOptions<'s>)) -> Verification {
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    change(&mut options);
    verify(&Corpus::open(root).unwrap(), &options).unwrap()
}

/// Seals the corpus again under another title.
fn retitle(root: &Path, title: &str) {
    let mut options = samples::options(None);
    options.name.title = title.to_owned();
    options.unsigned = true;
    seal(root, &options).unwrap();
}

/// Where nothing is wrong, no part has a reason but these.
#[test]
fn where_nothing_is_wrong_little_is_said() {
    let folder = sealed();
    let verification = check(folder.path(), &samples::signers());
    let said: Vec<String> = verification
        .parts
        .iter()
        .filter_map(|part| {
            let reason = part.reason.as_deref()?;
            let (release, name) = (part.release.unwrap_or_default(), part.part.name());
            Some(format!("{release} {name}: {reason}"))
        })
        .filter(|said| !said.contains("SHA256:"))
        .collect();
    assert_eq!(
        said,
        [
            "2 changes: 0 added, 0 revised, 1 withdrawn, 0 reinstated, 0 removed",
            "1 changes: 4 added, 0 revised, 0 withdrawn, 0 reinstated, 0 removed",
        ]
    );
}

/// A line that was cut is told from one that is wrong.
#[test]
fn a_cut_line_is_told_from_a_wrong_one() {
    let folder = sealed();
    for (text, cut) in [
        ("{\"format\":\"dateline/1\",\"type\":\"art", true),
        ("{\"format\":\"dateline/1\",\"type\":\"art\n", false),
        ("{\"format\":\"dateline/1\",\"type\":\"other\"}", false),
    ] {
        fs::write(folder.path().join("records/z.jsonl"), text).unwrap();
        let verification = check(folder.path(), &samples::signers());
        let (verdict, told) = part(&verification, PartName::Records);
        assert_eq!(verdict, Verdict::Failed);
        let defect = crate::release::Defect::Cut.to_string();
        assert_eq!(told.contains(&defect), cut, "{text}: {told}");
        assert!(!told.contains("command is writing"), "{told}");
    }
}

/// Files of operating systems are named where nothing else is to say, and three of them.
#[test]
fn files_of_operating_systems_are_named_where_nothing_else_is_to_say() {
    let folder = sealed();
    let put = |name: &str| fs::write(folder.path().join(name), b"\0\x01").unwrap();
    let told = || {
        let verification = check(folder.path(), &samples::signers());
        part(&verification, PartName::Shards).1
    };
    put("records/.DS_Store");
    let begin = "left by an operating system, without records: ";
    assert_eq!(told(), format!("{begin}records/.DS_Store"));
    put("records/Thumbs.db");
    put("records/desktop.ini");
    put("records/ehthumbs.db");
    let all = told();
    assert!(
        all.starts_with(begin) && all.ends_with(" and 1 more"),
        "{all}"
    );
    fs::write(folder.path().join("records/a.parquet"), b"PAR1").unwrap();
    assert!(told().starts_with("1 among the records is no file of records"));
    fs::write(folder.path().join("records/b.parquet"), b"PAR1").unwrap();
    assert!(told().starts_with("2 among the records are no files of records"));
}

/// What cannot be read among the traces leaves the records as they are judged.
#[test]
fn an_unreadable_trace_does_not_excuse_a_missing_record() {
    let folder = sealed();
    let (shard, _) = plain(folder.path(), "records");
    fs::remove_file(shard).unwrap();
    fs::write(folder.path().join("traces/a.jsonl.xz"), b"\xfd7zXZ\0\0\x04").unwrap();
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(part(&verification, PartName::Records).0, Verdict::Failed);
    assert_eq!(verification.exit(), 1);
}

/// Where the entries end with an error, it is told, and what hangs on them is not known.
#[test]
fn an_error_in_the_entries_is_told_and_what_hangs_on_them_is_not_known() {
    let folder = sealed();
    let entries = folder.path().join("releases/2/entries.txt");
    let whole = fs::read_to_string(&entries).unwrap();
    fs::write(&entries, whole.clone() + "zzz junk\n").unwrap();
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 1);
    let told = of(&verification, PartName::Entries, 2);
    assert_eq!(told.verdict, Verdict::Failed);
    let reason = told.reason.as_deref().unwrap();
    assert!(reason.contains("entries.txt: line 5: "), "{reason}");
    fs::write(&entries, &whole).unwrap();
    // In the middle of a chain of four, at the end or at the beginning of the file.
    for junk in ["-zzz junk\n", "junk\n"] {
        let folder = sealed();
        retitle(folder.path(), "Floods and Droughts");
        let own = fs::read_to_string(folder.path().join("releases/3/entries.txt")).unwrap();
        retitle(folder.path(), "Droughts");
        fs::write(folder.path().join("releases/3/changes.txt"), junk).unwrap();
        let verification = judge(folder.path(), |_| {});
        let told = |verification: &Verification, release| {
            let part = of(verification, PartName::Entries, release);
            (part.verdict, part.reason.clone().unwrap_or_default())
        };
        assert_eq!(told(&verification, 4).0, Verdict::Verified);
        let (verdict, reason) = told(&verification, 3);
        assert_eq!(verdict, Verdict::Failed, "{verification:#?}");
        assert!(reason.contains("changes.txt: line 1: "), "{reason}");
        for (release, above) in [(2, 3), (1, 2)] {
            let expected =
                format!("its entries cannot be rebuilt without those of release {above}");
            assert_eq!(
                told(&verification, release),
                (Verdict::Unverifiable, expected)
            );
        }
        // One that has its own entries does not hang on those above.
        fs::write(folder.path().join("releases/2/entries.txt"), &own).unwrap();
        let verification = judge(folder.path(), |_| {});
        let verdicts = [4, 3, 2, 1].map(|release| told(&verification, release).0);
        assert_eq!(
            verdicts,
            [
                Verdict::Verified,
                Verdict::Failed,
                Verdict::Verified,
                Verdict::Verified
            ],
            "{verification:#?}"
        );
    }
}

/// What the statement says of traces is held to each of the three: size, root and digest.
#[test]
fn each_of_what_a_statement_says_of_traces_counts() {
    type Edit = fn(&mut crate::manifest::Manifest);
    let changes: [Edit; 3] = [
        |manifest| manifest.predicate.traces.size += 1,
        |manifest| manifest.predicate.traces.root = Digest::of(b"other"),
        |manifest| manifest.subject[1].digest.sha256 = Digest::of(b"other"),
    ];
    for change in changes {
        let folder = sealed();
        resign(folder.path(), 2, change);
        let verification = check(folder.path(), &samples::signers());
        assert_eq!(
            part(&verification, PartName::TraceEntries).0,
            Verdict::Failed,
            "{verification:#?}"
        );
    }
}

/// Where `traces.txt` is gone, as many traces as the release has are others, and fewer may be withheld.
#[test]
fn as_many_traces_as_were_sealed_are_those_or_wrong() {
    let folder = sealed();
    fs::remove_file(folder.path().join("releases/2/traces.txt")).unwrap();
    let (shard, text) = plain(folder.path(), "traces");
    fs::write(&shard, text.replacen("courier/art-1", "courier/art-7", 1)).unwrap();
    let verification = check(folder.path(), &samples::signers());
    let (verdict, _) = part(&verification, PartName::TraceEntries);
    assert_eq!(verdict, Verdict::Failed, "{verification:#?}");
    let first = text.split_inclusive('\n').next().unwrap();
    fs::write(&shard, first).unwrap();
    let verification = check(folder.path(), &samples::signers());
    let (verdict, _) = part(&verification, PartName::TraceEntries);
    assert_eq!(verdict, Verdict::Unverifiable, "{verification:#?}");
}

/// Traces' entries that are wrong fail; those that cannot be read are computed from the traces.
#[test]
fn entries_of_traces_are_wrong_or_unreadable() {
    let window = b"\x28\xb5\x2f\xfd\x00\xa8\x01\0\0";
    for (name, bytes, verdict) in [
        ("traces.txt", b"junk\n".as_slice(), Verdict::Failed),
        ("traces.txt.zst", window, Verdict::Verified),
    ] {
        let folder = sealed();
        fs::remove_file(folder.path().join("releases/2/traces.txt")).unwrap();
        fs::write(folder.path().join("releases/2").join(name), bytes).unwrap();
        let verification = check(folder.path(), &samples::signers());
        let told = of(&verification, PartName::TraceEntries, 2);
        assert_eq!(told.verdict, verdict, "{verification:#?}");
    }
}

/// `trace-owner`: a trace is an article's, and is listed as one.
#[test]
fn an_entry_of_a_trace_that_is_of_another_type_than_its_owner_fails() {
    let folder = sealed();
    let path = folder.path().join("releases/2/traces.txt");
    let text = fs::read_to_string(&path).unwrap();
    let other = text.replacen(" article ", " relation ", 1);
    assert_ne!(text, other);
    fs::write(&path, &other).unwrap();
    let entries: Vec<Entry> = other
        .lines()
        .map(|line| Entry::read(line).unwrap())
        .collect();
    let summary = Summary::of(&entries).unwrap();
    resign(folder.path(), 2, |manifest| {
        manifest.predicate.traces.root = summary.root;
        manifest.subject[1].digest.sha256 = summary.digest;
    });
    let verification = check(folder.path(), &samples::signers());
    let told = of(&verification, PartName::TraceEntries, 2);
    assert_eq!(told.verdict, Verdict::Failed, "{verification:#?}");
    let reason = told.reason.as_deref().unwrap();
    assert!(reason.contains("no article"), "{reason}");
}

/// Whether a small file of a release is not here, cannot be read, or must not be.
#[test]
fn a_small_file_is_absent_unreadable_or_refused() {
    let folder = sealed();
    let corpus = Corpus::open(folder.path()).unwrap();
    let at = folder.path().join("releases/2/small");
    let read = || small_file(&corpus, 2, "small", 10).unwrap();
    assert!(matches!(read(), Small::Unreadable(why) if why == "`small` is not here"));
    fs::write(&at, "bytes").unwrap();
    assert!(matches!(read(), Small::Bytes(bytes) if bytes == b"bytes"));
    fs::remove_file(&at).unwrap();
    fs::create_dir(&at).unwrap();
    assert!(matches!(read(), Small::Refused(_)));
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        fs::remove_dir(&at).unwrap();
        symlink("nowhere", &at).unwrap();
        assert!(matches!(read(), Small::Unreadable(why) if why.starts_with("it cannot be read: ")));
        fs::remove_file(&at).unwrap();
        symlink("/dev/null", &at).unwrap();
        assert!(matches!(read(), Small::Refused(_)));
    }
}

/// A ledger that was cut within its compressed stream was altered: it is not only unreadable.
#[test]
fn a_ledger_is_wrong_or_unreadable() {
    for (bytes, verdict) in [
        (b"\x1f\x8b\x08".as_slice(), Verdict::Failed),
        (b"\xfd7zXZ\0\0\x04", Verdict::Failed),
    ] {
        let folder = sealed();
        let path = folder.path().join("releases/2/inputs.jsonl");
        fs::remove_file(&path).unwrap();
        fs::write(folder.path().join("releases/2/inputs.jsonl.gz"), bytes).unwrap();
        let verification = check(folder.path(), &samples::signers());
        assert_eq!(
            part(&verification, PartName::Ledger).0,
            verdict,
            "{verification:#?}"
        );
    }
}

/// Beside what is cited, a signature that does not hold is set aside; else it fails where no other holds.
#[test]
fn a_signature_that_does_not_hold_counts_where_nothing_else_vouches() {
    let folder = TempDir::new().unwrap();
    samples::write(folder.path(), &samples::records());
    let digest = seal(folder.path(), &samples::options(None))
        .unwrap()
        .release()
        .digest;
    let signature = folder.path().join("releases/1/manifest.json.sig");
    let of_other = sshsig::sign(&samples::key(), b"other");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:\
                   9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\nsize 12\n";
    for (file, verdict) in [
        (of_other, Verdict::Failed),
        ("x".repeat(sshsig::MAX_LENGTH + 1), Verdict::Failed),
        (pointer.to_owned(), Verdict::Unverifiable),
    ] {
        fs::write(&signature, file).unwrap();
        let verification = judge(folder.path(), |_| {});
        let told = of(&verification, PartName::Signature, 1);
        assert_eq!(told.verdict, verdict, "{told:?}");
        let exit = if verdict == Verdict::Failed { 1 } else { 3 };
        assert_eq!(verification.exit(), exit, "{verification:#?}");
        let verification = judge(folder.path(), |options| options.cited = Some(digest));
        let told = of(&verification, PartName::Signature, 1);
        assert_eq!(told.verdict, Verdict::Unverifiable, "{told:?}");
        assert_eq!(verification.exit(), 0, "{verification:#?}");
    }
    #[cfg(unix)]
    {
        fs::remove_file(&signature).unwrap();
        std::os::unix::fs::symlink("nowhere", &signature).unwrap();
        let verification = judge(folder.path(), |_| {});
        let told = of(&verification, PartName::Signature, 1);
        assert_eq!(
            told.reason.as_deref(),
            Some(
                "manifest.json.sig: it cannot be read: it is a link to `nowhere`, which does not exist"
            )
        );
        assert_eq!(told.verdict, Verdict::Unverifiable);
    }
}

/// What a citation reaches is told.
#[test]
fn what_a_citation_reaches_is_told() {
    let folder = sealed();
    let signers = samples::signers();
    let digest = |release: u64| {
        let path = folder
            .path()
            .join(format!("releases/{release}/manifest.json"));
        Digest::of(&fs::read(path).unwrap())
    };
    let told = |cited, release, signed: bool| {
        let verification = judge(folder.path(), |options| {
            options.cited = Some(digest(cited));
            options.release = release;
            options.signers = Some(&signers).filter(|_| signed);
        });
        of(&verification, PartName::Cited, cited).reason.clone()
    };
    assert_eq!(told(2, None, false), None);
    assert_eq!(told(2, Some(1), false), None);
    assert_eq!(
        told(1, None, false).as_deref(),
        Some("release 2 is newer, and the citation does not vouch for it")
    );
    assert_eq!(
        told(1, Some(2), true).as_deref(),
        Some("release 2 follows on it")
    );
    assert_eq!(
        told(1, Some(2), false).as_deref(),
        Some("it does not vouch for release 2, which is judged")
    );
}

/// A text that was altered in a file outside the corpus is told without its id.
#[cfg(unix)]
#[test]
fn an_altered_text_outside_the_corpus_is_told_without_its_id() {
    let folder = sealed();
    let outside = TempDir::new().unwrap();
    let (shard, text) = plain(folder.path(), "records");
    fs::write(&shard, text.replacen("More.", "Less.", 1)).unwrap();
    let verification = judge(folder.path(), |_| {});
    let named = |verification: &Verification| {
        let contents = of(verification, PartName::Contents, 2);
        assert_eq!(contents.verdict, Verdict::Failed);
        contents.findings[0].id.clone()
    };
    assert_eq!(named(&verification).as_deref(), Some("art-1"));
    let blob = outside.path().join("blob");
    fs::rename(&shard, &blob).unwrap();
    std::os::unix::fs::symlink(&blob, &shard).unwrap();
    assert_eq!(named(&judge(folder.path(), |_| {})), None);
    // A folder in the place of a list leads nowhere, and is named.
    fs::remove_file(folder.path().join("releases/2/traces.txt")).unwrap();
    fs::create_dir(folder.path().join("releases/2/traces.txt")).unwrap();
    let verification = judge(folder.path(), |_| {});
    let told = of(&verification, PartName::TraceEntries, 2);
    assert!(
        told.reason
            .as_deref()
            .unwrap_or_default()
            .contains("traces.txt"),
        "{told:?}"
    );
}

/// Named profiles and locations, where traces are withheld.
#[test]
fn a_wrong_profile_is_told_without_those_that_withheld_traces_may_name() {
    let folder = sealed();
    resign(folder.path(), 2, |manifest| {
        let profiles = &mut manifest.predicate.profiles;
        profiles[0].digest = Some(Digest::of(b"other"));
    });
    let wrong = |folder: &TempDir| {
        let verification = check(folder.path(), &samples::signers());
        let (verdict, told) = part(&verification, PartName::Profiles);
        assert_eq!(verdict, Verdict::Failed, "{verification:#?}");
        (told, part(&verification, PartName::Locations).0)
    };
    let (both, locations) = wrong(&folder);
    assert!(both.contains("; "), "{both}");
    assert_eq!(locations, Verdict::Verified);
    let (shard, text) = plain(folder.path(), "traces");
    fs::write(&shard, text.split_inclusive('\n').next().unwrap()).unwrap();
    let (one, locations) = wrong(&folder);
    assert!(both.starts_with(&one) && !one.contains("; "), "{one}");
    assert_eq!(locations, Verdict::Withheld);
}

/// What is wrong with the way back to an older release says nothing of the records of the newest, nor of an
/// older one that has its own entries.
#[test]
fn changes_that_do_not_fit_leave_the_records_of_other_releases() {
    let zeros = "0".repeat(64);
    for line in [
        format!("-art-2 article {zeros}\n"),
        format!("+art-2 article {zeros}\n"),
        "art-2\n".to_owned(),
    ] {
        let folder = sealed();
        let first = folder.path().join("releases/1/changes.txt");
        fs::write(&first, &line).unwrap();
        let verification = check(folder.path(), &samples::signers());
        assert_eq!(verification.exit(), 1);
        for name in [PartName::Records, PartName::TraceEntries, PartName::Traces] {
            let part = of(&verification, name, 2);
            assert_eq!(part.verdict, Verdict::Verified, "{line}: {part:?}");
        }
        // In the middle, above one that has its own.
        let folder = sealed();
        let own = fs::read(folder.path().join("releases/2/entries.txt")).unwrap();
        let traces = fs::read(folder.path().join("releases/2/traces.txt")).unwrap();
        retitle(folder.path(), "Floods and Droughts");
        retitle(folder.path(), "Droughts");
        fs::write(folder.path().join("releases/3/changes.txt"), &line).unwrap();
        fs::write(folder.path().join("releases/2/entries.txt"), own).unwrap();
        fs::write(folder.path().join("releases/2/traces.txt"), traces).unwrap();
        let verification = judge(folder.path(), |options| options.release = Some(2));
        for name in [
            PartName::Entries,
            PartName::Records,
            PartName::TraceEntries,
            PartName::Traces,
            PartName::Changes,
        ] {
            let part = of(&verification, name, 2);
            assert_eq!(part.verdict, Verdict::Verified, "{line}: {part:?}");
        }
    }
}

/// A ledger that was sealed so and breaks its rules, and one that lacks what a trace names.
#[test]
fn what_was_sealed_so_is_told_from_what_was_altered() {
    let ledger = |change: fn(&str) -> String| {
        let folder = sealed();
        let path = folder.path().join("releases/2/inputs.jsonl");
        let text = change(&fs::read_to_string(&path).unwrap());
        fs::write(&path, &text).unwrap();
        resign(folder.path(), 2, |manifest| {
            manifest.subject[2].digest.sha256 = Digest::of(text.as_bytes());
        });
        let verification = check(folder.path(), &samples::signers());
        let reason = |name| {
            of(&verification, name, 2)
                .reason
                .clone()
                .unwrap_or_default()
        };
        [reason(PartName::Ledger), reason(PartName::Locations)]
    };
    let [broken, _] = ledger(|text| text.to_owned() + "{\"withdrawn_files\":0}\n");
    assert_eq!(broken, "it was sealed so, and breaks the rules of ledgers");
    let [whole, lacking] = ledger(|text| text.split_inclusive('\n').skip(1).collect());
    assert_eq!(whole, "");
    assert_eq!(lacking, "1 is not what the ledger says");
}
