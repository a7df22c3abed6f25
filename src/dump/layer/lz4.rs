//! `lz4`: the LZ4 frame format (version 1.6.4 of its description), one frame or more, skippable frames
//! among them.
//!
//! All checksums that a frame has are verified, and its length where it states one. Frames of the
//! legacy format, which have no end, and frames that need a dictionary are errors. At least one frame
//! holds data.

use std::hash::Hasher as _;

use lz4_flex::block::decompress_into_with_dict;
use twox_hash::XxHash32;

use super::decode::{Codec, Fault, Step, gather, little_endian};
use super::frame::{self, Begin};
use super::{Cause, narrow, wide};

pub(super) const MAGIC: [u8; 4] = [0x04, 0x22, 0x4D, 0x18];

/// How far back a block may refer to what came before it.
const WINDOW: usize = 64 << 10;

/// The codec.
pub(super) struct Lz4 {
    state: State,
    /// The bytes of a field that is not yet whole.
    held: Vec<u8>,
    frame: Frame,
    /// The last bytes given. A block may refer to its last 64 KiB.
    history: Vec<u8>,
    /// The last block, decoded: its first `length` bytes, of which `given` are given.
    block: Vec<u8>,
    length: usize,
    given: usize,
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
    /// The two bytes that say how long the descriptor is.
    Flags,
    /// The descriptor, so many bytes.
    Descriptor(usize),
    BlockSize,
    /// A block of so many bytes with its checksum.
    Block {
        bytes: usize,
        stored: bool,
    },
    Checksum,
}

/// What a frame's descriptor says, and the data so far.
struct Frame {
    linked: bool,
    block_checksums: bool,
    checksum: bool,
    size: Option<u64>,
    largest: usize,
    hash: XxHash32,
    bytes: u64,
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

impl Lz4 {
    pub(super) fn new() -> Self {
        Self {
            state: State::Magic,
            held: Vec::new(),
            frame: Frame::new(),
            history: Vec::new(),
            block: Vec::new(),
            length: 0,
            given: 0,
            any: false,
        }
    }

    /// Takes bytes of a field, and goes on where it is whole.
    fn field(&mut self, input: &[u8]) -> Result<Step, Fault> {
        let want = match self.state {
            State::Skip(left) => return Ok(self.skip(left, input)),
            State::Magic | State::SkipSize | State::BlockSize | State::Checksum => 4,
            State::Flags => 2,
            State::Descriptor(length) => length,
            State::Block { bytes, .. } => bytes,
        };
        let taken = gather(&mut self.held, want, input);
        let whole = self.held.len() == want;
        let next = match self.state {
            State::Magic => self.magic(),
            _ if !whole => Ok(self.state),
            State::SkipSize => Ok(State::skip(narrow(little_endian(&self.held)))),
            State::Flags => self.flags(),
            State::Descriptor(_) => self.descriptor(),
            State::BlockSize => self.block_size(),
            State::Block { stored, .. } => self.decode(stored).map(|()| State::BlockSize),
            State::Checksum => self.checksum(),
            State::Skip(_) => Ok(self.state),
        };
        let next = next.map_err(|cause| cause.behind(taken))?;
        if whole || next != self.state {
            self.state = next;
            if !matches!(next, State::Descriptor(_)) {
                self.held.clear();
            }
        }
        Ok(Step::took(taken))
    }

    fn magic(&self) -> Result<State, Cause> {
        Ok(match frame::begin(&self.held, MAGIC, self.any)? {
            Begin::Unknown => State::Magic,
            Begin::Data => State::Flags,
            Begin::Skippable => State::SkipSize,
        })
    }

    fn skip(&mut self, left: usize, input: &[u8]) -> Step {
        let (step, left) = frame::skip(left, input);
        self.state = State::skip(left);
        step
    }

    /// Judges the flags: version 1, reserved bits zero, blocks of 64 KiB to 4 MiB.
    fn flags(&mut self) -> Result<State, Cause> {
        let [flags, sizes] = self.held.as_slice() else {
            return Ok(self.state);
        };
        let allowed = flags & 0b1100_0010 == 0b0100_0000 && sizes & 0b1000_1111 == 0;
        let log = u32::from(sizes >> 4);
        if !allowed || log < 4 {
            return Err(Cause::Header);
        }
        if flags & 1 != 0 {
            return Err(Cause::Dictionary);
        }
        self.frame = Frame {
            linked: flags & 0b10_0000 == 0,
            block_checksums: flags & 0b1_0000 != 0,
            checksum: flags & 0b100 != 0,
            largest: 1 << (8 + 2 * log),
            ..Frame::new()
        };
        self.history.clear();
        let size = if flags & 0b1000 == 0 { 0 } else { 8 };
        Ok(State::Descriptor(2 + size + 1))
    }

