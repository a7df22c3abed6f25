//! Roles: what each line is, once the region and the headline are known.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::Role;
use super::kind::Kind;
use super::lines::{End, TextLine};

/// What the decision on one line looks at.
struct Page<'p> {
    lines: &'p [TextLine],
    kinds: &'p [Kind],
    repeats: &'p BTreeMap<&'p str, usize>,
    /// Lines of the body: the region, without what stands above the headline.
    body: Range<usize>,
}

/// The role of each line.
pub(super) fn assign(
    lines: &[TextLine],
    kinds: &[Kind],
    repeats: &BTreeMap<&str, usize>,
    region: Range<usize>,
    headline: Option<usize>,
) -> Vec<Role> {
    let title = headline
        .and_then(|at| lines.get(at))
        .map(|line| line.folded.as_str());
    // Pages repeat the headline: the deck stands below its last occurrence above the text.
    let above_text = lines.get(..region.start).unwrap_or_default();
    let last = above_text
        .iter()
        .rposition(|line| Some(line.folded.as_str()) == title);
    let after_headline = last.max(headline).map_or(0, |at| at + 1);
    let body = region.start.max(after_headline)..region.end;
    let page = Page {
        lines,
        kinds,
        repeats,
        body,
    };
    let mut roles: Vec<Role> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            if Some(at) == headline {
                Role::Headline
            } else if Some(line.folded.as_str()) == title {
                Role::Duplicate("headline")
            } else {
                page.role(at, after_headline, headline.is_some())
            }
        })
        .collect();
    drop_pull_quotes(lines, &mut roles);
    drop_last_subheads(kinds, &mut roles);
    roles
}

