//! UTF-16 as UTF-8, and the way back.

use std::ops::Range;

use super::JsonError;
use crate::dump::cut::Encoding;

/// So many bytes of text have one place on the map.
const STEP: usize = 64;

/// Where in bytes of UTF-16 the text lies that was decoded from them.
#[derive(Debug)]
pub(super) struct Map {
    /// How many units are before the first character that begins at each [`STEP`], or behind it.
    units: Vec<u32>,
}

/// The text of bytes of UTF-16, and its map.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Result<(String, Map), JsonError> {
    let (pairs, half) = bytes.as_chunks();
    let mut text = String::with_capacity(pairs.len());
    let mut units = Vec::with_capacity(pairs.len() / STEP + 1);
    let mut before = 0_u32;
    let decoded = char::decode_utf16(pairs.iter().map(|pair| encoding.unit(*pair)));
    for character in decoded {
        let character = character.map_err(|error| JsonError::LoneSurrogate {
            offset: 2 * usize::try_from(before).unwrap_or_default(),
            unit: error.unpaired_surrogate(),
        })?;
        while units.len() * STEP <= text.len() {
            units.push(before);
        }
        text.push(character);
        before = before.saturating_add(if character.len_utf16() == 1 { 1 } else { 2 });
    }
    if !half.is_empty() {
        let offset = bytes.len() - 1;
        return Err(JsonError::HalfUnit { offset });
    }
    Ok((text, Map { units }))
}

impl Map {
    /// The bytes in which a span of the text lies.
    pub(super) fn span(&self, text: &str, span: Range<usize>) -> Range<usize> {
        self.offset(text, span.start)..self.offset(text, span.end)
    }

    fn offset(&self, text: &str, at: usize) -> usize {
        let step = (at / STEP).min(self.units.len().saturating_sub(1));
        let before = self.units.get(step).copied().unwrap_or_default();
        let from = text.ceil_char_boundary(step * STEP);
        let units: usize = text
            .get(from..at)
            .map_or(0, |text| text.chars().map(char::len_utf16).sum());
        2 * (usize::try_from(before).unwrap_or_default() + units)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{STEP, decode};
    use crate::document::json::JsonError;
    use crate::dump::cut::Encoding;

    #[test]
    fn every_character_is_found_in_the_bytes() {
        for piece in ["a", "é", "€", "😀", "aé", "€a😀"] {
            for count in 0..3 * STEP {
                let text = piece.repeat(count);
                let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
                let (decoded, map) = decode(&bytes, Encoding::Utf16Be).unwrap();
                assert_eq!(decoded, text);
                let mut units = 0;
                for (at, character) in text.char_indices() {
                    let end = units + character.len_utf16();
                    let span = map.span(&text, at..at + character.len_utf8());
                    assert_eq!(span, 2 * units..2 * end);
                    units = end;
                }
                assert_eq!(map.offset(&text, text.len()), bytes.len());
            }
        }
    }

    #[test]
    fn what_is_no_utf16_is_placed() {
        let error = |bytes: &[u8]| decode(bytes, Encoding::Utf16Le).unwrap_err();
        let surrogate = |offset, unit| JsonError::LoneSurrogate { offset, unit };
        assert_eq!(error(b"a\0\x3d\xd8b\0"), surrogate(2, 0xD83D));
        assert_eq!(error(b"\x3d\xd8\0\xdea\0\0\xde"), surrogate(6, 0xDE00));
        assert_eq!(error(b"a\0b"), JsonError::HalfUnit { offset: 2 });
    }
}
