//! The lines of stored files, in chunks and one by one, in bounded memory.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Container;
use super::merged::Merged;
use super::stream;
use crate::open;
use crate::pool;
pub use crate::record::MAX_LINE;

/// About how many bytes a chunk has, unless one line is longer: they stay in a processor's own cache
/// while they are checked.
const CHUNK: usize = 1 << 20;
/// How many lines a chunk has at most: more than records and traces ever fill it with, and few enough
/// for something to be said of each.
const CHUNK_LINES: usize = 1 << 16;

/// A stored file to be read.
#[derive(Debug, Clone)]
pub struct Source {
    /// How errors and lines call it: for a shard its name.
    pub file: Arc<str>,
    /// Where it lies.
    pub path: PathBuf,
    /// How its bytes are coded.
    pub container: Container,
}

impl Source {
    /// Whether it lies outside the folder that its name is relative to, or that cannot be told: then nothing of
    /// its text is shown.
    pub(crate) fn is_outside(&self) -> bool {
        let depth = Path::new(&*self.file).components().count();
        let root = self.path.ancestors().nth(depth);
        let root = root.filter(|root| !root.as_os_str().is_empty());
        open::is_outside(root.unwrap_or(Path::new(".")), &self.path)
    }
}

/// Whole lines of one file, as many as fit.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// The file they are in.
    pub file: Arc<str>,
    /// Its place among the sources that are read, from 0.
    pub source: usize,
    /// The number of the first line, from 1.
    pub line: u64,
    /// Where it begins: bytes from the start of the file, decompressed.
    pub offset: u64,
    /// The lines with their line ends.
    pub bytes: Vec<u8>,
}

/// One line of a [`Chunk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRef<'c> {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Where it begins: bytes from the start of the file, decompressed.
    pub offset: u64,
    /// Its bytes without the U+000A at its end. A U+000D before that is left in.
    pub bytes: &'c [u8],
    /// Whether U+000A ends it. Only the last line of a file may lack it, and should not.
    pub ended: bool,
}

/// One line, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The file it is in.
    pub file: Arc<str>,
    /// Its number in the file, from 1.
    pub number: u64,
    /// Where it begins: bytes from the start of the file, decompressed.
    pub offset: u64,
    /// Its bytes, as in [`LineRef::bytes`].
    pub bytes: Vec<u8>,
    /// Whether U+000A ends it.
    pub ended: bool,
}

/// Why lines of a file are not given. Reading goes on behind the line, or in the next file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The file is not opened.
    #[error("{file}: cannot be opened: {source}")]
    Open {
        /// The file.
        file: Arc<str>,
        /// Why not.
        source: io::Error,
    },
    /// The file system fails on the way.
    #[error("{file}: cannot be read{}: {source}", behind(*line))]
    Read {
        /// The file.
        file: Arc<str>,
        /// The last whole line.
        line: u64,
        /// Why not.
        source: io::Error,
    },
    /// The container ends too early: the file was cut.
    #[error(
        "{file}: ends in the middle of its compressed data{}: the file was cut short, or other bytes were added to it",
        behind(*line)
    )]
    Truncated {
        /// The file.
        file: Arc<str>,
        /// The last whole line.
        line: u64,
    },
    /// The container is damaged.
    #[error("{file}: the compressed data is damaged{}: {source}", behind(*line))]
    Damaged {
        /// The file.
        file: Arc<str>,
        /// The last whole line.
        line: u64,
        /// What the decompressor says.
        source: io::Error,
    },
    /// The container holds too much for its size.
    #[error("{file}: is not read{}: {source}", behind(*line))]
    Bomb {
        /// The file.
        file: Arc<str>,
        /// The last whole line.
        line: u64,
        /// The limit.
        source: io::Error,
    },
    /// A line is longer than [`MAX_LINE`].
    #[error("{file}: line {line} has {length} bytes; lines of more than {limit} are not read")]
    LineTooLong {
        /// The file.
        file: Arc<str>,
        /// The line.
        line: u64,
        /// Where it begins: bytes from the start of the file, decompressed.
        offset: u64,
        /// Its length in bytes.
        length: u64,
        /// The limit in bytes.
        limit: usize,
    },
}

