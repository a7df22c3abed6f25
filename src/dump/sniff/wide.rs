//! Text in UTF-16 and UTF-32, whose bytes look like binary data.

use super::{Head, SNIFFED, plain};

/// One of the encodings.
#[derive(Clone, Copy)]
struct Wide {
    label: &'static str,
    /// How many bytes a unit has: 2 or 4.
    size: usize,
    little: bool,
    mark: &'static [u8],
}

/// Longer marks first: that of UTF-32LE begins as that of UTF-16LE does.
const ALL: [Wide; 4] = [
    wide("utf-32le", 4, true, b"\xff\xfe\0\0"),
    wide("utf-32be", 4, false, b"\0\0\xfe\xff"),
    wide("utf-16le", 2, true, b"\xff\xfe"),
    wide("utf-16be", 2, false, b"\xfe\xff"),
];

const fn wide(label: &'static str, size: usize, little: bool, mark: &'static [u8]) -> Wide {
    Wide {
        label,
        size,
        little,
        mark,
    }
}

/// The least units that a text without a byte order mark has.
const LEAST: usize = 4;

/// Which of these encodings a file is in that has a byte order mark of one, or NUL bytes.
pub(in crate::dump) fn label(file: &[u8]) -> Option<&'static str> {
    let head = Head {
        bytes: file.get(..SNIFFED).unwrap_or(file),
        cut: file.len() > SNIFFED,
    };
    decode(head).map(|(label, _)| label)
}

/// The text in one of these encodings that the bytes are, and its encoding.
pub(super) fn decode(head: Head<'_>) -> Option<(&'static str, String)> {
    let bytes = head.bytes;
    if let Some(wide) = ALL.iter().find(|wide| bytes.starts_with(wide.mark)) {
        let text = wide.text(bytes.get(wide.mark.len()..)?);
        // A text has few characters that are none, and other bytes many.
        return (text.bad * 20 <= text.units).then_some((wide.label, text.characters));
    }
    let nuls = memchr::memchr_iter(0, bytes).count();
    if nuls == 0 || (nuls * 4 < bytes.len() && !plain::has_controls_but_nul(bytes)) {
        // A few NUL bytes in a text of single bytes make no pairs of them.
        return None;
    }
    let whole = |wide: &&Wide| head.cut || bytes.len().is_multiple_of(wide.size);
    let texts = ALL
        .iter()
        .filter(whole)
        .map(|wide| (wide, wide.text(bytes)));
    // Every text has spaces, digits or line ends. In the wrong byte order they are rare characters.
    texts
        .filter(|(_, text)| text.is_likely())
        .max_by_key(|(_, text)| text.ascii)
        .map(|(wide, text)| (wide.label, text.characters))
}

/// Bytes that were read as text.
struct Text {
    characters: String,
    units: usize,
    /// Units that no text has: halves of surrogate pairs, control characters, numbers that are no
    /// characters.
    bad: usize,
    ascii: usize,
}

impl Text {
    /// Whether bytes that have no byte order mark are this text: without anything that no text has, or, where most of
    /// it is ASCII, with little.
    fn is_likely(&self) -> bool {
        let is_clean = self.bad == 0 && self.ascii * 64 >= self.units;
        let is_damaged = self.bad * 100 <= self.units && self.ascii * 2 >= self.units;
        self.units >= LEAST && (is_clean || is_damaged)
    }
}

impl Wide {
    fn text(&self, bytes: &[u8]) -> Text {
        let units = bytes.chunks_exact(self.size).map(|unit| self.unit(unit));
        let mut read = Text {
            characters: String::new(),
            units: bytes.len() / self.size,
            bad: 0,
            ascii: 0,
        };
        let mut put = |character: Option<char>| match character {
            Some(c) if !c.is_control() || c.is_ascii_whitespace() => {
                read.ascii += usize::from(c.is_ascii());
                read.characters.push(c);
            }
            Some(_) | None => read.bad += 1,
        };
        if self.size == 4 {
            units.for_each(|unit| put(char::from_u32(unit)));
        } else {
            // A pair that the end of the head divides is passed over.
            let mut units: Vec<u16> = units.filter_map(|unit| u16::try_from(unit).ok()).collect();
            units.pop_if(|last| matches!(last, 0xd800..=0xdbff));
            char::decode_utf16(units).for_each(|unit| put(unit.ok()));
        }
        read
    }

    fn unit(&self, bytes: &[u8]) -> u32 {
        let number = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        if self.little {
            bytes.iter().rev().fold(0, number)
        } else {
            bytes.iter().fold(0, number)
        }
    }
}
