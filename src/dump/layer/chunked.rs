//! `chunked`: the chunked transfer coding of HTTP/1.1, RFC 9112, section 7.1.
//!
//! Chunks, the last chunk, the trailer section and the line end behind it, and nothing more. Chunk
//! extensions and trailer fields are held to the grammar of RFC 9112 and RFC 9110 and give nothing.
//! Beyond that grammar, spaces and tabs may follow the size or the extensions, as old servers wrote
//! them. Lines end in U+000D U+000A; a size is at most 2^53-1, with any number of leading zeroes.

use super::Cause;
use super::decode::{Codec, Fault, Step};
use super::{narrow, wide};
use crate::json::MAX_INTEGER;

/// The codec.
pub(super) struct Chunked {
    state: State,
    /// Bytes of the chunk that are to come; its size, while that is read.
    left: u64,
}

/// What comes next, or what came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first digit of a size.
    Size,
    /// More digits, or what follows them.
    Digits,
    /// White space behind a size or an extension.
    Space,
    /// The name of an extension, perhaps white space before it.
    NameSpace,
    Name,
    /// White space behind a name.
    NameEnd,
    /// The value of an extension, perhaps white space before it.
    ValueSpace,
    Value,
    Quoted,
    /// `\` in a quoted string.
    Escape,
    /// U+000D behind a size or an extension.
    SizeReturn,
    Data,
    /// The line end behind the data.
    DataEnd,
    DataReturn,
    /// The start of a line of the trailer section.
    Trailer,
    FieldName,
    FieldValue,
    FieldReturn,
    /// U+000D of the empty line.
    LastReturn,
    End,
}

impl Chunked {
    pub(super) fn new() -> Self {
        Self {
            state: State::Size,
            left: 0,
        }
    }

    /// Takes one byte that is not data.
    fn take(&mut self, byte: u8) -> Result<(), Cause> {
        self.state = match (self.state, byte) {
            (State::Size | State::Digits, _) => self.size(byte),
            (State::SizeReturn, b'\n') if self.left == 0 => Some(State::Trailer),
            (State::SizeReturn, b'\n') => Some(State::Data),
            (State::DataEnd, b'\r') => Some(State::DataReturn),
            (State::DataReturn, b'\n') => Some(State::Size),
            (State::Trailer | State::FieldName | State::FieldValue, _) => self.field(byte),
            (State::FieldReturn, b'\n') => Some(State::Trailer),
            (State::LastReturn, b'\n') => Some(State::End),
            (State::End, _) => return Err(Cause::Trailing),
            _ => self.extension(byte),
        }
        .ok_or(Cause::Byte(byte))?;
        Ok(())
    }

    /// `1*HEXDIG`, and what may follow it.
    fn size(&mut self, byte: u8) -> Option<State> {
        let digit = char::from(byte).to_digit(16);
        match digit {
            Some(digit) => {
                let size = self.left.checked_mul(16)? + u64::from(digit);
                self.left = Some(size).filter(|&size| size <= MAX_INTEGER.unsigned_abs())?;
                Some(State::Digits)
            }
            None if self.state == State::Digits => Self::behind(byte),
            None => None,
        }
    }

    /// What may follow a size or an extension.
    fn behind(byte: u8) -> Option<State> {
        match byte {
            b' ' | b'\t' => Some(State::Space),
            b';' => Some(State::NameSpace),
            b'\r' => Some(State::SizeReturn),
            _ => None,
        }
    }

    /// `chunk-ext` (section 7.1.1).
    fn extension(&self, byte: u8) -> Option<State> {
        let space = matches!(byte, b' ' | b'\t');
        match (self.state, byte) {
            (State::NameSpace, _) if space => Some(State::NameSpace),
            (State::NameSpace | State::Name, _) if is_token(byte) => Some(State::Name),
            (State::Name | State::NameEnd, _) if space => Some(State::NameEnd),
            (State::Name | State::NameEnd, b'=') => Some(State::ValueSpace),
            (State::ValueSpace, _) if space => Some(State::ValueSpace),
            (State::ValueSpace, b'"') => Some(State::Quoted),
            (State::ValueSpace | State::Value, _) if is_token(byte) => Some(State::Value),
            (State::Quoted, b'"') => Some(State::Space),
            (State::Quoted, b'\\') => Some(State::Escape),
            (State::Quoted | State::Escape, _) if is_text(byte) => Some(State::Quoted),
            (State::Space | State::Name | State::NameEnd | State::Value, _) => Self::behind(byte),
            _ => None,
        }
    }

    /// `trailer-section` (section 7.1.2): field lines and an empty line.
    fn field(&self, byte: u8) -> Option<State> {
        match (self.state, byte) {
            (State::Trailer, b'\r') => Some(State::LastReturn),
            (State::Trailer | State::FieldName, _) if is_token(byte) => Some(State::FieldName),
            (State::FieldName, b':') => Some(State::FieldValue),
            (State::FieldValue, b'\r') => Some(State::FieldReturn),
            (State::FieldValue, _) if is_text(byte) => Some(State::FieldValue),
            _ => None,
        }
    }

    /// Gives bytes of a chunk.
    fn data(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let count = input.len().min(output.len()).min(narrow(self.left));
        for (to, from) in output.iter_mut().zip(input).take(count) {
            *to = *from;
        }
        self.left = self.left.saturating_sub(wide(count));
        if self.left == 0 {
            self.state = State::DataEnd;
        }
        Step {
            taken: count,
            given: count,
        }
    }
}

impl Codec for Chunked {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.state == State::Data {
            return Ok(self.data(input, output));
        }
        let mut taken = 0;
        for &byte in input {
            if self.state == State::Data {
                break;
            }
            self.take(byte).map_err(|cause| cause.behind(taken))?;
            taken += 1;
        }
        Ok(Step::took(taken))
    }

    fn end(&mut self) -> Result<(), Cause> {
        let ended = self.state == State::End;
        ended.then_some(()).ok_or(Cause::Truncated)
    }
}

/// `tchar` (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a quoted string and the value of a field may hold: U+0009, U+0020, visible and other bytes.
fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7F)
}
