//! The characters of one text: those that no writer meant, counted in one pass.
//!
//! Most blocks of a text hold none of them. A block is looked at as a whole, by comparisons without a
//! branch that compile to vector instructions; only where one of them hits are its bytes looked at
//! one by one. Nothing is allocated.

use std::ops::Range;

use super::{markup, mojibake};

/// Something that stands in a text: how often, and where first, in bytes of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) first: Range<usize>,
    pub(super) count: usize,
}

impl Hit {
    pub(super) fn add(&mut self, place: Range<usize>) {
        if self.count == 0 {
            self.first = place;
        }
        self.count += 1;
    }
}

/// What [`scan`] finds in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hits {
    /// Control characters but tab and line feed, and byte order marks.
    pub(super) control: Hit,
    /// Bidirectional overrides, and embeddings or isolates that their paragraph does not end.
    pub(super) bidi: Hit,
    /// U+FFFD.
    pub(super) replacement: Hit,
    /// Characters for private use, and code points that are no characters.
    pub(super) private: Hit,
    /// Tags, comments and declarations of HTML.
    pub(super) markup: Hit,
    /// Character references of HTML.
    pub(super) entity: Hit,
    /// UTF-8 read in another encoding.
    pub(super) mojibake: Hit,
}

impl Hits {
    /// Whether there is nothing to say.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How many bytes are looked at together.
const BLOCK: usize = 32;

/// A block and the two bytes behind it.
const REACH: usize = BLOCK + 2;

/// Looks for everything in [`Hits`].
pub(super) fn scan(text: &str) -> Hits {
    let bytes = text.as_bytes();
    let mut scan = Scan {
        text,
        hits: Hits::default(),
        seen: 0,
        shadowed: Hit::default(),
        mojibake: mojibake::Finder::default(),
    };
    let mut ascii = true;
    let mut at = 0;
    while let Some(reach) = bytes.get(at..at + REACH) {
        scan.block(reach, at, &mut ascii);
        at += BLOCK;
    }
    // The rest, as if spaces followed it.
    let rest = bytes.get(at..).unwrap_or_default();
    let mut padded = [b' '; REACH + BLOCK];
    for (to, from) in padded.iter_mut().zip(rest) {
        *to = *from;
    }
    for (index, start) in [0, BLOCK].into_iter().enumerate() {
        if let Some(reach) = padded.get(start..start + REACH) {
            scan.block(reach, at + index * BLOCK, &mut ascii);
        }
    }
    if !ascii {
        mojibake::cyrillic(text, &mut scan.hits.mojibake);
    }
    scan.finish()
}

/// Whether a byte may be, or begin, something that is looked for.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn coarse(byte: u8) -> bool {
    // As a signed number what is not ASCII lies below the blank, too.
    (byte.cast_signed() < 0x20) & (byte != b'\n') | (byte == 0x7F) | (byte == b'<') | (byte == b'&')
}

/// Whether three bytes begin something that is looked for; hits what is not meant seldom, and misses
/// nothing.
#[allow(
    clippy::needless_bitwise_bool,
    clippy::manual_range_contains,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn fine(one: u8, two: u8, three: u8) -> bool {
    let ascii = (one < 0x20) & (one != b'\n') & (one != b'\t')
        | (one == 0x7F)
        | (one == b'<')
        | (one == b'&');
    let control = (one == 0xC2) & (two < 0xA0);
    let bidi = (one == 0xE2)
        & ((two == 0x80) & (three >= 0xAA) & (three <= 0xAE)
            | (two == 0x81) & (three >= 0xA6) & (three <= 0xA8));
    // U+FEFF, U+FDD0 to U+FDEF, U+FFFD to U+FFFF; U+E000 to U+F8FF.
    let odd = (one == 0xEF)
        & ((two == 0xBB) & (three == 0xBF)
            | (two == 0xB7) & (three >= 0x90) & (three <= 0xAF)
            | (two == 0xBF) & (three >= 0xBD)
            | (two <= 0xA3));
    let private = (one == 0xEE) | (one >= 0xF0) & (three >= 0xBF) | (one >= 0xF3);
    // A letter from U+00C2 to U+00F4, which Latin-1 reads from the first byte of a character.
    let lead = (one == 0xC3) & (two >= 0x82) & (two <= 0xB4) & (three >= 0xC2);
    ascii | control | bidi | odd | private | lead
}

struct Scan<'t> {
    text: &'t str,
    hits: Hits,
    /// Up to where the text has been taken in; what begins before is part of something found.
    seen: usize,
    /// Control characters within what may be mojibake.
    shadowed: Hit,
    mojibake: mojibake::Finder,
}

impl Scan<'_> {
    /// Looks at the block that begins `reach` and lies at `at` of the text.
    fn block(&mut self, reach: &[u8], at: usize, ascii: &mut bool) {
        let Some(block) = reach.first_chunk::<BLOCK>() else {
            return;
        };
        if !block.iter().fold(false, |hit, byte| hit | coarse(*byte)) {
            return;
        }
        *ascii &= block.is_ascii();
        let (two, three) = (
            reach.get(1..).unwrap_or_default(),
            reach.get(2..).unwrap_or_default(),
        );
        let each = || block.iter().zip(two).zip(three);
        let hit = each().fold(false, |hit, ((one, two), three)| {
            hit | fine(*one, *two, *three)
        });
        if !hit {
            return;
        }
        for (index, ((one, two), three)) in each().enumerate() {
            if fine(*one, *two, *three) && at + index >= self.seen {
                self.look(at + index);
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
            '\t' | '\n' => {}
            '\u{FEFF}' => self.hits.control.add(here),
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
        self.seen = at + end;
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
    use super::{Hits, fine, scan};

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
            ("a\u{202a}b\u{202d}c", ("bidi", 2, "\u{202d}")),
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
    fn blocks_are_as_good_as_bytes() {
        // Every character by itself is found exactly when the slow look finds it.
        for character in '\0'..=char::MAX {
            let mut bytes = [b' '; 6];
            character.encode_utf8(&mut bytes);
            let hit = fine(bytes[0], bytes[1], bytes[2]);
            let expected = character.is_control() && !matches!(character, '\t' | '\n')
                || matches!(character, '\u{FEFF}' | '\u{FFFD}' | '\u{202D}' | '\u{202E}')
                || super::is_private(character);
            assert!(hit || !expected, "{character:?}");
        }
    }
}
