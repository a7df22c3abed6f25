//! From raw dumps to the working state of a corpus: convert and link.
//!
//! The new state is gathered beside the old one and takes its place in one step: [`prepare`] gathers it and
//! says what would change, [`Prepared::commit`] puts it in its place. Shards all of whose lines stay are not
//! written again. Memory grows with ids, URLs and links, not with texts.
//!
//! A corpus that is there is never guessed about ([`Take`]): `plan` compares the inputs with the ledger before
//! anything is converted, `join` puts what was made beside what stays, `ids` lets articles keep their ids.

mod before;
mod error;
mod ids;
mod join;
mod options;
mod pack;
mod plan;
mod traces;

pub use error::BuildError;
pub use options::{KeepIds, Named, Options, Outcome, Pairing, Scope, Summary, Take};
pub use pack::{Packed, pack};

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use before::Before;
use ids::{Keeping, Latest, Texts};
use join::join;
use plan::Plan;
use traces::Traces;

use crate::convert::{Converted, Converter, Made, Refusal, Spot, Told};
use crate::corpus::{Commit, Corpus, Lines, Pair, Part, Sorter, WriteOptions, Writer};
use crate::diagnostic::{Diagnostic, Report, Severity, codes};
use crate::digest::Digest;
use crate::dump::{Input, InputEntry, Kind};
use crate::json::{Tape, canonical};
use crate::link::{Asserted, METHOD};
use crate::manifest::{released, restore};
use crate::record::{Id, Record, Traits, Withdrawn};
use crate::takedown::{Barred, Gate, HELD, Private};
use crate::trace::Trace;

/// A state that was gathered beside the old one. Dropped, it leaves the corpus as it was.
pub struct Prepared {
    writer: Writer,
    outcome: Outcome,
}

impl Prepared {
    /// What would change.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Puts the new state in the place of the old one.
    ///
    /// # Errors
    ///
    /// [`BuildError::Write`].
    pub fn commit(self) -> Result<Outcome, BuildError> {
        let Self {
            writer,
            mut outcome,
        } = self;
        outcome.changed = writer.commit()? == Commit::Changed;
        Ok(outcome)
    }
}

/// Converts inputs into the corpus at `path`, with their traces, ledger and asserted relations; withdrawals
/// stay, and relations of other methods too: [`prepare`], and then [`Prepared::commit`].
///
/// # Errors
///
/// [`BuildError`]; then the corpus is as it was.
pub fn convert(
    path: &Path,
    inputs: &[Input],
    options: &Options<'_>,
) -> Result<Outcome, BuildError> {
    prepare(path, inputs, options)?.commit()
}

/// Converts inputs and gathers the state that they make of the corpus at `path`.
///
/// The state is the same whatever the order of inputs, the number of threads and the folder they lie
/// in. An item whose article was withdrawn is refused.
///
/// # Errors
///
/// [`BuildError`]; then the corpus is as it was. [`BuildError::Missing`], [`BuildError::Changed`],
/// [`BuildError::NoLedger`], [`BuildError::OtherIds`] and [`BuildError::NotKept`] are asked back: `take` says
/// what is wanted.
pub fn prepare(
    path: &Path,
    inputs: &[Input],
    options: &Options<'_>,
) -> Result<Prepared, BuildError> {
    restore(path)?;
    let mut writer = Writer::open(path, options.config.write_options())?;
    let take = options.take;
    let before = Before::read(writer.before(), take.scope)?;
    let beside = Private::beside(path);
    let private = options.private.unwrap_or(&beside);
    let gate = Gate::of(writer.corpus(), writer.before(), private)?;
    let plan = Plan::make(inputs, &before, take)?;
    let converter = Converter {
        profiles: &options.profiles,
        only_profiles: options.only_profiles,
        ids: options.config.ids,
        notes: false,
    };
    let asked = Asked {
        before: &before,
        withdrawn: gate.withdrawn(),
        plan: &plan,
        take,
    };
    let keeping = asked.keeping(&writer, &converter, inputs)?;
    let dropped = dropped(&writer, &plan)?;
    let mut work = Work {
        gate: &gate,
        before: &before,
        keeping: &keeping,
        latest: Latest::of(&converter, &plan.convert, &before)?,
        seen: seen(&before, &dropped, take.scope),
        fresh: BTreeSet::new(),
        texts: BTreeSet::new(),
        asserted: Asserted::default(),
        records: writer.sorter(),
        traces: writer.sorter(),
        summary: Summary::default(),
        report: Report::new(options.limit),
    };
    let mut ledger = writer.ledger();
    for entry in &plan.stay {
        ledger.push(entry)?;
    }
    let (mut withdrawn_files, mut others) = (0, false);
    let lines = |made: &mut Made, _: &Spot<'_>| {
        keeping.give(&mut made.article, &before);
        Written::of(made, &gate)
    };
    converter.run(&plan.convert, lines, |told| {
        match told {
            Told::Failed(error) => return Err(error.into()),
            Told::Item(entry, outcome) => work.take(entry, outcome)?,
            Told::File(entry, _, found) => {
                work.end(&entry, found);
                options.progress.add(entry.bytes);
                withdrawn_files += u64::from(entry.is_withdrawn());
                others |= !entry.is_withdrawn();
                ledger.push(&entry)?;
            }
        }
        Ok::<(), BuildError>(())
    })?;
    if take.scope == Scope::Add {
        // The ledger does not name them, so where nothing else is new they are taken to be the same.
        let again = if others { 0 } else { withdrawn_files };
        ledger.add_withdrawn(before.withdrawn_files.saturating_sub(again));
    }
    writer.set(ledger.finish()?);
    asked.gather(writer, work, &dropped, inputs, options)
}

