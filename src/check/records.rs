//! Files of lines: what all of them have in common, and one of them by itself.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::findings::{At, Findings};
use super::ids::{Ids, Key, LineId};
use super::late::{Late, Lates};
use super::line::{self, Form, Wanted};
use super::value::pointer;
use super::{CheckError, Options, config, facets, push};
use crate::corpus::{Chunk, Chunks, Container, LineRef, ReadError, Source};
use crate::diagnostic::{Diagnostic, Facets, Place, Report, codes, escape};
use crate::json::{Node, Tape};
use crate::record::RecordType;

/// Lines that are checked by one thread before it looks for more.
const AT_ONCE: usize = 16;

/// One line, parsed and checked by itself.
pub(super) struct Checked<'c> {
    pub(super) line: LineRef<'c>,
    pub(super) findings: Findings<'c>,
    pub(super) form: Option<Form>,
    tape: Option<Tape<'c>>,
}

impl<'c> Checked<'c> {
    /// The record or trace, where the line is one.
    pub(super) fn root(&self) -> Option<Node<'_>> {
        self.tape.as_ref().map(Tape::root)
    }

    /// What was found in it, to be added to, and what it holds.
    pub(super) fn parts_mut(&mut self) -> (&mut Findings<'c>, Option<&Tape<'c>>) {
        (&mut self.findings, self.tape.as_ref())
    }

    /// What is to be kept of it when it is done with.
    pub(super) fn into_parts(self) -> (Findings<'c>, Option<Tape<'c>>) {
        (self.findings, self.tape)
    }

    /// The id, where the line shows one.
    pub(super) fn id(&self) -> Option<&str> {
        self.findings.record.as_deref()
    }
}

/// Checks every line of a chunk by itself, in parallel; the results are in order.
pub(super) fn check_chunk(chunk: &Chunk, wanted: Wanted) -> Vec<Checked<'_>> {
    let lines: Vec<LineRef<'_>> = chunk.lines().collect();
    lines
        .into_par_iter()
        .with_min_len(AT_ONCE)
        .map(|line| checked(&chunk.file, line, wanted))
        .collect()
}

fn checked<'c>(file: &'c str, line: LineRef<'c>, wanted: Wanted) -> Checked<'c> {
    let at = At {
        file,
        line: line.number,
        offset: line.offset,
    };
    let mut findings = Findings::new(at, line.bytes);
    let tape = line::parse(&mut findings);
    let form = tape
        .as_ref()
        .and_then(|tape| line::check(tape.root(), wanted, &mut findings));
    Checked {
        line,
        findings,
        form,
        tape,
    }
}

/// What is wrong with how a line ends. CR LF is said once a file; `said` holds whether it was.
pub(super) fn frame(at: At<'_>, line: &[u8], ended: bool, said: &mut bool) -> Vec<Diagnostic> {
    let mut findings = Findings::new(at, line);
    if line.ends_with(b"\r") && ended && !*said {
        *said = true;
        let message = "the line ends in CR LF; other lines of the file may, too";
        let found = findings.push(codes::LINE_CRLF, line.len() - 1..line.len(), None, message);
        found.hint =
            Some("`* -text` in .gitattributes stops git from changing line ends".to_owned());
    }
    if !ended {
        let message = "the last line has no line end: the file may have been cut off";
        findings.push(codes::LINE_UNENDED, line.len()..line.len(), None, message);
    }
    findings.found
}

/// A failure to read, as a diagnostic.
pub(super) fn unread(error: &ReadError) -> Diagnostic {
    let code = match error {
        ReadError::Truncated { .. } | ReadError::Damaged { .. } | ReadError::Bomb { .. } => {
            codes::SHARD_TRUNCATED
        }
        ReadError::LineTooLong { .. } => codes::LINE_TOO_LONG,
        ReadError::Open { .. } | ReadError::Read { .. } => codes::FILE_UNREADABLE,
    };
    let mut place = Place::file(error.file());
    place.line = error.line();
    let message = error.to_string();
    let named = format!("{}: ", error.file());
    let message = message.strip_prefix(&named).unwrap_or(&message).to_owned();
    Diagnostic::new(code, place, message)
}

