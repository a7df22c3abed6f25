//! A trace in the making.

use std::collections::{BTreeMap, HashMap};

use super::{ContextName, Dropped, Field, Label, MadeOf, Reference, Span, Transform};
use crate::json::Pointer;
use crate::record::{self, AbsentKey, AbsentReason, List};

/// How many spans the values of a draft may have (`dump-limits`). It bounds what is held of an item before its record
/// is known to fit into a line; a text of the largest number of lines has fewer.
pub const MAX_SPANS: usize = 1 << 17;

/// What a reader says of an item: which bytes are which value, and what the others are.
///
/// A draft holds no values. Whoever makes a record of it takes them from [`super::Replay`], so that a
/// record cannot differ from what its trace gives.
///
/// ```
/// use dateline::json::Pointer;
/// use dateline::trace::{Draft, Span};
///
/// let headline = Pointer::parse("/article/headline")?;
/// let mut draft = Draft::default();
/// draft.value(headline.clone(), Span { start: 0, end: 4 }, Vec::new())?;
/// assert!(draft.value(headline, Span { start: 5, end: 9 }, Vec::new()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    fields: Vec<Field>,
    /// How many spans they have.
    spans: usize,
    places: HashMap<Reference, usize>,
    lists: [usize; List::ALL.len()],
    judged: Vec<(Pointer, String)>,
    dropped: Vec<(Span, Label)>,
    conflicts: Vec<Conflict>,
    absent: BTreeMap<AbsentKey, AbsentReason>,
    /// How many bytes of the item lie before what the reader was given.
    before: u64,
}

/// A stretch that should repeat a value and says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The stretch.
    pub span: Span,
    /// The value it should repeat.
    pub of: Pointer,
    /// The stretch that it contradicts, where neither of the two is taken for the value.
    pub with: Option<Span>,
}

/// Why a reader's statement does not fit the draft; mostly a fault of the reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The pointer names no value that comes from bytes.
    #[error("`{0}` is not a value that a trace can give")]
    NoField(Reference),
    /// The value was stated before.
    #[error("`{0}` is stated twice")]
    Twice(Reference),
    /// The values have more spans than [`MAX_SPANS`]: too much for a record, and no fault of the reader.
    #[error(
        "the values of its record come from more than {MAX_SPANS} places in the item, which is the limit"
    )]
    TooManySpans,
    /// A value is continued that was not begun, or with other transforms.
    #[error("`{0}` cannot be continued here")]
    NotBegun(Reference),
}

/// What a draft states.
#[derive(Debug)]
pub(crate) struct Stated {
    /// The values, in the order of a trace.
    pub(crate) fields: Vec<Field>,
    /// Judgements.
    pub(crate) judged: Vec<(Pointer, String)>,
    /// Dropped bytes, in the order of a trace.
    pub(crate) dropped: Vec<Dropped>,
    /// Where the item disagrees with itself.
    pub(crate) conflicts: Vec<Conflict>,
    /// What is known to be absent.
    pub(crate) absent: BTreeMap<AbsentKey, AbsentReason>,
}

impl Draft {
    /// A draft of what lies behind the first `mark` bytes of an item, its byte order mark.
    #[must_use]
    pub fn behind_mark(mark: u64) -> Self {
        let mut draft = Self::default();
        let start = 0;
        draft.drop(Span { start, end: mark }, Label::fixed("bom"));
        draft.before = mark;
        draft
    }

    /// States a value of one span.
    ///
    /// # Errors
    ///
    /// [`DraftError`], where it was stated before or is no value that bytes give, or where there are too many.
    pub fn value(
        &mut self,
        value: impl Into<Reference>,
        span: Span,
        via: Vec<Transform>,
    ) -> Result<(), DraftError> {
        self.count(1)?;
        let groups = vec![vec![self.shifted(span)]];
        self.add(Field::of_item(value.into(), groups, via))
    }

    /// States a value of one span of a context.
    ///
    /// # Errors
    ///
    /// As [`Draft::value`].
    pub fn value_in(
        &mut self,
        context: ContextName,
        value: impl Into<Reference>,
        span: Span,
        via: Vec<Transform>,
    ) -> Result<(), DraftError> {
        self.count(1)?;
        self.add(Field {
            value: value.into(),
            origin: MadeOf::Spans {
                context: Some(context),
                groups: vec![vec![span]],
            },
            via,
        })
    }

    /// States a value that is made of another one.
    ///
    /// # Errors
    ///
    /// As [`Draft::value`].
    pub fn derive(
        &mut self,
        value: impl Into<Reference>,
        from: impl Into<Reference>,
        via: Vec<Transform>,
    ) -> Result<(), DraftError> {
        self.add(Field {
            value: value.into(),
            origin: MadeOf::Value(from.into()),
            via,
        })
    }

