//! What was withdrawn, and that it has not come back.

use std::collections::HashMap;
use std::ops::Range;

use crate::check::corpus::ids::Key;
use crate::check::corpus::late::LateFinding;
use crate::check::line::findings::Findings;
use crate::check::line::value::pointer;
use crate::check::line::view::View;
use crate::corpus::Corpus;
use crate::diagnostic::{Code, Diagnostic, Place, Severity, codes};
use crate::digest::Digest;
use crate::json::Node;
use crate::manifest::{VerifyError, unbound};
use crate::record::{self, Id, Meeting, RecordType, Traits, Withdrawal};
use crate::release::{Entry, Standing, WithdrawalFault};
use crate::takedown::Private;

/// What to do about an article that is back, or may be.
fn remedy(id: Option<&Id>, by: Meeting) -> String {
    let id = id.map_or("ID", Id::as_str);
    let withdraw = format!("`dateline withdraw CORPUS {id} --reason …`");
    if by.is_certain() {
        format!("withdraw it, too: {withdraw}")
    } else {
        format!(
            "a person decides: {withdraw} withdraws it, too, `dateline withdraw CORPUS --distinct {id}` \
             keeps it"
        )
    }
}

/// What was withdrawn, by everything it is known again by.
#[derive(Debug, Default)]
pub(crate) struct Withdrawn {
    known: record::Withdrawn,
    was: HashMap<Key, Digest>,
    said: Vec<(Id, Standing)>,
}

impl Withdrawn {
    /// Takes in one withdrawal.
    pub(crate) fn add(&mut self, withdrawal: &Withdrawal) {
        let id = withdrawal.id.to_string();
        self.was.insert(Key::of(&id), withdrawal.was);
        let (was, release) = (withdrawal.was, withdrawal.release);
        self.said
            .push((withdrawal.id.clone(), Standing { was, release }));
        self.known.insert(withdrawal);
    }

    /// Takes in what people decided, and the secret; says where that cannot be read, or where withdrawals have
    /// keys that it would open.
    pub(crate) fn decide(&mut self, private: &Private) -> Option<Diagnostic> {
        if self.is_empty() {
            return None;
        }
        let place = Place::file(private.path().display().to_string());
        if let Err(error) = private.add_to(&mut self.known) {
            let message = format!("the decisions and the secret cannot be read: {error}");
            let mut found = Diagnostic::new(codes::WITHDRAWAL_LOCKED, place, message);
            found.severity = Severity::Warning;
            return Some(found);
        }
        let message = match self.known.locked() {
            0 => return None,
            1 => "the secret of a private withdrawal is not here: of it only the id is known again"
                .to_owned(),
            many => format!(
                "the secret of {many} private withdrawals is not here: of these only the ids are known again"
            ),
        };
        Some(Diagnostic::new(codes::WITHDRAWAL_LOCKED, place, message))
    }

    /// Takes in all that another has.
    pub(crate) fn append(&mut self, other: Self) {
        self.was.extend(other.was);
        self.said.extend(other.said);
        self.known.append(other.known);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What is wrong with withdrawals by the chain of a corpus: that what they say was withdrawn is not what
    /// its releases have.
    pub(crate) fn unbound(&self, corpus: &Corpus) -> Result<Vec<(Key, LateFinding)>, VerifyError> {
        let wrong = unbound(corpus, self.said.clone())?;
        let late = |(id, fault): (Id, WithdrawalFault)| {
            let code = match fault {
                WithdrawalFault::Altered { .. } => codes::WITHDRAWAL_ALTERED,
                WithdrawalFault::Was { .. }
                | WithdrawalFault::Release { .. }
                | WithdrawalFault::Late { .. }
                | WithdrawalFault::Unnamed { .. } => codes::WITHDRAWAL_WAS,
            };
            let pointer = pointer(&format!("/{}", fault.member()));
            let said = fault.to_string();
            let said = said
                .split_once("` ")
                .map_or(said.as_str(), |(_, rest)| rest);
            let late = LateFinding {
                code,
                pointer,
                said: said.to_owned(),
                within: None,
            };
            (Key::of(id.as_str()), late)
        };
        Ok(wrong.into_iter().map(late).collect())
    }

    /// What is wrong with the withdrawal of the record that release `number` has as `entry`: that it names
    /// another digest. What a release before had is not known.
    pub(crate) fn misses(&self, entry: &Entry, number: u64) -> Option<LateFinding> {
        if self.was.is_empty() || entry.kind == RecordType::Withdrawal {
            return None;
        }
        let was = self.was.get(&Key::of(entry.id.as_str()))?;
        (*was != entry.digest).then(|| LateFinding {
            code: codes::WITHDRAWAL_WAS,
            pointer: pointer("/was"),
            said: format!(
                "is not the digest of `{}` in release {number}, {}",
                entry.id, entry.digest
            ),
            within: None,
        })
    }

    /// Reports an article that was withdrawn under another id, by the first thing that tells.
    pub(crate) fn check(&self, article: &View<'_>, findings: &mut Findings<'_>) {
        if self.is_empty() {
            return;
        }
        let traits = traits(article);
        let Some((id, by)) = self.known.meets(&traits) else {
            return;
        };
        let Some((place, span)) = self.place(article, by) else {
            return;
        };
        let code: &'static Code = match by {
            // The same id twice is for the index of ids to say.
            Meeting::Id => return,
            Meeting::UrlKey => codes::WITHDRAWN_URL,
            Meeting::Text => codes::WITHDRAWN_TEXT,
            Meeting::Decision | Meeting::Raw | Meeting::Url => codes::WITHDRAWN_RETURNED,
        };
        let of = format!("the withdrawn article `{id}`");
        let message = format!("this article {}", by.predicate(&of));
        findings
            .push(code, span, Some(pointer(place)), message)
            .hint = Some(remedy(traits.id.as_ref(), by));
    }

    /// Where an article has what it is known again by.
    fn place(&self, article: &View<'_>, by: Meeting) -> Option<(&'static str, Range<usize>)> {
        let of = |value: Option<Node<'_>>, place| value.map(|value| (place, value.span()));
        match by {
            Meeting::Raw => of(article.raw.digest, "/raw/digest"),
            Meeting::Text => of(article.own.text_digest, "/text_digest"),
            Meeting::Url | Meeting::UrlKey => {
                let met = |value: &Node<'_>| {
                    let mut traits = Traits::default();
                    traits.add_urls(value.as_str().as_deref());
                    self.known.meets(&traits).is_some_and(|(_, met)| met == by)
                };
                let addresses = article.addresses();
                let mut there = addresses.into_iter();
                there.find_map(|(value, place)| of(value.filter(met), place))
            }
            Meeting::Id | Meeting::Decision => of(article.own.id, "/id"),
        }
    }
}

/// What an article may be known again by.
fn traits(article: &View<'_>) -> Traits {
    let text = |value: Option<Node<'_>>| value.and_then(|value| Some(value.as_str()?.into_owned()));
    let digest = |value| text(value).and_then(|text| text.parse().ok());
    let mut traits = Traits {
        id: text(article.own.id).and_then(|id| id.parse().ok()),
        raw: digest(article.raw.digest),
        text: digest(article.own.text_digest),
        ..Traits::default()
    };
    let addresses = article.addresses().map(|(value, _)| text(value));
    traits.add_urls(addresses.iter().flatten().map(String::as_str));
    traits
}
