//! `json-string`: what the inside of a JSON string means (RFC 8259, section 7).

use std::borrow::Cow;

use super::{TransformError, syntax};
use crate::json;
use crate::pool;

/// Undoes the escapes of the inside of a JSON string.
pub(super) fn unescape(text: &str) -> Result<Cow<'_, str>, TransformError> {
    let first = json::plain(text.as_bytes());
    if first == text.len() {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(pool::room(text.len()));
    let mut at = first;
    out.push_str(text.get(..first).unwrap_or_default());
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'\\' => {
                let (character, length) = escape(text, at)?;
                out.push(character);
                at += length;
            }
            b'"' => return Err(syntax(text, at, "a quote ends a string")),
            control if *control < 0x20 => {
                return Err(syntax(text, at, "a control character must be escaped"));
            }
            _ => {
                let rest = text.get(at..).unwrap_or_default();
                let length = json::plain(rest.as_bytes());
                out.push_str(rest.get(..length).unwrap_or_default());
                at += length;
            }
        }
    }
    Ok(Cow::Owned(out))
}

/// The character of the escape at `at`, and the escape's length.
fn escape(text: &str, at: usize) -> Result<(char, usize), TransformError> {
    let short = |character| Ok((character, 2));
    match text.as_bytes().get(at + 1) {
        Some(b'"') => short('"'),
        Some(b'\\') => short('\\'),
        Some(b'/') => short('/'),
        Some(b'b') => short('\u{8}'),
        Some(b'f') => short('\u{c}'),
        Some(b'n') => short('\n'),
        Some(b'r') => short('\r'),
        Some(b't') => short('\t'),
        Some(b'u') => unit(text, at)
            .and_then(|first| {
                if let Some(character) = char::from_u32(first) {
                    return Some((character, 6));
                }
                let second = unit(text, at + 6).filter(|unit| (0xdc00..0xe000).contains(unit))?;
                let high = first.checked_sub(0xd800).filter(|high| *high < 0x400)?;
                let code = 0x10000 + (high << 10) + (second - 0xdc00);
                char::from_u32(code).map(|character| (character, 12))
            })
            .ok_or_else(|| syntax(text, at, "this escape is not a character")),
        _ => Err(syntax(text, at, "JSON does not define this escape")),
    }
}

/// The code unit of the escape `\uXXXX` at `at`.
fn unit(text: &str, at: usize) -> Option<u32> {
    text.as_bytes()
        .get(at..)
        .and_then(json::unit)
        .map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_are_undone() {
        for (text, value) in [
            ("", ""),
            ("plain é", "plain é"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"\u0041\u00e9\uD83D\ude00x", "Aé😀x"),
            ("\u{7f}\u{85}", "\u{7f}\u{85}"),
        ] {
            assert_eq!(unescape(text).as_deref(), Ok(value), "{text}");
        }
        for text in [
            "\"",
            "\\",
            r"\x",
            r"\u12",
            r"\u+123",
            r"\ud800",
            r"\ud800x",
            r"\ud800\u0041",
            r"\udc00",
            r"\'",
            "a\nb",
            "\u{0}",
            r"\U0041",
            r"\ud800\ud800",
        ] {
            assert!(unescape(text).is_err(), "{text:?}");
        }
    }
}
