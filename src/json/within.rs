//! From bytes of a string's text back to the bytes that write them.

use std::ops::Range;

use super::Node;
use super::lexeme::{decode, unit};

impl Node<'_> {
    /// The bytes of the source that write the bytes `text` of [`as_str`](Self::as_str): where the
    /// string holds escapes, what stands behind one lies further on than in the text. An escape is
    /// whole: a part of its character is all of it.
    ///
    /// What reaches beyond the text ends with it.
    ///
    /// ```
    /// use dateline::json::Tape;
    ///
    /// let source = br#"{"text": "a\n\u00e9 <b>"}"#;
    /// let tape = Tape::parse(source)?;
    /// let text = tape.root().get("text").unwrap();
    /// let at = text.as_str().unwrap().find("<b>").unwrap();
    /// assert_eq!(&source[text.within(at..at + 3)], b"<b>");
    /// assert_eq!(&source[text.within(2..3)], br"\u00e9");
    /// # Ok::<(), dateline::json::SyntaxError>(())
    /// ```
    #[must_use]
    pub fn within(&self, text: Range<usize>) -> Range<usize> {
        let span = self.span();
        let first = span.start + 1;
        let quoted = self.written();
        let inside = quoted
            .get(1..quoted.len().saturating_sub(1))
            .unwrap_or_default();
        let mut walk = Walk {
            inside,
            written: 0,
            decoded: 0,
        };
        let start = walk.to(text.start, false);
        let end = walk.to(text.end.max(text.start), true);
        first + start..first + end
    }
}

/// How far one has come: bytes of the source and of the text that they write.
struct Walk<'s> {
    inside: &'s str,
    written: usize,
    decoded: usize,
}

impl Walk<'_> {
    /// The byte of the source at `wanted` of the text; within an escape its beginning, or its end.
    fn to(&mut self, wanted: usize, end: bool) -> usize {
        while self.decoded < wanted {
            let rest = self.inside.get(self.written..).unwrap_or_default();
            let plain = memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len());
            let step = plain.min(wanted - self.decoded);
            self.written += step;
            self.decoded += step;
            if self.decoded == wanted || plain == rest.len() {
                break;
            }
            let escape = length(rest.get(plain..).unwrap_or_default());
            let written = rest.get(plain..plain + escape).unwrap_or_default();
            let decoded = decode(written).len();
            if self.decoded + decoded > wanted && !end {
                break;
            }
            self.written += escape;
            self.decoded += decoded;
        }
        self.written
    }
}

/// How many bytes the escape, or pair of escapes, has that begins `rest`.
fn length(rest: &str) -> usize {
    match unit(rest.as_bytes()) {
        Some(0xD800..=0xDBFF) => 12,
        Some(_) => 6,
        None => 2,
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Tape;

    #[test]
    fn every_character_is_found_where_it_is_written() {
        let source = r#""a\\b\n\u00e9é\ud83d\ude00😀\"\/z""#;
        let tape = Tape::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let text = tape.root().as_str().unwrap_or_default();
        let written: Vec<&str> = text
            .char_indices()
            .map(|(at, c)| {
                let span = tape.root().within(at..at + c.len_utf8());
                source.get(span).unwrap_or_default()
            })
            .collect();
        let expected = [
            "a",
            r"\\",
            "b",
            r"\n",
            r"\u00e9",
            "é",
            r"\ud83d\ude00",
            "😀",
            "\\\"",
            r"\/",
            "z",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn a_part_of_an_escape_is_all_of_it() {
        let source = r#""x\u00e9y""#;
        let tape = Tape::parse(source.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let within = |range| source.get(tape.root().within(range)).unwrap_or_default();
        assert_eq!(within(1..2), r"\u00e9");
        assert_eq!(within(2..4), r"\u00e9y");
        assert_eq!(within(3..99), "y");
        assert_eq!(within(0..0), "");
    }
}
