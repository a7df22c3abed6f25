//! Makes text from files safe to show.
//!
//! A file can contain characters that move the cursor of a terminal, change its colours or title, reverse
//! the direction of writing, or are invisible. They are shown as escapes such as `\u{1b}`, and bytes that
//! are not UTF-8 as `\xFF`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use super::escaping;

/// How many characters of a value [`shown`] keeps.
pub const SHOWN: usize = 60;

/// Whether a character is shown escaped.
///
/// These are C0, DEL and C1; the marks and controls of bidirectional text; line and paragraph
/// separators; all other characters that Unicode lets a display ignore
/// (`Default_Ignorable_Code_Point`: zero-width characters, the byte order mark, variation
/// selectors, tags); interlinear annotation marks; and noncharacters.
///
/// ```
/// use dateline::diagnostic::escape::is_escaped;
///
/// assert!(is_escaped('\u{1b}') && is_escaped('\u{202e}') && is_escaped('\u{200b}'));
/// assert!(!is_escaped('é') && !is_escaped('日') && !is_escaped(' '));
/// ```
#[must_use]
pub fn is_escaped(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// `text` with the characters of [`is_escaped`] escaped: tab, LF and CR as `\t`, `\n`, `\r`, others
/// as `\u{…}`.
///
/// Backslashes are left alone, so escaping twice is the same as escaping once.
///
/// ```
/// use dateline::diagnostic::escape::escape;
///
/// assert_eq!(escape("a\u{1b}[31mb\n"), r"a\u{1b}[31mb\n");
/// ```
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push(&mut out, character);
    }
    Cow::Owned(out)
}

/// A value as JSON on one line, with JSON's own escapes for the characters of [`is_escaped`].
///
/// # Errors
///
/// If the value cannot be written as JSON.
///
/// ```
/// use dateline::diagnostic::escape::json;
///
/// assert_eq!(json(&["a\u{9b}1m"])?, r#"["a\u009b1m"]"#);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn json<T: Serialize>(value: &T) -> io::Result<String> {
    let mut out = Vec::new();
    escaping::write_bare(&mut out, value, escaping::Layout::Line)?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// `bytes` as [`escape`] would show them, with each byte that is not UTF-8 as `\x` and two hexadecimal
/// digits.
#[must_use]
pub fn escape_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(&escape(chunk.valid()));
        for byte in chunk.invalid() {
            push_byte(&mut out, *byte);
        }
    }
    out
}

/// `text` as [`escape`] shows it, in an attribute or an element of XML.
///
/// ```
/// use dateline::diagnostic::escape::xml;
///
/// assert_eq!(xml("<b> & \u{1b}"), r"&lt;b&gt; &amp; \u{1b}");
/// ```
#[must_use]
pub fn xml(text: &str) -> String {
    let text = escape(text);
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            plain => out.push(plain),
        }
    }
    out
}

/// `text` for use in a message: escaped, and cut after [`SHOWN`] characters with `…`.
///
/// ```
/// use dateline::diagnostic::escape::shown;
///
/// assert_eq!(shown("Rain\r"), r"Rain\r");
/// assert_eq!(shown(&"a".repeat(100)).chars().count(), 61);
/// ```
#[must_use]
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => escape(text).into_owned(),
        Some((end, _)) => escape(text.get(..end).unwrap_or_default()).into_owned() + "…",
    }
}

/// How many characters [`apart`] shows before the first difference.
const BEFORE: usize = 20;

/// Two different texts, for use in a message that compares them: escaped, and long ones cut with `…` to at
/// most [`SHOWN`] characters around the first difference.
///
/// Long texts often begin alike, so their beginnings would not show the difference.
///
/// ```
/// use dateline::diagnostic::escape::apart;
///
/// let long = "Rain fell on Thursday. ".repeat(9);
/// let (one, other) = apart(&format!("{long}It ended."), &format!("{long}It began."));
/// assert_eq!(one, "…ell on Thursday. It ended.");
/// assert_eq!(other, "…ell on Thursday. It began.");
/// assert_eq!(apart("Rain", "Snow"), ("Rain".to_owned(), "Snow".to_owned()));
/// ```
#[must_use]
pub fn apart(one: &str, other: &str) -> (String, String) {
    let same = one.bytes().zip(other.bytes());
    let same = same.take_while(|(one, other)| one == other).count();
    // Both have the same bytes up to there, and so the same boundaries.
    let same = one
        .floor_char_boundary(same)
        .min(other.floor_char_boundary(same));
    let window = |text: &str| {
        let before = text.get(..same).unwrap_or_default().char_indices();
        let start = match before.rev().nth(BEFORE - 1) {
            Some((start, _)) if text.chars().nth(SHOWN).is_some() => start,
            Some(_) | None => 0,
        };
        let cut = if start > 0 { "…" } else { "" };
        format!("{cut}{}", shown(text.get(start..).unwrap_or_default()))
    };
    (window(one), window(other))
}

