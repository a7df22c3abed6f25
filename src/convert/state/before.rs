//! What a corpus has before anything is converted.

use std::collections::{BTreeMap, BTreeSet};

use super::{ConvertError, Scope, records};
use crate::corpus::{Part, State};
use crate::digest::Digest;
use crate::dump::InputEntry;
use crate::record::{Article, Id, Record, Source, derived_article_id, named_article_id};

/// The working state, by what a conversion asks of it.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// Its articles, with their record digests.
    pub(super) articles: BTreeMap<Id, Digest>,
    /// By raw digest: the articles whose ids are neither what their bytes nor what their URL gives; none
    /// where two have it.
    pub(super) kept: BTreeMap<Digest, Option<Id>>,
    /// Withdrawals that let their articles return.
    pub(super) returning: BTreeSet<Id>,
    /// The ledger, by path.
    pub(super) ledger: BTreeMap<String, InputEntry>,
    /// How many files the ledger counts and does not name, since all their items were withdrawn.
    pub(super) withdrawn_files: u64,
    /// Whether it cannot be read, so that none of its articles can stay.
    pub(super) damaged: bool,
}

impl Before {
    /// Reads a state. What cannot be read is an error, unless nothing of it is to stay.
    pub(super) fn read(state: &State, scope: Scope) -> Result<Self, ConvertError> {
        match Self::try_read(state) {
            Err(_) if scope == Scope::Replace => Ok(Self {
                damaged: true,
                ..Self::default()
            }),
            read => read,
        }
    }

    fn try_read(state: &State) -> Result<Self, ConvertError> {
        let mut before = Self::default();
        for record in records(state.lines(Part::Records)?) {
            let record = record?;
            let digest = record.digest()?;
            if let Record::Article(article) = record {
                before.note(&article)?;
                before.articles.insert(article.id, digest);
            }
        }
        for record in records(state.lines(Part::Withdrawals)?) {
            if let Record::Withdrawal(withdrawal) = record?
                && withdrawal.reason.lets_return()
            {
                before.returning.insert(withdrawal.id);
            }
        }
        let mut entries = state.ledger()?;
        for entry in entries.by_ref() {
            let entry = entry?;
            before.ledger.insert(entry.path.clone(), entry);
        }
        before.withdrawn_files = entries.withdrawn_files();
        Ok(before)
    }

    fn note(&mut self, article: &Article) -> Result<(), ConvertError> {
        let fetch = article.fetch.as_ref();
        let derived = |url, time| derived_article_id(&article.raw.digest, &[], url, time);
        let url = fetch.and_then(|fetch| fetch.url.as_deref());
        let time = fetch.and_then(|fetch| fetch.time.as_ref());
        if article.id == derived(None, None)? || article.id == derived(url, time)? {
            return Ok(());
        }
        let source = article.source.as_ref();
        let url = source.and_then(Source::id_url);
        let identifier = source.and_then(|source| source.identifier.as_deref());
        for name in [url, identifier].into_iter().flatten() {
            if article.id == named_article_id(name)? {
                return Ok(());
            }
        }
        self.kept
            .entry(article.raw.digest)
            .and_modify(|id| *id = None)
            .or_insert_with(|| Some(article.id.clone()));
        Ok(())
    }
}
