//! Whether a trace accounts for its record, and, with the raw item, gives its values.

use std::collections::HashSet;

use super::raw::{By, RawFile, RawItems, is_beyond};
use super::trace::{field_nodes, is_judged, location_nodes};
use crate::check::line::findings::Findings;
use crate::check::line::value::{at, is_utf8, pointer, shown};
use crate::diagnostic::{codes, escape};
use crate::digest::Digest;
use crate::dump::{Cause, LayerError, OpenError};
use crate::json::{Kind, Lookup, Node, Pointer};
use crate::record;
use crate::trace::{
    self, Bytes, Context, Field, FoundBy, Location, MadeOf, Reference, Replay, Sources, Trace,
    Transform, Value,
};

/// The parts of a record whose values come from the raw item.
const TRACED: [&str; 6] = ["source", "fetch", "article", "links", "rights", "content"];

/// Holds a trace to its record, and both to the raw item where there is one to be read.
///
/// `record` takes what is wrong on the record's side: values that no field traces. Gives whether
/// nothing was wrong, and whether the values were made again from the item. What is withheld is not wrong.
pub(crate) fn against(
    article: Node<'_>,
    record: &mut Findings<'_>,
    line: Node<'_>,
    trace: &Trace,
    findings: &mut Findings<'_>,
    raw: Option<&RawItems<'_>>,
) -> (bool, Replayed) {
    let before = (record.count(), findings.count());
    let mut values = Lookup::new(article);
    fields(article, &mut values, line, trace, findings);
    untraced(article, trace, record);
    length(article, line, trace, findings);
    encoding(article, line, trace, findings);
    let replayed = raw.map_or(Replayed::No, |raw| {
        replays(article, &mut values, line, trace, findings, raw)
    });
    if replayed == Replayed::No {
        derived(&mut values, line, trace, findings);
    }
    let holds = before == (record.count(), findings.count());
    (holds, replayed)
}

/// Whether the record's content is withheld, so that its values cannot be seen.
fn is_withheld(article: Node<'_>) -> bool {
    article.get("content").is_none() && article.get("content_digest").is_some()
}

fn in_content(pointer: &Pointer) -> bool {
    pointer.as_str().starts_with("/content/")
}

/// Every field leads to a value that is traced.
fn fields(
    article: Node<'_>,
    values: &mut Lookup<'_>,
    line: Node<'_>,
    trace: &Trace,
    findings: &mut Findings<'_>,
) {
    let withheld = is_withheld(article);
    for (index, node, field) in field_nodes(line, trace) {
        let Some(place) = field.pointer().filter(|at| !(withheld && in_content(at))) else {
            continue;
        };
        let cause = match values.at(place) {
            None => "the record has no such value",
            Some(_) if is_traced(place) => continue,
            Some(_) => "this is no value that is traced by itself",
        };
        let value = node.get("pointer").unwrap_or(node);
        let at = pointer("/trace/fields").index(index).key("pointer");
        findings.on(
            codes::TRACE_FIELD_DANGLING,
            value,
            at,
            format!("{}: {cause}", escape::shown(place.as_str())),
        );
    }
}

/// Whether a field may give the value.
fn is_traced(pointer: &Pointer) -> bool {
    let field = record::Field::at(pointer.as_str());
    field.is_some_and(|field| field.origin == record::FieldOrigin::Traced)
}

/// Every value has a field.
fn untraced(article: Node<'_>, trace: &Trace, record: &mut Findings<'_>) {
    let traced = trace.fields.iter().filter_map(Field::pointer);
    let traced: HashSet<&str> = traced.map(Pointer::as_str).collect();
    for part in TRACED {
        if let Some(value) = article.get(part) {
            let mut pointer = Pointer::root().key(part);
            untraced_below(value, &mut pointer, &traced, record);
        }
    }
}

/// No pointer of the format has as many bytes. What an unknown field of a longer one holds is one value:
/// its name would be repeated for every value in it.
const LONGEST: usize = 256;

