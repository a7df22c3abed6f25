//! The report as JUnit's XML, the form of test reports that every CI shows.
//!
//! ```text
//! <testsuites name="dateline check" tests="2" failures="2" errors="0">
//!   <testsuite name="dateline check" tests="1" failures="1" errors="0">
//!     <testcase classname="dateline check" name="all findings">
//!       <failure type="error" message="1 error in 3 files, 20 records: 1 time-calendar">…a line a code…</failure>
//!   …
//!   <testsuite name="records.jsonl" tests="1" failures="1" errors="0">
//!     <testcase classname="records.jsonl" name="time-calendar" file="records.jsonl">
//!       <failure type="error" message="1: `2022-02-30` names no day…">…a line a finding…</failure>
//! ```
//!
//! The first suite is the check as a whole, with all counts. Behind it is a suite for each file with
//! findings, and in it a test case for each code, as front ends show one failure a case. Errors are
//! failures; what are only warnings and notes passes, and stands in `system-out`.
//!
//! Characters that XML 1.0 forbids are among those that [`escape`](mod@super::escape) writes as text.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::escape::{cut, escape, xml};
use super::{Diagnostic, Report, Severity, full};

/// The name of the report and of the suite that is the check as a whole.
const NAME: &str = "dateline check";

/// How many characters of a message there are at most.
const LONGEST: usize = 1_000;

/// The findings of one code in one file.
type Case<'r> = Vec<&'r Diagnostic>;

/// Writes a report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut suites: BTreeMap<&str, BTreeMap<&str, Case<'_>>> = BTreeMap::new();
    for one in report.diagnostics() {
        let suite = suites.entry(one.place.file.as_str()).or_default();
        suite.entry(one.code.name).or_default().push(one);
    }
    let failed =
        |cases: &BTreeMap<&str, Case<'_>>| cases.values().filter(|case| fails(case)).count();
    let tests: usize = suites.values().map(BTreeMap::len).sum();
    let failures: usize = suites.values().map(failed).sum();
    let whole = usize::from(report.has_errors());

    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let totals = counts(tests + 1, failures + whole);
    writeln!(out, r#"<testsuites name="{NAME}"{totals}>"#)?;
    write_whole(out, report)?;
    for (file, cases) in &suites {
        let name = xml(file);
        let counts = counts(cases.len(), failed(cases));
        writeln!(out, r#"  <testsuite name="{name}"{counts}>"#)?;
        for (code, case) in cases {
            writeln!(
                out,
                r#"    <testcase classname="{name}" name="{code}" file="{name}">"#
            )?;
            write_outcome(out, fails(case), &message(case), &lines(case))?;
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// Writes the suite that is the check as a whole.
fn write_whole(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let failed = report.has_errors();
    let counts = counts(1, usize::from(failed));
    writeln!(out, r#"  <testsuite name="{NAME}"{counts}>"#)?;
    writeln!(
        out,
        r#"    <testcase classname="{NAME}" name="all findings">"#
    )?;
    let mut body = Vec::new();
    full::write_summary(&mut body, report)?;
    let body = String::from_utf8_lossy(&body);
    write_outcome(out, failed, &report.summary(), &body)?;
    writeln!(out, "    </testcase>")?;
    writeln!(out, "  </testsuite>")
}

fn write_outcome(out: &mut dyn Write, failed: bool, message: &str, body: &str) -> io::Result<()> {
    let (message, body) = (xml(message), xml_lines(body.trim_end()));
    if failed {
        writeln!(
            out,
            r#"      <failure type="error" message="{message}">{body}</failure>"#
        )
    } else {
        writeln!(out, "      <system-out>{body}</system-out>")
    }
}

fn counts(tests: usize, failures: usize) -> String {
    format!(r#" tests="{tests}" failures="{failures}" errors="0""#)
}

fn fails(case: &Case<'_>) -> bool {
    case.iter().any(|one| one.severity == Severity::Error)
}

/// How many there are, and the first of them.
fn message(case: &Case<'_>) -> String {
    let first = case.first().map(|one| one.message.as_str());
    format!(
        "{}: {}",
        case.len(),
        cut(first.unwrap_or_default(), LONGEST)
    )
}

/// A line for each finding, and one for its hint where that is another than the one before.
fn lines(case: &Case<'_>) -> String {
    let mut out = String::new();
    let mut hint = None;
    for one in case {
        let message = escape(&cut(&one.message, LONGEST)).into_owned();
        let origin = full::origin(&one.place);
        let place = cut(&origin, LONGEST);
        out.extend([&place, ": ", one.severity.name(), " ", &message, "\n"]);
        if one.hint.is_some() && one.hint != hint {
            hint.clone_from(&one.hint);
            let text = one.hint.as_deref().unwrap_or_default();
            out.extend(["  help: ", &escape(&cut(text, LONGEST)), "\n"]);
        }
    }
    out
}

/// Text of several lines, in an element.
fn xml_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(xml).collect();
    lines.join("\n")
}
