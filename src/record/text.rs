//! `text-v1`: the form of a text by which copies of it are matched.

#![allow(
    clippy::needless_bitwise_bool,
    reason = "conditions of many bytes at once are without branches: see `block`"
)]

use std::sync::OnceLock;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, char, is_nfc_quick};

use crate::block::{self, BLOCK, Block, Blocks};
use crate::digest::{Digest, Hasher};

/// The code points that `text-v1` takes for white space: those with the property `White_Space` in
/// Unicode 18.0, listed so that no later Unicode version changes a digest.
pub const WHITE_SPACE: [char; 25] = [
    '\u{9}', '\u{a}', '\u{b}', '\u{c}', '\u{d}', '\u{20}', '\u{85}', '\u{a0}', '\u{1680}',
    '\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2007}',
    '\u{2008}', '\u{2009}', '\u{200a}', '\u{2028}', '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}',
];

/// The code points that `text-v1` drops, as ranges, both ends included: those with the property
/// `Default_Ignorable_Code_Point` in Unicode 18.0, assigned or not, among them the Hangul fillers; listed
/// so that no later Unicode version changes a digest.
pub const IGNORABLE: [(char, char); 17] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character is one of [`IGNORABLE`].
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    c >= '\u{ad}'
        && IGNORABLE
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
}

/// The text in the form `text-v1`: without [`IGNORABLE`] characters, in NFC, each run of white space as one space, ends trimmed
/// (`spec/canonical.md`, `text-v1-…`; NFC as in UAX #15).
///
/// ```
/// assert_eq!(dateline::record::text_v1(" e\u{301}\n\nB\u{a0}c\u{ad}d "), "é B cd");
/// ```
#[must_use]
pub fn text_v1(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    write(text, Form::of(&mut out, None));
    out
}

fn write(text: &str, mut form: Form<'_>) {
    let mut rest = text;
    loop {
        let (kept, other) = rest
            .split_at_checked(clean_prefix(rest))
            .unwrap_or_default();
        form.keep(kept);
        let Some(c) = other.chars().next() else {
            break;
        };
        let end = if is_white_space(c) {
            form.gap();
            other.find(|c| !is_white_space(c))
        } else {
            let end = other.find(|c| is_kept(c) || is_white_space(c));
            form.compose(other.get(..end.unwrap_or(other.len())).unwrap_or_default());
            end
        };
        rest = end.and_then(|end| other.get(end..)).unwrap_or_default();
    }
    form.finish();
}

/// Whether [`text_v1`] of a text is not empty: some character is neither dropped nor white space.
pub(crate) fn says_something(text: &str) -> bool {
    text.chars().any(|c| !is_white_space(c) && !is_ignorable(c))
}

/// SHA-256 over [`text_v1`] of `text`; absent when that is empty.
///
/// A key by which copies are found, never a proof of integrity: texts that differ in spacing or
/// composition share it.
#[must_use]
pub fn text_digest(text: &str) -> Option<Digest> {
    text_digest_in(text, &mut String::new())
}

/// [`text_digest`] with some of the form at a time in `buffer`.
pub(crate) fn text_digest_in(text: &str, buffer: &mut String) -> Option<Digest> {
    buffer.clear();
    let mut hasher = Hasher::new();
    write(text, Form::of(buffer, Some(&mut hasher)));
    hasher.update(buffer.as_bytes());
    // What is hashed before leaves some behind.
    (!buffer.is_empty()).then(|| hasher.finish())
}

/// The form as it is written.
struct Form<'o> {
    /// In NFC; ends in at most one space, which is a run of white space that may go on.
    out: &'o mut String,
    /// Whether white space stands between `out` and what comes next.
    gap: bool,
    /// What takes the beginning of `out` when that grows long.
    hasher: Option<&'o mut Hasher>,
}

/// How much of a form is written before it is hashed.
const HASHED: usize = 64 << 10;

impl<'o> Form<'o> {
    fn of(out: &'o mut String, hasher: Option<&'o mut Hasher>) -> Self {
        Self {
            out,
            gap: false,
            hasher,
        }
    }

    /// Adds characters that are as they are in the form.
    fn add(&mut self, mut text: &str) {
        let Some(hasher) = &mut self.hasher else {
            self.out.push_str(text);
            return;
        };
        while let Some((some, rest)) = text.split_at_checked(text.floor_char_boundary(HASHED))
            && !some.is_empty()
        {
            self.out.push_str(some);
            // The last two characters may yet go: a space, and what a mark composes with.
            if self.out.len() > HASHED
                && let Some((end, _)) = self.out.char_indices().rev().nth(1)
            {
                hasher.update(self.out.get(..end).unwrap_or_default().as_bytes());
                self.out.drain(..end);
            }
            text = rest;
        }
    }

