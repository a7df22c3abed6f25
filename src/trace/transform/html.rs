//! `html-text` and `html-attribute`: what text and attributes of HTML mean (the HTML Standard, WHATWG,
//! "Tokenization").

use std::borrow::Cow;
use std::ops::Range;

use super::{TransformError, syntax};

/// Undoes the references of a text; ASCII white space becomes U+0020, a tag `<br>` U+000A.
pub(super) fn text(text: &str) -> Result<Cow<'_, str>, TransformError> {
    if !text.contains(['&', '<', '\t', '\n', '\u{c}', '\r', '\0']) {
        return Ok(Cow::Borrowed(text));
    }
    if let Some(at) = text.find('\0') {
        return Err(syntax(text, at, "U+0000 is no text of HTML"));
    }
    let breaks = breaks(text)?;
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for tag in breaks {
        plain(text.get(at..tag.start).unwrap_or_default(), &mut out);
        out.push('\n');
        at = tag.end;
    }
    plain(text.get(at..).unwrap_or_default(), &mut out);
    Ok(Cow::Owned(out))
}

/// What has no tags.
fn plain(text: &str, out: &mut String) {
    let text = super::text::line_feeds(text);
    out.extend(htmlize::unescape(&*text).chars().map(|c| match c {
        '\t' | '\n' | '\u{c}' | '\r' => ' ',
        other => other,
    }));
}

/// The tags `<br>` of a text that has no other markup.
fn breaks(text: &str) -> Result<Vec<Range<usize>>, TransformError> {
    let mut breaks = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        at += found;
        let rest = text.get(at..).unwrap_or_default();
        let opens = rest
            .chars()
            .nth(1)
            .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !opens {
            at += 1;
            continue;
        }
        let name = rest
            .get(1..3)
            .filter(|name| name.eq_ignore_ascii_case("br"));
        let ends = rest
            .get(3..)
            .is_some_and(|rest| rest.starts_with(['>', '/', ' ', '\t', '\n', '\u{c}', '\r']));
        let Some(end) = tag_end(rest).filter(|_| name.is_some() && ends) else {
            return Err(syntax(text, at, "only text and whole tags `<br>` are read"));
        };
        breaks.push(at..at + end + 1);
        at += end + 1;
    }
    Ok(breaks)
}

/// Where a tag ends: its `>` outside of quotes.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    tag.bytes().position(|byte| match (quote, byte) {
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (None, b'>') => true,
        (Some(open), byte) if open == byte => {
            quote = None;
            false
        }
        _ => false,
    })
}

/// Undoes the references of an attribute's value.
pub(super) fn attribute(text: &str) -> Result<Cow<'_, str>, TransformError> {
    if !text.contains(['&', '\r', '\0', '"']) {
        return Ok(Cow::Borrowed(text));
    }
    if let Some(at) = text.find('"').filter(|_| text.contains('\'')) {
        return Err(syntax(text, at, "the value has both kinds of quotes"));
    }
    let text = super::text::line_feeds(text).replace('\0', "\u{fffd}");
    Ok(Cow::Owned(htmlize::unescape_attribute(&*text).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::{attribute, text};

    #[test]
    fn references_and_breaks_are_undone() {
        for (given, value) in [
            ("plain  é", "plain  é"),
            ("Fish &amp; Chips", "Fish & Chips"),
            ("a&nbsp;b&#x20ac;&euro;&notin;&not;it", "a\u{a0}b€€∉¬it"),
            ("a\n\tb\r\nc", "a  b c"),
            ("three<br>four<br/>", "three\nfour\n"),
            ("a &copy 2 & b &bogus; &#128;", "a © 2 & b &bogus; €"),
            ("1 < 2", "1 < 2"),
            ("<BR\n/>", "\n"),
        ] {
            assert_eq!(text(given).as_deref(), Ok(value), "{given}");
        }
        for given in [
            "a<b>c",
            "</p>",
            "<!-- x -->",
            "a\0",
            "a<br",
            "</>",
            "<!doctype html>",
            "<bra>",
            "<?x>",
        ] {
            assert!(text(given).is_err(), "{given}");
        }
    }

    #[test]
    fn an_ambiguous_ampersand_of_an_attribute_stays() {
        for (given, value) in [
            ("?a=1&amp;b=2", "?a=1&b=2"),
            ("?a=1&copy=2&copyx&copy", "?a=1&copy=2&copyx©"),
            ("a\"b&quot;&apos;", "a\"b\"'"),
            ("it's &copy\u{20}\r\n", "it's © \n"),
        ] {
            assert_eq!(attribute(given).as_deref(), Ok(value), "{given}");
        }
        assert!(attribute("\"'").is_err());
    }
}
