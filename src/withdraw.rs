//! Withdrawing articles: each leaves a record of its withdrawal, and nothing else.
//!
//! The article goes from the working state with its content, its trace and the relations from and to
//! it. What stays is a [`Withdrawal`] under the same id, with the keys by which it is known again
//! (`spec/withdrawals.md`). The next seal publishes that it was withdrawn; releases before it keep the
//! entry, a digest that gives nothing away, so that they can still be verified.
//!
//! Other articles that may be the same one are not guessed about: whoever withdraws says of each
//! whether it goes, too, or is distinct. What was decided, the secret of private keys and a receipt
//! lie beside the corpus ([`takedown::Private`]).

mod error;
mod missing;
mod receipt;
mod replace;
mod select;
mod survey;

pub use error::{LineError, WithdrawError};
pub use missing::missing;
pub use select::Selection;
pub use survey::Lookalike;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::corpus::{
    Chunks, Corpus, Part, State, StateFile, WriteError, WriteOptions, Writer, id_of,
};
use crate::digest::Digest;
use crate::dump::{Refused, WITHDRAWN};
use crate::manifest::restore;
use crate::record::{Article, Id, Precision, Record, Secret, Time, Withdrawal, WithdrawalReason};
use crate::release::{released, releases_of};
use crate::takedown::{self, Decision, Private, Verdict};
use crate::trace::Location;

/// What to withdraw, and what is said of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The articles.
    pub select: Selection,
    /// Articles that go, too: of the corpus, or ids of items that are held.
    pub also: BTreeSet<Id>,
    /// Articles that are like one that goes, and are others.
    pub distinct: BTreeSet<Id>,
    /// Why.
    pub reason: WithdrawalReason,
    /// Whether keys are private; only where the reason has keys.
    pub keying: Keying,
    /// The day, handed in.
    pub date: Time,
    /// Who withdraws and decides, for the decisions and the receipt.
    pub by: String,
    /// What the public is told.
    pub notice: Option<String>,
    /// The folder beside the corpus.
    pub private: Private,
    /// How shards are written that have to be written anew.
    pub write: WriteOptions,
}

/// How the keys of a withdrawal are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keying {
    /// As digests, which everybody can match and guess.
    Public,
    /// As codes under the secret beside the corpus; where there is none yet, these random bytes
    /// become it.
    Private([u8; 32]),
}

/// What was withdrawn, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// What stands in the place of the articles, in order of their ids.
    pub withdrawals: Vec<Withdrawal>,
    /// How many traces went.
    pub traces: u64,
    /// How many relations went.
    pub relations: u64,
    /// Articles that stay and are like one that goes; in order. None are looked for where the reason
    /// leaves no keys.
    pub copies: Vec<Lookalike>,
    /// Records that stay and link to a URL of one that goes, with its id; in order.
    pub links: Vec<(Id, Id)>,
    /// URLs among the keys of an article that others with other texts share, so that they are no keys:
    /// how many of each article.
    pub shared: BTreeMap<Id, usize>,
    /// What was asked for and no article has: URLs and domains.
    pub unmatched: Vec<String>,
    /// The releases that had each article, in ascending order.
    pub releases: BTreeMap<Id, Vec<u64>>,
    /// The files of dumps that they were made of, as the ledger names them.
    pub paths: BTreeSet<String>,
    /// Articles whose text is too short to be a key, or is withheld.
    pub unprotected: Vec<Id>,
    /// Where the receipt is; none where nothing was written.
    pub receipt: Option<PathBuf>,
}

/// What a withdrawal would do to the corpus at `path`; writes nothing.
///
/// # Errors
///
/// [`WithdrawError`], as [`withdraw`]; but for [`WithdrawError::Undecided`]: the copies are in the
/// outcome.
pub fn preview(path: &Path, request: &Request) -> Result<Outcome, WithdrawError> {
    let corpus = Corpus::open(path)?;
    request.private.lies_outside(path)?;
    let state = corpus.working()?;
    Ok(plan(&corpus, &state, &request.resolved(&corpus, &state)?)?.outcome)
}