    /// Takes what [`clean_prefix`] found: in it no white space but single spaces.
    fn keep(&mut self, mut text: &str) {
        // A space may come before and behind what was dropped.
        if self.gap || self.out.is_empty() || self.out.ends_with(' ') {
            text = text.strip_prefix(' ').unwrap_or(text);
            if text.is_empty() {
                return;
            }
            self.begin();
        }
        self.add(text);
    }

    /// Takes characters that are dropped, or may change or move in composition, or change the one
    /// before them.
    fn compose(&mut self, marks: &str) {
        let mut marks = marks.chars().filter(|c| !is_ignorable(*c)).peekable();
        if marks.peek().is_none() {
            return;
        }
        // Nothing composes with a space, and in front of a gap nothing is touched.
        let before = if self.gap { None } else { self.out.pop() };
        self.begin();
        self.out.extend(before.into_iter().chain(marks).nfc());
    }

    fn gap(&mut self) {
        if self.out.ends_with(' ') {
            self.out.pop();
        }
        self.gap = true;
    }

    /// Ends a gap.
    fn begin(&mut self) {
        if self.gap && !self.out.is_empty() {
            self.out.push(' ');
        }
        self.gap = false;
    }

    fn finish(self) {
        if self.out.ends_with(' ') {
            self.out.pop();
        }
    }
}

/// How many bytes of `text` are as they are in the form: characters that no composition touches, no
/// white space but single spaces. They end between two characters.
fn clean_prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let special_at = |at: usize| bytes.get(at).is_some_and(|byte| is_special(*byte));
    let mut passed = 0;
    loop {
        passed += passed_over(bytes.get(passed..).unwrap_or_default());
        // In some scripts every letter is special.
        loop {
            let rest = text.get(passed..).unwrap_or_default();
            let Some(c) = rest.chars().next().filter(|c| is_kept(*c)) else {
                return passed;
            };
            passed += c.len_utf8();
            if bytes.get(passed) == Some(&b' ') && special_at(passed + 1) {
                passed += 1;
            } else if !special_at(passed) {
                break;
            }
        }
    }
}

/// How many bytes come before the first that is special, or the second of two spaces.
fn passed_over(bytes: &[u8]) -> usize {
    let mut blocks = Blocks::new(bytes);
    let mut passed = 0;
    while let Some(block) = blocks.next() {
        if !is_calm(block)
            && let Some(stop) = first_special(block)
        {
            return passed + stop;
        }
        passed += BLOCK;
    }
    bytes.len()
}

/// Whether a block is of ASCII without control characters and double spaces.
///
/// As a signed number what is not ASCII lies below the blank, too.
fn is_calm(block: &Block) -> bool {
    !block::any(block, |one, two, _| {
        (one.cast_signed() < 0x20) | is_pair(one, two)
    })
}

/// The first byte of a block that is special, or the second of two spaces that begin in it.
fn first_special(block: &Block) -> Option<usize> {
    let special = |one, two, _| special_by_rule(one) | is_pair(one, two);
    let mut stop = block::first(block, special)?;
    if let Some(0xd8..=0xdb | 0xe3 | 0xef) = block.get(stop) {
        stop = block::first(block, |one, two, three| {
            special(one, two, three) & !is_plain_letter(one, two, three)
        })?;
    }
    let pair = block.get(stop) == Some(&b' ');
    Some(stop + usize::from(pair))
}

/// Whether both are spaces.
const fn is_pair(one: u8, two: u8) -> bool {
    (one == b' ') & (two == b' ')
}

/// Whether a special byte begins a letter or a sign of Arabic or of Japan that is none of the marks
/// and no white space: of these whole texts are made.
const fn is_plain_letter(one: u8, two: u8, three: u8) -> bool {
    (one == 0xd8) & !within(two, 0x90, 0x9c)
        | (one == 0xd9) & !within(two, 0x8b, 0x9f) & (two != 0xb0)
        | (one == 0xda)
        | (one == 0xdb) & !within(two, 0x96, 0xad)
        | (one == 0xe3) & (two == 0x80) & within(three, 0x81, 0xa9)
        | (one == 0xe3)
            & (two != 0x80)
            & !((two == 0x82) & within(three, 0x99, 0x9a))
            & !((two == 0x85) & (three == 0xa4))
        | (one == 0xef) & within(two, 0xbc, 0xbd)
}

/// Whether a byte is one from `first` to `last`.
const fn within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

/// [`special_by_rule`] by a table: for one byte that is quicker.
fn is_special(byte: u8) -> bool {
    SPECIAL
        .get(usize::from(byte))
        .is_some_and(|special| *special)
}

