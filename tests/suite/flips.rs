//! Every byte of the signed example, changed once: verification finds each change.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;
use std::thread;

use dateline::corpus::Corpus;
use dateline::manifest::signers::AllowedSigners;
use dateline::manifest::{VerifyOptions, verify};

use crate::tool::{copy, files};

const EXAMPLE: &str = "examples/demo-corpus";

/// What is not covered by the signature: how the corpus is built, how version control treats it, and
/// the transport check that repacking rewrites.
const UNSIGNED: [&str; 3] = ["dateline.yaml", ".gitattributes", "files.json"];

/// The exit code of verifying `corpus` with the example's signers; 2 where it cannot even be opened.
fn verified(corpus: &Path, signers: &AllowedSigners) -> u8 {
    let mut options = VerifyOptions::at(1_770_000_000);
    options.signers = Some(signers);
    Corpus::open(corpus).map_or(2, |corpus| {
        verify(&corpus, &options).map_or(2, |verification| verification.exit())
    })
}

#[test]
fn every_changed_byte_of_the_signed_example_is_found() {
    let signers = AllowedSigners::parse(&fs::read("examples/demo-key/allowed_signers").unwrap());
    let signers = signers.unwrap();
    let signed: Vec<(String, Vec<u8>)> = files(Path::new(EXAMPLE))
        .into_iter()
        .filter(|(path, _)| !UNSIGNED.iter().any(|name| path.ends_with(name)))
        .collect();
    let parts = [
        "records/",
        "traces/",
        "relations/",
        "entries.txt",
        "traces.txt",
        "inputs.jsonl",
    ];
    for part in parts
        .into_iter()
        .chain(["manifest.json", "manifest.json.sig"])
    {
        assert!(signed.iter().any(|(path, _)| path.contains(part)), "{part}");
    }
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let missed: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                let (signers, signed) = (&signers, &signed);
                scope.spawn(move || missed_by(worker, workers, signed, signers))
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(missed.is_empty(), "not found: {}", missed.join(", "));
}

/// Changes every `step`th byte from `first` on, one at a time, and gives those that were not found.
fn missed_by(
    first: usize,
    step: usize,
    signed: &[(String, Vec<u8>)],
    signers: &AllowedSigners,
) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    copy(Path::new(EXAMPLE), folder.path());
    assert_eq!(verified(folder.path(), signers), 0);
    let mut missed = Vec::new();
    for (path, bytes) in signed {
        let target = folder.path().join(path);
        let mut changed = bytes.clone();
        for at in (first..bytes.len()).step_by(step) {
            // Another bit at each place, so that letters change their case and digits their value.
            changed[at] ^= 1 << (at % 8);
            fs::write(&target, &changed).unwrap();
            // Some bits of a packed file mean nothing: what it holds is the same.
            let same = Path::new(path)
                .extension()
                .is_some_and(|ending| ending == "zst")
                && zstd::decode_all(changed.as_slice())
                    .is_ok_and(|holds| holds == zstd::decode_all(bytes.as_slice()).unwrap());
            if !same && verified(folder.path(), signers) == 0 {
                missed.push(format!("{path} byte {at}"));
            }
            changed[at] = bytes[at];
        }
        fs::write(&target, bytes).unwrap();
    }
    missed
}
