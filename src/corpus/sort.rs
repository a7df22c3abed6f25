//! Pairs of key and line put in order in bounded memory: an external merge sort.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::error::WriteError;
use super::scratch::Scratch;
use crate::digest::Digest;
use crate::{open, pool};

/// How many bytes are sorted in memory before they are spilled.
const IN_MEMORY: usize = 16 << 20;
/// How many runs are merged at once.
const FAN_IN: usize = 64;
/// What a pair costs beside its bytes.
const OVERHEAD: usize = 64;
/// The size of the buffer of a run.
const BUFFER: usize = 64 << 10;
/// Of a longer line no more than so many bytes are read before its turn: each of many runs may begin with one.
const LONG: usize = 64 << 10;

/// Takes pairs in any order and gives them in order: by key, then by line, both by their bytes; long lines that begin
/// with the same 64 KiB by length and digest. So what comes out does not depend on the order in which it went in, equal
/// keys included.
///
/// Beyond 16 MiB it spills sorted runs to disk: those of a writer to the corpus's folder for temporary files, others to
/// the system's. Of these it holds one line at a time, and 64 KiB of each run. Equal pairs all come out; what equal keys
/// mean is for the caller to say.
pub struct Sorter {
    room: Room,
    limit: usize,
    held: usize,
    pairs: Vec<Pair>,
    /// Runs by level: a run of level n is merged from [`FAN_IN`] runs of level n − 1.
    runs: Vec<Vec<SortedRun>>,
}

/// The pairs of a [`Sorter`] in order.
pub struct Sorted {
    room: Room,
    merge: Merge,
    /// The runs, which are of no use afterwards.
    runs: Vec<SortedRun>,
}

/// Where runs lie.
enum Room {
    /// In a corpus's folder for temporary files.
    Corpus(Arc<Scratch>),
    /// In the system's folder for temporary files, without a name: they are gone with the process, however it ends.
    System,
}

/// A sorted run.
enum SortedRun {
    Named(PathBuf),
    Nameless(File),
}

/// A key and a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// What it is sorted by.
    pub key: String,
    /// What it carries.
    pub line: Vec<u8>,
}

/// What a line has behind its first [`LONG`] bytes, as far as the order needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rest {
    bytes: u64,
    digest: [u8; 32],
}

impl Pair {
    /// The first bytes of the line.
    fn begin(&self) -> &[u8] {
        self.line.get(..LONG).unwrap_or(&self.line)
    }

    fn rest(&self) -> Option<Rest> {
        let rest = self.line.get(LONG..).filter(|rest| !rest.is_empty())?;
        Some(Rest {
            bytes: wide(rest.len()),
            digest: *Digest::of(rest).as_bytes(),
        })
    }

    fn order(&self, other: &Self) -> Ordering {
        let (one, two) = ((&self.key, self.begin()), (&other.key, other.begin()));
        one.cmp(&two).then_with(|| self.rest().cmp(&other.rest()))
    }
}

impl Sorter {
    /// One that writes to no corpus.
    ///
    /// ```
    /// use dateline::corpus::Sorter;
    ///
    /// let mut sorter = Sorter::apart();
    /// sorter.push("b".to_owned(), b"second".to_vec())?;
    /// sorter.push("a".to_owned(), b"first".to_vec())?;
    /// let keys: Result<Vec<_>, _> = sorter.finish()?.map(|pair| Ok::<_, dateline::corpus::WriteError>(pair?.key)).collect();
    /// assert_eq!(keys?, ["a", "b"]);
    /// # Ok::<(), dateline::corpus::WriteError>(())
    /// ```
    #[must_use]
    pub const fn apart() -> Self {
        Self::new(Room::System, IN_MEMORY)
    }

    pub(super) const fn of(scratch: Arc<Scratch>) -> Self {
        Self::new(Room::Corpus(scratch), IN_MEMORY)
    }

    #[cfg(test)]
    pub(super) fn with_limit(scratch: Option<Arc<Scratch>>, limit: usize) -> Self {
        Self::new(scratch.map_or(Room::System, Room::Corpus), limit)
    }

