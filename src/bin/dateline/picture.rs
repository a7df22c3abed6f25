//! An item as a picture: its text, each range coloured by what became of it, as SVG.
//!
//! The picture has no script, no link and nothing from elsewhere. It has colours for light and dark.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dateline::diagnostic::escape::escape;
use dateline::trace::{Bytes, Range};

/// The characters of a line of the picture; longer lines are broken.
const COLUMNS: usize = 96;
/// The lines of the picture; what is beyond is counted.
const LINES: usize = 500;
/// The width of a character and the height of a line, in pixels.
const CELL: (usize, usize) = (8, 20);
/// The space around the text, in pixels.
const MARGIN: usize = 16;

/// The colours: for each class its background in light and in dark.
const STYLE: &str = "text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328}\
.page{fill:#fff}.value{fill:#a6e3b0}.drop{fill:#fbe3a5}.space{fill:#eceef1}.none{fill:#ffb3ad}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.value{fill:#1b5e33}\
.drop{fill:#6b5310}.space{fill:#21262d}.none{fill:#8e1c16}}";

/// What became of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Value,
    Dropped,
    Space,
    Nothing,
}

impl Class {
    fn of(range: &Range) -> Self {
        match &range.label {
            Some(label) if label.as_str() == "whitespace" => Self::Space,
            Some(_) => Self::Dropped,
            None if range.values.is_empty() => Self::Nothing,
            None => Self::Value,
        }
    }

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
    /// What became of it, for who points at it.
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
        *bytes.entry(Class::of(range)).or_default() += range.span.end - range.span.start;
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

/// Where the text of each range lies in lines of [`COLUMNS`]: the cells, the number of lines, and how many
/// characters have no room.
fn laid_out(item: Bytes<'_>, ranges: &[Range]) -> (Vec<Cell>, usize, usize) {
    let mut cells: Vec<Cell> = Vec::new();
    let (mut line, mut column, mut left) = (0, 0, 0);
    for range in ranges {
        let class = Class::of(range);
        let values = range.values.iter().map(ToString::to_string);
        let what = match &range.label {
            Some(label) => label.as_str().to_owned(),
            None => values.collect::<Vec<_>>().join(" "),
        };
        let what = format!("{}..{} {what}", range.span.start, range.span.end);
        let mut open = false;
        for character in item.shown(range.span).chars() {
            if line >= LINES {
                left += 1;
                continue;
            }
            if !open {
                cells.push(Cell {
                    line,
                    column,
                    class,
                    what: what.clone(),
                    text: String::new(),
                });
                open = true;
            }
            let ends = character == '\n';
            if !ends && let Some(cell) = cells.last_mut() {
                cell.text.push(character);
                column += 1;
            }
            if ends || column == COLUMNS {
                (line, column, open) = (line + 1, 0, false);
            }
        }
    }
    (cells, line + usize::from(column > 0), left)
}

/// One piece of text, stretched to its characters, whatever the font.
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
        xml(text)
    )
}

/// Text as XML shows it; what XML cannot hold, and what nobody sees, is a middle dot.
fn xml(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            shown if escape(shown.encode_utf8(&mut [0; 4])).chars().count() == 1 => out.push(shown),
            _ => out.push('·'),
        }
    }
    out
}