/// Withdraws articles from the working state of the corpus at `path`; also those that only its newest
/// release still holds.
///
/// All or none: where one cannot be withdrawn, or an article that is like one that goes is not decided
/// about, nothing is. The next [`seal`](crate::manifest::seal) makes it part of a release.
///
/// # Errors
///
/// [`WithdrawError`]. The corpus is as it was, except with [`WriteError::Behind`].
pub fn withdraw(path: &Path, request: &Request) -> Result<Outcome, WithdrawError> {
    // Opened first, so that a path that is no corpus is not made one.
    Corpus::open(path)?;
    request.private.lies_outside(path)?;
    restore(path)?;
    let mut writer = Writer::open(path, request.write)?;
    writer.thin_out(writer.corpus())?;
    let request = &request.resolved(writer.corpus(), writer.before())?;
    let private = matches!(request.keying, Keying::Private(_));
    let known = private && request.private.secret()?.is_some();
    let mut plan = plan(writer.corpus(), writer.before(), request)?;
    if !plan.outcome.copies.is_empty() {
        return Err(WithdrawError::Undecided(plan.outcome.copies));
    }
    if plan.outcome.withdrawals.is_empty() {
        request.private.decide(&request.decisions())?;
        return Ok(plan.outcome);
    }
    if let Keying::Private(random) = request.keying
        && !known
    {
        let secret = request.private.secret_or_new(random)?;
        // Another command may have made it since.
        if secret != Secret::from_bytes(random) {
            plan = Plan::make(writer.corpus(), writer.before(), request, Some(&secret))?;
        }
    }
    request.private.decide(&request.decisions())?;
    for part in [Part::Records, Part::Traces, Part::Relations] {
        rewrite(&mut writer, part, &plan)?;
    }
    forget(&mut writer, &plan)?;
    add(&mut writer, &plan.outcome.withdrawals)?;
    // Written first, so that nothing is withdrawn without one.
    let text = receipt::text(path, request, &plan.outcome);
    let first = plan.outcome.withdrawals.first();
    let first = first.map_or("none", |first| first.id.as_str());
    let name = format!("{}-{first}", request.date);
    let receipt = request.private.receipt(&name, &text)?;
    if let Err(error) = writer.commit() {
        if !matches!(error, WriteError::Behind(_)) {
            // The cause is worth more than what comes of it.
            let _ = request.private.take_back(&receipt);
        }
        return Err(error.into());
    }
    plan.outcome.receipt = Some(receipt);
    Ok(plan.outcome)
}

/// What is to be done, with the secret that there is, or that there will be.
fn plan(corpus: &Corpus, state: &State, request: &Request) -> Result<Plan, WithdrawError> {
    let Keying::Private(random) = request.keying else {
        return Plan::make(corpus, state, request, None);
    };
    if let Some(secret) = request.private.secret()? {
        return Plan::make(corpus, state, request, Some(&secret));
    }
    let plan = Plan::make(corpus, state, request, Some(&Secret::from_bytes(random)))?;
    let locked = takedown::withdrawn(state, &request.private)?.locked();
    if locked > 0 && !plan.outcome.withdrawals.is_empty() {
        return Err(WithdrawError::Locked {
            count: locked,
            path: request.private.path().to_owned(),
        });
    }
    Ok(plan)
}

impl Request {
    /// The same with whole ids where beginnings of ids were given of what goes, too, or is distinct.
    fn resolved(&self, corpus: &Corpus, state: &State) -> Result<Self, WithdrawError> {
        let given = || self.also.iter().chain(&self.distinct);
        let mut request = self.clone();
        if given().next().is_none() {
            return Ok(request);
        }
        let mut ids = survey::ids(state, Part::Records)?;
        if corpus.unsealed()?.is_some()
            && let Some(sealed) = corpus.sealed()?
        {
            ids.extend(survey::ids(&sealed, Part::Records)?);
        }
        let whole = |given: &BTreeSet<Id>| -> Result<BTreeSet<Id>, WithdrawError> {
            given.iter().map(|id| select::whole(id, &ids)).collect()
        };
        request.also = whole(&self.also)?;
        request.distinct = whole(&self.distinct)?;
        Ok(request)
    }

    /// What is decided, as it is kept beside the corpus.
    fn decisions(&self) -> Vec<Decision> {
        let also = self.also.iter().map(|id| (Verdict::Also, id));
        let distinct = self.distinct.iter().map(|id| (Verdict::Distinct, id));
        also.chain(distinct)
            .map(|(decision, id)| Decision {
                decision,
                id: id.clone(),
                date: self.date.clone(),
                by: self.by.clone(),
            })
            .collect()
    }

    fn check(&self) -> Result<(), WithdrawError> {
        if self.select.is_empty() && self.also.is_empty() && self.distinct.is_empty() {
            return Err(WithdrawError::Nothing);
        }
        if self.date.precision() != Precision::Day {
            return Err(WithdrawError::Date(self.date.clone()));
        }
        if self.notice.as_ref().is_some_and(String::is_empty) {
            return Err(WithdrawError::Notice);
        }
        if let Some(both) = self.also.intersection(&self.distinct).next() {
            return Err(WithdrawError::Both(both.clone()));
        }
        Ok(())
    }
}

/// An article that goes.
struct Gone {
    article: Box<Article>,
    digest: Digest,
}

/// What is to be done.
struct Plan {
    outcome: Outcome,
    /// The ids that go.
    ids: BTreeSet<Id>,
    /// The shards that hold lines that go.
    touched: BTreeSet<String>,
    /// The items that they were made of, and what read each.
    items: Vec<(Location, String)>,
}

