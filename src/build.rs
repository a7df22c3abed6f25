//! From raw dumps to the working state of a corpus: convert and link.
//!
//! The new state is gathered beside the old one and takes its place in one step. Memory grows with ids,
//! URLs and links, not with texts.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::convert::{Converted, Converter, Made, Refusal};
use crate::corpus::{
    Commit, Config, Corpus, OpenError, Part, PathError, ReadError as LineError, Sorter, State,
    WriteError, WriteOptions, Writer,
};
use crate::diagnostic::{Diagnostic, Report, Severity, codes};
use crate::digest::Digest;
use crate::dump::{Input, InputEntry, Kind, Progress, ReadError};
use crate::json::canonical::CanonicalError;
use crate::link::{Asserted, METHOD};
use crate::profile::Profile;
use crate::record::{Id, Misfit, ReadError as RecordError, Record, Relation, Traits, Withdrawn};
use crate::trace::{Trace, TraceLine};
use crate::withdraw::{WithdrawError, withdrawn};

/// How dumps are converted into a corpus.
#[derive(Debug, Clone)]
pub struct Options<'p> {
    /// The profiles that may recognise an item.
    pub profiles: Vec<&'p Profile>,
    /// Whether an item that none recognises is refused rather than read by the general converter.
    pub only_profiles: bool,
    /// What the corpus is called and how it is built; written where the corpus has none.
    pub config: &'p Config,
    /// How many diagnostics the report keeps; all are counted.
    pub limit: Option<usize>,
    /// Where it is noted how many bytes of the inputs were read.
    pub progress: Progress,
}

/// What became of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Files of the inputs.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Items found in them.
    pub items: u64,
    /// Records made; items that gave the same record count once.
    pub records: u64,
    /// Items that were refused for a defect.
    pub refused: u64,
    /// Items that were refused because their record was withdrawn.
    pub withdrawn: u64,
    /// Files that were passed over as notes.
    pub ignored: u64,
    /// Relations written, those of other methods that were kept included.
    pub relations: u64,
    /// Items by what read them.
    pub read_by: BTreeMap<String, u64>,
}

