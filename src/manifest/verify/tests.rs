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
use crate::manifest::signers::AllowedSigners;
use crate::manifest::{samples, seal};
use crate::record::Record;

mod beside;
mod bounds;
mod chain;
mod older;
mod said;
mod trust;

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
            "2 schemas verified",
            "2 ledger verified",
            "1 entries verified",
            "1 changes verified",
            "2 records verified",
            "2 withdrawals withdrawn",
            "2 contents verified",
            "2 traces verified",
            "2 profiles verified",
            "2 locations verified",
            "2 shards verified",
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
        // `files.json` is not signed, and nothing hangs on it; nor on the signature of an older release
        // where the newest is signed.
        let matters =
            !path.ends_with("files.json") && !path.ends_with("releases/1/manifest.json.sig");
        let bytes = fs::read(&path).unwrap();
        let packed = path.extension().is_some_and(|ending| ending == "zst");
        let holds = |bytes: &[u8]| zstd::decode_all(bytes).ok();
        for at in (worker..bytes.len()).step_by(workers) {
            // All bits, one after the other from byte to byte.
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << ((at / workers) % 8);
            fs::write(&path, &flipped).unwrap();
            let exit = check(folder.path(), &signers).exit();
            // Some bits of a packed file mean nothing, and some letters in JSON have two cases.
            let same = if packed {
                holds(&flipped).is_some() && holds(&flipped) == holds(&bytes)
            } else {
                path.extension().is_some_and(|ending| ending == "jsonl")
                    && !path.ends_with("inputs.jsonl")
                    && values(&flipped).is_some()
                    && values(&flipped) == values(&bytes)
            };
            assert_eq!(exit == 0, !matters || same, "{} byte {at}", path.display());
            flips += 1;
        }
        fs::write(&path, &bytes).unwrap();
    }
    assert_eq!(check(folder.path(), &signers).exit(), 0);
    flips
}

/// What the lines of a shard say.
fn values(shard: &[u8]) -> Option<Vec<serde_json::Value>> {
    let lines = shard.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).ok())
        .collect()
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
            // Traces may be withheld.
            name if name.starts_with("traces/") => 0,
            // Computed again from the records and the traces; older signatures are only reported.
            "releases/2/entries.txt" | "releases/2/traces.txt" | "releases/1/manifest.json.sig" => {
                0
            }
            // Nothing is wrong, but not all can be checked.
            "releases/2/inputs.jsonl" | "releases/1/changes.txt" | "releases/1/manifest.json" => 3,
            _ => 1,
        };
        assert_eq!(exit, expected, "{name}: {verification:#?}");
        fs::write(&path, &bytes).unwrap();
    }
}

/// The one shard of a folder, unpacked in its place, and what it holds.
fn plain(root: &Path, folder: &str) -> (PathBuf, String) {
    let all = files(root).into_iter();
    let shards: Vec<PathBuf> = all
        .filter(|path| path.starts_with(root.join(folder)))
        .collect();
    assert_eq!(shards.len(), 1, "{shards:?}");
    let stored = fs::read(&shards[0]).unwrap();
    let packed = shards[0].extension().is_some_and(|ending| ending == "zst");
    let bytes = if packed {
        zstd::decode_all(stored.as_slice()).unwrap()
    } else {
        stored
    };
    fs::remove_file(&shards[0]).unwrap();
    let path = root.join(folder).join("plain.jsonl");
    fs::write(&path, &bytes).unwrap();
    (path, String::from_utf8(bytes).unwrap())
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
        ":2: `art-20`: is not in the release; `art-2`: the article is missing",
    ),
    (
        "records/",
        "\"art-1\"",
        "\"art-9\"",
        PartName::Records,
        "2 are not as they were sealedrecords/",
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

/// As caches and git-annex lay data out.
#[cfg(unix)]
#[test]
fn links_of_files_are_followed_and_links_of_folders_are_not() {
    use std::os::unix::fs::symlink;

    let folder = sealed();
    let outside = TempDir::new().unwrap();
    for name in [
        "releases/2/manifest.json",
        "releases/2/entries.txt",
        "releases/2/traces.txt",
        "releases/2/inputs.jsonl",
        "releases/2/manifest.json.sig",
    ] {
        let path = folder.path().join(name);
        let moved = outside.path().join(name.replace('/', "-"));
        fs::rename(&path, &moved).unwrap();
        symlink(&moved, &path).unwrap();
        let verification = check(folder.path(), &samples::signers());
        assert_eq!(verification.exit(), 0, "{name}: {verification:#?}");
        // What a link leads to may not be here.
        fs::rename(&moved, outside.path().join("away")).unwrap();
        let verification = check(folder.path(), &samples::signers());
        let computed = name.contains(".txt");
        let exit = if computed { 0 } else { 3 };
        assert_eq!(verification.exit(), exit, "{name}: {verification:#?}");
        fs::rename(outside.path().join("away"), &moved).unwrap();
    }
    let releases = folder.path().join("releases/2");
    fs::rename(&releases, outside.path().join("2")).unwrap();
    symlink(outside.path().join("2"), &releases).unwrap();
    let corpus = Corpus::open(folder.path()).unwrap();
    assert_eq!(corpus.newest(), Some(1));
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
    options.unsigned = true;
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
