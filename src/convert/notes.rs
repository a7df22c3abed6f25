//! What is noted of an item that became a record.

use super::json::Unread;
use super::loss::Loss;
use super::spot::Spot;
use super::{Made, general};
use crate::diagnostic::escape::{apart, escape, shown};
use crate::diagnostic::{Diagnostic, codes};
use crate::document::JsonDocument;
use crate::record::AbsentKey;
use crate::trace::{Bytes, Conflict};

/// Control characters of a text, which are kept as they are: the first, and how many there are.
pub(super) fn controls(text: &str, spot: &Spot<'_>) -> Option<Diagnostic> {
    let control = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    let mut found = text.char_indices().filter(|(_, c)| control(c));
    let (at, first) = found.next()?;
    let more = match found.count() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let message = format!("U+{:04X} is a control character{more}", u32::from(first));
    let place = spot.place(at..at + first.len_utf8());
    Some(Diagnostic::new(codes::INPUT_CONTROL, place, message))
}

/// How many repeated keys of an item are reported. There may be half a million, so the others are only counted.
const DUPLICATES: usize = 20;

/// Keys of a document that are in their object before.
pub(super) fn duplicates(document: &JsonDocument<'_>, spot: &Spot<'_>) -> Vec<Diagnostic> {
    let count = document.duplicates().count();
    let note = |(number, duplicate): (usize, crate::document::DuplicateKey<'_>)| {
        let more = match count.saturating_sub(DUPLICATES) {
            0 => String::new(),
            _ if number + 1 < DUPLICATES => String::new(),
            1 => "; 1 more key of this item is repeated".to_owned(),
            more => format!("; {more} more keys of this item are repeated"),
        };
        let message = format!(
            "the key `{}` occurs earlier in this object; this value is ignored{more}",
            escape(&duplicate.key)
        );
        Diagnostic::new(
            codes::INPUT_DUPLICATE_KEY,
            spot.place(duplicate.span),
            message,
        )
    };
    let first = document.duplicates().take(DUPLICATES);
    first.enumerate().map(note).collect()
}

/// A warning about strings with half of a surrogate pair: it shows the first and counts the others.
pub(super) fn surrogates(document: &JsonDocument<'_>, spot: &Spot<'_>) -> Option<Diagnostic> {
    let (mut first, mut others) = (None, 0_u64);
    let mut leaves = document.leaves();
    while let Some(leaf) = leaves.advance() {
        if !leaf.value.is_halved() {
            continue;
        }
        match first {
            None => first = Some((leaf.inside(), leaf.pointer.clone())),
            Some(_) => others += 1,
        }
    }
    let more = match others {
        0 => String::new(),
        1 => "; 1 more string has one".to_owned(),
        many => format!("; {many} more strings have one"),
    };
    let (span, pointer) = first?;
    let message =
        format!("this string has half of a surrogate pair, which is not a character{more}");
    Some(Diagnostic::new(
        codes::INPUT_SURROGATE,
        spot.place(span).pointer(pointer),
        message,
    ))
}

/// Values of known names that could not be read.
pub(super) fn unreadable(unread: &[Unread], spot: &Spot<'_>) -> Vec<Diagnostic> {
    let note = |unread: &Unread| {
        let place = spot.place(unread.span.clone());
        let place = place.pointer(unread.pointer.clone());
        Diagnostic::new(codes::VALUE_UNREADABLE, place, unread.to_string())
    };
    unread.iter().map(note).collect()
}

/// Where the item disagrees with a value of its record.
pub(super) fn conflicts(made: &Made, conflicts: &[Conflict], spot: &Spot<'_>) -> Vec<Diagnostic> {
    if conflicts.is_empty() {
        return Vec::new();
    }
    let values = serde_json::to_value(&made.article).unwrap_or_default();
    let id = made.article.id.to_string();
    let item = Bytes {
        bytes: spot.bytes(),
        encoding: &made.article.raw.encoding,
    };
    let note = |conflict: &Conflict| {
        let span = narrow(conflict.span.start)..narrow(conflict.span.end);
        let says = item.shown(conflict.span);
        let value = values.pointer(conflict.of.as_str());
        if let Some(with) = conflict.with {
            let (says, other) = apart(&says, &item.shown(with));
            let message = format!(
                "`{says}` and `{other}` (bytes {} to {} of the item) disagree on {}, so the record leaves it out",
                with.start, with.end, conflict.of
            );
            let place = spot.place(span).pointer(conflict.of.clone()).record(&*id);
            return Diagnostic::new(codes::VALUE_CONFLICT, place, message);
        }
        let message = match value.and_then(|value| value.as_str()) {
            Some(value) => {
                let (says, value) = apart(&says, value);
                format!(
                    "`{says}` differs from the value of {}, `{value}`",
                    conflict.of
                )
            }
            None => format!(
                "`{}` differs from the value of {}",
                shown(&says),
                conflict.of
            ),
        };
        let place = spot.place(span).pointer(conflict.of.clone()).record(&*id);
        Diagnostic::new(codes::VALUE_CONFLICT, place, message)
    };
    conflicts.iter().map(note).collect()
}

/// What is wrong with a record, and with `all` what it lacks, and whether no profile read it. `text` is the item,
/// where it is text.
pub(super) fn made(made: &Made, text: Option<&str>, spot: &Spot<'_>, all: bool) -> Vec<Diagnostic> {
    let mut notes = Vec::new();
    let id = made.article.id.to_string();
    let mut note = |code, message: String| {
        notes.push(Diagnostic::new(
            code,
            spot.place(0..0).record(&*id),
            message,
        ));
    };
    if all && made.trace.profile.id == general::ID {
        let message = "no profile recognises this item; the general text converter read it";
        note(codes::ITEM_GENERAL, message.to_owned());
    }
    if all && !made.article.absent.is_empty() {
        let absent = made.article.absent.iter();
        let absent = absent.map(|(key, reason)| format!("{} ({})", key.name(), reason.name()));
        let absent: Vec<String> = absent.collect();
        note(
            codes::VALUE_ABSENT,
            format!("absent: {}", absent.join(", ")),
        );
    }
    if !made.article.has(AbsentKey::Text) {
        let message = "the record that this item gives has no text";
        note(codes::ITEM_NO_TEXT, message.to_owned());
    }
    // Of another encoding the places of prose are not known.
    let item = text.or_else(|| {
        let is_utf8 = made.article.raw.encoding == "utf-8";
        std::str::from_utf8(spot.bytes()).ok().filter(|_| is_utf8)
    });
    if let Some(loss) = item.and_then(|item| Loss::of(item, &made.trace)) {
        let first = loss.stretches.first().cloned().unwrap_or_default();
        let place = spot.place(first).record(&*id);
        let offset = place.span.as_ref().map_or(0, |span| narrow(span.start));
        let offset = offset - loss.stretches.first().map_or(0, |first| first.start);
        let message = loss.message(offset);
        notes.push(Diagnostic::new(codes::PROSE_DROPPED, place, message));
    }
    notes
}

/// An offset in memory.
fn narrow(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
