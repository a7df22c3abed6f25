//! Pairs of key and line put in order in bounded memory: an external merge sort.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::Disk;
use super::error::WriteError;
use super::scratch::Scratch;
use crate::open;

/// How many bytes are sorted in memory before they are spilled.
const IN_MEMORY: usize = 16 << 20;
/// How many runs are merged at once.
const FAN_IN: usize = 64;
/// What a pair costs beside its bytes.
const OVERHEAD: usize = 64;
/// The size of the buffer of a run.
const BUFFER: usize = 64 << 10;

/// Takes pairs in any order and gives them in order: by key, then by line, both by their bytes. So
/// what comes out does not depend on the order in which it went in, equal keys included.
///
/// Beyond 16 MiB it spills sorted runs to the corpus's folder for temporary files. Equal pairs all
/// come out; what equal keys mean is for the caller to say.
pub struct Sorter {
    scratch: Arc<Scratch>,
    limit: usize,
    held: usize,
    pairs: Vec<Pair>,
    /// Runs by level: a run of level n is merged from [`FAN_IN`] runs of level n − 1.
    runs: Vec<Vec<PathBuf>>,
}

/// The pairs of a [`Sorter`] in order.
pub struct Sorted {
    scratch: Arc<Scratch>,
    merge: Merge,
    /// The runs, which are of no use afterwards.
    runs: Vec<PathBuf>,
}

/// A key and a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// What it is sorted by.
    pub key: String,
    /// What it carries.
    pub line: Vec<u8>,
}

impl Sorter {
    pub(super) fn new(scratch: Arc<Scratch>) -> Self {
        Self::with_limit(scratch, IN_MEMORY)
    }

    pub(super) fn with_limit(scratch: Arc<Scratch>, limit: usize) -> Self {
        Self {
            scratch,
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
        self.pairs.sort_unstable();
        while self.runs.iter().map(Vec::len).sum::<usize>() > FAN_IN {
            let lowest: Vec<PathBuf> = self.runs.iter_mut().flat_map(std::mem::take).collect();
            let (now, later) = lowest.split_at(FAN_IN.min(lowest.len()));
            let merged = self.merge(now)?;
            self.runs = vec![later.to_vec(), vec![merged]];
        }
        let runs: Vec<PathBuf> = self.runs.into_iter().flatten().collect();
        let mut sources = vec![Source::Memory(self.pairs.into_iter())];
        for run in &runs {
            sources.push(Source::run(run)?);
        }
        Ok(Sorted {
            merge: Merge::new(sources)?,
            scratch: self.scratch,
            runs,
        })
    }

    fn spill(&mut self) -> Result<(), WriteError> {
        self.held = 0;
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.sort_unstable();
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
            run = self.merge(&full)?;
            level += 1;
        }
    }

    fn merge(&self, runs: &[PathBuf]) -> Result<PathBuf, WriteError> {
        let sources: Result<Vec<Source>, WriteError> =
            runs.iter().map(|run| Source::run(run)).collect();
        let merged = self.write_run(Merge::new(sources?)?)?;
        for run in runs {
            remove(self.scratch.disk(), run)?;
        }
        Ok(merged)
    }

    fn write_run(
        &self,
        pairs: impl Iterator<Item = Result<Pair, WriteError>>,
    ) -> Result<PathBuf, WriteError> {
        let path = self.scratch.name("run");
        let failed = |source| WriteError::disk("write", &path, source);
        let sink = self.scratch.disk().create(&path).map_err(failed)?;
        let mut out = BufWriter::with_capacity(BUFFER, sink);
        for pair in pairs {
            let Pair { key, line } = pair?;
            write_bytes(&mut out, key.as_bytes()).map_err(failed)?;
            write_bytes(&mut out, &line).map_err(failed)?;
        }
        out.flush().map_err(failed)?;
        Ok(path)
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
        for run in &self.runs {
            let _ = remove(self.scratch.disk(), run);
        }
    }
}

struct Merge {
    sources: Vec<Source>,
    heads: BinaryHeap<Reverse<Head>>,
}

enum Source {
    Memory(std::vec::IntoIter<Pair>),
    Run {
        path: PathBuf,
        file: BufReader<File>,
    },
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    pair: Pair,
    source: usize,
}

impl Merge {
    fn new(mut sources: Vec<Source>) -> Result<Self, WriteError> {
        let mut heads = BinaryHeap::with_capacity(sources.len());
        for (source, from) in sources.iter_mut().enumerate() {
            if let Some(pair) = from.next()? {
                heads.push(Reverse(Head { pair, source }));
            }
        }
        Ok(Self { sources, heads })
    }
}

impl Iterator for Merge {
    type Item = Result<Pair, WriteError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse(Head { pair, source }) = self.heads.pop()?;
        match self.sources.get_mut(source).map(Source::next) {
            Some(Ok(Some(pair))) => self.heads.push(Reverse(Head { pair, source })),
            Some(Ok(None)) | None => {}
            Some(Err(error)) => {
                self.heads.clear();
                return Some(Err(error));
            }
        }
        Some(Ok(pair))
    }
}

impl Source {
    fn run(path: &Path) -> Result<Self, WriteError> {
        let file =
            open::plain_file(path).map_err(|source| WriteError::disk("read", path, source))?;
        Ok(Self::Run {
            path: path.to_path_buf(),
            file: BufReader::with_capacity(BUFFER, file),
        })
    }

    fn next(&mut self) -> Result<Option<Pair>, WriteError> {
        match self {
            Self::Memory(pairs) => Ok(pairs.next()),
            Self::Run { path, file } => {
                read_pair(file).map_err(|source| WriteError::disk("read", path, source))
            }
        }
    }
}

fn remove(disk: &dyn Disk, path: &Path) -> Result<(), WriteError> {
    disk.remove_file(path)
        .map_err(|source| WriteError::disk("remove", path, source))
}

/// A run is keys and lines in turn, each its length in eight bytes, little-endian, and its bytes.
fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u64::try_from(bytes.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

fn read_pair(file: &mut BufReader<File>) -> io::Result<Option<Pair>> {
    let Some(key) = read_bytes(file)? else {
        return Ok(None);
    };
    let key = String::from_utf8(key).map_err(io::Error::other)?;
    let line = read_bytes(file)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Some(Pair { key, line }))
}

fn read_bytes(file: &mut BufReader<File>) -> io::Result<Option<Vec<u8>>> {
    if file.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut bytes = Vec::new();
    let read = file.take(length).read_to_end(&mut bytes)?;
    if u64::try_from(read).ok() == Some(length) {
        Ok(Some(bytes))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
