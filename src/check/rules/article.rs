//! What an article must be beyond its schema.

use std::borrow::Cow;

use super::{plausible, prose};
use crate::check::line::findings::Findings;
use crate::check::line::value::{brace, is_encoding, pointer, shown};
use crate::check::line::view::View;
use crate::check::line::workspace::Workspace;
use crate::diagnostic::{Code, codes, escape};
use crate::digest::Digest;
use crate::json::{Kind, Node, Pointer, canonical};
use crate::record::{AbsentKey, Time, parse_url, plain_host, text_digest_in, url_host};

/// Checks one article by itself.
pub(crate) fn check(view: &View<'_>, findings: &mut Findings<'_>, workspace: &mut Workspace) {
    encoding(view, findings);
    addresses(view, findings);
    domain(view, findings);
    times(view, findings);
    absent(view, findings);
    let Workspace {
        text: decoded,
        text_form,
        digests,
        ..
    } = workspace;
    let text = view.content.text.and_then(|text| text.as_str_in(decoded));
    let text_digest = text.and_then(|text| text_digest_in(text, text_form));
    if let (Some(value), None, Some(_)) = (view.content.text, text_digest, text)
        && !findings.is_flagged(value)
    {
        let message = "the text is nothing but white space";
        findings
            .on(codes::FIELD_EMPTY, value, pointer("/content/text"), message)
            .hint = Some("leave the text out and name it in `absent`".to_owned());
    }
    content(view, text_digest, digests, findings);
    prose::check(view, text, findings);
    plausible::check(view, text, findings);
}

/// The raw item's encoding is one that there is.
fn encoding(view: &View<'_>, findings: &mut Findings<'_>) {
    let value = view.raw.encoding;
    let Some(value) = value.filter(|value| !findings.is_flagged(*value)) else {
        return;
    };
    if value.as_str().is_some_and(|label| !is_encoding(&label)) {
        let message = format!(
            "`{}` names no encoding of the Encoding Standard",
            shown(value)
        );
        findings.on(codes::FIELD_VALUE, value, pointer("/raw/encoding"), message);
    }
}

/// Every URL is one that can be followed.
fn addresses(view: &View<'_>, findings: &mut Findings<'_>) {
    // Mostly they are one.
    let mut good = None;
    let mut own = None;
    for (value, place) in view.addresses() {
        if let Some(value) = value.filter(|value| good != Some(value.raw())) {
            let url = address(value, || pointer(place), findings);
            if url.is_some() {
                good = Some(value.raw());
            }
            if place == "/source/url" {
                own = url;
            }
        }
    }
    for (list, place) in [
        (view.own.links, "/links"),
        (view.content.images, "/content/images"),
        (view.content.embeds, "/content/embeds"),
    ] {
        for (index, item) in items(list) {
            let Some(value) = item.get("url") else {
                continue;
            };
            let place_of = || pointer(place).index(index).key("url");
            let url = address(value, place_of, findings);
            if place == "/links" && url.is_some() && url == own {
                let message = "the link leads to the article itself";
                findings.on(codes::LINK_SELF, value, place_of(), message);
            }
        }
    }
}

/// Checks a URL whose form the schema has let pass, and gives it normalised
/// ([`normalised_url`](crate::record::normalised_url)).
pub(crate) fn address<'t>(
    value: Node<'t>,
    pointer: impl FnOnce() -> Pointer,
    findings: &mut Findings<'_>,
) -> Option<Cow<'t, str>> {
    let text = value.as_str().filter(|_| !findings.is_flagged(value))?;
    if plain_host(&text).is_some() {
        return Some(text);
    }
    let cause = match parse_url(&text) {
        Ok(mut url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            url.set_fragment(None);
            return Some(Cow::Owned(url.into()));
        }
        Ok(_) => "it has no host".to_owned(),
        Err(error) => error.to_string(),
    };
    let message = format!(
        "`{}` is not an absolute http or https URL: {cause}",
        shown(value)
    );
    findings.on(codes::URL_INVALID, value, pointer(), message);
    None
}

fn domain(view: &View<'_>, findings: &mut Findings<'_>) {
    let (Some(domain), Some(url)) = (view.source.domain, view.source.url) else {
        return;
    };
    let (Some(name), Some(url)) = (domain.as_str(), url.as_str()) else {
        return;
    };
    let Some(host) = url_host(&url) else {
        return;
    };
    if *name != *host {
        let (name, host) = escape::apart(&name, &host);
        let message = format!("domain `{name}` is not the host of the URL, `{host}`");
        findings.on(
            codes::DOMAIN_MISMATCH,
            domain,
            pointer("/source/domain"),
            message,
        );
    }
}

