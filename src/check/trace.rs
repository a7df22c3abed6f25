//! What a trace must be beyond its schema, by itself.

use std::collections::HashSet;

use super::field;
use super::findings::Findings;
use super::value::{at, is_encoding, pointer, shown};
use crate::diagnostic::codes;
use crate::json::{Node, Pointer};
use crate::trace::{self, CoverageDefect, Field, Span, Trace, TraceLine, Transform};

/// The ids of general converters begin so.
const GENERAL: &str = "general-";

/// Checks one line of traces by itself; gives the trace where the line is one.
///
/// How long the raw item is stands in the record; here it is what the first location says.
pub(super) fn check(root: Node<'_>, findings: &mut Findings<'_>) -> Option<Trace> {
    field::check("trace", root, findings);
    transforms(root, findings);
    let whole = root.get("trace")?;
    let trace = match serde_json::from_value::<TraceLine>(root.to_value()) {
        Ok(line) => line.trace,
        Err(error) => {
            // Mostly it was said why, and where.
            if findings.found.is_empty() {
                let message = format!("this is no trace: {error}");
                findings.on(codes::FIELD_VALUE, whole, pointer("/trace"), message);
            }
            return None;
        }
    };
    profile(whole, &trace, findings);
    locations(root, &trace, findings);
    pointers(root, &trace, findings);
    bytes(root, &trace, findings);
    Some(trace)
}

/// The transforms are such as can run.
fn transforms(root: Node<'_>, findings: &mut Findings<'_>) {
    let fields = at(root, &["trace", "fields"]).into_iter();
    for (index, field) in fields.flat_map(|fields| fields.items().enumerate()) {
        let via = field.get("via").into_iter();
        for (step, value) in via.flat_map(|via| via.items().enumerate()) {
            let Some(text) = value.as_str().filter(|_| !findings.is_flagged(value)) else {
                continue;
            };
            let message = match text.parse::<Transform>() {
                Err(error) => error.to_string(),
                Ok(Transform::Decode(_)) if step > 0 => {
                    format!("`{}` is not the first transform", shown(value))
                }
                Ok(Transform::Decode(label)) if !is_encoding(&label) => {
                    format!(
                        "`{}` names no encoding of the Encoding Standard",
                        shown(value)
                    )
                }
                Ok(_) => continue,
            };
            let place = pointer("/trace/fields").index(index).key("via").index(step);
            findings.on(codes::FIELD_VALUE, value, place, message);
        }
    }
}

/// A profile is named with its digest; a general converter has none.
fn profile(whole: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let Some(value) = whole.get("profile") else {
        return;
    };
    let general = trace.profile.id.starts_with(GENERAL);
    if general != trace.profile.digest.is_none() {
        let (code, message) = if general {
            (codes::FIELD_UNKNOWN, "a general converter has no digest")
        } else {
            (
                codes::FIELD_MISSING,
                "the profile is named without its digest",
            )
        };
        findings.on(code, value, pointer("/trace/profile"), message);
    }
}

/// Locations are in order, each once.
fn locations(root: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    for (index, pair) in trace.locations.windows(2).enumerate() {
        if let [one, two] = pair
            && (&two.path, two.offset) <= (&one.path, one.offset)
        {
            let place = pointer("/trace/locations").index(index + 1);
            let value = root.at(&place).unwrap_or(root);
            let message = "locations are in order of path and offset, each once; this one is not";
            findings.on(codes::FIELD_VALUE, value, place, message);
        }
    }
}

/// No two fields have one pointer, and none that of a judgement.
fn pointers(root: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let mut seen = HashSet::new();
    for (index, node, field) in field_nodes(root, trace) {
        let message = if is_judged(&field.pointer) {
            format!(
                "{} is a judgement, which comes from no bytes",
                field.pointer
            )
        } else if seen.insert(&field.pointer) {
            continue;
        } else {
            format!("a second field for {}", field.pointer)
        };
        let value = node.get("pointer").unwrap_or(node);
        let place = pointer("/trace/fields").index(index).key("pointer");
        findings.on(codes::TRACE_FIELD_DANGLING, value, place, message);
    }
}

