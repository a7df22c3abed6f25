//! `xml-text`: what character data of XML means (XML 1.0, sections 2.4, 2.7, 2.11 and 4.6).

use std::borrow::Cow;

use super::{TransformError, syntax};

const CDATA: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// Undoes the references and CDATA sections of a text, and makes its line ends U+000A.
pub(super) fn text(text: &str) -> Result<Cow<'_, str>, TransformError> {
    if !text.contains(['&', '<', '\r']) {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(section) = rest.strip_prefix(CDATA) {
            let Some(end) = section.find(CDATA_END) else {
                return Err(syntax(text, at, "the CDATA section does not end"));
            };
            plain(section.get(..end).unwrap_or_default(), &mut out);
            at += CDATA.len() + end + CDATA_END.len();
        } else if rest.starts_with('<') {
            return Err(syntax(text, at, "a tag is not text"));
        } else if let Some(name) = rest.strip_prefix('&') {
            let end = name.find(';');
            let reference = end.and_then(|end| name.get(..end));
            let Some(character) = reference.and_then(referred) else {
                return Err(syntax(text, at, "XML does not define this reference"));
            };
            out.push(character);
            at += 2 + end.unwrap_or_default();
        } else {
            let end = rest.find(['&', '<']).unwrap_or(rest.len());
            plain(rest.get(..end).unwrap_or_default(), &mut out);
            at += end;
        }
    }
    Ok(Cow::Owned(out))
}

/// What has no markup, with the line ends that an XML processor passes on.
fn plain(text: &str, out: &mut String) {
    out.push_str(&super::text::line_feeds(text));
}

/// The character that a reference without `&` and `;` stands for.
fn referred(name: &str) -> Option<char> {
    let number = |digits: &str, radix: u32| {
        let good = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        good.then(|| u32::from_str_radix(digits, radix).ok())?
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix('x') {
                Some(digits) => number(digits, 16),
                None => number(digits, 10),
            };
            code.and_then(char::from_u32).filter(|c| is_character(*c))
        }
    }
}

/// Whether XML 1.0 allows the character (`Char`, section 2.2).
const fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn references_and_sections_are_undone() {
        for (given, value) in [
            ("plain", "plain"),
            ("A &amp; B <![CDATA[C &amp; <b>]]>", "A & B C &amp; <b>"),
            ("&lt;&gt;&quot;&apos;&#65;&#x41;&#x1F600;", "<>\"'AA😀"),
            ("a\r\nb\rc<![CDATA[\r\n]]>", "a\nb\nc\n"),
            ("&#13;", "\r"),
            ("<![CDATA[]]>", ""),
        ] {
            assert_eq!(text(given).as_deref(), Ok(value), "{given}");
        }
        for given in [
            "<b>",
            "&",
            "&amp",
            "&nbsp;",
            "&#0;",
            "&#xD800;",
            "&#x;",
            "&#;",
            "&#-1;",
            "<![CDATA[",
            "<!-- -->",
            "&#x110000;",
            "&#xfffe;",
            "&#X41;",
        ] {
            assert!(text(given).is_err(), "{given}");
        }
    }
}
