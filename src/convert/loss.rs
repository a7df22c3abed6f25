//! Prose of an item that ended in no value.

use std::ops::Range;

use super::characters::Class;
use crate::trace::Trace;

/// How many letters a line or a run of lines has at least that is taken for prose.
const PROSE: usize = 60;
/// How many letters a line of a run has at least, but for the last.
const WRAPPED: usize = 20;
/// How many sentences end at least in a run of lines that is prose, and not a list of links.
const SENTENCES: usize = 2;
/// Of so many letters of prose one may be dropped before it is said.
const SHARE: usize = 2;
/// How many stretches are named.
const NAMED: usize = 3;
/// The kinds of labels whose bytes may have been the article's own.
const KINDS: [&str; 3] = ["boilerplate", "header", "unrecognised"];

/// Prose that was dropped, where that is much of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Loss {
    /// Letters of it.
    dropped: usize,
    /// Letters of all prose of the item.
    all: usize,
    /// Where it is, in the item.
    pub(super) stretches: Vec<Range<usize>>,
}

impl Loss {
    /// What `trace` drops of the prose of `item`, where that is more than half.
    pub(super) fn of(item: &str, trace: &Trace) -> Option<Self> {
        let narrow = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let dropped = trace.dropped.iter();
        let dropped = dropped.filter(|one| KINDS.contains(&one.label.kind()));
        let spans = dropped.flat_map(|one| &one.spans);
        let mut tiles: Vec<_> = spans
            .map(|span| narrow(span.start)..narrow(span.end))
            .collect();
        if tiles.is_empty() {
            return None;
        }
        tiles.sort_by_key(|tile| tile.start);
        let mut tiles = tiles.into_iter().peekable();
        let mut loss = Self {
            dropped: 0,
            all: 0,
            stretches: Vec::new(),
        };
        for (line, count) in prose(item) {
            loss.all += count;
            while tiles.next_if(|tile| tile.end <= line.start).is_some() {}
            // A tile may go on behind the line: it is looked at again there.
            while let Some(tile) = tiles.peek().filter(|tile| tile.start < line.end) {
                let (from, to) = (tile.start.max(line.start), tile.end.min(line.end));
                let more = tile.end > line.end;
                let found = item.get(from..to).map_or(0, letters);
                if found > 0 {
                    loss.dropped += found;
                    loss.add(from..to);
                }
                if more {
                    break;
                }
                tiles.next();
            }
        }
        (loss.dropped * SHARE > loss.all).then_some(loss)
    }

    fn add(&mut self, stretch: Range<usize>) {
        match self.stretches.last_mut() {
            Some(last) if last.end == stretch.start => last.end = stretch.end,
            _ => self.stretches.push(stretch),
        }
    }

    /// It in words, with the bytes of a file in which the item begins at `offset`.
    pub(super) fn message(&self, offset: usize) -> String {
        let named = self.stretches.iter().take(NAMED);
        let named: Vec<String> = named
            .map(|stretch| format!("{}-{}", offset + stretch.start, offset + stretch.end))
            .collect();
        let more = match self.stretches.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!(
            "{} of {} letters of its prose ended in no value: bytes {}{more}",
            self.dropped,
            self.all,
            named.join(", ")
        )
    }
}

/// The lines of `item` that are prose (`spec/dumps.md`, "dump-prose-kept"), each with its letters.
fn prose(item: &str) -> Vec<(Range<usize>, usize)> {
    let break_ = if item.contains('\n') { '\n' } else { '\r' };
    let (mut found, mut run, mut start) = (Vec::new(), Vec::new(), 0);
    for line in item.split_inclusive(break_) {
        let range = start..start + line.len();
        start = range.end;
        let letters = letters(line);
        if letters > 0 {
            run.push((range, letters));
        }
        if letters < WRAPPED {
            keep(item, &mut run, &mut found);
        }
    }
    keep(item, &mut run, &mut found);
    found
}

/// Takes what is prose of a run of lines: all of it where it was wrapped, else each long line.
fn keep(item: &str, run: &mut Vec<(Range<usize>, usize)>, found: &mut Vec<(Range<usize>, usize)>) {
    let wrapped = match run.as_slice() {
        [(first, _), .., (last, _)] => item.get(first.start..last.end).unwrap_or_default(),
        _ => "",
    };
    let all = run.iter().map(|(_, letters)| letters).sum::<usize>();
    let is_prose = all >= PROSE && sentences(wrapped) >= SENTENCES;
    let lines = run.drain(..);
    found.extend(lines.filter(|(_, letters)| is_prose || *letters >= PROSE));
}

/// Letters; an East Asian wide one says as much as two.
fn letters(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(u8::is_ascii_alphabetic).count();
    }
    let letters = text.chars().map(Class::of).filter(|c| c.is_letter());
    letters.map(|c| 1 + usize::from(c.is_wide())).sum()
}

/// How many sentences end in a text.
fn sentences(text: &str) -> usize {
    let next = text.chars().skip(1).chain(['\n']);
    let ends = text.chars().zip(next).filter(|(c, next)| match c {
        '.' | '!' | '?' => next.is_whitespace(),
        '。' | '！' | '？' => true,
        _ => false,
    });
    ends.count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Loss;
    use crate::trace::Trace;

    fn trace(dropped: &[(usize, usize, &str)]) -> Trace {
        let tiles: Vec<_> = dropped
            .iter()
            .map(|(start, end, label)| serde_json::json!({"label": label, "spans": [[start, end]]}))
            .collect();
        serde_json::from_value(serde_json::json!({
            "profile": {"id": "general-text", "version": 1},
            "bytes": 400,
            "locations": [{"path": "a.txt", "offset": 0, "length": 400}],
            "dropped": tiles,
        }))
        .unwrap()
    }

    #[test]
    fn more_than_half_of_the_prose_is_a_loss() {
        let line = "a".repeat(80) + "\n";
        let item = line.repeat(4) + "short\n";
        let loss = |dropped: &[(usize, usize, &str)]| Loss::of(&item, &trace(dropped));
        assert_eq!(loss(&[]), None);
        assert_eq!(loss(&[(0, 81, "boilerplate:menu")]), None);
        // What is no prose, or is kept elsewhere, or is nobody's, is no loss.
        assert_eq!(loss(&[(324, 330, "unrecognised")]), None);
        assert_eq!(loss(&[(0, 324, "duplicate:headline")]), None);
        assert_eq!(loss(&[(0, 324, "comment")]), None);
        let found = loss(&[(0, 100, "unrecognised"), (243, 330, "boilerplate:menu")]).unwrap();
        // A line of wide letters says as much in half of them, and so do wrapped lines together.
        let wide = "\u{6e21}".repeat(30);
        let loss = |item: &str| Loss::of(item, &trace(&[(0, item.len(), "boilerplate:menu")]));
        assert!(loss(&wide).is_some());
        assert!(loss(wide.get(3..).unwrap()).is_none());
        let wrapped =
            "The night ferry between North Quay\nand Gull Island sails again. The\nfare stays.\n";
        assert!(loss(wrapped).is_some());
        // Without sentences they are a list.
        assert!(loss(&wrapped.replace('.', "")).is_none());
        assert_eq!(
            found.message(1000),
            "179 of 320 letters of its prose ended in no value: bytes 1000-1100, 1243-1324"
        );
    }
}
