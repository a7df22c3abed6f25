//! A text in another encoding than UTF-8, with the places of its characters in the bytes.

use encoding_rs::Encoding;

/// A text that was decoded, and where it lies in its bytes.
pub(crate) struct Decoded {
    pub(super) text: String,
    encoding: &'static Encoding,
    /// Of every [`EVERY`]th step the byte of the text and the byte of the bytes at which it begins.
    steps: Vec<(usize, usize)>,
}

/// How many steps lie between two that are remembered.
const EVERY: usize = 32;

/// No step of an encoding takes more bytes.
const LONGEST: usize = 4;

impl Decoded {
    /// The text that bytes are in an encoding; nothing where they are none, or where the encoding has states that
    /// last from one character to the next.
    pub(super) fn of(bytes: &[u8], label: &str) -> Option<Self> {
        let encoding = Encoding::for_label_no_replacement(label.as_bytes())?;
        if encoding == encoding_rs::ISO_2022_JP {
            return None;
        }
        let mut decoded = Self {
            text: String::with_capacity(bytes.len()),
            encoding,
            steps: Vec::new(),
        };
        let (mut at, mut count) = (0, 0_usize);
        while at < bytes.len() {
            if count.is_multiple_of(EVERY) {
                decoded.steps.push((decoded.text.len(), at));
            }
            let (piece, length) = step(encoding, bytes.get(at..)?)?;
            decoded.text.push_str(&piece);
            at += length;
            count += 1;
        }
        Some(decoded)
    }

    /// Where a byte of the text lies in `bytes`, which it was decoded from.
    pub(super) fn place(&self, offset: usize, bytes: &[u8]) -> usize {
        let after = self.steps.partition_point(|(text, _)| *text <= offset);
        let known = after
            .checked_sub(1)
            .and_then(|before| self.steps.get(before));
        let (mut text, mut at) = known.copied().unwrap_or_default();
        while text < offset {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some((piece, length)) = step(self.encoding, rest) else {
                return bytes.len();
            };
            text += piece.len();
            at += length;
        }
        at
    }
}

/// What the first bytes decode to, and how many they are.
fn step(encoding: &'static Encoding, bytes: &[u8]) -> Option<(String, usize)> {
    (1..=LONGEST.min(bytes.len())).find_map(|length| {
        let head = bytes.get(..length)?;
        let piece = encoding.decode_without_bom_handling_and_without_replacement(head)?;
        (!piece.is_empty()).then(|| (piece.into_owned(), length))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Decoded;

    #[test]
    fn places_lead_back_to_the_bytes() {
        for (label, text, lengths) in [
            ("windows-1252", "Café “x” ends. ", [1, 1]),
            ("shift_jis", "渡輪 A の船。", [1, 2]),
            ("gb18030", "渡轮 a€ 😀", [1, 4]),
            ("utf-16le", "Ferry 渡 ", [2, 2]),
        ] {
            let text = text.repeat(40);
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let bytes = if label == "utf-16le" {
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            } else {
                encoding.encode(&text).0.into_owned()
            };
            let decoded = Decoded::of(&bytes, label).unwrap();
            assert_eq!(decoded.text, text);
            let mut last = 0;
            for (offset, _) in text.char_indices().skip(1).chain([(text.len(), ' ')]) {
                let place = decoded.place(offset, &bytes);
                let length = place - last;
                assert!(
                    length >= lengths[0] && length <= lengths[1].max(2),
                    "{label} {offset}"
                );
                last = place;
            }
            assert_eq!(last, bytes.len(), "{label}");
        }
        assert!(Decoded::of(b"\x81", "shift_jis").is_none());
        assert!(Decoded::of(b"a", "iso-2022-jp").is_none());
    }
}
