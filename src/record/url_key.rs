//! The coarse form of a URL: one for the many addresses under which a site serves the same article.

use url::{Host, Position, Url};

use super::parse_url;
use crate::digest::Digest;

/// The parameters of a query that never say which article is meant, in lower case; a star at the end
/// stands for any rest (`spec/withdrawals.md`, `url-key-parameters`).
///
/// `id`, `ref` and `cid` are not among them: there are sites where they do.
pub const MARKETING: [&str; 66] = [
    "__twitter_impression",
    "_branch_match_id",
    "_ga",
    "_ga_*",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "amp",
    "amp_gsa",
    "amp_js_v",
    "at_campaign",
    "at_custom*",
    "at_medium",
    "at_source",
    "cmpid",
    "dclid",
    "dm_i",
    "ef_id",
    "epik",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "ga_campaign",
    "ga_content",
    "ga_medium",
    "ga_source",
    "ga_term",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "hsa_*",
    "hsctatracking",
    "igsh",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "mtm_*",
    "ns_campaign",
    "ns_mchannel",
    "ns_source",
    "oly_anon_id",
    "oly_enc_id",
    "piwik_*",
    "pk_*",
    "ref_src",
    "s_kwcid",
    "srsltid",
    "ttclid",
    "twclid",
    "usqp",
    "utm_*",
    "vero_id",
    "wbraid",
    "xtor",
    "yclid",
    "ysclid",
];

/// How many archives and caches one URL is taken out of, at most.
const WRAPPINGS: usize = 4;

/// The coarse form of a URL: host, path, query, and a fragment that names a page, without what differs
/// between the addresses of one article (`spec/withdrawals.md`, `url-key-…`). Absent for what is no
/// http or https URL, and for a home page.
///
/// ```
/// use dateline::record::coarse_url;
///
/// let coarse = coarse_url("http://www.news.example:80//2024/a%62c/?utm_source=feed&id=7#top");
/// assert_eq!(coarse.as_deref(), Some("news.example/2024/abc?id=7"));
/// assert_eq!(coarse_url("https://news.example/"), None);
/// ```
#[must_use]
pub fn coarse_url(url: &str) -> Option<String> {
    let mut url = web(url)?;
    for _ in 0..WRAPPINGS {
        let Some(inner) = unwrapped(&url) else { break };
        url = inner;
    }
    let mut form = host(&url)?;
    let address = form.len();
    for segment in segments(url.path()) {
        form.push('/');
        form.push_str(&segment);
    }
    let query = query(url.query().unwrap_or_default());
    if !query.is_empty() {
        form.push('?');
        form.push_str(&query);
    }
    if let Some(page) = url.fragment().filter(|fragment| names_page(fragment)) {
        form.push('#');
        form.push_str(&plain(page));
    }
    (form.len() > address).then_some(form)
}

/// SHA-256 over the bytes of [`coarse_url`], by which a withdrawal finds its article under another
/// address (`spec/withdrawals.md`, `withdrawal-url-keys`).
#[must_use]
pub fn url_key(url: &str) -> Option<Digest> {
    coarse_url(url).map(|coarse| Digest::of(coarse.as_bytes()))
}

fn web(url: &str) -> Option<Url> {
    let url = parse_url(url).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// The URL that an archive or a cache has at `url`.
fn unwrapped(url: &Url) -> Option<Url> {
    let host = url.host_str()?.trim_end_matches('.');
    let behind = url[Position::BeforePath..].strip_prefix('/')?;
    if host == "web.archive.org" {
        let behind = behind.strip_prefix("web/")?;
        let (stamp, rest) = behind.split_once('/')?;
        return archived(if is_stamp(stamp) { rest } else { behind });
    }
    let is_cache = |domain: &str| {
        host.strip_suffix(domain)
            .is_some_and(|label| label.is_empty() || label.ends_with('.'))
    };
    let served = if is_cache("cdn.ampproject.org") || is_cache("bing-amp.com") {
        let (kind, rest) = behind.split_once('/')?;
        matches!(kind, "c" | "v").then_some(rest)?
    } else if matches!(host, "google.com" | "www.google.com") {
        behind.strip_prefix("amp/")?
    } else {
        return None;
    };
    let served = served.strip_prefix("s/").unwrap_or(served);
    web(&format!("https://{served}")).filter(is_site)
}

/// Whether a segment of a path says when a page was archived: digits, then perhaps how it is shown
/// (`id_`).
fn is_stamp(segment: &str) -> bool {
    let shown = segment.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = segment.len() - shown.len();
    let how = shown.strip_suffix('_').unwrap_or(shown);
    let is_how = shown.is_empty()
        || how.len() < shown.len() && how.bytes().all(|byte| byte.is_ascii_lowercase());
    segment == "*" || digits > 0 && is_how
}

/// What was archived; its scheme may be missing, or have lost a slash.
fn archived(address: &str) -> Option<Url> {
    let scheme = address.split(':').next().unwrap_or_default();
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        return web(address).filter(is_site);
    }
    web(&format!("https://{address}")).filter(is_site)
}

