//! Whether a trace accounts for its record, and, with the raw item, gives its values.

use std::collections::{BTreeSet, HashSet};

use super::findings::Findings;
use super::raw::{By, RawItem, RawItems, Unread};
use super::trace::{field_nodes, is_behind, is_judged, location_nodes};
use super::value::{at, pointer, shown};
use crate::diagnostic::{codes, escape};
use crate::json::{Kind, Lookup, Node, Pointer};
use crate::trace::{self, Field, Trace, Value};

/// The parts of a record whose values come from the raw item.
const TRACED: [&str; 6] = ["source", "fetch", "article", "links", "rights", "content"];

/// Holds a trace to its record, and both to the raw item where there is one to be read.
///
/// `record` takes what is wrong on the record's side: values that no field traces. Gives whether
/// nothing was wrong. What is withheld is not.
pub(super) fn against(
    article: Node<'_>,
    record: &mut Findings<'_>,
    line: Node<'_>,
    trace: &Trace,
    findings: &mut Findings<'_>,
    raw: Option<&RawItems>,
) -> bool {
    let before = (record.count(), findings.count());
    let mut values = Lookup::new(article);
    fields(article, &mut values, line, trace, findings);
    untraced(article, trace, record);
    lengths(article, line, trace, findings);
    if let Some(raw) = raw {
        replays(article, &mut values, line, trace, findings, raw);
    }
    before == (record.count(), findings.count())
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
        let place = &field.pointer;
        if withheld && in_content(place) {
            continue;
        }
        let cause = match values.at(place) {
            None => "the record has no such value",
            Some(value) if is_traced(value, place) => continue,
            Some(_) => "this is no value that is traced by itself",
        };
        let value = node.get("pointer").unwrap_or(node);
        let at = pointer("/trace/fields").index(index).key("pointer");
        findings.on(
            codes::TRACE_FIELD_DANGLING,
            value,
            at,
            format!("{place}: {cause}"),
        );
    }
}

