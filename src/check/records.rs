//! Files of lines: what all of them have in common, and one of them by itself.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::findings::{At, Findings};
use super::ids::{Ids, Key, LineId, RecordNote};
use super::late::{Late, Lates};
use super::line::{self, Form, Wanted};
use super::outside;
use super::short::{self, Piece, Runs};
use super::value::pointer;
use super::view::View;
use super::workspace::Workspace;
use super::{CheckError, Options, config, facets, pass, push};
use crate::corpus::{Chunk, Chunks, Container, LineRef, ReadError, Source};
use crate::diagnostic::{Diagnostic, Place, Report, codes, escape};
use crate::json::{Node, Tape};
use crate::open;
use crate::record::RecordType;

/// One line, parsed and checked by itself.
pub(super) struct Checked<'c> {
    pub(super) line: LineRef<'c>,
    pub(super) findings: Findings<'c>,
    pub(super) form: Option<Form>,
    tape: Option<Tape<'c>>,
}

impl<'c> Checked<'c> {
    /// A line that is parsed, and not yet checked.
    pub(super) fn parsed(
        file: &'c str,
        line: LineRef<'c>,
        workspace: &mut Workspace,
        options: &'c Options,
    ) -> Self {
        let at = At::of(file, line);
        let mut findings = Findings::new(at, line.bytes, options);
        let tape = line::parse(&mut findings, line.ended, workspace);
        Self {
            line,
            findings,
            form: None,
            tape,
        }
    }

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

    /// Whether the line holds nothing, so that no record is missed for it.
    pub(super) fn is_blank(&self) -> bool {
        self.tape.is_none() && self.line.bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// The id, where the line shows one.
    pub(super) fn id(&self) -> Option<&str> {
        self.findings.record.as_deref()
    }
}

/// Checks one line by itself.
pub(super) fn checked<'c>(
    file: &'c str,
    line: LineRef<'c>,
    wanted: Wanted,
    workspace: &mut Workspace,
    options: &'c Options,
) -> Checked<'c> {
    let mut one = Checked::parsed(file, line, workspace, options);
    let (findings, tape) = one.parts_mut();
    one.form = tape.and_then(|tape| line::check(tape, wanted, findings, workspace));
    one
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
    let mut found = Diagnostic::new(code, place, message);
    let usual = match error {
        ReadError::Truncated { .. } | ReadError::Damaged { .. } => {
            Some("restore the file from another copy; the lines after this point cannot be read")
        }
        ReadError::LineTooLong { .. } => {
            Some("take the line out, or its record apart; the lines behind it are read")
        }
        ReadError::Bomb { .. } | ReadError::Open { .. } | ReadError::Read { .. } => None,
    };
    found.hint = error.hint().or(usual).map(str::to_owned);
    found
}

/// That there was nothing to check. A check of nothing is no success: mostly a command before it failed,
/// or a path is another than was meant.
pub(super) fn nothing(place: Place, what: &str) -> Diagnostic {
    let message = format!("{what}: nothing was checked");
    Diagnostic::new(codes::INPUT_EMPTY, place, message)
        .hint("look whether what writes the records has failed, and whether they lie elsewhere")
}

