//! The lines of several shards in the order of their ids, where only each shard is in order by itself.
//!
//! Shards are cut into runs of lines that come before every line of the others. Where shards do not
//! overlap a run is a whole chunk, and of a chunk only its first and last id are looked at.
//!
//! Memory is bounded by the shards that are open at a time. A shard is opened when its first id is
//! due; where too many overlap, some are merged into a temporary file without a name, and read from
//! there.

mod sorted;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Seek as _};
use std::sync::Arc;

use super::Container;
use super::lines::{Chunk, Limits, MAX_LINE, ReadError, Reading, Source};
use crate::json::Tape;
use crate::record::Id;

/// About how many bytes are read of a shard at once.
const CHUNK: usize = 256 << 10;
/// How much may be open at a time: a shard in Zstandard, which has a window of some megabytes,
/// counts [`ZST_WEIGHT`], any other file 1.
const BUDGET: usize = 64;
const ZST_WEIGHT: usize = 4;
/// How much of a shard is read at once, and how long a line may be.
const LIMITS: Limits = Limits {
    chunk: CHUNK,
    line: MAX_LINE,
};
/// How errors call the file that shards are merged into.
const TEMPORARY: &str = "temporary file";

/// The lines of sources, each of which is in order of its ids, in the order of all ids; lines of one
/// id come in the order of the sources.
///
/// A line without an id, and one that is out of order in its source, is given when it is met.
pub(super) struct Merged {
    /// Not yet opened, the one with the smallest first id last.
    pending: Vec<Pending>,
    open: Vec<Cursor>,
    /// The next id of each of `open`, but for `due`.
    heads: BinaryHeap<Reverse<Head>>,
    /// The source of what was given last, which is read on when more is asked for: two long lines need not be in memory
    /// at once. Its next id, where that is known.
    due: Option<(usize, Option<String>)>,
    errors: VecDeque<ReadError>,
    /// How the sources are called.
    names: Vec<Arc<str>>,
    budget: usize,
    limits: Limits,
    spare: Vec<Vec<u8>>,
}

struct Pending {
    head: Head,
    source: Source,
}

/// What sources are ordered by: the next id, then their own order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    id: String,
    source: usize,
    /// Which of [`Merged::open`] it is of.
    cursor: usize,
}

/// A source being read.
struct Cursor {
    stream: Stream,
    weight: usize,
    /// What was read and is not given yet.
    chunk: Option<Ahead>,
}

enum Stream {
    Source(Box<Reading>),
    Merged(BufReader<File>),
    /// Read to its end.
    End,
}

/// A chunk, given up to a line.
struct Ahead {
    chunk: Chunk,
    /// Where the rest begins.
    at: usize,
    /// The last id in it; none where no line of it has an id.
    last: Option<String>,
}

