//! What a character is, looked up in a table: the converters ask of every one.

use std::sync::LazyLock;

/// What the converters ask of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(u8);

const LETTER: u8 = 1;
const NUMBER: u8 = 1 << 1;
const LOWER: u8 = 1 << 2;
const UPPER: u8 = 1 << 3;
const FOLDS: u8 = 1 << 4;
const WIDE: u8 = 1 << 5;
const NARROW: u8 = 1 << 6;

/// The classes of the characters below U+10000, which are nearly all.
static CLASSES: LazyLock<Vec<Class>> = LazyLock::new(|| {
    let class = |code| char::from_u32(code).map_or(Class(0), Class::found);
    (0..0x1_0000).map(class).collect()
});

impl Class {
    /// The class of a character.
    pub(super) fn of(c: char) -> Self {
        let known = usize::try_from(u32::from(c)).ok();
        let known = known.and_then(|code| CLASSES.get(code)).copied();
        known.unwrap_or_else(|| Self::found(c))
    }

    fn found(c: char) -> Self {
        let is = [
            (LETTER, c.is_alphabetic()),
            (NUMBER, c.is_numeric()),
            (LOWER, c.is_lowercase()),
            (UPPER, c.is_uppercase()),
            (FOLDS, !c.to_lowercase().eq([c])),
            (WIDE, columns(c) == 2),
            (NARROW, columns(c) == 1),
        ];
        let bits = is.into_iter().filter(|(_, is)| *is);
        Self(bits.fold(0, |all, (bit, _)| all | bit))
    }

    const fn has(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    /// Alphabetic ([`char::is_alphabetic`]).
    pub(super) const fn is_letter(self) -> bool {
        self.has(LETTER)
    }

    /// Alphabetic or numeric ([`char::is_alphanumeric`]).
    pub(super) const fn is_of_word(self) -> bool {
        self.has(LETTER | NUMBER)
    }

    /// Lower case ([`char::is_lowercase`]).
    pub(super) const fn is_lower(self) -> bool {
        self.has(LOWER)
    }

    /// Upper case ([`char::is_uppercase`]).
    pub(super) const fn is_upper(self) -> bool {
        self.has(UPPER)
    }

    /// Whether it has another form in lower case.
    pub(super) const fn folds(self) -> bool {
        self.has(FOLDS)
    }

    /// Whether it takes two columns: East Asian wide characters do.
    pub(super) const fn is_wide(self) -> bool {
        self.has(WIDE)
    }

    /// The columns that it takes: two for East Asian wide ones, none for combining marks and the like.
    pub(super) fn columns(self) -> usize {
        2 * usize::from(self.has(WIDE)) + usize::from(self.has(NARROW))
    }
}

fn columns(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0x20d0..=0x20ff => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1_f300..=0x1_faff
        | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn it_agrees_with_the_standard_library_on_every_character() {
        for c in '\0'..=char::MAX {
            let class = Class::of(c);
            assert_eq!(class, Class::found(c), "{c:?}");
            assert_eq!(class.is_letter(), c.is_alphabetic(), "{c:?}");
            assert_eq!(class.is_of_word(), c.is_alphanumeric(), "{c:?}");
            assert_eq!(class.is_lower(), c.is_lowercase(), "{c:?}");
            assert_eq!(class.is_upper(), c.is_uppercase(), "{c:?}");
            assert_eq!(class.folds(), c.to_lowercase().to_string() != c.to_string());
            assert_eq!(class.columns(), super::columns(c), "{c:?}");
            assert_eq!(class.is_wide(), super::columns(c) == 2, "{c:?}");
        }
    }
}
