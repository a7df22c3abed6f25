//! Prose of an item that ended in no value.

use std::ops::Range;

use crate::trace::Trace;

/// How many letters a line has at least that is taken for prose.
const PROSE: usize = 60;
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
        let dropped = trace.dropped.iter().filter(|tile| {
            let label = tile.label.to_string();
            KINDS.contains(&label.split(':').next().unwrap_or_default())
        });
        let mut tiles = dropped
            .map(|tile| narrow(tile.start)..narrow(tile.end))
            .peekable();
        let mut loss = Self {
            dropped: 0,
            all: 0,
            stretches: Vec::new(),
        };
        let mut start = 0;
        for line in item.split_inclusive(['\n', '\r']) {
            let end = start + line.len();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
            let all = letters(line);
            if all >= PROSE {
                loss.all += all;
                while tiles.next_if(|tile| tile.end <= start).is_some() {}
                // A tile may go on behind the line: it is looked at again there.
                while let Some(tile) = tiles.peek().filter(|tile| tile.start < end) {
                    let (from, to) = (tile.start.max(start), tile.end.min(end));
                    let more = tile.end > end;
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
            start = end;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Loss;
    use crate::trace::Trace;

    fn trace(dropped: &[(usize, usize, &str)]) -> Trace {
        let tiles: Vec<_> = dropped
            .iter()
            .map(|(start, end, label)| serde_json::json!({"start": start, "end": end, "label": label}))
            .collect();
        serde_json::from_value(serde_json::json!({
            "profile": {"id": "general-text", "version": 1},
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
        assert_eq!(
            found.message(1000),
            "179 of 320 letters of its prose ended in no value: bytes 1000-1100, 1243-1324"
        );
    }
}