/// The ids that occur a second time, to be placed.
pub(super) fn repeated(ids: &Ids, files: &[Source], lates: &mut Lates) {
    for (line, first) in ids.repeated() {
        let file = usize::try_from(first.file)
            .ok()
            .and_then(|index| files.get(index));
        let file = file.map(|source| &*source.file).unwrap_or_default();
        lates.add(
            line,
            Late {
                code: codes::RECORD_ID_DUPLICATE,
                pointer: pointer("/id"),
                said: format!(
                    "is an id before, in line {} of {}",
                    first.line,
                    escape::escape(file)
                ),
            },
        );
    }
}

/// A file of records or of traces to be checked: a shard, or any `.jsonl`, also `.gz` or `.zst`.
///
/// # Errors
///
/// [`CheckError::Unreadable`] where there is no such file, or it does not open.
pub fn record_file(path: &Path) -> Result<Source, CheckError> {
    let unreadable = |source| CheckError::Unreadable {
        path: path.to_owned(),
        source,
    };
    // To open a pipe may take for ever.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::other("it is no file")));
    }
    std::fs::File::open(path).map_err(unreadable)?;
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    Ok(Source {
        file: Arc::from(path.display().to_string()),
        path: path.to_owned(),
        container: Container::split(name).1,
    })
}

/// Checks files of records or of traces ([`record_file`]) by themselves: no id may stand in them twice.
///
/// Whether relations lead anywhere and traces fit their records shows only in a corpus
/// ([`check_corpus`](super::check_corpus)), and is not looked at. What `dateline.yaml` denies, allows
/// and requires holds for the shards of its corpus, too. What is wrong with a file is never
/// an error but in the report, its disappearance included.
#[must_use]
pub fn check_records(files: &[Source], options: &Options) -> Report {
    let mut report = Report::new(options.limit);
    let mut ids = Ids::default();
    let mut settings: Vec<Diagnostic> = Vec::new();
    for (number, source) in (0..).zip(files) {
        report.count_file();
        let (options, wrong) = config::around(&source.path, options);
        for wrong in wrong {
            if !settings.contains(&wrong) {
                push(&mut report, &options, wrong.clone());
                settings.push(wrong);
            }
        }
        check_file(number, source, &mut ids, &mut report, &options);
    }
    ids.sort();
    let mut lates = Lates::default();
    repeated(&ids, files, &mut lates);
    lates.report(files, &mut report, options);
    if let Some(first) = files.first() {
        for lacking in facets::of_corpus(Facets::default(), &options.require, &first.file) {
            push(&mut report, options, lacking);
        }
    }
    report
}

/// Checks the lines of the file of this number, and takes in their ids.
fn check_file(number: u32, source: &Source, ids: &mut Ids, report: &mut Report, options: &Options) {
    let mut crlf = false;
    for chunk in Chunks::new([source.clone()]) {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                push(report, options, unread(&error));
                continue;
            }
        };
        for mut checked in check_chunk(&chunk, Wanted::Anything) {
            let ends = frame(
                checked.findings.at,
                checked.line.bytes,
                checked.line.ended,
                &mut crlf,
            );
            if let Some(Form::Record(kind)) = checked.form {
                report.count_record(kind);
                if let Some(id) = checked.id() {
                    ids.add(Key::of(id), LineId::new(number, checked.line.number));
                }
                if let (RecordType::Article, Some(tape)) = (kind, checked.tape.as_ref()) {
                    let shown =
                        facets::of(tape.root(), None, &options.require, &mut checked.findings);
                    report.add_facets(shown);
                }
            }
            for found in ends.into_iter().chain(checked.findings.found) {
                push(report, options, found);
            }
        }
    }
}
