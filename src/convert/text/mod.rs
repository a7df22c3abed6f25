//! The general text converter's heart: what every byte of a flattened article is.
//!
//! Legacy dumps hold pages whose markup was thrown away: one line for each piece of text the page
//! had, menus, captions and forms among them, sometimes below a header line ` date 2024-05-01
//! https://…`. [`label`] tells the article from the rest. It is a pure function of the text, needs
//! time linear in its length, and invents nothing: each value it names is a stretch of the text.
//!
//! How it decides, in order:
//!
//! 1. `header` reads the header line; `lines` splits and measures the rest; `wide` and
//!    `wrap` join lines that were broken at a column.
//! 2. `kind` says what each line looks to be by itself: by its length and its end mark, by digits,
//!    URLs and repetition, and by short lists of generic words (`words`).
//! 3. `region` finds the run of lines that holds the text: the one in which paragraphs most
//!    outweigh other lines.
//! 4. `headline` chooses the headline among the lines above the text: by its shape, its place, its
//!    repetition, and the words of the URL.
//! 5. `roles` decides on each line in view of its neighbours: subheads stay, captions beside a
//!    credit go, pull quotes are duplicates.
//!
//! The signals are those of a page's form, in this order; the lists of words come second, and no
//! list names a publication.

mod header;
mod headline;
mod kind;
mod lines;
mod region;
mod roles;
#[cfg(test)]
mod tests;
mod wide;
pub(super) mod wire;
mod words;
mod wrap;

use std::ops::Range;

use header::Header;
use kind::Kind;
use lines::TextLine;

/// One labelled stretch of the text.
///
/// Stretches tile the text: in order, without gap or overlap, none of them empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Bytes of the text; both ends are character boundaries.
    pub span: Range<usize>,
    /// What they are.
    pub role: Role,
}

