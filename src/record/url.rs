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
    normalised_url(url).map(|url| Digest::of(url.as_bytes()))
}
