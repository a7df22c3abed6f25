//! The general text converter: from labelled stretches to a draft.

use super::file::wide;
use super::text::{Role, label};
use crate::dump::BOM;
use crate::json::Pointer;
use crate::record::{AbsentKey, AbsentReason};
use crate::trace::{Bytes, Draft, DraftError, Label, ProfileRef, Span, Transform, replay_groups};

/// The id of the general text converter in traces.
pub(super) const ID: &str = "general-text";

/// The version of what it does; raised whenever the same bytes would give another record.
const VERSION: u64 = 1;

/// What traces call it.
pub(super) fn profile_ref() -> ProfileRef {
    ProfileRef::general(ID, VERSION)
}

/// The draft of a text that no profile recognises (`spec/converters.md`, "The general text converter").
pub(super) fn read(text: &str) -> Result<Draft, DraftError> {
    let page = text.strip_prefix(BOM).unwrap_or(text);
    let mut draft = Draft::behind_mark(wide(text.len() - page.len()));
    let text = page;
    let (title, body) = (pointer("article", "headline"), pointer("content", "text"));
    // The value that a stretch may go on with.
    let mut open = &title;
    let stretches = label(text);
    for stretch in stretches {
        let span = Span::from(stretch.span.clone());
        match stretch.role {
            Role::Whitespace => draft.drop(span, Label::fixed("whitespace")),
            Role::Header => draft.drop(span, Label::fixed("header")),
            Role::HeaderDate => published(&mut draft, text, span, "%Y-%m-%d")?,
            Role::HeaderUrl => {
                let via = vec![Transform::UrlResolve];
                value(
                    &mut draft,
                    text,
                    AbsentKey::Url,
                    pointer("source", "url"),
                    span,
                    via,
                )?;
            }
            Role::Headline => {
                let is_wrapped = text
                    .get(stretch.span)
                    .is_some_and(|line| line.contains(['\n', '\r']));
                let via = is_wrapped.then_some(Transform::CollapseSpace);
                draft.group(title.clone(), vec![span], via.as_slice())?;
                open = &title;
            }
            Role::Continued => draft.extend(open.clone(), span)?,
            // A paragraph that was wrapped into lines is one line again.
            Role::Paragraph => {
                let via = [Transform::CollapseSpace, Transform::JoinParagraphs];
                draft.group(body.clone(), vec![span], &via)?;
                open = &body;
            }
            Role::PublishedTime(format) => published(&mut draft, text, span, format)?,
            Role::Duplicate("headline") => draft.drop(span, Label::fixed("duplicate:headline")),
            Role::Duplicate("published") => draft.drop(span, Label::fixed("duplicate:published")),
            Role::Duplicate(_) => draft.drop(span, Label::fixed("duplicate:text")),
            Role::Dropped(label) => draft.drop(span, Label::fixed(label)),
        }
    }
    draft.absent(AbsentKey::FetchTime, AbsentReason::NotInDump);
    Ok(draft)
}

fn published(draft: &mut Draft, text: &str, span: Span, format: &str) -> Result<(), DraftError> {
    let via = vec![Transform::Date(format.to_owned())];
    value(
        draft,
        text,
        AbsentKey::Published,
        pointer("article", "published"),
        span,
        via,
    )
}

/// Takes a value, or notes that what stands there cannot be read.
fn value(
    draft: &mut Draft,
    text: &str,
    key: AbsentKey,
    pointer: Pointer,
    span: Span,
    via: Vec<Transform>,
) -> Result<(), DraftError> {
    let bytes = Bytes {
        bytes: text.as_bytes(),
        encoding: "utf-8",
    };
    if replay_groups(bytes, &[vec![span]], &via).is_ok() {
        return draft.value(pointer, span, via);
    }
    draft.drop(span, Label::fixed("unrecognised"));
    draft.absent(key, AbsentReason::Unreadable);
    Ok(())
}

fn pointer(parent: &str, key: &str) -> Pointer {
    Pointer::default().key(parent).key(key)
}