impl Plan {
    fn make(
        corpus: &Corpus,
        state: &State,
        request: &Request,
        secret: Option<&Secret>,
    ) -> Result<Self, WithdrawError> {
        request.check()?;
        let select::Selected {
            gone,
            unmatched,
            touched,
        } = select::find(corpus, state, request)?;
        let likeness = survey::records(state, &gone, request)?;
        let ids: BTreeSet<Id> = gone.keys().cloned().collect();
        let mut plan = Self {
            outcome: Outcome {
                withdrawals: Vec::new(),
                traces: 0,
                relations: 0,
                copies: likeness.copies,
                links: likeness.links,
                shared: BTreeMap::new(),
                unmatched,
                releases: releases_of(corpus, &ids)?,
                paths: BTreeSet::new(),
                unprotected: Vec::new(),
                receipt: None,
            },
            ids,
            touched,
            items: Vec::new(),
        };
        if plan.ids.is_empty() {
            return Ok(plan);
        }
        survey::traces(state, &mut plan)?;
        survey::relations(state, &mut plan)?;
        plan.outcome.links.sort_unstable();
        plan.outcome.links.dedup();
        let held = released(corpus, &plan.ids)?;
        let replacing = replace::Replacing {
            request,
            secret,
            held: &held,
            shared: &likeness.shared,
        };
        for Gone { article, digest } in gone.values() {
            let (withdrawal, shared) = replacing.of(article, *digest);
            if shared > 0 {
                plan.outcome.shared.insert(article.id.clone(), shared);
            }
            if !request.reason.is_keyless() && withdrawal.text_digest.is_none() {
                plan.outcome.unprotected.push(article.id.clone());
            }
            plan.outcome.withdrawals.push(withdrawal);
        }
        Ok(plan)
    }
}

/// Writes the shards of `part` that hold lines that go anew, without them, behind the others.
fn rewrite(writer: &mut Writer, part: Part, plan: &Plan) -> Result<(), WithdrawError> {
    let touched = |file: &&StateFile| plan.touched.contains(&file.name.to_string());
    let files: Vec<StateFile> = writer.before().part(part).cloned().collect();
    if !files.iter().any(|file| touched(&file)) {
        return Ok(());
    }
    let mut shards = writer.part(part);
    for file in files.iter().filter(|file| !touched(file)) {
        shards.keep(&writer.stored(file)?)?;
    }
    let mut sources = Vec::new();
    for file in files.iter().filter(touched) {
        sources.push(writer.before().source(file)?);
    }
    for chunk in Chunks::sorted(sources) {
        let chunk = chunk?;
        for line in chunk.stored() {
            // Each was parsed when the plan was made.
            let id = id_of(line.line.bytes).ok_or_else(|| survey::at(line, LineError::NoId))?;
            let goes = if part == Part::Relations {
                survey::is_about(survey::parsed(line)?.root(), &plan.ids)
            } else {
                plan.ids.contains(id.as_str())
            };
            if !goes {
                shards.push(&id, line.line.bytes)?;
            }
        }
    }
    writer.set(shards.finish()?);
    Ok(())
}

/// Writes the ledger anew: the items are refused as withdrawn, and files of nothing else are only
/// counted.
fn forget(writer: &mut Writer, plan: &Plan) -> Result<(), WithdrawError> {
    if plan.items.is_empty() {
        return Ok(());
    }
    let mut items: BTreeMap<&str, Vec<&(Location, String)>> = BTreeMap::new();
    for item in &plan.items {
        items.entry(&item.0.path).or_default().push(item);
    }
    let mut ledger = writer.ledger();
    let mut entries = writer.before().ledger()?;
    for entry in entries.by_ref() {
        let mut entry = entry?;
        for (location, reader) in items.remove(entry.path.as_str()).into_iter().flatten() {
            entry.refuse_record(reader, Refused::at(location, WITHDRAWN));
        }
        ledger.push(&entry)?;
    }
    ledger.add_withdrawn(entries.withdrawn_files());
    writer.set(ledger.finish()?);
    Ok(())
}

/// Adds withdrawals to those there are.
fn add(writer: &mut Writer, withdrawals: &[Withdrawal]) -> Result<(), WithdrawError> {
    let mut lines = BTreeMap::new();
    let before = survey::each(writer.before(), Part::Withdrawals, |line, root| {
        Ok(Some((survey::id(line, root)?, line.line.bytes.to_vec())))
    })?;
    lines.extend(before);
    for withdrawal in withdrawals {
        let record = Record::Withdrawal(Box::new(withdrawal.clone()));
        lines.insert(withdrawal.id.to_string(), record.to_line()?);
    }
    let mut shards = writer.part(Part::Withdrawals);
    for (id, line) in &lines {
        shards.push(id, line)?;
    }
    writer.set(shards.finish()?);
    Ok(())
}

#[cfg(test)]
mod tests;
