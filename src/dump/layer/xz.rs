//! `xz`: the .xz file format, version 1.2.1, one stream or more, stream padding as the format has it.
//!
//! Checks may be none, CRC32, CRC64 or SHA-256; they, the checksums of headers, and the index are
//! verified. Filters are LZMA2, and before it at most one of delta and the branch filters; the
//! dictionary has at most 128 MiB. The sizes that a block's header or a footer repeats are not looked
//! at: the index, which is, has them too.

use std::io::ErrorKind;

use lzma_rust2::{Action, Status, XzStream};

use super::decode::{Codec, Fault, Step};
use super::{Cause, WINDOW, narrow};

/// The first bytes of a stream.
pub(super) const MAGIC: [u8; 6] = [0xFD, b'7', b'z', b'X', b'Z', 0];

/// The codec.
pub(super) struct Xz {
    stream: XzStream,
    /// How many bytes of the magic number were seen.
    magic: usize,
}

impl Xz {
    pub(super) fn new() -> Self {
        // The decoder's own state, in KiB, beside the dictionary.
        const STATE: u64 = 64;
        let most = u32::try_from((WINDOW >> 10) + STATE).unwrap_or(u32::MAX);
        Self {
            stream: XzStream::new_mem_limit(true, most),
            magic: 0,
        }
    }

    /// Judges the first bytes before the decoder does, which waits for a whole header.
    fn magic(&mut self, input: &[u8]) -> Result<(), Fault> {
        let left = MAGIC.get(self.magic..).unwrap_or_default();
        for (at, (byte, wanted)) in input.iter().zip(left).enumerate() {
            if byte != wanted {
                return Err(Cause::Magic.behind(at));
            }
        }
        self.magic += left.len().min(input.len());
        Ok(())
    }

    fn run(
        &mut self,
        input: &[u8],
        output: &mut [u8],
        action: Action,
    ) -> Result<(Step, Status), Fault> {
        let before = (self.stream.total_in(), self.stream.total_out());
        let result = self.stream.process(input, output, action);
        let step = Step {
            taken: narrow(self.stream.total_in().saturating_sub(before.0)),
            given: narrow(self.stream.total_out().saturating_sub(before.1)),
        };
        let cause = match result {
            Ok(result) => return Ok((step, result.status)),
            Err(error) if error.kind() == ErrorKind::OutOfMemory => Cause::Window,
            Err(error) if error.kind() == ErrorKind::Unsupported => Cause::Header,
            Err(_) => Cause::Data,
        };
        Err(Fault { step, cause })
    }
}

impl Codec for Xz {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        self.magic(input)?;
        self.run(input, output, Action::Run).map(|(step, _)| step)
    }

    fn end(&mut self) -> Result<(), Cause> {
        match self.run(&[], &mut [], Action::Finish) {
            Ok((_, Status::StreamEnd)) => Ok(()),
            _ => Err(Cause::Truncated),
        }
    }
}
