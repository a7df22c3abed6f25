//! What HTML leaves behind in a text: tags and character references.

/// Names of elements that show in the body of a page, in order.
pub(crate) const ELEMENTS: [&str; 82] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "center",
    "cite",
    "code",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "label",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "param",
    "path",
    "picture",
    "pre",
    "s",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "th",
    "thead",
    "title",
    "tr",
    "u",
    "ul",
    "video",
];

/// Named character references that pages use, in order, but for those of [`ACCENTS`].
pub(crate) const REFERENCES: [&str; 54] = [
    "AElig", "Dagger", "ETH", "OElig", "THORN", "aelig", "amp", "apos", "bdquo", "brvbar", "bull",
    "cent", "copy", "curren", "dagger", "deg", "emsp", "ensp", "eth", "euro", "frac12", "frac14",
    "frac34", "gt", "hellip", "iexcl", "iquest", "laquo", "ldquo", "lsaquo", "lsquo", "lt",
    "mdash", "middot", "nbsp", "ndash", "oelig", "ordf", "ordm", "para", "pound", "quot", "raquo",
    "rdquo", "reg", "rsaquo", "rsquo", "sbquo", "sect", "shy", "szlig", "thinsp", "trade", "yen",
];

/// What follows the letter in references to accented letters.
pub(crate) const ACCENTS: [&str; 9] = [
    "acute", "caron", "cedil", "circ", "grave", "ring", "slash", "tilde", "uml",
];

/// The most bytes of a tag; what is longer is none.
pub(crate) const TAG: usize = 2048;

/// How many bytes the tag, comment or declaration has that begins `rest` with its `<`; nothing where
/// there is none.
///
/// A tag is `<`, perhaps `/`, the name of an element in any case, perhaps `/`, and `>`; before `>`
/// there may be white space and attributes with `=`. `<` stands in none.
pub(crate) fn tag(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    for begin in ["<!--", "<![CDATA[", "<!doctype ", "<?xml "] {
        if bytes
            .get(..begin.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(begin.as_bytes()))
        {
            return Some(begin.trim_end().len());
        }
    }
    let slash = usize::from(bytes.get(1) == Some(&b'/'));
    let inner = bytes.get(1 + slash..)?;
    let name = inner
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .take("blockquote".len() + 1)
        .count();
    if !is_element(inner.get(..name)?) {
        return None;
    }
    let inner = inner.get(name..)?;
    let end = memchr::memchr2(b'>', b'<', inner.get(..inner.len().min(TAG))?)?;
    let attributes = inner.get(..end)?;
    let plain = attributes
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    let given =
        attributes.first().is_some_and(u8::is_ascii_whitespace) && attributes.contains(&b'=');
    let whole = inner.get(end) == Some(&b'>') && (plain || given);
    whole.then_some(1 + slash + name + end + 1)
}

fn is_element(name: &[u8]) -> bool {
    let mut lower = [0; "blockquote".len()];
    let Some(lower) = lower.get_mut(..name.len()) else {
        return false;
    };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    ELEMENTS
        .binary_search_by(|element| element.as_bytes().cmp(lower))
        .is_ok()
}

/// The most bytes of a reference: `&#x10FFFF;`, `&thetasym;`.
pub(crate) const REFERENCE: usize = 12;

/// How many bytes the character reference has that begins `rest` with its `&`; nothing where there
/// is none. Only those that end in `;` count.
pub(crate) fn entity(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let end = bytes
        .iter()
        .take(REFERENCE)
        .position(|byte| *byte == b';')?;
    let name = rest.get(1..end)?;
    let number = |digits: &str, radix| {
        !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix))
    };
    let known = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16),
            None => number(digits, 10),
        },
        None => REFERENCES.binary_search(&name).is_ok() || is_accented(name),
    };
    known.then_some(end + 1)
}

fn is_accented(name: &str) -> bool {
    let Some((first, accent)) = name.split_at_checked(1) else {
        return false;
    };
    first.bytes().all(|byte| byte.is_ascii_alphabetic()) && ACCENTS.binary_search(&accent).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{ACCENTS, ELEMENTS, REFERENCES, entity, tag};

    #[test]
    fn the_lists_are_in_order() {
        assert!(ELEMENTS.is_sorted() && REFERENCES.is_sorted() && ACCENTS.is_sorted());
    }

    #[test]
    fn tags() {
        for (text, length) in [
            ("<p>", Some(3)),
            ("</DIV>x", Some(6)),
            ("<br />", Some(6)),
            ("<a href=\"b\" >c", Some(13)),
            ("<blockquote>", Some(12)),
            ("<!-- x", Some(4)),
            ("<!DOCTYPE html>", Some(9)),
            ("<blockquotes>", None),
            ("<3>", None),
            ("<a@example.com>", None),
            ("<a and y>", None),
            ("<name>", None),
            ("<p", None),
            ("<p <b>", None),
            ("< p>", None),
            ("<", None),
        ] {
            assert_eq!(tag(text), length, "{text}");
        }
    }

    #[test]
    fn references() {
        for (text, length) in [
            ("&amp;", Some(5)),
            ("&#8217;s", Some(7)),
            ("&#x2019;", Some(8)),
            ("&eacute;", Some(8)),
            ("&Uuml;ber", Some(6)),
            ("&amp", None),
            ("&copy=1;", None),
            ("&D;", None),
            ("&#;", None),
            ("& so on;", None),
            ("&é;", None),
            ("&", None),
        ] {
            assert_eq!(entity(text), length, "{text}");
        }
    }
}
