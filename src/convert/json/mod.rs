//! The general JSON converter: from an item of JSON to a draft (`spec/converters.md`, "The general JSON
//! converter").

mod choose;
mod dates;
mod names;
mod page;
mod scope;
#[cfg(test)]
mod tests;
mod tiles;
mod values;

use std::borrow::Cow;
use std::ops::Range;

pub(super) use self::choose::Unread;
use self::choose::{Candidate, Chooser, Others};
use self::names::{COLLECTION, Meaning, ROWS, Take, folded, is_either, meanings, rows};
pub(super) use self::page::page;
use self::scope::{Nearness, Scope, scopes};
use self::values::Reading;
use crate::document::JsonDocument;
use crate::document::json::Value;
use crate::json::Kind;
use crate::record::{AbsentKey, AbsentReason};
use crate::trace::{Draft, DraftError, Label, ProfileRef};

/// The id of the general JSON converter in traces.
pub(super) const ID: &str = "general-json";

/// The version of what it does; raised whenever the same bytes would give another record.
const VERSION: u64 = 1;

/// What traces call it.
pub(super) fn profile_ref() -> ProfileRef {
    ProfileRef::general(ID, VERSION)
}

/// Whether an item may be an article: an object in which something has the name of a headline, a text,
/// a summary or a URL.
pub(crate) fn reads(document: &JsonDocument<'_>) -> bool {
    scopes(document.root()).iter().any(|scope| {
        let mut members = scope.object.members();
        members.any(|member| names_an_article(&member.key))
    })
}

/// Whether a name is that of a headline, a text, a summary or a URL.
pub(crate) fn names_an_article(key: &str) -> bool {
    rows(key).any(|row| {
        matches!(
            row.pattern,
            "/article/headline" | "/content/summary" | "/content/text" | "/source/url"
        )
    })
}

/// The draft of an item that no profile recognises, and the values with known names that could not be read. An item
/// that is not an object gives a draft without values.
pub(super) fn read(
    bytes: &[u8],
    document: &JsonDocument<'_>,
) -> Result<(Draft, Vec<Unread>), DraftError> {
    let members = Members::of(document);
    let mut chooser = Chooser::new(members.labels);
    let mut rows: Vec<_> = ROWS.iter().zip(members.candidates).collect();
    // Beside a URL a host is none of its own.
    rows.sort_by_key(|(row, _)| row.take == Take::Host);
    for (row, candidates) in rows {
        chooser.choose(row, candidates)?;
    }
    let (mut draft, Others { labels, unread }) = chooser.finish();
    if !draft.absences().contains_key(&AbsentKey::FetchTime) {
        let reason = if members.has_other_time {
            AbsentReason::NotFound
        } else {
            AbsentReason::NotInDump
        };
        draft.absent(AbsentKey::FetchTime, reason);
    }
    tiles::drop_rest(&mut draft, document, bytes.len(), labels);
    Ok((draft, unread))
}

/// The members of an item that are known by name.
struct Members<'d> {
    /// By the rows of [`ROWS`].
    candidates: Vec<Vec<(Candidate<'d>, Reading<'d>)>>,
    /// What others are.
    labels: Vec<(Range<usize>, Label)>,
    /// Whether there is a time that may be of anything.
    has_other_time: bool,
}

impl<'d> Members<'d> {
    fn of(document: &'d JsonDocument<'_>) -> Self {
        let mut members = Self {
            candidates: ROWS.iter().map(|_| Vec::new()).collect(),
            labels: Vec::new(),
            has_other_time: false,
        };
        let again: std::collections::HashSet<usize> = document
            .duplicates()
            .map(|duplicate| duplicate.span.start)
            .collect();
        let scopes = scopes(document.root());
        let is_collection = scopes
            .iter()
            .any(|scope| scope.nearness == Nearness::Beside);
        for Scope { object, nearness } in scopes {
            for member in object.members() {
                let value = member.value;
                if again.contains(&member.key_span.start) {
                    let label = Label::fixed("duplicate:key");
                    members.labels.push((value.span(), label));
                    continue;
                }
                if is_either(&member.key) {
                    members.has_other_time |= value.kind() != Kind::Null;
                    let label = Label::fixed("metadata");
                    members.labels.push((value.span(), label));
                }
                if is_collection && folded(&member.key) == COLLECTION {
                    continue;
                }
                for meaning in meanings(&member.key) {
                    members.add(*meaning, member.key.clone(), value, nearness);
                }
            }
        }
        members
    }

    fn add(&mut self, meaning: Meaning, key: Cow<'d, str>, value: Value<'d>, nearness: Nearness) {
        let Some(row) = ROWS.get(meaning.row) else {
            return;
        };
        // What is around an article has a name of its own.
        if nearness == Nearness::Around && row.take == Take::Identifier {
            return;
        }
        if let Some(candidates) = self.candidates.get_mut(meaning.row) {
            let candidate = Candidate {
                is_second: meaning.is_second,
                nearness,
                name: meaning.place,
                key,
                value,
            };
            candidates.push((candidate, values::read(row.take, value)));
        }
    }
}