impl Merged {
    pub(super) fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self::within(sources, LIMITS, BUDGET)
    }

    pub(super) fn within(
        sources: impl IntoIterator<Item = Source>,
        limits: Limits,
        budget: usize,
    ) -> Self {
        let sources: Vec<Source> = sources.into_iter().collect();
        let names = sources.iter().map(|source| Arc::clone(&source.file));
        let names = names.collect();
        Self::of(
            sources.into_iter().enumerate().collect(),
            names,
            limits,
            budget,
        )
    }

    /// Of numbered sources, which are called `names` by number.
    fn of(
        sources: Vec<(usize, Source)>,
        names: Vec<Arc<str>>,
        limits: Limits,
        budget: usize,
    ) -> Self {
        let alone = names.len() == 1;
        let pending = sources.into_iter().map(|(number, source)| {
            let id = if alone {
                String::new()
            } else {
                first_id(&source, number, limits)
            };
            let head = Head {
                id,
                source: number,
                cursor: 0,
            };
            Pending { head, source }
        });
        let mut pending: Vec<Pending> = pending.collect();
        pending.sort_by(|one, two| two.head.cmp(&one.head));
        Self {
            pending,
            open: Vec::new(),
            heads: BinaryHeap::new(),
            due: None,
            errors: VecDeque::new(),
            names,
            budget,
            limits,
            spare: Vec::new(),
        }
    }

    /// The same of sources whose lines need not be in order: those are sorted first, which takes time
    /// and room for temporary files.
    pub(super) fn sorted(sources: impl IntoIterator<Item = Source>) -> Self {
        let (limits, budget) = (LIMITS, BUDGET);
        let sources: Vec<Source> = sources.into_iter().collect();
        let names = sources.iter().map(|source| Arc::clone(&source.file));
        let names: Vec<Arc<str>> = names.collect();
        let numbered = sources.into_iter().enumerate();
        let (ordered, others): (Vec<_>, Vec<_>) =
            numbered.partition(|(_, source)| sorted::is_ordered(source, limits));
        let mut merged = Self::of(ordered, names, limits, budget);
        for (number, source) in others {
            let runs = sorted::runs(source, number, limits, &mut merged.errors);
            match runs {
                Ok(runs) => {
                    for run in runs {
                        if merged.open.len() >= budget {
                            merged.spill();
                        }
                        merged.add(Stream::Merged(run), 1);
                    }
                }
                Err(source) => merged.errors.push_back(temporary(source)),
            }
        }
        merged
    }

    /// Takes back the memory of a chunk.
    pub(super) fn recycle(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.spare.push(bytes);
    }

    /// Opens what is due: every source whose first id is not behind the next one.
    fn open_due(&mut self) {
        while let Some(pending) = self.pending.last() {
            let next = self.heads.peek().map(|Reverse(head)| head);
            if next.is_some_and(|next| {
                (&next.id, next.source) < (&pending.head.id, pending.head.source)
            }) {
                return;
            }
            let weight = weight(pending.source.container);
            let open: usize = self.open.iter().map(|cursor| cursor.weight).sum();
            if open > 0 && open + weight > self.budget {
                self.spill();
            }
            let Some(Pending { head, source }) = self.pending.pop() else {
                return;
            };
            match Reading::open(source, head.source) {
                Ok(reading) => self.add(Stream::Source(Box::new(reading)), weight),
                Err(error) => self.errors.push_back(error),
            }
        }
    }

    fn add(&mut self, stream: Stream, weight: usize) {
        let cursor = Cursor {
            stream,
            weight,
            chunk: None,
        };
        // A place that is done with is taken again.
        let free = self
            .open
            .iter()
            .position(|cursor| matches!(cursor.stream, Stream::End) && cursor.chunk.is_none());
        let at = if let Some(at) = free {
            if let Some(place) = self.open.get_mut(at) {
                *place = cursor;
            }
            at
        } else {
            self.open.push(cursor);
            self.open.len() - 1
        };
        self.advance(at, None);
    }

    /// Puts the next id of a source among the heads; `known` where it was read already.
    fn advance(&mut self, at: usize, known: Option<String>) {
        let Some(cursor) = self.open.get_mut(at) else {
            return;
        };
        if cursor.chunk.is_none() {
            cursor.fill(self.limits, &self.names, &mut self.spare, &mut self.errors);
        }
        let Some(ahead) = &cursor.chunk else {
            cursor.weight = 0;
            return;
        };
        let source = ahead.chunk.source;
        let id = known.unwrap_or_else(|| {
            let first = ahead.lines().next();
            first.and_then(|(_, line)| id_of(line)).unwrap_or_default()
        });
        self.heads.push(Reverse(Head {
            id,
            source,
            cursor: at,
        }));
    }

    /// Merges the open sources that are no temporary files into one that is; where these are too many,
    /// all.
    fn spill(&mut self) {
        let merged = |cursor: &Cursor| matches!(cursor.stream, Stream::Merged(_));
        let all = self.open.iter().filter(|cursor| merged(cursor)).count() >= self.budget / 2;
        let mut sub = Self {
            pending: Vec::new(),
            open: Vec::new(),
            heads: BinaryHeap::new(),
            due: None,
            errors: VecDeque::new(),
            names: self.names.clone(),
            budget: usize::MAX,
            limits: self.limits,
            spare: std::mem::take(&mut self.spare),
        };
        for Reverse(head) in std::mem::take(&mut self.heads) {
            let Some(cursor) = self.open.get_mut(head.cursor) else {
                continue;
            };
            if merged(cursor) && !all {
                self.heads.push(Reverse(head));
                continue;
            }
            let taken = std::mem::replace(
                cursor,
                Cursor {
                    stream: Stream::End,
                    weight: 0,
                    chunk: None,
                },
            );
            sub.heads.push(Reverse(Head {
                cursor: sub.open.len(),
                ..head
            }));
            sub.open.push(taken);
        }
        let written = write_all(&mut sub);
        self.errors.append(&mut sub.errors);
        self.spare = sub.spare;
        match written {
            Ok(file) => self.add(Stream::Merged(file), 1),
            Err(source) => self.errors.push_back(temporary(source)),
        }
    }

    /// Puts the source of what was given last among the heads.
    fn read_on(&mut self) {
        if let Some((at, known)) = self.due.take() {
            self.advance(at, known);
        }
    }

    /// The lines of the source with the smallest id that come before those of all others.
    fn run(&mut self) -> Option<Chunk> {
        self.read_on();
        let Reverse(head) = self.heads.pop()?;
        let next = self.heads.peek().map(|Reverse(head)| head);
        let pending = self.pending.last().map(|pending| &pending.head);
        let bound = match (next, pending) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let cursor = self.open.get_mut(head.cursor)?;
        let ahead = cursor.chunk.as_mut()?;
        let before = |id: &str| {
            bound.is_none_or(|bound| (id, head.source) < (bound.id.as_str(), bound.source))
        };
        let cut = match ahead.last.as_deref() {
            Some(last) if !before(last) => ahead.until(before),
            Some(_) | None => None,
        };
        let (given, known) = match cut {
            Some((end, id)) => (ahead.take(end, &mut self.spare), Some(id)),
            None => (cursor.chunk.take()?.rest(), None),
        };
        self.due = Some((head.cursor, known));
        Some(given)
    }
}

