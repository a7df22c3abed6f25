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
    place: Place,
    /// Bytes of the chunk that are to come; its size, while that is read.
    left: u64,
}

/// What comes next, or what came before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
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
            place: Place::Size,
            left: 0,
        }
    }

    /// Takes one byte that is not data.
    fn take(&mut self, byte: u8) -> Result<(), Cause> {
        self.place = match (self.place, byte) {
            (Place::Size | Place::Digits, _) => self.size(byte),
            (Place::SizeReturn, b'\n') if self.left == 0 => Some(Place::Trailer),
            (Place::SizeReturn, b'\n') => Some(Place::Data),
            (Place::DataEnd, b'\r') => Some(Place::DataReturn),
            (Place::DataReturn, b'\n') => Some(Place::Size),
            (Place::Trailer | Place::FieldName | Place::FieldValue, _) => self.field(byte),
            (Place::FieldReturn, b'\n') => Some(Place::Trailer),
            (Place::LastReturn, b'\n') => Some(Place::End),
            (Place::End, _) => return Err(Cause::Trailing),
            _ => self.extension(byte),
        }
        .ok_or(Cause::Byte(byte))?;
        Ok(())
    }

    /// `1*HEXDIG`, and what may follow it.
    fn size(&mut self, byte: u8) -> Option<Place> {
        let digit = char::from(byte).to_digit(16);
        match digit {
            Some(digit) => {
                let size = self.left.checked_mul(16)? + u64::from(digit);
                self.left = Some(size).filter(|&size| size <= MAX_INTEGER.unsigned_abs())?;
                Some(Place::Digits)
            }
            None if self.place == Place::Digits => Self::behind(byte),
            None => None,
        }
    }

    /// What may follow a size or an extension.
    fn behind(byte: u8) -> Option<Place> {
        match byte {
            b' ' | b'\t' => Some(Place::Space),
            b';' => Some(Place::NameSpace),
            b'\r' => Some(Place::SizeReturn),
            _ => None,
        }
    }

    /// `chunk-ext` (section 7.1.1).
    fn extension(&self, byte: u8) -> Option<Place> {
        let space = matches!(byte, b' ' | b'\t');
        match (self.place, byte) {
            (Place::NameSpace, _) if space => Some(Place::NameSpace),
            (Place::NameSpace | Place::Name, _) if is_token(byte) => Some(Place::Name),
            (Place::Name | Place::NameEnd, _) if space => Some(Place::NameEnd),
            (Place::Name | Place::NameEnd, b'=') => Some(Place::ValueSpace),
            (Place::ValueSpace, _) if space => Some(Place::ValueSpace),
            (Place::ValueSpace, b'"') => Some(Place::Quoted),
            (Place::ValueSpace | Place::Value, _) if is_token(byte) => Some(Place::Value),
            (Place::Quoted, b'"') => Some(Place::Space),
            (Place::Quoted, b'\\') => Some(Place::Escape),
            (Place::Quoted | Place::Escape, _) if is_text(byte) => Some(Place::Quoted),
            (Place::Space | Place::Name | Place::NameEnd | Place::Value, _) => Self::behind(byte),
            _ => None,
        }
    }

    /// `trailer-section` (section 7.1.2): field lines and an empty line.
    fn field(&self, byte: u8) -> Option<Place> {
        match (self.place, byte) {
            (Place::Trailer, b'\r') => Some(Place::LastReturn),
            (Place::Trailer | Place::FieldName, _) if is_token(byte) => Some(Place::FieldName),
            (Place::FieldName, b':') => Some(Place::FieldValue),
            (Place::FieldValue, b'\r') => Some(Place::FieldReturn),
            (Place::FieldValue, _) if is_text(byte) => Some(Place::FieldValue),
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
            self.place = Place::DataEnd;
        }
        Step {
            taken: count,
            given: count,
        }
    }
}

impl Codec for Chunked {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        if self.place == Place::Data {
            return Ok(self.data(input, output));
        }
        let mut taken = 0;
        for &byte in input {
            if self.place == Place::Data {
                break;
            }
            self.take(byte).map_err(|cause| cause.behind(taken))?;
            taken += 1;
        }
        Ok(Step::took(taken))
    }

    fn end(&mut self) -> Result<(), Cause> {
        let ended = self.place == Place::End;
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
