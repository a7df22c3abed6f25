//! The report as workflow commands of GitHub Actions, which become annotations in a pull request, and as
//! the summary of a step.
//!
//! ```text
//! ::error file=records.jsonl,line=12,col=68,endColumn=80,title=time-calendar::`2022-02-30` names no …
//! ::notice title=dateline::1 error in 3 files, 20 records: 1 time-calendar
//! ```
//!
//! GitHub shows ten annotations of each level per step ([`EACH`]), so there are never more: the first of
//! each code, the most severe codes first, and as many others as there is room for. The first of each code
//! says how many more there are with that code, and the last line counts all.
//!
//! Values write `%`, CR and LF as `%25`, `%0D` and `%0A`; properties also write `:` and `,` as `%3A` and
//! `%2C`. All other characters that are invisible or could affect a terminal are escaped as in the other
//! formats.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::escape::{cut, escape};
use super::order::order;
use super::{Diagnostic, Report, Severity};

/// How many annotations of each level GitHub shows per step.
pub const EACH: usize = 10;

/// The most characters in a message.
const LONGEST: usize = 1_000;

/// Writes the annotations.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let counts: BTreeMap<&str, u64> = report.codes().collect();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for one in chosen(report) {
        let mut text = escape(&cut(&one.message, LONGEST)).into_owned();
        if let Some(hint) = &one.hint {
            text.push_str("\nhelp: ");
            text.push_str(&escape(&cut(hint, LONGEST)));
        }
        let name = one.code.name;
        let others = counts
            .get(name)
            .copied()
            .unwrap_or_default()
            .saturating_sub(1);
        if named.insert(name) && others > 0 {
            text.extend(["\n", &others.to_string(), " more of ", name]);
        }
        writeln!(
            out,
            "::{} {}title={}::{}",
            level(one.severity),
            place(one),
            property(name),
            value(&text)
        )?;
    }
    writeln!(out, "::notice title=dateline::{}", value(&report.summary()))
}

/// Writes the summary of the step in Markdown: all counts, by code.
///
/// # Errors
///
/// Those of `out`.
pub fn summary(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    writeln!(out, "## dateline check\n")?;
    writeln!(out, "{}\n", report.summary())?;
    if let Some(facets) = report.facets().sentence(report.records().article) {
        writeln!(out, "Facets: {facets}\n")?;
    }
    let tallies = report.tallies();
    if tallies.is_empty() {
        return Ok(());
    }
    writeln!(out, "| Severity | Code | Count | Records | Files | First |")?;
    writeln!(out, "|---|---|---:|---:|---:|---|")?;
    for tally in tallies {
        let place = super::full::position(&tally.first.place);
        writeln!(
            out,
            "| {} | `{}` | {} | {} | {} | {} {} |",
            tally.severity,
            tally.code,
            tally.count,
            tally.records,
            tally.files,
            code(&place),
            code(&escape(&cut(&tally.first.message, 200))),
        )?;
    }
    writeln!(out)
}

/// The diagnostics to show, in the order of reports.
fn chosen(report: &Report) -> Vec<&Diagnostic> {
    let mut chosen: Vec<&Diagnostic> = Vec::new();
    // The last notice is the summary.
    let mut room = [
        (Severity::Error, EACH),
        (Severity::Warning, EACH),
        (Severity::Note, EACH - 1),
    ];
    for one in report.gravest(usize::MAX) {
        if let Some((_, left)) = room
            .iter_mut()
            .find(|(severity, left)| *severity == one.severity && *left > 0)
        {
            *left -= 1;
            chosen.push(one);
        }
    }
    chosen.sort_unstable_by(|one, two| order(one, two));
    chosen
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// The properties with the place.
fn place(one: &Diagnostic) -> String {
    let place = &one.place;
    if place.file.starts_with('<') {
        // Not a file in the repository.
        return String::new();
    }
    let file = place.file.strip_prefix("./").unwrap_or(&place.file);
    let mut out = format!("file={},", property(file));
    let numbers = [
        ("line", place.line),
        ("col", place.column),
        // If nothing is marked, there is no end.
        (
            "endColumn",
            place.end_column.filter(|end| Some(*end) > place.column),
        ),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            out.extend([name, "=", &number.to_string(), ","]);
        }
    }
    out
}

/// Text with several lines as the value of a command.
fn value(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| escape(line).replace('%', "%25"))
        .collect();
    lines.join("%0A")
}

/// Text as a property of a command.
fn property(text: &str) -> String {
    escape(text)
        .replace('%', "%25")
        .replace(':', "%3A")
        .replace(',', "%2C")
}

/// Text as code in a table cell.
fn code(text: &str) -> String {
    let text = text.replace('`', "'").replace('|', "\\|");
    format!("`{text}`")
}
