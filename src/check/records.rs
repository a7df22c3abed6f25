//! Files of lines, each line by itself.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::check::corpus::config;
use crate::check::corpus::ids::{Ids, Key, LineId, RecordNote};
use crate::check::corpus::late::{LateFindings, repeated};
use crate::check::line::outside;
use crate::check::line::short::{self, Piece, Runs};
use crate::check::line::view::View;
use crate::check::line::workspace::Workspace;
use crate::check::rules::checked::{checked, nothing, unread};
use crate::check::rules::facets;
use crate::check::rules::{Form, Wanted};
use crate::check::{CheckError, Options, push};
use crate::corpus::{Chunk, Chunks, Container, Source, pass};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::open;
use crate::record::RecordType;

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
    let mut lates = LateFindings::default();
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
            if let (RecordType::Article, (findings, Some(tape))) = (kind, one.parts_mut()) {
                let shown = facets::of(
                    &View::of(tape.root()),
                    None,
                    false,
                    &options.require,
                    findings,
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
