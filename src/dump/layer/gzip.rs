//! `gzip`: RFC 1952, one member or more, back to back (sections 2.2 and 2.3).
//!
//! The checksum and length of each member are held to its data, the checksum of a header to the header
//! where it has one. Reserved flags (section 2.3.1) and zero bytes behind the last member, which tapes
//! leave, are errors.

use flate2::Crc;

use super::decode::{Codec, Fault, Step, gather, little_endian};
use super::deflate::Inflate;
use super::{Cause, narrow};

const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// The codec.
pub(super) struct Gzip {
    state: State,
    /// The bytes of a field that is not yet whole.
    held: Vec<u8>,
    flags: u8,
    /// Over the header.
    header: Crc,
    /// Over the data, whose length it counts modulo 2^32.
    data: Crc,
    inflate: Inflate,
    /// Whether a member has ended.
    any: bool,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The ten bytes that each member begins with.
    Fixed,
    /// The length of the extra field.
    ExtraLength,
    /// So many bytes of the extra field.
    Extra(usize),
    Name,
    Comment,
    HeaderCrc,
    Body,
    Trailer,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            state: State::Fixed,
            held: Vec::new(),
            flags: 0,
            header: Crc::new(),
            data: Crc::new(),
            inflate: Inflate::new(),
            any: false,
        }
    }

    /// Takes bytes of a header or trailer, as far as they are of one field.
    fn field(&mut self, input: &[u8]) -> Result<usize, Fault> {
        let taken = match self.state {
            State::Fixed => self.fixed(input)?,
            State::ExtraLength => self.whole(2, input),
            State::Extra(left) => self.extra(left, input),
            State::Name | State::Comment => self.zero_terminated(input),
            State::HeaderCrc => gather(&mut self.held, 2, input),
            State::Trailer => gather(&mut self.held, 8, input),
            State::Body => 0,
        };
        self.complete().map_err(|cause| cause.behind(taken))?;
        Ok(taken)
    }

    /// Gathers a field of the header.
    fn whole(&mut self, want: usize, input: &[u8]) -> usize {
        let taken = gather(&mut self.held, want, input);
        self.header.update(input.get(..taken).unwrap_or_default());
        taken
    }

    /// The bytes that begin a member, each judged as it comes.
    fn fixed(&mut self, input: &[u8]) -> Result<usize, Fault> {
        let mut taken = 0;
        for &byte in input.iter().take(10_usize.saturating_sub(self.held.len())) {
            let cause = match (self.held.len(), byte) {
                (0, 0x1F) | (1, 0x8B) | (2, 8) | (4.., _) => None,
                (0 | 1, _) if self.any => Some(Cause::Trailing),
                (0 | 1, _) => Some(Cause::Magic),
                (3, flags) if flags & RESERVED == 0 => None,
                (2 | 3, _) => Some(Cause::Header),
            };
            if let Some(cause) = cause {
                return Err(cause.behind(taken));
            }
            self.held.push(byte);
            self.header.update(&[byte]);
            taken += 1;
        }
        Ok(taken)
    }

    fn extra(&mut self, left: usize, input: &[u8]) -> usize {
        let taken = left.min(input.len());
        self.header.update(input.get(..taken).unwrap_or_default());
        self.state = State::Extra(left - taken);
        taken
    }

    /// A name or comment, of any length; its last byte is held, so that the field is whole.
    fn zero_terminated(&mut self, input: &[u8]) -> usize {
        let zero = memchr::memchr(0, input);
        let taken = zero.map_or(input.len(), |at| at + 1);
        self.header.update(input.get(..taken).unwrap_or_default());
        if zero.is_some() {
            self.held.push(0);
        }
        taken
    }

    /// Goes on where a field is whole.
    fn complete(&mut self) -> Result<(), Cause> {
        let next = match (self.state, self.held.as_slice()) {
            (State::Fixed, [_, _, _, flags, _, _, _, _, _, _]) => {
                self.flags = *flags;
                self.optional(0)
            }
            (State::ExtraLength, [_, _]) => State::Extra(narrow(little_endian(&self.held))),
            (State::Extra(0), _) => self.optional(FEXTRA),
            (State::Name, [_]) => self.optional(FNAME),
            (State::Comment, [_]) => self.optional(FCOMMENT),
            (State::HeaderCrc, [_, _]) => {
                let sum = u64::from(self.header.sum() & 0xFFFF);
                if little_endian(&self.held) != sum {
                    return Err(Cause::Checksum);
                }
                State::Body
            }
            (State::Trailer, [sum @ .., _, _, _, _]) if sum.len() == 4 => {
                self.trailer(little_endian(sum))?;
                State::Fixed
            }
            _ => return Ok(()),
        };
        self.state = next;
        self.held.clear();
        if next == State::Extra(0) {
            self.complete()?;
        }
        Ok(())
    }

    /// The first optional field behind that of `flag` that the header has.
    fn optional(&self, flag: u8) -> State {
        let fields = [
            (FEXTRA, State::ExtraLength),
            (FNAME, State::Name),
            (FCOMMENT, State::Comment),
        ];
        let next = fields
            .into_iter()
            .find(|(field, _)| *field > flag && self.flags & field != 0);
        match next {
            Some((_, state)) => state,
            None if self.flags & FHCRC != 0 => State::HeaderCrc,
            None => State::Body,
        }
    }

    /// Ends a member.
    fn trailer(&mut self, sum: u64) -> Result<(), Cause> {
        if sum != u64::from(self.data.sum()) {
            return Err(Cause::Checksum);
        }
        let length = little_endian(self.held.get(4..).unwrap_or_default());
        if length != u64::from(self.data.amount()) {
            return Err(Cause::Length);
        }
        self.header.reset();
        self.data.reset();
        self.inflate.reset();
        self.any = true;
        Ok(())
    }
}

impl Codec for Gzip {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.state != State::Body {
            return self.field(input).map(Step::took);
        }
        let step = self.inflate.step(input, output)?;
        self.data
            .update(output.get(..step.given).unwrap_or_default());
        if self.inflate.ended {
            self.state = State::Trailer;
        }
        Ok(step)
    }

    fn end(&mut self) -> Result<(), Cause> {
        let between = self.state == State::Fixed && self.held.is_empty();
        (self.any && between).then_some(()).ok_or(Cause::Truncated)
    }
}
