//! The shards of the newest release, against what was sealed.

use super::named::Named;
use super::rebuild::Rebuilt;
use super::releases::Release;
use super::{Finding, Findings, Part, PartName, Verdict, VerifyError, VerifyOptions, outside};
use crate::corpus::{
    Corpus, ENTRIES, Entry, EntryReader, LedgerFiles, OpenError, PathError, State, TRACES,
};
use crate::manifest::entries::{OrderError, Pair, Pairs};
use crate::manifest::history::is_failure;
use crate::manifest::scan::{Content, Defect, Leaf, Leaves, Problem};
use crate::record::RecordType;

/// The parts that are about shards.
const OF_SHARDS: [PartName; 3] = [PartName::Records, PartName::Contents, PartName::Traces];

/// Judges records, withdrawals, contents, traces and stored files.
pub(super) fn verify(
    corpus: &Corpus,
    chain: &[Release],
    rebuilt: &[Rebuilt],
    ledger: Option<&LedgerFiles>,
    options: &VerifyOptions<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), VerifyError> {
    let Some(newest) = chain.first() else {
        return Ok(());
    };
    let number = newest.number;
    let state = match corpus.sealed() {
        Ok(Some(state)) => state,
        Ok(None) => return Ok(()),
        Err(error) => {
            let reason = not_opened(error)?;
            for part in OF_SHARDS {
                parts.push(
                    Part::new(part, number, Verdict::Unverifiable)
                        .because("`files.json` does not say which shards there are"),
                );
            }
            parts.push(Part::new(PartName::Files, number, Verdict::Failed).because(reason));
            return Ok(());
        }
    };
    let known = rebuilt
        .first()
        .is_some_and(|rebuilt| rebuilt.entries.is_ok());
    let entries = if known { Some(ENTRIES) } else { None };
    match records(corpus, &state, number, entries, options, parts)? {
        Ok(()) => {}
        Err(error) => {
            let reason = outside(error)?;
            parts.push(Part::new(PartName::Records, number, Verdict::Failed).because(reason));
        }
    }
    let mut named = Named::new(ledger, options.limit);
    match traces(corpus, &state, number, &mut named, options)? {
        Ok((part, withheld)) => {
            parts.push(part);
            parts.extend(named.judge(newest, withheld));
        }
        Err(error) => {
            let reason = outside(error)?;
            parts.push(Part::new(PartName::Traces, number, Verdict::Failed).because(reason));
        }
    }
    parts.push(files(&state, number, options)?);
    Ok(())
}

/// What was seen of records.
struct Seen {
    records: Findings,
    contents: Findings,
    held: u64,
    withheld: u64,
    as_sealed: u64,
    withdrawn: u64,
}

fn records(
    corpus: &Corpus,
    state: &State,
    number: u64,
    entries: Option<&str>,
    options: &VerifyOptions<'_>,
    parts: &mut Vec<Part>,
) -> Result<Result<(), PathError>, VerifyError> {
    let (leaves, source) = match (
        Leaves::of_records(state),
        entries.map(|name| corpus.release_source(number, name)),
    ) {
        (Err(error), _) | (_, Some(Err(error))) => return Ok(Err(error)),
        (Ok(leaves), Some(Ok(source))) => (leaves, source),
        (Ok(leaves), None) => (leaves, None),
    };
    let known = source.is_some();
    let mut seen = Seen {
        records: Findings::new(options.limit),
        contents: Findings::new(options.limit),
        held: 0,
        withheld: 0,
        as_sealed: 0,
        withdrawn: 0,
    };
    let mut problems = Findings::new(options.limit);
    // Entries that cannot be read were reported with the release.
    let entries = source
        .and_then(|source| EntryReader::open(&source).ok())
        .into_iter()
        .flatten()
        .map_while(Result::ok);
    let mut disorder = false;
    let leaves = readable(leaves, &mut problems, &mut disorder);
    for pair in Pairs::new(entries.map(Ok::<Entry, VerifyError>), leaves) {
        match pair? {
            Pair::Left(entry) => seen.records.push(missing(&entry)),
            Pair::Right(leaf) => {
                if known {
                    seen.records.push(surplus(&leaf));
                }
                seen.content(&leaf);
            }
            Pair::Both(entry, leaf) => {
                seen.record(&entry, &leaf);
                seen.content(&leaf);
            }
        }
    }
    if disorder {
        for found in &mut seen.records.kept {
            // Only what is missing stands on no line.
            if found.line.is_none() {
                found.message += ", or its line is out of order and was not compared";
            }
        }
    }
    problems.absorb(seen.records);
    seen.records = problems;
    parts.extend(seen.judge(number, known, options));
    Ok(Ok(()))
}

