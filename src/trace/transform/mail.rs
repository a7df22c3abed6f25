//! `rfc2047`: the text of a mail header (RFC 2047; RFC 5322, section 2.2.3).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

use super::{TransformError, syntax};

/// Undoes the folding and the encoded words of a header's value.
///
/// A line end before a space or tab is taken out. An encoded word becomes its text; white space between two
/// of them is taken out.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, TransformError> {
    if !text.contains("=?") && !text.contains(['\r', '\n']) {
        return Ok(Cow::Borrowed(text));
    }
    let unfolded = unfold(text);
    let mut out = String::with_capacity(unfolded.len());
    let mut rest = unfolded.as_str();
    // Where white space stands that is dropped if another encoded word follows.
    let mut between = None;
    while !rest.is_empty() {
        if let Some((word, behind)) = encoded_word(rest) {
            if let Some(length) = between.take() {
                out.truncate(length);
            }
            let at = unfolded.len() - rest.len();
            let word = word
                .text()
                .ok_or_else(|| syntax(&unfolded, at, "this encoded word cannot be decoded"))?;
            out.push_str(&word);
            between = Some(out.len());
            rest = behind;
            continue;
        }
        let mut characters = rest.chars();
        let character = characters.next().unwrap_or_default();
        if !matches!(character, ' ' | '\t') {
            between = None;
        }
        out.push(character);
        rest = characters.as_str();
    }
    Ok(Cow::Owned(out))
}

/// A text without the line ends that are followed by a space or tab.
fn unfold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest
        .find(['\r', '\n'])
        .and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(before);
        let length = if from.starts_with("\r\n") { 2 } else { 1 };
        let (end, behind) = from.split_at_checked(length).unwrap_or_default();
        if !behind.starts_with([' ', '\t']) {
            out.push_str(end);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// `=?charset?encoding?text?=`
struct EncodedWord<'t> {
    charset: &'t str,
    is_base64: bool,
    text: &'t str,
}

/// The encoded word that a text begins with, and what follows it.
fn encoded_word(text: &str) -> Option<(EncodedWord<'_>, &str)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let is_base64 = match encoding {
        "B" | "b" => true,
        "Q" | "q" => false,
        _ => return None,
    };
    // No further than a word reaches, so that many beginnings of words take no longer than one.
    let end = rest.find(|c: char| c == '?' || !c.is_ascii_graphic())?;
    let (text, behind) = rest.split_at_checked(end)?;
    let behind = behind.strip_prefix("?=")?;
    if charset.is_empty() || text.is_empty() || !charset.bytes().all(is_token) {
        return None;
    }
    let word = EncodedWord {
        charset: without_language(charset),
        is_base64,
        text,
    };
    Some((word, behind))
}

/// Whether a `token` may have the byte: ASCII but space, controls and `especials` (RFC 2047, section 2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?.=".contains(&byte)
}

/// A charset without the language that may follow it (RFC 2231, section 5).
fn without_language(charset: &str) -> &str {
    let of_language = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    match charset.rsplit_once('*') {
        Some((charset, language)) if !language.is_empty() && language.bytes().all(of_language) => {
            charset
        }
        _ => charset,
    }
}

impl EncodedWord<'_> {
    fn text(&self) -> Option<String> {
        let bytes = if self.is_base64 {
            STANDARD.decode(self.text).ok()?
        } else {
            quoted(self.text)?
        };
        let encoding = Encoding::for_label_no_replacement(self.charset.as_bytes())?;
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
        Some(text.into_owned())
    }
}

/// The encoding `Q` (RFC 2047, section 4.2).
fn quoted(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'_' => out.push(b' '),
            b'=' => {
                let digit = |byte: u8| {
                    char::from(byte)
                        .to_digit(16)
                        .and_then(|d| u8::try_from(d).ok())
                };
                let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                out.push(high << 4 | low);
            }
            other => out.push(other),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn encoded_words_become_text() {
        for (text, value) in [
            ("Plain", "Plain"),
            ("=?utf-8?q?Br=C3=BCcke?= zu", "Brücke zu"),
            ("=?UTF-8?B?QnLDvGNrZQ==?=", "Brücke"),
            ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
            ("=?utf-8?Q?a?=\r\n =?iso-8859-1?Q?=FC_b?= c", "aü b c"),
            ("=?utf-8*en?Q?a?= x =?utf-8?Q?b?=", "a x b"),
            ("a\r\n b\n\tc", "a b\tc"),
            ("a\r\n\r\n b\r\r\n c\r", "a\r\n b\r c\r"),
            ("=?utf-8:x?Q?a?=", "=?utf-8:x?Q?a?="),
            ("=?utf.8?Q?a?= =?utf-8?Q?b?=", "=?utf.8?Q?a?= b"),
            ("=?not a word?=", "=?not a word?="),
            ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ] {
            assert_eq!(decode(text).as_deref(), Ok(value), "{text}");
        }
        for text in [
            "=?klingon?Q?a?=",
            "=?utf-8?Q?=FF?=",
            "=?utf-8?Q?=F?=",
            "=?utf-8?B?!?=",
            "=?utf-8?Q?=?=",
            "=?utf-8*?Q?a?=",
            "=?utf-8*e_n?Q?a?=",
            "=?*en?Q?a?=",
            "=?utf-8+windows-1252?Q?a?=",
        ] {
            assert!(decode(text).is_err(), "{text}");
        }
    }
}
