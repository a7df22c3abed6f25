//! `deflate`: RFC 1951, from the first byte to the last, without a header of zlib or gzip.
//!
//! The format has no checksum. Bits of the last byte behind the last block are not looked at.

use flate2::{Decompress, FlushDecompress, Status};

use super::Cause;
use super::decode::{Codec, Fault, Step};
use super::narrow;

/// A stream of blocks.
pub(super) struct Inflate {
    inner: Decompress,
    /// Whether the last block has ended.
    pub(super) ended: bool,
}

/// The codec: one stream and nothing behind it.
pub(super) struct Deflate(Inflate);

impl Inflate {
    pub(super) fn new() -> Self {
        Self {
            inner: Decompress::new(false),
            ended: false,
        }
    }

    /// Another stream.
    pub(super) fn reset(&mut self) {
        self.inner.reset(false);
        self.ended = false;
    }

    /// Decodes until the stream ends.
    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let before = (self.inner.total_in(), self.inner.total_out());
        let result = self.inner.decompress(input, output, FlushDecompress::None);
        let step = Step {
            taken: narrow(self.inner.total_in().saturating_sub(before.0)),
            given: narrow(self.inner.total_out().saturating_sub(before.1)),
        };
        match result {
            Ok(status) => {
                self.ended = status == Status::StreamEnd;
                Ok(step)
            }
            Err(_) => Err(Fault {
                step,
                cause: Cause::Data,
            }),
        }
    }
}

impl Deflate {
    pub(super) fn new() -> Self {
        Self(Inflate::new())
    }
}

impl Codec for Deflate {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if !self.0.ended {
            return self.0.step(input, output);
        }
        match input {
            [] => Ok(Step::default()),
            _ => Err(Cause::Trailing.behind(0)),
        }
    }

    fn end(&mut self) -> Result<(), Cause> {
        self.0.ended.then_some(()).ok_or(Cause::Truncated)
    }
}
