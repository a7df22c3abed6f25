//! Lines that many texts of one publisher begin or end with.
//!
//! No more than a fixed number of lines is counted at a time, whatever the size of the corpus: when
//! one too many comes, each count is lowered by one, and those at nothing make room (Misra and Gries,
//! “Finding repeated elements”, Science of Computer Programming 2, 1982). So a count is never too high, and too low
//! by no more than the number of lowerings, which is at most the number of all lines over
//! [`COUNTERS`]. Lines are taken in the order of the files: what is told does not depend on threads.

use std::collections::HashMap;
use std::ops::Range;

use super::ids::LineId;
use super::late::{LateFinding, Passage};
use crate::check::line::value::pointer;
use crate::check::line::view::View;
use crate::diagnostic::{codes, escape};

/// How many lines are counted at a time.
pub(crate) const COUNTERS: usize = 1 << 15;

/// How many publishers are counted at a time.
pub(crate) const PUBLISHERS: usize = 1 << 12;

/// How many lines at the beginning of a text are looked at, and how many at its end.
pub(crate) const FIRST: usize = 2;
pub(crate) const LAST: usize = 4;

/// Shorter lines and longer ones are no boilerplate that could be told by it: bytes.
pub(crate) const SHORTEST: usize = 20;
pub(crate) const LONGEST: usize = 300;

/// In so many texts at least a line must stand,
pub(crate) const FEWEST: u32 = 10;

/// and in one of so many of its publisher's.
pub(crate) const ONE_IN: u32 = 20;

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct EdgeLine {
    /// Of the publisher and the line.
    hash: u64,
    /// Where it stands, in bytes from the beginning of the value.
    place: Range<u32>,
}

/// What is counted of one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ends {
    publisher: Publisher,
    lines: Vec<EdgeLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Publisher {
    hash: u64,
    name: Box<str>,
}

/// The first and last lines of an article whose publisher is known; nothing where none is of a length
/// that counts.
///
/// The text is not decoded: its lines are compared as they are written, escapes and all.
pub(crate) fn ends(view: &View<'_>) -> Option<Ends> {
    let name = view.source.domain.or(view.source.name)?;
    let name = name.as_str().filter(|name| name.len() <= LONGEST)?;
    let text = view.content.text?;
    let text = text.written().strip_suffix('"')?;
    let of = hash(name.as_bytes(), 0);
    let mut lines: Vec<EdgeLine> = Vec::new();
    let mut add = |range: Range<usize>| {
        let line = text.get(range.clone()).unwrap_or_default();
        let trimmed = line.trim();
        if !(SHORTEST..=LONGEST).contains(&trimmed.len()) {
            return;
        }
        let start = range.start + (line.len() - line.trim_start().len());
        let bounds = (u32::try_from(start), u32::try_from(start + trimmed.len()));
        let hash = hash(trimmed.as_bytes(), of);
        if let (Ok(start), Ok(end)) = bounds
            && !lines.iter().any(|line| line.hash == hash)
        {
            let place = start..end;
            lines.push(EdgeLine { hash, place });
        }
    };
    // Behind the quotation mark.
    let mut front = 1;
    for _ in 0..FIRST {
        let Some(line) = next(text, &mut front) else {
            break;
        };
        add(line);
    }
    let mut back = text.len();
    for _ in 0..LAST {
        let Some(line) = previous(text, front, &mut back) else {
            break;
        };
        add(line);
    }
    (!lines.is_empty()).then(|| Ends {
        publisher: Publisher {
            hash: of,
            name: name.as_ref().into(),
        },
        lines,
    })
}

/// How many bytes write a line feed.
const BREAK: usize = 2;

/// The first line at or behind `at` that is not blank; `at` moves behind it.
fn next(text: &str, at: &mut usize) -> Option<Range<usize>> {
    while *at < text.len() {
        let start = *at;
        let end = line_end(text.as_bytes(), start);
        *at = (end + BREAK).min(text.len());
        if !text.get(start..end)?.trim().is_empty() {
            return Some(start..end);
        }
    }
    None
}

/// Where the first line feed is written at or behind `start`, or the end of the text.
fn line_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(escape) = memchr::memchr(b'\\', rest) else {
            return text.len();
        };
        if rest.get(escape + 1) == Some(&b'n') {
            return at + escape;
        }
        at += escape + BREAK;
    }
}