/// The node of each field of a trace, with the field.
pub(super) fn field_nodes<'t>(
    line: Node<'t>,
    trace: &'t Trace,
) -> impl Iterator<Item = (usize, Node<'t>, &'t Field)> {
    let list = at(line, &["trace", "fields"]);
    let nodes = list.into_iter().flat_map(|list| list.items());
    nodes
        .zip(&trace.fields)
        .enumerate()
        .map(|(index, (node, field))| (index, node, field))
}

/// Whether the value is a judgement, which comes from no bytes of its own: the relation of a link,
/// the role of an author, the kind of an embed.
pub(super) fn is_judged(pointer: &Pointer) -> bool {
    let tokens: Vec<_> = pointer.tokens().collect();
    let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    matches!(
        tokens.as_slice(),
        ["links", _, "relation"]
            | ["article", "authors", _, "role"]
            | ["content", "embeds", _, "kind"]
    )
}

/// Every byte is in a field or in one tile.
fn bytes(line: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let Some(length) = trace.locations.first().map(|location| location.length) else {
        return;
    };
    let defects = trace::coverage(length, trace);
    // A span that lies outside leaves a gap inside: it is the span that is wrong.
    let outside = defects
        .iter()
        .any(|defect| matches!(defect, CoverageDefect::Outside(_)));
    for defect in defects {
        if outside && matches!(defect, CoverageDefect::Gap(_)) {
            continue;
        }
        let (code, span, message) = match defect {
            CoverageDefect::Gap(span) => (codes::TRACE_GAP, span, {
                format!(
                    "nothing is said of the bytes {}..{} of {length}",
                    span.start, span.end
                )
            }),
            CoverageDefect::Overlap(span) => (codes::TRACE_OVERLAP, span, {
                format!(
                    "the bytes {}..{} are in a tile and in something else",
                    span.start, span.end
                )
            }),
            CoverageDefect::Outside(span) => (codes::TRACE_OUTSIDE, span, {
                let cause = if span.start < span.end {
                    "reaches beyond"
                } else {
                    "is empty, of"
                };
                format!(
                    "the span {}..{} {cause} the raw item's {length} bytes",
                    span.start, span.end
                )
            }),
            CoverageDefect::Disorder(span) => (codes::TRACE_DISORDER, span, {
                format!(
                    "the tile {}..{} stands behind one that begins later",
                    span.start, span.end
                )
            }),
            CoverageDefect::Split(span, label) => (codes::TRACE_DISORDER, span, {
                format!(
                    "two tiles, {}..{}, are one of `{label}`",
                    span.start, span.end
                )
            }),
        };
        let (value, place) = named(line, trace, span);
        findings.on(code, value, place, message);
    }
}

/// Where a trace speaks of the bytes of `span`: the first tile that begins or ends there, else the
/// first such field, else the list of tiles, else all of it.
fn named<'t>(line: Node<'t>, trace: &Trace, span: Span) -> (Node<'t>, Pointer) {
    let touches = |start: u64, end: u64| {
        start == span.start || end == span.end || end == span.start || start == span.end
    };
    let tile = trace
        .dropped
        .iter()
        .position(|tile| touches(tile.start, tile.end));
    let field = || {
        trace.fields.iter().position(|field| {
            field
                .spans
                .iter()
                .flatten()
                .any(|span| touches(span.start, span.end))
        })
    };
    let place = match tile {
        Some(tile) => pointer("/trace/dropped").index(tile),
        None => match field() {
            Some(field) => pointer("/trace/fields").index(field).key("spans"),
            None => pointer("/trace/dropped"),
        },
    };
    match line.at(&place) {
        Some(value) => (value, place),
        None => (line.get("trace").unwrap_or(line), pointer("/trace")),
    }
}
