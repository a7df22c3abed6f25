//! What a trace must be beyond its schema, by itself.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use super::field;
use crate::check::line::findings::Findings;
use crate::check::line::value::{at, is_encoding, is_utf8, pointer};
use crate::diagnostic::{Code, codes, escape};
use crate::json::{Node, Pointer};
use crate::record;
use crate::trace::{
    self, CONTEXT_LIMIT, ContextName, CoverageDefect, Field, FoundBy, Reference, Span, Stage,
    Trace, TraceLine, Transform,
};

/// The ids of general converters begin so.
const GENERAL: &str = "general-";

/// Checks one line of traces by itself; gives the trace where the line is one.
///
/// How long the raw item is stands in the record, too; here it is what the trace says.
pub(crate) fn check(root: Node<'_>, findings: &mut Findings<'_>) -> Option<Trace> {
    let read = root.read::<TraceLine>();
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
                let error = escape::shown(&error.to_string());
                let message = format!("this is not a trace: {error}");
                findings.on(codes::FIELD_VALUE, whole, pointer("/trace"), message);
            }
            return None;
        }
    };
    profile(whole, &trace, findings);
    encoding(whole, &trace, findings);
    locations(root, &trace, findings);
    contexts(root, &trace, findings);
    fields(root, &trace, findings);
    labels(root, &trace, findings);
    bytes(root, &trace, findings);
    Some(trace)
}

/// The transforms are such as can run, and stand in the order of what they work on.
fn transforms(root: Node<'_>, findings: &mut Findings<'_>) {
    let fields = at(root, &["trace", "fields"]).into_iter();
    for (index, field) in fields.flat_map(|fields| fields.items().enumerate()) {
        let mut last = Last {
            stage: Stage::Bytes,
            joins: false,
        };
        let of_value = field.get("from").is_some();
        let via = field.get("via").into_iter();
        for (step, value) in via.flat_map(|via| via.items().enumerate()) {
            let Some(text) = value.as_str().filter(|_| !findings.is_flagged(value)) else {
                continue;
            };
            let Some(message) = transform(&text, step, of_value, &mut last) else {
                continue;
            };
            let place = pointer("/trace/fields").index(index).key("via").index(step);
            findings.on(codes::FIELD_VALUE, value, place, message);
        }
    }
}

/// What the transforms before one of a field were.
struct Last {
    stage: Stage,
    joins: bool,
}

