//! One pass over a working state: the lists that a release consists of, and what they come to.

use std::io::Write;
use std::iter::Peekable;

use super::SealError;
use crate::corpus::{Entry, EntryReader, LedgerFiles, LedgerReader, Part, Source, State};
use crate::digest::{Digest, Hasher};
use crate::dump::LedgerLine;
use crate::json::Tape;
use crate::manifest::chain::{Change, Effect};
use crate::manifest::entries::{Listing, Pair, Pairs, Summary};
use crate::manifest::history::HistoryError;
use crate::manifest::named::Profiles;
use crate::manifest::scan::{Content, Defect, Leaf, Leaves, Problem};
use crate::manifest::statement::Changes;
use crate::record::{Id, Misfit, RecordType, Withdrawal};
use crate::schema::Schema;
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
}

/// Reads all of `state` once and writes the lists.
pub(super) fn gather(
    state: &State,
    previous: Option<Source>,
    lists: &mut Lists<'_>,
) -> Result<Gathered, SealError> {
    let mut records = Listing::new();
    let mut traces = Listing::new();
    let mut against = Against::new(previous)?;
    let mut profiles = Profiles::default();
    let mut withheld = 0;
    let (ledger, files) = ledger(state, lists.ledger)?;
    let record_leaves = Leaves::of_records(state)?;
    let trace_leaves = Leaves::of_traces(state)?;
    for pair in Pairs::new(record_leaves, trace_leaves) {
        let (record, trace) = match pair? {
            Pair::Left(record) => (record, None),
            Pair::Both(record, trace) if record.entry.kind == RecordType::Article => {
                (record, Some(trace))
            }
            Pair::Right(trace) | Pair::Both(_, trace) => return Err(stray(&trace)),
        };
        admit(&record)?;
        if record.content == Content::Withheld {
            withheld += 1;
        }
        let line = records
            .push(&record.entry)
            .map_err(|error| at(&record, error.into()))?;
        write(lists.entries, &line)?;
        if let Some(before) = against.push(&record.entry)? {
            succeeds(&record, before)?;
        }
        if let Some(trace) = trace {
            profiles.add(profile(&trace, &files)?);
            let line = traces
                .push(&trace.entry)
                .map_err(|error| at(&trace, error.into()))?;
            write(lists.traces, &line)?;
        }
    }
    let (changes, previous) = against.finish()?;
    Ok(Gathered {
        entries: records.finish(),
        traces: traces.finish(),
        ledger,
        changes,
        profiles: profiles.list(),
        withheld,
        previous,
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

/// Refuses a withdrawal of something else than the release before has.
fn succeeds(record: &Leaf, before: Entry) -> Result<(), SealError> {
    let withdrawal = record.entry.kind == RecordType::Withdrawal;
    if !withdrawal || before.kind == RecordType::Withdrawal {
        return Ok(());
    }
    let read: Withdrawal = serde_json::from_slice(&record.bytes)
        .map_err(|error| at(record, Defect::Fields(Misfit::in_line(&error))))?;
    if read.was == before.digest {
        return Ok(());
    }
    let defect = Defect::Was {
        id: before.id,
        before: before.digest,
    };
    Err(at(record, defect))
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

fn stray(trace: &Leaf) -> SealError {
    let defect = Defect::StrayTrace(trace.entry.id.clone());
    at(trace, defect)
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

/// Writes the ledger, held to its rules; gives its digest and the files that it lists.
fn ledger(state: &State, out: &mut dyn Write) -> Result<(Digest, LedgerFiles), SealError> {
    let mut hasher = Hasher::new();
    let mut files = LedgerFiles::default();
    for line in LedgerReader::new(state.sources(Part::Inputs)?) {
        let line = line?;
        if let LedgerLine::File(line) = &line {
            files.add(line);
        }
        // What was read is the one spelling of the line.
        for bytes in [line.spell().as_slice(), b"\n"] {
            hasher.update(bytes);
            out.write_all(bytes).map_err(SealError::Write)?;
        }
    }
    Ok((hasher.finish(), files))
}

/// The entries of the release before, as those of this one come by.
struct Against {
    entries: Option<Peekable<EntryReader>>,
    listing: Listing,
    counts: Changes,
    vanished: u64,
    named: Vec<Id>,
}

impl Against {
    fn new(previous: Option<Source>) -> Result<Self, HistoryError> {
        let entries = match previous {
            Some(source) => Some(EntryReader::open(&source)?.peekable()),
            None => None,
        };
        Ok(Self {
            entries,
            listing: Listing::new(),
            counts: Changes::default(),
            vanished: 0,
            named: Vec::new(),
        })
    }

    /// Takes the next entry of this release; gives what the release before has at its id.
    fn push(&mut self, entry: &Entry) -> Result<Option<Entry>, SealError> {
        while let Some(before) = self.before(|before| before.id < entry.id)? {
            self.change(Some(before), None);
        }
        let before = self.before(|before| before.id == entry.id)?;
        self.change(before.clone(), Some(entry.clone()));
        Ok(before)
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

    fn change(&mut self, before: Option<Entry>, after: Option<Entry>) {
        let Some(change) = Change::between(before, after) else {
            return;
        };
        if change.count(&mut self.counts) == Effect::Vanished {
            self.vanished += 1;
            if self.named.len() < NAMED {
                self.named.push(change.id);
            }
        }
    }

    fn finish(mut self) -> Result<(Changes, Summary), SealError> {
        while let Some(before) = self.before(|_| true)? {
            self.change(Some(before), None);
        }
        if self.vanished > 0 {
            return Err(SealError::Vanished {
                count: self.vanished,
                ids: self.named,
            });
        }
        Ok((self.counts, self.listing.finish()))
    }
}
