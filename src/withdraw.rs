//! Withdrawing articles: each leaves a record of its withdrawal, and nothing else.
//!
//! The article goes from the working state with its content, its trace and the relations from and to
//! it. What stays is a [`Withdrawal`] under the same id, which keeps it from coming back: a later
//! build that meets the id, the raw bytes or the URL refuses them
//! ([`withdrawn`]). The next seal publishes that it was withdrawn; releases
//! before it keep the entry, a digest that gives nothing away, so that they can still be verified.

mod missing;

pub use missing::missing;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::corpus::{
    Corpus, Line, Lines, OpenError, Part, PathError, ReadError, State, StateFile, WriteError,
    WriteOptions, Writer,
};
use crate::digest::Digest;
use crate::json::canonical::CanonicalError;
use crate::json::{SyntaxError, Tape};
use crate::manifest::{HistoryError, released};
use crate::record::{
    Article, Format, Id, Key, Precision, Record, RecordType, Time, Traits, Withdrawal,
    WithdrawalReason, WithdrawalTag, Withdrawn, text_v1,
};

/// What to withdraw, and what is said of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The articles.
    pub ids: BTreeSet<Id>,
    /// Why.
    pub reason: WithdrawalReason,
    /// The day, handed in.
    pub date: Time,
    /// What the public is told.
    pub notice: Option<String>,
    /// How shards are written that have to be written anew.
    pub write: WriteOptions,
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
    /// Articles that stay and have the text of one that goes, with its id; in order. None are looked for
    /// where another record stands for what goes.
    pub copies: Vec<(Id, Id)>,
}

