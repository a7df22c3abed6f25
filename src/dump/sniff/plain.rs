//! Text that fixed first words tell, and text that is like nothing else.

use super::{Evidence, Head, Kind, Told};

/// The first words of a text, and what it then is.
const WORDS: [(&[u8], Kind); 18] = [
    (b"WARC/0.", Kind::Warc),
    (b"WARC/1.", Kind::Warc),
    (b"filedesc://", Kind::Arc),
    (b"TY  - ", Kind::Ris),
    (b"WEBVTT", Kind::Subtitles),
    (b"\\documentclass", Kind::Latex),
    (b"\\documentstyle", Kind::Latex),
    (b"\\begin{document}", Kind::Latex),
    (b"#!/", Kind::Code),
    (b"#! /", Kind::Code),
    (b"<?php", Kind::Code),
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
    let known = WORDS.iter().find(|(words, _)| start.starts_with(words));
    let kind = known
        .map(|(_, kind)| *kind)
        .or_else(|| is_reference(start).then_some(Kind::Bibtex))
        .or_else(|| is_calendar(start).then_some(Kind::Icalendar))
        .or_else(|| is_cue(start).then_some(Kind::Subtitles))
        .or_else(|| is_latex(start).then_some(Kind::Latex))?;
    let end = memchr::memchr2(b'\n', b'\r', start.get(2..)?);
    let line = start.get(..end.map_or(start.len(), |end| end + 2))?;
    Some((kind, Evidence::begins(line)))
}

/// Whether a text begins as a calendar (RFC 5545) or a card (RFC 6350) does; upper and lower case are one.
fn is_calendar(start: &[u8]) -> bool {
    let begins = |words: &[u8]| {
        let head = start.get(..words.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(words))
    };
    begins(b"BEGIN:VCALENDAR") || begins(b"BEGIN:VCARD")
}

/// Whether a text begins with an entry of `BibTeX`: `@article{key,`, `@article(key,`, `@string{`; lines of comments may
/// be before it.
fn is_reference(start: &[u8]) -> bool {
    const WITHOUT_KEY: [&[u8]; 3] = [b"string", b"comment", b"preamble"];
    let Some(entry) = behind_comments(start).strip_prefix(b"@") else {
        return false;
    };
    let letters = entry.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let (word, behind) = entry.split_at(letters.count());
    let [b'{' | b'(', inside @ ..] = behind.trim_ascii_start() else {
        return false;
    };
    let inside = inside.trim_ascii_start();
    let end = inside
        .iter()
        .position(|byte| b" \t\r\n{}(),".contains(byte));
    let (key, rest) = inside.split_at(end.unwrap_or(inside.len()));
    let is_keyed = !key.is_empty() && rest.trim_ascii_start().starts_with(b",");
    !word.is_empty() && (is_keyed || WITHOUT_KEY.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

/// Whether a text begins with the first cue of `SubRip`: its number, and a line that begins with its times. Where the
/// words are on the screen may follow in it.
fn is_cue(start: &[u8]) -> bool {
    let number = start.iter().take_while(|byte| byte.is_ascii_digit());
    let behind = start.get(number.count()..).unwrap_or_default();
    let times = behind.trim_ascii_start();
    let mut between = behind.iter().take_while(|byte| byte.is_ascii_whitespace());
    let shape = b"00:00:00,000 --> 00:00:00,000";
    let is_like = |(byte, like): (&u8, &u8)| match like {
        b'0' => byte.is_ascii_digit(),
        b',' => matches!(byte, b',' | b'.'),
        _ => byte == like,
    };
    behind.len() < start.len()
        && between.any(|byte| b"\r\n".contains(byte))
        && times.len() >= shape.len()
        && times.iter().zip(shape).all(is_like)
}

/// Whether a text is LaTeX behind lines of comments.
fn is_latex(start: &[u8]) -> bool {
    behind_comments(start).starts_with(b"\\documentclass")
}

/// A text without the lines in front that begin with `%`, or are blank.
fn behind_comments(mut text: &[u8]) -> &[u8] {
    while text.starts_with(b"%") {
        let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
        text = text.get(end..).unwrap_or_default().trim_ascii_start();
    }
    text
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
