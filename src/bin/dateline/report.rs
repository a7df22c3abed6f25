//! Writes reports in the requested format, to the requested file.

use std::io::Write as _;
use std::path::Path;

use dateline::diagnostic::escape::escape;
use dateline::diagnostic::{Format, Report, Styles, github, statistics};

use crate::args;
use crate::failure::Failure;
use crate::file;
use crate::repository;
use crate::screen::Screen;

/// Names the file that GitHub shows as the summary of a step.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

impl args::Output {
    /// The file to write the report to; none for standard output.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !file::is_stdout(path))
    }

    /// How many findings are listed.
    pub(crate) fn limit(&self) -> usize {
        self.limit.unwrap_or_else(|| self.format.usual_limit())
    }

    /// Refuses options that contradict each other.
    pub(crate) fn refuse_contradictions(&self) -> Result<(), Failure> {
        let people = self.format.is_for_people();
        if self.statistics && !people && self.file().is_none() {
            return Err(
                Failure::new("--statistics would mix its table with output for programs").hint(
                    "leave out --statistics, since that format has all counts, or write the report with --output FILE",
                ),
            );
        }
        Ok(())
    }
}

/// Writes the report of a check.
pub(crate) fn write(
    mut report: Report,
    args: &args::Output,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let format = args.format;
    if repository::is_named_from(format) {
        let mut names = repository::Names::default();
        report.rename_files(|name| names.of(name));
    }
    let report = &report;
    if format == Format::Github {
        summarise(report, screen);
    }
    let Some(path) = args.file() else {
        let silent = screen.is_quiet() && format.is_for_people();
        if silent && report.counts().total() == 0 {
            return Ok(());
        }
        if args.statistics {
            let styles = styles(screen);
            statistics::write(&mut screen.out, report, &styles)?;
        } else {
            show(report, format, screen)?;
        }
        return Ok(());
    };
    let mut bytes = Vec::new();
    report.write(&mut bytes, format, &Styles::plain())?;
    file::replace(path, &bytes)?;
    if args.statistics {
        let styles = styles(screen);
        statistics::write(&mut screen.out, report, &styles)?;
    } else if !(screen.is_quiet() && report.counts().total() == 0) {
        let path = path.display().to_string();
        screen.line(&format!("{}; see {}", report.summary(), escape(&path)))?;
    }
    Ok(())
}

/// Writes a report to standard output.
pub(crate) fn show(report: &Report, format: Format, screen: &mut Screen) -> Result<(), Failure> {
    let styles = styles(screen);
    report.write(&mut screen.out, format, &styles)?;
    Ok(())
}

fn styles(screen: &Screen) -> Styles {
    if screen.coloured() {
        Styles::coloured()
    } else {
        Styles::plain()
    }
}

/// Appends the summary of the step. If it cannot be written, the check still goes on.
fn summarise(report: &Report, screen: &mut Screen) {
    let Some(path) = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) else {
        return;
    };
    let mut bytes = Vec::new();
    let written = github::summary(&mut bytes, report).and_then(|()| {
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path)?;
        file.write_all(&bytes)
    });
    if let Err(error) = written {
        screen.complain("warning", &format!("cannot write {STEP_SUMMARY}: {error}"));
    }
}