impl Iterator for Merged {
    type Item = Result<Chunk, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_on();
        if self.errors.is_empty() {
            self.open_due();
        }
        if let Some(error) = self.errors.pop_front() {
            return Some(Err(error));
        }
        self.run().map(Ok)
    }
}

impl Cursor {
    /// Reads the next chunk, if there is one.
    fn fill(
        &mut self,
        limits: Limits,
        names: &[Arc<str>],
        spare: &mut Vec<Vec<u8>>,
        errors: &mut VecDeque<ReadError>,
    ) {
        let chunk = loop {
            let next = match &mut self.stream {
                Stream::Source(reading) => reading.next(limits, spare),
                Stream::Merged(file) => {
                    let read = read_run(file, names).transpose();
                    read.map(|read| read.map_err(temporary))
                }
                Stream::End => None,
            };
            match next {
                Some(Ok(chunk)) => break chunk,
                Some(Err(error)) => {
                    errors.push_back(error);
                    if matches!(self.stream, Stream::Merged(_)) {
                        self.stream = Stream::End;
                    }
                }
                None => {
                    self.stream = Stream::End;
                    return;
                }
            }
        };
        let mut rest = chunk.bytes.as_slice();
        let mut last = None;
        // The last line that has an id: mostly the last.
        while last.is_none() && !rest.is_empty() {
            let end = rest.strip_suffix(b"\n").unwrap_or(rest);
            let start = memchr::memrchr(b'\n', end).map_or(0, |at| at + 1);
            last = id_of(end.get(start..).unwrap_or_default());
            rest = rest.get(..start).unwrap_or_default();
        }
        self.chunk = Some(Ahead { chunk, at: 0, last });
    }
}

impl Ahead {
    /// The lines that are not given yet, each with where it begins.
    fn lines(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let mut at = self.at;
        std::iter::from_fn(move || {
            let start = at;
            let rest = self
                .chunk
                .bytes
                .get(start..)
                .filter(|rest| !rest.is_empty())?;
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            at += end + 1;
            Some((start, rest.get(..end)?))
        })
    }

    /// Where the first line behind the next begins that has an id and is not `before`, and that id.
    fn until(&self, before: impl Fn(&str) -> bool) -> Option<(usize, String)> {
        let mut behind = self.lines().skip(1);
        behind.find_map(|(at, line)| {
            let id = id_of(line).filter(|id| !before(id))?;
            Some((at, id))
        })
    }

