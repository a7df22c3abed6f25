//! The end of a command that writes: a check of the corpus, in a few lines.

use std::path::Path;

use dateline::check::{Options, check_corpus};
use dateline::corpus::Corpus;
use dateline::diagnostic::escape::escape;
use dateline::diagnostic::{Code, Diagnostic, Report, Severity};
use dateline::dump::Input;
use dateline::takedown::Private;

use crate::convert;
use crate::failure::{Exit, Failure};
use crate::progress::Bar;
use crate::screen;
use crate::screen::Screen;

/// Checks the corpus with the raw files at hand; `raw_some` says that there may be others.
pub(crate) fn check(
    corpus: &Path,
    raw: Vec<Input>,
    raw_some: bool,
    private: Private,
    screen: &mut Screen,
) -> Result<Report, Failure> {
    let options = Options {
        raw,
        raw_some,
        private: Some(private),
        limit: Some(convert::SHOWN),
        ..Options::default()
    };
    let bar = Bar::new("checking", &options.progress, None, screen);
    let mut report = check_corpus(&Corpus::open(corpus)?, &options)?;
    drop(bar);
    convert::name_corpus(&mut report, corpus);
    Ok(report)
}

/// Prints how often each error and warning was found, and where first, except for the codes in `said`,
/// which were reported before. Returns how a check of the corpus would exit.
pub(crate) fn tell(
    report: &Report,
    corpus: &Path,
    said: &[&Code],
    screen: &mut Screen,
) -> Result<Exit, Failure> {
    let mut codes: Vec<&Diagnostic> = Vec::new();
    for found in report.diagnostics() {
        let new = !codes.iter().any(|one| std::ptr::eq(one.code, found.code));
        let is_said = said.iter().any(|code| std::ptr::eq(*code, found.code));
        if new && !is_said && found.severity != Severity::Note {
            codes.push(found);
        }
    }
    codes.sort_by_key(|found| (found.severity != Severity::Error, found.code.name));
    for found in &codes {
        let place = &found.place;
        let line = place
            .line
            .map_or_else(String::new, |line| format!(":{line}"));
        let record = place
            .record
            .as_deref()
            .map_or_else(String::new, |record| format!(" (of {record})"));
        screen.line(&format!(
            "{}[{}]: {}, first at {}{line}{}",
            found.severity,
            found.code.name,
            report.count_of(found.code),
            escape(&place.file),
            escape(&record)
        ))?;
    }
    if !codes.is_empty() {
        screen.line(&format!(
            "  to see them all: dateline check {}",
            screen::named(corpus)
        ))?;
    }
    Ok(if report.has_errors() {
        Exit::Problems
    } else {
        Exit::Clean
    })
}