/// Why nothing is withdrawn. What was on disk is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WithdrawError {
    /// No id was given.
    #[error("no id was given to withdraw")]
    Nothing,
    /// The day is no day.
    #[error("`{0}` is not a day, YYYY-MM-DD")]
    Date(Time),
    /// The notice says nothing.
    #[error("the notice is empty")]
    Notice,
    /// The corpus has no such articles.
    #[error("the corpus has no article {}", list(.0))]
    Unknown(Vec<Id>),
    /// They are withdrawn already.
    #[error("already withdrawn: {}", list(.0))]
    Already(Vec<Id>),
    /// They are relations; those go with the articles they are about.
    #[error("no article but a relation: {}; relations go with the articles they are about", list(.0))]
    Relation(Vec<Id>),
    /// A line of the corpus is no record.
    #[error("{file}, line {line}: {source}")]
    Line {
        /// The file, relative to the corpus.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: LineError,
    },
    /// A withdrawal has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// The entries of the newest release cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The corpus cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A path leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A shard cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A shard cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Why a line is no record to withdraw from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// U+000A is missing at its end.
    #[error("the line does not end with LF: the file is cut short")]
    Cut,
    /// It is not JSON as dateline reads it.
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    /// It has no id.
    #[error("`id` is missing or no string")]
    NoId,
    /// It is no record.
    #[error(transparent)]
    Record(#[from] crate::record::ReadError),
    /// It has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

fn list(ids: &[Id]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    ids.join(", ")
}

/// What a withdrawal would do to the corpus at `path`; writes nothing.
///
/// # Errors
///
/// [`WithdrawError`], as [`withdraw`].
pub fn preview(path: &Path, request: &Request) -> Result<Outcome, WithdrawError> {
    let corpus = Corpus::open(path)?;
    let state = corpus.working()?;
    Ok(Plan::make(&corpus, &state, request)?.outcome)
}

/// Withdraws articles from the working state of the corpus at `path`; also those that only its newest
/// release still holds.
///
/// All or none: where one id cannot be withdrawn nothing is. The next
/// [`seal`](crate::manifest::seal) makes it part of a release.
///
/// # Errors
///
/// [`WithdrawError`]. What was on disk is as it was, except with [`WriteError::Behind`].
pub fn withdraw(path: &Path, request: &Request) -> Result<Outcome, WithdrawError> {
    // Opened first, so that a path that is no corpus is not made one.
    Corpus::open(path)?;
    let mut writer = Writer::open(path, request.write)?;
    let plan = Plan::make(writer.corpus(), writer.before(), request)?;
    for part in [Part::Records, Part::Traces, Part::Relations] {
        rewrite(&mut writer, part, request, &plan)?;
    }
    add(&mut writer, &plan.outcome.withdrawals)?;
    writer.commit()?;
    Ok(plan.outcome)
}

/// What was withdrawn from a state: what a conversion refuses to take in again.
///
/// # Errors
///
/// [`WithdrawError::Line`], where a line is no withdrawal; or where a shard cannot be read.
pub fn withdrawn(state: &State) -> Result<Withdrawn, WithdrawError> {
    let mut withdrawn = Withdrawn::default();
    for line in state.lines(Part::Withdrawals)? {
        let line = line?;
        if !line.ended {
            return Err(at(&line, LineError::Cut));
        }
        if let (Record::Withdrawal(withdrawal), _) = record(&line)? {
            withdrawn.insert(&withdrawal);
        }
    }
    Ok(withdrawn)
}

/// What is to be done.
struct Plan {
    outcome: Outcome,
    /// The shards that hold lines that go.
    touched: BTreeSet<String>,
}

impl Plan {
    fn make(corpus: &Corpus, state: &State, request: &Request) -> Result<Self, WithdrawError> {
        if request.ids.is_empty() {
            return Err(WithdrawError::Nothing);
        }
        if request.date.precision() != Precision::Day {
            return Err(WithdrawError::Date(request.date.clone()));
        }
        if request.notice.as_ref().is_some_and(String::is_empty) {
            return Err(WithdrawError::Notice);
        }
        let mut plan = Self {
            outcome: Outcome {
                withdrawals: Vec::new(),
                traces: 0,
                relations: 0,
                copies: Vec::new(),
            },
            touched: BTreeSet::new(),
        };
        let mut articles = BTreeMap::new();
        let mut others: BTreeMap<Id, RecordType> = BTreeMap::new();
        for line in state.lines(Part::Records)? {
            let line = line?;
            if !goes(&line, Part::Records, request)? {
                continue;
            }
            plan.touched.insert(line.file.to_string());
            if let (Record::Article(article), digest) = record(&line)? {
                articles.insert(article.id.clone(), (article, digest));
            }
        }
        for line in state.lines(Part::Traces)? {
            let line = line?;
            if goes(&line, Part::Traces, request)? {
                plan.touched.insert(line.file.to_string());
                plan.outcome.traces += 1;
            }
        }
        for line in state.lines(Part::Relations)? {
            let line = line?;
            if goes(&line, Part::Relations, request)? {
                plan.touched.insert(line.file.to_string());
                plan.outcome.relations += 1;
            }
            note(&line, RecordType::Relation, request, &mut others)?;
        }
        for line in state.lines(Part::Withdrawals)? {
            note(&line?, RecordType::Withdrawal, request, &mut others)?;
        }
        lost(corpus, request, &others, &mut articles)?;
        refuse(request, &articles, &others)?;
        let held = released(corpus, &request.ids)?;
        plan.outcome.withdrawals = articles
            .into_values()
            .map(|(article, digest)| replacement(&article, digest, &held, request))
            .collect();
        plan.outcome.copies = copies(state, request, &plan.outcome.withdrawals)?;
        Ok(plan)
    }
}

/// Adds the articles asked for that only the newest release still holds: an edited dump that was built
/// again gives them other ids, and the release stays whole until the next one.
fn lost(
    corpus: &Corpus,
    request: &Request,
    others: &BTreeMap<Id, RecordType>,
    articles: &mut BTreeMap<Id, (Box<Article>, Digest)>,
) -> Result<(), WithdrawError> {
    let found = |id: &Id| articles.contains_key(id) || others.contains_key(id);
    if request.ids.iter().all(found) {
        return Ok(());
    }
    let Some(sealed) = corpus.sealed()? else {
        return Ok(());
    };
    for line in sealed.lines(Part::Records)? {
        let line = line?;
        if !goes(&line, Part::Records, request)? {
            continue;
        }
        if let (Record::Article(article), digest) = record(&line)?
            && !others.contains_key(&article.id)
        {
            articles
                .entry(article.id.clone())
                .or_insert((article, digest));
        }
    }
    Ok(())
}

/// Notes the type of a record that was asked for and is no article.
fn note(
    line: &Line,
    kind: RecordType,
    request: &Request,
    others: &mut BTreeMap<Id, RecordType>,
) -> Result<(), WithdrawError> {
    let id = text(line, "id")?.ok_or_else(|| at(line, LineError::NoId))?;
    if let Some(id) = request.ids.get(id.as_str()) {
        others.insert(id.clone(), kind);
    }
    Ok(())
}

/// Refuses what is no article of the working state, all of one kind at once.
fn refuse(
    request: &Request,
    articles: &BTreeMap<Id, (Box<Article>, Digest)>,
    others: &BTreeMap<Id, RecordType>,
) -> Result<(), WithdrawError> {
    let of = |kind: Option<RecordType>| -> Vec<Id> {
        let ids = request.ids.iter().filter(|id| !articles.contains_key(*id));
        ids.filter(|id| others.get(*id).copied() == kind)
            .cloned()
            .collect()
    };
    let unknown = of(None);
    let already = of(Some(RecordType::Withdrawal));
    let relations = of(Some(RecordType::Relation));
    if !unknown.is_empty() {
        Err(WithdrawError::Unknown(unknown))
    } else if !already.is_empty() {
        Err(WithdrawError::Already(already))
    } else if !relations.is_empty() {
        Err(WithdrawError::Relation(relations))
    } else {
        Ok(())
    }
}

/// What stands in the place of `article`.
fn replacement(
    article: &Article,
    digest: Digest,
    held: &BTreeMap<Id, (u64, Digest)>,
    request: &Request,
) -> Withdrawal {
    let sealed = held.get(&article.id);
    let keyed = !request.reason.is_keyless();
    let traits = if keyed {
        Traits::of(article)
    } else {
        Traits::default()
    };
    Withdrawal {
        format: Format::V1,
        tag: WithdrawalTag::Withdrawal,
        id: article.id.clone(),
        // What the release names is what the public has seen, also where it was revised since.
        was: sealed.map_or(digest, |&(_, digest)| digest),
        release: sealed.map(|&(release, _)| release),
        reason: request.reason,
        date: request.date.clone(),
        notice: request.notice.clone(),
        raw_digest: keyed.then_some(Key::Public(article.raw.digest)),
        text_digest: article
            .text_digest
            .filter(|_| {
                // Of a text that is withheld the length is not known.
                let text = article
                    .content
                    .as_ref()
                    .and_then(|content| content.text.as_deref());
                keyed && text.is_none_or(is_telling)
            })
            .map(Key::Public),
        url_digests: public(traits.urls),
        url_keys: public(traits.url_keys),
    }
}

/// Public keys in their order.
fn public(mut digests: Vec<Digest>) -> Vec<Key> {
    digests.sort_unstable();
    digests.into_iter().map(Key::Public).collect()
}

/// Whether a text tells one article from another.
fn is_telling(text: &str) -> bool {
    text_v1(text).chars().nth(Withdrawal::TELLING - 1).is_some()
}

/// The articles that stay with the text of one of `withdrawals`, each with the id of that.
fn copies(
    state: &State,
    request: &Request,
    withdrawals: &[Withdrawal],
) -> Result<Vec<(Id, Id)>, WithdrawError> {
    let texts: BTreeMap<String, &Id> = withdrawals
        .iter()
        .filter(|_| !request.reason.leaves_another())
        .filter_map(|withdrawal| Some((withdrawal.text_digest?.to_string(), &withdrawal.id)))
        .collect();
    let mut copies = Vec::new();
    if texts.is_empty() {
        return Ok(copies);
    }
    for line in state.lines(Part::Records)? {
        let line = line?;
        let digest = text(&line, "text_digest")?;
        if let Some(gone) = digest.and_then(|digest| texts.get(&digest).copied())
            && !goes(&line, Part::Records, request)?
            && let (Record::Article(article), _) = record(&line)?
        {
            copies.push((article.id.clone(), gone.clone()));
        }
    }
    copies.sort_unstable();
    Ok(copies)
}

/// Whether a line goes with the articles asked for.
fn goes(line: &Line, part: Part, request: &Request) -> Result<bool, WithdrawError> {
    let keys: &[&str] = match part {
        Part::Relations => &["from", "to"],
        Part::Records | Part::Traces | Part::Withdrawals | Part::Inputs => &["id"],
    };
    for key in keys {
        if text(line, key)?.is_some_and(|id| request.ids.contains(id.as_str())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes the shards of `part` that hold lines that go anew, without them; keeps the others.
fn rewrite(
    writer: &mut Writer,
    part: Part,
    request: &Request,
    plan: &Plan,
) -> Result<(), WithdrawError> {
    let files: Vec<StateFile> = writer.before().part(part).cloned().collect();
    if !files
        .iter()
        .any(|file| plan.touched.contains(&file.name.to_string()))
    {
        return Ok(());
    }
    let mut shards = writer.part(part);
    for file in &files {
        if !plan.touched.contains(&file.name.to_string()) {
            shards.keep(&writer.stored(file)?)?;
            continue;
        }
        for line in Lines::new([writer.before().source(file)?]) {
            let line = line?;
            if !goes(&line, part, request)? {
                let id = text(&line, "id")?.ok_or_else(|| at(&line, LineError::NoId))?;
                shards.push(&id, &line.bytes)?;
            }
        }
        shards.cut()?;
    }
    writer.set(shards.finish()?);
    Ok(())
}

/// Adds withdrawals to those there are.
fn add(writer: &mut Writer, withdrawals: &[Withdrawal]) -> Result<(), WithdrawError> {
    let mut lines = BTreeMap::new();
    for line in writer.before().lines(Part::Withdrawals)? {
        let line = line?;
        let id = text(&line, "id")?.ok_or_else(|| at(&line, LineError::NoId))?;
        lines.insert(id, line.bytes);
    }
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

fn record(line: &Line) -> Result<(Record, Digest), WithdrawError> {
    let record = Record::read(&line.bytes).map_err(|error| at(line, error.into()))?;
    let digest = record.digest().map_err(|error| at(line, error.into()))?;
    Ok((record, digest))
}

/// The text of one member of a line.
fn text(line: &Line, key: &str) -> Result<Option<String>, WithdrawError> {
    if !line.ended {
        return Err(at(line, LineError::Cut));
    }
    let tape = Tape::parse(&line.bytes).map_err(|error| at(line, error.into()))?;
    let text = tape.root().get(key).and_then(|node| node.as_str());
    Ok(text.map(std::borrow::Cow::into_owned))
}

fn at(line: &Line, source: LineError) -> WithdrawError {
    WithdrawError::Line {
        file: line.file.to_string(),
        line: line.number,
        source,
    }
}

#[cfg(test)]
mod tests;
