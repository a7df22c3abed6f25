//! The headline: which line above the text it is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::kind::Kind;
use super::lines::{End, TextLine};

/// What the choice of a headline looks at.
pub(super) struct Page<'p> {
    /// The lines of the text.
    pub(super) lines: &'p [TextLine],
    /// Their kinds.
    pub(super) kinds: &'p [Kind],
    /// How often each folded line stands in the text.
    pub(super) repeats: &'p BTreeMap<&'p str, usize>,
    /// The lines that hold the article's text.
    pub(super) region: Range<usize>,
    /// The URL of the header line.
    pub(super) url: Option<&'p str>,
}

/// As many lines above the text are asked.
const LINES_ABOVE: usize = 400;
/// As many lines of the text are asked: a region that begins early may have swallowed the headline.
const LINES_INTO: usize = 2;

// What speaks for and against a line, in points; a line as wide as headlines are has 30.

/// The whole line says what the slug of the URL says; in part, in proportion. The surest sign there
/// is.
const SLUG_POINTS: usize = 80;
/// The line stands above the text a second time: pages repeat the headline in breadcrumbs and
/// sharing forms.
const ECHO_POINTS: i64 = 20;
/// A byline or a date stands in the lines below, as it does below a headline.
const BYLINE_POINTS: i64 = 6;
/// The line lies in the region: with a full stop at its end it is no headline then.
const INSIDE_POINTS: i64 = -15;
/// The line above is the URL of a picture: this is its caption.
const CAPTION_POINTS: i64 = -20;
/// For each line before it that looks like a headline, three at most: the headline comes before
/// deck and captions.
const RIVAL_POINTS: i64 = -7;

/// The index of the headline among the lines, where one can be told: without a text there is none.
///
/// The line with the most points wins, the first of equals.
pub(super) fn find(page: &Page<'_>) -> Option<usize> {
    if page.region.is_empty() {
        return None;
    }
    let slug = page.url.map(slug_words).unwrap_or_default();
    let mostly_latin = is_mostly_latin(page.lines.get(page.region.clone()).unwrap_or_default());
    let asked = page.region.start.saturating_sub(LINES_ABOVE)..page.region.start + LINES_INTO;
    let mut best: Option<(i64, usize)> = None;
    let mut rivals = 0;
    for at in asked {
        let (Some(line), Some(kind)) = (page.lines.get(at), page.kinds.get(at)) else {
            break;
        };
        // A line in another script than the text is a breadcrumb or a transliteration.
        let Some(shape) = shape(line, *kind) else {
            continue;
        };
        if (line.latin * 2 > line.letters) != mostly_latin {
            continue;
        }
        let mut points = shape + slug_points(line, &slug) + place_points(page, at);
        if is_echoed(page, at, line) {
            points += ECHO_POINTS;
        }
        if shape >= WELL_SHAPED {
            points += rivals * RIVAL_POINTS;
            rivals = (rivals + 1).min(3);
        }
        if points > best.map_or(0, |(most, _)| most) {
            best = Some((points, at));
        }
    }
    best.map(|(_, at)| at)
}

/// The points of a line that has the width of a headline and nothing against it.
const WELL_SHAPED: i64 = 30;

/// What a line's own look is worth; `None` where it cannot be a headline.
fn shape(line: &TextLine, kind: Kind) -> Option<i64> {
    const NARROW: usize = 30;
    let by_kind = match kind {
        Kind::Repeated if line.width < NARROW => -5,
        Kind::Short | Kind::Repeated => 0,
        Kind::Prose if line.sentences > 1 => return None,
        Kind::Prose | Kind::Sentence => -2,
        Kind::Byline
        | Kind::Opener
        | Kind::Reference
        | Kind::Interface
        | Kind::Appeal
        | Kind::Credit
        | Kind::Caption => -25,
        Kind::Symbols
        | Kind::Link
        | Kind::Date
        | Kind::Glued
        | Kind::Slug
        | Kind::Take
        | Kind::Note => return None,
    };
    let by_width = match line.width {
        10..=19 => 5,
        20..=29 => 12,
        30..=39 => 22,
        40..=140 => WELL_SHAPED,
        141..=180 => 10,
        181..=250 => 0,
        _ => return None,
    };
    // Headlines may ask or shout; few end with a full stop.
    let by_end = if line.end == End::Stop { -16 } else { 0 };
    Some(by_kind + by_width + by_end)
}

