//! The report as one JSON document (`schemas/v1/report.schema.json`).
//!
//! ```text
//! {"format": "dateline-report/1",
//!  "files": 1,
//!  "records": {"article": 5, "relation": 1, "withdrawal": 0},
//!  "counts": {"errors": 1, "warnings": 0, "notes": 0},
//!  "codes": {"record-id-duplicate": 1},
//!  "facets": {"source": 2, "fetch": 0, "traced": 5, "licensed": 0},
//!  "omitted": 0,
//!  "diagnostics": [
//!    {"code": "record-id-duplicate", "severity": "error", "requirement": "record-id-unique",
//!     "file": "records.jsonl", "line": 2, "column": 46, "span": {"start": 99, "end": 106},
//!     "pointer": "/id", "record": "art-1",
//!     "message": "id `art-1` occurs a second time", "hint": "the first is in line 1"}]}
//! ```
//!
//! `counts` and `codes` count every diagnostic, `omitted` those that a limit left out of
//! `diagnostics`. `facets` holds those that were counted, `compared` what became of records since a
//! release, where they were compared with one; of a diagnostic `line`, `column`, `span`,
//! `pointer`, `record` and `hint` are there where they are known. Texts are those of the file, not
//! cut and not escaped twice; every character that could act on a terminal is written as an escape
//! of JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::escape::is_escaped;
use super::{Compared, Counts, Diagnostic, Facets, Records, Report, Severity};
use crate::json::Pointer;

/// The first value of every report: its format and version.
pub const FORMAT: &str = "dateline-report/1";

/// Writes a report as one document, indented, with a line end.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let document = Document {
        format: FORMAT,
        files: report.files(),
        records: report.records(),
        counts: report.counts(),
        codes: report.codes().collect(),
        facets: report.facets(),
        compared: report.compared(),
        omitted: report.omitted(),
        diagnostics: report.diagnostics().into_iter().map(Entry::from).collect(),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Escaping::default());
    document
        .serialize(&mut serializer)
        .map_err(io::Error::from)?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'r> {
    format: &'static str,
    files: u64,
    records: Records,
    counts: Counts,
    codes: BTreeMap<&'static str, u64>,
    facets: Facets,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<Compared>,
    omitted: u64,
    diagnostics: Vec<Entry<'r>>,
}

/// One diagnostic as the document holds it.
#[derive(Serialize)]
struct Entry<'r> {
    code: &'static str,
    severity: Severity,
    requirement: &'static str,
    file: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
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

/// Indents, and writes as JSON's escapes what [`is_escaped`] names.
#[derive(Default)]
struct Escaping(PrettyFormatter<'static>);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, hazard)) = rest.char_indices().find(|(_, next)| is_escaped(*next)) {
            let (plain, tail) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            for unit in hazard.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = tail.get(hazard.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}