/// `text`, cut after `most` characters with `…`; not escaped.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// Appends one character, escaped if necessary.
pub(super) fn push(out: &mut String, character: char) {
    match character {
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        hidden if is_escaped(hidden) => out.extend(hidden.escape_unicode()),
        plain => out.push(plain),
    }
}

/// Appends one byte that is not part of a character.
pub(super) fn push_byte(out: &mut String, byte: u8) {
    // Writing to a `String` does not fail.
    let _ = write!(out, "\\x{byte:02X}");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{apart, escape, escape_bytes, is_escaped, shown};

    /// Every character that can act on a terminal or hide.
    fn hazards() -> impl Iterator<Item = char> {
        (0..0x20)
            .chain(0x7f..0xa0)
            .chain([0xad, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f])
            .chain(0x2028..=0x202e)
            .chain(0x2060..=0x206f)
            .chain([
                0xfe0f, 0xfeff, 0xfff9, 0xfffa, 0xfffb, 0xffff, 0x1_fffe, 0x10_ffff,
            ])
            .chain(0xe_0000..=0xe_007f)
            .chain(0xe_0100..=0xe_01ef)
            .map(|code| char::from_u32(code).unwrap())
    }

    #[test]
    fn no_hazard_is_shown_as_itself() {
        for hazard in hazards() {
            assert!(is_escaped(hazard), "{hazard:?}");
            let text = format!("a{hazard}b");
            for out in [
                escape(&text).into_owned(),
                escape_bytes(text.as_bytes()),
                shown(&text),
            ] {
                assert!(!out.contains(hazard), "{out:?}");
                assert!(out.starts_with("a\\") && out.ends_with('b'), "{out:?}");
                assert_eq!(escape(&out), out, "escaped once is escaped");
            }
        }
    }

    #[test]
    fn letters_of_all_scripts_are_shown_as_they_are() {
        for text in [
            "naïve café",
            "Дождь",
            "雨",
            "مطر",
            "ปีน",
            "e\u{301}",
            "🌧",
            "\u{a0}",
            "«»“”…",
        ] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn bytes_that_are_no_characters_are_named() {
        assert_eq!(
            escape_bytes(b"Caf\xE9 \xF0\x9F\x98"),
            r"Caf\xE9 \xF0\x9F\x98"
        );
        assert_eq!(escape("\u{0}\t\u{85}"), r"\u{0}\t\u{85}");
    }

    #[test]
    fn a_long_value_is_cut_at_a_character() {
        assert_eq!(shown(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(shown(&"é".repeat(61)), "é".repeat(60) + "…");
    }

    #[test]
    fn two_texts_are_shown_where_they_part() {
        let long = "é".repeat(100);
        let behind = "…".to_owned() + &"é".repeat(20);
        for (one, other, shown) in [
            (
                "a".to_owned(),
                "b".to_owned(),
                ("a".to_owned(), "b".to_owned()),
            ),
            // A short text is shown whole beside a long one.
            (
                "a".to_owned(),
                "ab".repeat(50),
                ("a".to_owned(), "ab".repeat(30) + "…"),
            ),
            (
                long.clone() + "a",
                long.clone() + "b",
                (behind.clone() + "a", behind.clone() + "b"),
            ),
            // One goes on where the other ends.
            (
                long.clone(),
                long.clone() + "b",
                (behind.clone(), behind.clone() + "b"),
            ),
            // They part within a character: é and è share their first byte.
            (
                long.clone() + "é",
                long.clone() + "è",
                (behind.clone() + "é", behind.clone() + "è"),
            ),
            (
                format!("{long}a{long}"),
                format!("{long}\u{202e}{long}"),
                (
                    format!("{behind}a{}…", "é".repeat(39)),
                    format!("{behind}\\u{{202e}}{}…", "é".repeat(39)),
                ),
            ),
        ] {
            assert_eq!(apart(&one, &other), shown);
            assert_eq!(apart(&other, &one), (shown.1, shown.0));
        }
    }
}
