//! The rows that a text would have as a table.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::Head;

/// What a text would be as a table with a certain separator.
#[derive(Default)]
pub(super) struct Rows {
    /// How many rows there are. The last one of what is looked at does not count where more follows.
    pub(super) count: usize,
    /// Whether more follows.
    pub(super) cut: bool,
    /// How many empty lines there are between rows.
    pub(super) blank: usize,
    /// Whether a quote is not closed.
    pub(super) unclosed: bool,
    /// How many rows have other text behind a closing quote.
    bad: usize,
    /// How many rows have so many cells.
    widths: BTreeMap<usize, usize>,
    /// How many separators have no space behind them.
    tight: usize,
    /// How many have one.
    pub(super) loose: usize,
    /// How many are between two wide characters, as those of Chinese are.
    pub(super) between_wide: usize,
    /// How many rows have an empty first cell.
    pub(super) first_empty: usize,
    /// How many rows have an empty last cell.
    pub(super) last_empty: usize,
    /// How many rows have a number or a bullet as an item of a list has it, as their first cell.
    pub(super) listed: usize,
    header: bool,
}

/// Reads rows.
struct RowReader<'t> {
    bytes: &'t [u8],
    at: usize,
    separator: u8,
    quotes: bool,
}

/// A cell: its bytes without quotes, and what became of it.
struct Cell {
    range: Range<usize>,
    quoted: bool,
    bad: bool,
    unclosed: bool,
}

impl Rows {
    /// Reads a text as a table.
    pub(super) fn read(head: Head<'_>, separator: u8, quotes: bool) -> Self {
        let mut reader = RowReader {
            bytes: head.bytes,
            at: 0,
            separator,
            quotes,
        };
        let mut rows = Self {
            cut: head.cut,
            ..Self::default()
        };
        let mut blank = 0;
        while reader.at < head.bytes.len() {
            let (row, complete) = reader.row(&mut rows);
            if head.cut && !complete {
                break;
            }
            if row.len() == 1 && row.iter().all(|cell| reader.is_blank(cell)) {
                blank += 1;
                continue;
            }
            rows.blank += std::mem::take(&mut blank);
            rows.add(&row, &reader);
        }
        rows.unclosed &= !head.cut;
        rows
    }

    fn add(&mut self, row: &[Cell], reader: &RowReader<'_>) {
        if self.count == 0 {
            self.header = is_header(row, reader);
        }
        self.count += 1;
        self.bad += usize::from(row.iter().any(|cell| cell.bad));
        *self.widths.entry(row.len()).or_default() += 1;
        if let (Some(first), Some(last)) = (row.first(), row.last()) {
            self.first_empty += usize::from(reader.is_blank(first));
            self.last_empty += usize::from(reader.is_blank(last));
            self.listed += usize::from(is_listed(reader.text(first)));
        }
    }

    /// How many rows have the number of cells that most rows have, and that number.
    pub(super) fn most(&self) -> (usize, usize) {
        let widths = self.widths.iter().map(|(cells, rows)| (*rows, *cells));
        widths.max().unwrap_or_default()
    }

    /// Whether nine of ten rows have the same number of cells, more than one, and sound quotes.
    pub(super) fn are_even(&self) -> bool {
        let (rows, cells) = self.most();
        cells > 1 && rows * 10 >= self.count * 9 && self.bad * 10 <= self.count
    }

    /// Whether nearly all separators have no space behind them, and there is such a one for each row.
    pub(super) fn is_tight(&self) -> bool {
        self.tight >= self.count && self.tight * 10 >= (self.tight + self.loose) * 9
    }

    /// Whether the first row names columns.
    pub(super) fn has_header(&self) -> bool {
        self.header
    }
}