/// What is wrong with a transform, given those before it.
fn transform(text: &str, step: usize, of_value: bool, last: &mut Last) -> Option<String> {
    let name = escape::shown(text);
    let transform = match text.parse::<Transform>() {
        Ok(transform) => transform,
        Err(error) => return Some(error.to_string()),
    };
    let stage = transform.stage();
    let narrow = !matches!(transform, Transform::Decode(_));
    if let Some(label) = transform.encoding()
        && (!is_encoding(label) || (narrow && !trace::is_single_byte(label)))
    {
        let what = if narrow {
            "encoding of one byte a character"
        } else {
            "encoding"
        };
        return Some(format!("`{name}` names no {what} of the Encoding Standard"));
    }
    if of_value && stage < Stage::Group {
        return Some(format!("`{name}` works on spans, and the field has none"));
    }
    if stage == Stage::Bytes && step > 0 {
        return Some(format!("`{name}` is not the first transform"));
    }
    if stage < last.stage {
        return Some(format!(
            "`{name}` works on spans and stands behind one that works on groups"
        ));
    }
    last.stage = stage;
    let joins = transform.reference().is_some();
    let again = joins && std::mem::replace(&mut last.joins, true);
    again.then(|| format!("`{name}` is a second `url-join:`; a field has at most one"))
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

/// How the encoding was found: a label is there where one was read, and the context that it is in.
fn encoding(whole: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let (Some(value), Some(found)) = (whole.get("encoding"), &trace.encoding) else {
        return;
    };
    let place = pointer("/trace/encoding");
    let labelled = matches!(found.by, FoundBy::Declared | FoundBy::Profile);
    if labelled != found.label.is_some() {
        let (code, message) = if labelled {
            (
                codes::FIELD_MISSING,
                "`label` is missing; `declared` and `profile` have one",
            )
        } else {
            (
                codes::FIELD_UNKNOWN,
                "`label` goes with `declared` and `profile` only",
            )
        };
        findings.on(code, value, place.clone(), message);
    }
    if let Some(name) = found.context
        && !trace.contexts.iter().any(|context| context.name == name)
    {
        let value = value.get("in").unwrap_or(value);
        let message = format!("the trace has no context `{name}`");
        findings.on(codes::TRACE_FIELD_DANGLING, value, place.key("in"), message);
    }
}

/// Locations are in order, each once, and as long as the item where they have no layers.
fn locations(root: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let nodes = location_nodes(root).skip(1);
    for ((index, value), pair) in nodes.zip(trace.locations.windows(2)) {
        if pair.is_sorted_by(|one, two| one < two) {
            continue;
        }
        let place = pointer("/trace/locations").index(index);
        let message =
            "locations are in order of path, offset, length and layers, each once; this one is not";
        findings.on(codes::FIELD_VALUE, value, place, message);
    }
    for ((index, value), location) in location_nodes(root).zip(&trace.locations) {
        if location.layers.is_empty() && location.length != trace.bytes {
            let place = pointer("/trace/locations").index(index).key("length");
            let value = value.get("length").unwrap_or(value);
            let message = format!(
                "the location has {} bytes, the raw item {}",
                location.length, trace.bytes
            );
            findings.on(codes::FIELD_VALUE, value, place, message);
        }
    }
}

/// The nodes of a trace's locations.
pub(crate) fn location_nodes(line: Node<'_>) -> impl Iterator<Item = (usize, Node<'_>)> {
    let list = at(line, &["trace", "locations"]);
    list.into_iter().flat_map(|list| list.items()).enumerate()
}

/// Contexts are in order of name, each once; only `path` has no location; together they are not large.
fn contexts(root: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let nodes = at(root, &["trace", "contexts"]);
    let nodes = nodes
        .into_iter()
        .flat_map(|nodes| nodes.items())
        .enumerate();
    let (mut before, mut together) = (None, 0_u64);
    for ((index, node), context) in nodes.zip(&trace.contexts) {
        let place = pointer("/trace/contexts").index(index);
        together = together.saturating_add(context.bytes);
        let is_path = context.name == ContextName::Path;
        let label = context.encoding.as_deref();
        let message = if before.is_some_and(|before| context.name <= before) {
            "contexts are in order of name, each once; this one is not".to_owned()
        } else if is_path == context.location.is_some() {
            "`path` has no location, and every other context has one".to_owned()
        } else if let Some(label) = label.filter(|label| !is_encoding(label)) {
            let label = escape::shown(label);
            format!("`{label}` names no encoding of the Encoding Standard")
        } else if label.is_some_and(is_utf8) {
            "the encoding of a context is absent where it is UTF-8".to_owned()
        } else if together > CONTEXT_LIMIT {
            format!("the contexts up to this one have {together} bytes, more than {CONTEXT_LIMIT}")
        } else {
            before = Some(context.name);
            continue;
        };
        findings.on(codes::FIELD_VALUE, node, place, message);
    }
}

/// Fields are in order, each once, and what they need is there.
fn fields(root: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let by_value = ByValue::of(trace);
    let mut last: Option<&Reference> = None;
    // Where all are in order so far, none is a second one.
    let mut in_order = true;
    for (index, node, field) in field_nodes(root, trace) {
        let place = pointer("/trace/fields").index(index);
        let order = last.map(|last| field.value.cmp(last));
        in_order &= order.is_none_or(Ordering::is_gt);
        let judged = field.pointer().is_some_and(is_judged);
        let wrong = if judged {
            let message = format!(
                "{} is a judgement, which comes from no bytes",
                named(&field.value)
            );
            Some((codes::TRACE_FIELD_DANGLING, message))
        } else if !in_order && by_value.get(&field.value) != Some(index) {
            let message = format!("a second field for {}", named(&field.value));
            Some((codes::TRACE_FIELD_DANGLING, message))
        } else if order.is_some_and(Ordering::is_lt) {
            let message = "fields are in the order in which the record writes their values";
            Some((codes::TRACE_DISORDER, message.to_owned()))
        } else {
            needs(field, trace, &by_value)
        };
        if let Some((code, message)) = wrong {
            let key = if field.pointer().is_some() {
                "pointer"
            } else {
                "name"
            };
            let value = node.get(key).unwrap_or(node);
            findings.on(code, value, place.key(key), message);
        }
        last = Some(&field.value);
    }
}

/// The places of the fields of a trace by the values that they give, sorted when they are first asked for.
struct ByValue<'t> {
    trace: &'t Trace,
    sorted: OnceCell<Vec<(&'t Reference, usize)>>,
}

impl<'t> ByValue<'t> {
    fn of(trace: &'t Trace) -> Self {
        let sorted = OnceCell::new();
        Self { trace, sorted }
    }

    /// The first field that gives the value.
    fn get(&self, value: &Reference) -> Option<usize> {
        let sorted = self.sorted.get_or_init(|| {
            let fields = self.trace.fields.iter().enumerate();
            let mut all: Vec<_> = fields.map(|(index, field)| (&field.value, index)).collect();
            all.sort();
            all
        });
        let at = sorted.partition_point(|(other, _)| *other < value);
        let found = sorted.get(at).filter(|(other, _)| *other == value);
        found.map(|(_, index)| *index)
    }
}

/// A value as a message names it.
fn named(value: &Reference) -> String {
    escape::shown(&value.to_string())
}

/// What a field needs and the trace has not: the context of its spans, with their bytes; the values that it is
/// made of.
fn needs(field: &Field, trace: &Trace, by_value: &ByValue<'_>) -> Option<(&'static Code, String)> {
    if let Some(name) = field.context() {
        let Some(context) = trace.contexts.iter().find(|one| one.name == name) else {
            let message = format!("{}: the trace has no context `{name}`", named(&field.value));
            return Some((codes::TRACE_FIELD_DANGLING, message));
        };
        let spans = field.groups().iter().flatten();
        let mut outside = spans.filter(|span| span.is_empty() || span.end > context.bytes);
        if let Some(span) = outside.next() {
            let message = format!(
                "the span {}..{} is not within the {} bytes of the context `{name}`",
                span.start, span.end, context.bytes
            );
            return Some((codes::TRACE_OUTSIDE, message));
        }
    }
    let reach = reach(field, trace, by_value, 0)?;
    let value = named(&field.value);
    let message = match reach {
        Reach::Missing(reference) => {
            let reference = named(&reference);
            format!("{value} is made of `{reference}`, which no field gives")
        }
        Reach::Array(reference) => {
            let reference = named(&reference);
            format!("{value} is made of `{reference}`, which is an array")
        }
        Reach::TooFar => format!(
            "{value} is made of other values over more than {} references",
            trace::STEPS
        ),
    };
    Some((codes::TRACE_FIELD_DANGLING, message))
}

/// Why a field cannot be made of the values that it refers to.
enum Reach {
    Missing(Reference),
    Array(Reference),
    TooFar,
}

/// Follows the references of a field that was reached over `steps` others.
fn reach(field: &Field, trace: &Trace, by_value: &ByValue<'_>, steps: usize) -> Option<Reach> {
    let mut references = field.references();
    references.find_map(|reference| {
        if steps == trace::STEPS {
            return Some(Reach::TooFar);
        }
        match by_value.get(reference).and_then(|at| trace.fields.get(at)) {
            None => Some(Reach::Missing(reference.clone())),
            Some(_) if reference.is_array() => Some(Reach::Array(reference.clone())),
            Some(next) => reach(next, trace, by_value, steps + 1),
        }
    })
}

/// Dropped bytes are listed once for each label, in order of label.
fn labels(root: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let list = at(root, &["trace", "dropped"]);
    let nodes = list.into_iter().flat_map(|list| list.items()).enumerate();
    for ((index, node), pair) in nodes.skip(1).zip(trace.dropped.windows(2)) {
        if !pair.is_sorted_by(|one, two| one.label < two.label) {
            let place = pointer("/trace/dropped").index(index).key("label");
            let value = node.get("label").unwrap_or(node);
            let message = "labels are in order, each once; this one is not";
            findings.on(codes::TRACE_DISORDER, value, place, message);
        }
    }
}

/// The node of each field of a trace, with the field.
pub(crate) fn field_nodes<'t>(
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

/// Whether the value is a judgement, which comes from no bytes of its own.
pub(crate) fn is_judged(pointer: &Pointer) -> bool {
    let field = record::Field::at(pointer.as_str());
    field.is_some_and(|field| field.origin == record::FieldOrigin::Judged)
}

/// Every byte is in a field or in one tile.
fn bytes<'t>(line: Node<'t>, trace: &'t Trace, findings: &mut Findings<'_>) {
    let length = trace.bytes;
    let defects = trace::coverage(trace);
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
                    "the bytes {}..{} are dropped and in something else",
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
                    "the dropped span {}..{} follows one that begins later",
                    span.start, span.end
                )
            }),
            CoverageDefect::Split(span, label) => (codes::TRACE_DISORDER, span, {
                format!(
                    "two dropped spans, {}..{}, are one of `{}`",
                    span.start,
                    span.end,
                    escape::shown(label.as_str())
                )
            }),
        };
        let (value, place) = places
            .get_or_insert_with(|| Places::new(line, trace))
            .of(span);
        findings.on(code, value, place, message);
    }
}

