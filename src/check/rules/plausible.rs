//! Values that are of the right form and are probably not what their field says.

use std::net::Ipv4Addr;
use std::sync::LazyLock;

use regex::Regex;

use crate::check::line::findings::Findings;
use crate::check::line::value::{pointer, shown};
use crate::check::line::view::View;
use crate::diagnostic::{codes, escape};
use crate::json::{Node, Pointer};
use crate::record::url_host;

/// The first printed newspaper is of this year (the Relation of Strassburg).
const FIRST_NEWSPAPER: u16 = 1605;

/// The first page of the web is of this year.
const FIRST_PAGE: u16 = 1991;

/// The last year that is plausible; no clock is asked.
const LAST_YEAR: u16 = 2099;

/// A text of fewer letters and digits is next to nothing.
pub(crate) const FEWEST: usize = 8;

/// In a text of so many bytes or more the words of a wall may be the news.
pub(crate) const WALL: usize = 1000;

/// A text of so many bytes or more may end in dots of its own.
pub(crate) const TEASER: usize = 500;

/// How many bytes at the end of a text tell that it was cut.
pub(crate) const TAIL: usize = 96;

/// Words of pages that stand in the place of an article, in any case (`spec/texts.md`, "Walls").
pub(crate) const WALL_WORDS: [&str; 17] = [
    r"(?:enable|activate|turn on|requires?|without) javascript",
    r"javascript (?:is|has been|seems to be) (?:disabled|not enabled|required|turned off)",
    r"(?:aktivieren sie|activez|activer|activar|habilite|включите) (?:bitte )?(?:le )?javascript",
    r"(?:enable|uses?|utilisons des|utilizamos|verwenden) (?:your )?cookies",
    r"accept all cookies",
    r"we value your privacy",
    r"visitors are important to us",
    r"before you continue to (?:google|youtube)",
    r"(?:verify|confirm|prove|check) (?:that )?you(?:'re|’re| are) (?:a human|human|not a (?:ro)?bot)",
    r"are you a robot\?.{0,300}(?:browser|cookies)",
    r"checking your browser",
    r"access denied",
    r"40[34] (?:forbidden|not found)",
    r"page (?:was )?not found",
    r"(?:subscribe|log in|sign in|register) to (?:continue|keep) reading",
    r"(?:not available|unavailable) in your (?:country|region|location)",
    r"unavailable (?:due to|for) legal reasons",
];

static WALLS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?is){}", WALL_WORDS.join("|"))).ok());

/// How a text ends that was cut (`spec/texts.md`, "Ends").
pub(crate) const CUT_ENDS: [&str; 3] = [
    r"\[\+\d+ chars\]",
    r"\[(?:…|\.\.\.)\]",
    r"(?:…|\.\.\.)\s*[\[(]?(?i:read more|continue reading|read (?:the )?full (?:story|article)|weiterlesen|mehr lesen|lire la suite|seguir leyendo|leer más|ler mais|leggi tutto|czytaj (?:dalej|więcej)|читать (?:далее|дальше|полностью))[\])]?[\s.…»›→>]*",
];

static CUT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?:{})$", CUT_ENDS.join("|"))).ok());

/// Checks what is said of an article and its text beside each other. `text` is `/content/text`,
/// decoded.
pub(crate) fn check(view: &View<'_>, text: Option<&str>, findings: &mut Findings<'_>) {
    times(view, findings);
    site(view, findings);
    status(view, text, findings);
    if let (Some(value), Some(text)) = (view.content.text, text)
        && !findings.is_flagged(value)
    {
        let read = letters(text);
        if read < FEWEST {
            let message = match read {
                0 => "the text holds no letter".to_owned(),
                _ => format!("the text, `{}`, is next to nothing", escape::shown(text)),
            };
            findings
                .on(codes::TEXT_SHORT, value, pointer("/content/text"), message)
                .hint = Some(
                "where the dump holds no text, leave it out and name it in `absent`".to_owned(),
            );
            return;
        }
        wall(value, text, findings);
        cut(value, text, findings);
        repeats(view, value, text, findings);
    }
}

/// How many letters and digits a text has, counted no further than matters.
fn letters(text: &str) -> usize {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.take(FEWEST).count()
}

/// Says that a value stands for none.
pub(crate) fn placeholder(value: Node<'_>, place: Pointer, findings: &mut Findings<'_>) {
    let message = format!(
        "`{}` is what a tool writes where there is no value",
        shown(value)
    );
    findings
        .on(codes::VALUE_PLACEHOLDER, value, place, message)
        .hint =
        Some("where it stands for no value, leave it out and name it in `absent`".to_owned());
}

/// Authors are people or bodies, not addresses.
pub(crate) fn author(
    value: Node<'_>,
    name: &str,
    place: impl Fn() -> Pointer,
    findings: &mut Findings<'_>,
) {
    let name = name.trim();
    let is_url = ["http://", "https://", "www.", "//"].iter().any(|begin| {
        name.get(..begin.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(begin))
    });
    if is_url && !name.contains(char::is_whitespace) {
        let message = format!("the author's name is a URL, `{}`", shown(value));
        findings.on(codes::AUTHOR_URL, value, place(), message).hint = Some(
            "write the name where the dump gives one, or leave the author out: pages name a profile in \
             `article:author`"
                .to_owned(),
        );
    }
}

