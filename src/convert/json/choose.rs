//! Which of the members that may be one value is it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::dates;
use super::names::{Row, Take};
use super::scope::Nearness;
use super::values::{FoundValue, Reading};
use crate::diagnostic::escape::shown;
use crate::document::json::Value;
use crate::json::{Kind, Pointer};
use crate::record::{AbsentReason, Field, List};
use crate::trace::{Draft, DraftError, Label, MAX_SPANS, Span, Transform};

/// A member that may be a value by its name.
#[derive(Debug)]
pub(super) struct Candidate<'d> {
    /// Whether its name counts only where there is none of the others.
    pub(super) is_second: bool,
    /// How near the object is that it is a member of.
    pub(super) nearness: Nearness,
    /// The place of its name among the names of the value.
    pub(super) name: usize,
    /// Its name, as it is written.
    pub(super) key: Cow<'d, str>,
    /// It.
    pub(super) value: Value<'d>,
}

/// A value of a known name that could not be read.
#[derive(Debug)]
pub(in crate::convert) struct Unread {
    /// Its bytes in the item.
    pub(in crate::convert) span: Range<usize>,
    /// The value of the record that it would have been.
    pub(in crate::convert) pointer: Pointer,
    /// Its name.
    key: String,
    /// It, cut where it is long.
    value: String,
    take: Take,
    /// Why, where that is known.
    why: &'static str,
}

impl Unread {
    fn of(row: &Row, candidate: &Candidate<'_>) -> Self {
        let value = candidate.value;
        let text = value.as_str();
        let is_string = value.kind() == Kind::String;
        let why = match (row.take, &text) {
            (Take::Time, Some(text)) if dates::is_either(text) => {
                ": which number is the day and which the month is not known"
            }
            (Take::Url, Some(_)) => ": it is not an absolute http or https URL",
            _ => "",
        };
        Self {
            span: if is_string {
                value.inside()
            } else {
                value.span()
            },
            pointer: pointer(row),
            key: shown(&candidate.key),
            value: shown(text.as_deref().unwrap_or_else(|| value.written())),
            take: row.take,
            why,
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key, value, why, ..
        } = self;
        let what = match self.take {
            Take::Text | Take::Paragraphs => "text",
            Take::Name => "a name",
            Take::Names => "names",
            Take::Identifier => "an identifier",
            Take::License => "a licence",
            Take::Url => "a URL",
            Take::Host => "a host",
            Take::Time => "a time",
            Take::Language => "a language",
            Take::Status => "a status",
            Take::Keywords => "keywords",
            Take::Images | Take::Links => "URLs",
        };
        write!(f, "`{value}` of `{key}` cannot be read as {what}{why}")
    }
}

/// The members of an item that became no value.
#[derive(Debug)]
pub(super) struct Others {
    /// What they are.
    pub(super) labels: Vec<(Range<usize>, Label)>,
    /// Those that could not be read.
    pub(super) unread: Vec<Unread>,
}

/// The value of a row; of a list, its first.
fn pointer(row: &Row) -> Pointer {
    Pointer::parse(&row.pattern.replace("/-", "/0")).unwrap_or_default()
}

/// States the values of an item, one row of names after the other.
#[derive(Debug)]
pub(super) struct Chooser {
    draft: Draft,
    /// What members are that became no value.
    labels: Vec<(Range<usize>, Label)>,
    /// Those that could not be read.
    unread: Vec<Unread>,
    /// The article's URL and its host.
    url: Option<String>,
}

impl Chooser {
    pub(super) fn new(labels: Vec<(Range<usize>, Label)>) -> Self {
        Self {
            draft: Draft::default(),
            labels,
            unread: Vec::new(),
            url: None,
        }
    }

    pub(super) fn finish(self) -> (Draft, Others) {
        let Self {
            draft,
            labels,
            unread,
            ..
        } = self;
        (draft, Others { labels, unread })
    }

    /// States the value of a row, or why there is none.
    pub(super) fn choose(
        &mut self,
        row: &Row,
        candidates: Vec<(Candidate<'_>, Reading<'_>)>,
    ) -> Result<(), DraftError> {
        let mut found: Vec<(Candidate<'_>, FoundValue<'_>)> = Vec::new();
        let mut is_unreadable = false;
        for (candidate, reading) in candidates {
            let label = match reading {
                Reading::Found(reading) => {
                    found.push((candidate, reading));
                    continue;
                }
                Reading::Nothing => "value:none",
                // What has a second name may well be something else.
                Reading::Unreadable | Reading::Undecodable if candidate.is_second => continue,
                Reading::Other => continue,
                Reading::Unreadable => {
                    self.unread.push(Unread::of(row, &candidate));
                    "unrecognised"
                }
                Reading::Undecodable => "undecodable",
            };
            is_unreadable |= label != "value:none";
            self.label(candidate.value, Label::fixed(label));
        }
        found.sort_by_key(|(candidate, _)| {
            (candidate.is_second, candidate.nearness, candidate.name)
        });
        if row.take == Take::Images {
            self.members(List::Images, found)?;
        } else if row.take == Take::Links {
            self.members(List::Links, found)?;
        } else {
            self.one(row, found)?;
        }
        let key = Field::of_pattern(row.pattern).and_then(Field::absent_key);
        if let Some(key) = key.filter(|_| is_unreadable)
            && !self.draft.absences().contains_key(&key)
        {
            self.draft.absent(key, AbsentReason::Unreadable);
        }
        Ok(())
    }

    fn label(&mut self, value: Value<'_>, label: Label) {
        self.labels.push((value.span(), label));
    }