/// Where a trace speaks of bytes: its dropped spans and its fields by where they begin and end.
///
/// All are looked up at once, so that a million defects take no longer to place than to find them.
struct Places<'t> {
    line: Node<'t>,
    dropped: Bounds<'t>,
    fields: Bounds<'t>,
}

/// By the first and last bytes that they name, the first of some nodes, with where it stands.
#[derive(Default)]
struct Bounds<'t> {
    starts: HashMap<u64, (Node<'t>, Pointer)>,
    ends: HashMap<u64, (Node<'t>, Pointer)>,
}

impl<'t> Bounds<'t> {
    fn add(&mut self, span: Span, node: Node<'t>, place: &dyn Fn() -> Pointer) {
        self.starts
            .entry(span.start)
            .or_insert_with(|| (node, place()));
        self.ends.entry(span.end).or_insert_with(|| (node, place()));
    }

    /// The first that begins or ends where `span` does.
    fn first(&self, span: Span) -> Option<(Node<'t>, Pointer)> {
        let at = [span.start, span.end];
        let touching = at
            .iter()
            .flat_map(|at| [self.starts.get(at), self.ends.get(at)]);
        let first = touching.flatten().min_by_key(|(node, _)| node.span().start);
        first.cloned()
    }
}

impl<'t> Places<'t> {
    fn new(line: Node<'t>, trace: &'t Trace) -> Self {
        let (mut dropped, mut fields) = (Bounds::default(), Bounds::default());
        let list = at(line, &["trace", "dropped"]);
        let nodes = list.into_iter().flat_map(|list| list.items()).enumerate();
        for ((index, node), of_label) in nodes.zip(&trace.dropped) {
            let spans = node.get("spans");
            let spans = spans
                .into_iter()
                .flat_map(|spans| spans.items())
                .enumerate();
            for ((at, node), span) in spans.zip(&of_label.spans) {
                dropped.add(*span, node, &|| {
                    pointer("/trace/dropped")
                        .index(index)
                        .key("spans")
                        .index(at)
                });
            }
        }
        for (index, node, field) in field_nodes(line, trace) {
            let Some(node) = node.get("spans") else {
                continue;
            };
            for span in field.groups_in_item().iter().flatten() {
                fields.add(*span, node, &|| {
                    pointer("/trace/fields").index(index).key("spans")
                });
            }
        }
        Self {
            line,
            dropped,
            fields,
        }
    }

    /// The first dropped span that begins or ends where `span` does, else the first such field, else the list
    /// of what was dropped, else all of it.
    fn of(&self, span: Span) -> (Node<'t>, Pointer) {
        if let Some(found) = self.dropped.first(span).or_else(|| self.fields.first(span)) {
            return found;
        }
        match at(self.line, &["trace", "dropped"]) {
            Some(list) => (list, pointer("/trace/dropped")),
            None => (
                self.line.get("trace").unwrap_or(self.line),
                pointer("/trace"),
            ),
        }
    }
}
