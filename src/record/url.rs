//! URLs as they are compared.

#![allow(
    clippy::needless_bitwise_bool,
    reason = "conditions of many bytes at once are without branches: see `block`"
)]

use std::borrow::Cow;

use url::{ParseError, Url};

use crate::block::{self, Blocks};
use crate::digest::Digest;

/// A URL in the form in which two spellings of it are equal: as the URL Standard writes it, without
/// its fragment (`spec/record.md`, `record-url-normal`). Absent for what is no absolute http or
/// https URL.
///
/// ```
/// use dateline::record::normalised_url;
///
/// assert_eq!(normalised_url("HTTP://E.example:80/a#b").as_deref(), Some("http://e.example/a"));
/// assert_eq!(normalised_url("/a"), None);
/// ```
#[must_use]
pub fn normalised_url(url: &str) -> Option<String> {
    if plain_host(url).is_some() {
        return Some(url.to_owned());
    }
    let mut url = parse_url(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    Some(url.into())
}

/// A URL as the URL Standard parses it without a base, at the commit that `spec/record.md` names.
///
/// The crate follows an older one, which leaves U+005E in paths as it is.
///
/// # Errors
///
/// Where the standard gives no URL, or the crate refuses the host (`spec/record.md`, `record-url-standard`).
pub(crate) fn parse_url(text: &str) -> Result<Url, ParseError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "what the crate leaves is done here"
    )]
    Url::parse(text).map(with_carets)
}

/// A URL that is relative to another, likewise.
///
/// # Errors
///
/// As [`parse_url`].
pub(crate) fn join_url(base: &Url, text: &str) -> Result<Url, ParseError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "what the crate leaves is done here"
    )]
    base.join(text).map(with_carets)
}

/// U+005E in a path as the standard writes it.
fn with_carets(mut url: Url) -> Url {
    if !url.cannot_be_a_base() && url.path().contains('^') {
        let path = url.path().replace('^', "%5E");
        url.set_path(&path);
    }
    url
}

/// SHA-256 over the bytes of the normalised URL, by which a withdrawal knows an article's URL again
/// without naming it (`spec/record.md`, `withdrawal-url-digest`).
#[must_use]
pub fn url_digest(url: &str) -> Option<Digest> {
    if plain_host(url).is_some() {
        return Some(Digest::of(url.as_bytes()));
    }
    normalised_url(url).map(|url| Digest::of(url.as_bytes()))
}

/// The host of a URL, as the URL Standard writes it.
pub(crate) fn url_host(url: &str) -> Option<Cow<'_, str>> {
    if let Some(host) = plain_host(url) {
        return Some(Cow::Borrowed(host));
    }
    Some(Cow::Owned(parse_url(url).ok()?.host_str()?.to_owned()))
}

/// The host of a URL that is normal at a glance: http or https, a host of lower-case letters, digits
/// and hyphens, no port, a path, and nothing in it that the URL Standard would write otherwise. Absent
/// for all others, among them many that are normal, too: those are for [`parse_url`].
pub(crate) fn plain_host(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_at_checked(memchr::memchr(b'/', rest.as_bytes())?)?;
    // What ends in a number is an address.
    let (_, label) = host.rsplit_once('.').unwrap_or(("", host));
    if host.starts_with('.') || !label.starts_with(|first: char| first.is_ascii_lowercase()) {
        return None;
    }
    // `--` is what marks a label that stands for another, `xn--`.
    let odd_in_host = |one: u8, two: u8, _| {
        let letter = one.is_ascii_lowercase() | one.is_ascii_digit();
        let mark = (one == b'-') | (one == b'.');
        !(letter | mark) | mark & (one == two)
    };
    // Parts of dots are taken out of a path, those written `%2e` too.
    let odd_in_path = |one: u8, two: u8, three: u8| {
        let dots = (one == b'/') & (two == b'.');
        let written = (one == b'%') & (two == b'2') & ((three | 0x20) == b'e');
        !is_kept(one) | dots | written
    };
    let plain = !has(host, odd_in_host) && !has(path, odd_in_path);
    plain.then_some(host)
}

/// Whether a condition holds for any byte of a text and the two behind it.
fn has(text: &str, condition: impl Fn(u8, u8, u8) -> bool) -> bool {
    let mut blocks = Blocks::new(text.as_bytes());
    while let Some(block) = blocks.next() {
        if block::any(block, &condition) {
            return true;
        }
    }
    false
}

/// Whether a byte stands for itself in a path and in a query.
const fn is_kept(byte: u8) -> bool {
    byte.is_ascii_graphic()
        & !((byte == b'"') | (byte == b'#') | (byte == b'\''))
        & !((byte == b'<') | (byte == b'>'))
        & !((byte >= b'[') & (byte <= b'^') | (byte == b'`'))
        & !((byte >= b'{') & (byte <= b'}'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{parse_url, plain_host};

    /// [`plain_host`], byte by byte.
    fn slowly(url: &str) -> Option<&str> {
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))?;
        let (host, path) = rest.split_at_checked(rest.find('/')?)?;
        let (mut before, mut label) = ('.', '.');
        for c in host.chars() {
            match c {
                'a'..='z' | '0'..='9' => {}
                '-' | '.' if before != c => {}
                _ => return None,
            }
            if before == '.' {
                label = c;
            }
            before = c;
        }
        let kept = |c: char| c.is_ascii_alphanumeric() || "-_.~!$&()*+,;=:@/?%".contains(c);
        let odd = ["/.", "%2e", "%2E"].iter().any(|odd| path.contains(odd));
        let plain = before != '.' && label.is_ascii_lowercase() && path.chars().all(kept) && !odd;
        plain.then_some(host)
    }

    #[test]
    fn what_is_normal_at_a_glance_is() {
        for (url, host) in [
            ("https://www.example.com/", Some("www.example.com")),
            ("http://a-b.example/c/d.html?e=f%20g&h", Some("a-b.example")),
            ("https://example.com", None),
            ("https://example.com/a#b", None),
            ("https://example.com:80/", None),
            ("https://user@example.com/", None),
            ("https://Example.com/", None),
            ("https://xn--e1afmkfd.example/", None),
            ("https://127.0.0.1/", None),
            ("https://example.0x1/", None),
            ("https://example.com/a/../b", None),
            ("https://example.com/%2E%2e/b", None),
            ("https://example.com/ä", None),
            ("https:///", None),
            ("ftp://example.com/", None),
        ] {
            assert_eq!(plain_host(url), host, "{url}");
        }
    }

    #[test]
    fn every_byte_is_told_at_every_place() {
        let url = "https://www.news-paper.example/2025/07/20/a-long-path-of-an-article.html?page=2";
        for at in 0..url.len() {
            for byte in '\0'..='\u{ff}' {
                let mut url = url.to_owned();
                url.replace_range(at..=at, byte.encode_utf8(&mut [0; 2]));
                assert_eq!(plain_host(&url), slowly(&url), "{url:?}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn it_is_what_the_url_standard_writes(
            url in "(https?|ftp|HTTP)://[a-z0-9.:@x%-]{0,12}(\\.example|\\.0a|\\.7)?(/[ -~]{0,6}){0,3}"
        ) {
            prop_assert_eq!(plain_host(&url), slowly(&url));
            if let Some(host) = plain_host(&url) {
                let parsed = parse_url(&url).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(parsed.as_str(), &url);
                prop_assert_eq!(parsed.host_str(), Some(host));
            }
        }
    }
}