/// Whether a field may give the value: a text, a number, or a list of texts that is one value.
fn is_traced(value: Node<'_>, pointer: &Pointer) -> bool {
    match value.kind() {
        Kind::Array => trace::is_list(pointer),
        Kind::Object => false,
        Kind::Null | Kind::Bool | Kind::Integer | Kind::Number | Kind::String => {
            pointer.parent().is_none_or(|list| !trace::is_list(&list))
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

/// No pointer of the format has as many bytes. What an unknown field of a longer one holds is one value:
/// its name would be repeated for every value in it.
const LONGEST: usize = 256;

fn untraced_below(
    value: Node<'_>,
    pointer: Pointer,
    traced: &HashSet<&str>,
    record: &mut Findings<'_>,
) {
    if traced.contains(pointer.as_str()) || is_judged(&pointer) {
        return;
    }
    let whole = pointer.as_str().len() > LONGEST;
    match value.kind() {
        Kind::Object if !whole => {
            for member in value.members() {
                let below = pointer.clone().key(&member.key);
                untraced_below(member.value, below, traced, record);
            }
        }
        Kind::Array if !whole && !trace::is_list(&pointer) => {
            for (index, item) in value.items().enumerate() {
                untraced_below(item, pointer.clone().index(index), traced, record);
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
            record.on(codes::TRACE_VALUE_UNTRACED, value, pointer, message);
        }
    }
}

fn raw_bytes(article: Node<'_>) -> Option<u64> {
    u64::try_from(at(article, &["raw", "bytes"])?.as_i64()?).ok()
}

/// Every location is as long as the raw item.
fn lengths(article: Node<'_>, line: Node<'_>, trace: &Trace, findings: &mut Findings<'_>) {
    let Some(bytes) = raw_bytes(article) else {
        return;
    };
    for ((index, value), location) in location_nodes(line).zip(&trace.locations) {
        if location.length != bytes {
            let place = pointer("/trace/locations").index(index).key("length");
            let value = value.get("length").unwrap_or(value);
            let message = format!(
                "the location has {} bytes, the raw item {bytes}",
                location.length
            );
            findings.on(codes::RAW_DIGEST_MISMATCH, value, place, message);
        }
    }
}

/// What to do where there is no raw file.
const ELSEWHERE: &str = "give --raw the folder that was converted, or the one above or below it: paths are \
    relative to the input of the conversion";

/// What to do where a raw file is not as it was.
const CHANGED: &str = "give --raw the dump as it was converted; where the record is to follow the changed file, \
    convert it again";

/// Every location holds the raw item, and the fields give the record's values from it.
fn replays(
    article: Node<'_>,
    values: &mut Lookup<'_>,
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
    let mut last = None;
    let mut before = BTreeSet::new();
    for ((index, value), location) in location_nodes(line).zip(&trace.locations) {
        // It was said of those that are out of order.
        if location.length != length || last.is_some_and(|last| !is_behind(location, last)) {
            continue;
        }
        last = Some(location);
        if !raw.looks_at(location) {
            continue;
        }
        let place = pointer("/trace/locations").index(index);
        match raw.read(location, digest, &mut before) {
            Ok(RawItem { bytes, renamed }) => {
                if let Some((found, by)) = renamed {
                    let wanted = escape::shown(&location.path);
                    let message = match by {
                        By::Name => format!(
                            "the raw file `{wanted}` has its name in another form of Unicode here; both are \
                             one name in NFC"
                        ),
                        By::Digest => {
                            let (wanted, found) = escape::apart(&location.path, &found);
                            format!("no raw file is named `{wanted}`; `{found}` has its bytes")
                        }
                    };
                    findings.note(codes::RAW_RENAMED, value, place, message);
                }
                item = item.or(bytes);
            }
            Err(unread) => {
                let (code, hint) = match &unread {
                    Unread::Missing(_) => (codes::RAW_MISSING, Some(ELSEWHERE)),
                    Unread::Short { .. } => (codes::RAW_MISSING, Some(CHANGED)),
                    Unread::Pointer { pointer, .. } => (codes::RAW_MISSING, Some(pointer.remedy())),
                    Unread::Digest { .. } => (codes::RAW_DIGEST_MISMATCH, Some(CHANGED)),
                    Unread::LineEnds { ends, .. } => {
                        (codes::RAW_DIGEST_MISMATCH, Some(ends.remedy()))
                    }
                    Unread::Io { .. } | Unread::Large { .. } => (codes::FILE_UNREADABLE, None),
                };
                let found = findings.on(code, value, place, unread.to_string());
                found.hint = hint.map(str::to_owned);
            }
        }
    }
    let encoding = at(article, &["raw", "encoding"]).and_then(|name| name.as_str());
    if let (Some(item), Some(encoding)) = (item, encoding) {
        if let Some(message) = too_much(length, trace) {
            let place = pointer("/trace/fields");
            let value = line.at(&place).unwrap_or(line);
            findings.on(codes::TRACE_REPLAY, value, place, message);
            return;
        }
        for (index, node, field) in field_nodes(line, trace) {
            let Some(message) = replay(values, &item, &encoding, field) else {
                continue;
            };
            let place = pointer("/trace/fields").index(index);
            findings.on(codes::TRACE_REPLAY, node, place, message);
        }
    }
}

/// Why no field is replayed where all of them name too many bytes of an item of this length.
fn too_much(length: u64, trace: &Trace) -> Option<String> {
    let named = trace.fields.iter().map(Field::named);
    let named = named.fold(0, u64::saturating_add);
    let [room, each] =
        [trace::ROOM, trace::ROOM_EACH].map(|n| u64::try_from(n).unwrap_or(u64::MAX));
    (named > length.saturating_mul(each).max(room)).then(|| {
        format!(
            "no field is replayed: together they name {named} bytes of an item of {length}, each byte \
             far more often than any value needs"
        )
    })
}

/// Why a field does not give the record's value.
fn replay(values: &mut Lookup<'_>, item: &[u8], encoding: &str, field: &Field) -> Option<String> {
    let given = match trace::replay(item, encoding, field) {
        Ok(given) => given,
        Err(error) => return Some(format!("{} does not replay: {error}", field.pointer)),
    };
    // What is withheld cannot be compared; a value that is not there is another defect.
    let value = values.at(&field.pointer)?;
    if gives(&given, value) {
        return None;
    }
    let place = &field.pointer;
    Some(match &given {
        Value::Text(text) => differing(text, value, place),
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
        (Value::Text(text), Kind::Integer) => value.raw() == text.as_bytes(),
        (Value::List(texts), Kind::Array) => {
            let mut pairs = texts.iter().zip(value.items());
            texts.len() == value.len() && pairs.all(|(text, value)| value.is_text(text))
        }
        _ => false,
    }
}
