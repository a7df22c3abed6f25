//! One pass over a working state: the lists that a release consists of, and what they come to.

use std::io::{self, Write};
use std::iter::Peekable;
use std::sync::Arc;

use super::SealError;
use crate::corpus::{Lines, Pair as SortedPair, Part, Sorted, Source, State};
use crate::digest::{Digest, Hasher};
use crate::dump::{LedgerLine, WITHDRAWN};
use crate::json::Tape;
use crate::manifest::named::Profiles;
use crate::manifest::verify::withdrawals::says;
use crate::record::{Id, Misfit, RecordType};
use crate::release::{
    Changed, Changes, Content, Defect, Entry, EntryReader, HistoryError, Keyed, Leaf, LedgerFiles,
    LedgerReader, Pair, Pairs, Problem, ReleaseDraft, Standing, Summariser, Summary, in_order,
    leaf,
};
use crate::schema::Schema;
use crate::takedown::HELD;
use crate::trace::{ProfileRef, TraceLine};

/// How many vanished ids an error names.
const NAMED: usize = 5;

/// Where the lists are written.
pub(super) struct Lists<'w> {
    pub(super) entries: &'w mut dyn Write,
    pub(super) traces: &'w mut dyn Write,
    pub(super) ledger: &'w mut dyn Write,
}

/// What a state comes to.
pub(super) struct Gathered {
    pub(super) entries: Summary,
    pub(super) traces: Summary,
    pub(super) ledger: Digest,
    pub(super) changes: Changes,
    pub(super) profiles: Vec<ProfileRef>,
    pub(super) withheld: u64,
    /// What the entries of the release before come to.
    pub(super) previous: Summary,
    /// How many articles have no trace and had one in the release before.
    pub(super) untraced: u64,
    /// How many items were refused, for other reasons than a withdrawal.
    pub(super) refused: u64,
    /// What the withdrawals say was withdrawn.
    pub(super) withdrawals: Vec<(Id, Standing)>,
}

/// Reads all of the state once, in whatever order its lines lie, and writes the lists.
///
/// What a line comes to is put in order in the corpus's folder for temporary files: 16 MiB of it at a time are
/// in memory, and of each withdrawal some 100 bytes.
pub(super) fn gather(
    draft: &ReleaseDraft,
    previous: Option<Source>,
    had_traces: Option<Source>,
    lists: &mut Lists<'_>,
) -> Result<Gathered, SealError> {
    let state = draft.state();
    let (ledger, files, refused) = ledger(state, lists.ledger)?;
    let mut profiles = Profiles::default();
    let mut withheld = 0;
    let mut withdrawals = Vec::new();
    let mut records = draft.sorter();
    for part in [Part::Records, Part::Relations, Part::Withdrawals] {
        for line in Lines::new(state.sources(part)?) {
            let record = leaf(line.map_err(Problem::from)?, part)?;
            admit(&record)?;
            if record.content == Content::Withheld {
                withheld += 1;
            }
            if record.entry.kind == RecordType::Withdrawal {
                let said = says(&record.bytes).map(|said| (record.entry.id.clone(), said));
                withdrawals.extend(said);
            }
            records.push(record.entry.id.to_string(), Placed::line(&record))?;
        }
    }
    let mut traces = draft.sorter();
    for line in Lines::new(state.sources(Part::Traces)?) {
        let trace = leaf(line.map_err(Problem::from)?, Part::Traces)?;
        profiles.add(profile(&trace, &files)?);
        traces.push(trace.entry.id.to_string(), Placed::line(&trace))?;
    }
    let (records, traces) = (placed(records.finish()?), placed(traces.finish()?));
    let mut lacking = Lacking::of(had_traces);
    let (entries, traces, against) = list(records, traces, previous, &mut lacking, lists)?;
    let (changes, previous) = against.finish()?;
    Ok(Gathered {
        entries,
        traces,
        ledger,
        changes,
        profiles: profiles.list(),
        withheld,
        previous,
        untraced: lacking.untraced,
        refused,
        withdrawals,
    })
}

/// The articles that had a trace in the release before and have none, as those of this one come by. Where its list is not here,
/// or is none, nothing is known of them.
struct Lacking {
    entries: Option<Peekable<EntryReader>>,
    untraced: u64,
}