/// The articles whose files all go.
fn dropped(writer: &Writer, plan: &Plan) -> Result<BTreeSet<Id>, BuildError> {
    let mut dropped = BTreeSet::new();
    if plan.gone.is_empty() {
        return Ok(dropped);
    }
    let mut traces = Traces::of(writer.before())?;
    for record in records(writer.before().sorted(Part::Records)?) {
        if let Record::Article(article) = record? {
            let trace = traces
                .of_id(&article.id)?
                .ok_or_else(|| BuildError::NoTrace(article.id.clone()))?;
            if !traces::stays(&trace, &plan.gone) {
                dropped.insert(article.id);
            }
        }
    }
    Ok(dropped)
}

/// The articles that an item must not contradict from the outset: those that stay.
fn seen(before: &Before, dropped: &BTreeSet<Id>, scope: Scope) -> BTreeMap<Id, Digest> {
    if scope != Scope::Add {
        return BTreeMap::new();
    }
    let stays = |(id, _): &(&Id, &Digest)| !dropped.contains(*id);
    let stay = before.articles.iter().filter(stays);
    stay.map(|(id, digest)| (id.clone(), *digest)).collect()
}

/// What is asked of a conversion.
struct Asked<'a> {
    before: &'a Before,
    withdrawn: &'a Withdrawn,
    plan: &'a Plan,
    take: Take,
}

