//! The ledger of a corpus, and what traces say of the files that it lists.

use crate::check::line::findings::{Findings, file_name};
use crate::check::line::value::pointer;
use crate::check::rules::checked::unread;
use crate::check::rules::trace::location_nodes;
use crate::check::{CheckError, Options, push};
use crate::corpus::{Corpus, Part, State};
use crate::diagnostic::{Code, Diagnostic, Place, Report, codes};
use crate::dump::LedgerLine;
use crate::json::Node;
use crate::manifest::named::Profiles;
use crate::release::{LedgerError, LedgerErrorKind, LedgerFiles, LedgerReader};
use crate::trace::Trace;
use crate::transit::LineEnds;

/// What the traces of a corpus name.
#[derive(Debug, Default)]
pub(crate) struct Mentioned {
    pub(crate) profiles: Profiles,
    /// How many traces there are.
    pub(crate) traces: u64,
}

impl Mentioned {
    pub(crate) fn add(&mut self, trace: &Trace) {
        self.profiles.add(trace.profile.clone());
        self.traces += 1;
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.profiles.append(other.profiles);
        self.traces += other.traces;
    }
}

/// Checks the ledger of a state. Gives the files that it lists, where nothing is wrong with it.
pub(crate) fn check(
    corpus: &Corpus,
    state: &State,
    report: &mut Report,
    options: &Options,
) -> Result<Option<LedgerFiles>, CheckError> {
    let mut sources = state.sources(Part::Inputs)?;
    if sources.is_empty() {
        if !state.sources(Part::Traces)?.is_empty() {
            let place = Place::file(corpus.root().display().to_string());
            let message = "there is no ledger, so nothing says which files the traces name";
            push(
                report,
                options,
                Diagnostic::new(codes::LEDGER_TRACES, place, message),
            );
        }
        return Ok(None);
    }
    for source in &mut sources {
        source.file = file_name(corpus.root(), &source.file);
    }
    let mut files = LedgerFiles::default();
    let mut whole = true;
    for line in LedgerReader::new(sources) {
        match line {
            Ok(LedgerLine::File(line)) => files.add(&line),
            Ok(LedgerLine::Refusal(_) | LedgerLine::Withdrawn(_)) => {}
            Err(error) => {
                whole = false;
                push(report, options, found(&error));
            }
        }
    }
    Ok(whole.then_some(files))
}

fn found(error: &LedgerError) -> Diagnostic {
    match error {
        LedgerError::Read(error) => unread(error),
        LedgerError::Line { file, line, kind } => {
            let mut place = Place::file(&**file);
            place.line = Some(*line);
            let mut found = Diagnostic::new(code(kind), place, kind.to_string());
            if let LedgerErrorKind::Crlf = kind {
                found = found.hint(LineEnds::BecameCrlf.remedy());
            }
            found
        }
    }
}

fn code(kind: &LedgerErrorKind) -> &'static Code {
    Code::named(kind.requirement()).unwrap_or(codes::LEDGER_LINE)
}

/// Holds the locations of a trace to the ledger.
pub(crate) fn places(
    line: Node<'_>,
    trace: &Trace,
    ledger: Option<&LedgerFiles>,
    findings: &mut Findings<'_>,
) {
    let Some(ledger) = ledger else { return };
    for ((index, node), location) in location_nodes(line).zip(&trace.locations) {
        if let Err(error) = ledger.holds(location) {
            let place = pointer("/trace/locations").index(index);
            findings.on(codes::LEDGER_TRACES, node, place, error.to_string());
        }
    }
}