/// Why dumps cannot be converted into a corpus.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// An input file cannot be read.
    #[error(transparent)]
    Input(#[from] ReadError),
    /// The corpus cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The corpus cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A shard of the corpus leads out of it.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A shard of the corpus cannot be read.
    #[error(transparent)]
    Lines(#[from] LineError),
    /// What was withdrawn from the corpus cannot be read.
    #[error(transparent)]
    Withdrawn(#[from] WithdrawError),
    /// A line of the corpus is no record.
    #[error("{file}:{line}: {source}")]
    Record {
        /// The shard.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: RecordError,
    },
    /// A line of the corpus is no trace.
    #[error("{file}:{line}: no trace: {source}")]
    Trace {
        /// The shard.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Why not.
        source: Misfit,
    },
    /// A record cannot be written.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// A record or trace cannot be written.
    #[error("a record cannot be written")]
    Serialize(#[source] serde_json::Error),
}

/// What [`convert`] did.
#[derive(Debug)]
pub struct Outcome {
    /// What became of the inputs.
    pub summary: Summary,
    /// What is wrong with the inputs, placed in them. What items only lack is for
    /// [`check_dump`](crate::check::check_dump) to list.
    pub report: Report,
    /// Whether the working state changed.
    pub changed: bool,
}

/// Converts every input and makes what they give the articles of the corpus at `path`, with their
/// traces, ledger and asserted relations; withdrawals stay, and relations of other methods too.
///
/// The state is the same whatever the order of inputs, the number of threads and the folder they lie
/// in. An item whose article was withdrawn is refused.
///
/// # Errors
///
/// [`BuildError`]; then the corpus is as it was.
pub fn convert(
    path: &Path,
    inputs: &[Input],
    options: &Options<'_>,
) -> Result<Outcome, BuildError> {
    let mut writer = Writer::open(path, options.config.write_options())?;
    let mut work = Work {
        withdrawn: withdrawn(writer.before())?,
        seen: BTreeMap::new(),
        asserted: Asserted::default(),
        records: writer.sorter(),
        traces: writer.sorter(),
        summary: Summary::default(),
        report: Report::new(options.limit),
    };
    let mut ledger = writer.ledger();
    let converter = Converter {
        profiles: &options.profiles,
        only_profiles: options.only_profiles,
        ids: options.config.ids,
    };
    converter.run(inputs, |converted| {
        let entry = work.take(converted)?;
        options.progress.add(entry.bytes);
        ledger.push(&entry)?;
        Ok::<(), BuildError>(())
    })?;
    writer.set(ledger.finish()?);

    let Work {
        asserted,
        records,
        traces,
        mut summary,
        report,
        ..
    } = work;
    let mut part = writer.part(Part::Records);
    part.extend(records.finish()?)?;
    writer.set(part.finish()?);

    write_traces(&mut writer, traces)?;
    summary.relations = write_relations(&mut writer, asserted)?;
    options.config.write_if_absent(&writer)?;
    let changed = writer.commit()? == Commit::Changed;
    Ok(Outcome {
        summary,
        report,
        changed,
    })
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
    for record in records(writer.before(), Part::Records)? {
        if let Record::Article(article) = record? {
            let trace = traces.of_id(&article.id)?;
            asserted.add(&article, trace.as_ref());
        }
    }
    let relations = write_relations(&mut writer, asserted)?;
    Ok((relations, writer.commit()? == Commit::Changed))
}

/// What is gathered while inputs are converted.
struct Work {
    withdrawn: Withdrawn,
    seen: BTreeMap<Id, Digest>,
    asserted: Asserted,
    records: Sorter,
    traces: Sorter,
    summary: Summary,
    report: Report,
}

impl Work {
    /// Takes the results of one file, and gives what the ledger has of it.
    fn take(&mut self, converted: Converted) -> Result<InputEntry, BuildError> {
        let Converted {
            mut entry,
            made,
            diagnostics,
            shown,
        } = converted;
        let wrong = |found: &Diagnostic| found.severity != Severity::Note;
        self.report.extend(diagnostics.into_iter().filter(wrong));
        for made in made {
            if let Some(refusal) = self.keep(&made)? {
                self.report.push(refusal.of_made(&made, &shown));
                entry.refuse_record(&made.trace.profile.id, refusal.entry(&made));
            }
        }
        let summary = &mut self.summary;
        summary.files += 1;
        summary.bytes += entry.bytes;
        summary.items += entry.items;
        summary.ignored += u64::from(entry.kind == Kind::Notes);
        for refused in &entry.refused {
            if refused.code == codes::ITEM_WITHDRAWN.name {
                summary.withdrawn += 1;
            } else {
                summary.refused += 1;
            }
        }
        Ok(entry)
    }

    /// Keeps a record, unless it was withdrawn or another one has its id.
    fn keep(&mut self, made: &Made) -> Result<Option<Refusal>, BuildError> {
        let Made { article, trace } = made;
        if let Some((id, _)) = self.withdrawn.meets(&Traits::of(article)) {
            return Ok(Some(Refusal::Withdrawn(id.clone())));
        }
        let record = Record::Article(Box::new(article.clone()));
        let digest = record.digest()?;
        let known = self.seen.get(&article.id);
        if known.is_some_and(|known| *known != digest) {
            return Ok(Some(Refusal::Conflict(article.id.clone())));
        }
        *self
            .summary
            .read_by
            .entry(trace.profile.id.clone())
            .or_default() += 1;
        self.asserted.add(article, Some(trace));
        let id = article.id.to_string();
        if known.is_none() {
            self.summary.records += 1;
            self.seen.insert(article.id.clone(), digest);
            self.records.push(id.clone(), record.to_line()?)?;
        }
        let trace = TraceLine {
            id: article.id.clone(),
            trace: trace.clone(),
        };
        self.traces.push(id, line(&trace)?)?;
        Ok(None)
    }
}

/// The traces of a state, asked for in order of their ids.
struct Traces {
    lines: crate::corpus::Lines,
    next: Option<TraceLine>,
}

impl Traces {
    fn of(state: &State) -> Result<Self, BuildError> {
        let mut traces = Self {
            lines: state.lines(Part::Traces)?,
            next: None,
        };
        traces.advance()?;
        Ok(traces)
    }

    /// The trace of `id`, which lies behind every id asked for before.
    fn of_id(&mut self, id: &Id) -> Result<Option<Trace>, BuildError> {
        while self.next.as_ref().is_some_and(|next| next.id < *id) {
            self.advance()?;
        }
        if self.next.as_ref().is_some_and(|next| next.id == *id) {
            let found = self.next.take();
            self.advance()?;
            return Ok(found.map(|line| line.trace));
        }
        Ok(None)
    }

    fn advance(&mut self) -> Result<(), BuildError> {
        self.next =
            match self.lines.next().transpose()? {
                None => None,
                Some(line) => Some(serde_json::from_slice(&line.bytes).map_err(|error| {
                    BuildError::Trace {
                        file: line.file.to_string(),
                        line: line.number,
                        source: Misfit::in_line(&error),
                    }
                })?),
            };
        Ok(())
    }
}

fn records(
    state: &State,
    part: Part,
) -> Result<impl Iterator<Item = Result<Record, BuildError>> + use<>, BuildError> {
    Ok(state.lines(part)?.map(|line| {
        let line = line?;
        Record::read(&line.bytes).map_err(|source| BuildError::Record {
            file: line.file.to_string(),
            line: line.number,
            source,
        })
    }))
}

/// Writes the asserted relations beside those that other methods gave, and counts them.
fn write_relations(writer: &mut Writer, asserted: Asserted) -> Result<u64, BuildError> {
    let mut all: BTreeMap<Id, Relation> = BTreeMap::new();
    for record in records(writer.before(), Part::Relations)? {
        if let Record::Relation(relation) = record?
            && relation.method != METHOD
        {
            all.insert(relation.id.clone(), *relation);
        }
    }
    all.extend(
        asserted
            .relations()?
            .into_iter()
            .map(|relation| (relation.id.clone(), relation)),
    );
    let mut part = writer.part(Part::Relations);
    let mut count = 0;
    for (id, relation) in all {
        part.push(
            id.as_str(),
            &Record::Relation(Box::new(relation)).to_line()?,
        )?;
        count += 1;
    }
    writer.set(part.finish()?);
    Ok(count)
}

/// Writes the traces, those of one record as one with all its locations.
fn write_traces(writer: &mut Writer, traces: Sorter) -> Result<(), BuildError> {
    let mut part = writer.part(Part::Traces);
    let mut open: Option<TraceLine> = None;
    for pair in traces.finish()? {
        let next: TraceLine = serde_json::from_slice(&pair?.line).map_err(BuildError::Serialize)?;
        match &mut open {
            Some(trace) if trace.id == next.id => add_locations(&mut trace.trace, next.trace),
            open => {
                if let Some(done) = open.replace(next) {
                    part.push(done.id.as_str(), &line(&done)?)?;
                }
            }
        }
    }
    if let Some(done) = open {
        part.push(done.id.as_str(), &line(&done)?)?;
    }
    writer.set(part.finish()?);
    Ok(())
}

fn add_locations(trace: &mut Trace, more: Trace) {
    trace.locations.extend(more.locations);
    trace.locations.sort();
    trace.locations.dedup();
}

fn line<T: Serialize>(value: &T) -> Result<Vec<u8>, BuildError> {
    serde_json::to_vec(value).map_err(BuildError::Serialize)
}