impl Asked<'_> {
    /// Which ids are kept; an error where files are missing.
    fn keeping(
        &self,
        writer: &Writer,
        converter: &Converter<'_>,
        inputs: &[Input],
    ) -> Result<Keeping, BuildError> {
        let missing = self.take.scope == Scope::Same && !self.plan.missing.is_empty();
        let keep = self.take.ids == KeepIds::Keep;
        if !keep && !missing {
            return Ok(Keeping::default());
        }
        let released = match writer.corpus().sealed()? {
            Some(sealed) => Texts::of(&sealed, self.withdrawn)?,
            None => Texts::default(),
        };
        if keep {
            let made = Texts::made(converter, &self.plan.convert, self.before)?;
            return Ok(Keeping::of(&made, &released));
        }
        let new = self.plan.new_files(inputs, self.before);
        let new = Texts::made(converter, &new, self.before)?;
        let matched = new.matched(&released);
        let most = matched > 0 && matched * 2 >= new.len() && matched * 2 >= self.plan.records;
        Err(BuildError::Missing {
            files: Named::of(self.plan.missing.iter().cloned()),
            matched: if most { matched } else { 0 },
        })
    }

    /// Joins what was made with what is there.
    fn gather(
        &self,
        mut writer: Writer,
        work: Work<'_>,
        dropped: &BTreeSet<Id>,
        inputs: &[Input],
        options: &Options<'_>,
    ) -> Result<Prepared, BuildError> {
        let Work {
            mut asserted,
            records: made,
            traces,
            mut summary,
            fresh,
            texts,
            report,
            keeping,
            ..
        } = work;
        let (before, anew) = (self.before, self.before.damaged);
        let adding = self.take.scope == Scope::Add;
        let stays = |id: &str| adding && !dropped.contains(id);
        let mut going: BTreeMap<Id, Option<String>> = BTreeMap::new();
        let made = made.finish()?.map(|pair| pair.map_err(Into::into));
        summary.articles = join(&mut writer, Part::Records, anew, made, |id, old, new| {
            Ok(match (old, new) {
                (_, Some(new)) => Some(new),
                (Some(old), None) if stays(id) => Some(old.to_vec()),
                (Some(old), None) => {
                    going.insert(
                        id.parse().map_err(|_| BuildError::BadId(id.to_owned()))?,
                        text_digest(old),
                    );
                    None
                }
                (None, None) => None,
            })
        })?;
        let going_released = self.judge(writer.corpus(), &going, &texts)?;
        join(
            &mut writer,
            Part::Traces,
            anew,
            traces::Made::new(traces.finish()?),
            |id, old, new| {
                Ok(match (old, new) {
                    (Some(old), new) if stays(id) => {
                        Some(traces::moved(old, new.as_deref(), &self.plan.gone)?)
                    }
                    (_, Some(new)) => Some(new),
                    (_, None) => None,
                })
            },
        )?;
        if adding {
            let mut traces = Traces::of(writer.before())?;
            for record in records(writer.before().sorted(Part::Records)?) {
                if let Record::Article(article) = record?
                    && stays(article.id.as_str())
                {
                    let trace = traces.of_id(&article.id)?;
                    asserted.add(&article, trace.as_ref());
                }
            }
        }
        summary.relations = write_relations(&mut writer, asserted, anew, &going)?;
        summary.returned = self.take_back(&mut writer, &fresh)?;
        options.config.write_if_absent(&writer)?;
        let length = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        summary.known = length(inputs.len() - self.plan.convert.len());
        summary.stayed = length(self.plan.stay.len()).saturating_sub(summary.known);
        summary.locked = length(self.withdrawn.locked());
        summary.kept_ids = keeping.count();
        summary.ambiguous = keeping.ambiguous;
        let outcome = Outcome {
            summary,
            report,
            renamed: Named::pairs(self.plan.renamed.clone()),
            copies: Named::pairs(self.plan.copies.clone()),
            edited: Named::of(self.plan.changed.iter().cloned()),
            going: Named::of(going.into_keys()),
            going_released,
            damaged: before.damaged,
            changed: false,
        };
        Ok(Prepared { writer, outcome })
    }

    /// How many articles of the last release would go; an error where they have only got other ids.
    fn judge(
        &self,
        corpus: &Corpus,
        going: &BTreeMap<Id, Option<String>>,
        texts: &BTreeSet<String>,
    ) -> Result<u64, BuildError> {
        if going.is_empty() {
            return Ok(0);
        }
        let released = released(corpus, &going.keys().cloned().collect())?;
        let matched = released.keys().filter(|id| {
            let text = going.get(*id).and_then(Option::as_ref);
            text.is_some_and(|text| texts.contains(text))
        });
        let matched = u64::try_from(matched.count()).unwrap_or(u64::MAX);
        let count = u64::try_from(released.len()).unwrap_or(u64::MAX);
        let moved =
            !self.plan.missing.is_empty() || (!self.plan.changed.is_empty() && !self.take.update);
        let asks = self.take.ids == KeepIds::Keep && self.take.scope != Scope::Replace;
        if asks && moved && count > 0 {
            return Err(BuildError::NotKept {
                going: Named::of(released.into_keys()),
            });
        }
        if self.take.ids == KeepIds::Ask && matched > 0 && matched * 2 >= count {
            return Err(BuildError::OtherIds {
                going: count,
                matched,
                release: corpus.newest().unwrap_or_default(),
            });
        }
        Ok(count)
    }

    /// Takes back the withdrawals of articles that return.
    fn take_back(&self, writer: &mut Writer, fresh: &BTreeSet<Id>) -> Result<u64, BuildError> {
        let back: BTreeSet<&Id> = self.before.returning.intersection(fresh).collect();
        if !back.is_empty() {
            let none = std::iter::empty::<Result<Pair, BuildError>>();
            let returns = |id: &str| back.iter().any(|back| back.as_str() == id);
            join(writer, Part::Withdrawals, false, none, |id, old, _| {
                Ok(old.filter(|_| !returns(id)).map(<[u8]>::to_vec))
            })?;
        }
        Ok(u64::try_from(back.len()).unwrap_or(u64::MAX))
    }
}

/// The text digest that a line of an article names.
fn text_digest(line: &[u8]) -> Option<String> {
    let tape = Tape::parse(line.trim_ascii_end()).ok()?;
    let digest = tape.root().get("text_digest")?.as_str()?;
    Some(digest.into_owned())
}

/// Finds the asserted relations of the corpus at `path` anew; those of other methods stay.
///
/// Gives how many relations there are, and whether that changed the working state.
///
/// # Errors
///
/// [`BuildError`]; then the corpus is as it was.
pub fn link(path: &Path, options: WriteOptions) -> Result<(u64, bool), BuildError> {
    Corpus::open(path)?;
    let mut writer = Writer::open(path, options)?;
    let mut asserted = Asserted::default();
    let mut traces = Traces::of(writer.before())?;
    for record in records(writer.before().sorted(Part::Records)?) {
        if let Record::Article(article) = record? {
            let trace = traces.of_id(&article.id)?;
            asserted.add(&article, trace.as_ref());
        }
    }
    let relations = write_relations(&mut writer, asserted, false, &BTreeMap::new())?;
    Ok((relations, writer.commit()? == Commit::Changed))
}

