//! Kinds: what a line looks to be by itself, before its neighbours are asked.

use std::collections::BTreeMap;

use super::header::is_url;
use super::lines::{End, TextLine};
use super::words::{self, List};

/// What a line looks to be by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sentences: the line ends as one does and is long enough, or it is longer than any label is.
    Prose,
    /// A short line that ends as a sentence does.
    Sentence,
    /// A short line that does not: a subhead, a menu entry, a link, a name.
    Short,
    /// A line without letters: numbers, rules, bullets.
    Symbols,
    /// A URL.
    Link,
    /// A date or time with at most a few words.
    Date,
    /// The name of a writer, marked as such.
    Byline,
    /// A heading that opens a list of other articles.
    Opener,
    /// A link to another article that says so: `Read also: …`.
    Reference,
    /// A control or menu entry.
    Interface,
    /// An appeal, form, pay wall, or legal notice.
    Appeal,
    /// The credit of a picture.
    Credit,
    /// The caption of a picture.
    Caption,
    /// A line that stands several times in the text.
    Repeated,
    /// Many words run together without a space between them, as menus are that lost their markup.
    Glued,
    /// The line that opens a story of wire copy.
    Slug,
    /// A mark between takes of wire copy, the heading of one, or the end.
    Take,
    /// A line of wire copy for editors.
    Note,
}

/// From this width on a line that ends as a sentence is prose.
const PROSE_WIDTH: usize = 60;
/// From this width on a line is prose even without an end mark: labels and links are shorter.
const LONG_WIDTH: usize = 130;
/// Credits and datelines are no longer than this.
const CREDIT_WIDTH: usize = 100;
/// Captions are no longer than this; longer lines are paragraphs.
const CAPTION_WIDTH: usize = 420;
/// Lines wider than this are not searched for words: nothing so long is a label.
const SEARCHED_WIDTH: usize = 1_500;
/// Copyright notices are no longer than this.
const NOTICE_WIDTH: usize = 200;
/// Appeals are no longer than this; longer paragraphs tell of subscriptions and cookies, they do
/// not ask.
const APPEAL_WIDTH: usize = 600;
/// Captions that close with a date are no longer than this.
const DATED_CAPTION_WIDTH: usize = 240;
/// Lines of a date are no longer than this.
const DATE_WIDTH: usize = 70;

/// How often each folded line stands in the text.
pub(super) fn count_repeats(lines: &[TextLine]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry(line.folded.as_str()).or_insert(0) += 1;
    }
    counts
}

/// The kind of `line` of `text`, which stands `repeats` times in the text.
pub(super) fn classify(text: &str, line: &TextLine, repeats: usize) -> Kind {
    let raw = text.get(line.span.clone()).unwrap_or_default();
    if is_url(raw) {
        return Kind::Link;
    }
    if line.letters == 0 {
        return if is_date(raw, line) {
            Kind::Date
        } else {
            Kind::Symbols
        };
    }
    if is_date(raw, line) {
        return Kind::Date;
    }
    if line.glued >= 4
        && line.glued * 5 > line.words
        && (!line.is_ended() || line.glued * 2 > line.words)
    {
        return Kind::Glued;
    }
    let named = if line.width <= SEARCHED_WIDTH {
        by_words(raw, line)
    } else {
        None
    };
    if let Some(kind) = named {
        return kind;
    }
    if repeats > 1 && line.width < PROSE_WIDTH * 2 {
        return Kind::Repeated;
    }
    if line.is_ended() || (line.end == End::Colon && line.width >= PROSE_WIDTH) {
        if line.width >= PROSE_WIDTH {
            Kind::Prose
        } else {
            Kind::Sentence
        }
    } else if line.width >= LONG_WIDTH {
        Kind::Prose
    } else {
        Kind::Short
    }
}

/// Whether a `©` stands in a line that is one: in `cafÃ©s`, which is `cafés` read in a wrong encoding, it
/// follows a letter that no notice has before it.
fn has_notice(raw: &str) -> bool {
    raw.match_indices('©').any(|(at, _)| {
        let before = raw.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c == '√' || (c.is_alphabetic() && !c.is_ascii()))
    })
}