/// The last line before `at`, and not before `from`, that is not blank; `at` moves before it.
fn previous(text: &str, from: usize, at: &mut usize) -> Option<Range<usize>> {
    while *at > from {
        let end = *at;
        let start = line_start(text.as_bytes(), from, end);
        *at = start.saturating_sub(BREAK).max(from);
        if !text.get(start..end)?.trim().is_empty() {
            return Some(start..end);
        }
        if start == from {
            break;
        }
    }
    None
}

/// Behind the last line feed that is written before `end`, or `from`.
fn line_start(text: &[u8], from: usize, end: usize) -> usize {
    let mut until = end;
    while let Some(before) = text.get(from..until)
        && let Some(escape) = memchr::memrchr(b'\\', before)
    {
        // A backslash behind an odd number of others is the second of an escape.
        let run = before.get(..=escape).unwrap_or_default();
        let run = run.iter().rev().take_while(|byte| **byte == b'\\').count();
        if run % 2 == 1 && text.get(from + escape + 1) == Some(&b'n') {
            return from + escape + BREAK;
        }
        until = from + escape + 1 - run;
    }
    from
}

/// A hash that is the same everywhere; two lines that share it are counted as one.
fn hash(bytes: &[u8], seed: u64) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = seed ^ FACTOR;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    for word in words.iter().chain([&last]) {
        state = (state ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
        state ^= state >> 29;
    }
    (state ^ u64::try_from(bytes.len()).unwrap_or_default()).wrapping_mul(FACTOR)
}

/// Counts that are never too high.
#[derive(Debug)]
struct Counts<T> {
    room: usize,
    all: HashMap<u64, (u32, T)>,
    /// How often all were lowered: no count is lower by more than it should be.
    lowered: u32,
}

impl<T> Counts<T> {
    fn new(room: usize) -> Self {
        Self {
            room,
            all: HashMap::new(),
            lowered: 0,
        }
    }

    fn add(&mut self, hash: u64, first: impl FnOnce() -> T) {
        if let Some((count, _)) = self.all.get_mut(&hash) {
            *count += 1;
        } else if self.all.len() < self.room {
            self.all.insert(hash, (1, first()));
        } else {
            self.lowered += 1;
            self.all.retain(|_, (count, _)| {
                *count -= 1;
                *count > 0
            });
        }
    }
}

/// The counts of a corpus.
#[derive(Debug)]
pub(crate) struct Boilerplate {
    /// Of each line the publisher and where it stood when its count began.
    lines: Counts<(u64, LineId, Range<u32>)>,
    publishers: Counts<Box<str>>,
}

impl Default for Boilerplate {
    fn default() -> Self {
        Self {
            lines: Counts::new(COUNTERS),
            publishers: Counts::new(PUBLISHERS),
        }
    }
}

impl Boilerplate {
    /// Takes in an article. They come in the order of their files and lines.
    pub(crate) fn add(&mut self, at: LineId, ends: Ends) {
        let Ends { publisher, lines } = ends;
        self.publishers.add(publisher.hash, || publisher.name);
        for line in lines {
            self.lines
                .add(line.hash, || (publisher.hash, at, line.place));
        }
    }

    /// What is told, at the line where each count began.
    pub(crate) fn tell(self) -> Vec<(LineId, LateFinding)> {
        let Self { lines, publishers } = self;
        let mut told: Vec<(LineId, LateFinding)> = lines
            .all
            .into_values()
            .filter_map(|(count, (publisher, at, place))| {
                let (of, name) = publishers.all.get(&publisher)?;
                let of_at_most = of.saturating_add(publishers.lowered);
                let many = count >= FEWEST && count.saturating_mul(ONE_IN) >= of_at_most;
                many.then(|| (at, late(count, lines.lowered > 0, name, place)))
            })
            .collect();
        told.sort_by(|(one, first), (two, second)| {
            let begin = |late: &LateFinding| late.within.as_ref().map(|part| part.range.start);
            (one, begin(first)).cmp(&(two, begin(second)))
        });
        told
    }
}

