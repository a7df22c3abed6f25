//! The characters of one text: those that no writer meant, counted.
//!
//! Most texts hold none of them. What may be one begins with few bytes, which are looked for many at a
//! time; only where one of these stands is the text looked at. Nothing is allocated.

use super::hit::Hit;
use super::{markup, misread, mojibake};
use crate::block::{self, Blocks};

/// What [`scan`] finds in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hits {
    /// Control characters but tab and line feed, and byte order marks.
    pub(crate) control: Hit,
    /// Bidirectional overrides, and embeddings or isolates that their paragraph does not end.
    pub(crate) bidi: Hit,
    /// U+FFFD.
    pub(crate) replacement: Hit,
    /// Characters for private use, and code points that are no characters.
    pub(crate) private: Hit,
    /// Tags, comments and declarations of HTML.
    pub(crate) markup: Hit,
    /// Character references of HTML.
    pub(crate) entity: Hit,
    /// What was read in another encoding than its own.
    pub(crate) mojibake: Hit,
}

impl Hits {
    /// Whether there is nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        let all = [
            &self.control,
            &self.bidi,
            &self.replacement,
            &self.private,
            &self.markup,
            &self.entity,
            &self.mojibake,
        ];
        all.iter().all(|hit| hit.count == 0)
    }
}

/// Texts of no more bytes are passed once: most are names and headlines, with nothing in them.
const SHORT: usize = 256;

/// How many bytes of a long text are looked at together.
const BLOCK: usize = 64;

/// Looks for everything in [`Hits`].
pub(crate) fn scan(text: &str) -> Hits {
    let bytes = text.as_bytes();
    if bytes.len() <= SHORT && !anything_begins(bytes) {
        let mut hits = Hits::default();
        mojibake::cyrillic(text, &mut hits.mojibake);
        misread::look(text, &mut hits.mojibake);
        return hits;
    }
    let mut scan = Scan {
        text,
        hits: Hits::default(),
        seen: 0,
        directed: 0,
        shadowed: Hit::default(),
        mojibake: mojibake::Finder::default(),
    };
    scan.controls(bytes);
    scan.pass(memchr::memchr3_iter(b'<', b'&', 0x7F, bytes));
    if bytes.is_ascii() {
        return scan.finish();
    }
    // C1 begins with C2, and a letter that may be half a character read alone with C3. These are
    // frequent, and looked for together with what must stand behind them.
    scan.letters(bytes);
    // Bidirectional controls with E2, characters for private use with EE and EF,
    scan.pass(memchr::memchr2_iter(0xE2, 0xEE, bytes));
    // U+FEFF and U+FFFD with EF, noncharacters with EF to F4.
    scan.pass(memchr::memchr3_iter(0xEF, 0xF0, 0xF1, bytes));
    scan.pass(memchr::memchr3_iter(0xF2, 0xF3, 0xF4, bytes));
    mojibake::cyrillic(text, &mut scan.hits.mojibake);
    misread::look(text, &mut scan.hits.mojibake);
    scan.finish()
}

/// Whether anything that is looked for may begin in a text, Cyrillic that was read wrongly apart.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn anything_begins(bytes: &[u8]) -> bool {
    let mut blocks = Blocks::new(bytes);
    while let Some(block) = blocks.next() {
        let odd = |byte, _, _| is_control(byte) | (byte >= 0x7F) | (byte == b'<') | (byte == b'&');
        let begins = |one, two, three| {
            is_control(one)
                | (one == b'<')
                | (one == b'&')
                | (one == 0x7F)
                | (one == 0xC2) & (two < 0xA0)
                | (one == 0xC3) & (three >= 0x80)
                | (one == 0xE2) & ((two == 0x81) | (three >= 0xAA))
                | (one >= 0xEE) & !((one == 0xEF) & (two & 0xFE == 0xBC))
        };
        if block::any(block, odd) && block::any(block, begins) {
            return true;
        }
    }
    false
}

/// Whether a byte is a control character of C0 that no text should hold.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn is_control(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\n') & (byte != b'\t')
}

