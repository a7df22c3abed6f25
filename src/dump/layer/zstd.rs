//! `zstd`: RFC 8878, one frame or more, skippable frames among them (section 3.1).
//!
//! Frames are cut into blocks here, and the decoder is given one block at a time: so a damaged block
//! costs none of those before it, an end that comes too early is seen, and a window of more than
//! 128 MiB (section 3.1.1.1.2) or a dictionary is named. The checksum is verified where a frame has
//! one. At least one frame holds data; skippable frames alone are an end that comes too early.

use zstd::stream::raw::{Decoder, Operation as _};

use super::decode::{Codec, Fault, Step, gather, little_endian};
use super::frame::{self, Begin};
use super::{Cause, WINDOW, narrow, wide};

/// Section 3.1.1.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// The codec.
pub(super) struct Zstd {
    decoder: Decoder<'static>,
    state: State,
    /// The bytes of a field that is not yet whole.
    held: Vec<u8>,
    /// Whether the frame has a checksum.
    checksum: bool,
    /// How many bytes the frame says that it has.
    size: Option<u64>,
    /// How many bytes of the frame were given.
    given: u64,
    /// Whether the decoder holds bytes that found no room.
    pending: bool,
    /// Whether a frame has ended.
    any: bool,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Magic,
    /// The length of a skippable frame.
    SkipSize,
    /// So many bytes of a skippable frame.
    Skip(usize),
    /// The byte that says how long the header is.
    Descriptor,
    /// The header, so many bytes with magic number and descriptor.
    Header(usize),
    BlockHeader,
    /// So many bytes of a block, and whether it is the frame's last.
    Block(usize, bool),
    Checksum,
}

impl State {
    /// So many bytes of a skippable frame, or what follows it.
    fn skip(left: usize) -> Self {
        if left == 0 {
            Self::Magic
        } else {
            Self::Skip(left)
        }
    }
}

impl Zstd {
    pub(super) fn new() -> Result<Self, Cause> {
        Ok(Self {
            decoder: Decoder::new().map_err(|_| Cause::Memory)?,
            state: State::Magic,
            held: Vec::new(),
            checksum: false,
            size: None,
            given: 0,
            pending: false,
            any: false,
        })
    }

    /// Takes bytes of a field, and goes on where it is whole.
    fn field(&mut self, input: &[u8]) -> Result<Step, Fault> {
        let want = match self.state {
            State::Skip(left) => return Ok(self.skip(left, input)),
            State::Magic | State::SkipSize | State::Checksum => 4,
            State::Descriptor => 5,
            State::Header(length) => length,
            State::BlockHeader => 3,
            State::Block(..) => 0,
        };
        let taken = gather(&mut self.held, want, input);
        let whole = self.held.len() == want;
        let next = match self.state {
            State::Magic => self.magic(),
            _ if !whole => Ok(self.state),
            State::SkipSize => Ok(State::skip(narrow(little_endian(&self.held)))),
            State::Descriptor => self.descriptor(),
            State::Header(_) => self.header(),
            State::BlockHeader => self.block_header(),
            State::Checksum => self.feed(Cause::Checksum).and_then(|()| self.frame_end()),
            State::Skip(_) | State::Block(..) => Ok(self.state),
        };
        let next = next.map_err(|cause| cause.behind(taken))?;
        if whole || next != self.state {
            self.state = next;
            if !matches!(next, State::Descriptor | State::Header(_)) {
                self.held.clear();
            }
        }
        Ok(Step::took(taken))
    }

    fn magic(&self) -> Result<State, Cause> {
        Ok(match frame::begin(&self.held, MAGIC, self.any)? {
            Begin::Unknown => State::Magic,
            Begin::Data => State::Descriptor,
            Begin::Skippable => State::SkipSize,
        })
    }

    fn skip(&mut self, left: usize, input: &[u8]) -> Step {
        let (step, left) = frame::skip(left, input);
        self.state = State::skip(left);
        step
    }

    /// The length of the header (section 3.1.1.1.1).
    fn descriptor(&self) -> Result<State, Cause> {
        let descriptor = self.held.last().copied().unwrap_or_default();
        if descriptor & 0b1000 != 0 {
            return Err(Cause::Header);
        }
        let fields = Fields::of(descriptor);
        Ok(State::Header(
            5 + fields.window + fields.dictionary + fields.size,
        ))
    }