impl Page<'_> {
    fn role(&self, at: usize, after_headline: usize, has_headline: bool) -> Role {
        let (Some(line), Some(kind)) = (self.lines.get(at), self.kinds.get(at)) else {
            return Role::Dropped("boilerplate:short-line");
        };
        if self.body.contains(&at) {
            return self.body_role(at, line, *kind);
        }
        let above = at < self.body.start;
        if has_headline
            && above
            && at >= after_headline
            && self.is_deck(at, after_headline, line, *kind)
        {
            return Role::Paragraph;
        }
        Role::Dropped(outside(*kind))
    }

    /// The role of a line of the body.
    fn body_role(&self, at: usize, line: &TextLine, kind: Kind) -> Role {
        match kind {
            Kind::Prose | Kind::Sentence => {
                if self.is_within_appeal(at) {
                    Role::Dropped("boilerplate:appeal")
                } else if self.is_caption(at, line) {
                    Role::Dropped("boilerplate:caption")
                } else {
                    Role::Paragraph
                }
            }
            Kind::Short if self.is_subhead(at, line) => Role::Paragraph,
            // A tag may say the same as a subhead; what stands there more often is no subhead.
            Kind::Repeated if self.stands_twice(line) && self.is_subhead(at, line) => {
                Role::Paragraph
            }
            Kind::Short if self.is_caption(at, line) => Role::Dropped("boilerplate:caption"),
            Kind::Short => Role::Dropped("boilerplate:short-line"),
            Kind::Interface => Role::Dropped("boilerplate:interface"),
            Kind::Symbols
            | Kind::Link
            | Kind::Date
            | Kind::Byline
            | Kind::Opener
            | Kind::Reference
            | Kind::Appeal
            | Kind::Credit
            | Kind::Caption
            | Kind::Repeated
            | Kind::Glued
            | Kind::Slug
            | Kind::Take
            | Kind::Note => Role::Dropped(outside(kind)),
        }
    }

    /// One or two sentences between lines of appeals are part of the appeal.
    fn is_within_appeal(&self, at: usize) -> bool {
        let is_prose = |kind: Option<&Kind>| matches!(kind, Some(Kind::Prose | Kind::Sentence));
        let is_appeal = |kind: Option<&Kind>| kind == Some(&Kind::Appeal);
        let up = |steps: usize| at.checked_sub(steps).and_then(|at| self.kinds.get(at));
        let down = |steps: usize| self.kinds.get(at + steps);
        match (is_appeal(up(1)), is_appeal(down(1))) {
            (true, true) => true,
            (true, false) => is_prose(down(1)) && is_appeal(down(2)),
            (false, true) => is_prose(up(1)) && is_appeal(up(2)),
            (false, false) => false,
        }
    }

    /// Whether the line stands in the text this once and once more.
    fn stands_twice(&self, line: &TextLine) -> bool {
        self.repeats.get(line.folded.as_str()) == Some(&2)
    }

    /// A deck stands right below the headline: a long line, or the very next one.
    fn is_deck(&self, at: usize, first: usize, line: &TextLine, kind: Kind) -> bool {
        const LINES: usize = 4;
        if at >= first + LINES || line.sentences > 4 {
            return false;
        }
        let width = match kind {
            Kind::Prose | Kind::Sentence => 40,
            Kind::Short if at == first => 50,
            Kind::Short => 85,
            Kind::Symbols
            | Kind::Link
            | Kind::Date
            | Kind::Byline
            | Kind::Opener
            | Kind::Reference
            | Kind::Interface
            | Kind::Appeal
            | Kind::Credit
            | Kind::Caption
            | Kind::Repeated
            | Kind::Glued
            | Kind::Slug
            | Kind::Take
            | Kind::Note => return false,
        };
        line.width >= width && !self.is_caption(at, line)
    }

    /// A sentence that belongs to a picture: its credit follows, or the picture's URL stands before
    /// it.
    ///
    /// Some pages put the credit above the caption; then the short line below the credit is the
    /// caption.
    fn is_caption(&self, at: usize, line: &TextLine) -> bool {
        const WIDEST: usize = 260;
        const NARROWEST: usize = 45;
        if line.width > WIDEST || line.sentences > 3 {
            return false;
        }
        let kind = |at: Option<usize>| at.and_then(|at| self.kinds.get(at)).copied();
        let (before, after) = (kind(at.checked_sub(1)), kind(Some(at + 1)));
        let below_credit =
            before == Some(Kind::Credit) && kind(at.checked_sub(2)) != Some(Kind::Caption);
        let caption_follows = kind(Some(at + 2)) == Some(Kind::Short)
            && self
                .lines
                .get(at + 2)
                .is_some_and(|line| line.width >= NARROWEST);
        before == Some(Kind::Link)
            || (after == Some(Kind::Credit) && !caption_follows)
            || (below_credit && !line.is_ended() && line.width >= NARROWEST)
    }

    /// A short line that heads what follows: alone between paragraphs, or the last of a few.
    fn is_subhead(&self, at: usize, line: &TextLine) -> bool {
        const WIDEST: usize = 95;
        const WIDEST_OF_MANY: usize = 66;
        if line.width > WIDEST || self.is_caption(at, line) || line.words == 0 {
            return false;
        }
        if line.end == End::Colon {
            return true;
        }
        let below = self.kinds.get(at + 1..self.body.end).unwrap_or_default();
        let next = below.iter().find(|kind| !is_noise(**kind));
        if !matches!(next, Some(Kind::Prose | Kind::Sentence)) {
            return false;
        }
        let above = self.kinds.get(self.body.start..at).unwrap_or_default();
        let mut run = above.iter().rev().filter(|kind| !is_noise(**kind));
        let links = run
            .by_ref()
            .take_while(|kind| matches!(kind, Kind::Short | Kind::Byline))
            .count();
        if links == 0 {
            return above.iter().rev().find(|kind| !is_noise(**kind)) != Some(&Kind::Opener);
        }
        let listed = above
            .iter()
            .rev()
            .filter(|kind| !is_noise(**kind))
            .find(|kind| !matches!(kind, Kind::Short | Kind::Byline));
        line.width <= WIDEST_OF_MANY && (listed != Some(&Kind::Opener) || links == 1)
    }
}