static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut rest: &mut [bool] = &mut special;
    let mut byte = 0_u8;
    while let [first, behind @ ..] = rest {
        *first = special_by_rule(byte);
        rest = behind;
        byte = byte.wrapping_add(1);
    }
    special
};

/// Whether a byte of UTF-8 may begin a character that has to be looked at: ASCII's white space but
/// the space, and every first byte of a block in which there is white space or a character that is
/// dropped or that composition may touch.
#[inline]
const fn special_by_rule(byte: u8) -> bool {
    (byte < 0x20)
        | (byte == 0xc2)
        | ((byte >= 0xcc) & (byte != 0xcf) & (byte != 0xd0) & (byte != 0xd1))
            & !((byte >= 0xd3) & (byte <= 0xd5))
            & !((byte >= 0xe4) & (byte <= 0xe9))
}

/// Whether a character is one of [`WHITE_SPACE`].
fn is_white_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}')
        || c >= '\u{1680}'
            && matches!(
                c,
                '\u{1680}' | '\u{2000}'
                    ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
            )
}

/// Whether a character is the same in the form, whatever stands around it: not dropped, no white space, and
/// composition goes no further back than to it and leaves it as it is by itself.
fn is_kept(c: char) -> bool {
    /// A bit for each character of the Basic Multilingual Plane, in words that are made when they are
    /// asked for.
    static KEPT: [OnceLock<u64>; 1 << 10] = [const { OnceLock::new() }; 1 << 10];
    let by_tables = |c| is_boundary(c) && !is_white_space(c) && !is_ignorable(c);
    let Ok(code) = u16::try_from(u32::from(c)) else {
        return by_tables(c);
    };
    if code < 0x300 {
        return !is_white_space(c) && c != '\u{ad}';
    }
    let word = KEPT.get(usize::from(code >> 6)).map(|word| {
        *word.get_or_init(|| {
            let first = u32::from(code & !63);
            let bit = |at| char::from_u32(first | at).is_some_and(by_tables);
            (0..64).fold(0, |bits, at| bits | u64::from(bit(at)) << at)
        })
    });
    word.is_some_and(|word| word >> (code & 63) & 1 == 1)
}