    /// Judges the header, which is whole, and gives it to the decoder.
    fn header(&mut self) -> Result<State, Cause> {
        let descriptor = self.held.get(4).copied().unwrap_or_default();
        let fields = Fields::of(descriptor);
        let (_, rest) = self.held.split_at_checked(5).unwrap_or_default();
        let (window, rest) = rest.split_at_checked(fields.window).unwrap_or_default();
        let (dictionary, size) = rest.split_at_checked(fields.dictionary).unwrap_or_default();
        if little_endian(dictionary) != 0 {
            return Err(Cause::Dictionary);
        }
        let window = match window {
            &[byte] => window_size(byte),
            _ => little_endian(size),
        };
        if window > WINDOW {
            return Err(Cause::Window);
        }
        self.checksum = descriptor & 0b100 != 0;
        self.size = content_size(size);
        self.given = 0;
        self.feed(Cause::Header)?;
        Ok(State::BlockHeader)
    }

    /// Judges the header of a block (section 3.1.1.2) and gives it to the decoder.
    fn block_header(&mut self) -> Result<State, Cause> {
        let header = little_endian(&self.held);
        let last = header & 1 == 1;
        let length = match header >> 1 & 3 {
            1 => 1,
            3 => return Err(Cause::Header),
            _ => narrow(header >> 3),
        };
        self.feed(Cause::Header)?;
        match length {
            0 => self.block_end(last),
            _ => Ok(State::Block(length, last)),
        }
    }

    fn block_end(&mut self, last: bool) -> Result<State, Cause> {
        match (last, self.checksum) {
            (false, _) => Ok(State::BlockHeader),
            (true, true) => Ok(State::Checksum),
            (true, false) => self.frame_end(),
        }
    }

    /// Holds the frame to its size, which the decoder does not do where the last block is empty.
    fn frame_end(&mut self) -> Result<State, Cause> {
        if self.size.is_some_and(|size| size != self.given) {
            return Err(Cause::Length);
        }
        self.any = true;
        Ok(State::Magic)
    }

    /// Gives what is held to the decoder, which makes no bytes of it.
    fn feed(&mut self, cause: Cause) -> Result<(), Cause> {
        let mut held = self.held.as_slice();
        while !held.is_empty() {
            let fed = self.decoder.run_on_buffers(held, &mut []);
            let read = fed.map_err(|_| cause)?.bytes_read;
            held = held.get(read.max(1)..).unwrap_or_default();
        }
        Ok(())
    }

    /// Gives bytes of a block to the decoder, or takes what it still holds; then goes on where the
    /// block has ended.
    fn block(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let State::Block(left, last) = self.state else {
            return self.field(input);
        };
        let room = if self.pending { 0 } else { left };
        let input = input.get(..room).unwrap_or(input);
        let mut step = Step::default();
        if self.pending || !input.is_empty() {
            let result = self.decoder.run_on_buffers(input, output);
            let status = result.map_err(|_| Cause::Data.behind(0))?;
            step = Step {
                taken: status.bytes_read,
                given: status.bytes_written,
            };
            self.pending = step.given == output.len();
            self.given = self.given.saturating_add(wide(step.given));
        }
        self.state = match left.saturating_sub(step.taken) {
            0 if !self.pending => {
                let end = self.block_end(last);
                end.map_err(|cause| Fault { step, cause })?
            }
            left => State::Block(left, last),
        };
        Ok(step)
    }
}

impl Codec for Zstd {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let pending = self.pending;
        let step = self.block(input, output)?;
        if pending && step == Step::default() {
            // The decoder held nothing more.
            return self.block(input, output);
        }
        Ok(step)
    }

    fn end(&mut self) -> Result<(), Cause> {
        let between = self.state == State::Magic && self.held.is_empty();
        (self.any && between).then_some(()).ok_or(Cause::Truncated)
    }
}

/// How many bytes the fields of a header take (section 3.1.1.1.1).
struct Fields {
    window: usize,
    dictionary: usize,
    size: usize,
}

impl Fields {
    fn of(descriptor: u8) -> Self {
        let single = descriptor & 0b10_0000 != 0;
        Self {
            window: usize::from(!single),
            dictionary: match descriptor & 3 {
                3 => 4,
                bytes => usize::from(bytes),
            },
            size: match descriptor >> 6 {
                0 => usize::from(single),
                log => 1 << log,
            },
        }
    }
}

/// Section 3.1.1.1.4: two bytes count from 256.
fn content_size(field: &[u8]) -> Option<u64> {
    match field.len() {
        0 => None,
        2 => Some(little_endian(field) + 256),
        _ => Some(little_endian(field)),
    }
}

/// Section 3.1.1.1.2.
fn window_size(byte: u8) -> u64 {
    let base = 1_u64 << (10 + u32::from(byte >> 3));
    base + (base >> 3) * u64::from(byte & 7)
}