fn late(count: u32, or_more: bool, publisher: &str, place: Range<u32>) -> LateFinding {
    let or_more = if or_more { " or more" } else { "" };
    LateFinding {
        code: codes::TEXT_BOILERPLATE,
        pointer: pointer("/content/text"),
        said: format!(
            "begins or ends {count}{or_more} texts of `{}`: it is probably none of the article",
            escape::shown(publisher)
        ),
        within: Some(Passage {
            range: place,
            of: publisher.into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{Boilerplate, Counts, LONGEST, ends};
    use crate::check::corpus::ids::LineId;
    use crate::check::line::view::View;
    use crate::json::Tape;

    /// Publishers are kept by their names: one of any length is none.
    #[test]
    fn a_publisher_has_a_name_that_fits() {
        for (length, known) in [(LONGEST, true), (LONGEST + 1, false)] {
            let text = "A line that is long enough to be looked at.";
            let domain = "x".repeat(length);
            let article = json!({"source": {"domain": domain}, "content": {"text": text}});
            let line = article.to_string();
            let tape = Tape::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(ends(&View::of(tape.root())).is_some(), known);
        }
    }

    /// The lines that are looked at.
    fn looked_at(text: &str) -> Vec<String> {
        let article = json!({"source": {"domain": "news.example"}, "content": {"text": text}});
        let line = article.to_string();
        let tape = Tape::parse(line.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let value = tape
            .root()
            .get("content")
            .and_then(|content| content.get("text"));
        let raw = value.map(|text| text.raw()).unwrap_or_default();
        let lines = ends(&View::of(tape.root()))
            .map(|ends| ends.lines)
            .unwrap_or_default();
        lines
            .into_iter()
            .map(|line| {
                let range = line.place.start.try_into().unwrap_or(0)
                    ..line.place.end.try_into().unwrap_or(0);
                String::from_utf8_lossy(raw.get(range).unwrap_or_default()).into_owned()
            })
            .collect()
    }

    #[test]
    fn the_first_and_last_lines_are_looked_at() {
        let line = |number: u32| format!("This is the line of number {number}");
        let all: Vec<String> = (1..=9).map(line).collect();
        let expected = [1, 2, 9, 8, 7, 6].map(line);
        assert_eq!(looked_at(&all.join("\n\n")), expected);
        assert_eq!(looked_at(&format!("\n {}\n \n", all.join("\n"))), expected);
        let three = [line(1), line(2), line(3)];
        assert_eq!(looked_at(&three.join("\n\n")), three);
        assert_eq!(looked_at(&line(1)), [line(1)]);
        assert_eq!(looked_at("short\n\nalso short"), [""; 0]);
        assert_eq!(looked_at(&"long".repeat(100)), [""; 0]);
        // What is written as an escape and is none of a line feed ends no line.
        let odd = r"a path: C:\\news\\none \n and \\n so on";
        assert_eq!(looked_at(odd).len(), 1);
    }

    #[test]
    fn counts_are_never_too_high_and_too_low_by_what_was_lowered() {
        let mut counts = Counts::new(4);
        let mut exact: BTreeMap<u64, u32> = BTreeMap::new();
        let mut state = 1_u64;
        for _ in 0..5_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let item = (state >> 33) % 40;
            // Some are frequent.
            let item = if item < 25 { item % 2 } else { item };
            *exact.entry(item).or_default() += 1;
            counts.add(item, || ());
        }
        assert!(counts.all.len() <= 4);
        assert!(u64::from(counts.lowered) <= 5_000 / 5);
        for (item, count) in exact {
            let known = counts.all.get(&item).map_or(0, |(count, ())| *count);
            assert!(known <= count && known + counts.lowered >= count, "{item}");
        }
    }

    /// What is told of articles with these texts, each in a line of its own.
    fn told(texts: &[String]) -> Vec<(u32, String)> {
        let mut all = Boilerplate::default();
        for (line, text) in (1..).zip(texts) {
            let article = json!({"source": {"name": "Example"}, "content": {"text": text}});
            let article = article.to_string();
            let tape = Tape::parse(article.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
            if let Some(ends) = ends(&View::of(tape.root())) {
                all.add(LineId::new(0, line), ends);
            }
        }
        let told = all.tell().into_iter();
        told.map(|(line, late)| (line.line, late.said)).collect()
    }

    #[test]
    fn a_line_of_many_texts_is_told_once() {
        let text = |number: u32| format!("This is the text of number {number}.");
        let end = "Subscribe to our free newsletter!";
        let with: Vec<String> = (0..12).map(|at| format!("{}\n\n{end}", text(at))).collect();
        assert_eq!(
            told(&with),
            [(
                1,
                "begins or ends 12 texts of `Example`: it is probably none of the article"
                    .to_owned()
            )]
        );
        // Too few texts, and too small a part of the publisher's.
        assert_eq!(told(with.split_at(9).0), []);
        let others = (100..400).map(text);
        assert_eq!(
            told(&with.iter().cloned().chain(others).collect::<Vec<_>>()),
            []
        );
    }
}