impl RowReader<'_> {
    /// The cells of the next row, and whether its end was found.
    fn row(&mut self, rows: &mut Rows) -> (Vec<Cell>, bool) {
        let mut row = Vec::new();
        loop {
            let cell = self.cell();
            rows.unclosed |= cell.unclosed;
            let quoted = cell.quoted;
            row.push(cell);
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.separator => {
                    self.note(rows, quoted);
                    self.at += 1;
                }
                Some(_) => {
                    let crlf = self
                        .bytes
                        .get(self.at..)
                        .is_some_and(|rest| rest.starts_with(b"\r\n"));
                    self.at += if crlf { 2 } else { 1 };
                    return (row, true);
                }
                None => return (row, false),
            }
        }
    }

    /// The next cell; then comes a separator, the end of a line, or that of the text.
    fn cell(&mut self) -> Cell {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        if !self.quotes || rest.get(spaces) != Some(&b'"') {
            self.at += self.end(rest);
            return Cell {
                range: start..self.at,
                quoted: false,
                bad: false,
                unclosed: false,
            };
        }
        let open = start + spaces + 1;
        let close = self.close(open);
        let range = open..close.unwrap_or(self.bytes.len());
        self.at = range.end.saturating_add(1).min(self.bytes.len());
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let behind = self.end(rest);
        let bad = !rest
            .get(..behind)
            .unwrap_or_default()
            .trim_ascii()
            .is_empty();
        self.at += behind;
        Cell {
            range,
            quoted: true,
            bad,
            unclosed: close.is_none(),
        }
    }

    /// Where a quoted cell ends that begins at `open`: at a quote that is not doubled.
    fn close(&self, open: usize) -> Option<usize> {
        let mut at = open;
        loop {
            at += memchr::memchr(b'"', self.bytes.get(at..)?)?;
            if self.bytes.get(at + 1) != Some(&b'"') {
                return Some(at);
            }
            at += 2;
        }
    }

    /// How many bytes are before a separator or the end of a line.
    fn end(&self, rest: &[u8]) -> usize {
        memchr::memchr3(self.separator, b'\n', b'\r', rest).unwrap_or(rest.len())
    }

    /// Notes what is around the separator that comes next. One between two digits is that of a number,
    /// and says nothing.
    fn note(&self, rows: &mut Rows, quoted: bool) {
        let before = self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        match (before, rest.first()) {
            (Some(b'0'..=b'9'), Some(b'0'..=b'9')) | (_, None | Some(b'\n' | b'\r')) => {}
            (_, Some(b' ')) if quoted && rest.get(spaces) == Some(&b'"') => rows.tight += 1,
            (_, Some(b' ')) => rows.loose += 1,
            (_, Some(after)) if is_wide(*after) && self.wide_before() => rows.between_wide += 1,
            _ => rows.tight += 1,
        }
    }

    /// Whether a wide character is before the separator that comes next.
    fn wide_before(&self) -> bool {
        let lead = self.at.checked_sub(3).and_then(|at| self.bytes.get(at));
        lead.is_some_and(|lead| is_wide(*lead))
    }

    fn text(&self, cell: &Cell) -> &[u8] {
        let bytes = self.bytes.get(cell.range.clone()).unwrap_or_default();
        bytes.trim_ascii()
    }

    fn is_blank(&self, cell: &Cell) -> bool {
        !cell.quoted && self.text(cell).is_empty()
    }
}

/// Whether a byte of UTF-8 begins one of the characters from U+3000, which take three bytes.
fn is_wide(byte: u8) -> bool {
    matches!(byte, 0xe3..=0xed | 0xef)
}

/// Whether a cell is the number or the bullet of an item in a list.
fn is_listed(cell: &[u8]) -> bool {
    let number = cell.strip_suffix(b".").or_else(|| cell.strip_suffix(b")"));
    let number = number.is_some_and(|number| {
        (1..=3).contains(&number.len()) && number.iter().all(u8::is_ascii_alphanumeric)
    });
    number
        || ["-", "*", "•", "–", "·", "o"]
            .iter()
            .any(|bullet| cell == bullet.as_bytes())
}

/// Names that columns of tables of news have.
const COLUMNS: [&str; 48] = [
    "id",
    "title",
    "text",
    "body",
    "content",
    "contents",
    "headline",
    "headlines",
    "heading",
    "date",
    "url",
    "link",
    "label",
    "category",
    "author",
    "authors",
    "source",
    "summary",
    "description",
    "published",
    "publish_date",
    "article",
    "articles",
    "topic",
    "topics",
    "language",
    "lang",
    "section",
    "keywords",
    "tags",
    "name",
    "domain",
    "news",
    "class",
    "type",
    "abstract",
    "publisher",
    "publication",
    "time",
    "timestamp",
    "year",
    "image",
    "sentence",
    "paragraph",
    "target",
    "document",
    "byline",
    "subject",
];

/// Whether a row names columns: short and different names, one of them known, none empty but the first,
/// which may be that of a running number.
fn is_header(row: &[Cell], reader: &RowReader<'_>) -> bool {
    let names: Vec<String> = row
        .iter()
        .map(|cell| String::from_utf8_lossy(reader.text(cell)).to_lowercase())
        .collect();
    let short = |name: &String| {
        !name.is_empty()
            && name.chars().count() <= 40
            && name.split(' ').count() <= 3
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || " _-./:#()".contains(c))
            && !name.ends_with('.')
    };
    let all = names
        .iter()
        .enumerate()
        .all(|(at, name)| short(name) || (at == 0 && name.is_empty()));
    let different: BTreeSet<&String> = names.iter().collect();
    let known = |name: &String| {
        let last = name.rsplit(['_', '.', ' ', '-']).next().unwrap_or(name);
        COLUMNS.contains(&name.as_str()) || COLUMNS.contains(&last)
    };
    row.len() > 1 && all && different.len() == names.len() && names.iter().any(known)
}