    /// Takes the lines up to byte `end`.
    fn take(&mut self, end: usize, spare: &mut Vec<Vec<u8>>) -> Chunk {
        let taken = self.chunk.bytes.get(self.at..end).unwrap_or_default();
        let mut bytes = spare.pop().unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(taken);
        let given = Chunk {
            file: Arc::clone(&self.chunk.file),
            source: self.chunk.source,
            line: self.chunk.line,
            offset: self.chunk.offset,
            bytes,
        };
        let lines = memchr::memchr_iter(b'\n', taken).count();
        self.chunk.line += u64::try_from(lines).unwrap_or(u64::MAX);
        self.chunk.offset += u64::try_from(taken.len()).unwrap_or(u64::MAX);
        self.at = end;
        given
    }

    /// All lines that are not given yet.
    fn rest(mut self) -> Chunk {
        self.chunk.bytes.drain(..self.at);
        self.chunk
    }
}

/// What a stored file counts of what may be open.
const fn weight(container: Container) -> usize {
    match container {
        Container::Zst => ZST_WEIGHT,
        Container::Gz | Container::Plain => 1,
    }
}

/// The first id of a source; what cannot be read comes first, to be told.
fn first_id(source: &Source, number: usize, limits: Limits) -> String {
    let first = || {
        let mut reading = Reading::open(source.clone(), number).ok()?;
        let chunk = reading.next(limits, &mut Vec::new())?.ok()?;
        let line = chunk.lines().next()?;
        id_of(line.bytes)
    };
    first().unwrap_or_default()
}

/// The id of a line of a part. It is not parsed where it begins as dateline writes lines.
pub(crate) fn id_of(line: &[u8]) -> Option<String> {
    let record = || {
        let rest = line.strip_prefix(br#"{"format":"dateline/1","type":""#)?;
        let end = rest.iter().position(|b| !b.is_ascii_lowercase())?;
        rest.get(end..)?.strip_prefix(br#"","id":""#)
    };
    let rest = line.strip_prefix(br#"{"id":""#).or_else(record);
    let quick = rest.and_then(|rest| {
        let end = memchr::memchr(b'"', rest)?;
        let id = std::str::from_utf8(rest.get(..end)?).ok()?;
        id.parse::<Id>().is_ok().then(|| id.to_owned())
    });
    quick.or_else(|| {
        let tape = Tape::parse(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
        Some(tape.root().get("id")?.as_str()?.into_owned())
    })
}

fn temporary(source: io::Error) -> ReadError {
    ReadError::Read {
        file: Arc::from(TEMPORARY),
        line: 0,
        source,
    }
}

/// Writes a run: the source, the first line, the offset and the length, eight bytes each, and its
/// bytes.
fn write_run(out: &mut impl io::Write, run: &Chunk) -> io::Result<()> {
    let number = |number: usize| u64::try_from(number).map_err(io::Error::other);
    let head = [
        number(run.source)?,
        run.line,
        run.offset,
        number(run.bytes.len())?,
    ];
    for number in head {
        out.write_all(&number.to_le_bytes())?;
    }
    out.write_all(&run.bytes)
}

/// Writes all runs to a temporary file.
fn write_all(merged: &mut Merged) -> io::Result<BufReader<File>> {
    let mut out = BufWriter::with_capacity(CHUNK, tempfile::tempfile()?);
    while let Some(run) = merged.run() {
        write_run(&mut out, &run)?;
        merged.recycle(run.bytes);
    }
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(BufReader::with_capacity(CHUNK, file))
}

fn read_run(file: &mut BufReader<File>, names: &[Arc<str>]) -> io::Result<Option<Chunk>> {
    if file.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut head = [0; 4];
    for number in &mut head {
        let mut bytes = [0; 8];
        file.read_exact(&mut bytes)?;
        *number = u64::from_le_bytes(bytes);
    }
    let [source, line, offset, length] = head;
    let source = usize::try_from(source).map_err(io::Error::other)?;
    let mut bytes = Vec::new();
    let read = file.take(length).read_to_end(&mut bytes)?;
    if u64::try_from(read).ok() != Some(length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(Chunk {
        file: names.get(source).cloned().unwrap_or_default(),
        source,
        line,
        offset,
        bytes,
    }))
}

#[cfg(test)]
mod tests;