/// Days are of the calendar, and times follow each other.
fn times(view: &View<'_>, findings: &mut Findings<'_>) {
    for (index, embed) in items(view.content.embeds) {
        if let Some(value) = embed.get("published") {
            let place = || pointer("/content/embeds").index(index).key("published");
            time(value, place, findings);
        }
    }
    let mut read = |value, place| read(value, place, findings);
    let published = read(view.about.published, "/article/published");
    let modified = read(view.about.modified, "/article/modified");
    let fetched = read(view.fetch.time, "/fetch/time");
    let mut order =
        |early: &Option<(Node<'_>, Time)>, late: &Option<(Node<'_>, Time)>, place, words| {
            if let (Some((_, early)), Some((value, late))) = (early, late)
                && late.certainly_before(early)
            {
                let (verb, before) = words;
                let message = format!("{verb} `{late}` lies before {before} `{early}`");
                findings.on(codes::TIME_ORDER, *value, pointer(place), message);
            }
        };
    order(
        &published,
        &modified,
        "/article/modified",
        ("modified", "published"),
    );
    order(
        &published,
        &fetched,
        "/fetch/time",
        ("the fetch time", "published"),
    );
    order(
        &modified,
        &fetched,
        "/fetch/time",
        ("the fetch time", "modified"),
    );
}

/// Reads the time that stands at `place`, if one does.
fn read<'t>(
    value: Option<Node<'t>>,
    place: &str,
    findings: &mut Findings<'_>,
) -> Option<(Node<'t>, Time)> {
    let value = value?;
    Some((value, time(value, || pointer(place), findings)?))
}

/// Reads a time; one whose form the schema has let pass can still be of no calendar.
pub(crate) fn time(
    value: Node<'_>,
    pointer: impl FnOnce() -> Pointer,
    findings: &mut Findings<'_>,
) -> Option<Time> {
    let text = value.as_str().filter(|_| !findings.is_flagged(value))?;
    match text.parse::<Time>() {
        Ok(time) => Some(time),
        Err(error) => {
            let code: &'static Code = codes::TIME_CALENDAR;
            findings.on(code, value, pointer(), error.to_string());
            None
        }
    }
}

/// Each of the seven values is there or named in `absent`, and not both.
fn absent(view: &View<'_>, findings: &mut Findings<'_>) {
    let absent = view.own.absent;
    let named = |key: AbsentKey| absent.and_then(|absent| absent.member(key.name()));
    let readable = absent.is_none_or(|absent| absent.kind() == Kind::Object);
    let mut unexplained = Vec::new();
    for key in AbsentKey::ALL {
        let value = value(view, key);
        match (value, named(key)) {
            // A value that is empty says nothing, nor does such a reason: each is a finding of its own.
            (Some(value), Some(_)) if is_empty(value) => {}
            (_, Some(member)) if is_empty(member.value) => {}
            (Some(_), Some(member)) => {
                let message = format!(
                    "`absent` lists `{}`, but the record has it at {}",
                    key.name(),
                    key.pointer()
                );
                let pointer = pointer("/absent").key(key.name());
                let span = member.key_span;
                findings.push(codes::ABSENT_CONTRADICTED, span, Some(pointer), message);
            }
            (None, None) if readable => unexplained.push(key.name()),
            _ => {}
        }
    }
    if let [first, ..] = unexplained.as_slice() {
        let hint = format!(
            "bring the value back where it was lost; where there is none, say why in `absent`: \
             `\"{first}\": \"not_in_dump\"`, or another reason"
        );
        let message = format!(
            "the article has no {}, and `absent` does not say why",
            unexplained.join(", no ")
        );
        let (span, pointer) = match absent {
            Some(absent) => (brace(absent), pointer("/absent")),
            None => (brace(view.root), Pointer::root()),
        };
        let found = findings.push(codes::ABSENT_MISSING, span, Some(pointer), message);
        found.hint = Some(hint);
    }
}

/// Whether a value is one of the four that say nothing: `null`, `""`, `[]`, `{}`.
fn is_empty(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Null => true,
        Kind::String => value.is_text(""),
        Kind::Array => value.items().next().is_none(),
        Kind::Object => value.members().next().is_none(),
        Kind::Bool | Kind::Integer | Kind::Number => false,
    }
}