/// Whether composition goes no further back than to this character and leaves it as it is by itself:
/// its canonical combining class is 0 and it passes NFC's quick check (UAX #15, section 9.1).
fn is_boundary(c: char) -> bool {
    is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes && char::canonical_combining_class(c) == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    use super::{
        Blocks, Digest, HASHED, IGNORABLE, WHITE_SPACE, first_special, is_boundary, is_ignorable,
        is_kept, is_white_space, says_something, text_digest, text_digest_in, text_v1,
    };

    /// The definition.
    fn reference(text: &str) -> String {
        let kept = text.chars().filter(|c| !is_ignorable(*c));
        let nfc: String = kept.nfc().collect();
        let words = nfc.split(|c| WHITE_SPACE.contains(&c));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }

    /// Where some of it is hashed before the rest is written, the seam falls on spaces, marks and letters alike.
    #[test]
    fn a_long_form_is_hashed_as_a_whole() {
        let parts = [
            "e\u{301} a  \u{ad}b\n",
            "\u{1100}\u{1161}\u{11a8}",
            " x\u{323}\u{307} ",
            "Rain. ",
        ];
        for part in parts {
            for shift in 0..9 {
                let text = format!("{}{}", "y".repeat(HASHED - shift), part.repeat(HASHED / 2));
                assert_eq!(
                    text_digest(&text),
                    Some(Digest::of(text_v1(&text).as_bytes())),
                    "{part:?}"
                );
                let text = format!(
                    "{} \n{part}{}",
                    "y".repeat(HASHED - shift),
                    "z ".repeat(HASHED)
                );
                assert_eq!(
                    text_digest(&text),
                    Some(Digest::of(reference(&text).as_bytes())),
                    "{part:?}"
                );
            }
        }
        assert_eq!(text_digest(&" \u{ad}\n".repeat(HASHED)), None);
    }

    #[test]
    fn the_list_is_unicodes() {
        let unicode: Vec<char> = ('\0'..=char::MAX).filter(|c| c.is_whitespace()).collect();
        assert_eq!(unicode, WHITE_SPACE);
        // The crate knows an older Unicode, which has the property for the same code points.
        let property = regex::Regex::new(r"^\p{Default_Ignorable_Code_Point}$");
        let property = property.unwrap_or_else(|error| panic!("{error}"));
        for c in '\0'..=char::MAX {
            let known = property.is_match(c.encode_utf8(&mut [0; 4]));
            assert_eq!(is_ignorable(c), known, "{c:?}");
        }
        assert!(IGNORABLE.is_sorted());
    }

    #[test]
    fn what_cannot_be_seen_changes_nothing() {
        let text = "A na\u{ef}ve \u{d55c} e\u{301}x  word.";
        let form = text_v1(text);
        for (first, last) in IGNORABLE {
            for c in [first, last] {
                for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                    let (before, behind) = text.split_at(at);
                    let spoilt = format!("{before}{c}{behind}");
                    assert_eq!(text_v1(&spoilt), form, "{spoilt:?}");
                    assert_eq!(text_v1(&spoilt), reference(&spoilt), "{spoilt:?}");
                }
            }
        }
        assert_eq!(text_digest("\u{200b}\u{feff}"), None);
    }

    #[test]
    fn only_white_space_is_no_text() {
        assert_eq!(text_v1(" \u{3000}\n"), "");
        assert_eq!(text_digest("\u{a0}"), None);
        assert_eq!(text_digest("a  b"), text_digest("a\nb "));
        assert_eq!(text_digest("a\u{200b}b"), text_digest("ab"));
        let mut buffer = String::from("before");
        for text in [" a  b ", "", "é"] {
            assert_eq!(text_digest_in(text, &mut buffer), text_digest(text));
        }
    }

    #[test]
    fn what_is_passed_over_needs_no_look() {
        let passes = |text: &str| {
            Blocks::new(text.as_bytes())
                .next()
                .is_none_or(|block| first_special(block).is_none())
        };
        for c in '\0'..=char::MAX {
            assert_eq!(is_white_space(c), WHITE_SPACE.contains(&c), "{c:?}");
            let kept = is_boundary(c) && !is_white_space(c) && !is_ignorable(c);
            assert_eq!(is_kept(c), kept, "{c:?}");
            assert!(kept || c == ' ' || !passes(&c.to_string()), "{c:?}");
        }
        for c in "aéßřяїقیپ日本ごバ「ー、，！".chars() {
            assert!(passes(&c.to_string()), "{c:?}");
        }
        assert!(!passes("قا\u{64b}") && !passes("か\u{3099}") && !passes("ق  ق"));
    }

    #[test]
    fn every_character_that_composition_may_touch_is_as_defined() {
        let looked_at = |c: &char| !is_kept(*c);
        let letters = ['a', 'é', 'я', '中', '\u{1f600}'];
        for c in ('\0'..=char::MAX).filter(looked_at).chain(letters) {
            for text in [
                format!("e{c}\u{301}"),
                format!(" {c}\u{323}{c} "),
                format!("\u{1100}{c}\u{11a8}"),
                format!("a {c} \u{1100}{c}\u{1161}"),
            ] {
                assert_eq!(text_v1(&text), reference(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn every_length_is_as_defined() {
        for length in 0..100 {
            for at in 0..length {
                for piece in [
                    " ",
                    "  ",
                    "\n",
                    "\u{a0}",
                    "e\u{301}",
                    "\u{ad}",
                    " \u{200b} ",
                    "قا\u{64b}",
                    "。",
                    "か\u{3099}",
                ] {
                    let (before, behind) = ("x ".repeat(at), "x".repeat(length - at));
                    for text in [
                        format!("{before}{piece}{behind}"),
                        format!("{behind}{piece}{before}{piece}"),
                    ] {
                        assert_eq!(text_v1(&text), reference(&text), "{text:?}");
                    }
                }
            }
        }
    }

    /// Texts of few characters that meet often: white space, letters, marks, parts of syllables.
    fn texts() -> impl Strategy<Value = String> {
        let letters = "ab e\u{301}\u{323}\u{a0}\n  \t\u{2000}\u{2028}éя中\u{915}\u{93c}\u{1100}\u{1161}\u{11a8}가\u{212b}\u{0344}\u{1d15e}𝄞\u{f900}\u{ad}\u{200b}\u{feff}\u{34f}\u{fe0f}\u{e0101}\u{3164}\u{61c}";
        let letters: Vec<char> = letters.chars().collect();
        let rare = prop::collection::vec(prop::sample::select(letters), 0..60);
        let plain = prop::collection::vec(
            prop::sample::select(vec![" ", "word", "слово", "词", "  "]),
            0..40,
        );
        (rare.clone(), plain, rare).prop_map(|(one, plain, two)| {
            let mut text: String = one.into_iter().collect();
            text.extend(plain);
            text.extend(two);
            text
        })
    }

    proptest! {
        #[test]
        fn it_is_as_defined(text in texts()) {
            prop_assert_eq!(text_v1(&text), reference(&text));
            prop_assert_eq!(says_something(&text), !text_v1(&text).is_empty());
        }
    }
}