fn untraced_below(
    value: Node<'_>,
    pointer: &mut Pointer,
    traced: &HashSet<&str>,
    record: &mut Findings<'_>,
) {
    if traced.contains(pointer.as_str()) || is_judged(pointer) {
        return;
    }
    let length = pointer.as_str().len();
    let whole = length > LONGEST;
    match value.kind() {
        Kind::Object if !whole => {
            for member in value.members() {
                pointer.push_key(&member.key);
                untraced_below(member.value, pointer, traced, record);
                pointer.truncate(length);
            }
        }
        // An array that is one value is traced as one.
        Kind::Array if !whole && !is_traced(pointer) => {
            for (index, item) in value.items().enumerate() {
                pointer.push_index(index);
                untraced_below(item, pointer, traced, record);
                pointer.truncate(length);
            }
        }
        Kind::Null
        | Kind::Bool
        | Kind::Integer
        | Kind::Number
        | Kind::String
        | Kind::Array
        | Kind::Object => {
            let message = format!("no field of the trace gives {pointer}, `{}`", shown(value));
            record.on(codes::TRACE_VALUE_UNTRACED, value, pointer.clone(), message);
        }
    }
}

fn raw_bytes(article: Node<'_>) -> Option<u64> {
    u64::try_from(at(article, &["raw", "bytes"])?.as_i64()?).ok()
}

/// The trace is of an item as long as the record's.
fn length(article: Node<'_>, line: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let place = pointer("/trace/bytes");
    if let Some(bytes) = raw_bytes(article)
        && bytes != trace.bytes
        && let Some(value) = line.at(&place)
    {
        let message = format!(
            "the trace is of {} bytes, the raw item has {bytes}",
            trace.bytes
        );
        findings.on(codes::RAW_DIGEST_MISMATCH, value, place, message);
    }
}

/// How an encoding was found is not said of bytes that are UTF-8 by all that is stated.
fn encoding(article: Node<'_>, line: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let encoding = at(article, &["raw", "encoding"]).and_then(|name| name.as_str());
    let place = pointer("/trace/encoding");
    if let Some(found) = &trace.encoding
        && encoding.is_some_and(|label| is_utf8(&label))
        && (found.by == FoundBy::Nul || found.label.as_deref().is_some_and(is_utf8))
        && let Some(value) = line.at(&place)
    {
        let message = "`encoding` is absent where the item is UTF-8 and nothing states another";
        findings.on(codes::FIELD_UNKNOWN, value, place, message);
    }
}

/// The text of a value of the record that another may be made of: a string, or the digits of an integer.
fn text(value: Node<'_>) -> Option<String> {
    let integer = value.as_i64().map(|integer| integer.to_string());
    integer.or_else(|| Some(value.as_str()?.into_owned()))
}

/// What is made of another value of the record is what that gives: no raw bytes are needed to see it.
fn derived(values: &mut Lookup<'_>, line: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    for (index, node, field) in field_nodes(line, trace) {
        let (Some(place), MadeOf::Value(Reference::Pointer(from))) =
            (field.pointer(), &field.origin)
        else {
            continue;
        };
        let Some(from_text) = values.at(from).and_then(text) else {
            continue;
        };
        let base = match field.via.iter().find_map(Transform::reference) {
            None => None,
            Some(Reference::Pointer(base)) => match values.at(base).and_then(text) {
                Some(base) => Some(base),
                None => continue,
            },
            Some(Reference::Name(_)) => continue,
        };
        let message = match trace::derive(from_text, field, base.as_deref().unwrap_or_default()) {
            Ok(given) => compared(values, place, &given),
            Err(error) => Some(format!("{place} does not follow from {from}: {error}")),
        };
        if let Some(message) = message {
            let place = pointer("/trace/fields").index(index);
            findings.on(codes::TRACE_REPLAY, node, place, message);
        }
    }
}

/// What came of holding a trace to its raw item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replayed {
    /// There was an item to be replayed from.
    Yes,
    /// There was none: nothing is said of the values.
    No,
}

/// What to do where a location does not hold the item although its file is what it was.
const ELSEWHERE: &str = "the trace is wrong about where its item lies: convert the dump again";

