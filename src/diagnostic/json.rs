//! The report as one JSON document (`schemas/v1/report.schema.json`).
//!
//! ```text
//! {"format": "dateline-report/1",
//!  "files": 1,
//!  "records": {"article": 5, "relation": 1, "withdrawal": 0},
//!  "counts": {"errors": 1, "warnings": 0, "notes": 0},
//!  "codes": {"record-id-duplicate": 1},
//!  "facets": {"source": 2, "fetch": 0, "named": 5, "licensed": 0},
//!  "omitted": 0,
//!  "diagnostics": [
//!    {"code": "record-id-duplicate", "severity": "error", "requirement": "record-id-unique",
//!     "file": "records.jsonl", "line": 2, "column": 46, "end_column": 53,
//!     "span": {"start": 99, "end": 106},
//!     "pointer": "/id", "record": "art-1",
//!     "message": "id `art-1` occurs a second time", "hint": "the first is in line 1"}]}
//! ```
//!
//! `counts` and `codes` count every diagnostic, and `omitted` those that a limit left out of `diagnostics`.
//! `facets` holds the facets that were counted; `compared`, what changed since a release, if the records were
//! compared with one; `baseline`, how many findings are known, and how many known ones no longer occur;
//! `ignored`, how many files were ignored. A diagnostic has `line`, `column`, `end_column`, `span`, `pointer`,
//! `record` and `hint` only if they are known. Strings from files are neither cut nor escaped twice; characters
//! that could affect a terminal are JSON escapes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::escaping::{self, Layout};
use super::{Compared, Counts, Diagnostic, Facets, FromBaseline, Records, Report, Severity};
use crate::json::Pointer;

/// The first value of every report: its format and version.
pub const FORMAT: &str = "dateline-report/1";

/// Writes a report as one document, indented, with a line end.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let diagnostics = report.diagnostics().into_iter().map(Entry::from).collect();
    let document = Document::new(report, Some(diagnostics));
    escaping::write(out, &document, Layout::Indented)
}

/// The document; without the list in formats that write it separately.
#[derive(Serialize)]
pub(super) struct Document<'r> {
    format: &'static str,
    files: u64,
    records: Records,
    counts: Counts,
    codes: BTreeMap<&'static str, u64>,
    facets: Facets,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<Compared>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<FromBaseline>,
    #[serde(skip_serializing_if = "is_zero")]
    ignored: u64,
    omitted: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnostics: Option<Vec<Entry<'r>>>,
}

impl<'r> Document<'r> {
    pub(super) fn new(report: &Report, diagnostics: Option<Vec<Entry<'r>>>) -> Self {
        Self {
            format: FORMAT,
            files: report.files(),
            records: report.records(),
            counts: report.counts(),
            codes: report.codes().collect(),
            facets: report.facets(),
            compared: report.compared(),
            baseline: report.baseline(),
            ignored: report.ignored(),
            omitted: report.omitted(),
            diagnostics,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// One diagnostic in the document.
#[derive(Serialize)]
pub(super) struct Entry<'r> {
    code: &'static str,
    severity: Severity,
    requirement: &'static str,
    file: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'r Pointer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'r str>,
    message: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'r str>,
}

#[derive(Serialize)]
struct Span {
    start: u64,
    end: u64,
}

impl<'r> From<&'r Diagnostic> for Entry<'r> {
    fn from(diagnostic: &'r Diagnostic) -> Self {
        let place = &diagnostic.place;
        Self {
            code: diagnostic.code.name,
            severity: diagnostic.severity,
            requirement: diagnostic.code.requirement,
            file: &place.file,
            line: place.line,
            column: place.column,
            end_column: place.end_column,
            span: place.span.as_ref().map(|span| Span {
                start: span.start,
                end: span.end,
            }),
            pointer: place.pointer.as_ref(),
            record: place.record.as_deref(),
            message: &diagnostic.message,
            hint: diagnostic.hint.as_deref(),
        }
    }
}
