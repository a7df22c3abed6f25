//! `mojibake:`: UTF-8 that was read in another encoding.

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::Encoding;

use super::TransformError;

/// Reads as UTF-8 what is UTF-8 when each character is the byte that it has in the encoding `label`.
///
/// From the left: where the bytes of the next characters begin with a well-formed sequence of two to four
/// bytes, those characters become the one that it encodes; every other character stays.
pub(super) fn repair<'t>(text: &'t str, label: &str) -> Result<Cow<'t, str>, TransformError> {
    let unknown = || TransformError::Encoding(label.to_owned());
    let encoding = Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(unknown)?;
    if !encoding.is_single_byte() {
        return Err(unknown());
    }
    if text.is_ascii() {
        return Ok(Cow::Borrowed(text));
    }
    let bytes = high_bytes(encoding);
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.clone().next() {
        let mut sequence = Vec::with_capacity(4);
        let mut ahead = characters.clone();
        let repaired = loop {
            let byte = ahead.next().and_then(|c| bytes.get(&c));
            let Some(byte) = byte.filter(|_| sequence.len() < 4) else {
                break None;
            };
            sequence.push(*byte);
            if let Ok(one) = std::str::from_utf8(&sequence) {
                break one.chars().next();
            }
        };
        if let Some(repaired) = repaired {
            out.push(repaired);
            characters = ahead;
        } else {
            out.push(character);
            characters.next();
        }
    }
    Ok(Cow::Owned(out))
}

/// The characters of an encoding of one byte a character that are not ASCII, with their bytes.
fn high_bytes(encoding: &'static Encoding) -> HashMap<char, u8> {
    let byte_of = |byte: u8| {
        let bytes = [byte];
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
        text.chars().next().map(|character| (character, byte))
    };
    (0x80..=0xff).filter_map(byte_of).collect()
}

/// Whether a label is that of an encoding of one byte a character.
pub(crate) fn is_single_byte(label: &str) -> bool {
    Encoding::for_label_no_replacement(label.as_bytes()).is_some_and(Encoding::is_single_byte)
}

#[cfg(test)]
mod tests {
    use super::repair;

    #[test]
    fn what_was_read_wrongly_is_read_again() {
        for (text, value) in [
            ("CafÃ© opens", "Café opens"),
            ("â€œCafé Ã©â€\u{9d}", "“Café é”"),
            ("Ã©Ã", "éÃ"),
            ("ASCII", "ASCII"),
            ("Ã\u{a0} la", "à la"),
            ("ðŸ˜€", "😀"),
            ("日本", "日本"),
        ] {
            assert_eq!(repair(text, "windows-1252").as_deref(), Ok(value), "{text}");
        }
        for label in ["utf-8", "gbk", "klingon", ""] {
            assert!(repair("é", label).is_err(), "{label}");
        }
    }
}