/// The leaves that can be read; the problems of the others are findings. `disorder` is set where a line
/// stands out of order.
fn readable(
    leaves: Leaves,
    findings: &mut Findings,
    disorder: &mut bool,
) -> impl Iterator<Item = Result<Leaf, VerifyError>> {
    leaves.filter_map(move |leaf| match leaf {
        Ok(leaf) => Some(Ok(leaf)),
        Err(Problem {
            defect: Defect::Read(error),
            ..
        }) if is_failure(&error) => Some(Err(error.into())),
        Err(problem) => {
            // What cannot be read names its file itself.
            let message = problem.defect.to_string();
            let named = format!("{}: ", problem.file);
            let mut message = message.strip_prefix(&named).unwrap_or(&message).to_owned();
            if matches!(problem.defect, Defect::Order(OrderError::Order { .. })) {
                *disorder = true;
                message += ": the line is out of order, and was not compared";
            }
            findings.push(Finding {
                id: None,
                file: Some(problem.file.to_string()),
                line: problem.line,
                message,
            });
            None
        }
    })
}

impl Seen {
    fn record(&mut self, entry: &Entry, leaf: &Leaf) {
        if *entry != leaf.entry {
            self.records.push(altered(entry, leaf));
            return;
        }
        self.as_sealed += 1;
        if entry.kind == RecordType::Withdrawal {
            self.withdrawn += 1;
        }
    }

    fn content(&mut self, leaf: &Leaf) {
        match leaf.content {
            Content::None => {}
            Content::Held => self.held += 1,
            Content::Withheld => self.withheld += 1,
            Content::Altered { said, found } => self.contents.push(about(
                leaf,
                format!("its content has the digest {found}, `content_digest` is {said}"),
            )),
        }
    }

    fn judge(self, number: u64, known: bool, options: &VerifyOptions<'_>) -> Vec<Part> {
        let part = |name, verdict| Part::new(name, number, verdict);
        let mut parts = Vec::new();
        let records = if known {
            part(PartName::Records, Verdict::Verified)
        } else {
            part(PartName::Records, Verdict::Unverifiable)
                .because("the entries of the release cannot be read")
        };
        parts.push(self.records.judge(records).counting(self.as_sealed));
        if self.withdrawn > 0 {
            parts.push(part(PartName::Withdrawals, Verdict::Withdrawn).counting(self.withdrawn));
        }
        let all = self.held + self.withheld + self.contents.count;
        let contents = if self.withheld == 0 {
            part(PartName::Contents, Verdict::Verified)
        } else {
            let verdict = if options.require_content {
                Verdict::Failed
            } else {
                Verdict::Withheld
            };
            part(PartName::Contents, verdict)
                .because(format!("{} of {all} are not in this copy", self.withheld))
        };
        parts.push(self.contents.judge(contents).counting(self.held));
        parts
    }
}

