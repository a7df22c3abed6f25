//! Inclusion proofs of transparency-dev/merkle: one change to a good proof a file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dateline::digest::Digest;
use dateline::merkle::verify_inclusion;
use serde::Deserialize;

use crate::shared::shared;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
}

/// A digest; `None` for other lengths than 32 bytes, which the type does not admit.
fn digest(encoded: &str) -> Option<Digest> {
    let bytes = STANDARD.decode(encoded).unwrap();
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}

fn verifies(vector: &Vector) -> bool {
    let path: Option<Vec<Digest>> = vector
        .proof
        .iter()
        .flatten()
        .map(|encoded| digest(encoded))
        .collect();
    let (Some(root), Some(leaf), Some(path)) =
        (digest(&vector.root), digest(&vector.leaf_hash), path)
    else {
        return false;
    };
    verify_inclusion(&root, vector.tree_size, vector.leaf_idx, &leaf, &path).is_ok()
}

fn visit(folder: &Path, counts: &mut (usize, usize)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, counts);
            continue;
        }
        let vector: Vector = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(verifies(&vector), !vector.want_err, "{}", path.display());
        if vector.want_err {
            counts.1 += 1;
        } else {
            counts.0 += 1;
        }
    }
}

#[test]
fn inclusion_proofs_hold_where_they_should() {
    let Some(folder) = shared("vectors/merkle/testdata/inclusion") else {
        return;
    };
    let mut counts = (0, 0);
    visit(&folder, &mut counts);
    assert!(counts.0 >= 5 && counts.1 >= 80, "{counts:?}");
}