    /// Adds a group of spans, a paragraph or a keyword, to a value, which begins with the first.
    ///
    /// # Errors
    ///
    /// [`DraftError::NotBegun`], where the value was begun with other transforms; [`DraftError::TooManySpans`].
    pub fn group(
        &mut self,
        value: impl Into<Reference>,
        group: Vec<Span>,
        via: &[Transform],
    ) -> Result<(), DraftError> {
        self.count(group.len())?;
        let value = value.into();
        let group = group.into_iter().map(|span| self.shifted(span)).collect();
        let Some(field) = self.begun(&value) else {
            return self.add(Field::of_item(value, vec![group], via.to_vec()));
        };
        match &mut field.origin {
            MadeOf::Spans {
                context: None,
                groups,
            } if field.via == via => {
                groups.push(group);
                Ok(())
            }
            MadeOf::Spans { .. } | MadeOf::Value(_) => Err(DraftError::NotBegun(value)),
        }
    }

    /// Adds a span to the last group of a value: its bytes follow there at once.
    ///
    /// # Errors
    ///
    /// [`DraftError::NotBegun`]; [`DraftError::TooManySpans`].
    pub fn extend(&mut self, value: impl Into<Reference>, span: Span) -> Result<(), DraftError> {
        self.count(1)?;
        let value = value.into();
        let span = self.shifted(span);
        if let Some(field) = self.begun(&value)
            && let MadeOf::Spans { groups, .. } = &mut field.origin
            && let Some(group) = groups.last_mut()
        {
            group.push(span);
            return Ok(());
        }
        Err(DraftError::NotBegun(value))
    }

    /// Begins another member of a list; gives the pointer to it.
    pub fn member(&mut self, list: List) -> Pointer {
        let mut pointer = Pointer::parse(list.pointer()).unwrap_or_default();
        if let Some(length) = self.lists.get_mut(list.number()) {
            pointer.push_index(*length);
            *length += 1;
        }
        pointer
    }

    /// States a value that is a judgement on what was found and comes from no bytes of its own: a link's
    /// `relation`, an author's `role`, an embed's `kind`.
    pub fn judge(&mut self, pointer: Pointer, judgement: impl Into<String>) {
        self.judged.push((pointer, judgement.into()));
    }

    /// Drops the bytes of `span` under `label`; an empty span is nothing.
    pub fn drop(&mut self, span: Span, label: Label) {
        if !span.is_empty() {
            let span = self.shifted(span);
            self.dropped.push((span, label));
        }
    }

    /// States that `span` should repeat a value and says something else.
    pub fn conflict(&mut self, span: Span, of: Pointer) {
        let span = self.shifted(span);
        let with = None;
        self.conflicts.push(Conflict { span, of, with });
    }

    /// States that `span` and `with` both give a value, which differ, so that neither is taken.
    pub fn contradict(&mut self, span: Span, with: Span, of: Pointer) {
        let span = self.shifted(span);
        let with = Some(self.shifted(with));
        self.conflicts.push(Conflict { span, of, with });
    }

    /// States that a value is absent, and why.
    pub fn absent(&mut self, key: AbsentKey, reason: AbsentReason) {
        self.absent.insert(key, reason);
    }

    /// The same draft with every place in the item moved to where `place` says.
    #[must_use]
    pub fn mapped(mut self, place: impl Fn(u64) -> u64) -> Self {
        let moved = |span: &mut Span| {
            span.start = place(span.start);
            span.end = place(span.end);
        };
        for field in &mut self.fields {
            if let MadeOf::Spans {
                context: None,
                groups,
            } = &mut field.origin
            {
                groups.iter_mut().flatten().for_each(moved);
            }
        }
        self.dropped.iter_mut().for_each(|(span, _)| moved(span));
        for conflict in &mut self.conflicts {
            moved(&mut conflict.span);
            conflict.with.iter_mut().for_each(moved);
        }
        self
    }

    /// Whether a value was stated.
    #[must_use]
    pub fn has(&self, value: &Reference) -> bool {
        self.places.contains_key(value)
    }

    /// The values, in the order in which they were stated.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What is known to be absent.
    #[must_use]
    pub const fn absences(&self) -> &BTreeMap<AbsentKey, AbsentReason> {
        &self.absent
    }

    /// Where the item disagrees with itself.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// The judgements.
    #[must_use]
    pub fn judgements(&self) -> &[(Pointer, String)] {
        &self.judged
    }

    /// The dropped bytes as a trace lists them.
    #[must_use]
    pub fn dropped(&self) -> Vec<Dropped> {
        by_label(self.dropped.clone())
    }

    /// All that it states, in the order of a trace.
    pub(crate) fn finish(mut self) -> Stated {
        self.fields
            .sort_by(|one, other| one.value.cmp(&other.value));
        Stated {
            fields: self.fields,
            judged: self.judged,
            dropped: by_label(self.dropped),
            conflicts: self.conflicts,
            absent: self.absent,
        }
    }

