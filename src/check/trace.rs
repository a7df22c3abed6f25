//! Whether a trace accounts for its record: fields, bytes, and, with the raw item, values.

use std::collections::HashSet;

use super::article::at;
use super::field;
use super::findings::{Findings, pointer};
use super::line::shown;
use super::raw::{RawItems, Unread};
use crate::diagnostic::{codes, escape};
use crate::json::{Kind, Node, Pointer};
use crate::trace::{self, CoverageDefect, Field, Span, Trace, TraceLine, Value};

/// The parts of a record whose values come from the raw item.
const TRACED: [&str; 6] = ["source", "fetch", "article", "links", "rights", "content"];

/// Checks one line of traces by itself.
pub(super) fn check(root: Node<'_>, findings: &mut Findings<'_>) {
    field::check("trace", root, findings);
}

/// Holds a trace to its record, and both to the raw item where there is one to be read.
///
/// `record` takes what is wrong on the record's side: values that no field traces. Gives whether
/// nothing was wrong.
pub(super) fn against(
    article: Node<'_>,
    record: &mut Findings<'_>,
    line: Node<'_>,
    findings: &mut Findings<'_>,
    raw: Option<&RawItems>,
) -> bool {
    let before = (record.found.len(), findings.found.len());
    let trace = match serde_json::from_value::<TraceLine>(line.to_value()) {
        Ok(line) => line.trace,
        Err(error) => {
            // Mostly the schema has said why, and where.
            if findings.found.is_empty() {
                let whole = line.get("trace").unwrap_or(line);
                let message = format!("this is no trace: {error}");
                findings.on(codes::FIELD_VALUE, whole, pointer("/trace"), message);
            }
            return false;
        }
    };
    fields(article, line, &trace, findings);
    untraced(article, &trace, record);
    bytes(article, line, &trace, findings);
    if let Some(raw) = raw {
        replays(article, line, &trace, findings, raw);
    }
    before == (record.found.len(), findings.found.len())
}

/// Whether the record's content is withheld, so that its values cannot be seen.
fn is_withheld(article: Node<'_>) -> bool {
    article.get("content").is_none() && article.get("content_digest").is_some()
}

fn in_content(pointer: &Pointer) -> bool {
    pointer.as_str().starts_with("/content/")
}

/// The node of each field of a trace, with the field.
fn field_nodes<'t>(
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

/// Every field leads to a value.
fn fields(article: Node<'_>, line: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let withheld = is_withheld(article);
    for (index, node, field) in field_nodes(line, trace) {
        let unseen = withheld && in_content(&field.pointer);
        if !unseen && article.at(&field.pointer).is_none() {
            let value = node.get("pointer").unwrap_or(node);
            let message = format!("the record has no value at {}", field.pointer);
            let place = pointer("/trace/fields").index(index).key("pointer");
            findings.on(codes::TRACE_FIELD_DANGLING, value, place, message);
        }
    }
}

/// Every value has a field.
fn untraced(article: Node<'_>, trace: &Trace, record: &mut Findings<'_>) {
    let traced: HashSet<&str> = trace
        .fields
        .iter()
        .map(|field| field.pointer.as_str())
        .collect();
    for part in TRACED {
        if let Some(value) = article.get(part) {
            let pointer = Pointer::root().key(part);
            untraced_below(value, pointer, &traced, record);
        }
    }
}

fn untraced_below(
    value: Node<'_>,
    pointer: Pointer,
    traced: &HashSet<&str>,
    record: &mut Findings<'_>,
) {
    if traced.contains(pointer.as_str()) || is_judged(&pointer) {
        return;
    }
    match value.kind() {
        Kind::Object => {
            for member in value.members() {
                let below = pointer.clone().key(&member.key);
                untraced_below(member.value, below, traced, record);
            }
        }
        Kind::Array if !trace::is_list(&pointer) => {
            for (index, item) in value.items().enumerate() {
                untraced_below(item, pointer.clone().index(index), traced, record);
            }
        }
        Kind::Null | Kind::Bool | Kind::Integer | Kind::String | Kind::Array => {
            let message = format!("no field of the trace gives {pointer}, `{}`", shown(value));
            record.on(codes::TRACE_VALUE_UNTRACED, value, pointer, message);
        }
    }
}

