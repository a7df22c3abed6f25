//! Whether a text is written in a script of its language.

/// How many letters of a text are looked at, from its beginning.
pub(crate) const SAMPLE: usize = 1024;

/// Fewer letters say nothing.
pub(crate) const FEWEST: usize = 64;

/// Of so many letters one at least must be of a script of the language.
pub(crate) const ONE_IN: usize = 4;

/// So many letters of the language's scripts are enough, whatever the others are.
const ENOUGH: usize = SAMPLE / ONE_IN;

/// A script, by its code of ISO 15924; Japanese and Korean write several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Script {
    code: &'static str,
    name: &'static str,
    ranges: &'static [(char, char)],
}

macro_rules! scripts {
    ($($ident:ident = $code:literal, $name:literal, [$(($from:literal, $to:literal)),+];)+) => {
        $(const $ident: Script = Script { code: $code, name: $name, ranges: &[$(($from, $to)),+] };)+
        /// Every script that is told from others.
        static SCRIPTS: &[Script] = &[$($ident),+];
    };
}

scripts! {
    LATIN = "Latn", "Latin", [('A', 'Z'), ('a', 'z'), ('\u{AA}', '\u{AA}'), ('\u{BA}', '\u{BA}'),
        ('\u{C0}', '\u{2B8}'), ('\u{1E00}', '\u{1EFF}'), ('\u{2C60}', '\u{2C7F}'),
        ('\u{A720}', '\u{A7FF}'), ('\u{AB30}', '\u{AB6F}'), ('\u{FB00}', '\u{FB06}'),
        ('\u{FF21}', '\u{FF3A}'), ('\u{FF41}', '\u{FF5A}')];
    CYRILLIC = "Cyrl", "Cyrillic", [('\u{400}', '\u{52F}'), ('\u{1C80}', '\u{1C8F}'),
        ('\u{2DE0}', '\u{2DFF}'), ('\u{A640}', '\u{A69F}')];
    GREEK = "Grek", "Greek", [('\u{370}', '\u{3FF}'), ('\u{1F00}', '\u{1FFF}')];
    ARABIC = "Arab", "Arabic", [('\u{600}', '\u{6FF}'), ('\u{750}', '\u{77F}'), ('\u{870}', '\u{8FF}'),
        ('\u{FB50}', '\u{FDCF}'), ('\u{FDF0}', '\u{FDFF}'), ('\u{FE70}', '\u{FEFC}')];
    HEBREW = "Hebr", "Hebrew", [('\u{590}', '\u{5FF}'), ('\u{FB1D}', '\u{FB4F}')];
    ARMENIAN = "Armn", "Armenian", [('\u{530}', '\u{58F}'), ('\u{FB13}', '\u{FB17}')];
    GEORGIAN = "Geor", "Georgian", [('\u{10A0}', '\u{10FF}'), ('\u{1C90}', '\u{1CBF}'),
        ('\u{2D00}', '\u{2D2F}')];
    DEVANAGARI = "Deva", "Devanagari", [('\u{900}', '\u{97F}'), ('\u{A8E0}', '\u{A8FF}')];
    BENGALI = "Beng", "Bengali", [('\u{980}', '\u{9FF}')];
    GURMUKHI = "Guru", "Gurmukhi", [('\u{A00}', '\u{A7F}')];
    GUJARATI = "Gujr", "Gujarati", [('\u{A80}', '\u{AFF}')];
    ODIA = "Orya", "Odia", [('\u{B00}', '\u{B7F}')];
    TAMIL = "Taml", "Tamil", [('\u{B80}', '\u{BFF}')];
    TELUGU = "Telu", "Telugu", [('\u{C00}', '\u{C7F}')];
    KANNADA = "Knda", "Kannada", [('\u{C80}', '\u{CFF}')];
    MALAYALAM = "Mlym", "Malayalam", [('\u{D00}', '\u{D7F}')];
    SINHALA = "Sinh", "Sinhala", [('\u{D80}', '\u{DFF}')];
    THAI = "Thai", "Thai", [('\u{E00}', '\u{E7F}')];
    LAO = "Laoo", "Lao", [('\u{E80}', '\u{EFF}')];
    TIBETAN = "Tibt", "Tibetan", [('\u{F00}', '\u{FFF}')];
    MYANMAR = "Mymr", "Myanmar", [('\u{1000}', '\u{109F}'), ('\u{A9E0}', '\u{A9FF}'),
        ('\u{AA60}', '\u{AA7F}')];
    ETHIOPIC = "Ethi", "Ethiopic", [('\u{1200}', '\u{139F}'), ('\u{2D80}', '\u{2DDF}'),
        ('\u{AB00}', '\u{AB2F}')];
    KHMER = "Khmr", "Khmer", [('\u{1780}', '\u{17FF}')];
    HANGUL = "Hang", "Hangul", [('\u{1100}', '\u{11FF}'), ('\u{3130}', '\u{318F}'),
        ('\u{A960}', '\u{A97F}'), ('\u{AC00}', '\u{D7FF}')];
    KANA = "Kana", "Kana", [('\u{3040}', '\u{30FF}'), ('\u{31F0}', '\u{31FF}'),
        ('\u{FF66}', '\u{FF9F}')];
    HAN = "Hani", "Han", [('\u{2E80}', '\u{2FDF}'), ('\u{3005}', '\u{3007}'), ('\u{3100}', '\u{312F}'),
        ('\u{3400}', '\u{4DBF}'), ('\u{4E00}', '\u{9FFF}'), ('\u{F900}', '\u{FAFF}'),
        ('\u{20000}', '\u{3FFFD}')];
}

