//! `url-resolve`, `url-join:` and `url-host` (the URL Standard, WHATWG).

use url::Url;

use super::{NAMED, TransformError, begin};
use crate::record::{join_url, parse_url};

/// An absolute URL in its one form.
pub(super) fn resolve(text: &str) -> Result<String, TransformError> {
    absolute(text).map(Into::into)
}

/// A URL that is relative to another in its one form.
pub(super) fn join(text: &str, base: &str) -> Result<String, TransformError> {
    let absolute = parse_url(base).ok().filter(is_of_the_web);
    let joined = absolute.and_then(|base| join_url(&base, text).ok());
    let joined = joined.filter(is_of_the_web);
    joined.map(Into::into).ok_or_else(|| TransformError::Join {
        text: begin(text, NAMED),
        base: begin(base, NAMED),
    })
}

/// The host of an absolute URL.
pub(super) fn host(text: &str) -> Result<String, TransformError> {
    Ok(absolute(text)?.host_str().unwrap_or_default().to_owned())
}

fn absolute(text: &str) -> Result<Url, TransformError> {
    parse_url(text)
        .ok()
        .filter(is_of_the_web)
        .ok_or_else(|| TransformError::Url(begin(text, NAMED)))
}

fn is_of_the_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}