    const fn new(room: Room, limit: usize) -> Self {
        Self {
            room,
            limit,
            held: 0,
            pairs: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Takes a pair.
    ///
    /// # Errors
    ///
    /// [`WriteError::Disk`], where the temporary folder cannot be written.
    pub fn push(&mut self, key: String, line: Vec<u8>) -> Result<(), WriteError> {
        let length = key.len() + line.len() + OVERHEAD;
        if self.held + length > self.limit && !self.pairs.is_empty() {
            self.spill()?;
        }
        self.held += length;
        self.pairs.push(Pair { key, line });
        // A long line alone.
        if self.held > self.limit {
            self.spill()?;
        }
        Ok(())
    }

    /// Gives all pairs in order.
    ///
    /// # Errors
    ///
    /// [`WriteError::Disk`], as [`Sorter::push`].
    pub fn finish(mut self) -> Result<Sorted, WriteError> {
        self.pairs.sort_unstable_by(Pair::order);
        while self.runs.iter().map(Vec::len).sum::<usize>() > FAN_IN {
            let mut lowest: Vec<SortedRun> =
                self.runs.iter_mut().flat_map(std::mem::take).collect();
            let later = lowest.split_off(FAN_IN.min(lowest.len()));
            let merged = self.merge(lowest)?;
            self.runs = vec![later, vec![merged]];
        }
        let runs: Vec<SortedRun> = self.runs.into_iter().flatten().collect();
        let mut sources = vec![Source::Memory {
            pairs: self.pairs.into_iter(),
            rest: Vec::new(),
        }];
        for run in &runs {
            sources.push(Source::run(run)?);
        }
        Ok(Sorted {
            merge: Merge::new(sources)?,
            room: self.room,
            runs,
        })
    }

    fn spill(&mut self) -> Result<(), WriteError> {
        self.held = 0;
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.sort_unstable_by(Pair::order);
        let mut run = self.write_run(pairs.into_iter().map(Ok))?;
        // Full levels are merged into the next, as a counter carries.
        let mut level = 0;
        loop {
            if self.runs.len() == level {
                self.runs.push(Vec::new());
            }
            let Some(runs) = self.runs.get_mut(level) else {
                return Ok(());
            };
            runs.push(run);
            if runs.len() < FAN_IN {
                return Ok(());
            }
            let full = std::mem::take(runs);
            run = self.merge(full)?;
            level += 1;
        }
    }

    fn merge(&self, runs: Vec<SortedRun>) -> Result<SortedRun, WriteError> {
        let sources: Result<Vec<Source>, WriteError> = runs.iter().map(Source::run).collect();
        let merged = self.write_run(Merge::new(sources?)?)?;
        for run in runs {
            self.room.remove(run)?;
        }
        Ok(merged)
    }

    fn write_run(
        &self,
        pairs: impl Iterator<Item = Result<Pair, WriteError>>,
    ) -> Result<SortedRun, WriteError> {
        let (run, path, sink) = self.room.create()?;
        let failed = |source| WriteError::disk("write", &path, source);
        let mut out = BufWriter::with_capacity(BUFFER, sink);
        for pair in pairs {
            write_pair(&mut out, &pair?).map_err(failed)?;
        }
        out.flush().map_err(failed)?;
        drop(out);
        Ok(run)
    }
}

impl Room {
    /// A new run with what writes to it, and the path by which errors name it.
    fn create(&self) -> Result<(SortedRun, PathBuf, Box<dyn Write>), WriteError> {
        match self {
            Self::Corpus(scratch) => {
                let path = scratch.name("run");
                let sink = scratch.disk().create(&path);
                let sink = sink.map_err(|source| WriteError::disk("write", &path, source))?;
                Ok((SortedRun::Named(path.clone()), path, Box::new(sink)))
            }
            Self::System => {
                let path = std::env::temp_dir();
                let file = tempfile::tempfile().and_then(|file| Ok((file.try_clone()?, file)));
                let (run, sink) =
                    file.map_err(|source| WriteError::disk("write", &path, source))?;
                Ok((SortedRun::Nameless(run), path, Box::new(sink)))
            }
        }
    }

    fn remove(&self, run: SortedRun) -> Result<(), WriteError> {
        match (self, run) {
            (Self::Corpus(scratch), SortedRun::Named(path)) => scratch.remove_file(&path),
            // It is gone when it is closed.
            (_, SortedRun::Nameless(_)) | (Self::System, SortedRun::Named(_)) => Ok(()),
        }
    }
}

impl Iterator for Sorted {
    type Item = Result<Pair, WriteError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.merge.next()
    }
}

impl Drop for Sorted {
    fn drop(&mut self) {
        // What stays is removed with the folder it lies in.
        for run in self.runs.drain(..) {
            let _ = self.room.remove(run);
        }
    }
}

struct Merge {
    sources: Vec<Source>,
    heads: BinaryHeap<Reverse<(Begun, usize)>>,
}

enum Source {
    Memory {
        pairs: std::vec::IntoIter<Pair>,
        /// What the line of the last head has behind its beginning.
        rest: Vec<u8>,
    },
    Run {
        path: PathBuf,
        file: BufReader<File>,
    },
}

/// A pair of which only the first bytes of the line are there.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Begun {
    key: String,
    begin: Vec<u8>,
    rest: Option<Rest>,
}

