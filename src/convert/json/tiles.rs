//! What the bytes are that became no value.

use std::ops::Range;

use crate::convert::characters::Class;
use crate::document::JsonDocument;
use crate::document::json::Value;
use crate::json::Kind;
use crate::trace::{Draft, Label, Span};

/// So many letters a string has at least that is prose.
const PROSE: usize = 200;

/// Drops all bytes of an item of `length` bytes that no value of `draft` names. A string or number is
/// dropped with its key and what stands before that; `labels` says what those in a range are. What stands
/// before a value of the record goes on with an unknown value before it, so that there are few spans.
pub(super) fn drop_rest(
    draft: &mut Draft,
    document: &JsonDocument<'_>,
    length: usize,
    mut labels: Vec<(Range<usize>, Label)>,
) {
    labels.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut labels = labels.into_iter().peekable();
    let mut taken = taken(draft).into_iter().peekable();
    let mut leaves = document.leaves();
    let (markup, value) = (Label::fixed("markup"), Label::fixed("value"));
    let (mut at, mut before) = (0, markup.clone());
    while let Some(leaf) = leaves.advance() {
        let (inside, span) = (leaf.inside(), leaf.value.span());
        while labels
            .next_if(|(range, _)| range.end <= span.start)
            .is_some()
        {}
        if taken.peek().is_none_or(|one| one.start >= inside.end) {
            let label = labels
                .peek()
                .filter(|(range, _)| range.start <= inside.start);
            let label = label.map_or_else(|| unknown(leaf.value), |(_, label)| label.clone());
            before = if label == value { &value } else { &markup }.clone();
            drop(draft, at..span.end, label);
            at = span.end;
            continue;
        }
        drop(draft, at..inside.start, before);
        (at, before) = (inside.start, markup.clone());
        let between = Label::fixed(if leaf.value.is_halved() {
            "undecodable"
        } else {
            "separator"
        });
        while let Some(one) = taken.next_if(|one| one.start < inside.end) {
            drop(draft, at..one.start, between.clone());
            at = one.end;
        }
        drop(draft, at..inside.end, between);
        at = inside.end;
    }
    drop(draft, at..length, before);
}

fn drop(draft: &mut Draft, range: Range<usize>, label: Label) {
    draft.drop(Span::from(range), label);
}

/// The bytes that values name, in order and each once.
fn taken(draft: &Draft) -> Vec<Range<usize>> {
    let narrow = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let fields = draft.fields().iter();
    let spans = fields.flat_map(|field| field.groups_in_item().iter().flatten());
    let mut spans: Vec<_> = spans
        .map(|span| narrow(span.start)..narrow(span.end))
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup();
    spans
}

/// What a value without a known name is.
fn unknown(value: Value<'_>) -> Label {
    let text = match value.kind() {
        // No shorter one has so many letters.
        Kind::String if value.inside().len() >= PROSE => value.as_str(),
        Kind::String
        | Kind::Null
        | Kind::Bool
        | Kind::Integer
        | Kind::Number
        | Kind::Array
        | Kind::Object => None,
    };
    match text {
        Some(text) if is_prose(&text) => Label::fixed("unrecognised"),
        _ => Label::fixed("value"),
    }
}

/// Whether a text has many letters, and is in words or in a script that is not Latin.
fn is_prose(text: &str) -> bool {
    let letters = text.chars().filter(|c| Class::of(*c).is_letter());
    letters.take(PROSE).count() == PROSE && text.contains(|c: char| c == ' ' || !c.is_ascii())
}
