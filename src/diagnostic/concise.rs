//! The report with one line per diagnostic: `file:line:column: severity[code] message`.
//!
//! Parts of the place that are not known are left out. The last lines are the facets, if they were counted,
//! and the counts.

use std::io::{self, Write};

use super::styles::Element;
use super::{Diagnostic, Report, Styles, escape::escape, full};

/// Writes all diagnostics that a report keeps, and the counts.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report, styles: &Styles) -> io::Result<()> {
    for diagnostic in report.diagnostics() {
        write_one(out, diagnostic, styles)?;
    }
    full::write_counts(out, report)
}

/// Writes one diagnostic as one line.
///
/// # Errors
///
/// Those of `out`.
pub fn write_one(out: &mut dyn Write, diagnostic: &Diagnostic, styles: &Styles) -> io::Result<()> {
    let title = format!("{}[{}]", diagnostic.severity, diagnostic.code);
    writeln!(
        out,
        "{}: {} {}",
        full::position(&diagnostic.place),
        styles.paint(Element::Severity(diagnostic.severity), &title),
        escape(&diagnostic.message),
    )
}
