//! The pieces of a JSON text: runs of characters, escapes, numbers.

use super::error::{SyntaxErrorKind, shown};
use super::limit::MAX_INTEGER;

/// How many bytes of a string need no attention: no quote, backslash or control character.
pub(super) fn plain(bytes: &[u8]) -> usize {
    const CHUNK: usize = 16;
    let special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    // A chunk without a branch in it compiles to vector instructions.
    let clean = |chunk: &&[u8]| !chunk.iter().fold(false, |hit, &byte| hit | special(byte));
    let skipped = bytes.chunks_exact(CHUNK).take_while(clean).count() * CHUNK;
    let rest = bytes.get(skipped..).unwrap_or_default();
    let more = rest.iter().position(|&byte| special(byte));
    skipped + more.unwrap_or(rest.len())
}

/// The UTF-16 code unit of the escape `\uXXXX` that begins `bytes`.
pub(super) fn unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.get(..6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, &digit| {
        let value = char::from(digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(value).ok()?)
    })
}

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
pub(super) fn decode(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let (character, length) = match escape.bytes().next() {
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{C}', 1),
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(b'u') => decode_units(rest.get(before.len()..).unwrap_or_default()),
            Some(same) => (char::from(same), 1),
            None => (char::REPLACEMENT_CHARACTER, 0),
        };
        out.push(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character of one `\uXXXX` or a pair of them, and their length behind the first backslash.
pub(super) fn decode_units(escapes: &str) -> (char, usize) {
    let unit_at = |at| escapes.as_bytes().get(at..).and_then(unit);
    let units = unit_at(0).into_iter().chain(unit_at(6));
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => (character, 6 * character.len_utf16() - 1),
        Some(Err(_)) | None => (char::REPLACEMENT_CHARACTER, 5),
    }
}
