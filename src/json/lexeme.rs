//! The pieces of a JSON text: runs of characters, escapes, numbers.

use std::borrow::Cow;

use super::error::{SyntaxErrorKind, shown};
use super::limit::MAX_INTEGER;
use crate::pool;

/// How many bytes are looked at together; most strings end within them.
const BLOCK: usize = 32;

/// How many bytes of a string need no attention: no quote, backslash or control character.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> usize {
    match bytes.split_first_chunk() {
        Some((block, rest)) => first_special(block).unwrap_or_else(|| BLOCK + plain_long(rest)),
        None => plain_end(bytes),
    }
}

/// [`plain`] of what may be long.
#[inline(never)]
fn plain_long(bytes: &[u8]) -> usize {
    let (blocks, rest) = bytes.as_chunks();
    let mut indexed = blocks.iter().enumerate();
    let first = indexed.find_map(|(index, block)| Some(index * BLOCK + first_special(block)?));
    first.unwrap_or_else(|| blocks.len() * BLOCK + plain_end(rest))
}

/// [`plain`], byte by byte.
fn plain_end(bytes: &[u8]) -> usize {
    let special = bytes
        .iter()
        .position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\');
    special.unwrap_or(bytes.len())
}

/// The first byte of a block that needs attention. Without a branch for each, this compiles to vector
/// instructions.
#[inline]
fn first_special(block: &[u8; BLOCK]) -> Option<usize> {
    let mut hits = [0; BLOCK];
    for (hit, &byte) in hits.iter_mut().zip(block) {
        *hit = u8::from(byte < 0x20) | u8::from(byte == b'"') | u8::from(byte == b'\\');
    }
    let (words, _) = hits.as_chunks();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    words.enumerate().find_map(|(index, word)| {
        let at = usize::try_from(word.trailing_zeros() / 8).ok()?;
        (word != 0).then_some(index * 8 + at)
    })
}

/// The UTF-16 code unit of the escape `\uXXXX` that begins `bytes`.
pub(crate) fn unit(bytes: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = bytes.first_chunk::<6>()? else {
        return None;
    };
    let values = digits.map(|digit| VALUES.get(usize::from(digit)).copied().unwrap_or(NONE));
    let [one, two, three, four] = values.map(u16::from);
    let known = (one | two | three | four) & u16::from(NONE) == 0;
    known.then_some(one << 12 | two << 8 | three << 4 | four)
}

/// What is no hexadecimal digit.
const NONE: u8 = 0x80;

/// What each byte counts as a hexadecimal digit.
static VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut rest: &mut [u8] = &mut values;
    let mut digit = 0_u8;
    while let [first, behind @ ..] = rest {
        *first = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            b'A'..=b'F' => digit - b'A' + 10,
            _ => NONE,
        };
        rest = behind;
        digit = digit.wrapping_add(1);
    }
    values
};

/// A rule for the numbers of records that one breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberFault {
    Invalid,
    LeadingZero,
    Fraction,
    Exponent,
    NegativeZero,
    OutOfRange,
}

impl NumberFault {
    /// Whether the number is one of JSON all the same.
    pub(super) const fn is_json(self) -> bool {
        !matches!(self, Self::Invalid | Self::LeadingZero)
    }

    pub(super) fn of(self, literal: &str) -> SyntaxErrorKind {
        let literal = shown(literal);
        match self {
            Self::Invalid => SyntaxErrorKind::InvalidNumber { literal },
            Self::LeadingZero => SyntaxErrorKind::LeadingZero { literal },
            Self::Fraction => SyntaxErrorKind::Fraction { literal },
            Self::Exponent => SyntaxErrorKind::Exponent { literal },
            Self::NegativeZero => SyntaxErrorKind::NegativeZero,
            Self::OutOfRange => SyntaxErrorKind::OutOfRange { literal },
        }
    }
}

/// Which rule for numbers `literal` breaks.
pub(super) fn number_fault(literal: &str) -> Option<NumberFault> {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    let whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole(digits) {
        return if digits.len() > 1 && digits.starts_with('0') {
            Some(NumberFault::LeadingZero)
        } else if literal == "-0" {
            Some(NumberFault::NegativeZero)
        } else if digits.parse().is_ok_and(|value: i64| value <= MAX_INTEGER) {
            None
        } else {
            Some(NumberFault::OutOfRange)
        };
    }
    let (number, exponent) = match digits.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (digits, None),
    };
    let (integer, fraction) = match number.split_once('.') {
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (number, None),
    };
    let unsigned = |text: &str| whole(text.strip_prefix(['+', '-']).unwrap_or(text));
    Some(
        if !whole(integer) || !fraction.is_none_or(whole) || !exponent.is_none_or(unsigned) {
            NumberFault::Invalid
        } else if integer.len() > 1 && integer.starts_with('0') {
            NumberFault::LeadingZero
        } else if fraction.is_some() {
            NumberFault::Fraction
        } else {
            NumberFault::Exponent
        },
    )
}

