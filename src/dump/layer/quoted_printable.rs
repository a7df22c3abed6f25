//! `quoted-printable`: RFC 2045, section 6.7.
//!
//! - `=` and two hexadecimal digits, of either case, give a byte.
//! - `=`, any spaces and tabs, and a line break or the end give nothing: a soft line break.
//! - Spaces and tabs before a line break or the end give nothing; up to 65,536 may be in one run.
//! - A line break is U+000D U+000A or U+000A and gives itself.
//! - Spaces and tabs elsewhere and the bytes 0x21 to 0x7E but `=` give themselves.
//! - Every other byte, and U+000D before anything but U+000A, is an error. Lines may be of any length.
//!
//! Lower-case digits, U+000A alone, long lines and `=` at the end are what the RFC asks senders not to
//! write; each has one meaning, and mail as it is stored has them all.

use super::Cause;
use super::decode::{Codec, Fault, Step};

/// How many spaces and tabs may be in one run.
const RUN: usize = 1 << 16;

/// The codec.
pub(super) struct QuotedPrintable {
    state: State,
    /// Bytes that are not given yet: white space that a line break may follow, then what followed it.
    pending: Vec<u8>,
    /// How many of them are given.
    given: usize,
}

/// What came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// White space, which is pending.
    Space,
    /// U+000D.
    Return,
    /// `=`.
    Equals,
    /// `=` and a digit.
    Digit(u8),
    /// `=` and white space, so many bytes.
    Soft(usize),
    /// `=`, perhaps white space, and U+000D.
    SoftReturn,
}

impl QuotedPrintable {
    pub(super) fn new() -> Self {
        Self {
            state: State::Text,
            pending: Vec::new(),
            given: 0,
        }
    }

    /// Takes one byte.
    fn take(&mut self, byte: u8) -> Result<(), Cause> {
        self.state = match (self.state, byte) {
            (State::Text | State::Space, _) => self.text(byte)?,
            (State::Return, b'\n') => self.give(b"\r\n", State::Text),
            (State::Equals | State::Soft(_) | State::SoftReturn, b'\n') => State::Text,
            (State::Equals | State::Soft(_), b'\r') => State::SoftReturn,
            (State::Return | State::SoftReturn, _) => return Err(Cause::Byte(b'\r')),
            (State::Equals, b' ' | b'\t') => State::Soft(1),
            (State::Soft(RUN), b' ' | b'\t') => return Err(Cause::Space),
            (State::Soft(run), b' ' | b'\t') => State::Soft(run + 1),
            (State::Equals, _) => State::Digit(digit(byte)?),
            (State::Digit(high), _) => {
                let low = digit(byte)?;
                self.give(&[high << 4 | low], State::Text)
            }
            (State::Soft(_), _) => return Err(Cause::Byte(byte)),
        };
        Ok(())
    }

    /// Takes a byte of a line. What is pending is white space.
    fn text(&mut self, byte: u8) -> Result<State, Cause> {
        Ok(match byte {
            b' ' | b'\t' if self.pending.len() == RUN => return Err(Cause::Space),
            b' ' | b'\t' => self.give(&[byte], State::Space),
            b'\r' | b'\n' => {
                self.pending.clear();
                match byte {
                    b'\n' => self.give(b"\n", State::Text),
                    _ => State::Return,
                }
            }
            b'=' if self.pending.is_empty() => State::Equals,
            b'=' => self.give(&[], State::Equals),
            0x21..=0x7E => self.give(&[byte], State::Text),
            _ => return Err(Cause::Byte(byte)),
        })
    }

    fn give(&mut self, bytes: &[u8], next: State) -> State {
        self.pending.extend_from_slice(bytes);
        next
    }

    /// Whether what is pending may be given: all but white space that a line break may follow.
    fn settled(&self) -> bool {
        !self.pending.is_empty() && self.state != State::Space
    }
}

impl Codec for QuotedPrintable {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let mut step = Step::default();
        let mut input = input.iter();
        for room in output {
            while !self.settled() {
                let Some(&byte) = input.next() else {
                    return Ok(step);
                };
                self.take(byte).map_err(|cause| Fault { step, cause })?;
                step.taken += 1;
            }
            *room = self.pending.get(self.given).copied().unwrap_or_default();
            step.given += 1;
            self.given += 1;
            if self.given == self.pending.len() {
                self.pending.clear();
                self.given = 0;
            }
        }
        Ok(step)
    }

    fn end(&mut self) -> Result<(), Cause> {
        match self.state {
            State::Text | State::Space | State::Equals | State::Soft(_) => Ok(()),
            State::Return | State::Digit(_) | State::SoftReturn => Err(Cause::Truncated),
        }
    }
}

fn digit(byte: u8) -> Result<u8, Cause> {
    match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'A'..=b'F' => Ok(byte - b'A' + 10),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(Cause::Byte(byte)),
    }
}
