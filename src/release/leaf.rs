//! The lines of a state, reduced to what the trees are over.
//!
//! All that turns lines into entries goes through here; in what order they come is for who reads them.

use std::borrow::Cow;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::entry::Entry;
use super::ledger::Misplaced;
use super::pairs::Keyed;
use super::summary::OrderError;
use crate::corpus::pass::{self, Stored};
use crate::corpus::{Chunks, Part, ReadError};
use crate::digest::Digest;
use crate::json::{Kind, Node, SyntaxError, Tape, canonical};
use crate::record::{CONTENT, Id, IdError, Misfit, RecordType};

/// The member of an article that says what its content is.
const CONTENT_DIGEST: &str = "content_digest";
/// The member of a line of `traces/` that holds the trace.
const TRACE: &str = "trace";

/// A line of a state.
pub(crate) struct Leaf<'l> {
    /// What the tree has of it, and where it stands.
    pub(crate) placed: Placed,
    /// Its content, if it is a record.
    pub(crate) content: Content,
    /// The line itself, without its U+000A.
    bytes: &'l [u8],
    /// Its values.
    tape: Tape<'l>,
}

/// An entry, and the line that gives it.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    /// The entry.
    pub(crate) entry: Entry,
    /// The file that the line stands in.
    pub(crate) file: Arc<str>,
    /// Its number there, from 1.
    pub(crate) line: u64,
}

impl Keyed for Placed {
    fn key(&self) -> &Id {
        &self.entry.id
    }
}

impl Placed {
    /// What is wrong with the line.
    pub(crate) fn problem(&self, defect: Defect) -> Problem {
        Problem {
            file: Arc::clone(&self.file),
            line: Some(self.line),
            defect,
        }
    }
}

impl Leaf<'_> {
    /// Its value.
    pub(crate) fn root(&self) -> Node<'_> {
        self.tape.root()
    }

    /// The line as a value of a type.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Misfit> {
        // Of what is none, the columns are those of the line.
        let read = self.root().read();
        read.or_else(|_| serde_json::from_slice(self.bytes))
            .map_err(|error| Misfit::in_line(&error))
    }
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

/// Gives what `look` makes of each line of `chunks`, which are of `part`, to `take` in the order of the lines.
///
/// # Errors
///
/// The first error in that order, be it a line that gives no leaf, of `look` or of `take`.
pub(crate) fn leaves<T, E: From<Problem> + Send>(
    chunks: Chunks,
    part: Part,
    look: impl Fn(Leaf<'_>) -> Result<T, E> + Sync,
    take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let look = |line: Result<Stored<'_>, ReadError>| {
        let leaf = leaf(line.map_err(Problem::from)?, part)?;
        look(leaf).map(Some)
    };
    pass::lines(chunks, look, take)
}

/// What a line among the records of `part` gives, held to being ended.
pub(crate) fn leaf(stored: Stored<'_>, part: Part) -> Result<Leaf<'_>, Problem> {
    let Stored { file, line, .. } = stored;
    let read = || {
        if !line.ended {
            return Err(Defect::Cut);
        }
        let tape = Tape::parse(line.bytes)?;
        let (entry, content) = match part {
            Part::Traces => trace(tape.root())?,
            Part::Records | Part::Relations | Part::Withdrawals | Part::Inputs => {
                record(tape.root(), part)?
            }
        };
        Ok((entry, content, tape))
    };
    match read() {
        Ok((entry, content, tape)) => Ok(Leaf {
            placed: Placed {
                entry,
                file: Arc::clone(file),
                line: line.number,
            },
            content,
            bytes: line.bytes,
            tape,
        }),
        Err(defect) => Err(Problem {
            file: Arc::clone(file),
            line: Some(line.number),
            defect,
        }),
    }
}

/// The entry of a line of records, relations or withdrawals.
fn record(root: Node<'_>, part: Part) -> Result<(Entry, Content), Defect> {
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
fn trace(root: Node<'_>) -> Result<(Entry, Content), Defect> {
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