impl Merge {
    fn new(sources: Vec<Source>) -> Result<Self, WriteError> {
        let mut merge = Self {
            heads: BinaryHeap::with_capacity(sources.len()),
            sources,
        };
        for source in 0..merge.sources.len() {
            merge.advance(source)?;
        }
        Ok(merge)
    }

    /// Puts the next head of a source among the heads.
    fn advance(&mut self, source: usize) -> Result<(), WriteError> {
        if let Some(from) = self.sources.get_mut(source)
            && let Some(head) = from.head()?
        {
            self.heads.push(Reverse((head, source)));
        }
        Ok(())
    }

    /// The pair of a head that was taken, after which its source goes on.
    fn pair(&mut self, head: Begun, source: usize) -> Result<Pair, WriteError> {
        let Begun {
            key,
            begin: mut line,
            rest,
        } = head;
        if let (Some(rest), Some(from)) = (rest, self.sources.get_mut(source)) {
            from.complete(&mut line, rest)?;
        }
        self.advance(source)?;
        Ok(Pair { key, line })
    }
}

impl Iterator for Merge {
    type Item = Result<Pair, WriteError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((head, source)) = self.heads.pop()?;
        let pair = self.pair(head, source);
        if pair.is_err() {
            self.heads.clear();
        }
        Some(pair)
    }
}

impl Source {
    /// A run from its beginning.
    fn run(run: &SortedRun) -> Result<Self, WriteError> {
        let (path, file) = match run {
            SortedRun::Named(path) => (path.clone(), open::plain_file(path)),
            SortedRun::Nameless(file) => {
                let file = file.try_clone().and_then(|mut file| {
                    file.rewind()?;
                    Ok(file)
                });
                (std::env::temp_dir(), file)
            }
        };
        let file = file.map_err(|source| WriteError::disk("read", &path, source))?;
        Ok(Self::Run {
            path,
            file: BufReader::with_capacity(BUFFER, file),
        })
    }

    /// The beginning of the next pair.
    fn head(&mut self) -> Result<Option<Begun>, WriteError> {
        match self {
            Self::Memory { pairs, rest } => Ok(pairs.next().map(|mut pair| {
                let head = pair.rest();
                *rest = pair.line.split_off(pair.begin().len());
                Begun {
                    key: pair.key,
                    begin: pair.line,
                    rest: head,
                }
            })),
            Self::Run { path, file } => {
                read_head(file).map_err(|source| WriteError::disk("read", path, source))
            }
        }
    }

    /// Adds to a line what it has behind its beginning.
    fn complete(&mut self, line: &mut Vec<u8>, rest: Rest) -> Result<(), WriteError> {
        match self {
            Self::Memory { rest, .. } => line.append(rest),
            Self::Run { path, file } => read_bytes(file, rest.bytes, line)
                .map_err(|source| WriteError::disk("read", path, source))?,
        }
        Ok(())
    }
}

/// A run is keys and lines in turn, each its length in eight bytes, little-endian, and its bytes. Behind the length of a
/// long line is the digest of what is behind its beginning.
fn write_pair(out: &mut impl Write, pair: &Pair) -> io::Result<()> {
    let Pair { key, line } = pair;
    out.write_all(&wide(key.len()).to_le_bytes())?;
    out.write_all(key.as_bytes())?;
    out.write_all(&wide(line.len()).to_le_bytes())?;
    if let Some(rest) = pair.rest() {
        out.write_all(&rest.digest)?;
    }
    out.write_all(line)
}

fn read_head(file: &mut BufReader<File>) -> io::Result<Option<Begun>> {
    if file.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let (mut key, mut begin) = (Vec::new(), Vec::new());
    let length = read_length(file)?;
    read_bytes(file, length, &mut key)?;
    let length = read_length(file)?;
    let rest = match length.checked_sub(wide(LONG)) {
        None | Some(0) => None,
        Some(bytes) => {
            let mut digest = [0; 32];
            file.read_exact(&mut digest)?;
            Some(Rest { bytes, digest })
        }
    };
    read_bytes(file, length.min(wide(LONG)), &mut begin)?;
    let key = String::from_utf8(key).map_err(io::Error::other)?;
    Ok(Some(Begun { key, begin, rest }))
}

fn read_length(file: &mut BufReader<File>) -> io::Result<u64> {
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    Ok(u64::from_le_bytes(length))
}

/// Reads so many bytes behind those that `into` holds.
fn read_bytes(file: &mut BufReader<File>, length: u64, into: &mut Vec<u8>) -> io::Result<()> {
    into.reserve_exact(pool::room(usize::try_from(length).unwrap_or(0)));
    let read = file.take(length).read_to_end(into)?;
    if wide(read) == length {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
