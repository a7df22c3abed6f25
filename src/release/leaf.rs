//! The lines of a state, reduced to what the trees are over.
//!
//! Line by line; in what order they come is for who reads them.

use std::borrow::Cow;
use std::sync::Arc;

use super::entry::Entry;
use super::ledger::Misplaced;
use super::summary::OrderError;
use crate::corpus::{Line, Part, ReadError};
use crate::digest::Digest;
use crate::json::{Kind, Node, SyntaxError, Tape, canonical};
use crate::record::{CONTENT, Id, IdError, Misfit, RecordType};

/// The member of an article that says what its content is.
const CONTENT_DIGEST: &str = "content_digest";
/// The member of a line of `traces/` that holds the trace.
const TRACE: &str = "trace";

/// A line of a state.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// What the tree has of it.
    pub(crate) entry: Entry,
    /// Its content, if it is a record.
    pub(crate) content: Content,
    /// The file it stands in.
    pub(crate) file: Arc<str>,
    /// Its number there, from 1.
    pub(crate) line: u64,
    /// The line itself, without its U+000A.
    pub(crate) bytes: Vec<u8>,
}

/// What is known of a record's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// It never had one.
    None,
    /// It is there, and has the digest that the core gives it.
    Held,
    /// The core has its digest, it is not there.
    Withheld,
    /// It is there and has another digest.
    Altered { said: Digest, found: Digest },
}

/// A line of a state that gives no leaf, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}{defect}", match .line { Some(line) => format!("{file}, line {line}: "), None => String::new() })]
pub struct Problem {
    /// The file it stands in, relative to the corpus.
    pub file: Arc<str>,
    /// Its number there, from 1; absent where the file as a whole cannot be read.
    pub line: Option<u64>,
    /// What is wrong with it.
    pub defect: Defect,
}

/// What is wrong with a line, as far as seals are concerned. All else is for `check` to say.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// It cannot be read.
    #[error(transparent)]
    Read(ReadError),
    /// U+000A is missing at its end.
    #[error("the line does not end with LF: the file is cut short")]
    Cut,
    /// It is not JSON as dateline reads it.
    #[error("column {}: {_0}", _0.offset + 1)]
    Syntax(#[from] SyntaxError),
    /// A member is missing or no string.
    #[error("`{0}` is missing or no string")]
    Member(&'static str),
    /// Its id is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// Its type is another than its folder's.
    #[error("`type` is `{}`, which does not belong in `{folder}`", .found.escape_debug())]
    Type {
        /// The type.
        found: String,
        /// The folder it lies in.
        folder: &'static str,
    },
    /// Its id is not greater than the one before.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// `content_digest` is no digest.
    #[error("`content_digest` is no digest")]
    ContentDigest,
    /// It has content, and no digest of it.
    #[error("record `{0}` has `content` and no `content_digest`")]
    Unsaid(Id),
    /// It has content, and only articles may.
    #[error("record `{0}` is no article and has `content`")]
    Content(Id),
    /// Its content has another digest than it says.
    #[error("the content of record `{id}` has the digest {found}, `content_digest` is {said}")]
    ContentAltered {
        /// The record.
        id: Id,
        /// What `content_digest` says.
        said: Digest,
        /// What the content has.
        found: Digest,
    },
    /// It is a line of `traces` and not an id and a trace.
    #[error("not an `id` and a `trace`")]
    Trace,
    /// It is the trace of what is no article of the corpus.
    #[error("the trace of `{0}`, which is no article of the corpus")]
    StrayTrace(Id),
    /// It does not match its schema.
    #[error("{}{message}", match .pointer.as_str() { "" => String::new(), pointer => format!("`{pointer}`: ") })]
    Schema {
        /// Which value, as a JSON Pointer.
        pointer: String,
        /// What is wrong with it.
        message: String,
    },
    /// It is a trace of bytes that the ledger does not have.
    #[error(transparent)]
    Misplaced(Misplaced),
    /// Its members are not those of its kind.
    #[error("{0}")]
    Fields(#[source] Misfit),
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Self {
            file: Arc::from(error.file()),
            line: None,
            defect: Defect::Read(error),
        }
    }
}

/// What a line among the records of `part` gives, held to being ended.
pub(crate) fn leaf(line: Line, part: Part) -> Result<Leaf, Problem> {
    let read = if line.ended {
        match part {
            Part::Traces => trace(&line.bytes),
            Part::Records | Part::Relations | Part::Withdrawals | Part::Inputs => {
                record(&line.bytes, part)
            }
        }
    } else {
        Err(Defect::Cut)
    };
    match read {
        Ok((entry, content)) => Ok(Leaf {
            entry,
            content,
            file: line.file,
            line: line.number,
            bytes: line.bytes,
        }),
        Err(defect) => Err(Problem {
            file: line.file,
            line: Some(line.number),
            defect,
        }),
    }
}

/// The entry of a line of records, relations or withdrawals.
fn record(line: &[u8], part: Part) -> Result<(Entry, Content), Defect> {
    let tape = Tape::parse(line)?;
    let root = tape.root();
    let id: Id = text(root, "id")?.parse()?;
    let found = text(root, "type")?;
    let kind = match (RecordType::named(&found), part) {
        (Some(RecordType::Article), Part::Records) => RecordType::Article,
        (Some(RecordType::Relation), Part::Relations) => RecordType::Relation,
        (Some(RecordType::Withdrawal), Part::Withdrawals) => RecordType::Withdrawal,
        _ => {
            return Err(Defect::Type {
                found: found.into_owned(),
                folder: part.folder(),
            });
        }
    };
    let content = content(root, kind, &id)?;
    let digest = canonical::Digests::default().of_object_without(root, &[CONTENT]);
    Ok((Entry { id, kind, digest }, content))
}

fn content(root: Node<'_>, kind: RecordType, id: &Id) -> Result<Content, Defect> {
    let said = match root.get(CONTENT_DIGEST) {
        Some(node) => {
            let text = node.as_str().ok_or(Defect::ContentDigest)?;
            Some(text.parse().map_err(|_| Defect::ContentDigest)?)
        }
        None => None,
    };
    let content = root.get(CONTENT);
    if content.is_some() && kind != RecordType::Article {
        return Err(Defect::Content(id.clone()));
    }
    Ok(match (content, said) {
        (None, None) => Content::None,
        (None, Some(_)) => Content::Withheld,
        (Some(_), None) => return Err(Defect::Unsaid(id.clone())),
        (Some(content), Some(said)) => {
            let found = canonical::Digests::default().of(content);
            if found == said {
                Content::Held
            } else {
                Content::Altered { said, found }
            }
        }
    })
}

/// The entry of a line of traces, under the type of what has traces.
fn trace(line: &[u8]) -> Result<(Entry, Content), Defect> {
    let tape = Tape::parse(line)?;
    let root = tape.root();
    let id = text(root, "id")?.parse()?;
    let trace = root
        .get(TRACE)
        .filter(|trace| trace.kind() == Kind::Object && root.len() == 2)
        .ok_or(Defect::Trace)?;
    let entry = Entry {
        id,
        kind: RecordType::Article,
        digest: canonical::Digests::default().of(trace),
    };
    Ok((entry, Content::None))
}

fn text<'t>(root: Node<'t>, key: &'static str) -> Result<Cow<'t, str>, Defect> {
    root.get(key)
        .and_then(|node| node.as_str())
        .ok_or(Defect::Member(key))
}
