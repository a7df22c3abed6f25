#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use tempfile::TempDir;

use super::{PartName, Verdict, Verification, VerifyOptions, verify};
use crate::corpus::Corpus;
use crate::digest::Digest;
use crate::manifest::signers::AllowedSigners;
use crate::manifest::{samples, seal};
use crate::record::Record;

/// A signed corpus of two releases with all there is: articles, a relation, a withdrawal.
fn sealed() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut records = samples::records();
    records.retain(|record| record.id().as_str() != "art-3");
    let last = Record::Article(Box::new(samples::article(4, "Last.")));
    records.push(last.clone());
    samples::write(folder.path(), &records);
    let key = samples::key();
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    records.pop();
    records.push(samples::withdrawal(&last));
    samples::write(folder.path(), &records);
    seal(folder.path(), &samples::options(Some(&key))).unwrap();
    folder
}

fn check(root: &Path, signers: &AllowedSigners) -> Verification {
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    options.signers = Some(signers);
    verify(&Corpus::open(root).unwrap(), &options).unwrap()
}

fn part(verification: &Verification, name: PartName) -> (Verdict, String) {
    let mut parts = verification.parts.iter().filter(|part| part.part == name);
    let first = parts.clone().next().unwrap();
    // Of several the one that does not hold.
    let part = parts
        .find(|part| part.verdict != Verdict::Verified)
        .unwrap_or(first);
    let reason = part.reason.clone().unwrap_or_default();
    let findings: Vec<String> = part.findings.iter().map(ToString::to_string).collect();
    (part.verdict, reason + &findings.join("; "))
}

/// Every file but those that are no part of what is sealed.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with(".gitattributes") {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

#[test]
fn all_parts_hold() {
    let folder = sealed();
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    let verdicts: Vec<String> = verification
        .parts
        .iter()
        .map(|part| {
            let release = part.release.unwrap_or_default();
            format!("{release} {} {}", part.part.name(), part.verdict.name())
        })
        .collect();
    assert_eq!(
        verdicts,
        [
            "2 manifest verified",
            "1 manifest verified",
            "2 chain verified",
            "2 entries verified",
            "2 changes verified",
            "2 trace_entries verified",
            "2 ledger verified",
            "2 schemas verified",
            "1 entries verified",
            "1 changes verified",
            "2 records verified",
            "2 withdrawals withdrawn",
            "2 contents verified",
            "2 traces verified",
            "2 profiles verified",
            "2 locations verified",
            "2 files verified",
            "2 signature verified",
            "2 signers verified",
            "1 signature verified",
        ]
    );
}