/// The text of a string's inside, whose escapes the parser has seen to be whole.
///
/// Most strings have none; those who ask are not to be burdened with it.
#[inline(never)]
pub(super) fn decode(inside: &str) -> String {
    let mut out = String::with_capacity(pool::room(inside.len()));
    decode_to(inside, &mut out);
    out
}

/// The text of a string that the parser has passed, quotes included.
pub(crate) fn unquoted(string: &str) -> Cow<'_, str> {
    let inside = string
        .get(1..string.len().saturating_sub(1))
        .unwrap_or_default();
    if escape_at(inside).is_none() {
        Cow::Borrowed(inside)
    } else {
        Cow::Owned(decode(inside))
    }
}

/// [`decode`] to the end of `out`.
pub(super) fn decode_to(inside: &str, out: &mut String) {
    out.reserve(pool::room(inside.len()));
    pieces(inside, |piece| {
        out.push_str(piece);
        true
    });
}

/// Whether [`decode`] gives `text`; nothing is decoded in memory for it.
pub(super) fn decodes_to(inside: &str, text: &str) -> bool {
    let mut rest = text;
    let begins = pieces(inside, |piece| {
        let behind = rest.strip_prefix(piece);
        rest = behind.unwrap_or(rest);
        behind.is_some()
    });
    begins && rest.is_empty()
}

/// Gives what is between the escapes, and what each of them means, to `take`, in turn and until it says no. Whether it
/// never did.
fn pieces(inside: &str, mut take: impl FnMut(&str) -> bool) -> bool {
    let mut rest = inside;
    while let Some(at) = escape_at(rest)
        && let Some((before, from)) = rest.split_at_checked(at)
    {
        let escape = from.get(1..).unwrap_or_default();
        let (character, length) = match escape.bytes().next() {
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{C}', 1),
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(b'u') => decode_units(from),
            Some(same) => (char::from(same), 1),
            None => (char::REPLACEMENT_CHARACTER, 0),
        };
        if !take(before) || !take(character.encode_utf8(&mut [0; 4])) {
            return false;
        }
        rest = escape.get(length..).unwrap_or_default();
    }
    take(rest)
}

/// Where the next escape begins. Most often another one follows it, or none for long.
#[inline]
pub(super) fn escape_at(inside: &str) -> Option<usize> {
    if inside.starts_with('\\') {
        return Some(0);
    }
    memchr::memchr(b'\\', inside.as_bytes())
}

/// The character of one `\uXXXX` or a pair of them, and their length behind the first backslash.
pub(super) fn decode_units(escapes: &str) -> (char, usize) {
    let unit_at = |at| escapes.as_bytes().get(at..).and_then(unit);
    let first = unit_at(0).unwrap_or_default();
    if let Some(character) = char::from_u32(first.into()) {
        return (character, 5);
    }
    let units = [first, unit_at(6).unwrap_or_default()];
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => (character, 11),
        Some(Err(_)) | None => (char::REPLACEMENT_CHARACTER, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, plain_end, unit};

    #[test]
    fn units_are_of_four_digits() {
        for byte in 0..=u8::MAX {
            let value = char::from(byte).to_digit(16);
            for at in 0..4 {
                let mut escape = *b"\\u12aF\"";
                let mut digits = [1, 2, 10, 15].map(Some);
                if let (Some(place), Some(digit)) = (escape.get_mut(2 + at), digits.get_mut(at)) {
                    (*place, *digit) = (byte, value);
                }
                let mut digits = digits.into_iter();
                let expected = digits.try_fold(0, |unit, digit| Some(unit * 16 + digit?));
                assert_eq!(unit(&escape).map(u32::from), expected, "{byte} at {at}");
            }
        }
        assert_eq!(unit(b"\\u12a"), None);
        assert_eq!(unit(b"\\U12aF"), None);
    }

    #[test]
    fn every_byte_is_found_at_every_place() {
        for length in (0..80).chain([127, 128, 129, 200]) {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut bytes = vec![b'a'; length];
                    if let Some(place) = bytes.get_mut(at) {
                        *place = byte;
                    }
                    assert_eq!(
                        plain(&bytes),
                        plain_end(&bytes),
                        "{byte} at {at} of {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_first_of_several_is_found() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let mut bytes = [b'~'; 2 * super::BLOCK];
                for (place, byte) in bytes.iter_mut().skip(13).zip([first, second, first, 0x20]) {
                    *place = byte;
                }
                assert_eq!(plain(&bytes), plain_end(&bytes), "{first} {second}");
            }
        }
    }
}