/// Whether a URL has the name of a site, and no mere word, as its host.
fn is_site(url: &Url) -> bool {
    url.domain()
        .is_none_or(|domain| domain.trim_end_matches('.').contains('.'))
}

/// The host, and the port where it is neither of the defaults.
fn host(url: &Url) -> Option<String> {
    let mut form = match url.host()? {
        Host::Domain(domain) => site(domain.trim_end_matches('.'))?.to_owned(),
        address @ (Host::Ipv4(_) | Host::Ipv6(_)) => address.to_string(),
    };
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        form.push(':');
        form.push_str(&port.to_string());
    }
    Some(form)
}

/// A host without the labels that stand for a way of showing a site, as long as what remains is still
/// a site of its own: `www.gov.uk` keeps its first.
fn site(mut host: &str) -> Option<&str> {
    if host.is_empty() {
        return None;
    }
    while let Some((first, rest)) = host.split_once('.')
        && matches!(first, "www" | "m" | "amp")
        && is_shown_at(rest)
    {
        host = rest;
    }
    Some(host)
}

/// Whether a site may be at `host`: it is not a public suffix such as `gov.uk`.
pub(super) fn is_shown_at(host: &str) -> bool {
    psl::domain_str(host).is_some()
}

/// The segments of a path that are not empty, without `amp` as the first or the last.
fn segments(path: &str) -> Vec<String> {
    let mut segments: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(plain)
        .collect();
    if segments.last().is_some_and(|last| last == "amp") {
        segments.pop();
    }
    if segments.first().is_some_and(|first| first == "amp") {
        segments.remove(0);
    }
    segments
}

/// The parameters that may say which article is meant, in ascending order.
fn query(query: &str) -> String {
    let mut parameters: Vec<String> = query
        .split('&')
        .map(|parameter| plain(&parameter.replace('+', "%20")))
        .filter(|parameter| {
            let name = parameter.split('=').next().unwrap_or_default();
            !parameter.is_empty() && !is_marketing(name)
        })
        .collect();
    parameters.sort_unstable();
    parameters.join("&")
}

fn is_marketing(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    MARKETING.iter().any(|known| match known.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *known,
    })
}

/// Whether a fragment is an address within a page that shows many, and says which.
fn names_page(fragment: &str) -> bool {
    fragment.len() > 1 && fragment.starts_with(['!', '/'])
}

/// A part of a URL with the unreserved characters of RFC 3986 as themselves, and every other
/// percent-encoding in capital letters; a `%` that begins none is written as one.
fn plain(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, behind)) = rest.split_once('%') {
        out.push_str(before);
        rest = behind;
        let code = behind.get(..2).and_then(|hex| {
            let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
            u8::from_str_radix(hex, 16).ok().filter(|_| is_hex)
        });
        let Some(code) = code else {
            // What stands for itself must not begin an encoding with what follows.
            out.push_str("%25");
            continue;
        };
        let letter = char::from(code);
        if letter.is_ascii_alphanumeric() || "-._~".contains(letter) {
            out.push(letter);
        } else {
            out.push('%');
            out.push_str(&behind.get(..2).unwrap_or_default().to_ascii_uppercase());
        }
        rest = behind.get(2..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MARKETING, coarse_url, plain};

    /// The coarse form, where there is one, as a URL.
    fn again(coarse: &str) -> String {
        format!("https://{coarse}")
    }

    #[test]
    fn the_list_is_in_order_and_spares_what_may_identify() {
        assert!(MARKETING.is_sorted_by(|a, b| a.trim_end_matches('*') < b.trim_end_matches('*')));
        for name in ["id", "ref", "cid", "p", "page", "article", "story", "v"] {
            assert!(!super::is_marketing(name), "{name}");
        }
        assert!(super::is_marketing("UTM_Source") && super::is_marketing("fbclid"));
    }

    #[test]
    fn only_unreserved_characters_are_decoded() {
        assert_eq!(plain("%41%7e%2f%c3%A9%zz%4"), "A~%2F%C3%A9%25zz%254");
        assert_eq!(plain("é%2é%%44a"), "é%252é%25Da");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn the_form_of_a_form_is_itself(
            url in "(https?|HTTP)://(www\\.|m\\.|amp\\.){0,2}(news\\.example|co\\.uk|7\\.7\\.7\\.7|x)\\.?(:(80|443|8080))?\
                (/(a|amp|%61|%2f|web|c|s|b%|\u{e9}|)){0,5}(\\?[a=+&%4_]{0,6}(utm_a=1)?)?(#!?/?[a-c]{0,2})?"
        ) {
            if let Some(coarse) = coarse_url(&url) {
                // `amp` goes once.
                let second = coarse_url(&again(&coarse));
                prop_assume!(!coarse.contains("/amp"));
                prop_assert_eq!(second.as_deref(), Some(coarse.as_str()));
            }
        }
    }
}