#[test]
fn every_flipped_byte_is_found() {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let flips: usize = thread::scope(|scope| {
        let flip = |worker| move || flip(worker, workers);
        let all: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(flip(worker)))
            .collect();
        all.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert!(flips > 5_000, "{flips}");
}

/// Flips a bit in each byte that is this worker's, in a copy of its own, and says how many.
fn flip(worker: usize, workers: usize) -> usize {
    let folder = sealed();
    let signers = samples::signers();
    let mut flips = 0;
    for path in files(folder.path()) {
        // Of `files.json`, which is not signed, not every change matters.
        let matters = !path.ends_with("files.json");
        let bytes = fs::read(&path).unwrap();
        for at in (worker..bytes.len()).step_by(workers) {
            // All bits, one after the other from byte to byte.
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << ((at / workers) % 8);
            fs::write(&path, &flipped).unwrap();
            let exit = check(folder.path(), &signers).exit();
            assert!(exit != 0 || !matters, "{} byte {at}", path.display());
            flips += 1;
        }
        fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(check(folder.path(), &signers).exit(), 0);
    flips
}

#[test]
fn every_removed_file_is_found() {
    let folder = sealed();
    let signers = samples::signers();
    for path in files(folder.path()) {
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let verification = check(folder.path(), &signers);
        let exit = verification.exit();
        let name = path
            .strip_prefix(folder.path())
            .unwrap()
            .display()
            .to_string();
        let expected = match name.as_str() {
            // It is not signed, and everything is found without it.
            "releases/2/files.json" => 0,
            // Traces may be withheld; older signatures are only reported.
            name if name.starts_with("traces/") => 0,
            "releases/1/manifest.json.sig" => 0,
            _ => 1,
        };
        assert_eq!(exit, expected, "{name}: {verification:#?}");
        fs::write(&path, &bytes).unwrap();
    }
}

/// Writes `to` for `from` in the one file whose path begins so.
fn tamper(folder: &TempDir, begins: &str, from: &str, to: &str) {
    let path = files(folder.path())
        .into_iter()
        .find(|path| {
            path.strip_prefix(folder.path())
                .unwrap()
                .to_string_lossy()
                .starts_with(begins)
        })
        .unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The beginning of a path, what is replaced in the file, by what, and the part that shows it with
/// what it says.
const TAMPERED: &[(&str, &str, &str, PartName, &str)] = &[
    (
        "records/",
        "news.example/2",
        "news.example/9",
        PartName::Records,
        ":2: `art-2`: has the digest sha256:",
    ),
    (
        "records/",
        "art-2",
        "art-20",
        PartName::Records,
        "2 are not as they were sealed`art-2`: the article is missing; records/",
    ),
    (
        "records/",
        "\"art-1\"",
        "\"art-9\"",
        PartName::Records,
        "the article is missing, or its line is out of order and was not compared",
    ),
    (
        "records/",
        "\"art-1\"",
        "\"art-9\"",
        PartName::Records,
        "in the order of bytes: the line is out of order, and was not compared",
    ),
    (
        "records/",
        "{\"format\"",
        "{\"fo\trmat\"",
        PartName::Records,
        ":1: column 5: control character U+0009",
    ),
    (
        "records/",
        "More.",
        "Less.",
        PartName::Contents,
        ":1: `art-1`: its content has the digest sha256:",
    ),
    (
        "records/",
        "More.",
        "Less.",
        PartName::Files,
        "has the digest sha256:",
    ),
    (
        "relations/",
        "link/1",
        "link/2",
        PartName::Records,
        ":1: `rel-",
    ),
    (
        "withdrawals/",
        "privacy",
        "error",
        PartName::Records,
        ":1: `art-4`: has the digest",
    ),
    (
        "releases/2/entries.txt",
        "relation",
        "article",
        PartName::Entries,
        "their root is sha256:",
    ),
    (
        "releases/2/entries.txt",
        "rel-",
        "ret-",
        PartName::Entries,
        "their root is sha256:",
    ),
    (
        "releases/2/traces.txt",
        "art-1",
        "art-0",
        PartName::TraceEntries,
        "its 2 lines have the root",
    ),
    (
        "releases/1/changes.txt",
        "+art-4 withdrawal",
        "+art-4 relation",
        PartName::Entries,
        "",
    ),
    (
        "releases/2/inputs.jsonl",
        "courier",
        "couriel",
        PartName::Ledger,
        "its digest is sha256:",
    ),
    (
        "releases/2/manifest.json",
        "Floods",
        "Floors",
        PartName::Signature,
        "manifest.json.sig: the signature does not verify",
    ),
    (
        "releases/1/manifest.json",
        "Floods",
        "Floors",
        PartName::Chain,
        "a fork or an altered manifest",
    ),
    (
        "releases/2/manifest.json",
        "\"release\":2",
        "\"release\":3",
        PartName::Manifest,
        "release 3 names release 1",
    ),
    (
        "releases/2/manifest.json",
        "manifest/v1",
        "manifest/v2",
        PartName::Manifest,
        "the manifest is of the type",
    ),
];

#[test]
fn what_is_wrong_is_named_by_id_and_place() {
    let signers = samples::signers();
    for &(begins, from, to, name, message) in TAMPERED {
        let folder = sealed();
        tamper(&folder, begins, from, to);
        let verification = check(folder.path(), &signers);
        assert_eq!(verification.exit(), 1, "{from} -> {to}");
        let (verdict, reason) = part(&verification, name);
        assert_ne!(
            verdict,
            Verdict::Verified,
            "{from} -> {to}: {verification:#?}"
        );
        assert!(reason.contains(message), "{message}: {reason}");
    }
}

#[test]
fn what_vanished_is_reported() {
    // Sealed by somebody who does not mind: the second release is made by hand.
    let folder = TempDir::new().unwrap();
    samples::write(folder.path(), &samples::records());
    seal(folder.path(), &samples::options(None)).unwrap();
    let first = folder.path().join("releases/1");
    let entries = fs::read_to_string(first.join("entries.txt")).unwrap();
    let gone = entries.lines().next().unwrap();
    let rest = entries.replacen(&format!("{gone}\n"), "", 1);
    let second = folder.path().join("releases/2");
    fs::create_dir(&second).unwrap();
    fs::write(second.join("entries.txt"), rest).unwrap();
    fs::write(first.join("changes.txt"), format!("-{gone}\n")).unwrap();
    for name in ["traces.txt", "inputs.jsonl", "manifest.json"] {
        fs::copy(first.join(name), second.join(name)).unwrap();
    }
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 1);
    let (_, reason) = part(&verification, PartName::Manifest);
    assert!(reason.contains("is that of release 1"), "{reason}");
    let mut manifest = samples::manifest();
    manifest.predicate.release = 2;
    fs::write(second.join("manifest.json"), manifest.to_bytes().unwrap()).unwrap();
    let verification = check(folder.path(), &samples::signers());
    let (verdict, reason) = part(&verification, PartName::Changes);
    assert_eq!(verdict, Verdict::Failed);
    assert_eq!(
        reason,
        "1 of release 1 vanished without a withdrawal`art-1`: is neither there nor withdrawn"
    );
}

#[test]
fn withheld_texts_are_no_failure_unless_they_are_required() {
    let folder = sealed();
    let path = files(folder.path())
        .into_iter()
        .find(|path| path.to_string_lossy().contains("/records/"))
        .unwrap();
    let mut lines = String::new();
    for line in fs::read_to_string(&path).unwrap().lines() {
        let Record::Article(mut article) = Record::read(line.as_bytes()).unwrap() else {
            continue;
        };
        article.content = None;
        let line = Record::Article(article).to_line().unwrap();
        lines += std::str::from_utf8(&line).unwrap();
        lines.push('\n');
    }
    fs::write(&path, lines).unwrap();
    fs::remove_file(folder.path().join("releases/2/files.json")).unwrap();
    let signers = samples::signers();
    let verification = check(folder.path(), &signers);
    assert_eq!(verification.exit(), 0, "{verification:#?}");
    assert_eq!(
        part(&verification, PartName::Contents),
        (Verdict::Withheld, "2 of 2 are not in this copy".to_owned())
    );
    let mut options = VerifyOptions::at(samples::SEALED_AT);
    options.signers = Some(&signers);
    options.require_content = true;
    let corpus = Corpus::open(folder.path()).unwrap();
    assert_eq!(verify(&corpus, &options).unwrap().exit(), 1);
}

#[test]
fn who_vouches_is_told() {
    let key = samples::key();
    let other = crate::manifest::key::SigningKey::from_seed(&[8; 32]);
    let line = |options: &str, key: &crate::manifest::key::SigningKey| {
        let line = format!("press@example.org {options} {}\n", key.public());
        AllowedSigners::parse(line.as_bytes()).unwrap()
    };
    let signed = sealed();
    for (signers, message) in [
        (line("", &other), "the signers do not name the key"),
        (
            line("valid-before=\"20200101Z\"", &key),
            "the key was allowed until 2020-01-01T00:00:00Z",
        ),
        (
            line("valid-after=\"20300101Z\"", &key),
            "the key is allowed from 2030-01-01T00:00:00Z on",
        ),
        (
            line("namespaces=\"git\"", &key),
            "the key is allowed in the namespaces `git` only",
        ),
    ] {
        let verification = check(signed.path(), &signers);
        assert_eq!(verification.exit(), 1);
        let (verdict, reason) = part(&verification, PartName::Signature);
        assert_eq!(verdict, Verdict::Unverifiable);
        assert!(reason.contains(message), "{reason}");
        let (verdict, reason) = part(&verification, PartName::Signers);
        assert_eq!(
            (verdict, reason.as_str()),
            (Verdict::Failed, "no signature is by one of them")
        );
    }
    let unsigned = TempDir::new().unwrap();
    samples::write(unsigned.path(), &samples::records());
    seal(unsigned.path(), &samples::options(None)).unwrap();
    let verification = check(unsigned.path(), &samples::signers());
    assert_eq!(verification.exit(), 1);
    assert_eq!(
        part(&verification, PartName::Signers).1,
        "the release is not signed"
    );
    // One more signature, by somebody unknown, takes nothing away.
    let manifest = fs::read(signed.path().join("releases/2/manifest.json")).unwrap();
    let further = crate::manifest::sshsig::sign(&other, &manifest);
    fs::write(
        signed.path().join("releases/2/manifest.json.2.sig"),
        &further,
    )
    .unwrap();
    assert_eq!(check(signed.path(), &samples::signers()).exit(), 0);
    fs::write(
        signed.path().join("releases/2/manifest.json.3.sig"),
        further.to_uppercase(),
    )
    .unwrap();
    assert_eq!(check(signed.path(), &samples::signers()).exit(), 1);
}

#[test]
fn paths_that_lead_out_are_not_followed() {
    let folder = sealed();
    let listing = folder.path().join("releases/2/files.json");
    let text = fs::read_to_string(&listing).unwrap();
    fs::write(&listing, text.replacen("records/", "../records/", 1)).unwrap();
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 1);
    let (verdict, reason) = part(&verification, PartName::Files);
    assert_eq!(verdict, Verdict::Failed);
    assert!(reason.contains("../records/"), "{reason}");
    fs::write(&listing, text).unwrap();
    #[cfg(unix)]
    for name in [
        "releases/2/manifest.json",
        "releases/2/entries.txt",
        "releases/2/traces.txt",
        "releases/2/manifest.json.sig",
    ] {
        let path = folder.path().join(name);
        let outside = TempDir::new().unwrap();
        fs::rename(&path, outside.path().join("moved")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("moved"), &path).unwrap();
        let verification = check(folder.path(), &samples::signers());
        assert_eq!(verification.exit(), 1, "{name}");
        let told = format!("{verification:?}").contains("leads out of the corpus");
        assert!(told, "{name}: {verification:#?}");
        fs::remove_file(&path).unwrap();
        fs::rename(outside.path().join("moved"), &path).unwrap();
    }
}

#[test]
fn a_gap_in_the_chain_cannot_be_checked() {
    let folder = sealed();
    fs::remove_dir_all(folder.path().join("releases/1")).unwrap();
    let verification = check(folder.path(), &samples::signers());
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    assert_eq!(
        part(&verification, PartName::Chain),
        (
            Verdict::Unverifiable,
            "release 1 is not in this copy".to_owned()
        )
    );
    // In the middle of a chain too: what lies behind it cannot be rebuilt.
    let folder = sealed();
    let mut options = samples::options(None);
    options.name.title = "Floods and Droughts".to_owned();
    seal(folder.path(), &options).unwrap();
    fs::remove_dir_all(folder.path().join("releases/2")).unwrap();
    let corpus = Corpus::open(folder.path()).unwrap();
    let verification = verify(&corpus, &VerifyOptions::at(samples::SEALED_AT)).unwrap();
    assert_eq!(verification.exit(), 3, "{verification:#?}");
    let entries = verification.parts.iter().find(|part| {
        (part.part, part.release, part.verdict)
            == (PartName::Entries, Some(1), Verdict::Unverifiable)
    });
    assert_eq!(
        entries.unwrap().reason.as_deref(),
        Some("its entries cannot be rebuilt without those of release 2")
    );
}

#[test]
fn what_is_not_signed_makes_nothing_pass() {
    let signers = samples::signers();
    let folder = sealed();
    let root = folder.path();
    fs::write(root.join("dateline.yaml"), "allow: [everything]\n").unwrap();
    assert_eq!(check(root, &signers).exit(), 0);
    // Keys that lie in the corpus are not asked.
    let line = format!("press@example.org {}\n", samples::key().public());
    for name in ["allowed_signers", "releases/2/allowed_signers"] {
        fs::write(root.join(name), &line).unwrap();
    }
    let options = VerifyOptions::at(samples::SEALED_AT);
    let corpus = Corpus::open(root).unwrap();
    assert_eq!(verify(&corpus, &options).unwrap().exit(), 3);
    // A listing that agrees with altered records.
    let shard = files(root)
        .into_iter()
        .find(|path| path.starts_with(root.join("records")))
        .unwrap();
    let before = Digest::of(&fs::read(&shard).unwrap()).to_string();
    tamper(&folder, "records/", "news.example/2", "news.example/9");
    let after = Digest::of(&fs::read(&shard).unwrap()).to_string();
    tamper(&folder, "releases/2/files.json", &before, &after);
    let verification = check(root, &signers);
    assert_eq!(part(&verification, PartName::Files).0, Verdict::Verified);
    assert_eq!(part(&verification, PartName::Records).0, Verdict::Failed);
    assert_eq!(verification.exit(), 1);
    fs::remove_file(root.join("releases/2/files.json")).unwrap();
    assert_eq!(check(root, &signers).exit(), 1);
}

#[test]
fn a_signature_that_cannot_be_checked_does_not_undo_an_allowed_one() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let signed = sealed();
    let release = signed.path().join("releases/2");
    let armoured = fs::read_to_string(release.join("manifest.json.sig")).unwrap();
    let lines: Vec<&str> = armoured.lines().collect();
    let (begin, end) = (lines[0], lines[lines.len() - 1]);
    let mut blob = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
    let hash = blob
        .windows(6)
        .position(|bytes| bytes == b"sha512")
        .unwrap();
    blob[hash..hash + 6].copy_from_slice(b"sha999");
    let body = STANDARD.encode(&blob);
    let body: Vec<&str> = body
        .as_bytes()
        .chunks(70)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let other = format!("{begin}\n{}\n{end}\n", body.join("\n"));

    fs::write(release.join("manifest.json.2.sig"), &other).unwrap();
    let both = check(signed.path(), &samples::signers());
    assert_eq!(part(&both, PartName::Signature).0, Verdict::Unverifiable);
    assert_eq!(both.exit(), 0);

    fs::write(release.join("manifest.json.sig"), &other).unwrap();
    assert_eq!(check(signed.path(), &samples::signers()).exit(), 3);
}
