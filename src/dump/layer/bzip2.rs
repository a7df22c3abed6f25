//! `bzip2`: the format of bzip2 1.0, one stream or more, back to back.
//!
//! The format has no published specification; its one implementation is the measure. Checksums of
//! blocks and streams are verified; what the decoder says of them is [`Cause::Data`].

use bzip2::{Decompress, Error, Status};

use super::decode::{Codec, Fault, Step};
use super::{Cause, narrow};

/// The codec.
pub(super) struct Bzip2 {
    /// The stream that has begun.
    stream: Option<Decompress>,
    /// Whether a stream has ended.
    any: bool,
}

impl Bzip2 {
    pub(super) fn new() -> Self {
        Self {
            stream: None,
            any: false,
        }
    }
}

impl Codec for Bzip2 {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.stream.is_none() && input.is_empty() {
            return Ok(Step::default());
        }
        let stream = self.stream.get_or_insert_with(|| Decompress::new(false));
        let before = (stream.total_in(), stream.total_out());
        let result = stream.decompress(input, output);
        let step = Step {
            taken: narrow(stream.total_in().saturating_sub(before.0)),
            given: narrow(stream.total_out().saturating_sub(before.1)),
        };
        let cause = match result {
            Ok(Status::StreamEnd) => {
                self.stream = None;
                self.any = true;
                return Ok(step);
            }
            Ok(Status::MemNeeded) => Cause::Memory,
            Ok(_) => return Ok(step),
            Err(Error::DataMagic) if self.any => Cause::Trailing,
            Err(Error::DataMagic) => Cause::Magic,
            Err(_) => Cause::Data,
        };
        Err(Fault { step, cause })
    }

    fn end(&mut self) -> Result<(), Cause> {
        let between = self.stream.is_none();
        (self.any && between).then_some(()).ok_or(Cause::Truncated)
    }
}
