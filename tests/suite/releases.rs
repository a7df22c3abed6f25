//! Releases as others see them: the vectors of manifests and chains, `ssh-keygen`, plain files.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test may panic, and says where it was not run"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dateline::corpus::{Corpus, Part, WriteOptions, Writer};
use dateline::digest::Digest;
use dateline::json::Tape;
use dateline::manifest::key::SigningKey;
use dateline::manifest::{
    Created, Manifest, PartName, SealOptions, Verdict, VerifyOptions, seal, verify,
};
use tempfile::TempDir;

use crate::vectors::vectors;

/// 2026-11-01T00:00:00Z
const AT: i64 = 1_793_491_200;

fn vector(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/v1/vectors");
    fs::read(folder.join(name)).unwrap()
}

/// Writes the records, traces and ledger of the vectors as a working state.
fn corpus() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut writer = Writer::open(folder.path(), WriteOptions::default()).unwrap();
    for (part, name) in [
        (Part::Records, "records.jsonl"),
        (Part::Relations, "records.jsonl"),
        (Part::Traces, "traces.jsonl"),
    ] {
        let mut shards = writer.part(part);
        for line in vector(&format!("entries/{name}")).split(|&byte| byte == b'\n') {
            if line.is_empty() {
                continue;
            }
            let tape = Tape::parse(line).unwrap();
            let text = |key| tape.root().get(key).and_then(|node| node.as_str());
            let kind = text("type");
            let folder = match kind.as_deref() {
                Some("article") => Part::Records,
                Some("relation") => Part::Relations,
                _ => part,
            };
            if folder == part {
                shards.push(&text("id").unwrap(), line).unwrap();
            }
        }
        writer.set(shards.finish().unwrap());
    }
    let mut inputs = writer.part(Part::Inputs);
    let lines = vector("entries/inputs.jsonl");
    let lines = lines
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty());
    for (number, line) in lines.enumerate() {
        inputs.push(&number.to_string(), line).unwrap();
    }
    writer.set(inputs.finish().unwrap());
    writer.commit().unwrap();
    folder
}

fn sealed(key: Option<&SigningKey>) -> TempDir {
    let folder = corpus();
    let example = Manifest::parse(&vector("entries/manifest.json")).unwrap();
    let options = SealOptions {
        private: None,
        name: example.predicate.corpus,
        created: Created::from_unix(AT).unwrap(),
        key,
        unsigned: false,
    };
    seal(folder.path(), &options).unwrap();
    folder
}

#[test]
fn a_sealed_corpus_has_the_files_of_the_vectors() {
    let folder = sealed(None);
    let release = folder.path().join("releases/1");
    for name in ["entries.txt", "traces.txt", "inputs.jsonl"] {
        let file = fs::read(release.join(name)).unwrap();
        assert_eq!(file, vector(&format!("entries/{name}")), "{name}");
    }
    let ours = Manifest::parse(&fs::read(release.join("manifest.json")).unwrap()).unwrap();
    let mut example = Manifest::parse(&vector("entries/manifest.json")).unwrap();
    // The digests of schemas in the example are invented.
    example.predicate.schemas = ours.predicate.schemas.clone();
    example.predicate.created = ours.predicate.created.clone();
    example.predicate.tool = ours.predicate.tool.clone();
    assert_eq!(ours, example);
    for schema in &ours.predicate.schemas {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("schemas/v1/{}.schema.json", schema.name));
        assert_eq!(Digest::of(&fs::read(file).unwrap()), schema.digest);
    }
}

