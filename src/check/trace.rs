//! What a trace must be beyond its schema, by itself.

use std::collections::{HashMap, HashSet};

use super::field;
use super::findings::Findings;
use super::value::{at, is_encoding, pointer, shown};
use crate::diagnostic::codes;
use crate::json::{Node, Pointer};
use crate::trace::{self, CoverageDefect, Field, Location, Span, Trace, TraceLine, Transform};

/// The ids of general converters begin so.
const GENERAL: &str = "general-";

/// Checks one line of traces by itself; gives the trace where the line is one.
///
/// How long the raw item is stands in the record; here it is what the first location says.
pub(super) fn check(root: Node<'_>, findings: &mut Findings<'_>) -> Option<Trace> {
    let read = serde_json::from_slice::<TraceLine>(root.raw());
    // What is no trace is not held to its record, nor replayed.
    findings.unchecked |= read.is_err();
    field::check("trace", root, findings);
    transforms(root, findings);
    let whole = root.get("trace")?;
    let trace = match read {
        Ok(line) => line.trace,
        Err(error) => {
            // Mostly it was said why, and where.
            if findings.count() == 0 {
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

/// Locations are in order, and none begins within the one before.
fn locations(root: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let nodes = location_nodes(root).skip(1);
    for ((index, value), pair) in nodes.zip(trace.locations.windows(2)) {
        if let [one, two] = pair
            && !is_behind(two, one)
        {
            let place = pointer("/trace/locations").index(index);
            let message = if (&two.path, two.offset) > (&one.path, one.offset) {
                "two locations in one file share no bytes; this one begins within the one before"
            } else {
                "locations are in order of path and offset, each once; this one is not"
            };
            findings.on(codes::FIELD_VALUE, value, place, message);
        }
    }
}

/// The nodes of a trace's locations.
pub(super) fn location_nodes(line: Node<'_>) -> impl Iterator<Item = (usize, Node<'_>)> {
    let list = at(line, &["trace", "locations"]);
    list.into_iter().flat_map(|list| list.items()).enumerate()
}

/// Whether a location lies behind another: in a later file, or behind its last byte.
pub(super) fn is_behind(location: &Location, other: &Location) -> bool {
    // An item of no bytes is still at one place once.
    let end = other.offset.saturating_add(other.length.max(1));
    (&location.path, location.offset) >= (&other.path, end)
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
    let mut places = None;
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
                    "the tile {}..{} follows one that begins later",
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
        let (value, place) = places
            .get_or_insert_with(|| Places::new(line, trace))
            .of(span);
        findings.on(code, value, place, message);
    }
}

/// Where a trace speaks of bytes: its tiles and fields by where they begin and end.
///
/// All are looked up at once, so that a million defects take no longer to place than to find them.
struct Places<'t> {
    line: Node<'t>,
    tiles: Bounds<'t>,
    fields: Bounds<'t>,
}

/// The members of a list, and by the first and last bytes that they name the first of each.
struct Bounds<'t> {
    nodes: Vec<Node<'t>>,
    starts: HashMap<u64, usize>,
    ends: HashMap<u64, usize>,
}

impl<'t> Bounds<'t> {
    fn new(list: Option<Node<'t>>, spans: impl Iterator<Item = (usize, u64, u64)>) -> Self {
        let mut bounds = Self {
            nodes: list.into_iter().flat_map(|list| list.items()).collect(),
            starts: HashMap::new(),
            ends: HashMap::new(),
        };
        for (index, start, end) in spans {
            bounds.starts.entry(start).or_insert(index);
            bounds.ends.entry(end).or_insert(index);
        }
        bounds
    }

    /// The first that begins or ends where `span` does.
    fn first(&self, span: Span) -> Option<(usize, Node<'t>)> {
        let at = [span.start, span.end];
        let touching = at
            .iter()
            .flat_map(|at| [self.starts.get(at), self.ends.get(at)]);
        let index = touching.flatten().min().copied()?;
        Some((index, *self.nodes.get(index)?))
    }
}

impl<'t> Places<'t> {
    fn new(line: Node<'t>, trace: &Trace) -> Self {
        let tiles = trace.dropped.iter().enumerate();
        let fields = trace.fields.iter().enumerate();
        Self {
            line,
            tiles: Bounds::new(
                at(line, &["trace", "dropped"]),
                tiles.map(|(index, tile)| (index, tile.start, tile.end)),
            ),
            fields: Bounds::new(
                at(line, &["trace", "fields"]),
                fields.flat_map(|(index, field)| {
                    let spans = field.spans.iter().flatten();
                    spans.map(move |span| (index, span.start, span.end))
                }),
            ),
        }
    }

    /// The first tile that begins or ends where `span` does, else the first such field, else the list of
    /// tiles, else all of it.
    fn of(&self, span: Span) -> (Node<'t>, Pointer) {
        let tiles = pointer("/trace/dropped");
        if let Some((index, tile)) = self.tiles.first(span) {
            return (tile, tiles.index(index));
        }
        if let Some((index, field)) = self.fields.first(span)
            && let Some(spans) = field.get("spans")
        {
            return (spans, pointer("/trace/fields").index(index).key("spans"));
        }
        match at(self.line, &["trace", "dropped"]) {
            Some(list) => (list, tiles),
            None => (
                self.line.get("trace").unwrap_or(self.line),
                pointer("/trace"),
            ),
        }
    }
}
