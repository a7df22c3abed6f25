//! The report as GitLab's Code Quality, a list of issues.
//!
//! ```text
//! [{"description": "`2022-02-30` names no day or time of the calendar",
//!   "check_name": "time-calendar",
//!   "fingerprint": "ae0f…64 hexadecimal digits…",
//!   "severity": "critical",
//!   "location": {"path": "records.jsonl", "lines": {"begin": 12}}}]
//! ```
//!
//! An error is `critical`, a warning `minor`, a note `info`. The fingerprint is the same as in the SARIF
//! report: it does not change when lines move. GitLab expects paths relative to the repository; call
//! [`Report::rename_files`] before writing. If a limit left findings out, a last issue counts them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::escape::{cut, escape};
use super::escaping::{self, Layout};
use super::identity::Identity;
use super::{Diagnostic, Report, Severity};

/// The most characters in a description.
const LONGEST: usize = 1_000;

#[derive(Serialize)]
struct Issue<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'r>,
}

#[derive(Serialize)]
struct Location<'r> {
    path: &'r str,
    lines: Begin,
}

#[derive(Serialize)]
struct Begin {
    begin: u64,
}

/// Writes a report as one document, indented, with a line end.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let shown = report.diagnostics();
    let mut met: BTreeMap<Identity, u64> = BTreeMap::new();
    let mut issues: Vec<Issue<'_>> = Vec::with_capacity(shown.len());
    for one in &shown {
        let identity = Identity::of(one);
        let before = met.entry(identity.clone()).or_default();
        let fingerprint = identity.fingerprint(*before).hex();
        *before += 1;
        issues.push(issue(one, fingerprint));
    }
    if let Some(first) = shown.first().filter(|_| report.omitted() > 0) {
        let mut last = issue(first, Identity::of(first).fingerprint(u64::MAX).hex());
        last.description = format!(
            "{} more findings are counted but not listed: {}",
            report.omitted(),
            report.summary()
        );
        last.check_name = "dateline-report-cut";
        last.severity = "info";
        issues.push(last);
    }
    escaping::write(out, &issues, Layout::Indented)
}

fn issue(one: &Diagnostic, fingerprint: String) -> Issue<'_> {
    let mut description = escape(&cut(&one.message, LONGEST)).into_owned();
    if let Some(hint) = &one.hint {
        description.push_str("; help: ");
        description.push_str(&escape(&cut(hint, LONGEST)));
    }
    let file = one.place.file.as_str();
    Issue {
        description,
        check_name: one.code.name,
        fingerprint,
        severity: match one.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location {
            path: file.strip_prefix("./").unwrap_or(file),
            lines: Begin {
                begin: one.place.line.unwrap_or(1),
            },
        },
    }
}
