//! In which form of Unicode a stream is written.

use std::borrow::Cow;

/// A Unicode encoding scheme.
///
/// ```
/// use dateline::dump::cut::Encoding;
///
/// assert_eq!(Encoding::detect(b"{\0\"\0"), (Encoding::Utf16Le, 0));
/// assert_eq!(Encoding::detect(b"\xef\xbb\xbf{}"), (Encoding::Utf8, 3));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, the lower byte of a unit first.
    Utf16Le,
    /// UTF-16, the upper byte of a unit first.
    Utf16Be,
}

impl Encoding {
    /// Tells the encoding of a text that begins with two characters of ASCII, as JSON does, from its
    /// first four bytes; and how many of them are a byte order mark.
    ///
    /// Without a mark, a NUL beside each of the two characters says which byte of UTF-16 is first (RFC
    /// 4627, section 3). What looks like neither, UTF-32 among it, is called UTF-8.
    #[must_use]
    pub fn detect(head: &[u8]) -> (Self, usize) {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, 0, 0, ..] => (Self::Utf8, 0),
            [0xFF, 0xFE, ..] => (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16Be, 2),
            [1..=0xFF, 0, 1..=0xFF, 0, ..] | [1..=0xFF, 0] => (Self::Utf16Le, 0),
            [0, 1..=0xFF, 0, 1..=0xFF, ..] | [0, 1..=0xFF] => (Self::Utf16Be, 0),
            _ => (Self::Utf8, 0),
        }
    }

    /// The label of the Encoding Standard (WHATWG).
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    /// How many bytes a code unit has.
    #[must_use]
    pub const fn width(self) -> usize {
        match self {
            Self::Utf8 => 1,
            Self::Utf16Le | Self::Utf16Be => 2,
        }
    }

    /// The text that bytes are; what is none becomes U+FFFD.
    pub(crate) fn read(self, bytes: &[u8]) -> Cow<'_, str> {
        if self == Self::Utf8 {
            return String::from_utf8_lossy(bytes);
        }
        let (pairs, rest) = bytes.as_chunks();
        let units: Vec<u16> = pairs.iter().map(|pair| self.unit(*pair)).collect();
        let end = if rest.is_empty() { "" } else { "\u{fffd}" };
        Cow::Owned(String::from_utf16_lossy(&units) + end)
    }

    /// The code unit that two bytes of UTF-16 are.
    pub(crate) const fn unit(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Utf8 | Self::Utf16Le => u16::from_le_bytes(bytes),
            Self::Utf16Be => u16::from_be_bytes(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding;

    #[test]
    fn json_in_each_form_is_known_by_its_beginning() {
        for text in ["{}", "[\"é", "1", "\u{feff}[", " {", "\u{feff}"] {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mark = |width| {
                if text.starts_with('\u{feff}') {
                    width
                } else {
                    0
                }
            };
            let le: Vec<u8> = units.iter().copied().flat_map(u16::to_le_bytes).collect();
            let be: Vec<u8> = units.iter().copied().flat_map(u16::to_be_bytes).collect();
            assert_eq!(
                Encoding::detect(&le),
                (Encoding::Utf16Le, mark(2)),
                "{text}"
            );
            assert_eq!(
                Encoding::detect(&be),
                (Encoding::Utf16Be, mark(2)),
                "{text}"
            );
            assert_eq!(Encoding::detect(text.as_bytes()), (Encoding::Utf8, mark(3)));
            let wide: Vec<u8> = text
                .chars()
                .flat_map(|c| u32::from(c).to_le_bytes())
                .collect();
            assert_eq!(
                Encoding::detect(&wide).0,
                Encoding::Utf8,
                "{text} in UTF-32"
            );
        }
        for head in [&b""[..], b"\0", b"{", b"\0\0\0\0"] {
            assert_eq!(Encoding::detect(head), (Encoding::Utf8, 0));
        }
    }
}
