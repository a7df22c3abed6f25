//! The domain of a site, by which articles are listed and withdrawn.

use std::fmt;
use std::str::FromStr;

use url::Host;

use super::url_key::is_shown_at;
use super::{parse_url, plain_host};

/// A domain as it is compared: in lower case, without a dot at the end, and without `www.` where what
/// remains is still a site of its own. One that was given with `www.` means that site alone, and none of
/// the others below it.
///
/// ```
/// use dateline::record::Domain;
///
/// let domain: Domain = "News.Example.".parse()?;
/// assert_eq!(domain.as_str(), "news.example");
/// assert!(domain.has("news.example") && domain.has("sport.news.example"));
/// assert!(!domain.has("fakenews.example"));
///
/// let site: Domain = "www.news.example".parse()?;
/// assert!(site.has("news.example") && site.has("www.news.example"));
/// assert!(!site.has("sport.news.example"));
/// # Ok::<(), dateline::record::DomainError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Domain {
    name: String,
    /// Whether no domain below it is meant but `www.`.
    alone: bool,
}

/// Why a text is not a domain. The message leaves out the text, which the caller names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DomainError {
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// It is a URL; this is the domain of it.
    #[error("it is a URL; its domain is `{0}`")]
    Url(Domain),
    /// It is something else.
    #[error("a domain is letters, digits and hyphens between dots, such as `news.example`")]
    Form,
}

impl Domain {
    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Whether `host` is this domain or one below it. `host` is in lower case and has no dot at its
    /// end, as [`hosts`] gives it.
    #[must_use]
    pub fn has(&self, host: &str) -> bool {
        let above = host.strip_suffix(self.as_str());
        above.is_some_and(|above| match above {
            "" | "www." => true,
            above => !self.alone && above.ends_with('.'),
        })
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl FromStr for Domain {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        if text.is_empty() {
            return Err(DomainError::Empty);
        }
        if text.contains("://") {
            let host = host(text).and_then(|host| host.parse().ok());
            return Err(host.map_or(DomainError::Form, DomainError::Url));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let url = parse_url(&format!("https://{name}/")).map_err(|_| DomainError::Form)?;
        let host = match url.host() {
            // A path, a port or a user would not be in the host alone.
            Some(Host::Domain(host)) if url.as_str() == format!("https://{host}/") => host,
            // A number on its own is an address, too: 12 is 0.0.0.12.
            Some(Host::Ipv4(address)) if address.to_string() == name => name,
            _ => return Err(DomainError::Form),
        };
        let is_label = |label: &str| {
            let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            !label.is_empty() && label.bytes().all(is_kept)
        };
        if !host.split('.').all(is_label) {
            return Err(DomainError::Form);
        }
        let site = host.strip_prefix("www.").filter(|rest| is_shown_at(rest));
        Ok(Self {
            name: site.unwrap_or(host).to_owned(),
            alone: site.is_some(),
        })
    }
}

/// The hosts that an article is of: the domain that its source names, and those of its source's URLs;
/// in lower case, without a dot at the end.
pub fn hosts<'s>(
    named: Option<&str>,
    urls: impl IntoIterator<Item = &'s str>,
) -> impl Iterator<Item = String> {
    let named = named.map(|named| {
        let host = host(&format!("https://{named}/"));
        host.unwrap_or_else(|| named.trim_end_matches('.').to_ascii_lowercase())
    });
    named.into_iter().chain(urls.into_iter().filter_map(host))
}

/// The host of an http or https URL.
fn host(url: &str) -> Option<String> {
    if let Some(host) = plain_host(url) {
        return Some(host.to_owned());
    }
    let url = parse_url(url).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let host = url.host_str().filter(|_| is_web)?;
    Some(host.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Domain, DomainError, hosts};

    #[test]
    fn a_domain_is_read_as_it_is_compared() {
        for (text, domain) in [
            ("news.example", "news.example"),
            ("HARBOUR.Example", "harbour.example"),
            ("www.news.example.", "news.example"),
            // A site of its own, not a way of showing `gov.uk`.
            ("www.gov.uk", "www.gov.uk"),
            ("www.example", "www.example"),
            ("m\u{fc}nchen.example", "xn--mnchen-3ya.example"),
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(text.parse::<Domain>().unwrap().as_str(), domain, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_domain_is_refused() {
        assert_eq!("".parse::<Domain>(), Err(DomainError::Empty));
        let url = "https://www.news.example:8080/a".parse::<Domain>();
        assert_eq!(
            url.unwrap_err().to_string(),
            "it is a URL; its domain is `news.example`"
        );
        for text in [
            ".",
            "a..b",
            "*.news.example",
            "news.example/a",
            "news.example:80",
            "user@news.example",
            "two words",
            "12",
            "[::1]",
            "mailto://",
            "news.example?a",
        ] {
            assert_eq!(text.parse::<Domain>(), Err(DomainError::Form), "{text}");
        }
    }

    #[test]
    fn hosts_are_those_named_and_those_of_urls() {
        let urls = [
            "https://www.news.example/1",
            "HTTP://u@Other.Example.:8080/",
            "ftp://x",
        ];
        let all: Vec<String> = hosts(Some("News.example"), urls).collect();
        assert_eq!(all, ["news.example", "www.news.example", "other.example"]);
        // As the URL Standard writes it, where it is a host.
        let odd: Vec<String> = hosts(Some("M\u{fc}nchen.Example."), []).collect();
        assert_eq!(odd, ["xn--mnchen-3ya.example"]);
        let none: Vec<String> = hosts(Some("The News"), []).collect();
        assert_eq!(none, ["the news"]);
    }
}
