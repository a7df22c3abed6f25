//! `base64`: RFC 2045, section 6.8, with the alphabet of its table 1.
//!
//! White space, that is U+0009, U+000A, U+000D and U+0020, is passed over wherever it is. Every other
//! byte outside the alphabet is an error. The last group has four characters, padded with `=`; bits
//! that padding leaves over are zero; nothing but white space follows padding.

use super::Cause;
use super::decode::{Codec, Fault, Step};

/// The codec.
pub(super) struct Base64 {
    /// The bits of the group, the last in the lowest place.
    bits: u32,
    /// How many characters of the group have come.
    count: u8,
    /// How many of them are `=`.
    padding: u8,
    /// Bytes of a group that found no room, the last first.
    pending: Vec<u8>,
    /// Whether a padded group has ended the data.
    ended: bool,
}

impl Base64 {
    pub(super) fn new() -> Self {
        Self {
            bits: 0,
            count: 0,
            padding: 0,
            pending: Vec::new(),
            ended: false,
        }
    }

    /// Takes one character.
    fn take(&mut self, byte: u8) -> Result<(), Cause> {
        let value = match byte {
            b'\t' | b'\n' | b'\r' | b' ' => return Ok(()),
            _ if self.ended => return Err(Cause::Trailing),
            b'=' if self.count >= 2 => {
                self.padding += 1;
                0
            }
            _ if self.padding > 0 => return Err(Cause::Byte(byte)),
            _ => value(byte).ok_or(Cause::Byte(byte))?,
        };
        self.bits = self.bits << 6 | value;
        self.count += 1;
        if self.count == 4 {
            self.group()?;
        }
        Ok(())
    }

    /// Ends a group.
    fn group(&mut self) -> Result<(), Cause> {
        let [_, first, second, third] = self.bits.to_be_bytes();
        let (bytes, over): (&[u8], u8) = match self.padding {
            0 => (&[third, second, first], 0),
            1 => (&[second, first], third),
            _ => (&[first], second | third),
        };
        if over != 0 {
            return Err(Cause::Byte(b'='));
        }
        self.pending.extend_from_slice(bytes);
        self.ended = self.padding > 0;
        self.bits = 0;
        self.count = 0;
        Ok(())
    }
}

impl Codec for Base64 {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<Step, Fault> {
        let mut step = Step::default();
        let mut input = input.iter();
        for room in output {
            while self.pending.is_empty() {
                let Some(&byte) = input.next() else {
                    return Ok(step);
                };
                self.take(byte).map_err(|cause| Fault { step, cause })?;
                step.taken += 1;
            }
            *room = self.pending.pop().unwrap_or_default();
            step.given += 1;
        }
        Ok(step)
    }

    fn end(&mut self) -> Result<(), Cause> {
        (self.count == 0).then_some(()).ok_or(Cause::Truncated)
    }
}

/// The six bits of a character (table 1).
fn value(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