/// Adds that ids are taken: each of `lines` with the first that has its id.
pub(super) fn repeated(
    lines: impl Iterator<Item = (LineId, LineId)>,
    files: &[Source],
    lates: &mut Lates,
    report: &mut Report,
    options: &Options,
) {
    for (line, first) in lines {
        lates.add(
            line,
            Late {
                code: codes::RECORD_ID_DUPLICATE,
                pointer: pointer("/id"),
                said: format!(
                    "occurs a second time; the first is in line {} of {}",
                    first.line,
                    escape::escape(first.file_name(files))
                ),
                within: None,
            },
        );
        lates.report_many(files, report, options);
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
    open::file(path).map_err(unreadable)?;
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
    let mut outer = options.clone();
    outer.unshown.extend(outside::of_files(files));
    let (options, outer) = (&outer, &outer);
    let mut settings: Vec<Diagnostic> = Vec::new();
    let mut of_files = Vec::new();
    for source in files {
        report.count_file();
        let (options, wrong) = config::around(&source.path, options);
        for wrong in wrong {
            if !settings.contains(&wrong) {
                push(&mut report, &options, wrong.clone());
                settings.push(wrong);
            }
        }
        of_files.push(options);
    }
    let met = AtomicBool::new(false);
    let total = Mutex::new(report);
    let ids = pass::run(
        Chunks::new(files.to_vec()),
        &options.progress,
        (Ids::default(), Runs::default()),
        |item, turn| {
            let mut report = Report::new(options.limit);
            met.store(true, Ordering::Relaxed);
            match item {
                Ok(chunk) => {
                    let options = of_files.get(chunk.source).unwrap_or(options);
                    let (seen, short) = by_themselves(chunk, &mut report, options);
                    let whole = turn.take(|(ids, runs)| {
                        ids.extend(seen);
                        runs.extend(short);
                        runs.take()
                    });
                    for found in whole.into_iter().flatten() {
                        push(&mut report, options, found);
                    }
                }
                Err(error) => {
                    let named = |source: &Source| *source.file == *error.file();
                    let options = files.iter().position(named).and_then(|at| of_files.get(at));
                    push(&mut report, options.unwrap_or(outer), unread(error));
                    turn.take(|_| ());
                }
            }
            // Nobody panics while holding it.
            if let Ok(mut total) = total.lock() {
                total.append(report);
            }
        },
    );
    let mut report = total.into_inner().unwrap_or_default();
    let (mut ids, runs) = ids.unwrap_or_default();
    for found in runs.finish() {
        push(&mut report, options, found);
    }
    ids.sort();
    let mut lates = Lates::default();
    repeated(ids.repeated(), files, &mut lates, &mut report, options);
    lates.report(files, &mut report, options);
    if let Some(first) = files.first() {
        if !met.into_inner() {
            let what = if files.len() == 1 {
                "the file is empty"
            } else {
                "this file and the others are empty"
            };
            push(
                &mut report,
                options,
                nothing(Place::file(&*first.file), what),
            );
        }
        for lacking in facets::unsealed(
            &options.require,
            &first.file,
            "files of records show no release",
        ) {
            push(&mut report, options, lacking);
        }
    }
    report
}

/// Checks the lines of a chunk, and gives the ids of its records, and the runs of lines that were not
/// looked at one by one.
fn by_themselves(
    chunk: &Chunk,
    report: &mut Report,
    options: &Options,
) -> (Vec<RecordNote>, Vec<short::Run>) {
    let file = u32::try_from(chunk.source).unwrap_or(u32::MAX);
    let mut ids = Vec::new();
    let mut runs = Vec::new();
    let mut workspace = Workspace::default();
    for piece in short::pieces(chunk) {
        let line = match piece {
            Piece::Line(line) => line,
            Piece::Run(run) => {
                runs.push(run);
                continue;
            }
        };
        let mut one = checked(&chunk.file, line, Wanted::Anything, &mut workspace, options);
        if let Some(Form::Record(kind)) = one.form {
            report.count_record(kind);
            if let Some(id) = one.id() {
                ids.push(RecordNote {
                    key: Key::of(id),
                    line: LineId::new(file, line.number),
                    text: None,
                    record: None,
                });
            }
            if let (RecordType::Article, Some(tape)) = (kind, one.tape.as_ref()) {
                let shown = facets::of(
                    &View::of(tape.root()),
                    None,
                    false,
                    &options.require,
                    &mut one.findings,
                );
                report.add_facets(shown);
            }
        }
        let (mut findings, tape) = one.into_parts();
        findings.report(report);
        workspace.take_back(tape);
    }
    (ids, runs)
}
