//! `text-v1`: the form of a text by which copies of it are matched.

use unicode_normalization::UnicodeNormalization as _;

use crate::digest::Digest;

/// The code points that `text-v1` takes for white space: those with the property `White_Space` in
/// Unicode 17.0, listed so that no later Unicode version changes a digest.
pub const WHITE_SPACE: [char; 25] = [
    '\u{9}', '\u{a}', '\u{b}', '\u{c}', '\u{d}', '\u{20}', '\u{85}', '\u{a0}', '\u{1680}',
    '\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2007}',
    '\u{2008}', '\u{2009}', '\u{200a}', '\u{2028}', '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}',
];

/// The text in the form `text-v1`: NFC, each run of white space as one space, ends trimmed
/// (`spec/canonical.md`, `text-v1-…`; NFC as in UAX #15).
///
/// ```
/// assert_eq!(dateline::record::text_v1(" e\u{301}\n\nB\u{a0}c "), "é B c");
/// ```
#[must_use]
pub fn text_v1(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfc() {
        if WHITE_SPACE.contains(&c) {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// SHA-256 over [`text_v1`] of `text`; absent when that is empty.
///
/// A key by which copies are found, never a proof of integrity: texts that differ in spacing or
/// composition share it.
#[must_use]
pub fn text_digest(text: &str) -> Option<Digest> {
    let form = text_v1(text);
    (!form.is_empty()).then(|| Digest::of(form.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{WHITE_SPACE, text_digest, text_v1};

    #[test]
    fn the_list_is_unicodes() {
        let unicode: Vec<char> = ('\0'..=char::MAX).filter(|c| c.is_whitespace()).collect();
        assert_eq!(unicode, WHITE_SPACE);
    }

    #[test]
    fn only_white_space_is_no_text() {
        assert_eq!(text_v1(" \u{3000}\n"), "");
        assert_eq!(text_digest("\u{a0}"), None);
        assert_eq!(text_digest("a  b"), text_digest("a\nb "));
        assert_ne!(text_digest("a\u{200b}b"), text_digest("ab"));
    }
}