    /// Holds the descriptor to its checksum.
    fn descriptor(&mut self) -> Result<State, Cause> {
        let Some((&sum, descriptor)) = self.held.split_last() else {
            return Ok(self.state);
        };
        if u64::from(sum) != xxh32(descriptor) >> 8 & 0xFF {
            return Err(Cause::Checksum);
        }
        let size = descriptor.get(2..).filter(|size| !size.is_empty());
        self.frame.size = size.map(little_endian);
        Ok(State::BlockSize)
    }

    /// The next block, or what follows the last.
    fn block_size(&mut self) -> Result<State, Cause> {
        const STORED: u64 = 1 << 31;
        let word = little_endian(&self.held);
        if word == 0 {
            return match self.frame.size {
                Some(size) if size != self.frame.bytes => Err(Cause::Length),
                _ if self.frame.checksum => Ok(State::Checksum),
                _ => Ok(self.frame_end()),
            };
        }
        let bytes = narrow(word & !STORED);
        if bytes > self.frame.largest {
            return Err(Cause::Header);
        }
        let bytes = bytes + if self.frame.block_checksums { 4 } else { 0 };
        let stored = word & STORED != 0;
        Ok(match bytes {
            0 => State::BlockSize,
            _ => State::Block { bytes, stored },
        })
    }

    /// Decodes a block, which is whole.
    fn decode(&mut self, stored: bool) -> Result<(), Cause> {
        let mut data = self.held.as_slice();
        if self.frame.block_checksums {
            let (block, sum) = data
                .split_last_chunk::<4>()
                .map_or((data, 0), |(block, sum)| (block, little_endian(sum)));
            if xxh32(block) != sum {
                return Err(Cause::Checksum);
            }
            data = block;
        }
        if self.block.len() < self.frame.largest {
            self.block.resize(self.frame.largest, 0);
        }
        let room = self.block.get_mut(..self.frame.largest).unwrap_or_default();
        self.length = if stored {
            let room = room.get_mut(..data.len()).unwrap_or_default();
            room.copy_from_slice(data);
            data.len()
        } else {
            let start = self.history.len().saturating_sub(WINDOW);
            let dictionary = self.history.get(start..).unwrap_or_default();
            decompress_into_with_dict(data, room, dictionary).map_err(|_| Cause::Data)?
        };
        self.given = 0;
        self.remember();
        Ok(())
    }

    /// Adds the block to the frame's checksum, length and history.
    fn remember(&mut self) {
        let block = self.block.get(..self.length).unwrap_or_default();
        self.frame.bytes = self.frame.bytes.saturating_add(wide(block.len()));
        if self.frame.checksum {
            self.frame.hash.write(block);
        }
        if self.frame.linked {
            let tail = block.get(block.len().saturating_sub(WINDOW)..);
            let tail = tail.unwrap_or_default();
            self.history.extend_from_slice(tail);
            // Small blocks move what is kept only now and then.
            if self.history.len() > 2 * WINDOW {
                let gone = self.history.len().saturating_sub(WINDOW);
                self.history.drain(..gone);
            }
        }
    }

    fn checksum(&mut self) -> Result<State, Cause> {
        if little_endian(&self.held) != self.frame.hash.finish() {
            return Err(Cause::Checksum);
        }
        Ok(self.frame_end())
    }

    fn frame_end(&mut self) -> State {
        self.any = true;
        State::Magic
    }
}

impl Codec for Lz4 {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let block = self.block.get(self.given..self.length).unwrap_or_default();
        if block.is_empty() {
            return self.field(input);
        }
        let given = block.len().min(output.len());
        for (to, from) in output.iter_mut().zip(block) {
            *to = *from;
        }
        self.given += given;
        Ok(Step { taken: 0, given })
    }

    fn end(&mut self) -> Result<(), Cause> {
        let between = self.state == State::Magic && self.held.is_empty();
        (self.any && between).then_some(()).ok_or(Cause::Truncated)
    }
}

impl Frame {
    fn new() -> Self {
        Self {
            linked: false,
            block_checksums: false,
            checksum: false,
            size: None,
            largest: 0,
            hash: XxHash32::with_seed(0),
            bytes: 0,
        }
    }
}

fn xxh32(bytes: &[u8]) -> u64 {
    u64::from(XxHash32::oneshot(0, bytes))
}
