//! The reader around a codec: it feeds the codec, knows where in the input it is, and gives the bytes
//! before an error first.

use std::io::{self, Read};

use super::limits::Meter;
use super::{Cause, LayerError, wide};

/// How many bytes of its input a layer holds.
pub(super) const BUFFER: usize = 32 << 10;

/// A strict decoder that is fed by hand.
pub(super) trait Codec: Send {
    /// Reads from `input`, writes to `output`, and says how much of either.
    ///
    /// Without input it gives what it still holds. With input it takes or gives at least one byte.
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault>;

    /// Whether the data may end here. The input has, and a step without input gave nothing.
    fn end(&mut self) -> Result<(), Cause>;
}

/// How much a step of a codec took and gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Step {
    /// Bytes of the input.
    pub(super) taken: usize,
    /// Bytes of the output.
    pub(super) given: usize,
}

/// Why a codec goes no further. What it gave before is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// Up to where.
    pub(super) step: Step,
    /// Why.
    pub(super) cause: Cause,
}

/// What a codec makes of a reader.
pub(super) struct Decode<'r> {
    bytes: Box<dyn Read + Send + 'r>,
    codec: Box<dyn Codec>,
    held: Held,
    /// How many bytes of the input the codec has taken.
    at: u64,
    meter: Meter,
    state: State,
    error: LayerError,
}

/// Bytes that were read and not yet taken: `[start, end)` of the buffer.
struct Held {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Why no more could be read behind them.
    error: Option<io::Error>,
}

#[derive(Debug, Clone)]
enum State {
    Open,
    Ended,
    Failed(LayerError),
}

impl Step {
    /// A step that took bytes and gave none.
    pub(super) fn took(taken: usize) -> Self {
        Self { taken, given: 0 }
    }
}

impl Cause {
    /// The fault of a codec that took this many good bytes in this step and gave none.
    pub(super) fn behind(self, taken: usize) -> Fault {
        Fault {
            step: Step::took(taken),
            cause: self,
        }
    }
}

impl<'r> Decode<'r> {
    /// `error` names the layer.
    pub(super) fn new(
        bytes: Box<dyn Read + Send + 'r>,
        codec: Box<dyn Codec>,
        error: LayerError,
        meter: Meter,
    ) -> Self {
        Self {
            bytes,
            codec,
            held: Held {
                buffer: vec![0; BUFFER],
                start: 0,
                end: 0,
                error: None,
            },
            at: 0,
            meter,
            state: State::Open,
            error,
        }
    }

    /// One step of the codec: how much it gave, or nothing if it took something or needs more.
    fn step(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let input = self.held.bytes();
        let hungry = input.is_empty();
        let stepped = self.codec.step(input, buf);
        let (step, fault) = match stepped {
            Ok(step) if step == Step::default() && !hungry => (step, Some(Cause::Data)),
            Ok(step) => (step, None),
            Err(fault) => (fault.step, Some(fault.cause)),
        };
        self.held.start = self.held.start.saturating_add(step.taken);
        self.at = self.at.saturating_add(wide(step.taken));
        let over = self.meter.give(step.given).err();
        if let Some(cause) = over.or(fault) {
            self.state = State::Failed(self.error.with(self.at, cause));
        }
        if over.is_some() {
            return Ok(0);
        }
        if step == Step::default() && fault.is_none() {
            self.fill()?;
        }
        Ok(step.given)
    }

    /// Reads more of the input, and ends with it.
    fn fill(&mut self) -> io::Result<()> {
        if self.held.fill(&mut self.bytes)? == 0 {
            self.state = match self.codec.end() {
                Ok(()) => State::Ended,
                Err(cause) => State::Failed(self.error.with(self.at, cause)),
            };
        }
        Ok(())
    }
}

impl Read for Decode<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            match &self.state {
                State::Open => {}
                State::Ended => return Ok(0),
                State::Failed(error) => return Err(error.clone().into()),
            }
            let given = self.step(buf)?;
            if given > 0 {
                return Ok(given);
            }
        }
    }
}

impl Held {
    fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads where nothing is held, until the buffer is full; 0 at the end.
    ///
    /// How much of a damaged block comes out depends on how much of it a codec sees at once, so that must not
    /// depend on how much a reader gives at once.
    fn fill(&mut self, bytes: &mut dyn Read) -> io::Result<usize> {
        self.start = 0;
        self.end = 0;
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        while let Some(rest) = self
            .buffer
            .get_mut(self.end..)
            .filter(|rest| !rest.is_empty())
        {
            match bytes.read(rest) {
                Ok(0) => break,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if self.end == 0 => return Err(error),
                Err(error) => {
                    self.error = Some(error);
                    break;
                }
            }
        }
        Ok(self.end)
    }
}

/// Moves bytes of `input` to `held` until that has `want`; how many.
pub(super) fn gather(held: &mut Vec<u8>, want: usize, input: &[u8]) -> usize {
    let count = want.saturating_sub(held.len()).min(input.len());
    held.extend_from_slice(input.get(..count).unwrap_or_default());
    count
}

/// The number of a field of up to eight bytes, the lowest first.
pub(super) fn little_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, &byte| number << 8 | u64::from(byte))
}
