//! What became of every input file.
//!
//! The ledger `inputs.jsonl` has three kinds of lines, compact JSON with these keys in this order:
//!
//! ```text
//! {"path":"a.txt","bytes":447,"digest":"sha256:…","kind":"text","reader":{"example-flat":1},"items":3,"records":1,"superseded":1,"refused":{"item-mismatch":1}}
//! {"path":"a.txt","offset":136,"length":311,"layers":["gzip"],"code":"item-mismatch"}
//! {"withdrawn_files":1}
//! ```
//!
//! A file's line is before those of its refused items; the count of files all of whose items were
//! withdrawn is last (`spec/manifest.md`, "The ledger").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::digest::Digest;
use crate::trace::{Layer, Location};

/// The code under which an item is refused whose article was withdrawn.
pub const WITHDRAWN: &str = "item-withdrawn";

/// An input file and what became of it: its line of the ledger, and those of its refused items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputEntry {
    /// The file, relative to the input named on the command line.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of all of it.
    pub digest: Digest,
    /// The kind of file.
    pub kind: Kind,
    /// How many of its items each profile or general converter made a record of, by its id.
    pub reader: BTreeMap<String, u64>,
    /// How many items were found in it.
    pub items: u64,
    /// How many of them are in records of the corpus.
    pub records: u64,
    /// How many gave way to one that was fetched later.
    pub superseded: u64,
    /// The items that were refused, and why.
    pub refused: Vec<Refused>,
}

/// An item that became no record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// The first byte of the item in its file.
    pub offset: u64,
    /// How many bytes it takes there.
    pub length: u64,
    /// The layers that lead to it from there.
    pub layers: Vec<Layer>,
    /// The diagnostic code that says why.
    pub code: String,
}

/// One line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LedgerLine {
    /// A file of the inputs.
    File(FileLine),
    /// An item of the file before that became no record.
    Refusal(RefusalLine),
    /// How many files are not named, since all their items were withdrawn.
    Withdrawn(WithdrawnLine),
}

/// The line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLine {
    /// As [`InputEntry::path`].
    pub path: String,
    /// As [`InputEntry::bytes`].
    pub bytes: u64,
    /// As [`InputEntry::digest`].
    pub digest: Digest,
    /// As [`InputEntry::kind`].
    pub kind: Kind,
    /// As [`InputEntry::reader`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reader: BTreeMap<String, u64>,
    /// As [`InputEntry::items`].
    pub items: u64,
    /// As [`InputEntry::records`].
    pub records: u64,
    /// As [`InputEntry::superseded`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub superseded: u64,
    /// How many items were refused, by code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, u64>,
}

/// The line of an item that was refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusalLine {
    /// The file it is in.
    pub path: String,
    /// As [`Refused::offset`].
    pub offset: u64,
    /// As [`Refused::length`].
    pub length: u64,
    /// As [`Refused::layers`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Layer>,
    /// As [`Refused::code`].
    pub code: String,
}

/// The last line, where files are not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawnLine {
    /// How many files: at least 1.
    pub withdrawn_files: u64,
}

impl Refused {
    /// The item at a location, refused under a code.
    #[must_use]
    pub fn at(location: &Location, code: &str) -> Self {
        Self {
            offset: location.offset,
            length: location.length,
            layers: location.layers.clone(),
            code: code.to_owned(),
        }
    }
}

impl InputEntry {
    /// A file of which no item is counted yet.
    #[must_use]
    pub fn new(path: &str, bytes: u64, digest: Digest, kind: Kind) -> Self {
        Self {
            path: path.to_owned(),
            bytes,
            digest,
            kind,
            reader: BTreeMap::new(),
            items: 0,
            records: 0,
            superseded: 0,
            refused: Vec::new(),
        }
    }

    /// A file of which only items are known so far.
    pub(crate) fn unknown() -> Self {
        Self::new("", 0, Digest::of(b""), Kind::Text)
    }

    /// Takes the counts of another entry, of the same file.
    pub(crate) fn count_of(&mut self, other: Self) {
        self.reader = other.reader;
        self.items = other.items;
        self.records = other.records;
        self.superseded = other.superseded;
        self.refused = other.refused;
    }

    /// Notes that an item gave way to one that was fetched later.
    pub fn supersede(&mut self) {
        self.items += 1;
        self.superseded += 1;
    }

    /// Notes that an item was refused.
    pub fn refuse(&mut self, refused: Refused) {
        self.items += 1;
        self.refused.push(refused);
    }

    /// Whether the ledger does not name the file: it has items, and all of them were withdrawn.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        self.records == 0
            && !self.refused.is_empty()
            && self.refused.iter().all(|item| item.code == WITHDRAWN)
    }

    /// Notes that an item is in a record that `reader` made.
    pub fn count_record(&mut self, reader: &str) {
        self.items += 1;
        self.records += 1;
        *self.reader.entry(reader.to_owned()).or_default() += 1;
    }

    /// Takes back [`InputEntry::count_record`]: the item is refused after all.
    pub fn refuse_record(&mut self, reader: &str, refused: Refused) {
        self.records = self.records.saturating_sub(1);
        if let Some(count) = self.reader.get_mut(reader) {
            *count = count.saturating_sub(1);
        }
        self.reader.retain(|_, count| *count > 0);
        self.refused.push(refused);
    }

    /// Its lines in a ledger, in order.
    #[must_use]
    pub fn lines(&self) -> Vec<LedgerLine> {
        let mut refused: BTreeMap<String, u64> = BTreeMap::new();
        for item in &self.refused {
            *refused.entry(item.code.clone()).or_default() += 1;
        }
        let mut lines = vec![LedgerLine::File(FileLine {
            path: self.path.clone(),
            bytes: self.bytes,
            digest: self.digest,
            kind: self.kind,
            reader: self.reader.clone(),
            items: self.items,
            records: self.records,
            superseded: self.superseded,
            refused,
        })];
        let mut sorted: Vec<&Refused> = self.refused.iter().collect();
        sorted.sort();
        lines.extend(sorted.into_iter().map(|item| {
            LedgerLine::Refusal(RefusalLine {
                path: self.path.clone(),
                offset: item.offset,
                length: item.length,
                layers: item.layers.clone(),
                code: item.code.clone(),
            })
        }));
        lines
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl From<FileLine> for InputEntry {
    /// The file without its refused items, which have lines of their own.
    fn from(line: FileLine) -> Self {
        Self {
            path: line.path,
            bytes: line.bytes,
            digest: line.digest,
            kind: line.kind,
            reader: line.reader,
            items: line.items,
            records: line.records,
            superseded: line.superseded,
            refused: Vec::new(),
        }
    }
}

impl From<RefusalLine> for Refused {
    fn from(line: RefusalLine) -> Self {
        Self {
            offset: line.offset,
            length: line.length,
            layers: line.layers,
            code: line.code,
        }
    }
}

impl LedgerLine {
    /// The one spelling of the line: compact JSON, its keys in their order, without U+000A.
    #[must_use]
    pub fn spell(&self) -> Vec<u8> {
        // Strings, integers and maps of them always have a form in JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