/// Judges the traces in the shards. Gives also how many were not looked at
/// for what they name, where that is known.
fn traces(
    corpus: &Corpus,
    state: &State,
    number: u64,
    named: &mut Named<'_>,
    options: &VerifyOptions<'_>,
) -> Result<Result<(Part, Option<u64>), PathError>, VerifyError> {
    let part = |verdict| Part::new(PartName::Traces, number, verdict);
    let (leaves, source) = match (
        Leaves::of_traces(state),
        corpus.release_source(number, TRACES),
    ) {
        (Err(error), _) | (_, Err(error)) => return Ok(Err(error)),
        (Ok(leaves), Ok(Some(source))) => (leaves, source),
        (Ok(_), Ok(None)) => {
            let unverifiable = part(Verdict::Unverifiable).because("`traces.txt` is not there");
            return Ok(Ok((unverifiable, None)));
        }
    };
    let mut problems = Findings::new(options.limit);
    let mut findings = Findings::new(options.limit);
    let (mut held, mut withheld) = (0_u64, 0_u64);
    let mut broken = false;
    let entries = EntryReader::open(&source)
        .into_iter()
        .flatten()
        .map_while(|entry| {
            broken |= entry.is_err();
            entry.ok()
        });
    let mut disorder = false;
    let leaves = readable(leaves, &mut problems, &mut disorder);
    for pair in Pairs::new(entries.map(Ok::<Entry, VerifyError>), leaves) {
        match pair? {
            Pair::Left(_) => withheld += 1,
            Pair::Right(leaf) => findings.push(surplus(&leaf)),
            Pair::Both(entry, leaf) if entry == leaf.entry => {
                named.take(&leaf);
                held += 1;
            }
            Pair::Both(entry, leaf) => findings.push(altered(&entry, &leaf)),
        }
    }
    if broken {
        // What is wrong with `traces.txt` was reported with the release.
        let unverifiable = part(Verdict::Unverifiable).because("`traces.txt` cannot be read");
        return Ok(Ok((unverifiable, None)));
    }
    problems.absorb(findings);
    let judged = if withheld == 0 {
        part(Verdict::Verified)
    } else {
        part(Verdict::Withheld).because(format!(
            "{withheld} of {} are not in this copy",
            held + withheld + problems.count
        ))
    };
    let unseen = withheld + problems.count;
    Ok(Ok((problems.judge(judged).counting(held), Some(unseen))))
}

/// Judges the stored files by their listing.
///
/// The listing is not signed: whoever packs the shards in another way writes another. It finds what
/// no digest of a record can, a changed byte that means the same.
fn files(state: &State, number: u64, options: &VerifyOptions<'_>) -> Result<Part, VerifyError> {
    let part = |verdict| Part::new(PartName::Files, number, verdict);
    if state.listing().is_none() {
        return Ok(part(Verdict::Unverifiable)
            .because("there is no `files.json`")
            .aside());
    }
    let mut findings = Findings::new(options.limit);
    let mut whole = 0;
    for file in state.files() {
        let message = match state.check_file(file) {
            Ok(None) => {
                whole += 1;
                continue;
            }
            Ok(Some(defect)) => defect.to_string(),
            Err(error) => not_opened(error)?,
        };
        findings.push(Finding {
            id: None,
            file: Some(file.name.to_string()),
            line: None,
            message,
        });
    }
    let judged = match state.missing().len() {
        0 => part(Verdict::Verified),
        gone => part(Verdict::Unverifiable)
            .because(format!(
                "`files.json` is of another packing: {gone} of the files it names are not there"
            ))
            .aside(),
    };
    Ok(findings.judge(judged).counting(whole))
}

/// What does not open is wrong, unless it could not be looked at.
fn not_opened(error: OpenError) -> Result<String, VerifyError> {
    if let OpenError::Path(error) = error {
        outside(error)
    } else if matches!(error, OpenError::Listing { .. }) {
        Ok(error.to_string())
    } else {
        Err(error.into())
    }
}

fn missing(entry: &Entry) -> Finding {
    Finding {
        id: Some(entry.id.to_string()),
        file: None,
        line: None,
        message: format!("the {} is missing", entry.kind.name()),
    }
}

fn surplus(leaf: &Leaf) -> Finding {
    about(leaf, "is not in the release".to_owned())
}

fn altered(entry: &Entry, leaf: &Leaf) -> Finding {
    let message = if entry.kind == leaf.entry.kind {
        format!(
            "has the digest {}, the release has {}",
            leaf.entry.digest, entry.digest
        )
    } else {
        format!(
            "is of the type `{}`, in the release of `{}`",
            leaf.entry.kind.name(),
            entry.kind.name()
        )
    };
    about(leaf, message)
}

fn about(leaf: &Leaf, message: String) -> Finding {
    Finding {
        id: Some(leaf.entry.id.to_string()),
        file: Some(leaf.file.to_string()),
        line: Some(leaf.line),
        message,
    }
}