impl Lacking {
    fn of(source: Option<Source>) -> Self {
        let entries = source.and_then(|source| EntryReader::open(&source).ok());
        Self {
            entries: entries.map(Iterator::peekable),
            untraced: 0,
        }
    }

    /// Takes the next article that has no trace.
    fn add(&mut self, id: &Id) {
        let Some(entries) = &mut self.entries else {
            return;
        };
        while entries
            .next_if(|entry| entry.as_ref().is_ok_and(|entry| entry.id < *id))
            .is_some()
        {}
        let had = entries
            .peek()
            .is_some_and(|entry| entry.as_ref().is_ok_and(|entry| entry.id == *id));
        self.untraced += u64::from(had);
    }
}

/// Writes the entries of records and traces, which come in order of id, and holds them to each other and to
/// those of the release before.
fn list(
    records: impl Iterator<Item = Result<Placed, SealError>>,
    traces: impl Iterator<Item = Result<Placed, SealError>>,
    previous: Option<Source>,
    lacking: &mut Lacking,
    lists: &mut Lists<'_>,
) -> Result<(Summary, Summary, Against), SealError> {
    let mut entries = Summariser::new();
    let mut trace_entries = Summariser::new();
    let mut against = Against::new(previous)?;
    for pair in Pairs::new(once(records), once(traces)) {
        let (record, trace) = match pair? {
            Pair::Left(record) => (record, None),
            Pair::Both(record, trace) if record.entry.kind == RecordType::Article => {
                (record, Some(trace))
            }
            Pair::Right(trace) | Pair::Both(_, trace) => {
                let defect = Defect::StrayTrace(trace.entry.id.clone());
                return Err(trace.at(defect));
            }
        };
        let line = entries
            .push(&record.entry)
            .map_err(|error| record.at(error.into()))?;
        write(lists.entries, &line)?;
        against.push(&record.entry)?;
        if let Some(trace) = trace {
            let line = trace_entries
                .push(&trace.entry)
                .map_err(|error| trace.at(error.into()))?;
            write(lists.traces, &line)?;
        } else if record.entry.kind == RecordType::Article {
            lacking.add(&record.entry.id);
        }
    }
    Ok((entries.finish(), trace_entries.finish(), against))
}

/// An entry, and the line that gives it.
struct Placed {
    entry: Entry,
    file: String,
    line: u64,
}

impl Keyed for Placed {
    fn key(&self) -> &Id {
        &self.entry.id
    }
}

impl Placed {
    /// What is put in order of a line beside its id.
    fn line(leaf: &Leaf) -> Vec<u8> {
        // Of two with one id the one that comes later is the second.
        format!("{}\n{:020}\n{}", leaf.file, leaf.line, leaf.entry).into_bytes()
    }

    /// What was put in order.
    fn read(pair: &SortedPair) -> Option<Self> {
        let text = std::str::from_utf8(&pair.line).ok()?;
        let (rest, entry) = text.rsplit_once('\n')?;
        let (file, line) = rest.rsplit_once('\n')?;
        Some(Self {
            entry: Entry::read(entry)?,
            file: file.to_owned(),
            line: line.parse().ok()?,
        })
    }

    fn at(&self, defect: Defect) -> SealError {
        SealError::Line(Problem {
            file: Arc::from(self.file.as_str()),
            line: Some(self.line),
            defect,
        })
    }
}

/// Entries in order of id.
fn placed(sorted: Sorted) -> impl Iterator<Item = Result<Placed, SealError>> {
    sorted.map(|pair| {
        let pair = pair?;
        // Nothing but what was put in comes out.
        Placed::read(&pair).ok_or_else(|| SealError::Write(io::ErrorKind::InvalidData.into()))
    })
}

/// Refuses an id that comes twice.
fn once(
    entries: impl Iterator<Item = Result<Placed, SealError>>,
) -> impl Iterator<Item = Result<Placed, SealError>> {
    let mut last: Option<Id> = None;
    entries.map(move |placed| {
        let placed = placed?;
        if let Some(last) = last.replace(placed.entry.id.clone()) {
            in_order(&last, &placed.entry.id).map_err(|error| placed.at(error.into()))?;
        }
        Ok(placed)
    })
}

/// Refuses a record that must not be sealed.
fn admit(record: &Leaf) -> Result<(), SealError> {
    if let Content::Altered { said, found } = record.content {
        let id = record.entry.id.clone();
        return Err(at(record, Defect::ContentAltered { id, said, found }));
    }
    matches(record, record.entry.kind.name())
}

