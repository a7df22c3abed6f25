//! The pieces of a JSON text: runs of characters, escapes, numbers.

use super::error::{SyntaxErrorKind, shown};
use super::limit::MAX_INTEGER;

/// How many bytes of a string need no attention: no quote, backslash or control character.
///
/// Most strings are keys and end within a word of eight bytes.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    let Some((word, rest)) = bytes.split_first_chunk::<8>() else {
        return plain_words(bytes);
    };
    let special = special_bytes(u64::from_le_bytes(*word));
    if special == 0 {
        8 + plain_long(rest)
    } else {
        byte_of(special)
    }
}

/// [`plain`] of what may be long, in blocks that compile to vector instructions.
#[inline(never)]
fn plain_long(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    // Numbers and not truth values: of these the compiler makes what takes twice as long.
    let clean = |block: &&[u8; BLOCK]| {
        let hits = block.iter().fold(0, |hits, &byte| {
            hits | u8::from(byte < 0x20) | u8::from(byte == b'"') | u8::from(byte == b'\\')
        });
        hits == 0
    };
    let passed = blocks.iter().take_while(clean).count() * BLOCK;
    passed + plain_words(bytes.get(passed..).unwrap_or_default())
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// [`plain`], eight bytes at a time.
#[inline]
fn plain_words(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return index * 8 + byte_of(special);
        }
    }
    let more = rest.iter().position(|&byte| is_special(byte));
    words.len() * 8 + more.unwrap_or(rest.len())
}

/// The byte in which the lowest bit lies that is set.
#[inline]
fn byte_of(special: u64) -> usize {
    usize::try_from(special.trailing_zeros() / 8).unwrap_or_default()
}

/// A word whose lowest bit that is set lies in the first byte that needs attention.
///
/// `x - n` borrows into the highest bit of a byte that is less than `n` (Warren, Hacker's Delight,
/// section 6-1); bytes above may be hit falsely, the lowest hit is true.
#[inline]
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let quote = below(word ^ (ONES * u64::from(b'"')), 1);
    let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
    (quote | backslash | below(word, 0x20)) & HIGHEST
}

/// The UTF-16 code unit of the escape `\uXXXX` that begins `bytes`.
pub(super) fn unit(bytes: &[u8]) -> Option<u16> {
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

/// Which rule for numbers `literal` breaks.
pub(super) fn number_fault(literal: &str) -> Option<SyntaxErrorKind> {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    let whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let shown = || shown(literal);
    if whole(digits) {
        return if digits.len() > 1 && digits.starts_with('0') {
            Some(SyntaxErrorKind::LeadingZero { literal: shown() })
        } else if literal == "-0" {
            Some(SyntaxErrorKind::NegativeZero)
        } else if digits.parse().is_ok_and(|value: i64| value <= MAX_INTEGER) {
            None
        } else {
            Some(SyntaxErrorKind::OutOfRange { literal: shown() })
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
            SyntaxErrorKind::InvalidNumber { literal: shown() }
        } else if integer.len() > 1 && integer.starts_with('0') {
            SyntaxErrorKind::LeadingZero { literal: shown() }
        } else if fraction.is_some() {
            SyntaxErrorKind::Fraction { literal: shown() }
        } else {
            SyntaxErrorKind::Exponent { literal: shown() }
        },
    )
}

/// The text of a string's inside, whose escapes the parser has seen to be whole.
///
/// Most strings have none; those who ask are not to be burdened with it.
#[inline(never)]
pub(super) fn decode(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    decode_to(inside, &mut out);
    out
}

/// [`decode`] to the end of `out`.
pub(super) fn decode_to(inside: &str, out: &mut String) {
    let mut rest = inside;
    while let Some(at) = escape_at(rest)
        && let Some((before, from)) = rest.split_at_checked(at)
    {
        out.push_str(before);
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
        out.push(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
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
    use super::{is_special, plain, unit};

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

    /// [`plain`], one byte at a time.
    fn slowly(bytes: &[u8]) -> usize {
        let special = bytes.iter().position(|&byte| is_special(byte));
        special.unwrap_or(bytes.len())
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
                    assert_eq!(plain(&bytes), slowly(&bytes), "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn the_first_of_several_is_found() {
        // Borrows of a word's lower bytes reach its higher ones.
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let bytes = [b'~', first, second, first, 0x20, second, b'!', 0x80, b'"'];
                assert_eq!(plain(&bytes), slowly(&bytes), "{first} {second}");
            }
        }
    }
}
