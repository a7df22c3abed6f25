//! Tables of cells with a separator between them.

mod rows;

use super::name::Name;
use super::{Head, Kind, Told, quoted};
use rows::Rows;

/// What may separate cells, the rarest in prose first.
const SEPARATORS: [u8; 4] = [b'\t', b',', b';', b'|'];

/// The kind of a table.
///
/// Prose has commas, too. A table has as many cells in each row, quotes that balance, no empty lines
/// between rows, and separators without a space behind them; or a first row with the names of columns.
pub(super) fn told(head: Head<'_>, name: &Name<'_>) -> Option<Told> {
    if let Some((separator, line)) = stated(head.bytes) {
        return Some((
            kind(separator),
            format!("begins with `{}`", quoted(line)).into(),
        ));
    }
    let named = name.ends(&["csv", "tsv", "tab", "psv"]);
    SEPARATORS.into_iter().find_map(|separator| {
        let read = |quotes| Rows::read(head, separator, quotes);
        let is_table = |rows: &Rows| rows.are_even() && (named || is_table(rows, separator));
        // Many files that are separated by tabs quote nothing.
        let rows = Some(read(true)).filter(is_table);
        let rows = rows.or_else(|| (separator == b'\t').then(|| read(false)).filter(is_table))?;
        Some((kind(separator), why(&rows, separator)))
    })
}

/// The separator that a first line `sep=;` states, as spreadsheets write it.
fn stated(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let rest = bytes.strip_prefix(b"sep=")?;
    match rest {
        [separator, b'\n' | b'\r', ..] if SEPARATORS.contains(separator) => {
            Some((*separator, bytes.get(..5)?))
        }
        _ => None,
    }
}

fn kind(separator: u8) -> Kind {
    if separator == b'\t' {
        Kind::Tsv
    } else {
        Kind::Csv
    }
}

fn why(rows: &Rows, separator: u8) -> super::Evidence {
    let separator = match separator {
        b'\t' => "tabs".to_owned(),
        other => format!("`{}`", char::from(other)),
    };
    let (even, cells) = rows.most();
    let first = if rows.cut { "the first " } else { "" };
    let header = if rows.has_header() {
        ", and the first row names columns"
    } else {
        ""
    };
    format!(
        "{even} of {first}{} rows have {cells} cells separated by {separator}{header}",
        rows.count
    )
    .into()
}

/// Whether rows of as many cells are a table, where the name of the file does not say so.
fn is_table(rows: &Rows, separator: u8) -> bool {
    let (_, cells) = rows.most();
    if rows.blank > 0 || rows.unclosed {
        return false;
    }
    if rows.has_header() {
        return rows.count >= 2
            && (separator == b'\t' || rows.is_tight() || (cells > 2 && rows.count > 2));
    }
    // Paragraphs are indented, verses end in a comma, items of lists begin with a number.
    let mostly = |found: usize| found * 10 >= rows.count * 8;
    if mostly(rows.first_empty) || mostly(rows.last_empty) || mostly(rows.listed) {
        return false;
    }
    match separator {
        b'\t' => rows.count >= if cells > 2 { 2 } else { 3 },
        b'|' => cells > 2 && rows.count > 2,
        _ if rows.is_tight() => rows.count >= if cells > 2 { 2 } else { 4 },
        // In Chinese no space follows a comma.
        _ => rows.loose == 0 && rows.between_wide > 0 && cells > 2 && rows.count > 4,
    }
}
