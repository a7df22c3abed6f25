//! Wrapped text: lines broken at a column are joined to the paragraphs they were.

use super::header::is_url;
use super::lines::{End, TextLine, measure};

/// A wrapped line is at least this wide: shorter ones close a paragraph, or were never wrapped.
const FULL_WIDTH: usize = 45;
/// A wrapped line is no wider than this.
const WIDEST: usize = 100;
/// A text is wrapped when as many lines go on in the next one …
const LEAST_BREAKS: usize = 8;
/// … and they are at least one in this many of the lines of that width.
const SHARE: usize = 3;

/// Joins the lines of a wrapped text; any other text is returned as it is.
///
/// A line goes on where it has no end mark and the next one begins in lower case, or where it is so
/// full that the next one's first word had no room. Menus do so too (tags in lower case), so only
/// runs with a wide line in them are joined, and only in texts where a good part of the wide lines
/// go on. The span of a joined line holds the line breaks inside it.
pub(super) fn join(text: &str, lines: Vec<TextLine>) -> Vec<TextLine> {
    let is_link = |line: &TextLine| is_url(text.get(line.span.clone()).unwrap_or_default());
    let wide = lines
        .iter()
        .filter(|line| is_wide(line) && !is_link(line))
        .count();
    let broken = || {
        lines.windows(2).filter_map(|pair| match pair {
            [line, next]
                if is_wide(line)
                    && is_open(line)
                    && next.lower_start
                    && next.width <= WIDEST
                    && !is_link(next) =>
            {
                Some(line.width)
            }
            _ => None,
        })
    };
    let breaks = broken().count();
    let column = broken().max().unwrap_or(0);
    if breaks < LEAST_BREAKS || breaks * SHARE < wide {
        return lines;
    }
    let mut out: Vec<TextLine> = Vec::with_capacity(lines.len());
    let mut run: Vec<TextLine> = Vec::new();
    for line in lines {
        if is_link(&line) || !run.last().is_some_and(|last| goes_on(last, &line, column)) {
            close(text, &mut run, &mut out);
        }
        run.push(line);
    }
    close(text, &mut run, &mut out);
    out
}

/// Puts a run into `out`: as one line where it is wrapped text.
fn close(text: &str, run: &mut Vec<TextLine>, out: &mut Vec<TextLine>) {
    if let ([first, .., last], true) = (run.as_slice(), run.iter().any(is_wide)) {
        let span = first.span.start..last.span.end;
        out.push(measure(
            text.get(span.clone()).unwrap_or_default(),
            span.start,
        ));
        run.clear();
    } else {
        out.append(run);
    }
}

fn is_wide(line: &TextLine) -> bool {
    (FULL_WIDTH..=WIDEST).contains(&line.width)
}

/// The line does not end as a sentence or a heading does.
fn is_open(line: &TextLine) -> bool {
    !line.is_ended() && line.end != End::Colon
}

/// The sentence goes on in the next line.
fn goes_on(line: &TextLine, next: &TextLine, column: usize) -> bool {
    let first_word = next.folded.find(' ').unwrap_or(next.folded.len());
    let full = line.width + first_word >= column;
    is_open(line)
        && line.width <= column
        && next.width <= column
        && (next.lower_start || line.end == End::Comma || full)
}