/// Behind which line of a file something is wrong; nothing where that is its beginning.
fn behind(line: u64) -> String {
    match line {
        0 => String::new(),
        line => format!(" after line {line}"),
    }
}

impl ReadError {
    /// The file it is about.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Open { file, .. }
            | Self::Read { file, .. }
            | Self::Truncated { file, .. }
            | Self::Damaged { file, .. }
            | Self::Bomb { file, .. }
            | Self::LineTooLong { file, .. } => file,
        }
    }

    /// Whether it says nothing of what the file holds: the system does not let it be read, it would take
    /// too much to unpack, or a pointer lies in its place.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        match self {
            Self::Open { source, .. } | Self::Read { source, .. } => stream::is_unreadable(source),
            Self::Bomb { .. } => true,
            Self::Truncated { .. } | Self::Damaged { .. } | Self::LineTooLong { .. } => false,
        }
    }

    /// The line it is about, where it is about one.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        if let Self::LineTooLong { line, .. } = self {
            Some(*line)
        } else {
            None
        }
    }
}

impl Chunk {
    /// The lines, in order.
    pub fn lines(&self) -> impl Iterator<Item = LineRef<'_>> {
        let mut number = self.line;
        let mut offset = self.offset;
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let end = memchr::memchr(b'\n', rest);
            let (bytes, behind) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            if end.is_none() && bytes.is_empty() {
                return None;
            }
            let line = LineRef {
                number,
                offset,
                bytes,
                ended: end.is_some(),
            };
            rest = behind.get(1..).unwrap_or_default();
            number += 1;
            offset += length(bytes) + u64::from(line.ended);
            Some(line)
        })
    }
}

/// Reads files chunk by chunk: what a checker hands to its threads.
///
/// Memory is bounded by one chunk, or by one line where that is longer, and by what is
/// [given back](Chunks::recycle).
pub struct Chunks(Order);

enum Order {
    Files(Files),
    Ids(Box<Merged>),
}

/// Files, one after the other.
struct Files {
    sources: VecDeque<Source>,
    /// How many sources were opened.
    opened: usize,
    current: Option<Reading>,
    limits: Limits,
    spare: Vec<Vec<u8>>,
}

/// Reads files line by line, each line owned.
pub struct Lines {
    chunks: Chunks,
    ready: VecDeque<Line>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) chunk: usize,
    pub(super) line: usize,
}

pub(super) struct Reading {
    file: Arc<str>,
    number: usize,
    stream: Box<dyn Read + Send>,
    container: Container,
    /// Read and not yet given.
    pending: Vec<u8>,
    /// Number and offset of the line that `pending` begins with.
    line: u64,
    offset: u64,
    end: Option<End>,
}

enum End {
    File,
    Failed(io::Error),
}

impl Chunks {
    /// Reads `sources` one after the other.
    #[must_use]
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::within(
            sources,
            Limits {
                chunk: CHUNK,
                line: MAX_LINE,
            },
        )
    }

    /// Requires 0 < 2 * chunk <= line: then only the first line of what is pending can be too long.
    pub(super) fn within(sources: impl IntoIterator<Item = Source>, limits: Limits) -> Self {
        debug_assert!(
            0 < limits.chunk && 2 * limits.chunk <= limits.line,
            "{limits:?}"
        );
        Self(Order::Files(Files {
            sources: sources.into_iter().collect(),
            opened: 0,
            current: None,
            limits,
            spare: Vec::new(),
        }))
    }

    /// Reads the lines of `sources`, each of which is in the order of its ids, in the order of all
    /// ids; lines of one id come in the order of the sources. The lines of a chunk are neighbours in
    /// one file.
    ///
    /// A line without an id, and one that is out of order in its file, is given when it is met.
    #[must_use]
    pub fn merged(sources: impl IntoIterator<Item = Source>) -> Self {
        Self(Order::Ids(Box::new(Merged::new(sources))))
    }

    /// The same of `sources` whose lines need not be in order.
    #[must_use]
    pub fn sorted(sources: impl IntoIterator<Item = Source>) -> Self {
        Self(Order::Ids(Box::new(Merged::sorted(sources))))
    }

    /// Takes back the memory of a chunk that is done with, for one to come.
    pub fn recycle(&mut self, mut bytes: Vec<u8>) {
        // That of a long line is not kept.
        if bytes.capacity() > 4 * CHUNK {
            return;
        }
        bytes.clear();
        match &mut self.0 {
            Order::Files(files) => files.spare.push(bytes),
            Order::Ids(merged) => merged.recycle(bytes),
        }
    }
}

