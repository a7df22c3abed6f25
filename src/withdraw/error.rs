//! Why nothing is withdrawn.

use std::path::PathBuf;

use super::survey::Lookalike;
use crate::corpus::{OpenError, PathError, ReadError, WriteError};
use crate::json::SyntaxError;
use crate::json::canonical::CanonicalError;
use crate::record::{Id, Misfit, Time};
use crate::release::{HistoryError, LedgerError};
use crate::takedown::{FolderError, TakedownError};

/// Why nothing is withdrawn. The corpus is as it was, but with [`WriteError::Behind`]; what was decided may be
/// noted beside it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WithdrawError {
    /// Nothing was named.
    #[error("no id, URL or domain was given to withdraw")]
    Nothing,
    /// The day is no day.
    #[error("`{0}` is not a day, YYYY-MM-DD")]
    Date(Time),
    /// The notice says nothing.
    #[error("the notice is empty")]
    Notice,
    /// The corpus has no such articles.
    #[error("the corpus has no article {}", list(.0))]
    Unknown(Vec<String>),
    /// No article has any of the URLs, or is of any of the domains.
    #[error("the corpus has {}", without(.urls, .domains))]
    Unmatched {
        /// The URLs, as they were given.
        urls: Vec<String>,
        /// The domains.
        domains: Vec<String>,
    },
    /// A beginning of ids is of several.
    #[error("`{name}` begins {count} ids: {}{}", list(.ids), more(.count - .ids.len()))]
    Ambiguous {
        /// The beginning.
        name: String,
        /// How many.
        count: usize,
        /// The first of them.
        ids: Vec<Id>,
    },
    /// They are withdrawn already.
    #[error("already withdrawn: {}", list(.0))]
    Already(Vec<String>),
    /// They are relations; those go with the articles they are about.
    #[error("{} {}; relations go with the articles they are about", list(.0), match .0.len() {
        1 => "is a relation, not an article",
        _ => "are relations, not articles",
    })]
    Relation(Vec<String>),
    /// What should be a URL is none.
    #[error("`{}` is not an http or https URL", .0.escape_debug())]
    Url(String),
    /// An article was said to go, and to be distinct.
    #[error("`{0}` is said to go and to be distinct")]
    Both(Id),
    /// Articles that stay are like one that goes.
    #[error(
        "{} that would stay may be the same article as one that goes: {}",
        if .0.len() == 1 { "an article".to_owned() } else { format!("{} articles", .0.len()) },
        listed(.0)
    )]
    Undecided(Vec<Lookalike>),
    /// A line of the corpus is no record.
    #[error("{file}, line {line}: {source}")]
    Line {
        /// The file, relative to the corpus.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: LineError,
    },
    /// A withdrawal has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The entries of the newest release cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// What was withdrawn before cannot be read.
    #[error(transparent)]
    Takedown(#[from] TakedownError),
    /// The ledger cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// What is to be decided about is neither an article of the corpus nor a whole id.
    #[error("`{0}` is neither an article of the corpus nor the full id of an item that is held")]
    NotWhole(Id),
    /// There are private withdrawals whose secret is not at hand, and a second one would not go with them.
    #[error(
        "{} private, and the secret is not in `{}`: name its folder with --private-dir, or withdraw with --public \
         keys, which everybody can test guesses against",
        if *.count == 1 { "a withdrawal is".to_owned() } else { format!("{count} withdrawals are") },
        .path.display().to_string().escape_debug()
    )]
    Locked {
        /// How many.
        count: usize,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The folder beside the corpus cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The corpus cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A path leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A shard cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A shard cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a line is no record to withdraw from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// U+000A is missing at its end.
    #[error("the line does not end with LF: the file is cut short")]
    Cut,
    /// It is not JSON as dateline reads it.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It has no id.
    #[error("`id` is missing or not a string")]
    NoId,
    /// It is no record.
    #[error(transparent)]
    Record(#[from] crate::record::ReadError),
    /// It is no trace.
    #[error("not a trace: {0}")]
    Trace(#[source] Misfit),
    /// It has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

fn list<T: std::fmt::Display>(ids: &[T]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    ids.join(", ")
}

fn without(urls: &[String], domains: &[String]) -> String {
    let no = |kind: &str, names: &[String]| {
        let named = names.iter().take(NAMED);
        let mut named: Vec<String> = named
            .map(|name| format!("`{}`", name.escape_debug()))
            .collect();
        if names.len() > NAMED {
            named.push(format!("{} more", names.len() - NAMED));
        }
        (!named.is_empty()).then(|| format!("no article {kind} {}", named.join(" or ")))
    };
    let parts = [no("with the URL", urls), no("of the domain", domains)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" and ")
}

fn more(count: usize) -> String {
    match count {
        0 => String::new(),
        count => format!(" and {count} more"),
    }
}

/// How many copies a message names.
const NAMED: usize = 5;

fn listed(copies: &[Lookalike]) -> String {
    let mut named: Vec<String> = copies
        .iter()
        .take(NAMED)
        .map(Lookalike::to_string)
        .collect();
    if copies.len() > NAMED {
        named.push("…".to_owned());
    }
    named.join("; ")
}
