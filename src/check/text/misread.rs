//! Texts that were read in another encoding than their own, where [`super::mojibake`] does not see it.
//!
//! UTF-8 read as an old Macintosh or DOS did gives `‚Äì` and `√©`, `ΓÇô` and `├⌐`. One byte a letter, read in
//! the encoding of another alphabet, gives words that no language has: `Íî÷íîé` is Russian in Windows-1251 read
//! as Windows-1252, and `оПЮОПК` is Russian in KOI8-R read as Windows-1251, which has the two cases of letters
//! the other way round.

use std::ops::Range;

use memchr::memmem;

use super::hit::Hit;
use crate::block::{self, Blocks};

/// How many sequences, or words, say that a text was misread.
pub(crate) const SIGNS: usize = 3;

/// How many accented letters of Latin follow each other in no word.
pub(crate) const ACCENTED: usize = 5;

/// How many letters a word has, at least, whose cases are swapped: `мРНК` is one, and has four.
pub(crate) const SWAPPED: usize = 5;

/// An encoding of one byte a character in which UTF-8 was read.
struct Misreading {
    /// What it has at 0x80 to 0xBF, in order.
    high: [char; 64],
    /// What it makes of the bytes that begin most of what is not ASCII in Latin: C3, and E2 80.
    leads: [(&'static str, &'static [u8]); 2],
    /// Characters that people write behind such a beginning.
    honest: &'static [char],
}

/// Mac OS Roman, as the Encoding Standard's macintosh.
const MACINTOSH: Misreading = Misreading {
    high: [
        'Ä', 'Å', 'Ç', 'É', 'Ñ', 'Ö', 'Ü', 'á', 'à', 'â', 'ä', 'ã', 'å', 'ç', 'é', 'è', 'ê', 'ë',
        'í', 'ì', 'î', 'ï', 'ñ', 'ó', 'ò', 'ô', 'ö', 'õ', 'ú', 'ù', 'û', 'ü', '†', '°', '¢', '£',
        '§', '•', '¶', 'ß', '®', '©', '™', '´', '¨', '≠', 'Æ', 'Ø', '∞', '±', '≤', '≥', '¥', 'µ',
        '∂', '∑', '∏', 'π', '∫', 'ª', 'º', 'Ω', 'æ', 'ø',
    ],
    leads: [("√", &[0xC3]), ("‚Ä", &[0xE2, 0x80])],
    honest: &['π', '∑', '∏', 'Ω', 'µ'],
};

/// Code page 437 of MS-DOS.
const DOS: Misreading = Misreading {
    high: [
        'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', 'É', 'æ',
        'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ', 'á', 'í', 'ó', 'ú',
        'ñ', 'Ñ', 'ª', 'º', '¿', '⌐', '¬', '½', '¼', '¡', '«', '»', '░', '▒', '▓', '│', '┤', '╡',
        '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛', '┐',
    ],
    leads: [("├", &[0xC3]), ("ΓÇ", &[0xE2, 0x80])],
    honest: &[],
};

impl Misreading {
    /// The sequences of UTF-8 that it read, by where they stand.
    fn sequences<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.leads.iter().flat_map(move |(lead, _)| {
            memmem::find_iter(text.as_bytes(), lead).filter_map(move |start| {
                let behind = start + lead.len();
                let last = text.get(behind..)?.chars().next()?;
                let read = self.high.contains(&last) && !self.honest.contains(&last);
                read.then(|| start..behind + last.len_utf8())
            })
        })
    }

    /// What a sequence was.
    fn meant(&self, sequence: &str) -> Option<String> {
        self.leads.iter().find_map(|(lead, bytes)| {
            let mut rest = sequence.strip_prefix(lead)?.chars();
            let last = rest.next()?;
            let at = self.high.iter().position(|high| *high == last)?;
            let mut bytes = bytes.to_vec();
            bytes.push(u8::try_from(0x80 + at).ok()?);
            String::from_utf8(bytes)
                .ok()
                .filter(|_| rest.next().is_none())
        })
    }
}

/// Counts what shows that a text was misread in one of these ways.
pub(crate) fn look(text: &str, hit: &mut Hit) {
    if !anything_begins(text.as_bytes()) {
        return;
    }
    look_everywhere(text, hit);
}