impl Iterator for Chunks {
    type Item = Result<Chunk, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Order::Files(files) => files.next(),
            Order::Ids(merged) => merged.next(),
        }
    }
}

impl Files {
    fn next(&mut self) -> Option<Result<Chunk, ReadError>> {
        loop {
            if let Some(reading) = &mut self.current {
                if let Some(item) = reading.next(self.limits, &mut self.spare) {
                    return Some(item);
                }
                self.current = None;
            }
            let source = self.sources.pop_front()?;
            let number = self.opened;
            self.opened += 1;
            match Reading::open(source, number) {
                Ok(reading) => self.current = Some(reading),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Lines {
    /// Reads `sources` one after the other.
    #[must_use]
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::of(Chunks::new(sources))
    }

    /// Reads them in the order of all ids, as [`Chunks::sorted`].
    #[must_use]
    pub fn sorted(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::of(Chunks::sorted(sources))
    }

    pub(super) const fn of(chunks: Chunks) -> Self {
        Self {
            chunks,
            ready: VecDeque::new(),
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Line, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Some(Ok(line));
            }
            match self.chunks.next()? {
                Err(error) => return Some(Err(error)),
                Ok(chunk) => self.ready.extend(chunk.lines().map(|line| Line {
                    file: Arc::clone(&chunk.file),
                    number: line.number,
                    offset: line.offset,
                    bytes: line.bytes.to_vec(),
                    ended: line.ended,
                })),
            }
        }
    }
}

impl Reading {
    pub(super) fn open(source: Source, number: usize) -> Result<Self, ReadError> {
        let Source {
            file,
            path,
            container,
        } = source;
        match stream::open(&path, container) {
            Ok(stream) => Ok(Self {
                file,
                number,
                stream,
                container,
                pending: Vec::new(),
                line: 1,
                offset: 0,
                end: None,
            }),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(ReadError::Truncated { file, line: 0 })
            }
            Err(source) => Err(ReadError::Open { file, source }),
        }
    }

    /// The next lines, as many as fit; an error in their place; nothing at the end.
    pub(super) fn next(
        &mut self,
        limits: Limits,
        spare: &mut Vec<Vec<u8>>,
    ) -> Option<Result<Chunk, ReadError>> {
        // How much of `pending` is known to hold no line end.
        let mut searched = 0;
        loop {
            let fresh = self.pending.get(searched..).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', fresh) {
                let first = searched + at;
                if first > limits.line {
                    return Some(Err(self.too_long(first, limits)));
                }
                if self.end.is_some() || self.pending.len() >= limits.chunk {
                    return Some(Ok(self.whole_lines(spare)));
                }
            } else if self.pending.len() > limits.line {
                return Some(self.skip(limits));
            } else {
                searched = self.pending.len();
            }
            if let Some(end) = &mut self.end {
                return match std::mem::replace(end, End::File) {
                    End::File => self.last_line(),
                    End::Failed(error) => {
                        // Half a line in front of the failure is no line.
                        self.pending.clear();
                        Some(Err(self.failed(error)))
                    }
                };
            }
            self.fill(limits.chunk);
        }
    }