/// What the lists of words say, the surest first.
fn by_words(raw: &str, line: &TextLine) -> Option<Kind> {
    let folded = line.folded.as_str();
    let prose = line.is_ended() && line.width >= PROSE_WIDTH;
    if has_notice(raw) && line.width < NOTICE_WIDTH {
        // `© 2024 …` and `© All rights reserved` are notices, `… © Agency` is a picture's.
        let year = raw.split(|c: char| !c.is_ascii_digit()).any(is_year);
        let notice =
            year || covered(folded, &words::APPEALS) > 0 || covered(folded, &words::INTERFACE) > 0;
        return Some(if notice {
            Kind::Appeal
        } else if line.words <= 8 {
            Kind::Credit
        } else {
            Kind::Caption
        });
    }
    if let Some(entry) = opening(folded, &words::OPENERS) {
        // `Related`, `More from the editors`, `Read also: …`; but `Popular uprising in …` is a
        // headline.
        let room = if entry > 1 { 4 } else { 1 };
        let alone = !prose && line.width < CREDIT_WIDTH && line.words <= entry + room;
        let labelled = line.width < NOTICE_WIDTH && is_label(raw, entry);
        if labelled && line.words > entry {
            return Some(Kind::Reference);
        }
        if alone {
            return Some(Kind::Opener);
        }
    }
    // Few words: every single one counts.
    if !prose && line.width < CREDIT_WIDTH {
        if covered(folded, &words::INTERFACE) * 5 >= line.words * 3 {
            return Some(Kind::Interface);
        }
        let named = line.capitalised + 2 >= line.words && (2..=12).contains(&line.words);
        // `Von der Leyen …`, `De Gaulle …` begin headlines too: only few words are a name.
        let few = folded.starts_with("by ") || (line.words <= 5 && line.width <= 40);
        if named && few && opening(folded, &words::BYLINES).is_some() {
            return Some(Kind::Byline);
        }
    }
    if line.width < APPEAL_WIDTH {
        // One word is not enough: news tells of subscribers and cookies too.
        let share = if prose { 14 } else { 9 };
        let asking = covered(folded, &words::APPEALS);
        if asking * share >= line.words && (asking > 1 || line.words <= 2) {
            return Some(Kind::Appeal);
        }
    }
    if line.width < CAPTION_WIDTH {
        picture(raw, line)
    } else {
        None
    }
}

/// Whether the line is a picture's credit, or its caption with or without a credit.
fn picture(raw: &str, line: &TextLine) -> Option<Kind> {
    let folded = line.folded.as_str();
    let credits = covered(folded, &words::CREDITS);
    // `J. Doe / Agency phot.`: the last word is an abbreviation, not the end of a sentence.
    let abbreviated = covered(last_words(folded, 1), &words::CREDITS) > 0 && raw.contains('/');
    let labelled = opening(folded, &words::CREDITS).is_some() && raw.contains([':', '：']);
    let set_off = labelled || credits * 3 >= line.words || raw.contains(['/', '(', '／', '（']);
    if !line.is_ended()
        && line.width < CREDIT_WIDTH
        && opening(folded, &words::SOURCES).is_some()
        && raw.contains([':', '：'])
    {
        return Some(Kind::Caption);
    }
    if raw.starts_with('(') && raw.ends_with(')') && line.width < CREDIT_WIDTH && line.sentences < 2
    {
        return Some(Kind::Credit);
    }
    if credits > 0 && (!line.is_ended() || abbreviated) && line.width < CREDIT_WIDTH && set_off {
        return Some(
            if line.words <= 8 || labelled || opening(folded, &words::CREDITS).is_some() {
                Kind::Credit
            } else {
                Kind::Caption
            },
        );
    }
    // The credit closes the caption: `… in June. Jane Doe / Agency`, `… in June. (Agency)`.
    let open = !line.is_ended() || raw.ends_with(')');
    if open && covered(last_words(folded, 6), &words::CREDITS) > 0 && is_set_off(raw) {
        return Some(Kind::Caption);
    }
    let quoted = raw.starts_with(['"', '“', '„', '«', '”', '»']);
    if !quoted && line.sentences <= 6 && covered(folded, &words::CAPTIONS) > 0 {
        return Some(Kind::Caption);
    }
    if SIDES.iter().any(|side| raw.contains(side)) || raw.starts_with("FILE ") {
        return Some(Kind::Caption);
    }
    let short = line.width < DATED_CAPTION_WIDTH && line.sentences <= 2;
    (short && ends_with_day(raw)).then_some(Kind::Caption)
}

/// Whether the first words of the line, as many as `count`, are set off by a colon.
fn is_label(raw: &str, count: usize) -> bool {
    let label = raw.split([':', '：']).next().unwrap_or_default();
    label.len() < raw.len() && label.split_whitespace().count() <= count
}

