//! The counts of a report as a table: a line for each code, the most severe first.
//!
//! ```text
//!    count  records    files  finding                   first
//!     4321     4000       12  error[facet-missing]      corpus/records/part-00000.jsonl:1:46
//! ```

use std::io::{self, Write};

use super::styles::Element;
use super::{Report, Styles, full};

/// Writes the table and the last lines of a report. More than ten thousand records or files are shown as
/// `>10000`.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report, styles: &Styles) -> io::Result<()> {
    let tallies = report.tallies();
    let title = |severity: &str, code: &str| format!("{severity}[{code}]");
    let width = tallies
        .iter()
        .map(|tally| title(tally.severity.name(), tally.code.name).len());
    let width = width.max().unwrap_or_default();
    if !tallies.is_empty() {
        writeln!(
            out,
            "{:>8} {:>8} {:>8}  {:width$}  first",
            "count", "records", "files", "finding"
        )?;
    }
    for tally in tallies {
        let title = title(tally.severity.name(), tally.code.name);
        let space = " ".repeat(width.saturating_sub(title.len()));
        writeln!(
            out,
            "{:>8} {:>8} {:>8}  {}{space}  {}",
            tally.count,
            tally.records,
            tally.files,
            styles.paint(Element::Severity(tally.severity), &title),
            full::position(&tally.first.place),
        )?;
    }
    full::write_summary_lines(out, report)
}
