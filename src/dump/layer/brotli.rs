//! `brotli`: RFC 7932, one stream from the first byte to the last.
//!
//! The format has no checksum. Windows are those of the RFC, at most 16 MiB; "large window" streams
//! and shared dictionaries are not part of it. Unused bits of the last byte are zero.

use brotli_decompressor::{
    BrotliDecoderParameter, BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc,
};

use super::Cause;
use super::decode::{Codec, Fault, Step};

/// How many bytes the decoder gets at once. It loses what it made of them where one is damaged.
const PIECE: usize = 256;

/// The codec.
pub(super) struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    ended: bool,
}

impl Brotli {
    pub(super) fn new() -> Self {
        let alloc = StandardAlloc::default;
        let mut state = Box::new(BrotliState::new(alloc(), alloc(), alloc()));
        state.set_parameter(BrotliDecoderParameter::BROTLI_DECODER_PARAM_LARGE_WINDOW, 0);
        Self {
            state,
            ended: false,
        }
    }
}

impl Codec for Brotli {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.ended {
            return match input {
                [] => Ok(Step::default()),
                _ => Err(Cause::Trailing.behind(0)),
            };
        }
        let mut left = input.len().min(PIECE);
        let mut room = output.len();
        let mut step = Step::default();
        let result = BrotliDecompressStream(
            &mut left,
            &mut step.taken,
            input,
            &mut room,
            &mut step.given,
            output,
            &mut 0,
            &mut self.state,
        );
        match result {
            BrotliResult::ResultFailure => Err(Fault {
                step,
                cause: Cause::Data,
            }),
            BrotliResult::ResultSuccess => {
                self.ended = true;
                Ok(step)
            }
            BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Ok(step),
        }
    }

    fn end(&mut self) -> Result<(), Cause> {
        self.ended.then_some(()).ok_or(Cause::Truncated)
    }
}
