//! The article's region: the stretch of lines that holds its text.

use std::ops::Range;

use super::kind::Kind;
use super::lines::TextLine;

/// The run of lines with the greatest sum of weights, as indices; empty where no line weighs more
/// than nothing.
///
/// Paragraphs weigh by their length, everything else counts against the run it interrupts. A run
/// may thus hold an advertisement or a list of links, and stops before the page's end matter, where
/// such lines outweigh what prose is left: maximum subsequence segmentation (Pasternack and Roth,
/// "Extracting Article Text from the Web with Maximum Subsequence Segmentation", WWW 2009), with
/// weights by rule instead of learnt ones. One pass.
pub(super) fn find(lines: &[TextLine], kinds: &[Kind]) -> Range<usize> {
    let (mut best, mut best_sum) = (0..0, 0);
    let (mut start, mut sum) = (0, 0);
    let (mut in_list, mut prose_run) = (false, 0);
    for (at, (line, kind)) in lines.iter().zip(kinds).enumerate() {
        prose_run = if *kind == Kind::Prose {
            prose_run + 1
        } else {
            0
        };
        let opens = *kind == Kind::Opener && sum > ENOUGH;
        in_list = (in_list || opens) && prose_run < RETURN;
        let weight = weight(line, *kind);
        sum += if in_list && weight > 0 {
            weight / TEASER
        } else {
            weight
        };
        if sum <= 0 {
            (start, sum) = (at + 1, 0);
        } else if sum > best_sum {
            (best, best_sum) = (start..at + 1, sum);
        }
    }
    best
}

/// A list that opens after less text than this is an insert, and the text goes on after it.
const ENOUGH: i64 = 1_500;
/// As many paragraphs in a row say that a list of other articles is over.
const RETURN: usize = 4;
/// Prose in such a list is a teaser: it weighs this many times less.
const TEASER: i64 = 3;

/// What a line adds to the sum of its run, in hundredths of a short line.
fn weight(line: &TextLine, kind: Kind) -> i64 {
    let width = i64::try_from(line.width).unwrap_or(i64::MAX);
    match kind {
        Kind::Prose if line.is_ended() => (width * 2).min(600),
        Kind::Prose => width.min(200),
        Kind::Sentence => 20,
        Kind::Caption | Kind::Credit | Kind::Take => -20,
        Kind::Symbols | Kind::Date | Kind::Link | Kind::Repeated => -50,
        Kind::Short | Kind::Byline | Kind::Reference | Kind::Slug | Kind::Note => -80,
        Kind::Interface => -60,
        Kind::Appeal | Kind::Glued => -120,
        Kind::Opener => -150,
    }
}
