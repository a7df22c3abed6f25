//! URLs as they are compared.

use url::Url;

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
    let mut url = Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    Some(url.into())
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

/// The host of a URL that is normal at a glance: http or https, a host of lower-case letters, digits
/// and hyphens, no port, a path, and nothing in it that the URL Standard would write otherwise. Absent
/// for all others, among them many that are normal, too: those are for [`Url::parse`].
pub(crate) fn plain_host(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_at_checked(memchr::memchr(b'/', rest.as_bytes())?)?;
    // `--` is what marks a label that stands for another, `xn--`.
    let (mut before, mut label) = (b'.', b'.');
    for &byte in host.as_bytes() {
        let plain = match byte {
            b'a'..=b'z' | b'0'..=b'9' => true,
            b'-' => before != b'-',
            b'.' => before != b'.',
            _ => false,
        };
        if !plain {
            return None;
        }
        if before == b'.' {
            label = byte;
        }
        before = byte;
    }
    // What ends in a number is an address; `label` is what the last label begins with.
    if before == b'.' || !label.is_ascii_lowercase() {
        return None;
    }
    // Parts of dots are taken out of a path.
    let mut before = b'/';
    for &byte in path.as_bytes() {
        let kept = KEPT.get(usize::from(byte)).copied().unwrap_or_default();
        if !kept || before == b'/' && byte == b'.' {
            return None;
        }
        before = byte;
    }
    let dots = path.contains('%') && (path.contains("%2e") || path.contains("%2E"));
    (!dots).then_some(host)
}

/// The bytes that stand for themselves in a path and in a query.
const KEPT: [bool; 256] = {
    let mut kept = [false; 256];
    let bytes =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!$&()*+,;=:@/?%";
    let mut rest: &[u8] = bytes;
    while let [first, behind @ ..] = rest {
        #[allow(
            clippy::as_conversions,
            clippy::indexing_slicing,
            reason = "a constant, and 256 places"
        )]
        {
            kept[*first as usize] = true;
        }
        rest = behind;
    }
    kept
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::plain_host;

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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn it_is_what_the_url_standard_writes(
            url in "(https?|ftp|HTTP)://[a-z0-9.:@x%-]{0,12}(\\.example|\\.0a|\\.7)?(/[ -~]{0,6}){0,3}"
        ) {
            if let Some(host) = plain_host(&url) {
                let parsed = Url::parse(&url).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(parsed.as_str(), &url);
                prop_assert_eq!(parsed.host_str(), Some(host));
            }
        }
    }
}
