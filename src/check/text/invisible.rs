//! Characters that nobody sees and no script of the text needs (`spec/texts.md`, `texts-invisible`).

use std::ops::Range;

use super::hit::Hit;
use crate::block::{self, Blocks};
use crate::record::is_ignorable;

/// What the first bytes of Content Credentials in a text say (C2PA 2.4, A.8: `C2PATextManifestWrapper`).
const MAGIC: &[u8; 8] = b"C2PATXT\0";

/// Invisible characters of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Invisible {
    /// Those that nothing needs.
    pub(crate) hit: Hit,
    /// The first Content Credentials, which are such characters.
    pub(crate) credentials: Option<Range<usize>>,
}

/// Looks for invisible characters that no script of the text needs.
pub(crate) fn scan(text: &str) -> Invisible {
    let mut found = Invisible::default();
    if !may_hold(text) {
        return found;
    }
    let right_to_left = text.chars().any(is_right_to_left);
    let mut before = Neighbour::default();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        if c == '\u{feff}' && found.credentials.is_none() {
            found.credentials = credentials(text, at);
        }
        if is_ignorable(c) && !is_told_elsewhere(c) && !before.needs(c, next, right_to_left) {
            found.hit.add(at..at + c.len_utf8());
        }
        before = Neighbour {
            one: Some(c),
            flag: c == '\u{1f3f4}' || before.flag && is_tag(c),
        };
    }
    found
}

/// Whether a text may hold an invisible character; most hold none.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn may_hold(text: &str) -> bool {
    let mut blocks = Blocks::new(text.as_bytes());
    while let Some(block) = blocks.next() {
        let begins = |one: u8, two: u8, three: u8| {
            (one == 0xC2) & (two == 0xAD)
                | (one == 0xCD) & (two == 0x8F)
                | (one == 0xD8) & (two == 0x9C)
                | (one == 0xE1) & ((two == 0x85) | (two == 0x9E) | (two == 0xA0))
                | (one == 0xE2) & (two == 0x80) & (three & 0xF8 == 0x88) & (three >= 0x8B)
                | (one == 0xE2) & (two == 0x81) & (three >= 0xA0)
                | (one == 0xE3) & (two == 0x85) & (three == 0xA4)
                | (one == 0xEF) & ((two == 0xB8) | (two == 0xBB) | (two >= 0xBE))
                | (one >= 0xF0) & ((two == 0x9B) | (two == 0x9D) | (two == 0xA0))
        };
        if block::any(block, |one, _, _| one >= 0x80) && block::any(block, begins) {
            return true;
        }
    }
    false
}

/// Whether another rule is about a character: byte order marks, embeddings and isolates.
const fn is_told_elsewhere(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What stands before a character.
#[derive(Debug, Clone, Copy, Default)]
struct Neighbour {
    one: Option<char>,
    /// Whether it is a flag that tags may follow.
    flag: bool,
}

impl Neighbour {
    /// Whether an invisible character has a use where it stands.
    fn needs(self, c: char, next: Option<char>, right_to_left: bool) -> bool {
        let any = |test: fn(char) -> bool| self.one.is_some_and(test) || next.is_some_and(test);
        match c {
            '\u{200c}' => any(is_joined),
            '\u{200d}' => {
                any(is_joined) || self.one.is_some_and(is_emoji) && next.is_some_and(is_emoji)
            }
            '\u{200e}' | '\u{200f}' | '\u{61c}' => right_to_left,
            '\u{34f}' => self.one.is_some_and(is_hebrew),
            // One behind what it chooses a form of.
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => self.one.is_some_and(is_varied),
            '\u{180b}'..='\u{180f}' => any(|c| matches!(c, '\u{1820}'..='\u{18aa}')),
            '\u{115f}' | '\u{1160}' => any(|c| matches!(c, '\u{1100}'..='\u{11ff}')),
            '\u{17b4}' | '\u{17b5}' => any(|c| matches!(c, '\u{1780}'..='\u{17b3}')),
            '\u{1bca0}'..='\u{1bca3}' => any(|c| matches!(c, '\u{1bc00}'..='\u{1bc9f}')),
            '\u{1d173}'..='\u{1d17a}' => any(|c| matches!(c, '\u{1d100}'..='\u{1d1ff}')),
            tag if is_tag(tag) => self.flag,
            _ => false,
        }
    }
}

/// Whether a character is of a script whose letters join, or form conjuncts.
const fn is_joined(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{109f}' | '\u{1700}'..='\u{1aaf}'
        | '\u{1b00}'..='\u{1c7f}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{10fff}' | '\u{11000}'..='\u{11fff}'
        | '\u{1e900}'..='\u{1e95f}')
}

