//! Draws an item as SVG: its text, with each range coloured by what became of it.
//!
//! The picture has no scripts, links or external resources. It has colours for light and dark.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dateline::diagnostic::escape::{is_escaped, shown, xml};
use dateline::trace::{Bytes, Range};

/// The characters per line of the picture; longer lines are wrapped.
const COLUMNS: usize = 96;
/// The lines of the picture; text beyond is only counted.
const LINES: usize = 500;
/// The width of a character and the height of a line, in pixels.
const CELL: (usize, usize) = (8, 20);
/// The space around the text, in pixels.
const MARGIN: usize = 16;

/// The background colour of each class, in light and in dark.
const STYLE: &str = "text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328}\
.page{fill:#fff}.value{fill:#a6e3b0}.drop{fill:#fbe3a5}.space{fill:#eceef1}.none{fill:#ffb3ad}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.value{fill:#1b5e33}\
.drop{fill:#6b5310}.space{fill:#21262d}.none{fill:#8e1c16}}";

/// What became of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Value,
    Dropped,
    Space,
    Nothing,
}

/// What became of a range, with its values or its label.
pub(crate) fn told(range: &Range) -> (Class, String) {
    let Some(label) = &range.label else {
        let values = range.values.iter();
        let values: Vec<String> = values.map(|value| shown(&value.to_string())).collect();
        return match values.as_slice() {
            [] => (Class::Nothing, "unaccounted".to_owned()),
            values => (Class::Value, values.join(" ")),
        };
    };
    let class = match label.as_str() {
        "whitespace" => Class::Space,
        _ => Class::Dropped,
    };
    (class, shown(label.as_str()))
}

impl Class {
    const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Dropped => "drop",
            Self::Space => "space",
            Self::Nothing => "none",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::Value => "became a value of the record",
            Self::Dropped => "dropped, with a label",
            Self::Space => "white space between them",
            Self::Nothing => "not accounted for",
        }
    }
}

/// A stretch of one line that has one class.
struct Cell {
    line: usize,
    column: usize,
    class: Class,
    /// What became of it, shown when pointed at.
    what: String,
    text: String,
}

/// Draws an item. `name` heads the picture.
pub(crate) fn draw(
    out: &mut dyn Write,
    name: &str,
    item: Bytes<'_>,
    ranges: &[Range],
) -> io::Result<()> {
    let (cells, lines, left) = laid_out(item, ranges);
    let mut bytes: BTreeMap<Class, u64> = BTreeMap::new();
    for range in ranges {
        *bytes.entry(told(range).0).or_default() += range.span.end - range.span.start;
    }
    let (wide, high) = CELL;
    let rows = lines + bytes.len() + 3 + usize::from(left > 0);
    let (width, height) = (MARGIN * 2 + COLUMNS * wide, MARGIN * 2 + rows * high);
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">"#
    )?;
    writeln!(out, "<title>{}</title>\n<style>{STYLE}</style>", xml(name))?;
    writeln!(
        out,
        r#"<rect class="page" width="{width}" height="{height}" rx="8"/>"#
    )?;
    text(out, 0, 0, name)?;
    for cell in &cells {
        let (x, y) = (MARGIN + cell.column * wide, MARGIN + (cell.line + 2) * high);
        // A line feed has no text and is shown as a narrow stretch.
        let length = cell.text.chars().count().max(1) * wide;
        writeln!(
            out,
            r#"<rect class="{}" x="{x}" y="{y}" width="{length}" height="{high}"><title>{}</title></rect>"#,
            cell.class.name(),
            xml(&cell.what)
        )?;
        text(out, cell.line + 2, cell.column, &cell.text)?;
    }
    let mut row = lines + 3;
    if left > 0 {
        text(out, row - 1, 0, &format!("… and {left} more characters"))?;
        row += 1;
    }
    for (at, (class, count)) in bytes.iter().enumerate() {
        let y = MARGIN + (row + at) * high;
        let class_name = class.name();
        writeln!(
            out,
            r#"<rect class="{class_name}" x="{MARGIN}" y="{y}" width="{}" height="{high}"/>"#,
            wide * 2
        )?;
        text(
            out,
            row + at,
            3,
            &format!("{count} bytes {}", class.about()),
        )?;
    }
    writeln!(out, "</svg>")
}

/// Lays the ranges out in lines of [`COLUMNS`]: the cells, the number of lines, and how many characters had
/// no room.
fn laid_out(item: Bytes<'_>, ranges: &[Range]) -> (Vec<Cell>, usize, usize) {
    let mut cells = Vec::new();
    let (mut line, mut column, mut left) = (0, 0, 0);
    for range in ranges {
        let (class, what) = told(range);
        let what = format!("{}..{} {what}", range.span.start, range.span.end);
        let decoded = item.shown(range.span);
        let mut rest = decoded.as_str();
        while !rest.is_empty() && line < LINES {
            let (text, after) = cut(rest, COLUMNS - column);
            cells.push(Cell {
                line,
                column,
                class,
                what: what.clone(),
                text: text.trim_end_matches('\n').to_owned(),
            });
            column += text.chars().count();
            if column >= COLUMNS || text.ends_with('\n') {
                (line, column) = (line + 1, 0);
            }
            rest = after;
        }
        left += rest.chars().count();
    }
    (cells, line + usize::from(column > 0), left)
}

/// The text to the end of its first line, of at most `most` characters, and the rest.
fn cut(text: &str, most: usize) -> (&str, &str) {
    let full = text.char_indices().nth(most).map(|(at, _)| at);
    let line = text.find('\n').map(|at| at + 1);
    let end = [full, line].into_iter().flatten().min();
    text.split_at(end.unwrap_or(text.len()))
}

/// Draws one piece of text, scaled so that each character fills its cell in any font.
fn text(out: &mut dyn Write, line: usize, column: usize, text: &str) -> io::Result<()> {
    let (wide, high) = CELL;
    let (x, y) = (MARGIN + column * wide, MARGIN + line * high + high * 7 / 10);
    let length = text.chars().count() * wide;
    if length == 0 {
        return Ok(());
    }
    writeln!(
        out,
        r#"<text x="{x}" y="{y}" textLength="{length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">{}</text>"#,
        xml(&visible(text))
    )
}

/// The text with a middle dot in place of each character that nobody sees: one character stays one.
fn visible(text: &str) -> String {
    let seen = |character| {
        if is_escaped(character) {
            '·'
        } else {
            character
        }
    };
    text.chars().map(seen).collect()
}
