//! Text that fixed first words tell, and text that is like nothing else.

use super::{Evidence, Head, Kind, Told};

/// The first words of a text, and what it then is.
const WORDS: [(&[u8], Kind); 11] = [
    (b"WARC/0.", Kind::Warc),
    (b"WARC/1.", Kind::Warc),
    (b"filedesc://", Kind::Arc),
    (b"TY  - ", Kind::Ris),
    (b"-- MySQL dump ", Kind::Sql),
    (b"-- MariaDB dump ", Kind::Sql),
    (b"/*M!999999\\-", Kind::Sql),
    (b"--\n-- PostgreSQL database", Kind::Sql),
    (b"--\r\n-- PostgreSQL database", Kind::Sql),
    (b"-- phpMyAdmin SQL Dump", Kind::Sql),
    (b"PRAGMA foreign_keys=", Kind::Sql),
];

/// The kind of a text that its first words tell.
pub(super) fn told(head: Head<'_>) -> Option<Told> {
    let start = head.start();
    let (_, kind) = WORDS.iter().find(|(words, _)| start.starts_with(words))?;
    let end = memchr::memchr2(b'\n', b'\r', start.get(2..)?);
    let line = start.get(..end.map_or(start.len(), |end| end + 2))?;
    Some((*kind, Evidence::begins(line)))
}

/// Why a text is text.
pub(super) fn why_text(head: Head<'_>) -> Evidence {
    let utf8 = match std::str::from_utf8(head.bytes) {
        Ok(_) => true,
        // The end of what is looked at may divide a character.
        Err(error) => head.cut && error.error_len().is_none(),
    };
    if utf8 {
        "is UTF-8 without the marks of another kind".into()
    } else {
        "is not UTF-8, and without the marks of another kind".into()
    }
}

/// Whether bytes without NUL are no text: they are not UTF-8, and every sixteenth is a control character
/// that texts do not have.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    is_noisy(bytes) && std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some())
}

/// Whether every sixteenth byte is a control character that texts do not have.
pub(super) fn is_noisy(bytes: &[u8]) -> bool {
    let controls = bytes.iter().filter(|byte| is_control(**byte)).count();
    controls * 16 > bytes.len()
}

/// Whether there is any such character, or a byte that is not UTF-8, among the first.
pub(super) fn has_controls(bytes: &[u8]) -> bool {
    is_strange(bytes, is_control)
}

/// The same, NUL not being one of them.
pub(super) fn has_controls_but_nul(bytes: &[u8]) -> bool {
    is_strange(bytes, |byte| byte != 0 && is_control(byte))
}

fn is_strange(bytes: &[u8], is_control: impl Fn(u8) -> bool) -> bool {
    const LOOKED_AT: usize = 512;
    let bytes = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    bytes.iter().any(|byte| is_control(*byte))
        || std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some())
}

/// Control characters but white space, ESC (of ISO-2022) and those that old editors wrote: BEL, BS, SUB.
fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, 7..=13 | 0x1a | 0x1b)
}
