//! The report for people: each message with its line of the file, marked.
//!
//! ```text
//! error[record-id-duplicate]: id `art-1` occurs a second time
//!  --> records.jsonl:2:46 (/id)
//!   |
//! 2 | {"format":"dateline/1","type":"article","id":"art-1"}
//!   |                                              ^^^^^^^
//!   = help: the first is in line 1
//!
//! 1 error
//! ```

use std::io::{self, Write};

use super::excerpt::columns;
use super::styles::Element;
use super::{Diagnostic, Excerpt, Place, Report, Styles, escape::escape};

/// Writes all diagnostics that a report keeps, each followed by an empty line, and then the counts.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report, styles: &Styles) -> io::Result<()> {
    for diagnostic in report.diagnostics() {
        write_one(out, diagnostic, styles)?;
        writeln!(out)?;
    }
    write_counts(out, report)
}

/// Writes one diagnostic.
///
/// # Errors
///
/// Those of `out`.
pub fn write_one(out: &mut dyn Write, diagnostic: &Diagnostic, styles: &Styles) -> io::Result<()> {
    let severity = Element::Severity(diagnostic.severity);
    let title = format!("{}[{}]", diagnostic.severity, diagnostic.code);
    let title = styles.paint(severity, &title);
    let message = styles.paint(
        Element::Message,
        &format!(": {}", escape(&diagnostic.message)),
    );
    writeln!(out, "{title}{message}")?;

    let place = &diagnostic.place;
    let number = match (place.line, &place.excerpt) {
        (Some(line), Some(_)) => line.to_string(),
        _ => String::new(),
    };
    let gutter = " ".repeat(number.len().max(1));
    let frame = |text: &str| styles.paint(Element::Frame, text);
    writeln!(out, "{gutter}{} {}", frame("-->"), origin(place))?;
    if let Some(excerpt) = &place.excerpt {
        let bar = frame("|");
        writeln!(out, "{gutter} {bar}")?;
        writeln!(
            out,
            "{} {bar} {}",
            frame(&number),
            excerpt.text().trim_end()
        )?;
        let marks = styles.paint(severity, &marks(excerpt));
        let blank = " ".repeat(columns(&excerpt.before));
        writeln!(out, "{gutter} {bar} {blank}{marks}")?;
    }
    if let Some(hint) = &diagnostic.hint {
        let help = styles.paint(Element::Help, "help");
        writeln!(out, "{gutter} {} {help}: {}", frame("="), escape(hint))?;
    }
    Ok(())
}

/// Writes the last lines of a report: a line for each code if some diagnostics are not shown, then facets and
/// counts.
pub(super) fn write_counts(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    if report.omitted() > 0 {
        write_codes(out, report)?;
    }
    write_summary_lines(out, report)
}

/// Writes a line for each code, then facets and counts.
pub(super) fn write_summary(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    write_codes(out, report)?;
    write_summary_lines(out, report)
}

/// Writes a line for each code: how many, and where the first is.
fn write_codes(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for tally in report.tallies() {
        let first = position(&tally.first.place);
        writeln!(
            out,
            "{:>8} {}[{}] {} {first}",
            tally.count,
            tally.severity,
            tally.code,
            if tally.count == 1 { "at" } else { "first at" },
        )?;
    }
    Ok(())
}

/// Writes facets and counts.
pub(super) fn write_summary_lines(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    if let Some(facets) = report.facets().sentence(report.records().article) {
        writeln!(out, "facets: {facets}")?;
    }
    if let Some(compared) = report.compared() {
        writeln!(out, "against {compared}")?;
    }
    if report.ignored() > 0 {
        writeln!(out, "ignored files: {}", report.ignored())?;
    }
    let mut beside = Vec::new();
    if report.omitted() > 0 {
        beside.push(format!("{} of them not shown", report.omitted()));
    }
    if let Some(baseline) = report.baseline() {
        if baseline.known > 0 || baseline.gone == 0 {
            beside.push(format!("{} more known from the baseline", baseline.known));
        }
        if baseline.gone > 0 {
            beside.push(format!("{} in the baseline no longer found", baseline.gone));
        }
    }
    let counts = format!("{}{}", report.counts(), report.extent());
    if beside.is_empty() {
        writeln!(out, "{counts}")
    } else {
        writeln!(out, "{counts} ({})", beside.join("; "))
    }
}

/// `file:line:column (pointer of record)`, without the parts that are not known.
pub(super) fn origin(place: &Place) -> String {
    let bytes = match (&place.line, &place.span) {
        (None, Some(span)) => format!(" bytes {}..{}", span.start, span.end),
        _ => String::new(),
    };
    let pointer = place
        .pointer
        .as_ref()
        .map(|pointer| escape(pointer.as_str()))
        .filter(|pointer| !pointer.is_empty());
    let record = place.record.as_deref().map(escape);
    let named = match (pointer, record) {
        (Some(pointer), Some(record)) => format!(" ({pointer} of {record})"),
        (Some(one), None) | (None, Some(one)) => format!(" ({one})"),
        (None, None) => String::new(),
    };
    [position(place), bytes, named].concat()
}

/// `file:line:column`, without the parts that are not known.
pub(super) fn position(place: &Place) -> String {
    let file = escape(&place.file);
    match (place.line, place.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        (None, _) => file.into_owned(),
    }
}

/// The carets under the marked part; one if it is empty.
fn marks(excerpt: &Excerpt) -> String {
    "^".repeat(columns(&excerpt.marked).max(1))
}
