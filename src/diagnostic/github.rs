//! The report as workflow commands of GitHub Actions, which become annotations on the lines of a pull
//! request, and as the summary of a step.
//!
//! ```text
//! ::error file=records.jsonl,line=12,col=68,endColumn=80,title=time-calendar::`2022-02-30` names no …
//! ::notice title=dateline::1 error in 3 files, 20 records: 1 time-calendar
//! ```
//!
//! GitHub shows ten annotations of each level that a step writes ([`EACH`]). So there are never more:
//! the first of each code, the gravest codes first, and as many others as there is room for. Each that
//! is the first of its code says how many more of that code there are, and the last line counts all.
//!
//! In a value `%`, CR and LF are written as `%25`, `%0D` and `%0A`, in a property `:` and `,` as `%3A`
//! and `%2C`, too. All other characters that could hide or act on a terminal are escaped as in the
//! other formats.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::escape::{cut, escape};
use super::order::order;
use super::{Diagnostic, Report, Severity};

/// How many annotations of a level GitHub shows of one step.
pub const EACH: usize = 10;

/// How many characters of a message there are at most.
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

/// As many as are shown, in the order of reports.
fn chosen(report: &Report) -> Vec<&Diagnostic> {
    let mut chosen: Vec<&Diagnostic> = Vec::new();
    // The last notice is the summary's.
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

/// The properties that say where it is.
fn place(one: &Diagnostic) -> String {
    let place = &one.place;
    if place.file.starts_with('<') {
        // No file of the repository.
        return String::new();
    }
    let file = place.file.strip_prefix("./").unwrap_or(&place.file);
    let mut out = format!("file={},", property(file));
    let numbers = [
        ("line", place.line),
        ("col", place.column),
        // Where nothing is marked, there is no end.
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

/// Text of several lines as the value of a command.
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

/// Text as code in a cell of a table.
fn code(text: &str) -> String {
    let text = text.replace('`', "'").replace('|', "\\|");
    format!("`{text}`")
}
