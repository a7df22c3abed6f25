//! From raw dumps to the working state of a corpus, its articles related by their links.
//!
//! The new state is gathered beside the old one and takes its place in one step: [`prepare`] gathers it and
//! says what would change, [`Prepared::commit`] puts it in its place. Shards all of whose lines stay are not
//! written again. Memory grows with ids, URLs and links, not with texts.
//!
//! A corpus that is there is never guessed about ([`Take`]): `plan` compares the inputs with the ledger before
//! anything is converted, `join` puts what was made beside what stays, `ids` lets articles keep their ids.

mod asserted;
mod before;
mod error;
mod gather;
mod ids;
mod join;
mod options;
mod plan;
mod traces;
mod work;

pub use asserted::METHOD;
pub use error::ConvertError;
pub(crate) use join::id_of;
pub use options::{FirstFew, KeepIds, Options, Outcome, Pairing, Scope, Summary, Take};

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use asserted::Asserted;
use before::Before;
use gather::{Asked, Going};
use join::join;
use plan::Plan;
use work::{Work, Written};

use crate::convert::{Converter, Latest, Made, Spot, Told};
use crate::corpus::{Commit, Lines, Pair, Part, Writer};
use crate::diagnostic::Report;
use crate::digest::Digest;
use crate::dump::{Input, repeatable};
use crate::json::Tape;
use crate::manifest::restore;
use crate::record::{Id, Record};
use crate::takedown::{Gate, Private};

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

    /// Whether the new state is another than the old one.
    ///
    /// # Errors
    ///
    /// [`ConvertError::Write`].
    pub fn would_change(&self) -> Result<bool, ConvertError> {
        Ok(self.writer.would_change()?)
    }

    /// Puts the new state in the place of the old one.
    ///
    /// # Errors
    ///
    /// [`ConvertError::Write`].
    pub fn commit(self) -> Result<Outcome, ConvertError> {
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
/// [`ConvertError`]; then the corpus is as it was.
pub fn convert(
    path: &Path,
    inputs: &[Input],
    options: &Options<'_>,
) -> Result<Outcome, ConvertError> {
    prepare(path, inputs, options)?.commit()
}

/// Converts inputs and gathers the state that they make of the corpus at `path`.
///
/// The state is the same whatever the order of inputs, the number of threads and the folder they lie
/// in. An item whose article was withdrawn is refused.
///
/// # Errors
///
/// [`ConvertError`]; then the corpus is as it was. [`ConvertError::Missing`], [`ConvertError::Changed`],
/// [`ConvertError::NoLedger`], [`ConvertError::OtherIds`] and [`ConvertError::NotKept`] are asked back: `take` says
/// what is wanted.
pub fn prepare(
    path: &Path,
    inputs: &[Input],
    options: &Options<'_>,
) -> Result<Prepared, ConvertError> {
    repeatable(inputs)?;
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
        latest: Latest::of(&converter, &plan.convert, |article| {
            ids::again(article, &before);
        }),
        seen: seen(&before, &dropped, take.scope),
        fresh: BTreeSet::new(),
        texts: BTreeSet::new(),
        asserted: Asserted::default(),
        records: writer.sorter(),
        traces: writer.sorter(),
        summary: Summary::default(),
        report: Report::new(options.limit),
    };
    make(&mut work, &asked, &mut writer, &converter, options)?;
    asked.gather(writer, work, &dropped, inputs, options)
}

/// Converts the inputs that are to be converted, and writes the ledger.
fn make(
    work: &mut Work<'_>,
    asked: &Asked<'_>,
    writer: &mut Writer,
    converter: &Converter<'_>,
    options: &Options<'_>,
) -> Result<(), ConvertError> {
    let (before, gate, keeping) = (work.before, work.gate, work.keeping);
    let mut ledger = writer.ledger();
    for entry in &asked.plan.stay {
        ledger.push(entry)?;
    }
    let (mut withdrawn_files, mut others) = (0, false);
    let lines = |made: &mut Made, _: &Spot<'_>| {
        keeping.give(&mut made.article, before);
        Written::of(made, gate)
    };
    converter.run(&asked.plan.convert, lines, |told| {
        match told {
            Told::Failed(error) => return Err(error.into()),
            Told::Item(entry, outcome) => work.take(entry, outcome)?,
            Told::File(entry, found) => {
                work.end(&entry, found);
                options.progress.add(entry.bytes);
                withdrawn_files += u64::from(entry.is_withdrawn());
                others |= !entry.is_withdrawn();
                ledger.push(&entry)?;
            }
        }
        Ok::<(), ConvertError>(())
    })?;
    if asked.take.scope == Scope::Add {
        // The ledger does not name them, so where nothing else is new they are taken to be the same.
        let again = if others { 0 } else { withdrawn_files };
        ledger.add_withdrawn(before.withdrawn_files.saturating_sub(again));
    }
    writer.set(ledger.finish()?);
    Ok(())
}

/// The articles whose files all go.
fn dropped(writer: &Writer, plan: &Plan) -> Result<BTreeSet<Id>, ConvertError> {
    let mut dropped = BTreeSet::new();
    if plan.gone.is_empty() {
        return Ok(dropped);
    }
    traces::articles(writer.before(), |article, trace| {
        let trace = trace.ok_or_else(|| ConvertError::NoTrace(article.id.clone()))?;
        if !traces::stays(&trace, &plan.gone) {
            dropped.insert(article.id);
        }
        Ok(())
    })?;
    Ok(dropped)
}

/// The articles that an item must not contradict from the outset: those that stay.
fn seen(before: &Before, dropped: &BTreeSet<Id>, scope: Scope) -> HashMap<Id, Digest> {
    if scope != Scope::Add {
        return HashMap::new();
    }
    let stays = |(id, _): &(&Id, &Digest)| !dropped.contains(*id);
    let stay = before.articles.iter().filter(stays);
    stay.map(|(id, digest)| (id.clone(), *digest)).collect()
}

/// Finds the asserted relations of a working state anew, and counts them with those of other methods, which stay.
pub(crate) fn assert(writer: &mut Writer) -> Result<u64, ConvertError> {
    let mut asserted = Asserted::default();
    traces::articles(writer.before(), |article, trace| {
        asserted.add(&article, trace.as_ref());
        Ok(())
    })?;
    write_relations(writer, asserted, false, &Going::new())
}

fn records(lines: Lines) -> impl Iterator<Item = Result<Record, ConvertError>> {
    lines.map(|line| {
        let line = line?;
        Record::read(&line.bytes).map_err(|source| ConvertError::Record {
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
    going: &Going,
) -> Result<u64, ConvertError> {
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
            (Some(old), None) if is_of_another_method(&old.bytes, going) => Some(old.bytes.clone()),
            (_, None) => None,
        })
    })
}

/// Whether a line is a relation that another method gave, between articles that stay.
fn is_of_another_method(line: &[u8], going: &Going) -> bool {
    let Ok(tape) = Tape::parse(line.trim_ascii_end()) else {
        return false;
    };
    let text = |key| tape.root().get(key).and_then(|node| node.as_str());
    let goes = |key| text(key).is_some_and(|id| going.contains_key(id.as_ref()));
    text("method").is_some_and(|method| method != METHOD) && !goes("from") && !goes("to")
}