/// One location at least holds the raw item, and the fields give the record's values from it.
fn replays(
    article: Node<'_>,
    values: &mut Lookup<'_>,
    line: Node<'_>,
    trace: &Trace,
    findings: &mut Findings<'_>,
    raw: &RawItems<'_>,
) -> Replayed {
    let digest = at(article, &["raw", "digest"]).and_then(|digest| digest.as_str()?.parse().ok());
    let encoding = at(article, &["raw", "encoding"]).and_then(|name| name.as_str());
    let (Some(digest), Some(encoding)) = (digest, encoding) else {
        return Replayed::No;
    };
    let Some(item) = items(line, trace, digest, findings, raw) else {
        return Replayed::No;
    };
    let Some(contexts) = contexts(line, trace, findings, raw) else {
        return Replayed::No;
    };
    if let Some(message) = too_much(trace) {
        let place = pointer("/trace/fields");
        let value = line.at(&place).unwrap_or(line);
        findings.on(codes::TRACE_REPLAY, value, place, message);
        return Replayed::Yes;
    }
    let contexts: Vec<_> = contexts
        .iter()
        .map(|(context, bytes)| {
            let encoding = context.encoding.as_deref().unwrap_or("utf-8");
            (context.name, Bytes { bytes, encoding })
        })
        .collect();
    let sources = Sources {
        item: Bytes {
            bytes: &item,
            encoding: &encoding,
        },
        contexts: &contexts,
    };
    let mut replay = Replay::new(&trace.fields, sources);
    for (index, node, field) in field_nodes(line, trace) {
        let message = match (replay.value(field), field.pointer()) {
            (Ok(given), Some(place)) => compared(values, place, &given),
            (Ok(_), None) => None,
            (Err(error), _) => {
                let value = escape::shown(&field.value.to_string());
                Some(format!("{value} does not replay: {error}"))
            }
        };
        let Some(message) = message else {
            continue;
        };
        let place = pointer("/trace/fields").index(index);
        findings.on(codes::TRACE_REPLAY, node, place, message);
    }
    Replayed::Yes
}

/// The bytes of the item, from the first of its locations that holds them; what is wrong with any of them.
fn items(
    line: Node<'_>,
    trace: &Trace,
    digest: Digest,
    findings: &mut Findings<'_>,
    raw: &RawItems<'_>,
) -> Option<Vec<u8>> {
    let mut item = None;
    for ((index, value), location) in location_nodes(line).zip(&trace.locations) {
        if !raw.looks_at(location) {
            continue;
        }
        let place = pointer("/trace/locations").index(index);
        let at = || findings.place(value.span()).pointer(place.clone());
        let Some(found) = raw.file(location, digest, at) else {
            continue;
        };
        if let Some(by) = found.by {
            let message = renamed(location, &found, by);
            findings.note(codes::RAW_RENAMED, value, place.clone(), message);
        }
        match raw.read(&found, location) {
            Ok(bytes) if Digest::of(&bytes) == digest => item = item.or(Some(bytes)),
            Ok(bytes) => {
                let found = Digest::of(&bytes);
                let message = format!("the bytes there have the digest {found}, not {digest}");
                findings
                    .on(codes::RAW_DIGEST_MISMATCH, value, place, message)
                    .hint = Some(ELSEWHERE.to_owned());
            }
            Err(error) => unopened(&error, location, value, place, findings),
        }
    }
    item
}

/// The contexts of a trace with their bytes; nothing where one of them cannot be had.
fn contexts<'t>(
    line: Node<'_>,
    trace: &'t Trace,
    findings: &mut Findings<'_>,
    raw: &RawItems<'_>,
) -> Option<Vec<(&'t Context, Vec<u8>)>> {
    let list = at(line, &["trace", "contexts"]);
    let nodes = list.into_iter().flat_map(|list| list.items()).enumerate();
    let mut contexts = Vec::new();
    for ((index, node), context) in nodes.zip(&trace.contexts) {
        let place = pointer("/trace/contexts").index(index);
        let bytes = match &context.location {
            None => trace.locations.first()?.path.clone().into_bytes(),
            Some(location) => {
                let at = || findings.place(node.span()).pointer(place.clone());
                let found = raw.file(location, Digest::of(b""), at)?;
                match raw.read(&found, location) {
                    Ok(bytes) => bytes,
                    Err(error) => {
                        unopened(&error, location, node, place, findings);
                        return None;
                    }
                }
            }
        };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length != context.bytes {
            let message = format!(
                "the context `{}` has {} bytes in the trace, and {length} where it lies",
                context.name, context.bytes
            );
            findings.on(codes::RAW_DIGEST_MISMATCH, node, place, message);
            return None;
        }
        contexts.push((context, bytes));
    }
    Some(contexts)
}