/// Lines that may stand between a subhead and its text without saying anything of either.
fn is_noise(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Symbols
            | Kind::Interface
            | Kind::Repeated
            | Kind::Reference
            | Kind::Credit
            | Kind::Caption
            | Kind::Date
            | Kind::Link
            | Kind::Appeal
            | Kind::Take
            | Kind::Note
    )
}

/// The label of a line outside the body.
fn outside(kind: Kind) -> &'static str {
    match kind {
        Kind::Prose | Kind::Sentence => "boilerplate:outside-text",
        Kind::Short | Kind::Interface | Kind::Glued => "boilerplate:navigation",
        Kind::Symbols => "boilerplate:symbols",
        Kind::Link => "boilerplate:link",
        Kind::Date => "boilerplate:date",
        Kind::Byline => "boilerplate:byline",
        Kind::Opener | Kind::Reference => "boilerplate:related",
        Kind::Appeal => "boilerplate:appeal",
        Kind::Credit => "boilerplate:credit",
        Kind::Caption => "boilerplate:caption",
        Kind::Repeated => "boilerplate:repeated",
        Kind::Slug => "boilerplate:slug",
        Kind::Take => "boilerplate:take",
        Kind::Note => "boilerplate:editor-note",
    }
}

/// A text does not end with a subhead: what headed an appeal or a list goes with it.
fn drop_last_subheads(kinds: &[Kind], roles: &mut [Role]) {
    for (kind, role) in kinds.iter().zip(roles).rev() {
        if *role == Role::Paragraph {
            if !matches!(kind, Kind::Short | Kind::Repeated) {
                return;
            }
            *role = Role::Dropped("boilerplate:short-line");
        }
    }
}

/// Words that open a passage by which it is found again.
const OPENING: usize = 6;

/// A pull quote repeats a passage of the text: the paragraph that is wholly part of another is a
/// duplicate.
fn drop_pull_quotes(lines: &[TextLine], roles: &mut [Role]) {
    const WIDEST: usize = 320;
    let mut quotes: HashMap<&str, usize> = HashMap::new();
    for (at, (line, role)) in lines.iter().zip(roles.iter()).enumerate() {
        let short = *role == Role::Paragraph && line.width <= WIDEST;
        if let (true, Some(words)) = (short, openings(&line.folded).next()) {
            quotes
                .entry(line.folded.get(words).unwrap_or_default())
                .or_insert(at);
        }
    }
    let mut found = Vec::new();
    for (at, (line, role)) in lines.iter().zip(roles.iter()).enumerate() {
        if *role != Role::Paragraph {
            continue;
        }
        for words in openings(&line.folded) {
            let start = words.start;
            let words = line.folded.get(words).unwrap_or_default();
            let Some((quote, other)) = quotes.get(words).and_then(|at| Some((at, lines.get(*at)?)))
            else {
                continue;
            };
            let passage = line.folded.get(start..).unwrap_or_default();
            let behind = passage.strip_prefix(&other.folded);
            if *quote != at && behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')) {
                // Of two equal paragraphs the first stays.
                let equal = other.folded.len() == line.folded.len();
                found.push(if equal { at.max(*quote) } else { *quote });
            }
        }
    }
    for at in found {
        if let Some(role) = roles.get_mut(at) {
            *role = Role::Duplicate("text");
        }
    }
}

/// Where the openings of all passages of a folded line are: so many words from each word on.
pub(super) fn openings(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let spaces = || memchr::memchr_iter(b' ', folded.as_bytes());
    let starts = std::iter::once(0).chain(spaces().map(|at| at + 1));
    let ends = spaces().chain([folded.len()]).skip(OPENING - 1);
    starts.zip(ends).map(|(start, end)| start..end)
}
