//! Lines of traces, which share the chunks that they were read in.

use std::ops::Range;
use std::sync::Arc;

use crate::check::line::findings::At;
use crate::corpus::{Chunk, Chunks, LineRef, ReadError};

/// One line of traces, in the chunk that it was read in.
#[derive(Debug, Clone)]
pub(crate) struct SharedLine {
    chunk: Arc<Chunk>,
    range: Range<usize>,
    pub(crate) number: u64,
    pub(crate) ended: bool,
}

impl SharedLine {
    pub(crate) fn at(&self) -> At<'_> {
        let start = u64::try_from(self.range.start).unwrap_or(u64::MAX);
        At {
            file: &self.chunk.file,
            line: self.number,
            offset: self.chunk.offset + start,
        }
    }

    /// The same without the rest of its chunk.
    pub(crate) fn alone(&self) -> Self {
        let chunk = Chunk {
            file: Arc::clone(&self.chunk.file),
            source: self.chunk.source,
            line: self.number,
            offset: self.at().offset,
            bytes: self.bytes().to_vec(),
        };
        Self {
            range: 0..chunk.bytes.len(),
            chunk: Arc::new(chunk),
            number: self.number,
            ended: self.ended,
        }
    }

    /// The file that it is in.
    pub(crate) fn file(&self) -> &Arc<str> {
        &self.chunk.file
    }

    /// The place of that file among those of traces.
    pub(crate) fn source(&self) -> usize {
        self.chunk.source
    }

    pub(crate) fn as_ref(&self) -> LineRef<'_> {
        LineRef {
            number: self.number,
            offset: self.at().offset,
            bytes: self.bytes(),
            ended: self.ended,
        }
    }

    /// Its bytes without the U+000A at its end.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.chunk.bytes.get(self.range.clone()).unwrap_or_default()
    }
}

/// The lines of files, each sharing its chunk with the others.
pub(crate) struct TraceLines {
    chunks: Chunks,
    /// The chunk that is being given, the number of its next line and where that begins.
    current: Option<(Arc<Chunk>, u64, usize)>,
}

impl TraceLines {
    pub(crate) fn new(chunks: Chunks) -> Self {
        Self {
            chunks,
            current: None,
        }
    }
}

impl Iterator for TraceLines {
    type Item = Result<SharedLine, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((chunk, number, start)) = &mut self.current
                && let Some(rest) = chunk.bytes.get(*start..).filter(|rest| !rest.is_empty())
            {
                let length = memchr::memchr(b'\n', rest);
                let end = *start + length.unwrap_or(rest.len());
                let line = SharedLine {
                    chunk: Arc::clone(chunk),
                    range: *start..end,
                    number: *number,
                    ended: length.is_some(),
                };
                *number += 1;
                *start = end + 1;
                return Some(Ok(line));
            }
            self.current = None;
            match self.chunks.next()? {
                Err(error) => return Some(Err(error)),
                Ok(chunk) => {
                    let first = chunk.line;
                    self.current = Some((Arc::new(chunk), first, 0));
                }
            }
        }
    }
}
