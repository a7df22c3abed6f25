//! What can be wrong with a ledger.

use std::sync::Arc;

use crate::corpus::ReadError;
use crate::json::SyntaxError;
use crate::record::Misfit;
use crate::transit::LineEnds;

/// Why a line of a ledger is not one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// Its file is not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A line is wrong.
    #[error("{file}, line {line}: {kind}")]
    Line {
        /// The file.
        file: Arc<str>,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        kind: LedgerErrorKind,
    },
}

/// What is wrong with a line of a ledger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerErrorKind {
    /// It is not JSON as dateline reads it.
    #[error("column {}: {_0}", _0.offset + 1)]
    Syntax(SyntaxError),
    /// It does not match the schema.
    #[error("{}{message}", match .pointer.as_str() { "" => String::new(), pointer => format!("`{pointer}`: ") })]
    Schema {
        /// Which value, as a JSON Pointer.
        pointer: String,
        /// What is wrong with it.
        message: String,
    },
    /// Its members are not those of a line.
    #[error("{0}")]
    Fields(Misfit),
    /// It is a line in another spelling: with spaces, or its keys in another order.
    #[error(
        "column {0}: the line is not in the one form of a ledger line: compact JSON, its keys in their order"
    )]
    Spelling(usize),
    /// No U+000A ends it.
    #[error("the line does not end with LF: the file is cut short")]
    Unended,
    /// U+000D U+000A ends it.
    #[error("the line {}", LineEnds::BecameCrlf.met())]
    Crlf,
    /// Its path leads out of the input, or is none.
    #[error("`{}` is not a path inside an input", .0.escape_debug())]
    Path(String),
    /// Its path is not behind that of the file before.
    #[error("path `{}` follows `{}`; paths must ascend by their bytes, each once", .path.escape_debug(), .previous.escape_debug())]
    Order {
        /// The path before.
        previous: String,
        /// The path.
        path: String,
    },
    /// It follows the count of withdrawn files, which is last.
    #[error("a line follows `withdrawn_files`, which must be last")]
    BehindCount,
    /// The numbers do not add up.
    #[error(
        "`items` is {items}, but `records` is {records}, `superseded` {superseded}, and `refused` counts {refused}"
    )]
    Items {
        /// Items found.
        items: u64,
        /// Those in records.
        records: u64,
        /// Those that gave way to a later one.
        superseded: u64,
        /// Those refused.
        refused: u64,
    },
    /// The readers' counts do not add up to the records.
    #[error("`reader` counts {readers} items, but `records` is {records}")]
    Readers {
        /// What the readers come to.
        readers: u64,
        /// Items in records.
        records: u64,
    },
    /// Notes have items.
    #[error("`kind` is `notes`, but `items` is {0}; no items are looked for in notes")]
    Notes(u64),
    /// All items of a file were withdrawn, and it is named.
    #[error("all items of the file were withdrawn, so it must not be named, only counted")]
    Named,
    /// A refusal does not follow its file.
    #[error("the refusal in `{}` does not follow the line of that file", .0.escape_debug())]
    Stray(String),
    /// A refusal is not in order.
    #[error("the refusal at {offset} follows one that comes after it in order")]
    RefusalOrder {
        /// Where the item begins.
        offset: u64,
    },
    /// A refused item ends behind its file.
    #[error("the refused item ends at byte {end}, the file has {bytes}")]
    Beyond {
        /// The byte behind the item.
        end: u64,
        /// How many bytes the file has.
        bytes: u64,
    },
    /// There are other refusals than the file's line counts.
    #[error("`refused` counts {said} of `{}`, the lines below have {found}", .code.escape_debug())]
    Refusals {
        /// The code.
        code: String,
        /// How many the file's line counts.
        said: u64,
        /// How many there are.
        found: u64,
    },
}

impl LedgerErrorKind {
    /// The requirement that is broken, a name in `spec/manifest.md`.
    #[must_use]
    pub const fn requirement(&self) -> &'static str {
        match self {
            Self::Syntax(_)
            | Self::Schema { .. }
            | Self::Fields(_)
            | Self::Spelling(_)
            | Self::Unended
            | Self::Crlf => "ledger-line",
            Self::Path(_) => "ledger-path",
            Self::Order { .. } | Self::Stray(_) | Self::RefusalOrder { .. } => "ledger-order",
            Self::Items { .. } | Self::Readers { .. } | Self::Notes(_) => "ledger-items",
            Self::Beyond { .. } | Self::Refusals { .. } => "ledger-refusals",
            Self::BehindCount | Self::Named => "ledger-withdrawn",
        }
    }
}
