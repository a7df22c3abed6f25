//! The traces of a corpus, against `traces.txt` of the release that is judged.

use std::convert::Infallible;
use std::iter::Peekable;
use std::sync::Arc;

use super::index::Index;
use super::lines::{Item, Read};
use super::named::{Mentions, Names};
use super::records;
use super::releases::Release;
use super::tally::{Newest, Tally};
use super::{
    Finding, Findings, Judged, PartName, PartResult, Verdict, VerifyError, VerifyOptions, advised,
    outside,
};
use crate::corpus::{Among, Corpus, Part, Source, TRACES};
use crate::record::{Id, RecordType};
use crate::release::{At, Entry, EntryReader, Leaf, Pair, Pairs, Summariser, Summary};

/// Where traces lie.
const FOLDERS: [Part; 1] = [Part::Traces];

/// What a release has of traces.
pub(super) struct TraceEntries {
    /// Whether it is what was sealed.
    pub(super) part: PartResult,
    /// The entries, where they are.
    proven: Option<EntriesFrom>,
}

/// Where the entries come from.
#[derive(Clone)]
enum EntriesFrom {
    File(Source),
    Recomputed(Arc<[Entry]>),
}

impl EntriesFrom {
    /// The entries, as far as they can be read.
    fn entries(&self) -> Box<dyn Iterator<Item = Entry>> {
        match self {
            Self::File(source) => Box::new(
                EntryReader::open(source)
                    .into_iter()
                    .flatten()
                    .map_while(Result::ok),
            ),
            Self::Recomputed(all) => {
                let all = Arc::clone(all);
                let mut at = 0;
                Box::new(std::iter::from_fn(move || {
                    at += 1;
                    all.get(at - 1).cloned()
                }))
            }
        }
    }
}

/// Proves what a release has of traces: from its `traces.txt`, or where that is not there from the traces.
pub(super) fn entries(
    corpus: &Corpus,
    release: &Release,
    newest: bool,
    among: &Among,
) -> Result<TraceEntries, VerifyError> {
    let number = release.number;
    let part = |verdict| PartResult::new(PartName::TraceEntries, number, verdict);
    let unproven = |part| Ok(TraceEntries { part, proven: None });
    let Some(manifest) = &release.manifest else {
        return unproven(part(Verdict::Unverifiable).because("its manifest cannot be read"));
    };
    let why = match corpus.release_source(number, TRACES) {
        Ok(Some(source)) => match summarise(EntryReader::open(&source)) {
            Ok(summary) if summary.is_of_traces(manifest) => {
                return Ok(TraceEntries {
                    part: part(Verdict::Verified).counting(summary.size),
                    proven: Some(EntriesFrom::File(source)),
                });
            }
            Ok(summary) => {
                let said = &manifest.predicate.traces;
                return unproven(part(Verdict::Failed).because(format!(
                    "its {} lines have the root {} where the manifest has {} and {}",
                    summary.size, summary.root, said.size, said.root
                )));
            }
            Err(error) if error.is_unreadable() => advised(&error, error.hint()),
            Err(error) => {
                let why = advised(&error, error.hint());
                return unproven(part(Verdict::Failed).because(why));
            }
        },
        Ok(None) => format!("`{TRACES}` is not in this copy"),
        Err(error) => return unproven(part(Verdict::Failed).because(outside(error)?)),
    };
    let said = &manifest.predicate.traces;
    let here = records::entries(among, &FOLDERS, said.size);
    let summary = here.as_deref().and_then(Summary::of);
    let count = summary.as_ref().map(|summary| summary.size);
    Ok(match (here, summary) {
        (Some(here), Some(summary)) if summary.is_of_traces(manifest) => TraceEntries {
            part: part(Verdict::Verified)
                .counting(summary.size)
                .because(format!("computed from the traces: {why}")),
            proven: Some(EntriesFrom::Recomputed(here.into())),
        },
        // Traces may be withheld; where as many are here as the newest has, some are others.
        _ => TraceEntries {
            part: part(if !newest || count.is_some_and(|count| count < said.size) {
                Verdict::Unverifiable
            } else {
                Verdict::Failed
            })
            .because(format!("{why}, and the traces here do not give it again")),
            proven: None,
        },
    })
}

fn summarise<E>(entries: Result<EntryReader, E>) -> Result<Summary, E>
where
    EntryReader: Iterator<Item = Result<Entry, E>>,
{
    let mut listing = Summariser::new();
    for entry in entries? {
        // The reader holds the order.
        let _ = listing.push(&entry?);
    }
    Ok(listing.finish())
}

/// Holds each trace of a release to the article that it is of.
pub(super) struct Owners {
    release: u64,
    entries: Option<Peekable<Box<dyn Iterator<Item = Entry>>>>,
    stray: Findings,
}

impl Owners {
    pub(super) fn new(release: u64, traces: &TraceEntries, limit: usize) -> Self {
        let entries = traces
            .proven
            .as_ref()
            .map(|proven| proven.entries().peekable());
        Self {
            release,
            entries,
            stray: Findings::new(limit),
        }
    }

