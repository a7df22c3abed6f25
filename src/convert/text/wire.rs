//! Marks of wire copy: what an agency's desk wrote around and into a story, for other desks.
//!
//! A story opens with a slug (`BC-FERRY-RETURNS, 3rd Ld-Writethru,0410`), has lines behind a caret
//! (the headline, notes to editors, the byline), is sent in takes (`(MORE)`, `FERRY, 2nd take`) and
//! closes with `-30-`, as ANPA 1312 and the style books have it. A text is wire copy only if it has a
//! slug or a `(MORE)`, which no other text has.

use std::ops::Range;

use super::kind::Kind;
use super::lines::TextLine;

/// A take's heading is no wider than this.
const HEADING: usize = 60;

/// Sets the kind of each line of wire copy that is a mark; leaves any other text alone.
///
/// Gives the caret before the headline, where there is one.
pub(super) fn mark(text: &str, lines: &[TextLine], kinds: &mut [Kind]) -> Option<Range<usize>> {
    let raw = |line: &TextLine| text.get(line.span.clone()).unwrap_or_default();
    let is_slugged = lines.first().is_some_and(|line| slug(raw(line)).is_some());
    if !is_slugged && !lines.iter().any(|line| is_more(raw(line))) {
        return None;
    }
    let mut caret = None;
    for (at, (line, kind)) in lines.iter().zip(kinds).enumerate() {
        let raw = raw(line);
        if at == 0 && is_slugged {
            *kind = Kind::Slug;
        } else if is_take(raw, line) {
            *kind = Kind::Take;
        } else if raw.starts_with(CARET) {
            // The first is the headline, unless it says that it is something else.
            let other = *kind == Kind::Byline || line.folded.starts_with("eds ");
            if caret.is_some() || other || !is_slugged {
                *kind = Kind::Note;
            } else {
                *kind = Kind::Short;
                caret = Some(line.span.start..line.span.start + CARET.len_utf8());
            }
        }
    }
    caret
}

/// What opens a line that is not of the story's text.
const CARET: char = '^';

/// The name of the story in a slug: `BC-FERRY-RETURNS` of `BC-FERRY-RETURNS, 3rd Ld-Writethru,0410`.
///
/// A slug opens with the cycle in two or three capitals and a hyphen, and closes with the count of
/// words behind a comma.
pub(in crate::convert) fn slug(line: &str) -> Option<&str> {
    let (head, count) = line.rsplit_once(',')?;
    let count = count.trim_start();
    let name = head.split(',').next()?;
    let (cycle, rest) = name.split_once('-')?;
    let counted = (3..=4).contains(&count.len()) && count.bytes().all(|b| b.is_ascii_digit());
    let cycled = (2..=3).contains(&cycle.len()) && cycle.bytes().all(|b| b.is_ascii_uppercase());
    (counted && cycled && !rest.is_empty() && line.len() <= HEADING * 2).then_some(name)
}

/// `(MORE)`, `-more-`, `--MORE--`.
fn is_more(raw: &str) -> bool {
    let bare = raw.trim_matches(is_frame);
    bare.eq_ignore_ascii_case("more") && bare.len() + 2 <= raw.len()
}

/// What stands around the word of a mark.
fn is_frame(c: char) -> bool {
    matches!(c, '(' | ')' | '-' | '–' | '—' | ' ')
}

/// `-30-`, by itself on a line: a story ends here.
pub(in crate::convert) fn is_end(raw: &str) -> bool {
    raw.len() > 2 && raw.starts_with(['-', '–', '—']) && raw.trim_matches(is_frame) == "30"
}

/// A mark between takes or behind the last, or the heading of a take.
fn is_take(raw: &str, line: &TextLine) -> bool {
    is_more(raw) || is_end(raw) || (line.width <= HEADING && numbers_take(&line.folded))
}

/// Whether a folded line closes as the heading of a take does: `2nd take`, `1st add`, `3rd ld`.
fn numbers_take(folded: &str) -> bool {
    let counted = folded
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end();
    let mut words = counted.rsplit(' ');
    let what = words.next().unwrap_or_default();
    let which = words.next().unwrap_or_default();
    let ordinal = which.trim_start_matches(|c: char| c.is_ascii_digit());
    matches!(what, "take" | "add" | "ld" | "lead" | "writethru")
        && ordinal.len() < which.len()
        && matches!(ordinal, "st" | "nd" | "rd" | "th")
}