/// The value that `absent` names by `key`.
fn value<'t>(view: &View<'t>, key: AbsentKey) -> Option<Node<'t>> {
    match key {
        // A text that is withheld is known by its digest.
        AbsentKey::Text => view.own.text_digest.or(view.content.text),
        AbsentKey::Headline => view.about.headline,
        AbsentKey::Authors => view.about.authors,
        AbsentKey::Published => view.about.published,
        AbsentKey::Language => view.about.language,
        AbsentKey::Url => view.source.url,
        AbsentKey::FetchTime => view.fetch.time,
    }
}

/// What to do where a digest is not that of what it covers: which of the two is wrong nobody can tell.
const CHANGED: &str = "the content or the digest was changed since the record was written: take the record \
    from another copy, or convert its dump again";

/// What to do where there is a digest to be written.
const UNSTATED: &str = "whatever writes a record writes this digest with it; take the record from another \
    copy where it once had one";

/// The digests are those of the content, or the content is withheld.
fn content(
    view: &View<'_>,
    text_digest: Option<Digest>,
    digests: &mut canonical::Digests,
    findings: &mut Findings<'_>,
) {
    let stated = view.own.content_digest;
    let stated_text = view.own.text_digest;
    let Some(content) = view.own.content else {
        match (stated, stated_text) {
            (Some(stated), _) => {
                let message = "the content is withheld: its digest is here and it is not";
                findings.on(
                    codes::CONTENT_WITHHELD,
                    stated,
                    pointer("/content_digest"),
                    message,
                );
            }
            (None, Some(text)) => {
                let message = "`text_digest` needs `content_digest`, which is missing";
                findings.on(
                    codes::CONTENT_DIGEST_MISMATCH,
                    text,
                    pointer("/text_digest"),
                    message,
                );
            }
            (None, None) => {}
        }
        return;
    };
    let given = digests.of(content);
    match stated {
        None => {
            let message = format!("there is content and no `content_digest`: it gives {given}");
            findings
                .push(
                    codes::CONTENT_DIGEST_MISMATCH,
                    brace(view.root),
                    Some(pointer("/content_digest")),
                    message,
                )
                .hint = Some(UNSTATED.to_owned());
        }
        Some(value) => {
            if differs(value, given, findings) {
                let message = format!(
                    "`content_digest` is {}, the content gives {given}",
                    digest(value)
                );
                findings
                    .on(
                        codes::CONTENT_DIGEST_MISMATCH,
                        value,
                        pointer("/content_digest"),
                        message,
                    )
                    .hint = Some(CHANGED.to_owned());
            }
        }
    }
    let place = || pointer("/text_digest");
    match (stated_text, text_digest) {
        (Some(value), Some(given)) => {
            if differs(value, given, findings) {
                let message = format!("`text_digest` is {}, the text gives {given}", digest(value));
                findings
                    .on(codes::TEXT_DIGEST_MISMATCH, value, place(), message)
                    .hint = Some(CHANGED.to_owned());
            }
        }
        // Of a text that is wrong itself no digest is asked.
        (Some(value), None) if view.content.text.is_none() => {
            let message = "there is a `text_digest` and no text";
            findings.on(codes::TEXT_DIGEST_MISMATCH, value, place(), message);
        }
        (None, Some(given)) => {
            let message = format!("there is a text and no `text_digest`: it gives {given}");
            findings
                .push(
                    codes::TEXT_DIGEST_MISMATCH,
                    brace(view.root),
                    Some(place()),
                    message,
                )
                .hint = Some(UNSTATED.to_owned());
        }
        (Some(_) | None, None) => {}
    }
}

/// A digest of the right form, whole: it is compared with another.
fn digest(value: Node<'_>) -> String {
    let text = value.as_str().and_then(|text| text.parse::<Digest>().ok());
    text.map_or_else(|| shown(value), |digest| digest.to_string())
}

/// Whether a digest of the right form is another one.
fn differs(value: Node<'_>, given: Digest, findings: &Findings<'_>) -> bool {
    !findings.is_flagged(value) && value.as_str().is_none_or(|text| !given.is(&text))
}

/// The items of a list, with their indices.
fn items(list: Option<Node<'_>>) -> impl Iterator<Item = (usize, Node<'_>)> {
    list.into_iter().flat_map(|list| list.items().enumerate())
}
