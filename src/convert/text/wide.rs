//! Wrapped text in scripts of wide characters, whose lines break anywhere.

use super::lines::{TextLine, is_blank, measure};
use crate::convert::characters::Class;

/// A wrapped line is no wider than this.
const WIDEST: usize = 100;
/// A full line lacks no more columns than this: a mark may neither open nor close a line, so up to
/// two characters move.
const SLACK: usize = 4;
/// A text is wrapped when as many lines go on in the next one …
const LEAST_BREAKS: usize = 4;
/// … and at least two in three of those are full that another follows at once.
const SHARE: (usize, usize) = (2, 3);

/// Joins the lines of a text that was wrapped in wide characters; any other is returned as it is.
///
/// No space stands where the lines break: the break is a seam of the joined line, unless a character
/// beside it is of a script that puts spaces between words, as CSS Text Level 3, section 4.1.3, has
/// it.
pub(super) fn join(text: &str, lines: Vec<TextLine>) -> Vec<TextLine> {
    let Some(page) = Page::of(text, &lines) else {
        return lines;
    };
    let mut out: Vec<TextLine> = Vec::with_capacity(lines.len());
    let mut run: Vec<TextLine> = Vec::new();
    for line in lines {
        if !run.last().is_some_and(|last| page.goes_on(last, &line)) {
            out.extend(page.joined(&run));
            run.clear();
        }
        run.push(line);
    }
    out.extend(page.joined(&run));
    out
}

/// A wrapped text.
struct Page<'t> {
    text: &'t str,
    /// The columns of its widest line that goes on.
    column: usize,
    /// Whether blank lines or indents part its paragraphs, so that a full line that ends a sentence
    /// goes on, too.
    is_parted: bool,
}

impl<'t> Page<'t> {
    /// `None` where the text was not wrapped.
    fn of(text: &'t str, lines: &[TextLine]) -> Option<Self> {
        let is_wide = |line: &TextLine| line.wide * 4 > line.width;
        if lines.iter().any(|line| line.width > WIDEST) {
            return None;
        }
        let mut page = Self {
            text,
            column: 0,
            is_parted: false,
        };
        let mut followed = Vec::new();
        for pair in lines.windows(2) {
            let [line, next] = pair else { continue };
            if !is_wide(line) || !is_wide(next) {
                continue;
            }
            if page.is_next(line, next) {
                followed.push((page.width(line), line.is_ended()));
            } else {
                page.is_parted = true;
            }
        }
        page.column = followed.iter().map(|(width, _)| *width).max()?;
        let full = followed.iter().filter(|(width, _)| page.is_full(*width));
        let (full, broken) = full.fold((0, 0), |(full, broken), (_, is_ended)| {
            (full + 1, broken + usize::from(!is_ended))
        });
        (broken >= LEAST_BREAKS && full * SHARE.1 >= followed.len() * SHARE.0).then_some(page)
    }

    fn is_full(&self, width: usize) -> bool {
        width + SLACK >= self.column
    }

    /// The sentence, or the paragraph, goes on in the next line.
    fn goes_on(&self, line: &TextLine, next: &TextLine) -> bool {
        self.is_next(line, next)
            && self.is_full(self.width(line))
            && (self.is_parted || !line.is_ended())
    }

    /// Whether nothing but one line break parts the lines: no blank line, no indent.
    fn is_next(&self, line: &TextLine, next: &TextLine) -> bool {
        let gap = self.text.get(line.span.end..next.span.start);
        let gap = gap
            .unwrap_or_default()
            .trim_start_matches([' ', '\t', '\u{3000}']);
        matches!(gap, "\n" | "\r\n" | "\r")
    }

    /// The columns of a line with its indent.
    fn width(&self, line: &TextLine) -> usize {
        let before = self.text.get(..line.span.start).unwrap_or_default();
        let indent = before.chars().rev();
        let indent = indent.take_while(|c| is_blank(*c) && !matches!(c, '\n' | '\r'));
        line.width + indent.map(|c| Class::of(c).columns()).sum::<usize>()
    }

    /// The lines of a run as one.
    fn joined(&self, run: &[TextLine]) -> Option<TextLine> {
        let ([first, .., last], [_, next @ ..]) = (run, run) else {
            return run.first().cloned();
        };
        let mut whole = self.text.get(first.span.clone())?.to_owned();
        let mut seams = Vec::new();
        for (line, next) in run.iter().zip(next) {
            let gap = line.span.end..next.span.start;
            let text = self.text.get(next.span.clone())?;
            if is_unspaced(whole.chars().next_back()) && is_unspaced(text.chars().next()) {
                seams.push(gap);
            } else {
                whole.push(' ');
            }
            whole.push_str(text);
        }
        let mut line = measure(&whole, first.span.start);
        line.span = first.span.start..last.span.end;
        line.seams = seams;
        Some(line)
    }
}

/// Whether a character is wide and of a script that puts no spaces between words: not Hangul.
fn is_unspaced(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        let is_hangul = matches!(u32::from(c), 0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7ff);
        Class::of(c).is_wide() && !is_hangul
    })
}