/// What is gathered while inputs are converted.
struct Work<'w> {
    gate: &'w Gate,
    before: &'w Before,
    keeping: &'w Keeping,
    latest: Latest,
    /// Articles with their record digests: those that stay, and those that were made.
    seen: BTreeMap<Id, Digest>,
    /// Articles that were made and were not there.
    fresh: BTreeSet<Id>,
    /// The text digests of those.
    texts: BTreeSet<String>,
    asserted: Asserted,
    records: Sorter,
    traces: Sorter,
    summary: Summary,
    report: Report,
}

impl Work<'_> {
    /// Takes what became of an item of the file of `entry`.
    fn take(
        &mut self,
        entry: &mut InputEntry,
        outcome: Converted<Result<Written, BuildError>>,
    ) -> Result<(), BuildError> {
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
            self.report.push(refusal.of_made(&made, &outcome.shown));
        }
        entry.refuse(refused);
        Ok(())
    }

    fn report(&mut self, found: Vec<Diagnostic>) {
        let wrong = |found: &Diagnostic| found.severity != Severity::Note;
        self.report.extend(found.into_iter().filter(wrong));
    }

    /// Takes the end of a file.
    fn end(&mut self, entry: &InputEntry, found: Vec<Diagnostic>) {
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
    fn keep(&mut self, made: &Made, written: Written) -> Result<Option<Refusal>, BuildError> {
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
        }
        self.traces.push(id, written.trace)?;
        Ok(None)
    }
}

/// A record and its trace as they are written, made on the thread that made the record.
struct Written {
    record: Vec<u8>,
    digest: Digest,
    trace: Vec<u8>,
    /// Why it may not enter.
    barred: Option<Barred>,
}

/// A [`TraceLine`](crate::trace::TraceLine) that is borrowed.
#[derive(Serialize)]
struct TraceLineRef<'m> {
    id: &'m Id,
    trace: &'m Trace,
}

impl Written {
    fn of(made: &Made, gate: &Gate) -> Result<Self, BuildError> {
        let (digest, record) = made.article.written()?;
        let trace = TraceLineRef {
            id: &made.article.id,
            trace: &made.trace,
        };
        Ok(Self {
            digest,
            record,
            trace: canonical::to_vec(&trace)?,
            barred: gate.bars(&Traits::of(&made.article)),
        })
    }
}

fn records(lines: Lines) -> impl Iterator<Item = Result<Record, BuildError>> {
    lines.map(|line| {
        let line = line?;
        Record::read(&line.bytes).map_err(|source| BuildError::Record {
            file: line.file.to_string(),
            line: line.number,
            source,
        })
    })
}

/// Writes the asserted relations beside those that other methods gave, and counts them. Relations from and to
/// articles that are `going` go with them.
fn write_relations(
    writer: &mut Writer,
    asserted: Asserted,
    anew: bool,
    going: &BTreeMap<Id, Option<String>>,
) -> Result<u64, BuildError> {
    let mut asserted = asserted.relations()?.into_iter();
    let made = std::iter::from_fn(|| {
        let relation = asserted.next()?;
        let key = relation.id.to_string();
        let line = Record::Relation(Box::new(relation)).to_line();
        Some(line.map(|line| Pair { key, line }).map_err(Into::into))
    });
    join(writer, Part::Relations, anew, made, |_, old, new| {
        Ok(match (old, new) {
            (_, Some(new)) => Some(new),
            (Some(old), None) if is_of_another_method(old, going) => Some(old.to_vec()),
            (_, None) => None,
        })
    })
}

/// Whether a line is a relation that another method gave, between articles that stay.
fn is_of_another_method(line: &[u8], going: &BTreeMap<Id, Option<String>>) -> bool {
    let Ok(tape) = Tape::parse(line.trim_ascii_end()) else {
        return false;
    };
    let text = |key| tape.root().get(key).and_then(|node| node.as_str());
    let goes = |key| text(key).is_some_and(|id| going.contains_key(id.as_ref()));
    text("method").is_some_and(|method| method != METHOD) && !goes("from") && !goes("to")
}

fn line<T: Serialize>(value: &T) -> Result<Vec<u8>, BuildError> {
    serde_json::to_vec(value).map_err(BuildError::Serialize)
}