/// Whether [`may_begin`] holds for a byte C2 or C3 of a block; `two` and `three` are the bytes behind
/// each. The arrays have a known length, so that the comparisons are unrolled into vectors.
#[inline(never)]
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn has_letter(one: &[u8; BLOCK], two: &[u8; BLOCK], three: &[u8; BLOCK]) -> bool {
    let all = one.iter().zip(two).zip(three);
    all.fold(false, |hit, ((one, two), three)| {
        hit | (*one == 0xC2) & (two & 0x20 == 0) | (*one == 0xC3) & (*three >= 0x80)
    })
}

/// Whether a byte that is looked for may begin what is, as the two behind it show. Most often it does
/// not: `é` before a letter, quotes, commas of full width.
const fn may_begin(one: u8, two: u8, three: u8) -> bool {
    match one {
        0xC2 => two < 0xA0,
        0xC3 => three >= 0x80,
        0xE2 => two == 0x81 || three >= 0xAA,
        0xEF => !matches!(two, 0xBC | 0xBD),
        _ => true,
    }
}

struct Scan<'t> {
    text: &'t str,
    hits: Hits,
    /// Up to where the text has been taken in, by this pass.
    seen: usize,
    /// Up to where directions have been counted.
    directed: usize,
    /// Control characters within what may be mojibake.
    shadowed: Hit,
    mojibake: mojibake::Finder,
}

impl Scan<'_> {
    fn controls(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        let mut start = 0;
        for block in blocks {
            let hits = block
                .iter()
                .fold(0, |hits, byte| hits | u8::from(is_control(*byte)));
            if hits != 0 {
                self.controls_from(start, block);
            }
            start += BLOCK;
        }
        self.controls_from(start, rest);
    }

    /// Counts the control characters of a stretch that begins at `start`.
    fn controls_from(&mut self, start: usize, bytes: &[u8]) {
        for (at, byte) in (start..).zip(bytes) {
            if is_control(*byte) {
                self.hits.control.add(at..at + 1);
            }
        }
    }

    /// Looks at C1 and at letters of U+00C0 to U+00FF that no letter of ASCII follows.
    fn letters(&mut self, bytes: &[u8]) {
        self.seen = 0;
        let mut start = 0;
        while start < bytes.len() {
            let shifted = |by| {
                bytes
                    .get(start + by..)
                    .and_then(|rest| rest.first_chunk::<BLOCK>())
            };
            let clean = match (shifted(0), shifted(1), shifted(2)) {
                (Some(one), Some(two), Some(three)) => !has_letter(one, two, three),
                _ => false,
            };
            if !clean {
                let end = bytes.len().min(start + BLOCK);
                let block = bytes.get(start..end).unwrap_or_default();
                let hits = memchr::memchr2_iter(0xC2, 0xC3, block);
                self.places(hits.map(|at| start + at));
            }
            start += BLOCK;
        }
    }

    /// Looks at each of these places, in order.
    fn pass(&mut self, places: impl Iterator<Item = usize>) {
        self.seen = 0;
        self.places(places);
    }

    fn places(&mut self, places: impl Iterator<Item = usize>) {
        let bytes = self.text.as_bytes();
        for place in places {
            let at = |behind| bytes.get(place + behind).copied().unwrap_or(b' ');
            if place >= self.seen && may_begin(at(0), at(1), at(2)) {
                self.look(place);
            }
        }
    }

    /// Says what begins at a byte of the text, if anything does.
    fn look(&mut self, at: usize) {
        let Some(rest) = self.text.get(at..) else {
            return;
        };
        let Some(character) = rest.chars().next() else {
            return;
        };
        let here = at..at + character.len_utf8();
        match character {
            '<' => {
                if let Some(length) = markup::tag(rest) {
                    self.hits.markup.add(at..at + length);
                    self.seen = at + length;
                }
            }
            '&' => {
                if let Some(length) = markup::entity(rest) {
                    self.hits.entity.add(at..at + length);
                    self.seen = at + length;
                }
            }
            '\u{FFFD}' => self.hits.replacement.add(here),
            '\u{FEFF}' => self.hits.control.add(here),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' if at < self.directed => {}
            '\u{202D}' | '\u{202E}' => self.hits.bidi.add(here),
            '\u{202A}' | '\u{202B}' | '\u{2066}'..='\u{2068}' => self.paragraph(at),
            '\u{C2}'..='\u{F4}' => self.sequence(at),
            control if control.is_control() => self.hits.control.add(here),
            other if is_private(other) => self.hits.private.add(here),
            _ => {}
        }
    }

    /// Takes in what may be the bytes of one character, each read as a character of its own.
    fn sequence(&mut self, at: usize) {
        let Some(found) = self.mojibake.look(self.text, at) else {
            return;
        };
        let sequence = self.text.get(found.clone()).unwrap_or_default();
        for (index, character) in sequence.char_indices() {
            if character.is_control() {
                let start = found.start + index;
                self.shadowed.add(start..start + character.len_utf8());
            }
        }
        self.seen = found.end;
    }

    /// Counts what opens a direction from `at` on and is not closed in the same paragraph.
    fn paragraph(&mut self, at: usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let paragraph = rest.get(..end).unwrap_or_default();
        // How many are open, and where the outermost of them opened.
        let (mut embedded, mut isolated) = ((0_u32, 0), (0_u32, 0));
        for (index, character) in paragraph.char_indices() {
            let (open, opens) = match character {
                '\u{202A}'..='\u{202B}' | '\u{202D}'..='\u{202E}' => (&mut embedded, true),
                '\u{202C}' => (&mut embedded, false),
                '\u{2066}'..='\u{2068}' => (&mut isolated, true),
                '\u{2069}' => (&mut isolated, false),
                _ => continue,
            };
            if matches!(character, '\u{202D}'..='\u{202E}') {
                let start = at + index;
                self.hits.bidi.add(start..start + character.len_utf8());
            }
            if opens {
                if open.0 == 0 {
                    open.1 = index;
                }
                open.0 += 1;
            } else {
                open.0 = open.0.saturating_sub(1);
            }
        }
        for (open, start) in [embedded, isolated] {
            if open > 0 {
                let start = at + start;
                self.hits.bidi.add(start..start + '\u{202A}'.len_utf8());
            }
        }
        self.directed = at + end;
    }

    fn finish(mut self) -> Hits {
        match self.mojibake.finish() {
            Some(found) => {
                let all = &mut self.hits.mojibake;
                if all.count == 0 || found.first.start < all.first.start {
                    all.first = found.first;
                }
                all.count += found.count;
            }
            // They are none: what was in them are control characters after all.
            None if self.shadowed.count > 0 => {
                let all = &mut self.hits.control;
                if all.count == 0 || self.shadowed.first.start < all.first.start {
                    all.first = self.shadowed.first;
                }
                all.count += self.shadowed.count;
            }
            None => {}
        }
        self.hits
    }
}