/// What a stretch of the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// White space between the other stretches; zero-width spaces and byte order marks count as
    /// such.
    Whitespace,
    /// The word `date` that opens the header line.
    Header,
    /// The day of the header line, `YYYY-MM-DD`, which need not be a day of the calendar: when the article was
    /// published. At most one, and none where there is a [`Role::PublishedTime`].
    HeaderDate,
    /// The URL of the header line. At most one.
    HeaderUrl,
    /// The headline. At most one.
    Headline,
    /// One paragraph of the article; deck and subheads are paragraphs too. Where the text was
    /// wrapped at a column the stretch holds line breaks, which stand for spaces.
    Paragraph,
    /// More of the headline or paragraph before it, from which a line break alone parts it that
    /// stands for nothing.
    Continued,
    /// A time of the header's day, finer than it: when the article was published. Holds its format
    /// in the directives of the transform `date:<format>`, such as `%Y-%m-%dT%H:%M:%S%z`. At most
    /// one.
    PublishedTime(&'static str),
    /// Says once more what another stretch says: `headline`, `published` or `text`.
    Duplicate(&'static str),
    /// No part of the article. Holds the label, such as `boilerplate:navigation`.
    Dropped(&'static str),
}

/// The URL of a line that is a header line with one.
pub(super) fn header_url(line: &str) -> Option<&str> {
    let header = header::read(line)?;
    line.get(header.url?)
}

/// Labels every byte of a flattened article.
///
/// Any text is fine: an empty one has no stretches, one without prose has neither headline nor
/// paragraph.
///
/// ```
/// use dateline::convert::text::{Role, label};
///
/// let text = " date 2024-05-01 https://example.com/a/bridge-reopens\n\nMenu\n\nBridge reopens\n\n\
///     The bridge over the river was opened again on Wednesday after two years of repairs.\n";
/// let stretches = label(text);
/// let of = |role| stretches.iter().find(|stretch| stretch.role == role).map(|stretch| &text[stretch.span.clone()]);
/// assert_eq!(of(Role::HeaderDate), Some("2024-05-01"));
/// assert_eq!(of(Role::Headline), Some("Bridge reopens"));
/// assert!(of(Role::Paragraph).is_some_and(|text| text.ends_with("two years of repairs.")));
/// ```
#[must_use]
pub fn label(text: &str) -> Vec<Stretch> {
    let header = header::read(text);
    let lines = lines::split(text, header.as_ref().map_or(0, |header| header.end));
    let lines = wrap::join(text, wide::join(text, lines));
    let repeats = kind::count_repeats(&lines);
    let mut kinds: Vec<Kind> = lines
        .iter()
        .map(|line| {
            kind::classify(
                text,
                line,
                repeats.get(line.folded.as_str()).copied().unwrap_or(1),
            )
        })
        .collect();
    let caret = wire::mark(text, &lines, &mut kinds);
    let region = region::find(&lines, &kinds);
    let url = header
        .as_ref()
        .and_then(|header| text.get(header.url.clone()?));
    let page = headline::Page {
        lines: &lines,
        kinds: &kinds,
        repeats: &repeats,
        region: region.clone(),
        url,
    };
    let headline = headline::find(&page);
    let mut roles = roles::assign(&lines, &kinds, &repeats, region, headline);
    let published = header
        .as_ref()
        .is_some_and(|header| publish(text, header, &lines, &mut roles));
    tile(text, header, caret.as_ref(), &lines, roles, published)
}

/// Finds the published time: the first ISO 8601 time of the header's day that stands above the
/// text.
///
/// A deck may stand before it; a time further down may be a related article's. The same time again,
/// and the header's day, are duplicates. Whether there is such a time.
fn publish(text: &str, header: &Header, lines: &[TextLine], roles: &mut [Role]) -> bool {
    /// A deck has fewer paragraphs than this.
    const DECK: usize = 3;
    let day = text.get(header.date.clone()).unwrap_or_default();
    let mut published: Option<&str> = None;
    let mut paragraphs = 0;
    for (line, role) in lines.iter().zip(roles) {
        let raw = text.get(line.span.clone()).unwrap_or_default();
        let above = paragraphs < DECK;
        match role {
            Role::Paragraph => paragraphs += 1,
            Role::Dropped(_) if published == Some(raw) || (above && raw == day) => {
                *role = Role::Duplicate("published");
            }
            Role::Dropped(_) if above && published.is_none() && raw.starts_with(day) => {
                if let Some(format) = header::time_format(raw) {
                    published = Some(raw);
                    *role = Role::PublishedTime(format);
                }
            }
            Role::Whitespace
            | Role::Header
            | Role::HeaderDate
            | Role::HeaderUrl
            | Role::Headline
            | Role::Continued
            | Role::PublishedTime(_)
            | Role::Duplicate(_)
            | Role::Dropped(_) => {}
        }
    }
    published.is_some()
}

/// Lays the roles over the bytes: what lies between them is white space.
fn tile(
    text: &str,
    header: Option<Header>,
    caret: Option<&Range<usize>>,
    lines: &[TextLine],
    roles: Vec<Role>,
    published: bool,
) -> Vec<Stretch> {
    let mut known = Vec::with_capacity(lines.len() + 3);
    if let Some(header) = header {
        let day = if published {
            Role::Duplicate("published")
        } else {
            Role::HeaderDate
        };
        known.push(Stretch {
            span: header.label,
            role: Role::Header,
        });
        known.push(Stretch {
            span: header.date,
            role: day,
        });
        known.extend(header.url.map(|span| Stretch {
            span,
            role: Role::HeaderUrl,
        }));
    }
    for (line, role) in lines.iter().zip(roles) {
        if !matches!(role, Role::Paragraph | Role::Headline) {
            let span = line.span.clone();
            known.push(Stretch { span, role });
            continue;
        }
        let mut role = Some(role);
        for mut span in line.parts() {
            if let Some(caret) = caret.filter(|caret| caret.start == span.start) {
                span.start = caret.end;
                known.push(Stretch {
                    span: caret.clone(),
                    role: Role::Dropped("boilerplate:editor-note"),
                });
            }
            let role = role.take().unwrap_or(Role::Continued);
            known.push(Stretch { span, role });
        }
    }
    let mut out = Vec::with_capacity(known.len() * 2 + 1);
    let mut at = 0;
    for stretch in known {
        if stretch.span.start > at {
            out.push(Stretch {
                span: at..stretch.span.start,
                role: Role::Whitespace,
            });
        }
        at = stretch.span.end;
        out.push(stretch);
    }
    if at < text.len() {
        out.push(Stretch {
            span: at..text.len(),
            role: Role::Whitespace,
        });
    }
    out
}
