//! The report as JSON Lines: one diagnostic per line, then a line with counts
//! (`schemas/v1/report.schema.json`).
//!
//! ```text
//! {"format":"dateline-diagnostic/1","code":"record-id-duplicate","severity":"error","requirement":…}
//! {"format":"dateline-diagnostic/1","code":"time-calendar","severity":"error","requirement":…}
//! {"format":"dateline-report/1","files":1,"records":{…},"counts":{…},"codes":{…},"facets":{…},"omitted":0}
//! ```
//!
//! Every line begins with its format, so that reports can be concatenated and lines picked out. The line of
//! a diagnostic has the same members as in the JSON report ([`json`]); the last line has those of the report
//! itself, except `diagnostics`. A report without its last line was cut off.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::escaping::{self, Layout};
use super::json::{self, Entry};

/// The first value in the line of a diagnostic: its format and version.
pub const FORMAT: &str = "dateline-diagnostic/1";

#[derive(Serialize)]
struct Line<'r> {
    format: &'static str,
    #[serde(flatten)]
    entry: Entry<'r>,
}

/// Writes all diagnostics that a report keeps, and the counts.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for diagnostic in report.diagnostics() {
        let line = Line {
            format: FORMAT,
            entry: Entry::from(diagnostic),
        };
        escaping::write(out, &line, Layout::Line)?;
    }
    escaping::write(out, &json::Document::new(report, None), Layout::Line)
}