fn look_everywhere(text: &str, hit: &mut Hit) {
    for reader in [&MACINTOSH, &DOS] {
        add_all(reader.sequences(text), hit);
    }
    add_all(accented(text), hit);
    add_all(swapped(text), hit);
}

/// Whether anything that is looked for may stand in a text. In most texts it does not, and that shows many bytes at
/// a time.
#[allow(
    clippy::needless_bitwise_bool,
    reason = "a comparison without a branch compiles to a vector instruction"
)]
fn anything_begins(bytes: &[u8]) -> bool {
    let mut blocks = Blocks::new(bytes);
    while let Some(block) = blocks.next() {
        let begins = |one: u8, two: u8, three: u8| {
            // The leads of the readers: `√`, the first characters of `‚Ä` and of `ΓÇ`, `├`.
            (one == 0xE2) & (((two == 0x88) | (two == 0x80)) & (three == 0x9A) | (two == 0x94) & (three == 0x9C))
                | (one == 0xCE) & (two == 0x93) & (three == 0xC3)
                // Two accented letters of Latin on end.
                | (one == 0xC3) & (three == 0xC3)
                // A large letter of Cyrillic behind the last byte of another character.
                | (one & 0xC0 == 0x80) & (two == 0xD0) & (three.wrapping_sub(0x90) < 0x20)
        };
        if block::any(block, |one, _, _| one >= 0x80) && block::any(block, begins) {
            return true;
        }
    }
    false
}

/// Counts these places where they are enough.
fn add_all(places: impl Iterator<Item = Range<usize>>, hit: &mut Hit) {
    let mut found = Hit::default();
    places.for_each(|place| found.add(place));
    if found.count >= SIGNS {
        hit.add(found.first);
        hit.count += found.count - 1;
    }
}

/// Words with [`ACCENTED`] accented letters of Latin on end, not all of them one letter.
fn accented(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let letter = move |at: usize| {
        let pair = (bytes.get(at)?, bytes.get(at + 1)?);
        (*pair.0 == 0xC3 && !matches!(pair.1, 0x97 | 0xB7)).then_some(*pair.1)
    };
    let mut seen = 0;
    memchr::memchr_iter(0xC3, bytes).filter_map(move |start| {
        if start < seen || letter(start + 2 * (ACCENTED - 1)).is_none() {
            return None;
        }
        let letters = (start..).step_by(2).map_while(letter);
        let count = letters.clone().count();
        seen = start + 2 * count;
        let first = letter(start);
        let various = letters.clone().any(|letter| Some(letter) != first);
        (count >= ACCENTED && various).then(|| start..start + 2 * count)
    })
}

/// Words of Cyrillic with their first letter small and [`SWAPPED`] − 1 large ones behind it.
fn swapped(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let pair = move |at: usize| Some((*bytes.get(at)?, *bytes.get(at + 1)?));
    // `а` to `я` are D0 B0 to D1 8F, `А` to `Я` D0 90 to D0 AF.
    let small = |pair| matches!(pair, (0xD0, 0xB0..=0xBF) | (0xD1, 0x80..=0x8F));
    let large = |pair| matches!(pair, (0xD0, 0x90..=0xAF));
    let cyrillic = |pair| matches!(pair, (0xD0 | 0xD1, _));
    let mut seen = 0;
    memchr::memchr2_iter(0xD0, 0xD1, bytes).filter_map(move |start| {
        let behind = start + 2;
        let is_first = start
            .checked_sub(2)
            .and_then(pair)
            .is_none_or(|before| !cyrillic(before));
        let begins = pair(start).is_some_and(small) && pair(behind).is_some_and(large);
        if start < seen || !begins || !is_first {
            return None;
        }
        let letters = (behind..)
            .step_by(2)
            .map_while(|at| pair(at).filter(|&pair| large(pair)));
        let count = 1 + letters.count();
        seen = start + 2 * count;
        let ends = !pair(seen).is_some_and(cyrillic);
        (count >= SWAPPED && ends).then_some(start..seen)
    })
}

