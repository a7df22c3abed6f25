//! Transforms of characters: white space, line ends, letters, quotes.

use std::borrow::Cow;

use super::{NAMED, TransformError, begin};
use crate::record::WHITE_SPACE;

/// `csv-cell`: each pair of U+0022 becomes one.
pub(super) fn undouble(text: &str) -> Cow<'_, str> {
    if text.contains("\"\"") {
        Cow::Owned(text.replace("\"\"", "\""))
    } else {
        Cow::Borrowed(text)
    }
}

/// `collapse-space`: each run of white space becomes one U+0020.
pub(super) fn collapse_space(text: &str) -> Cow<'_, str> {
    if !has_runs(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut in_space = false;
    for c in text.chars() {
        let space = WHITE_SPACE.contains(&c);
        if !space {
            out.push(c);
        } else if !in_space {
            out.push(' ');
        }
        in_space = space;
    }
    Cow::Owned(out)
}

/// Whether there is white space other than single U+0020.
fn has_runs(text: &str) -> bool {
    let mut before = b'a';
    let odd = |byte: u8| {
        let pair = byte == b' ' && std::mem::replace(&mut before, byte) == b' ';
        before = byte;
        // What is not ASCII may be white space; U+0009 to U+000D and no other control characters are.
        pair || matches!(byte, 0x09..=0x0d | 0xc2 | 0xe1..=0xe3)
    };
    text.bytes().any(odd)
}

/// `collapse-lines`: each run of white space becomes one U+000A where it has one, else one U+0020; none
/// is left at the ends.
pub(super) fn collapse_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = None;
    for c in text.trim_matches(WHITE_SPACE).chars() {
        if WHITE_SPACE.contains(&c) {
            let line = c == '\n' || space == Some('\n');
            space = Some(if line { '\n' } else { ' ' });
        } else {
            out.extend(space.take());
            out.push(c);
        }
    }
    out
}

/// `line-feeds`: CRLF and CR become U+000A.
pub(super) fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// `ascii-lower`: A to Z become a to z.
pub(super) fn ascii_lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// `locale`: the language of a locale.
pub(super) fn locale(text: &str) -> Result<String, TransformError> {
    let language = text.split(['_', '-']).next().unwrap_or_default();
    let good = matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_alphabetic());
    let rest = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if good && rest {
        Ok(language.to_ascii_lowercase())
    } else {
        Err(TransformError::Locale(begin(text, NAMED)))
    }
}

#[cfg(test)]
mod tests {
    use super::{collapse_lines, collapse_space, line_feeds, undouble};

    #[test]
    fn runs_of_white_space_become_one_character() {
        for (text, spaces, lines) in [
            ("a b", "a b", "a b"),
            ("a  b", "a b", "a b"),
            (" a\t\n b ", " a b ", "a\nb"),
            ("a \u{a0}\u{2003}b\u{3000}", "a b ", "a b"),
            ("a\n\n\nb", "a b", "a\nb"),
            ("é\u{2014}b", "é\u{2014}b", "é\u{2014}b"),
            (" ", " ", ""),
            ("", "", ""),
        ] {
            assert_eq!(collapse_space(text), spaces, "{text:?}");
            assert_eq!(collapse_lines(text), lines, "{text:?}");
        }
    }

    #[test]
    fn line_ends_and_quotes() {
        assert_eq!(line_feeds("a\r\nb\rc\n\r\n"), "a\nb\nc\n\n");
        assert_eq!(undouble(r#"a ""b"" """#), r#"a "b" ""#);
        assert_eq!(undouble(r#"""""#), r#""""#.get(..2).unwrap_or_default());
    }
}
