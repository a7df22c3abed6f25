//! What is timed, one function each.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dateline::check::Options;
use dateline::convert::{self, Outcome};
use dateline::convert::{Converter, Made, Spot, Told, json_draft};
use dateline::corpus::{Config, Container, Corpus, Part, WriteOptions};
use dateline::document::JsonDocument;
use dateline::dump::cut::{JsonCutter, Piece};
use dateline::dump::{Input, Progress, ReadError, inputs};
use dateline::profile::{self, Profile};
use dateline::record::IdRule;
use dateline::record::Record;
use dateline::trace::TraceLine;

use super::sealed;

pub(crate) type Done<T> = Result<T, Box<dyn Error>>;

/// The files of a dump.
pub(crate) fn files(dump: &Path) -> Done<Vec<Input>> {
    Ok(inputs(&[dump.to_owned()])?)
}

/// Reads and cuts a file; how many items it has.
pub(crate) fn cut(file: &Path) -> Done<usize> {
    items(file, |_, _| Ok(()))
}

/// The same, and reads each item as a document.
pub(crate) fn documents(file: &Path) -> Done<usize> {
    items(file, |bytes, encoding| {
        JsonDocument::parse(bytes, encoding)?;
        Ok(())
    })
}

/// The same, and states what it gives.
pub(crate) fn drafts(file: &Path) -> Done<usize> {
    items(file, |bytes, encoding| {
        json_draft(bytes, &JsonDocument::parse(bytes, encoding)?)?;
        Ok(())
    })
}

fn items(
    file: &Path,
    mut each: impl FnMut(&[u8], dateline::dump::cut::Encoding) -> Done<()>,
) -> Done<usize> {
    let cutter = JsonCutter::new(fs::File::open(file)?)?;
    let encoding = cutter.encoding();
    let mut count = 0;
    for piece in cutter {
        match piece? {
            Piece::Item(cut) => each(&cut.bytes, encoding)?,
            Piece::Refused(refusal) => return Err(refusal.into()),
        }
        count += 1;
    }
    Ok(count)
}

/// Makes records and traces, and what `each` makes of them; how many.
pub(crate) fn made(
    inputs: &[Input],
    each: impl Fn(&mut Made, &Spot<'_>) -> usize + Sync,
) -> Done<usize> {
    let converter = Converter {
        profiles: &profiles(),
        only_profiles: false,
        ids: IdRule::Derived,
        notes: false,
    };
    let mut sum = 0;
    converter.run(inputs, each, |told| match told {
        Told::Item(_, outcome) => {
            sum += outcome.made.map_or(0, |(_, extra)| extra);
            Ok(())
        }
        Told::File(..) => Ok::<_, ReadError>(()),
        Told::Failed(error) => Err(error),
    })?;
    Ok(sum)
}

/// The lines of a record and its trace; how many bytes they have.
pub(crate) fn lines(made: &Made) -> usize {
    let record = Record::Article(Box::new(made.article.clone())).to_line();
    let trace = made.trace.line(&made.article.id);
    record.map_or(0, |line| line.len()) + trace.map_or(0, |line| line.len())
}

fn profiles() -> Vec<&'static Profile> {
    profile::builtin().iter().collect()
}

/// Converts a dump into a new corpus. Nothing is refused.
pub(crate) fn convert(corpus: &Path, inputs: &[Input]) -> Done<Outcome> {
    let config = Config::default_for(sealed::ORIGIN);
    let options = convert::Options {
        profiles: profiles(),
        only_profiles: false,
        config: &config,
        take: convert::Take::default(),
        limit: Some(100),
        private: None,
        progress: Progress::default(),
    };
    let outcome = dateline::convert(corpus, inputs, &options)?;
    if outcome.summary.refused > 0 || outcome.report.has_errors() {
        let first = outcome.report.diagnostics().into_iter().next();
        return Err(format!("{} are refused: {first:?}", outcome.summary.refused).into());
    }
    Ok(outcome)
}

/// Checks a corpus as a command that wrote it does, with the raw files at hand. Nothing is wrong.
pub(crate) fn check(corpus: &Path, inputs: &[Input]) -> Done<()> {
    let options = Options {
        raw: inputs.to_vec(),
        limit: Some(100),
        ..Options::default()
    };
    let report = dateline::check_corpus(&Corpus::open(corpus)?, &options)?;
    if report.has_errors() {
        return Err(format!("{:?}", report.diagnostics().first()).into());
    }
    Ok(())
}

/// The lines of a corpus's traces.
pub(crate) fn trace_lines(corpus: &Path) -> Done<Vec<Vec<u8>>> {
    let lines = Corpus::open(corpus)?.working()?.lines(Part::Traces)?;
    lines.map(|line| Ok(line?.bytes)).collect()
}

/// Reads traces and writes them again; how many bytes that gives.
pub(crate) fn rewritten(lines: &[Vec<u8>]) -> Done<usize> {
    let mut written = 0;
    for line in lines {
        let line: TraceLine = serde_json::from_slice(line)?;
        written += line.trace.line(&line.id)?.len();
    }
    Ok(written)
}

/// Finds the relations of a corpus anew and seals it, without a signature.
pub(crate) fn seal(corpus: &Path) -> Done<()> {
    dateline::link(corpus, WriteOptions::default())?;
    sealed::seal(corpus)
}

/// The bytes of the traces of a corpus: as lines, and as they are stored.
pub(crate) fn traces(corpus: &Path) -> Done<(u64, u64)> {
    let state = Corpus::open(corpus)?.working()?;
    let mut lines = 0;
    for line in state.lines(Part::Traces)? {
        lines += u64::try_from(line?.bytes.len())? + 1;
    }
    let mut stored = 0;
    for source in state.sources(Part::Traces)? {
        if source.container != Container::Zst {
            return Err("traces are stored in Zstandard".into());
        }
        stored += fs::metadata(&source.path)?.len();
    }
    Ok((lines, stored))
}

/// What Python's `json` takes to read and write each line of a file, in seconds; nothing without Python.
pub(crate) fn python(file: &Path) -> Option<f64> {
    let mut child = Command::new("python3")
        .arg("-")
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(PYTHON.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

const PYTHON: &str = "\
import json, sys, time
lines = open(sys.argv[1], 'rb').read().splitlines()
start = time.perf_counter()
for line in lines:
    json.dumps(json.loads(line))
print(time.perf_counter() - start)
";

/// A folder for a corpus that is not there yet.
pub(crate) fn fresh(root: &Path, name: &str) -> Done<PathBuf> {
    let path = root.join(name);
    if path.exists() {
        fs::remove_dir_all(&path)?;
    }
    Ok(path)
}