/// What a sequence of UTF-8 was before it was misread, for a message. Of a word in another alphabet that is not known:
/// several encodings give it a meaning.
pub(crate) fn meant(place: &str) -> Option<String> {
    [&MACINTOSH, &DOS]
        .into_iter()
        .find_map(|reader| reader.meant(place))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use encoding_rs::{ISO_8859_7, KOI8_R, MACINTOSH, WINDOWS_1251, WINDOWS_1252};

    use proptest::prelude::*;

    use super::{DOS, Hit, anything_begins, look, look_everywhere, meant};
    use crate::check::text::characters::scan;

    const RUSSIAN: &str =
        "Ночной паром между Северным причалом и островом Чаек снова пойдёт на следующей неделе.";
    const LATIN: &str = "It’s a café – déjà vu, “señor”; Größe und Übermut…";

    fn first(text: &str) -> (usize, &str) {
        let mut hit = Hit::default();
        look(text, &mut hit);
        (hit.count, text.get(hit.first).unwrap())
    }

    #[test]
    fn each_misreading_is_found_and_what_was_meant_is_known() {
        // As the Encoding Standard has no code page 437, it is read by its table.
        let dos: String = LATIN
            .bytes()
            .map(|byte| match byte {
                0x80..=0xBF => DOS.high[usize::from(byte) - 0x80],
                0xC3 => '├',
                0xE2 => 'Γ',
                ascii => char::from(ascii),
            })
            .collect();
        let read =
            |bytes: &[u8], by: &'static encoding_rs::Encoding| by.decode(bytes).0.into_owned();
        let names = format!("Ночной. Новая. {RUSSIAN}");
        for (text, was) in [
            (read(LATIN.as_bytes(), MACINTOSH), LATIN),
            (dos, LATIN),
            (read(&WINDOWS_1251.encode(RUSSIAN).0, WINDOWS_1252), RUSSIAN),
            (read(&KOI8_R.encode(&names).0, WINDOWS_1251), &names),
        ] {
            let (count, found) = first(&text);
            assert!(count >= 3, "{text}: {count} {found}");
            let sequence = was == LATIN;
            assert_eq!(
                meant(found).is_some_and(|meant| was.contains(&meant)),
                sequence,
                "{found}"
            );
            assert!(scan(&text).mojibake.count >= count, "{text}");
        }
        let greek = read(
            &ISO_8859_7
                .encode("Ένα νυχτερινό πλοίο επιστρέφει στο νησί")
                .0,
            WINDOWS_1252,
        );
        assert!(first(&greek).0 >= 3, "{greek}");
    }

    #[test]
    fn what_writers_mean_is_left_alone() {
        for text in [
            "Jäääär jäääär jäääär, hääöö, yöäänekäs; créée, créées.",
            "√2, √π, √π, √π and √∑; ‚Ähnlich‘, ‚Äpfel‘, ‚Ärger‘",
            "├── src\n├── tests\n└── spec\n│   ├── a",
            "мРНК, тРНК, рРНК, кВт·ч, мРНК; НАТО, США; СМИ",
            "Γιατί; ΓΑΣ, ΓΕΣ, ΓΕΑ.",
            RUSSIAN,
            LATIN,
            "Ѐ ﾃﾃﾃ 中文 ÀÀÀÀÀÀ ÀÀÀÀÀÀ ÀÀÀÀÀÀ",
        ] {
            assert_eq!(first(text).0, 0, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_found_where_nothing_begins(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "word ", "é", "éé", "ÃÄÅ", "√©", "‚Ä", "√", "ô", "├", "⌐", "ΓÇ", "Γ", "ô", "о", "П", "ЮОПК", "«", "’", "中",
            ]), 0..24)
        ) {
            let text = pieces.concat();
            if !anything_begins(text.as_bytes()) {
                let mut hit = Hit::default();
                look_everywhere(&text, &mut hit);
                prop_assert_eq!(hit, Hit::default());
            }
        }
    }

    /// Two signs may be what a text is about.
    #[test]
    fn few_signs_say_nothing() {
        assert_eq!(first("Read wrongly, ’ is ‚Äô and é is √©.").0, 0);
        assert_eq!(first("Read wrongly, ’ is ‚Äô, é is √© and è is √®.").0, 3);
    }
}
