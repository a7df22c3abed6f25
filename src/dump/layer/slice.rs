//! `slice:START-END`: a range of the bytes that go in.
//!
//! It reads up to its end and no further, so that what lies behind, damaged or huge, is neither decoded
//! nor judged.

use std::io::{self, Read};
use std::ops::Range;

use super::decode::BUFFER;
use super::limits::Meter;
use super::{Cause, LayerError, narrow, wide};

/// A range of what a reader gives.
pub(super) struct Slice<'r> {
    bytes: Box<dyn Read + Send + 'r>,
    range: Range<u64>,
    /// How many bytes were read.
    at: u64,
    /// What comes before the range is read into it; no more than is needed.
    before: Vec<u8>,
    meter: Meter,
    error: LayerError,
    failed: Option<LayerError>,
}

impl<'r> Slice<'r> {
    /// `error` names the layer.
    pub(super) fn new(
        bytes: Box<dyn Read + Send + 'r>,
        range: Range<u64>,
        error: LayerError,
        meter: Meter,
    ) -> Self {
        let before = vec![0; narrow(range.start).min(BUFFER)];
        Self {
            bytes,
            range,
            at: 0,
            before,
            meter,
            error,
            failed: None,
        }
    }

    /// Goes to the start of the range.
    fn skip(&mut self) -> io::Result<()> {
        while self.at < self.range.start {
            let left = narrow(self.range.start.saturating_sub(self.at));
            let room = left.min(self.before.len());
            let room = self.before.get_mut(..room).unwrap_or_default();
            let count = self.bytes.read(room)?;
            self.pass(count)?;
        }
        Ok(())
    }

    /// Counts bytes that were read; none is the end of the input, which is too early.
    fn pass(&mut self, count: usize) -> io::Result<()> {
        self.at = self.at.saturating_add(wide(count));
        if count == 0 {
            return self.fail(Cause::Truncated);
        }
        Ok(())
    }

    fn fail(&mut self, cause: Cause) -> io::Result<()> {
        let error = self.error.with(self.at, cause);
        self.failed = Some(error.clone());
        Err(error.into())
    }
}

impl Read for Slice<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = &self.failed {
            return Err(error.clone().into());
        }
        if buf.is_empty() || self.at >= self.range.end {
            return Ok(0);
        }
        self.skip()?;
        let left = narrow(self.range.end.saturating_sub(self.at));
        let room = left.min(buf.len());
        let count = self.bytes.read(buf.get_mut(..room).unwrap_or_default())?;
        self.pass(count)?;
        if let Err(cause) = self.meter.give(count) {
            self.fail(cause)?;
        }
        Ok(count)
    }
}
