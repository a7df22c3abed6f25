//! What became of every input file.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// One line of the ledger `inputs.jsonl`: an input file and what became of it
/// (`spec/manifest.md`, "The ledger").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputEntry {
    /// The file, relative to the input named on the command line.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of all of it.
    pub digest: Digest,
    /// The kind of file.
    pub kind: String,
    /// How many items were found in it.
    pub items: u64,
    /// How many of them are in records of the corpus.
    pub records: u64,
    /// The items that were refused, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Refused>,
    /// Why the file holds no items, where it was passed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignored: Option<String>,
}

/// An item that became no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The first byte of the item in its file.
    pub offset: u64,
    /// How many bytes it takes there.
    pub length: u64,
    /// The diagnostic code that says why.
    pub code: String,
    /// The cause in words.
    pub message: String,
}
