//! What becomes of each item while inputs are converted.

use std::collections::{BTreeSet, HashMap};

use super::asserted::Asserted;
use super::before::Before;
use super::ids::Keeping;
use super::{ConvertError, Summary};
use crate::convert::{Converted, Latest, Made, Refusal};
use crate::corpus::Sorter;
use crate::diagnostic::{Diagnostic, Report, Severity, codes};
use crate::digest::Digest;
use crate::dump::{InputEntry, Kind};
use crate::record::{Id, Traits};
use crate::takedown::{Barred, Gate, HELD};

/// What is gathered while items are converted.
pub(super) struct Work<'w> {
    pub(super) gate: &'w Gate,
    pub(super) before: &'w Before,
    pub(super) keeping: &'w Keeping,
    pub(super) latest: Latest,
    /// Articles with their record digests: those that stay, and those that were made.
    pub(super) seen: HashMap<Id, Digest>,
    /// Articles that were made and were not there.
    pub(super) fresh: BTreeSet<Id>,
    /// The text digests of those.
    pub(super) texts: BTreeSet<String>,
    pub(super) asserted: Asserted,
    pub(super) records: Sorter,
    pub(super) traces: Sorter,
    pub(super) summary: Summary,
    pub(super) report: Report,
}

impl Work<'_> {
    /// Takes what became of an item of the file of `entry`.
    pub(super) fn take(
        &mut self,
        entry: &mut InputEntry,
        outcome: Converted<Result<Written, ConvertError>>,
    ) -> Result<(), ConvertError> {
        self.report(outcome.found);
        let (made, written) = match outcome.made {
            Ok(made) => made,
            Err(refused) => {
                entry.refuse(refused);
                return Ok(());
            }
        };
        if self.latest.supersedes(&made.article) {
            entry.supersede();
            return Ok(());
        }
        let reader = &made.trace.profile.id;
        let Some(refusal) = self.keep(&made, written?)? else {
            entry.count_record(reader);
            return Ok(());
        };
        let refused = refusal.entry(&made);
        let path = made.trace.locations.first().map(|at| at.path.as_str());
        let before = path.is_some_and(|path| self.gate.was_held(path, &refused));
        if refused.code == HELD && before {
            self.summary.held_before += 1;
        } else {
            self.report.push(refusal.of_made(&made, outcome.place));
        }
        entry.refuse(refused);
        Ok(())
    }

    fn report(&mut self, found: Vec<Diagnostic>) {
        let wrong = |found: &Diagnostic| found.severity != Severity::Note;
        self.report.extend(found.into_iter().filter(wrong));
    }

    /// Takes the end of a file.
    pub(super) fn end(&mut self, entry: &InputEntry, found: Vec<Diagnostic>) {
        self.report(found);
        let summary = &mut self.summary;
        summary.files += 1;
        summary.bytes += entry.bytes;
        summary.items += entry.items;
        summary.superseded += entry.superseded;
        summary.ignored += u64::from(entry.kind == Kind::Notes);
        for refused in &entry.refused {
            if refused.code == codes::ITEM_WITHDRAWN.name {
                summary.withdrawn += 1;
            } else if refused.code == HELD {
                summary.held += 1;
            } else {
                summary.refused += 1;
            }
        }
    }

    /// Keeps a record, unless it was withdrawn or another one has its id.
    fn keep(&mut self, made: &Made, written: Written) -> Result<Option<Refusal>, ConvertError> {
        let Made { article, trace } = made;
        if let Some(Barred { of, by }) = written.barred {
            let id = article.id.clone();
            return Ok(Some(if by.is_certain() {
                Refusal::Withdrawn { of, by }
            } else {
                Refusal::Held { id, of, by }
            }));
        }
        let known = self.seen.get(&article.id);
        if known.is_some_and(|known| *known != written.digest) {
            return Ok(Some(Refusal::Conflict(article.id.clone())));
        }
        let read_by = &mut self.summary.read_by;
        *read_by.entry(trace.profile.id.clone()).or_default() += 1;
        let id = article.id.to_string();
        if known.is_none() {
            self.asserted.add(article, Some(trace));
            self.summary.records += 1;
            if !self.before.articles.contains_key(&article.id) {
                self.fresh.insert(article.id.clone());
                self.texts
                    .extend(article.text_digest.map(|digest| digest.to_string()));
            }
            self.seen.insert(article.id.clone(), written.digest);
            self.records.push(id.clone(), written.record)?;
        } else {
            self.summary.again += 1;
        }
        self.traces.push(id, written.trace)?;
        Ok(None)
    }
}

/// A record and its trace as they are written, made on the thread that made the record.
pub(super) struct Written {
    record: Vec<u8>,
    digest: Digest,
    trace: Vec<u8>,
    /// Why it may not enter.
    barred: Option<Barred>,
}

impl Written {
    pub(super) fn of(made: &Made, gate: &Gate) -> Result<Self, ConvertError> {
        let (digest, record) = made.article.written()?;
        Ok(Self {
            digest,
            record,
            trace: made.trace.line(&made.article.id)?,
            barred: gate.bars(&Traits::of(&made.article)),
        })
    }
}
