//! Texts that were UTF-8 and were read in another encoding, each byte as a character.
//!
//! Read as Windows-1252 or Latin-1, `é` becomes `Ã©` and `’` becomes `â€™`: a letter of U+00C2 to
//! U+00F4 and behind it characters that these encodings have at 0x80 to 0xBF, as many as UTF-8 asks
//! for. Read as Windows-1251, `при` becomes `РїСЂРё`. Honest texts hold such sequences too (`santé »`
//! with a no-break space, `NESCAFÉ®`, `Úžasný`), and so a sequence counts as a *sign* only where
//! its characters follow each other in no language, and one sign alone says nothing.

use std::ops::Range;

use super::hit::Hit;

/// How many signs a text must hold.
pub(crate) const SIGNS: usize = 2;

/// How many pairs must follow each other to be Cyrillic read as Windows-1251.
pub(crate) const PAIRS: usize = 3;

/// The characters that Windows-1252 has at 0x80 to 0x9F, in order; at 0x81, 0x8D, 0x8F, 0x90 and
/// 0x9D it has none, and Latin-1 has the control character of that number at each.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// What Windows-1251 has at 0x80 to 0xBF, in order; it has nothing at 0x98.
const HIGH_CYRILLIC: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’',
    '“', '”', '•', '–', '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{A0}', 'Ў', 'ў', 'Ј',
    '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«', '¬', '\u{AD}', '®', 'Ї', '°', '±', 'І', 'і', 'ґ', 'µ',
    '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

/// The byte that Windows-1252 or Latin-1 reads as this character, where it is 0x80 to 0xBF.
fn continuation(character: char) -> Option<u8> {
    if let number @ 0x80..=0xBF = u32::from(character) {
        return u8::try_from(number).ok();
    }
    let at = HIGH.iter().position(|high| *high == character)?;
    u8::try_from(0x80 + at).ok()
}

/// Characters that often follow a word: closing marks, signs, white space, letters
/// (`spec/texts.md`, "Characters that follow words").
pub(crate) const NATURAL: [char; 32] = [
    '\u{A0}', '\u{AD}', '«', '»', '‘', '’', '“', '”', '…', '–', '—', '•', '‹', '›', '°', '·', '®',
    '©', '™', 'š', 'Š', 'ž', 'Ž', 'œ', 'Œ', 'Ÿ', 'ƒ', 'ª', 'º', '²', '³', '¹',
];

fn is_natural(character: char) -> bool {
    NATURAL.contains(&character)
}

/// What is known of a text as its sequences go by.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    signs: usize,
    all: Hit,
    /// Where the sequence before ended, and whether it was a sign.
    last: (usize, bool),
}

impl Finder {
    /// The sequence whose first letter stands at `at`, where one does.
    pub(crate) fn look(&mut self, text: &str, at: usize) -> Option<Range<usize>> {
        let rest = text.get(at..)?;
        let mut characters = rest.char_indices();
        let (_, lead) = characters.next()?;
        let first = u8::try_from(u32::from(lead)).ok()?;
        let more = match first {
            0xC2..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF4 => 3,
            _ => return None,
        };
        let mut bytes = [first, 0, 0, 0];
        let mut behind = ['\0'; 3];
        for (byte, place) in bytes.iter_mut().skip(1).zip(&mut behind).take(more) {
            let (_, character) = characters.next()?;
            *byte = continuation(character)?;
            *place = character;
        }
        let written = std::str::from_utf8(bytes.get(..=more)?).ok()?;
        // Other characters below U+00A0 are of no text either.
        if written.chars().any(|c| ('\u{80}'..'\u{A0}').contains(&c)) {
            return None;
        }
        let end = at + characters.next().map_or(rest.len(), |(end, _)| end);
        let behind = behind.get(..more)?;
        let adjoins = self.last.0 == at && at > 0;
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let sign = adjoins || is_sign(lead, behind, before);
        self.signs += usize::from(sign);
        // The first of a run is a sign, too, once it is one.
        if adjoins && !self.last.1 {
            self.signs += 1;
        }
        self.last = (end, sign);
        self.all.add(at..end);
        Some(at..end)
    }

    /// All sequences, where enough of them are signs.
    pub(crate) fn finish(self) -> Option<Hit> {
        (self.signs >= SIGNS).then_some(self.all)
    }
}

/// Whether a letter and the characters behind it follow each other in no language.
fn is_sign(lead: char, behind: &[char], before: Option<char>) -> bool {
    match behind {
        [one] if matches!(lead, 'Â' | 'Ã') => {
            // A word in capitals may end in these letters, and a mark may follow it.
            !is_natural(*one) || !before.is_some_and(char::is_uppercase)
        }
        [one] => !is_natural(*one),
        [one, two] => !(behind.contains(&'\u{A0}') || is_natural(*one) && is_natural(*two)),
        _ => true,
    }
}

