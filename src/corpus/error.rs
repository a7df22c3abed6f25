//! Why a corpus is not opened, or not written.

use std::io;
use std::path::{Path, PathBuf};

use super::PathError;
use super::layout::{CONFIG, FILES, Part};
use super::lines::{MAX_LINE, ReadError};
use super::listing::ListingError;

/// Why a folder does not open as a corpus.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is nothing at the path.
    #[error("`{}` does not exist", .0.display().to_string().escape_debug())]
    Missing(PathBuf),
    /// There is something else.
    #[error(
        "`{}` is not a corpus: it has no releases, no shards and no `{CONFIG}`",
        .0.display().to_string().escape_debug()
    )]
    NotACorpus(PathBuf),
    /// Other commands changed it each time that it was read.
    #[error(
        "another command is writing to `{}`: wait until it is done",
        .0.display().to_string().escape_debug()
    )]
    Changing(PathBuf),
    /// A listing is damaged.
    #[error("`{}`: {source}", .path.escape_debug())]
    Listing {
        /// Which, relative to the corpus.
        path: String,
        /// Why.
        source: ListingError,
    },
    /// A path leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The file system fails.
    #[error("`{}` cannot be read: {source}", .path.display().to_string().escape_debug())]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Why a corpus is not written.
///
/// What was on disk is as it was, except with [`WriteError::Behind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The folder holds something else.
    #[error(
        "`{}` is not empty and is not a corpus: nothing is written into it",
        .0.display().to_string().escape_debug()
    )]
    NotACorpus(PathBuf),
    /// Something has a name of dateline's own and was not made by it.
    #[error(
        "`{}` was not made by dateline, and nothing is written while it is there: move it away",
        .0.display().to_string().escape_debug()
    )]
    Stranger(PathBuf),
    /// Files lie among the records that no listing names and no writer left behind.
    #[error(
        "{} in `{}`, and {} not written here by dateline: nothing is written while {} there; move {} out of \
         the corpus (if two branches were merged, add the inputs of the other one again)",
        unlisted(.files),
        .root.display().to_string().escape_debug(),
        if .files.len() == 1 { "was" } else { "were" },
        if .files.len() == 1 { "it is" } else { "they are" },
        if .files.len() == 1 { "it" } else { "them" },
    )]
    Strangers {
        /// The corpus.
        root: PathBuf,
        /// The files, relative to the corpus.
        files: Vec<String>,
    },
    /// A file of the corpus is a link that leads out of it.
    #[error(
        "`{}` is a link that leads out of the corpus{}: nothing is written here; copy the corpus with the \
         files themselves (`cp -rL`), and write to the copy",
        .path.display().to_string().escape_debug(),
        match .target {
            Some(target) => format!(", to `{}`", target.display().to_string().escape_debug()),
            None => String::new(),
        }
    )]
    Linked {
        /// The file.
        path: PathBuf,
        /// Where it leads, if that is there.
        target: Option<PathBuf>,
    },
    /// Another writer is at work.
    #[error(
        "another process is writing to `{}`",
        .0.display().to_string().escape_debug()
    )]
    Busy(PathBuf),
    /// What is there cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Lines of what is there cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The folder cannot be written to.
    #[error(
        "`{}` cannot be written to, so nothing was changed: {source}",
        .path.display().to_string().escape_debug()
    )]
    ReadOnly {
        /// The corpus.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file system fails.
    #[error("cannot {action} `{}`: {source}", .path.display().to_string().escape_debug())]
    Disk {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The new state is in its place and whole, but something behind that failed: storing its name
    /// for certain, or removing files that nothing names any more. The next writer makes up for it, and for what is left of
    /// older releases the next seal.
    #[error("the new state is in its place, but: {0}")]
    Behind(#[source] Box<WriteError>),
    /// Lines come out of order.
    #[error("`{key}` in {} comes behind `{previous}`, out of order", .part.folder())]
    Order {
        /// The part.
        part: Part,
        /// The key before.
        previous: String,
        /// The key.
        key: String,
    },
    /// Two lines have one key.
    #[error("`{key}` occurs twice in {}", .part.folder())]
    Duplicate {
        /// The part.
        part: Part,
        /// The key.
        key: String,
    },
    /// A line is empty or is several.
    #[error("the line of `{key}` in {} is empty or holds a line end", .part.folder())]
    NotALine {
        /// The part.
        part: Part,
        /// Its key.
        key: String,
    },
    /// A line is longer than a reader takes.
    #[error(
        "the line of `{key}` in {} has {length} bytes; more than {MAX_LINE} are not written",
        .part.folder()
    )]
    LineTooLong {
        /// The part.
        part: Part,
        /// Its key.
        key: String,
        /// Its length in bytes.
        length: usize,
    },
    /// A part has more shards than can be numbered.
    #[error("{} has more than 4294967295 shards", .0.folder())]
    TooManyShards(Part),
    /// A release's file has a name that a release has no file of.
    #[error("`{}` is not the name of a file of a release", .0.escape_debug())]
    ReleaseFile(String),
    /// A release is asked for that is not there.
    #[error("`{}` has no release {number}", .path.display().to_string().escape_debug())]
    NoRelease {
        /// The corpus.
        path: PathBuf,
        /// The number.
        number: u64,
    },
    /// A file that is never overwritten is there already.
    #[error("`{}` is there already", .0.escape_debug())]
    Exists(String),
    /// The configuration cannot be written.
    #[error("`{CONFIG}` cannot be written: {0}")]
    Config(#[source] serde_yaml::Error),
}

/// How many files a message names.
const NAMED: usize = 3;

fn unlisted(shards: &[String]) -> String {
    let named: Vec<String> = shards
        .iter()
        .take(NAMED)
        .map(|shard| format!("`{}`", shard.escape_debug()))
        .collect();
    let more = match shards.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let verb = if shards.len() == 1 { "is" } else { "are" };
    format!("{}{more} {verb} not listed in `{FILES}`", named.join(", "))
}

impl WriteError {
    pub(crate) fn disk(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Disk {
            action,
            path: path.to_path_buf(),
            source,
        }
    }

    pub(crate) fn behind(self) -> Self {
        Self::Behind(Box::new(self))
    }
}

impl From<PathError> for WriteError {
    fn from(error: PathError) -> Self {
        Self::Open(error.into())
    }
}