    /// Reads about `more` bytes, or to the end.
    fn fill(&mut self, more: usize) {
        let wanted = u64::try_from(more).unwrap_or(u64::MAX);
        // A long line is not given twice the room that it takes.
        let length = self.pending.len();
        let room = pool::room(length + more.max(length / 8));
        self.pending.reserve_exact(room - length);
        self.end = match (&mut self.stream)
            .take(wanted)
            .read_to_end(&mut self.pending)
        {
            Ok(read) if read < more => Some(End::File),
            Ok(_) => None,
            Err(error) => Some(End::Failed(error)),
        };
    }

    /// Gives what is pending up to the last line end, or [`CHUNK_LINES`] of it.
    fn whole_lines(&mut self, spare: &mut Vec<Vec<u8>>) -> Chunk {
        let mut lines = 0;
        let mut behind = 0;
        for end in memchr::memchr_iter(b'\n', &self.pending).take(CHUNK_LINES) {
            lines += 1;
            behind = end + 1;
        }
        let mut rest = spare.pop().unwrap_or_default();
        rest.extend_from_slice(self.pending.get(behind..).unwrap_or_default());
        self.pending.truncate(behind);
        let bytes = std::mem::replace(&mut self.pending, rest);
        self.chunk(bytes, lines)
    }

    /// Gives what stands behind the last line end of the file.
    fn last_line(&mut self) -> Option<Result<Chunk, ReadError>> {
        let bytes = std::mem::take(&mut self.pending);
        (!bytes.is_empty()).then(|| Ok(self.chunk(bytes, 0)))
    }

    /// A chunk of this many ends of lines.
    fn chunk(&mut self, bytes: Vec<u8>, lines: u64) -> Chunk {
        let chunk = Chunk {
            file: Arc::clone(&self.file),
            source: self.number,
            line: self.line,
            offset: self.offset,
            bytes,
        };
        self.line += lines;
        self.offset += length(&chunk.bytes);
        chunk
    }

    /// Passes over the rest of a line that is too long, and reports it.
    fn skip(&mut self, limits: Limits) -> Result<Chunk, ReadError> {
        let mut passed = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.pending) {
                let error = self.too_long(at, limits);
                return Err(self.grown(error, passed));
            }
            passed += length(&self.pending);
            self.pending.clear();
            match &self.end {
                None => self.fill(limits.chunk),
                Some(End::Failed(_) | End::File) => {
                    let error = self.too_long(0, limits);
                    return Err(self.grown(error, passed));
                }
            }
        }
    }

    /// Reports the line that begins `pending` and ends at `end`, and passes over it.
    fn too_long(&mut self, end: usize, limits: Limits) -> ReadError {
        let passed = (end + 1).min(self.pending.len());
        let error = ReadError::LineTooLong {
            file: Arc::clone(&self.file),
            line: self.line,
            offset: self.offset,
            length: u64::try_from(end).unwrap_or(u64::MAX),
            limit: limits.line,
        };
        self.pending.drain(..passed);
        self.line += 1;
        self.offset += u64::try_from(passed).unwrap_or(u64::MAX);
        error
    }

    /// Adds `passed` bytes to the length of a line that is too long.
    fn grown(&mut self, mut error: ReadError, passed: u64) -> ReadError {
        if let ReadError::LineTooLong { length, .. } = &mut error {
            *length += passed;
        }
        self.offset += passed;
        error
    }

    fn failed(&self, source: io::Error) -> ReadError {
        let file = Arc::clone(&self.file);
        let line = self.line - 1;
        if source.kind() == io::ErrorKind::UnexpectedEof {
            ReadError::Truncated { file, line }
        } else if stream::is_bomb(&source) {
            ReadError::Bomb { file, line, source }
        } else if self.container == Container::Plain
            || source.raw_os_error().is_some()
            || stream::is_not_the_file(&source)
        {
            ReadError::Read { file, line, source }
        } else {
            ReadError::Damaged { file, line, source }
        }
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