/// The scripts that a language is printed in, by its primary subtag; of others nothing is known.
fn of_language(primary: &str) -> Option<&'static [Script]> {
    Some(match primary {
        "af" | "ca" | "cs" | "cy" | "da" | "de" | "en" | "es" | "et" | "eu" | "fi" | "fil"
        | "fo" | "fr" | "fy" | "ga" | "gd" | "gl" | "hr" | "ht" | "hu" | "id" | "ig" | "is"
        | "it" | "lb" | "lt" | "lv" | "mi" | "mt" | "nb" | "nl" | "nn" | "no" | "pl" | "pt"
        | "qu" | "rm" | "ro" | "rw" | "sk" | "sl" | "sm" | "sn" | "so" | "sq" | "st" | "sv"
        | "sw" | "tl" | "tn" | "tr" | "vi" | "xh" | "yo" | "zu" => &[LATIN],
        "be" | "bg" | "ky" | "mk" | "ru" | "uk" => &[CYRILLIC],
        "az" | "bs" | "kk" | "sr" | "tg" | "tk" | "tt" | "uz" => &[CYRILLIC, LATIN, ARABIC],
        "el" => &[GREEK],
        "ar" | "fa" | "ps" | "sd" | "ug" | "ur" => &[ARABIC],
        "ckb" => &[ARABIC, LATIN],
        "he" | "yi" => &[HEBREW],
        "hy" => &[ARMENIAN],
        "ka" => &[GEORGIAN],
        "hi" | "mr" | "ne" => &[DEVANAGARI],
        "as" | "bn" => &[BENGALI],
        "pa" => &[GURMUKHI, ARABIC],
        "gu" => &[GUJARATI],
        "or" => &[ODIA],
        "ta" => &[TAMIL],
        "te" => &[TELUGU],
        "kn" => &[KANNADA],
        "ml" => &[MALAYALAM],
        "si" => &[SINHALA],
        "th" => &[THAI],
        "lo" => &[LAO],
        "bo" | "dz" => &[TIBETAN],
        "my" => &[MYANMAR],
        "am" | "ti" => &[ETHIOPIC],
        "km" => &[KHMER],
        "ko" => &[HANGUL, HAN],
        "ja" => &[KANA, HAN],
        "zh" | "yue" => &[HAN],
        _ => return None,
    })
}

/// The scripts that a tag of BCP 47 names, by its script where it has one, or by its language.
fn of_tag(tag: &str) -> Option<&'static [Script]> {
    let mut subtags = tag.split('-');
    let primary = subtags.next()?;
    // An extended language of three letters may stand before the script (RFC 5646, section 2.2.2).
    let script = subtags
        .take(2)
        .find(|subtag| subtag.len() == 4 && subtag.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let Some(script) = script else {
        return of_language(primary);
    };
    match script.to_ascii_lowercase().as_str() {
        "hans" | "hant" => Some(&[HAN]),
        "jpan" => Some(&[KANA, HAN]),
        "kore" => Some(&[HANGUL, HAN]),
        code => SCRIPTS
            .iter()
            .find(|script| script.code.eq_ignore_ascii_case(code))
            .map(std::slice::from_ref),
    }
}

/// How a text is not of a script of its language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Foreign {
    /// What its language is written in.
    pub(crate) expected: String,
    /// What most of its letters are.
    pub(crate) most: &'static str,
    /// How many letters were looked at, and how many of them are of the language's scripts.
    pub(crate) letters: usize,
    pub(crate) own: usize,
}

