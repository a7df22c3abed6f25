//! One pass over a working state: the lists that a release consists of, and what they come to.

use std::io::{self, Write};
use std::iter::Peekable;
use std::sync::Arc;

use super::SealError;
use crate::corpus::{Chunks, Pair as SortedPair, Part, Sorted, Sorter, Source, State};
use crate::digest::{Digest, Hasher};
use crate::dump::{LedgerLine, WITHDRAWN};
use crate::manifest::named::Profiles;
use crate::manifest::verify::withdrawals::says;
use crate::record::{Id, RecordType};
use crate::release::{
    Changed, Changes, Content, Defect, Entry, EntryReader, HistoryError, Leaf, LedgerFiles,
    LedgerReader, Pair, Pairs, Placed, Problem, ReleaseDraft, Standing, Summariser, Summary,
    in_order, leaves,
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
        let look = |record: Leaf<'_>| {
            admit(&record)?;
            let is_withdrawal = record.placed.entry.kind == RecordType::Withdrawal;
            let said = is_withdrawal.then(|| says(record.root())).flatten();
            Ok((record.placed, record.content == Content::Withheld, said))
        };
        let chunks = Chunks::new(state.sources(part)?);
        leaves(chunks, part, look, |(record, is_withheld, said)| {
            withheld += u64::from(is_withheld);
            withdrawals.extend(said.map(|said| (record.entry.id.clone(), said)));
            push(&mut records, &record)
        })?;
    }
    let mut traces = draft.sorter();
    let look = |trace: Leaf<'_>| Ok((profile(&trace, &files)?, trace.placed));
    let chunks = Chunks::new(state.sources(Part::Traces)?);
    leaves(chunks, Part::Traces, look, |(profile, trace)| {
        profiles.add(profile);
        push(&mut traces, &trace)
    })?;
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
                return Err(trace.problem(defect).into());
            }
        };
        let line = entries
            .push(&record.entry)
            .map_err(|error| record.problem(error.into()))?;
        write(lists.entries, &line)?;
        against.push(&record.entry)?;
        if let Some(trace) = trace {
            let line = trace_entries
                .push(&trace.entry)
                .map_err(|error| trace.problem(error.into()))?;
            write(lists.traces, &line)?;
        } else if record.entry.kind == RecordType::Article {
            lacking.add(&record.entry.id);
        }
    }
    Ok((entries.finish(), trace_entries.finish(), against))
}

/// Puts an entry among others.
fn push(sorter: &mut Sorter, placed: &Placed) -> Result<(), SealError> {
    let Placed { entry, file, line } = placed;
    // Of two with one id the one that comes later is the second.
    let placed = format!("{file}\n{line:020}\n{entry}").into_bytes();
    Ok(sorter.push(entry.id.to_string(), placed)?)
}

/// What was put among others.
fn read(pair: &SortedPair) -> Option<Placed> {
    let text = std::str::from_utf8(&pair.line).ok()?;
    let (rest, entry) = text.rsplit_once('\n')?;
    let (file, line) = rest.rsplit_once('\n')?;
    Some(Placed {
        entry: Entry::read(entry)?,
        file: Arc::from(file),
        line: line.parse().ok()?,
    })
}

/// Entries in order of id.
fn placed(sorted: Sorted) -> impl Iterator<Item = Result<Placed, SealError>> {
    sorted.map(|pair| {
        let pair = pair?;
        // Nothing but what was put in comes out.
        read(&pair).ok_or_else(|| SealError::Write(io::ErrorKind::InvalidData.into()))
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
            in_order(&last, &placed.entry.id).map_err(|error| placed.problem(error.into()))?;
        }
        Ok(placed)
    })
}

/// Refuses a record that must not be sealed: one of other content than it says, or that does not match its schema.
fn admit(record: &Leaf<'_>) -> Result<(), Problem> {
    let entry = &record.placed.entry;
    if let Content::Altered { said, found } = record.content {
        let id = entry.id.clone();
        let defect = Defect::ContentAltered { id, said, found };
        return Err(record.placed.problem(defect));
    }
    let wrong = Schema::named(entry.kind.name()).map(|schema| schema.validate(record.root()));
    match wrong.into_iter().flatten().next() {
        None => Ok(()),
        Some(error) => Err(record.placed.problem(Defect::Schema {
            pointer: error.pointer.to_string(),
            message: error.message,
        })),
    }
}

/// The profile that a trace names; refuses one whose locations the ledger does not have.
fn profile(trace: &Leaf<'_>, files: &LedgerFiles) -> Result<ProfileRef, Problem> {
    let at = |defect| trace.placed.problem(defect);
    let line: TraceLine = trace.read().map_err(|error| at(Defect::Fields(error)))?;
    for location in &line.trace.locations {
        files
            .holds(location)
            .map_err(|error| at(Defect::Misplaced(error)))?;
    }
    Ok(line.trace.profile)
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