/// Whether the value is a judgement, which comes from no bytes of its own: the relation of a link,
/// the role of an author, the kind of an embed.
fn is_judged(pointer: &Pointer) -> bool {
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
fn bytes(article: Node<'_>, line: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let Some(length) = raw_bytes(article) else {
        return;
    };
    for defect in trace::coverage(length, trace) {
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

fn raw_bytes(article: Node<'_>) -> Option<u64> {
    u64::try_from(at(article, &["raw", "bytes"])?.as_i64()?).ok()
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

/// Every location holds the raw item, and the fields give the record's values from it.
fn replays(
    article: Node<'_>,
    line: Node<'_>,
    trace: &Trace,
    findings: &mut Findings<'_>,
    raw: &RawItems,
) {
    let (Some(length), Some(digest)) = (raw_bytes(article), at(article, &["raw", "digest"])) else {
        return;
    };
    let Some(digest) = digest.as_str().and_then(|digest| digest.parse().ok()) else {
        return;
    };
    let mut item = None;
    for (index, location) in trace.locations.iter().enumerate() {
        let place = pointer("/trace/locations").index(index);
        let value = line.at(&place).unwrap_or(line);
        match raw.read(location, length, digest) {
            Ok(bytes) => item = item.or(Some(bytes)),
            Err(unread) => {
                let code = match unread {
                    Unread::Missing(_) | Unread::Short { .. } => codes::RAW_MISSING,
                    Unread::Length { .. } | Unread::Digest { .. } => codes::RAW_DIGEST_MISMATCH,
                    Unread::Io { .. } => codes::FILE_UNREADABLE,
                };
                let found = findings.on(code, value, place, unread.to_string());
                if code == codes::RAW_MISSING {
                    found.hint = Some(
                        "nothing can be replayed without it; paths are relative to the input that was converted"
                            .to_owned(),
                    );
                }
            }
        }
    }
    let encoding = at(article, &["raw", "encoding"]).and_then(|name| name.as_str());
    if let (Some(item), Some(encoding)) = (item, encoding) {
        for (index, node, field) in field_nodes(line, trace) {
            let Some(message) = replay(article, &item, &encoding, field) else {
                continue;
            };
            let place = pointer("/trace/fields").index(index);
            findings.on(codes::TRACE_REPLAY, node, place, message);
        }
    }
}

/// Why a field does not give the record's value.
fn replay(article: Node<'_>, item: &[u8], encoding: &str, field: &Field) -> Option<String> {
    let given = match trace::replay(item, encoding, field) {
        Ok(given) => given,
        Err(error) => return Some(format!("{} does not replay: {error}", field.pointer)),
    };
    // What is withheld cannot be compared; a value that is not there is another defect.
    let value = article.at(&field.pointer)?;
    if gives(&given, value) {
        return None;
    }
    let given = match given {
        Value::Text(text) => format!("`{}`", escape::shown(&text)),
        Value::List(texts) => {
            let texts: Vec<_> = texts.iter().map(|text| escape::shown(text)).collect();
            format!("`{}`", texts.join("`, `"))
        }
    };
    Some(format!(
        "the raw bytes give {given} for {}, the record has `{}`",
        field.pointer,
        shown(value)
    ))
}

fn gives(given: &Value, value: Node<'_>) -> bool {
    match (given, value.kind()) {
        (Value::Text(text), Kind::String) => value.as_str().is_some_and(|value| value == *text),
        (Value::Text(text), Kind::Integer) => value.raw() == text.as_bytes(),
        (Value::List(texts), Kind::Array) => {
            let texts = texts.iter().map(String::as_str);
            let values: Vec<_> = value.items().map(|item| item.as_str()).collect();
            texts.map(Some).eq(values.iter().map(Option::as_deref))
        }
        _ => false,
    }
}
