//! Checking: everything that can be wrong with records, relations, traces, corpora and dumps.
//!
//! What is wrong with data is a [`Diagnostic`] with a code, placed at the bytes of the offending key or
//! value; all of them are reported, not the first of each record. An error here is that of the
//! operation: a corpus that cannot be opened.
//!
//! `line` is one line as rules see it; `text` finds the characters that no writer meant; `rules` has one
//! file for each family of rules, from the frame of a line (its module head) to `provenance`, a trace
//! beside its record and its raw item; `corpus` has what shows only among records; `against` holds files
//! to a release. Each uses only those before it.
//!
//! `corpus` runs them all over a corpus in one pass, in parallel, with results that do not depend on
//! the number of threads; `records` runs those that files of lines show by themselves, `against` these
//! and what the entries of a release show beside them, without the rest of the corpus, `dump` those
//! that a raw dump shows, at the bytes of the dump. Texts are streamed; what stays in memory of a corpus
//! that is as it should be are 32 bytes for each id and 48 for each thing that a relation says of a
//! record.
//!
//! ```
//! use dateline::check::{At, check_line};
//!
//! let line = br#"{"format":"dateline/1","type":"withdrawal","id":"art-1","date":"2022-02-30"}"#;
//! let at = At { file: "part.jsonl", line: 1, offset: 0 };
//! let found = check_line(line, at);
//! let codes: Vec<_> = found.iter().map(|one| one.code.name).collect();
//! assert_eq!(codes, ["field-missing", "field-missing", "time-calendar"]);
//! ```

mod against;
mod corpus;
mod dump;
mod line;
mod records;
mod rules;
mod text;

#[cfg(test)]
mod tests;

pub use against::{Against, AgainstError, check_against};
pub use corpus::check_corpus;
pub use dump::check_dump;
pub use line::findings::At;
pub use records::{check_records, record_file};
pub use rules::facets::{Facet, UnknownFacet};

use std::collections::BTreeSet;
use std::sync::Arc;

use line::findings::Findings;
use line::workspace::Workspace;

use crate::corpus::{OpenError, PathError, WriteError};
use crate::diagnostic::{Code, Diagnostic, Report, Severity, Sieve};
use crate::dump::{Input, Progress};
use crate::manifest::VerifyError;
use crate::takedown::Private;

/// What to check beyond what is always checked.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The files of the dumps that the corpus was made of: with them traces are replayed.
    pub raw: Vec<Input>,
    /// Whether those are some of the files only: what lies in others is then not looked for.
    pub raw_some: bool,
    /// Facets that every article, or the corpus, must have.
    pub require: Vec<Facet>,
    /// Codes that are errors, whatever their severity.
    pub deny: Vec<&'static Code>,
    /// Codes of warnings and notes that are not reported. Errors are reported whatever stands here.
    pub allow: Vec<&'static Code>,
    /// How many diagnostics the report keeps; all are counted.
    pub limit: Option<usize>,
    /// What holds known findings back. It is asked of each finding once, whatever the number of
    /// checks that share it.
    pub sieve: Option<Arc<Sieve>>,
    /// The folder beside the corpus that has the secret and the decisions of withdrawals;
    /// `<corpus>.private` where none is named.
    pub private: Option<Private>,
    /// Files of which nothing is shown, as findings name them, beside those that links lead to from
    /// outside the corpus.
    pub unshown: BTreeSet<String>,
    /// Where it is noted how much was read: bytes of records as they are when decompressed, or of the
    /// files of a dump.
    pub progress: Progress,
}

/// Why a check cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The corpus does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A path leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The release to compare with cannot be read, or is not what its manifest says.
    #[error(transparent)]
    Against(#[from] AgainstError),
    /// The chain of releases cannot be looked at.
    #[error(transparent)]
    Chain(#[from] Box<VerifyError>),
    /// There is no room to put articles in the order of the raw files.
    #[error(
        "{0}: with raw files, articles are sorted in the folder for temporary files (`TMPDIR` names another)"
    )]
    Room(#[source] WriteError),
    /// The file does not open.
    #[error("cannot read `{}`", .path.display())]
    Unreadable {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Everything wrong with one line of records or traces by itself, in the order of reports. The line is
/// without its LF.
///
/// What shows only beside other lines (an id twice, a relation that leads nowhere) is for
/// [`check_corpus`]. A line of `id` and `trace` is taken for a trace, any other for a record.
#[must_use]
pub fn check_line(bytes: &[u8], at: At<'_>) -> Vec<Diagnostic> {
    let options = Options::default();
    let mut findings = Findings::new(at, bytes, &options);
    let workspace = &mut Workspace::default();
    if let Some(tape) = rules::parse(&mut findings, true, workspace) {
        rules::check(&tape, rules::Wanted::Anything, &mut findings, workspace);
    }
    findings.into_all()
}

/// Puts a diagnostic into a report, an error where the options deny its code; leaves it out where
/// they allow it, or where it is known.
fn push(report: &mut Report, options: &Options, mut diagnostic: Diagnostic) {
    if options.unshown.contains(&diagnostic.place.file) {
        diagnostic = line::outside::without_text(diagnostic);
    }
    if options.deny.contains(&diagnostic.code) {
        diagnostic.severity = Severity::Error;
    }
    let allowed = options.allow.contains(&diagnostic.code);
    let reported = diagnostic.severity == Severity::Error || !allowed;
    if !reported {
        return;
    }
    let new = match &options.sieve {
        Some(sieve) => sieve.pass(diagnostic),
        None => Some(diagnostic),
    };
    if let Some(new) = new {
        report.push(new);
    }
}