/// Counts the runs of Cyrillic letters of UTF-8 that were read as Windows-1251: `Р` or `С`, and behind
/// each a character that it has at 0x80 to 0xBF, three times or more. No word alternates so.
pub(crate) fn cyrillic(text: &str, hit: &mut Hit) {
    let bytes = text.as_bytes();
    if memchr::memchr(0xD0, bytes).is_none() {
        return;
    }
    let mut seen = 0;
    // `Р` is D0 A0, `С` is D0 A1.
    for at in memchr::memchr2_iter(0xA0, 0xA1, bytes) {
        let start = at.saturating_sub(1);
        if start < seen || bytes.get(start) != Some(&0xD0) {
            continue;
        }
        let mut characters = text.get(start..).unwrap_or_default().char_indices();
        let mut pairs = 0;
        let end = loop {
            let (end, letter) = characters.next().unwrap_or((text.len() - start, ' '));
            let second = characters.next().map(|(_, second)| second);
            if !matches!(letter, 'Р' | 'С')
                || !second.is_some_and(|two| HIGH_CYRILLIC.contains(&two))
            {
                break start + end;
            }
            pairs += 1;
        };
        seen = end.max(start + 1);
        if pairs >= PAIRS {
            hit.add(start..end);
        }
    }
}

/// What a sequence was before it was read wrongly, for a message.
pub(crate) fn meant(sequence: &str) -> Option<String> {
    let western = |c: char| match u32::from(c) {
        number @ 0xC0..=0xFF => u8::try_from(number).ok(),
        _ => continuation(c),
    };
    let eastern = |c: char| match c {
        'Р' => Some(0xD0),
        'С' => Some(0xD1),
        _ => {
            let at = HIGH_CYRILLIC.iter().position(|high| *high == c)?;
            u8::try_from(0x80 + at).ok()
        }
    };
    let read = |byte: &dyn Fn(char) -> Option<u8>| {
        let bytes: Option<Vec<u8>> = sequence.chars().map(byte).collect();
        String::from_utf8(bytes?).ok()
    };
    read(&western).or_else(|| read(&eastern))
}

#[cfg(test)]
mod tests {
    use super::meant;
    use crate::check::text::characters::scan;

    /// Text as Windows-1252 would read its UTF-8, with Latin-1 where that has no character.
    fn misread(text: &str) -> String {
        let (read, ..) = encoding_rs::WINDOWS_1252.decode(text.as_bytes());
        read.into_owned()
    }

    #[test]
    fn every_language_is_found_when_misread() {
        for text in [
            "Café, déjà vu",
            "It’s “quoted” – and so on…",
            "Größe für Österreich",
            "señor, mañana",
            "łąka, żółw, źródło",
            "İstanbul’da güneşli",
            "Привет, мир",
            "Ελληνικά νέα",
            "مرحبا بالعالم",
            "שלום עולם",
            "日本語のテキスト",
            "新闻报道",
            "한국어 뉴스",
            "हिन्दी समाचार",
            "ข่าวภาษาไทย",
            "😀 and 🎉",
            "a\u{a0}b c\u{a0}d",
        ] {
            let wrong = misread(text);
            let hits = scan(&wrong);
            assert!(hits.mojibake.count >= 2, "{text}: {wrong}: {hits:?}");
            assert_eq!(hits.control.count, 0, "{wrong}");
            let first = wrong.get(hits.mojibake.first).unwrap_or_default();
            let meant = meant(first).unwrap_or_default();
            assert!(text.contains(&meant) && !meant.is_empty(), "{meant:?}");
        }
    }

    #[test]
    fn cyrillic_is_found_when_read_as_windows_1251() {
        let (wrong, ..) = encoding_rs::WINDOWS_1251.decode("Привет, мир и труд".as_bytes());
        let hits = scan(&wrong);
        assert_eq!(hits.mojibake.count, 3, "{wrong}");
        let first = wrong.get(hits.mojibake.first).unwrap_or_default();
        assert_eq!(meant(first).as_deref(), Some("Привет"));
    }

    #[test]
    fn one_sequence_says_nothing() {
        let hits = scan("The sign Ã© is what one sees.");
        assert_eq!(hits.mojibake.count, 0);
        let hits = scan("The sign Ã\u{83} is what one sees.");
        assert_eq!((hits.mojibake.count, hits.control.count), (0, 1));
    }
}
