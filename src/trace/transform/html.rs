//! `html-text` and `html-attribute`: what text and attributes of HTML mean (the HTML Standard, WHATWG,
//! "Tokenization").

use std::borrow::Cow;

use html5gum::{Token, Tokenizer};

use super::{TransformError, syntax};

/// Undoes the references of a text; ASCII white space becomes U+0020, a tag `<br>` U+000A.
pub(super) fn text(text: &str) -> Result<Cow<'_, str>, TransformError> {
    if !text.contains(['&', '<', '\t', '\n', '\u{c}', '\r', '\0']) {
        return Ok(Cow::Borrowed(text));
    }
    if text.contains('\0') {
        let at = text.find('\0').unwrap_or_default();
        return Err(syntax(text, at, "U+0000 is no text of HTML"));
    }
    let mut out = String::with_capacity(text.len());
    for Ok(token) in Tokenizer::new(text) {
        match token {
            Token::String(string) => {
                let string = String::from_utf8_lossy(&string);
                out.extend(string.chars().map(|c| match c {
                    '\t' | '\n' | '\u{c}' | '\r' => ' ',
                    other => other,
                }));
            }
            Token::StartTag(tag) if **tag.name == *b"br" => out.push('\n'),
            Token::Error(_) => {}
            Token::StartTag(_) | Token::EndTag(_) | Token::Comment(_) | Token::Doctype(_) => {
                let at = text.find('<').unwrap_or_default();
                return Err(syntax(text, at, "only text and `<br>` are read"));
            }
        }
    }
    Ok(Cow::Owned(out))
}

/// Undoes the references of an attribute's value.
pub(super) fn attribute(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '\r', '\0']) {
        return Cow::Borrowed(text);
    }
    // A quote ends a reference as the end of the value does, so each part between quotes stands for itself.
    let parts: Vec<String> = text.split('"').map(quoted).collect();
    Cow::Owned(parts.join("\""))
}

/// The value of an attribute that is written between quotes.
fn quoted(inside: &str) -> String {
    let tag = format!("<a a=\"{inside}\">");
    for Ok(token) in Tokenizer::new(&tag) {
        if let Token::StartTag(tag) = token {
            let value = tag.attributes.values().next();
            return value.map_or_else(String::new, |value| {
                String::from_utf8_lossy(value).into_owned()
            });
        }
    }
    String::new()
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
            // A tag that does not end is none.
            ("a<br", "a"),
        ] {
            assert_eq!(text(given).as_deref(), Ok(value), "{given}");
        }
        for given in ["a<b>c", "</p>", "<!-- x -->", "a\0"] {
            assert!(text(given).is_err(), "{given}");
        }
    }

    #[test]
    fn an_ambiguous_ampersand_of_an_attribute_stays() {
        for (given, value) in [
            ("?a=1&amp;b=2", "?a=1&b=2"),
            ("?a=1&copy=2&copyx&copy", "?a=1&copy=2&copyx©"),
            ("a\"b'&quot;&apos;", "a\"b'\"'"),
            ("&copy\"x", "©\"x"),
        ] {
            assert_eq!(attribute(given), value, "{given}");
        }
    }
}