    fn add(&mut self, field: Field) -> Result<(), DraftError> {
        if let Reference::Pointer(pointer) = &field.value {
            let row = record::Field::at(pointer.as_str());
            if row.is_none_or(|row| row.origin != record::FieldOrigin::Traced) {
                return Err(DraftError::NoField(field.value));
            }
        }
        let place = self.fields.len();
        if self.places.insert(field.value.clone(), place).is_some() {
            return Err(DraftError::Twice(field.value));
        }
        self.fields.push(field);
        Ok(())
    }

    /// Counts spans that come to the values.
    const fn count(&mut self, spans: usize) -> Result<(), DraftError> {
        self.spans = self.spans.saturating_add(spans);
        if self.spans > MAX_SPANS {
            return Err(DraftError::TooManySpans);
        }
        Ok(())
    }

    fn begun(&mut self, value: &Reference) -> Option<&mut Field> {
        let place = self.places.get(value)?;
        self.fields.get_mut(*place)
    }

    const fn shifted(&self, span: Span) -> Span {
        Span {
            start: span.start + self.before,
            end: span.end + self.before,
        }
    }
}

/// Dropped spans by label: labels in order, spans in order, those that touch as one.
fn by_label(mut dropped: Vec<(Span, Label)>) -> Vec<Dropped> {
    dropped.sort_by(|(span, label), (other, other_label)| (label, span).cmp(&(other_label, other)));
    let mut out: Vec<Dropped> = Vec::new();
    for (span, label) in dropped {
        match out.last_mut() {
            Some(last) if last.label == label => match last.spans.last_mut() {
                Some(before) if before.end == span.start => before.end = span.end,
                _ => last.spans.push(span),
            },
            _ => out.push(Dropped {
                label,
                spans: vec![span],
            }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Draft, DraftError, MAX_SPANS};
    use crate::json::Pointer;
    use crate::record::List;
    use crate::trace::{Label, Span, Transform};

    fn at(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    fn span(start: u64, end: u64) -> Span {
        Span { start, end }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let mut draft = Draft::default();
        let text = at("/content/text");
        assert!(matches!(
            draft.extend(text.clone(), span(0, 1)),
            Err(DraftError::NotBegun(_))
        ));
        let via = [Transform::JoinParagraphs];
        draft.group(text.clone(), vec![span(0, 1)], &via).unwrap();
        draft.group(text.clone(), vec![span(2, 3)], &via).unwrap();
        draft.extend(text.clone(), span(3, 4)).unwrap();
        assert!(matches!(
            draft.group(text.clone(), vec![span(5, 6)], &[]),
            Err(DraftError::NotBegun(_))
        ));
        assert!(matches!(
            draft.value(text, span(5, 6), Vec::new()),
            Err(DraftError::Twice(_))
        ));
        for no in [
            "/article/headlines",
            "/links/0/relation",
            "/id",
            "/raw/digest",
        ] {
            let error = draft.value(at(no), span(0, 1), Vec::new()).unwrap_err();
            assert!(matches!(error, DraftError::NoField(_)), "{no}");
        }
    }

    #[test]
    fn its_spans_are_counted() {
        let mut draft = Draft::default();
        let keywords = at("/article/keywords");
        let spans = u64::try_from(MAX_SPANS).unwrap();
        let group = |n| (0..n).map(|n| span(n, n + 1)).collect();
        draft
            .group(keywords.clone(), group(spans - 2), &[])
            .unwrap();
        draft.extend(keywords.clone(), span(0, 1)).unwrap();
        draft
            .value(at("/article/headline"), span(0, 1), Vec::new())
            .unwrap();
        assert_eq!(
            draft.group(keywords, group(1), &[]),
            Err(DraftError::TooManySpans)
        );
    }

    #[test]
    fn it_is_given_in_the_order_of_a_trace() {
        let mut draft = Draft::behind_mark(3);
        for index in [10, 9] {
            let link = at("/links").index(index).key("url");
            draft.value(link, span(0, 1), Vec::new()).unwrap();
        }
        draft
            .value(at("/fetch/url"), span(1, 2), Vec::new())
            .unwrap();
        for (start, end, label) in [(7, 9, "script"), (5, 7, "markup"), (2, 5, "markup")] {
            draft.drop(span(start, end), label.parse::<Label>().unwrap());
        }
        assert_eq!(draft.member(List::Images).as_str(), "/content/images/0");
        assert_eq!(draft.member(List::Images).as_str(), "/content/images/1");
        let stated = draft.finish();
        let values: Vec<String> = stated.fields.iter().map(|f| f.value.to_string()).collect();
        assert_eq!(values, ["/fetch/url", "/links/9/url", "/links/10/url"]);
        let dropped = serde_json::to_string(&stated.dropped).unwrap();
        assert_eq!(
            dropped,
            r#"[{"label":"bom","spans":[[0,3]]},{"label":"markup","spans":[[5,10]]},{"label":"script","spans":[[10,12]]}]"#
        );
    }
}