    /// States the value of which the first names speak, unless they contradict each other.
    fn one(
        &mut self,
        row: &Row,
        found: Vec<(Candidate<'_>, FoundValue<'_>)>,
    ) -> Result<(), DraftError> {
        let Some((first, _)) = found.first() else {
            return Ok(());
        };
        let rank = (first.is_second, first.nearness);
        let (same, others): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|(candidate, _)| (candidate.is_second, candidate.nearness) == rank);
        let pointer = pointer(row);
        let Some(chosen) = chosen(row, &same) else {
            self.contradict(&pointer, &same);
            return Ok(());
        };
        let duplicate = || Label::duplicate(&pointer);
        let mut value = None;
        for (place, (candidate, found)) in same.into_iter().enumerate() {
            if place == chosen {
                value = Some(found);
            } else {
                self.label(candidate.value, duplicate());
            }
        }
        let Some(value) = value else {
            return Ok(());
        };
        for (candidate, found) in others {
            if found.texts == value.texts {
                self.label(candidate.value, duplicate());
            } else if candidate.is_second && row.take == Take::Paragraphs {
                self.label(candidate.value, Label::fixed("value:markup"));
            }
        }
        self.state(row, &pointer, value)
    }

    /// Notes that members say different things, so that there is no value.
    fn contradict(&mut self, pointer: &Pointer, same: &[(Candidate<'_>, FoundValue<'_>)]) {
        let Some(((first, one), rest)) = same.split_first() else {
            return;
        };
        for (other, found) in rest {
            if found.texts != one.texts {
                let [span, with] = [other, first].map(|one| Span::from(one.value.inside()));
                self.draft.contradict(span, with, pointer.clone());
            }
        }
        for (candidate, _) in same {
            self.label(candidate.value, Label::fixed("value:conflict"));
        }
        let key = Field::at(pointer.as_str()).and_then(Field::absent_key);
        if let Some(key) = key {
            self.draft.absent(key, AbsentReason::Conflicting);
        }
    }

    fn state(
        &mut self,
        row: &Row,
        pointer: &Pointer,
        found: FoundValue<'_>,
    ) -> Result<(), DraftError> {
        self.labels.extend(found.aside);
        if row.take == Take::Names {
            for group in groups(found.spans) {
                let name = self.draft.member(List::Authors).key("name");
                self.draft.group(name, group, &found.via)?;
            }
            return Ok(());
        }
        if let Some(url) = self.url.as_deref().filter(|_| row.take == Take::Host) {
            let host = found.texts.first().map(AsRef::as_ref);
            if host_of(url).as_deref() == host {
                let label = Label::duplicate(pointer);
                let spans = found.spans.into_iter().flatten();
                self.labels.extend(spans.map(|span| (span, label.clone())));
            }
            return Ok(());
        }
        if row.pattern == "/source/url" {
            self.url = found.texts.first().map(|url| url.clone().into_owned());
        }
        for group in groups(found.spans) {
            self.draft.group(pointer.clone(), group, &found.via)?;
        }
        Ok(())
    }

    /// States the members of a list of URLs, each once.
    fn members(
        &mut self,
        list: List,
        found: Vec<(Candidate<'_>, FoundValue<'_>)>,
    ) -> Result<(), DraftError> {
        let mut known: std::collections::HashSet<String> = self
            .url
            .iter()
            .filter(|_| list == List::Links)
            .cloned()
            .collect();
        let duplicate = Label::duplicate(&Pointer::root().key("url"));
        let mut all: Vec<_> = found.into_iter().map(|(_, found)| found).collect();
        all.sort_by_key(|found| found.spans.iter().flatten().next().map(|span| span.start));
        for FoundValue {
            spans, via, texts, ..
        } in all
        {
            if spans.len() > MAX_SPANS {
                return Err(DraftError::TooManySpans);
            }
            for (group, url) in spans.into_iter().zip(texts) {
                if !known.insert(url.into_owned()) {
                    let again = group.into_iter().map(|span| (span, duplicate.clone()));
                    self.labels.extend(again);
                    continue;
                }
                let member = self.draft.member(list);
                if list == List::Links {
                    let relation = member.clone().key("relation");
                    self.draft.judge(relation, "mentions");
                }
                let value = member.key("url");
                for group in groups(vec![group]) {
                    self.draft.group(value.clone(), group, &via)?;
                }
            }
        }
        Ok(())
    }
}

/// Which of the members is the value: the first where all say the same; of times the finest, where each
/// other one is its beginning.
fn chosen(row: &Row, same: &[(Candidate<'_>, FoundValue<'_>)]) -> Option<usize> {
    let texts = || same.iter().map(|(_, found)| &found.texts);
    let first = texts().next()?;
    if texts().all(|other| other == first) {
        return Some(0);
    }
    if row.take != Take::Time {
        return None;
    }
    let time = |texts: &[std::borrow::Cow<'_, str>]| texts.concat();
    let longest = texts().map(|texts| time(texts)).enumerate();
    let (place, longest) = longest.rev().max_by_key(|(_, time)| time.len())?;
    texts()
        .all(|other| longest.starts_with(&time(other)))
        .then_some(place)
}

fn groups(groups: Vec<Vec<Range<usize>>>) -> impl Iterator<Item = Vec<Span>> {
    let groups = groups.into_iter();
    groups.map(|group| group.into_iter().map(Span::from).collect())
}

fn host_of(url: &str) -> Option<String> {
    let host = Transform::UrlHost.apply(url, "").ok()?;
    Some(host.into_owned())
}
