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
        return Err(syntax(text, at, "HTML text cannot contain U+0000"));
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
            .is_some_and(|rest| rest.starts_with(['>', '/']) || rest.starts_with(SPACES));
        let Some(length) = tag_length(rest, 3).filter(|_| name.is_some() && ends) else {
            return Err(syntax(text, at, "only text and whole tags `<br>` are read"));
        };
        breaks.push(at..at + length);
        at += length;
    }
    Ok(breaks)
}

/// What the tokeniser skips between the parts of a tag.
const SPACES: [char; 5] = [' ', '\t', '\n', '\u{c}', '\r'];

/// The length of a tag whose name ends at `name`: up to the `>` that is in no quoted value (the HTML Standard,
/// from "Before attribute name state" on).
fn tag_length(tag: &str, name: usize) -> Option<usize> {
    let is_space = |c: char| SPACES.contains(&c);
    let mut rest = tag.get(name..)?;
    loop {
        rest = rest.trim_start_matches(|c| is_space(c) || c == '/');
        let mut characters = rest.chars();
        if characters.next()? == '>' {
            return Some(tag.len() - characters.as_str().len());
        }
        // The first character of a name is any, also a `=`.
        let in_name = |c| !is_space(c) && !matches!(c, '/' | '>' | '=');
        rest = characters.as_str().trim_start_matches(in_name);
        let Some(value) = rest.trim_start_matches(is_space).strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start_matches(is_space);
        let mut characters = value.chars();
        rest = match characters.next() {
            Some(quote @ ('"' | '\'')) => characters.as_str().split_once(quote)?.1,
            _ => value.trim_start_matches(|c| !is_space(c) && c != '>'),
        };
    }
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
            ("a<br x'>b's<br>c", "a\nb's\nc"),
            ("a<br x=\">\" y = '>'>b", "a\nb"),
            ("a<br =\">b<br / = '>c<br x=y\">d", "a\nb\nc\nd"),
            ("a<br x=>b<br x=\"'\"y='\"'/>c", "a\nb\nc"),
        ] {
            assert_eq!(text(given).as_deref(), Ok(value), "{given}");
        }
        for given in [
            "a<b>c",
            "</p>",
            "<!-- x -->",
            "a\0",
            "a<br",
            "a<br x='>b",
            "a<br x=",
            "a</",
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