/// What the line's place is worth: far above the text stand menus, not headlines.
fn place_points(page: &Page<'_>, at: usize) -> i64 {
    const NEAR: usize = 40;
    let far = page.region.start.saturating_sub(at).min(NEAR);
    let mut points = -i64::try_from(far / 4).unwrap_or(0);
    let below = page.kinds.get(at + 1..).unwrap_or_default().iter().take(4);
    if below
        .take_while(|kind| **kind != Kind::Opener)
        .any(|kind| matches!(kind, Kind::Byline | Kind::Date))
    {
        points += BYLINE_POINTS;
    }
    if at >= page.region.start {
        points += INSIDE_POINTS;
    }
    if at.checked_sub(1).and_then(|above| page.kinds.get(above)) == Some(&Kind::Link) {
        points += CAPTION_POINTS;
    }
    points
}

/// Whether the line stands once more near by above the text, alone or behind the words of a
/// breadcrumb.
///
/// A line that stands often is part of a menu.
fn is_echoed(page: &Page<'_>, at: usize, line: &TextLine) -> bool {
    const NARROWEST: usize = 30;
    const NEAR: usize = 40;
    const OFTEN: usize = 5;
    let above_text = at.saturating_sub(NEAR)..page.region.start.clamp(at, at + NEAR);
    let near = page.lines.get(above_text).unwrap_or_default();
    let echoes = near
        .iter()
        .filter(|other| other.folded.ends_with(&line.folded))
        .count();
    line.width >= NARROWEST
        && page
            .repeats
            .get(line.folded.as_str())
            .is_none_or(|repeats| *repeats <= OFTEN)
        && echoes > usize::from(at < page.region.start)
}

fn is_mostly_latin(lines: &[TextLine]) -> bool {
    let latin: usize = lines.iter().map(|line| line.latin).sum();
    let letters: usize = lines.iter().map(|line| line.letters).sum();
    latin * 2 > letters
}

/// The words of a URL's path that may be a headline's: those of its wordiest segment, three at
/// least.
///
/// Words of one or two letters and numbers with letters (identifiers) are left out.
fn slug_words(url: &str) -> BTreeSet<String> {
    const FEWEST: usize = 3;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let is_identifier = |word: &str| word.len() > 4 && word.bytes().any(|b| b.is_ascii_digit());
    path.split('/')
        .skip(1)
        .map(|segment| {
            let stem = segment.rsplit_once('.').map_or(segment, |(stem, _)| stem);
            stem.split(|c: char| !c.is_ascii_alphanumeric())
                .filter(|word| word.len() > 2 && !is_identifier(word))
                .map(|word| without_umlauts(&word.to_ascii_lowercase()))
                .collect::<BTreeSet<_>>()
        })
        .filter(|words| words.len() >= FEWEST)
        .max_by_key(BTreeSet::len)
        .unwrap_or_default()
}

/// How well a line's words are those of the slug: the harmonic mean of both shares, of
/// [`SLUG_POINTS`].
///
/// A slug is cut or leaves out small words, so less than all is asked for, in any order.
fn slug_points(line: &TextLine, slug: &BTreeSet<String>) -> i64 {
    const LEAST_PERCENT: usize = 60;
    const MOST_WORDS: usize = 60;
    if slug.is_empty() || line.latin == 0 {
        return 0;
    }
    let words: Vec<String> = line
        .folded
        .split(' ')
        .take(MOST_WORDS)
        .map(ascii)
        .filter(|word| !word.is_empty())
        .collect();
    let distinct: BTreeSet<&String> = words.iter().collect();
    let found = distinct.iter().filter(|word| slug.contains(**word)).count() * 100 / slug.len();
    let named = words.iter().filter(|word| slug.contains(*word)).count() * 100 / words.len().max(1);
    if found < LEAST_PERCENT {
        return 0;
    }
    let match_percent = 2 * found * named / (found + named).max(1);
    i64::try_from(match_percent * SLUG_POINTS / 100).unwrap_or(0)
}

/// A folded word as slugs write it: ASCII without accents, umlauts as their base letter.
fn ascii(word: &str) -> String {
    let plain: String = word
        .nfd()
        .flat_map(|c| {
            let letters = match c {
                'ß' => "ss",
                'æ' => "ae",
                'œ' => "oe",
                'þ' => "th",
                'ø' => "o",
                'ł' => "l",
                'đ' | 'ð' => "d",
                'ı' => "i",
                _ => "",
            };
            let other = letters.is_empty().then_some(c);
            letters.chars().chain(other)
        })
        .filter(char::is_ascii_alphanumeric)
        .collect();
    without_umlauts(&plain)
}

/// Slugs write umlauts with and without an `e`: both sides lose it.
fn without_umlauts(word: &str) -> String {
    word.replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u")
}