#[test]
fn manifests_are_accepted_and_refused_as_the_vectors_say() {
    for vector in vectors("valid/manifest") {
        let manifest = Manifest::parse(&vector.bytes).unwrap();
        assert_eq!(manifest.to_bytes().unwrap(), vector.bytes);
    }
    for folder in ["invalid/schema/manifest", "invalid/rule/manifest"] {
        for vector in vectors(folder) {
            let path = vector.path.display();
            assert!(Manifest::parse(&vector.bytes).is_err(), "{path}");
            // Refused for what it is about: alone a manifest of another version is not wrong.
            let mut canonical = Vec::new();
            let body = vector.bytes.strip_suffix(b"\n").unwrap_or(&vector.bytes);
            dateline::json::canonical::write(Tape::parse(body).unwrap().root(), &mut canonical);
            canonical.push(b'\n');
            let newer = Manifest::parse(&canonical).is_err_and(|error| error.is_unverifiable());
            let name = path.to_string();
            assert_eq!(newer, name.contains("newer-predicate"), "{path}");
        }
    }
}

/// Lays the two releases of the vectors out as a corpus without shards.
fn chain() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, release, file) in [
        ("manifest-1.json", 1, "manifest.json"),
        ("changes-1.txt", 1, "changes.txt"),
        ("manifest-2.json", 2, "manifest.json"),
        ("entries-2.txt", 2, "entries.txt"),
    ] {
        let path = folder.path().join(format!("releases/{release}"));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join(file), vector(&format!("chain/{name}"))).unwrap();
    }
    folder
}

#[test]
fn a_chain_is_walked_back_by_its_changes() {
    let folder = chain();
    let verdict = |part, release| {
        let corpus = Corpus::open(folder.path()).unwrap();
        let verification = verify(&corpus, &VerifyOptions::at(AT)).unwrap();
        let mut parts = verification.parts.into_iter();
        let part = parts.find(|found| found.part == part && found.release == Some(release));
        part.unwrap().verdict
    };
    for (part, release) in [
        (PartName::Manifest, 1),
        (PartName::Manifest, 2),
        (PartName::Chain, 2),
        (PartName::Entries, 1),
        (PartName::Entries, 2),
        (PartName::Changes, 1),
        (PartName::Changes, 2),
    ] {
        assert_eq!(
            verdict(part, release),
            Verdict::Verified,
            "{part:?} {release}"
        );
    }
    // The changes of the vectors that are none do not lead back to the first release.
    let cases: serde_json::Value = serde_json::from_slice(&vector("chain/changes.json")).unwrap();
    let path = folder.path().join("releases/1/changes.txt");
    for case in cases.as_array().unwrap() {
        let lines = case["changes"].as_array().unwrap();
        let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
        let file = lines
            .iter()
            .flat_map(|line| [line, "\n"])
            .collect::<String>();
        fs::write(&path, &file).unwrap();
        assert_eq!(verdict(PartName::Entries, 1), Verdict::Failed, "{file}");
        assert_eq!(verdict(PartName::Entries, 2), Verdict::Verified, "{file}");
    }
}

#[test]
fn ssh_keygen_verifies_a_release() {
    let key = SigningKey::from_seed(&[7; 32]);
    let folder = sealed(Some(&key));
    let release = folder.path().join("releases/1");
    let signers: PathBuf = folder.path().join("allowed_signers");
    fs::write(&signers, format!("press@example.org {}\n", key.public())).unwrap();
    let accepts = || {
        let output = Command::new("ssh-keygen")
            .args([
                "-Y",
                "verify",
                "-n",
                "dateline-manifest",
                "-I",
                "press@example.org",
                "-f",
            ])
            .arg(&signers)
            .arg("-s")
            .arg(release.join("manifest.json.sig"))
            .stdin(File::open(release.join("manifest.json")).unwrap())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        output.ok().map(|status| status.success())
    };
    let Some(accepted) = accepts() else {
        println!("not run: ssh-keygen is not installed");
        return;
    };
    assert!(accepted);
    let manifest = fs::read_to_string(release.join("manifest.json")).unwrap();
    let altered = manifest.replace("Stories", "Storeys");
    fs::write(release.join("manifest.json"), altered).unwrap();
    assert_eq!(accepts(), Some(false));
}