/// Whether a character is a pictogram, or part of a sequence of them.
const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1fbff}' | '\u{fe0f}' | '\u{e007f}')
}

const fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

const fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{5ff}')
}

const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{61b}' | '\u{61d}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a character may have several forms: digits and signs of keycaps, and what is no letter of
/// Latin script and visible.
fn is_varied(c: char) -> bool {
    matches!(c, '0'..='9' | '#' | '*' | '\u{a9}' | '\u{ae}')
        || c >= '\u{900}' && !is_ignorable(c) && !c.is_whitespace()
}

/// Content Credentials that begin at a byte order mark: variation selectors behind it, one for each byte.
fn credentials(text: &str, at: usize) -> Option<Range<usize>> {
    let mark = '\u{feff}'.len_utf8();
    let rest = text.get(at + mark..)?;
    let mut bytes = Vec::new();
    let mut end = at + mark;
    for c in rest.chars() {
        let code = u32::from(c);
        let byte = match c {
            '\u{fe00}'..='\u{fe0f}' => code - 0xfe00,
            '\u{e0100}'..='\u{e01ef}' => code - 0xe0100 + 16,
            _ => break,
        };
        if bytes.len() < MAGIC.len() {
            bytes.push(u8::try_from(byte).ok()?);
        }
        end += c.len_utf8();
    }
    (bytes == MAGIC).then_some(at..end)
}

#[cfg(test)]
mod tests {
    use super::{MAGIC, scan};

    fn count(text: &str) -> usize {
        scan(text).hit.count
    }

    #[test]
    fn what_scripts_need_is_left_alone() {
        for text in [
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "👩\u{200d}💻 and 👩🏽\u{200d}❤\u{fe0f}\u{200d}👨🏽",
            "☎\u{fe0f} 1\u{fe0f}\u{20e3} ©\u{fe0e}",
            "葛\u{e0100}城",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "שלום\u{200f}! 2024",
            "ᠮᠣᠩᠭᠣᠯ\u{180b}ᠤ",
            "a\u{feff}b \u{202a}c\u{202c}",
            "plain “text” — 東京 Москва",
        ] {
            assert_eq!(count(text), 0, "{text:?}");
        }
    }

    #[test]
    fn what_nothing_needs_is_counted_at_its_first_place() {
        for (text, expected) in [
            ("har\u{ad}bour", 1),
            ("the\u{200b} old\u{200b}", 2),
            ("a\u{200c}b\u{200d}c", 2),
            ("a\u{200e}b", 1),
            ("a\u{2060}b\u{2065}c", 2),
            ("a\u{fe0f}", 1),
            ("☎\u{fe0f}\u{fe0f}", 1),
            ("a\u{e0041}\u{e007f}", 2),
            ("a\u{3164}\u{ffa0}", 2),
            ("a\u{fff5}\u{e0fff}", 2),
        ] {
            let found = scan(text);
            assert_eq!(found.hit.count, expected, "{text:?}");
            assert!(found.hit.first.start > 0 && found.credentials.is_none());
            let long = format!("{}{text}", "x".repeat(100));
            assert_eq!(scan(&long).hit.count, expected, "{text:?}");
        }
    }

    /// `texts-credentials`
    #[test]
    fn content_credentials_are_known() {
        let select = |byte: &u8| match byte {
            0..16 => char::from_u32(0xfe00 + u32::from(*byte)),
            _ => char::from_u32(0xe0100 + u32::from(*byte) - 16),
        };
        let wrapped: String = MAGIC
            .iter()
            .chain(&[1, 0, 0, 0, 200])
            .filter_map(select)
            .collect();
        let text = format!("The ferry leaves.\u{feff}{wrapped}");
        let found = scan(&text);
        assert_eq!(found.credentials, Some(17..text.len()));
        assert_eq!(found.hit.count, 13);
        assert_eq!(crate::record::text_v1(&text), "The ferry leaves.");
        let other = text.replacen('\u{e0133}', "\u{e0134}", 1);
        assert_eq!(scan(&other).credentials, None);
    }
}