/// How captions say who is where.
const SIDES: &[&str] = &[
    ", left,",
    ", right,",
    ", from left",
    ", center,",
    ", centre,",
    "(left)",
    "(right)",
    "(l.)",
    "(r.)",
    "(li.)",
    "(re.)",
    "(M.)",
];

/// Whether the end of the line is set off as a credit is: by a slash, a bracket, or the full stop
/// of the caption.
fn is_set_off(raw: &str) -> bool {
    let start = raw.char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let tail = raw
        .get(start..)
        .unwrap_or_default()
        .trim_end_matches(['.', ')']);
    tail.contains(['/', '(', '@', '.', ':', '。'])
}

/// Captions often close with the day the picture was taken: `…, April 14, 2024.`
fn ends_with_day(raw: &str) -> bool {
    let Some((head, year)) = raw.trim_end_matches('.').rsplit_once(", ") else {
        return false;
    };
    let day = head.rsplit(' ').next().unwrap_or_default();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    is_year(year) && (1..=2).contains(&day.len()) && digits(day)
}

/// Four digits of a year news is dated with.
fn is_year(word: &str) -> bool {
    word.len() == 4
        && word.bytes().all(|b| b.is_ascii_digit())
        && (word.starts_with("19") || word.starts_with("20"))
}

/// A date or time with at most a few words: digits make up a good part of it, and a clock, a year
/// or a numeric day is among them.
fn is_date(raw: &str, line: &TextLine) -> bool {
    if line.width > DATE_WIDTH || line.digits < 3 || line.letters > line.digits * 4 {
        return false;
    }
    if raw.starts_with("PT")
        && raw
            .bytes()
            .skip(2)
            .all(|b| b.is_ascii_digit() || b"HMS.".contains(&b))
    {
        // An ISO 8601 duration: the length of a video.
        return true;
    }
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let clock = raw
        .as_bytes()
        .windows(3)
        .any(|at| matches!(at, [a, b':', c] if a.is_ascii_digit() && c.is_ascii_digit()));
    let year = raw.split(|c: char| !c.is_ascii_digit()).any(is_year);
    let numeric = raw
        .split(['.', '/', '-', ' '])
        .filter(|part| part.len() <= 4 && is_digits(part))
        .count()
        >= 3;
    clock || ((year || numeric) && line.letters <= line.digits * 3)
}

/// The last `count` words of a folded line.
fn last_words(folded: &str, count: usize) -> &str {
    let start = folded
        .rmatch_indices(' ')
        .nth(count.saturating_sub(1))
        .map_or(0, |(at, _)| at + 1);
    folded.get(start..).unwrap_or_default()
}

/// The words of the longest entry of a list that a folded line begins with.
fn opening(folded: &str, list: &List) -> Option<usize> {
    let longest = list.longest(folded).or_else(|| {
        let is_spaceless = folded.starts_with(is_spaceless);
        let entries = compact(list.entries()).filter(|entry| folded.starts_with(entry));
        entries
            .filter(|_| is_spaceless)
            .max_by_key(|entry| entry.len())
    })?;
    Some(longest.split(' ').count())
}

/// How many words of a folded line are covered by entries of a list.
///
/// The longest entry is taken at each place. An entry of a script without spaces covers the whole
/// word it stands in.
fn covered(folded: &str, list: &List) -> usize {
    let mut count = 0;
    let mut rest = folded;
    while !rest.is_empty() {
        let step = match list.longest(rest) {
            Some(entry) => {
                count += entry.split(' ').count();
                entry.len()
            }
            None => memchr::memchr(b' ', rest.as_bytes()).unwrap_or(rest.len()),
        };
        rest = rest.get(step..).unwrap_or_default().trim_start_matches(' ');
    }
    if !folded.is_ascii() && folded.chars().any(is_spaceless) {
        let compact = compact(list.entries());
        count += compact.filter(|entry| folded.contains(entry)).count();
    }
    count
}

/// The entries of a list that are written in a script without spaces.
fn compact<'l>(list: &'l [&'l str]) -> impl Iterator<Item = &'l str> {
    list.iter()
        .copied()
        .filter(|entry| entry.chars().next().is_some_and(is_spaceless))
}

/// Scripts whose words run together or carry particles: Thai, and all from the CJK blocks on,
/// Hangul among them.
fn is_spaceless(c: char) -> bool {
    c >= '\u{2e80}' || ('\u{e00}'..='\u{eff}').contains(&c)
}