/// Says why a location of a file that is what it was cannot be opened.
fn unopened(
    error: &OpenError,
    location: &Location,
    node: Node<'_>,
    place: Pointer,
    findings: &mut Findings<'_>,
) {
    let path = escape::shown(&location.path);
    let message = format!("cannot be checked: `{path}`: {error}");
    // `layer-not-read`, `layer-limits-told`: nothing is known to be wrong.
    let is_unknown = match error {
        OpenError::Large(_) | OpenError::Budget(_) => true,
        OpenError::Layer(LayerError { cause, .. }) => {
            cause.is_limit() || matches!(cause, Cause::NotRead | Cause::Memory)
        }
        OpenError::Io(_) | OpenError::Short { .. } | OpenError::ShortUnpacked { .. } => false,
    };
    if is_unknown {
        findings.note(codes::RAW_UNVERIFIABLE, node, place, message);
        return;
    }
    let code = if is_beyond(location) || matches!(error, OpenError::Io(_)) {
        codes::FILE_UNREADABLE
    } else {
        codes::RAW_DIGEST_MISMATCH
    };
    let found = findings.on(code, node, place, message);
    if code == codes::RAW_DIGEST_MISMATCH {
        found.hint = Some(ELSEWHERE.to_owned());
    }
}

/// That a raw file has not the path that a trace names.
fn renamed(location: &Location, found: &RawFile, by: By) -> String {
    let wanted = escape::shown(&location.path);
    match by {
        By::Name => format!(
            "the raw file `{wanted}` has its name in another form of Unicode here; both are one name in NFC"
        ),
        By::Digest => {
            let (wanted, found) = escape::apart(&location.path, &found.path);
            format!("no raw file is named `{wanted}`; `{found}` has its bytes")
        }
    }
}

/// Why no field is replayed where all of them name too many bytes of the item and its contexts.
fn too_much(trace: &Trace) -> Option<String> {
    let named = trace.fields.iter().map(Field::named);
    let named = named.fold(0, u64::saturating_add);
    let contexts = trace.contexts.iter().map(|context| context.bytes);
    let length = contexts.fold(trace.bytes, u64::saturating_add);
    let [room, each] =
        [trace::ROOM, trace::ROOM_EACH].map(|n| u64::try_from(n).unwrap_or(u64::MAX));
    (named > length.saturating_mul(each).max(room)).then(|| {
        format!(
            "no field is replayed: together they name {named} bytes of an item of {length}, each byte \
             far more often than any value needs"
        )
    })
}

/// Why what a field gives is not the record's value.
fn compared(values: &mut Lookup<'_>, place: &Pointer, given: &Value) -> Option<String> {
    // What is withheld cannot be compared; a value that is not there is another defect.
    let value = values.at(place)?;
    if gives(given, value) {
        return None;
    }
    Some(match given {
        Value::Text(text) => differing(text, value, place),
        Value::Integer(integer) => differing(&integer.to_string(), value, place),
        Value::List(texts) if value.kind() == Kind::Array && texts.len() == value.len() => {
            let pairs = texts.iter().zip(value.items()).enumerate();
            let mut unlike = pairs.filter(|(_, (text, value))| !value.is_text(text));
            let (index, (text, value)) = unlike.next()?;
            differing(text, value, &place.clone().index(index))
        }
        Value::List(texts) => format!(
            "the raw bytes give {} values for {place}, the record has {}",
            texts.len(),
            if value.kind() == Kind::Array {
                value.len().to_string()
            } else {
                format!("`{}`", shown(value))
            }
        ),
    })
}

/// What is said of a value that the raw bytes do not give. Takes no longer than to read `given`.
fn differing(given: &str, value: Node<'_>, place: &Pointer) -> String {
    let enough = given.chars().count() + escape::SHOWN + 1;
    let (given, has) = match value.beginning(enough) {
        Some(text) => escape::apart(given, &text),
        None => (escape::shown(given), shown(value)),
    };
    format!("the raw bytes give `{given}` for {place}, the record has `{has}`")
}

/// Whether a field gives the record's value. Takes no longer than to read what it gives: a million
/// fields may lead to one long value.
fn gives(given: &Value, value: Node<'_>) -> bool {
    match (given, value.kind()) {
        (Value::Text(text), Kind::String) => value.is_text(text),
        (Value::Integer(integer), Kind::Integer) => {
            value.as_i64().and_then(|value| u64::try_from(value).ok()) == Some(*integer)
        }
        (Value::List(texts), Kind::Array) => {
            let mut pairs = texts.iter().zip(value.items());
            texts.len() == value.len() && pairs.all(|(text, value)| value.is_text(text))
        }
        _ => false,
    }
}