/// Whether fewer than one in [`ONE_IN`] of the first [`SAMPLE`] letters of a text are of a script of
/// the language that `tag` names. Nothing where the language is not known here, or the text has
/// fewer than [`FEWEST`] letters.
pub(crate) fn foreign(tag: &str, text: &str) -> Option<Foreign> {
    let expected = of_tag(tag)?;
    // Most texts begin with letters of ASCII, and most languages are written in Latin.
    if expected.contains(&LATIN) && begins_in_ascii(text) {
        return None;
    }
    let mut counts = [0_usize; SCRIPTS.len()];
    let (mut letters, mut own) = (0, 0);
    for character in text.chars() {
        if expected.iter().any(|script| script.has(character)) {
            own += 1;
            if own >= ENOUGH {
                return None;
            }
        } else if !character.is_alphabetic() {
            continue;
        } else if let Some(at) = SCRIPTS.iter().position(|script| script.has(character))
            && let Some(count) = counts.get_mut(at)
        {
            *count += 1;
        }
        letters += 1;
        if letters == SAMPLE {
            break;
        }
    }
    if letters < FEWEST || own * ONE_IN >= letters {
        return None;
    }
    let most = SCRIPTS.iter().zip(&counts).max_by_key(|(_, count)| **count);
    let names: Vec<&str> = expected.iter().map(|script| script.name).collect();
    Some(Foreign {
        expected: names.join(" or "),
        most: most
            .filter(|(_, count)| **count > 0)
            .map_or("unknown", |(script, _)| script.name),
        letters,
        own,
    })
}

/// Whether [`ENOUGH`] of the first [`SAMPLE`] letters are letters of ASCII, as the bytes show: letters
/// are no more than bytes.
fn begins_in_ascii(text: &str) -> bool {
    const STEP: usize = 64;
    let head = text.as_bytes().get(..SAMPLE).unwrap_or(text.as_bytes());
    let mut found = 0;
    for step in head.as_chunks::<STEP>().0 {
        let letters: u8 = step
            .iter()
            .map(|byte| u8::from(byte.is_ascii_alphabetic()))
            .sum();
        found += usize::from(letters);
        if found >= ENOUGH {
            return true;
        }
    }
    false
}

impl Script {
    fn has(&self, letter: char) -> bool {
        self.ranges
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&letter))
    }
}

#[cfg(test)]
mod tests {
    use super::{FEWEST, SCRIPTS, foreign};

    const RUSSIAN: &str = "Мост открыли после ремонта, движение по нему восстановлено. ";
    const ENGLISH: &str = "The bridge reopened after repairs, and traffic is back to normal. ";

    fn most(tag: &str, text: &str) -> Option<&'static str> {
        foreign(tag, &text.repeat(4)).map(|foreign| foreign.most)
    }

    #[test]
    fn a_language_is_written_in_its_script() {
        for (tag, text) in [
            ("en", ENGLISH),
            ("en-GB", ENGLISH),
            ("ru", RUSSIAN),
            ("sr", ENGLISH),
            ("sr", RUSSIAN),
            ("sr-Latn-RS", ENGLISH),
            ("zh-Hans-CN", "大桥维修后重新开放。"),
            ("zh-yue-Hant", "大桥维修后重新开放。"),
            ("ja", "橋は修理の後に再開された。"),
            ("ko", "다리가 수리 후 다시 열렸다."),
            ("ar", "أعيد فتح الجسر بعد الإصلاحات."),
            ("vi", "Cây cầu đã được mở lại sau khi sửa chữa."),
            ("hi", "मरम्मत के बाद पुल फिर से खुल गया।"),
            ("und", RUSSIAN),
            ("tlh", RUSSIAN),
        ] {
            assert_eq!(most(tag, text), None, "{tag}: {text}");
        }
    }

    #[test]
    fn another_script_is_named() {
        assert_eq!(most("en", RUSSIAN), Some("Cyrillic"));
        assert_eq!(most("ru", ENGLISH), Some("Latin"));
        assert_eq!(most("sr-Latn", RUSSIAN), Some("Cyrillic"));
        assert_eq!(most("ja", ENGLISH), Some("Latin"));
        assert_eq!(most("el", "大桥维修后重新开放。大桥维修后。"), None);
        assert_eq!(most("el", &"大桥维修后重新开放。".repeat(2)), Some("Han"));
    }

    #[test]
    fn few_letters_say_nothing() {
        let short: String = RUSSIAN.chars().filter(|c| c.is_alphabetic()).collect();
        let some = |count| short.chars().cycle().take(count).collect::<String>();
        assert_eq!(foreign("en", &some(FEWEST - 1)), None);
        assert_eq!(foreign("en", &some(FEWEST)).map(|found| found.own), Some(0));
        // A quarter is enough: quotes and names of another script are honest.
        let mixed = format!("{}{}", some(192), "a".repeat(64));
        assert_eq!(foreign("en", &mixed), None);
    }

    #[test]
    fn ranges_are_apart() {
        for letter in '\0'..=char::MAX {
            let scripts = SCRIPTS.iter().filter(|script| script.has(letter));
            assert!(scripts.count() <= 1, "{letter:?}");
        }
    }
}