/// Times are of years in which there was news, and of none that stands for no time.
fn times(view: &View<'_>, findings: &mut Findings<'_>) {
    let about = view.about;
    for (value, place, first) in [
        (about.published, "/article/published", FIRST_NEWSPAPER),
        (about.modified, "/article/modified", FIRST_NEWSPAPER),
        (view.fetch.time, "/fetch/time", FIRST_PAGE),
    ] {
        let Some(value) = value.filter(|value| !findings.is_flagged(*value)) else {
            continue;
        };
        let Some(time) = value.as_str() else { continue };
        let Some(Ok(year)) = time.get(..4).map(str::parse::<u16>) else {
            continue;
        };
        let cause = if is_epoch(&time) {
            "is the Unix epoch, usually a placeholder"
        } else if year > LAST_YEAR {
            "lies too far ahead"
        } else if year < first && first == FIRST_PAGE {
            "lies before the first page of the web"
        } else if year < first {
            "lies before the first newspaper"
        } else {
            continue;
        };
        let message = format!("`{}` {cause}", shown(value));
        findings
            .on(codes::TIME_IMPLAUSIBLE, value, pointer(place), message)
            .hint = Some(
            "write the time that the dump gives; where it gives none, leave the time out"
                .to_owned(),
        );
    }
}

/// Whether a time is the instant 0 of Unix, as tools write it.
fn is_epoch(time: &str) -> bool {
    time.strip_prefix("1970-01-01T00:00").is_some_and(|rest| {
        let rest = rest.strip_suffix('Z').unwrap_or(rest);
        let rest = rest.strip_prefix(":00").unwrap_or(rest);
        rest.trim_start_matches('.')
            .bytes()
            .all(|digit| digit == b'0')
    })
}

/// The headline is the article's, and its canonical URL on its own site.
fn site(view: &View<'_>, findings: &mut Findings<'_>) {
    if let (Some(headline), Some(name)) = (view.about.headline, view.source.name)
        && !findings.is_flagged(headline)
        && let (Some(text), Some(name)) = (headline.as_str(), name.as_str())
        && text.trim() == name.trim()
    {
        let message = format!(
            "the headline, `{}`, is the publisher's name",
            shown(headline)
        );
        let place = pointer("/article/headline");
        findings
            .on(codes::HEADLINE_SITE, headline, place, message)
            .hint = Some("take the headline of the article, not the title of its page".to_owned());
    }
    if let (Some(url), Some(canonical)) = (view.source.url, view.source.canonical_url)
        && url.raw() != canonical.raw()
        && !findings.is_flagged(canonical)
        && let (Some(one), Some(two)) = (url.as_str(), canonical.as_str())
        && let (Some(one), Some(two)) = (url_host(&one), url_host(&two))
        && end(&one) != end(&two)
    {
        let message = format!(
            "the canonical URL is of `{}`, the article's own of `{}`",
            escape::shown(&two),
            escape::shown(&one)
        );
        let place = pointer("/source/canonical_url");
        findings
            .on(codes::CANONICAL_ELSEWHERE, canonical, place, message)
            .hint = Some(
            "look which of the two sites published it first: the article may be a copy".to_owned(),
        );
    }
}

/// What two hosts of one site have in common: the last two labels, or all of an address.
fn end(host: &str) -> &str {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.ends_with(']') || host.parse::<Ipv4Addr>().is_ok() {
        return host;
    }
    let mut dots = host.rmatch_indices('.').skip(1);
    dots.next()
        .and_then(|(dot, _)| host.get(dot + 1..))
        .unwrap_or(host)
}

/// A text was answered with success.
fn status(view: &View<'_>, text: Option<&str>, findings: &mut Findings<'_>) {
    if let (Some(value), Some(_)) = (view.fetch.status, text)
        && !findings.is_flagged(value)
        && value.as_i64().is_some_and(|status| status >= 400)
    {
        let message = format!(
            "the answer was an error, {}, and the record holds a text",
            shown(value)
        );
        findings
            .on(
                codes::STATUS_ERROR,
                value,
                pointer("/fetch/status"),
                message,
            )
            .hint =
            Some("compare the text with the page: it is probably that of an error".to_owned());
    }
}

/// A short text is not that of a page in the article's place.
fn wall(value: Node<'_>, text: &str, findings: &mut Findings<'_>) {
    if text.len() >= WALL {
        return;
    }
    let found = WALLS.as_ref().and_then(|walls| walls.find(text));
    if let Some(found) = found {
        let message = format!(
            "the text is probably that of a page in the article's place: `{}`",
            escape::shown(found.as_str())
        );
        let span = value.within(found.range());
        let place = Some(pointer("/content/text"));
        findings.push(codes::TEXT_WALL, span, place, message).hint = Some(
            "where this is not the article, fetch the page again or leave the text out".to_owned(),
        );
    }
}