/// Refuses a line that does not match its schema.
fn matches(leaf: &Leaf, schema: &'static str) -> Result<(), SealError> {
    let tape = Tape::parse(&leaf.bytes).map_err(|error| at(leaf, error.into()))?;
    let Some(schema) = Schema::named(schema) else {
        return Ok(());
    };
    match schema.validate(tape.root()).into_iter().next() {
        None => Ok(()),
        Some(error) => Err(at(
            leaf,
            Defect::Schema {
                pointer: error.pointer.to_string(),
                message: error.message,
            },
        )),
    }
}

/// The profile that a trace names; refuses one whose locations the ledger does not have.
fn profile(trace: &Leaf, files: &LedgerFiles) -> Result<ProfileRef, SealError> {
    let line: TraceLine = serde_json::from_slice(&trace.bytes)
        .map_err(|error| at(trace, Defect::Fields(Misfit::in_line(&error))))?;
    for location in &line.trace.locations {
        files
            .holds(location)
            .map_err(|error| at(trace, Defect::Misplaced(error)))?;
    }
    Ok(line.trace.profile)
}

fn at(leaf: &Leaf, defect: Defect) -> SealError {
    SealError::Line(Problem {
        file: leaf.file.clone(),
        line: Some(leaf.line),
        defect,
    })
}

fn write(out: &mut dyn Write, line: &str) -> Result<(), SealError> {
    out.write_all(line.as_bytes()).map_err(SealError::Write)
}

/// Writes the ledger, held to its rules; gives its digest, the files that it lists, and how many items were refused
/// for other reasons than a withdrawal.
fn ledger(state: &State, out: &mut dyn Write) -> Result<(Digest, LedgerFiles, u64), SealError> {
    let mut hasher = Hasher::new();
    let mut refused = 0;
    let mut files = LedgerFiles::default();
    for line in LedgerReader::new(state.sources(Part::Inputs)?) {
        let line = line?;
        match &line {
            LedgerLine::File(line) => files.add(line),
            LedgerLine::Refusal(line) => {
                refused += u64::from(!matches!(line.code.as_str(), WITHDRAWN | HELD));
            }
            LedgerLine::Withdrawn(_) => {}
        }
        // What was read is the one spelling of the line.
        for bytes in [line.spell().as_slice(), b"\n"] {
            hasher.update(bytes);
            out.write_all(bytes).map_err(SealError::Write)?;
        }
    }
    Ok((hasher.finish(), files, refused))
}

/// The entries of the release before, as those of this one come by.
struct Against {
    entries: Option<Peekable<EntryReader>>,
    listing: Summariser,
    changed: Changed,
}

impl Against {
    fn new(previous: Option<Source>) -> Result<Self, HistoryError> {
        let entries = match previous {
            Some(source) => Some(EntryReader::open(&source)?.peekable()),
            None => None,
        };
        Ok(Self {
            entries,
            listing: Summariser::new(),
            changed: Changed::default(),
        })
    }

    /// Takes the next entry of this release.
    fn push(&mut self, entry: &Entry) -> Result<(), SealError> {
        while let Some(before) = self.before(|before| before.id < entry.id)? {
            self.changed.take(Some(before), None);
        }
        let before = self.before(|before| before.id == entry.id)?;
        self.changed.take(before, Some(entry.clone()));
        Ok(())
    }

    /// The next entry of the release before, if it is so.
    fn before(&mut self, so: impl Fn(&Entry) -> bool) -> Result<Option<Entry>, SealError> {
        let Some(entries) = &mut self.entries else {
            return Ok(None);
        };
        let next = entries.next_if(|next| next.as_ref().map_or(true, &so));
        let Some(entry) = next.transpose().map_err(HistoryError::from)? else {
            return Ok(None);
        };
        // Entries of a file come in order.
        let _ = self.listing.push(&entry);
        Ok(Some(entry))
    }

    fn finish(mut self) -> Result<(Changes, Summary), SealError> {
        while let Some(before) = self.before(|_| true)? {
            self.changed.take(Some(before), None);
        }
        if self.changed.vanished > 0 {
            self.changed.named.truncate(NAMED);
            return Err(SealError::Vanished {
                count: self.changed.vanished,
                ids: self.changed.named,
            });
        }
        Ok((self.changed.counts, self.listing.finish()))
    }
}