/// Whether a code point is for private use or is no character.
fn is_private(character: char) -> bool {
    let number = u32::from(character);
    matches!(number, 0xE000..=0xF8FF | 0xF0000.. | 0xFDD0..=0xFDEF) || number & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hits, SHORT, scan};

    proptest! {
        #[test]
        fn short_texts_are_as_long_ones(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "word ", "é", "ü", "Ã©", "Ã¼ ", "â€™", "Â", "«", "\u{a0}", "\u{85}", "\u{7f}", "\r", "\n",
                "<br>", "<a href=\"&amp;\u{7f}\u{e000}\">", "&amp;", "<", "&", "\u{202a}", "\u{202e}", "\u{2067}",
                "\u{2069}", "’", "…", "\u{e000}", "\u{fffd}", "\u{feff}", "，", "Р", "С", "ђ", "сло", "中", "🌍",
                "\u{10ffff}",
            ]), 0..12)
        ) {
            let text: String = pieces.concat();
            let long = format!("{text}\n{}", "x".repeat(SHORT));
            prop_assert_eq!(scan(&text), scan(&long));
        }
    }

    /// What is found, as name, count and first text.
    fn found(text: &str) -> Vec<(&'static str, usize, &str)> {
        let hits = scan(text);
        let all = [
            ("control", &hits.control),
            ("bidi", &hits.bidi),
            ("replacement", &hits.replacement),
            ("private", &hits.private),
            ("markup", &hits.markup),
            ("entity", &hits.entity),
            ("mojibake", &hits.mojibake),
        ];
        let some = all.into_iter().filter(|(_, hit)| hit.count > 0);
        some.map(|(name, hit)| {
            let first = text.get(hit.first.clone()).unwrap_or_default();
            (name, hit.count, first)
        })
        .collect()
    }

    #[test]
    fn each_kind_is_found_at_its_first_place_anywhere() {
        for (spoilt, expected) in [
            ("a\u{7}b\u{7f}", ("control", 2, "\u{7}")),
            ("a\rb", ("control", 1, "\r")),
            ("a\u{85}b", ("control", 1, "\u{85}")),
            ("a\u{feff}b", ("control", 1, "\u{feff}")),
            ("a\u{202e}b", ("bidi", 1, "\u{202e}")),
            ("a\u{2067}b", ("bidi", 1, "\u{2067}")),
            ("a\u{202a}b\u{202d}c", ("bidi", 2, "\u{202a}")),
            ("a\u{fffd}b\u{fffd}", ("replacement", 2, "\u{fffd}")),
            ("a\u{e000}b", ("private", 1, "\u{e000}")),
            ("a\u{f8ff}b", ("private", 1, "\u{f8ff}")),
            ("a\u{ffff}b", ("private", 1, "\u{ffff}")),
            ("a\u{fdd0}b", ("private", 1, "\u{fdd0}")),
            ("a\u{1fffe}b", ("private", 1, "\u{1fffe}")),
            ("a\u{10ffff}b", ("private", 1, "\u{10ffff}")),
            ("a\u{f0000}b", ("private", 1, "\u{f0000}")),
            ("a<br/>b<br>", ("markup", 2, "<br/>")),
            ("a&amp;b", ("entity", 1, "&amp;")),
        ] {
            for before in 0..70 {
                for behind in [0, 1, 40] {
                    let text = format!("{}{spoilt}{}", "x".repeat(before), "é".repeat(behind));
                    assert_eq!(found(&text), [expected], "{before} before {spoilt:?}");
                }
            }
        }
    }

    #[test]
    fn one_kind_hides_no_other() {
        let text = format!(
            "\u{2067}cafÃ© rÃ©ouvert {} \u{85} &amp; <br> \u{fffd}\u{e000}",
            "x".repeat(70)
        );
        let kinds = [
            ("control", 1, "\u{85}"),
            ("bidi", 1, "\u{2067}"),
            ("replacement", 1, "\u{fffd}"),
            ("private", 1, "\u{e000}"),
            ("markup", 1, "<br>"),
            ("entity", 1, "&amp;"),
            ("mojibake", 2, "Ã©"),
        ];
        assert_eq!(found(&text), kinds);
    }

    #[test]
    fn what_writers_mean_is_left_alone() {
        for text in [
            "Il a dit : « C’est l’été »\u{a0}! À Orléans…\n\nVoilà\u{a0}»",
            "„Größe“ – ÄÖÜ ßäöü. Ž š œ Ÿ",
            "Úžasný večer na Úšavě, „Úžina“.",
            "MANHÃ “AMANHÃ” IRMÃ»",
            "Привет, «мир». РЁВА Різне СС",
            "日本語のテキスト、，！ 한국어 ไทย हिन्दी ქართული",
            "مرحبا \u{200f}بالعالم\u{200e}",
            "See \u{2066}@name\u{2069} and \u{202b}name\u{202c}",
            "👩\u{200d}👩\u{200d}👧 🏴\u{e0067}\u{e0062}\u{e007f} 🇺🇦 🀄 🩷",
            "a < b && c > d, AT&T, R&D; x <3 <a@example.com> <3;",
            "two\tcolumns\nand lines",
            "Société® NESTLÉ® CAFÉ™ NESTLÉ® 5 m² 20°",
        ] {
            for before in 0..40 {
                let text = format!("{}{text}", "x".repeat(before));
                assert_eq!(scan(&text), Hits::default(), "{text}");
            }
        }
    }

    #[test]
    fn every_character_is_known() {
        for character in '\0'..=char::MAX {
            let text = format!("a{character}b");
            let expected = character.is_control() && !matches!(character, '\t' | '\n')
                || matches!(character, '\u{FEFF}' | '\u{FFFD}')
                || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2068}')
                    && character != '\u{202C}'
                || super::is_private(character);
            assert_eq!(!scan(&text).is_empty(), expected, "{character:?}");
        }
    }
}