    /// Is told what the releases have at an id.
    pub(super) fn tell(&mut self, id: &Id, row: &[At]) {
        let Some(entries) = &mut self.entries else {
            return;
        };
        while let Some(trace) = entries.next_if(|trace| trace.id < *id) {
            self.stray.push(stray(&trace));
        }
        if let Some(trace) = entries.next_if(|trace| trace.id == *id) {
            let here = row.iter().find(|at| at.release == self.release);
            let article = here
                .and_then(|at| at.entry.as_ref())
                .is_some_and(|entry| entry.kind == RecordType::Article);
            if !article || trace.kind != RecordType::Article {
                self.stray.push(stray(&trace));
            }
        }
    }

    /// The part, failed where a trace is of no article. `known` says whether the entries of the release are.
    pub(super) fn judge(mut self, part: PartResult, known: bool) -> PartResult {
        if !known {
            return part;
        }
        for trace in self.entries.into_iter().flatten() {
            self.stray.push(stray(&trace));
        }
        if self.stray.count == 0 {
            return part;
        }
        let count = self.stray.count;
        let mut part = part;
        part.verdict = Verdict::Failed;
        part.findings = self.stray.kept;
        part.because(format!(
            "{count} {} of no article of the release",
            if count == 1 { "is" } else { "are" }
        ))
    }
}

fn stray(trace: &Entry) -> Finding {
    Finding {
        id: Some(trace.id.to_string()),
        file: None,
        line: None,
        message: "has a trace and is no article of the release".to_owned(),
    }
}

/// Judges the traces in the shards.
pub(super) fn verify(
    among: &Among,
    judged: &Judged<'_>,
    (sealed, newest): (&TraceEntries, Option<&TraceEntries>),
    mut named: Mentions<'_>,
    options: &VerifyOptions<'_>,
    read: &mut Read,
) -> Vec<PartResult> {
    let part = |verdict| PartResult::new(PartName::Traces, judged.number, verdict);
    let Some(proven) = &sealed.proven else {
        let why = "what the release has of traces is not known";
        let mut parts = vec![part(Verdict::Unverifiable).because(why)];
        parts.extend(named.judge(judged.release, None));
        return parts;
    };
    let mut index = Index::default();
    proven.entries().for_each(|entry| index.add(&entry));
    let index = index.sorted();
    let newest = newest.and_then(|newest| newest.proven.as_ref());
    let size = index.size().max(newest.map_or(0, |newest| {
        u64::try_from(newest.entries().count()).unwrap_or(u64::MAX)
    }));
    let mut tally = Tally::new(index, options.limit);
    let ledger = named.ledger;
    let look = |leaf: &Leaf<'_>| Names::of(leaf, ledger);
    read.files(among, &FOLDERS, size, look, |item| match item {
        Item::Leaf(met, own) => {
            if tally.take(&met) {
                named.take(&met.placed, own);
            }
        }
        Item::Wrong(finding) => tally.wrong(finding),
    });
    tally.sort();
    if !tally.is_plain() {
        let here = proven.entries().map(Ok::<Entry, Infallible>);
        let later: Box<dyn Iterator<Item = Entry>> = match newest {
            Some(newest) => newest.entries(),
            None => Box::new(std::iter::empty()),
        };
        for pair in Pairs::new(here, later.map(Ok)) {
            let Ok(pair) = pair;
            let (entry, later) = match pair {
                Pair::Left(entry) => (Some(entry), None),
                Pair::Right(later) => (None, Some(later)),
                Pair::Both(entry, later) => (Some(entry), Some(later)),
            };
            let Some(id) = entry.as_ref().or(later.as_ref()).map(|entry| &entry.id) else {
                continue;
            };
            let of_newest = match newest {
                Some(_) => Newest::Has(later.as_ref()),
                None => Newest::Judged,
            };
            tally.tell(id, entry.as_ref(), of_newest);
        }
    }
    let (met, replaced) = (tally.met, tally.replaced);
    let ticked = tally.finish();
    let withheld = ticked.missing.count + replaced;
    let unseen = withheld + ticked.wrong.count;
    if ticked.wrong.count > 0 {
        let mut parts = vec![ticked.wrong.judge(part(Verdict::Failed)).counting(met)];
        parts.extend(named.judge(judged.release, Some(unseen)));
        return parts;
    }
    let part = if ticked.newer.count > 0 {
        let mut newer = part(Verdict::Unverifiable).because(format!(
            "{} here {} of a newer release, which release {} does not cover",
            ticked.newer.count,
            if ticked.newer.count == 1 { "is" } else { "are" },
            judged.number
        ));
        newer.findings = ticked.newer.kept;
        newer
    } else if withheld == 0 {
        part(Verdict::Verified)
    } else {
        part(Verdict::Withheld).because(format!(
            "{withheld} of {} are not in this copy",
            met + withheld
        ))
    };
    let mut parts = vec![part.counting(met)];
    parts.extend(named.judge(judged.release, Some(unseen)));
    parts
}
