//! The report as SARIF 2.1.0 (OASIS), limited to what GitHub code scanning accepts.
//!
//! ```text
//! {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
//!  "runs": [{"tool": {"driver": {"name": "dateline", "rules": [{"id": "time-calendar", …}]}},
//!            "columnKind": "unicodeCodePoints",
//!            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": […]}],
//!            "results": [{"ruleId": "time-calendar", "ruleIndex": 0, "level": "error",
//!                         "message": {"text": …}, "locations": [{…}],
//!                         "partialFingerprints": {"primaryLocationLineHash": …}}],
//!            "properties": {"counts": {…}, "codes": {…}, …}}]}
//! ```
//!
//! There is one run. Its rules are the codes that occur, each with its page as help. It has at most [`MOST`]
//! results: the most severe, and the first of each code. The others are counted in a notification, in
//! `properties`, and in the first result of each code.
//!
//! A fingerprint is a digest of what a diagnostic is about ([`identity`](super::identity)) and of how many
//! equal ones came before it, so it does not change when lines move. It is under the key that code scanning
//! reads, and under a key of our own.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::escape::{cut, escape};
use super::escaping::{self, Layout};
use super::identity::Identity;
use super::{Code, Diagnostic, GROUPS, Place, Report, Severity, explain};

/// The most results: as many as GitHub shows per run. GitHub rejects files with more than 25,000 results or
/// more than 10 MB when compressed.
pub const MOST: usize = 5_000;

/// The most characters in a text: GitHub cuts longer descriptions, and with longer results the file would
/// exceed its size limit.
const LONGEST: usize = 1_000;

/// The URL of the pages about codes.
const PAGES: &str = concat!(
    env!("CARGO_PKG_REPOSITORY"),
    "/blob/main/spec/diagnostics.md"
);

/// Writes a report as one document, indented, with a line end.
///
/// # Errors
///
/// Those of `out`.
pub fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut shown = report.gravest(MOST);
    let listed = u64::try_from(shown.len()).unwrap_or(u64::MAX);
    let omitted = report.counts().total().saturating_sub(listed);
    // The order of the report, not of severity.
    let order = report.diagnostics();
    if shown.len() == order.len() {
        shown = order;
    } else {
        shown.sort_unstable_by(|one, two| super::order::order(one, two));
    }
    let run = json!({
        "tool": {"driver": {
            "name": "dateline",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "rules": rules(report),
        }},
        "columnKind": "unicodeCodePoints",
        "invocations": [{
            "executionSuccessful": true,
            "toolExecutionNotifications": notifications(report, omitted),
        }],
        "results": results(report, &shown),
        "properties": properties(report, omitted),
    });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    escaping::write(out, &document, Layout::Indented)
}

/// The counts: the members of the JSON report except its list.
fn properties(report: &Report, omitted: u64) -> Value {
    let codes: BTreeMap<&str, u64> = report.codes().collect();
    let mut properties = json!({
        "files": report.files(),
        "records": report.records(),
        "counts": report.counts(),
        "codes": codes,
        "facets": report.facets(),
        "omitted": omitted,
    });
    let there = [
        report
            .compared()
            .map(|compared| ("compared", json!(compared))),
        report
            .baseline()
            .map(|baseline| ("baseline", json!(baseline))),
        Some(report.ignored())
            .filter(|&ignored| ignored > 0)
            .map(|ignored| ("ignored", json!(ignored))),
    ];
    if let Some(properties) = properties.as_object_mut() {
        let there = there.into_iter().flatten();
        properties.extend(there.map(|(name, value)| (name.to_owned(), value)));
    }
    properties
}

/// The codes that occur, in the order of their names.
fn rules(report: &Report) -> Vec<Value> {
    report
        .codes()
        .filter_map(|(name, _)| Code::named(name))
        .map(rule)
        .collect()
}

fn rule(code: &Code) -> Value {
    let page = explain(code.name).unwrap_or_default();
    let group = GROUPS.iter().find(|group| group.codes.contains(&code));
    let severity = match code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    };
    json!({
        "id": code.name,
        "name": code.name,
        "shortDescription": {"text": code.summary},
        "fullDescription": {"text": cut(code.what, LONGEST)},
        "helpUri": format!("{PAGES}#{}", code.name),
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": code.severity.name()},
        "properties": {
            "tags": group.map(|group| group.title).into_iter().collect::<Vec<_>>(),
            "requirement": code.requirement,
            "problem.severity": severity,
        },
    })
}

/// Notifications about the run as a whole.
fn notifications(report: &Report, omitted: u64) -> Vec<Value> {
    let mut said = vec![("note", report.summary())];
    if omitted > 0 {
        said.push((
            "warning",
            format!(
                "{omitted} of {} findings are counted but not listed",
                report.counts().total()
            ),
        ));
    }
    said.into_iter()
        .map(|(level, text)| json!({"level": level, "message": {"text": text}}))
        .collect()
}

fn results(report: &Report, shown: &[&Diagnostic]) -> Vec<Value> {
    let index: BTreeMap<&str, usize> = report
        .codes()
        .enumerate()
        .map(|(index, (code, _))| (code, index))
        .collect();
    let mut unlisted: BTreeMap<&str, u64> = report.codes().collect();
    for one in shown {
        if let Some(count) = unlisted.get_mut(one.code.name) {
            *count -= 1;
        }
    }
    let mut met: BTreeMap<Identity, u64> = BTreeMap::new();
    let mut results = Vec::with_capacity(shown.len());
    for one in shown {
        let identity = Identity::of(one);
        let before = met.entry(identity.clone()).or_default();
        let fingerprint = identity.fingerprint(*before).hex();
        *before += 1;
        let mut text = escape(&cut(&one.message, LONGEST)).into_owned();
        if let Some(hint) = &one.hint {
            text.push_str("\nhelp: ");
            text.push_str(&escape(&cut(hint, LONGEST)));
        }
        if let Some(more) = unlisted.remove(one.code.name).filter(|more| *more > 0) {
            text.extend(["\n", &more.to_string(), " more with this code not listed"]);
        }
        results.push(json!({
            "ruleId": one.code.name,
            "ruleIndex": index.get(one.code.name),
            "level": one.severity.name(),
            "message": {"text": text},
            "locations": [location(&one.place)],
            "partialFingerprints": {
                // The same form as GitHub's own fingerprints: a hash and a count.
                "primaryLocationLineHash": format!("{}:1", fingerprint.get(..16).unwrap_or_default()),
                "datelineIdentity/v1": fingerprint,
            },
        }));
    }
    results
}

fn location(place: &Place) -> Value {
    // GitHub needs all four to place a result.
    let line = place.line.unwrap_or(1);
    let column = place.column.unwrap_or(1);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&place.file)},
            "region": {
                "startLine": line,
                "startColumn": column,
                "endLine": line,
                "endColumn": place.end_column.unwrap_or(column).max(column),
            },
        },
    });
    let pointer = place.pointer.as_ref().map(crate::json::Pointer::as_str);
    let name = [place.record.as_deref(), pointer].map(Option::unwrap_or_default);
    let name = name.concat();
    if !name.is_empty()
        && let Some(members) = location.as_object_mut()
    {
        let name = escape(&cut(&name, LONGEST)).into_owned();
        members.insert(
            "logicalLocations".to_owned(),
            json!([{"fullyQualifiedName": name}]),
        );
    }
    location
}

/// A path as a URI reference (RFC 3986); an absolute path gets the scheme `file`.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut out = String::with_capacity(path.len());
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing to a `String` does not fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
