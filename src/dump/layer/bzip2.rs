//! `bzip2`: the format of bzip2 1.0, one stream or more, back to back.
//!
//! The format has no published specification; its one implementation is the measure. Checksums of
//! blocks and streams are verified; what the decoder says of them is [`Cause::Data`].

use bzip2::{Decompress, Error, Status};

use super::decode::{BUFFER, Codec, Fault, Step};
use super::{Cause, narrow};

/// The codec.
///
/// The decoder does not count what it gave last before damage. How much that is depends on the buffer it
/// writes to, which is one of this codec for that reason and not the reader's.
pub(super) struct Bzip2 {
    /// The stream that has begun.
    stream: Option<Decompress>,
    /// Whether a stream has ended.
    any: bool,
    /// What was decoded: `[start, end)` of the buffer is not given yet.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Why nothing follows it.
    fault: Option<Cause>,
}

impl Bzip2 {
    pub(super) fn new() -> Self {
        Self {
            stream: None,
            any: false,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            fault: None,
        }
    }

    /// Decodes into the empty buffer; how many bytes of the input that took.
    fn decode(&mut self, input: &[u8]) -> usize {
        if self.stream.is_none() && input.is_empty() {
            return 0;
        }
        let stream = self.stream.get_or_insert_with(|| Decompress::new(false));
        let before = (stream.total_in(), stream.total_out());
        let result = stream.decompress(input, &mut self.buffer);
        let taken = stream.total_in().saturating_sub(before.0);
        self.start = 0;
        self.end = narrow(stream.total_out().saturating_sub(before.1));
        match result {
            Ok(Status::StreamEnd) => {
                self.stream = None;
                self.any = true;
            }
            Ok(Status::MemNeeded) => self.fault = Some(Cause::Memory),
            Ok(_) => {}
            Err(Error::DataMagic) if self.any => self.fault = Some(Cause::Trailing),
            Err(Error::DataMagic) => self.fault = Some(Cause::Magic),
            Err(_) => self.fault = Some(Cause::Data),
        }
        narrow(taken)
    }
}

impl Codec for Bzip2 {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let taken = if self.start == self.end && self.fault.is_none() {
            self.decode(input)
        } else {
            0
        };
        let held = self.buffer.get(self.start..self.end).unwrap_or_default();
        let given = held.len().min(output.len());
        let room = output.get_mut(..given).unwrap_or_default();
        room.copy_from_slice(held.get(..given).unwrap_or_default());
        self.start += given;
        let step = Step { taken, given };
        match self.fault.filter(|_| self.start == self.end) {
            Some(cause) => Err(Fault { step, cause }),
            None => Ok(step),
        }
    }

    fn end(&mut self) -> Result<(), Cause> {
        let between = self.stream.is_none();
        (self.any && between).then_some(()).ok_or(Cause::Truncated)
    }
}
