//! The report as JUnit XML, the format of test reports that every CI shows.
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
//! The first suite is the check as a whole, with all counts. It is followed by a suite for each file with
//! findings, which has a test case for each code, as front ends show one failure per case. A case with
//! errors fails; one with only warnings and notes passes and lists them in `system-out`.
//!
//! [`escape`](mod@super::escape) also escapes the characters that XML 1.0 forbids.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::escape::{cut, escape, xml};
use super::{Diagnostic, Report, Severity, full};

/// The name of the report, and of the suite for the check as a whole.
const NAME: &str = "dateline check";

/// The most characters in a message.
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

/// Writes the suite for the check as a whole.
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

/// How many findings there are, and the message of the first.
fn message(case: &Case<'_>) -> String {
    let first = case.first().map(|one| one.message.as_str());
    format!(
        "{}: {}",
        case.len(),
        cut(first.unwrap_or_default(), LONGEST)
    )
}

/// A line for each finding, and one for its hint if that differs from the previous one.
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

/// Text with several lines, in an element.
fn xml_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(xml).collect();
    lines.join("\n")
}