/// The text is all of the text.
fn cut(value: Node<'_>, text: &str, findings: &mut Findings<'_>) {
    let text = text.trim_end();
    let mut start = text.len().saturating_sub(TAIL);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let tail = text.get(start..).unwrap_or_default();
    let dots = ["…", "..."].into_iter().find(|dots| tail.ends_with(dots));
    let found = match dots {
        Some(dots) if text.len() < TEASER => Some(text.len() - dots.len()..text.len()),
        _ if tail.contains('…') || tail.contains("...") || tail.ends_with(" chars]") => CUT
            .as_ref()
            .and_then(|cut| cut.find(tail))
            .map(|found| start + found.start()..start + found.end()),
        _ => None,
    };
    if let Some(found) = found {
        let shown = escape::shown(text.get(found.clone()).unwrap_or_default());
        let message = format!("the text was cut: it ends in `{shown}`");
        let place = Some(pointer("/content/text"));
        findings
            .push(codes::TEXT_TRUNCATED, value.within(found), place, message)
            .hint = Some("take the whole text where it can be had; the beginning that a feed shows is a `summary`".to_owned());
    }
}

/// The text repeats neither the headline nor is it the summary.
fn repeats(view: &View<'_>, value: Node<'_>, text: &str, findings: &mut Findings<'_>) {
    let headline = view.about.headline.and_then(|headline| headline.as_str());
    let headline = headline.as_deref().map(str::trim);
    if let Some(headline) = headline.filter(|headline| !headline.is_empty())
        && let Some(rest) = text.strip_prefix(headline)
        && rest.starts_with('\n')
    {
        let message = format!(
            "the text begins with the headline, `{}`",
            escape::shown(headline)
        );
        let span = value.within(0..headline.len());
        let place = Some(pointer("/content/text"));
        findings
            .push(codes::HEADLINE_REPEATED, span, place, message)
            .hint =
            Some("let the profile read the repeat with `same_as`, which drops it".to_owned());
    }
    let summary = view.content.summary.and_then(|summary| summary.as_str());
    if summary.is_some_and(|summary| summary.trim() == text.trim()) {
        let message = "the text is the summary, and no more";
        findings
            .on(
                codes::TEXT_SUMMARY,
                value,
                pointer("/content/text"),
                message,
            )
            .hint = Some(
            "where the dump holds a summary alone, leave the text out and name it in `absent`"
                .to_owned(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{CUT, WALLS, end, is_epoch};
    use crate::record::url_host;

    #[test]
    fn the_epoch_has_no_zone_but_its_own() {
        for time in [
            "1970-01-01T00:00Z",
            "1970-01-01T00:00",
            "1970-01-01T00:00:00.000Z",
        ] {
            assert!(is_epoch(time), "{time}");
        }
        for time in [
            "1970-01-01",
            "1970-01-01T00:00+01:00",
            "1970-01-01T00:00:01Z",
        ] {
            assert!(!is_epoch(time), "{time}");
        }
    }

    #[test]
    fn sites_differ_in_their_last_two_labels() {
        let site = |url| url_host(url).map(|host| end(&host).to_owned());
        for (one, two) in [
            ("https://www.example.com/a", "https://EXAMPLE.com:8443?b"),
            ("https://user@example.com#x", "https://a.b.exa%6Dple.com./"),
            ("http://0x7f.1/", "http://127.0.0.1/a"),
        ] {
            assert_eq!(site(one), site(two), "{one} {two}");
        }
        for (one, two) in [
            ("https://example.com/a", "https://example.org/a"),
            ("http://127.0.0.1/", "http://126.0.0.1/"),
            ("http://[2001:db8::1]/", "http://[2001:db8::2]/"),
            ("http://localhost/", "http://example.com/"),
        ] {
            assert_ne!(site(one), site(two), "{one} {two}");
        }
    }

    #[test]
    fn walls_and_cuts() {
        let wall = |text| WALLS.as_ref().is_some_and(|walls| walls.is_match(text));
        for text in [
            "Please enable JavaScript to view this page.",
            "Checking your browser before accessing example.com.",
            "404 Not Found",
            "Subscribe to continue reading.",
            "We use cookies to improve your experience. Accept all. Reject.",
            "Our European visitors are important to us. This site is unavailable.",
            "Veuillez activer JavaScript et les cookies.",
            "Пожалуйста, включите JavaScript.",
            "Before you continue to Google",
            "Are you a robot?\n\nPlease make sure your browser supports cookies.",
        ] {
            assert!(wall(text), "{text}");
        }
        for text in [
            "The court denied access. JavaScript turned thirty.",
            "Are you a robot? Researchers say that most of us cannot tell.",
        ] {
            assert!(!wall(text), "{text}");
        }
        let cut = |text| CUT.as_ref().is_some_and(|cut| cut.is_match(text));
        for text in [
            "The bridge … [+1234 chars]",
            "The bridge [...]",
            "The bridge […]",
            "The bridge... Read more »",
            "Мост… Читать далее",
        ] {
            assert!(cut(text), "{text}");
        }
        for text in [
            "Well…",
            "Read more",
            "He said [sic].",
            "… and read more books.",
        ] {
            assert!(!cut(text), "{text}");
        }
    }
}
