//! A raw dump: what each item would become, and what is wrong with it at the bytes of the dump.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::corpus::ids::Key;
use crate::check::line::findings::{At, Findings};
use crate::check::line::view::View;
use crate::check::line::workspace::Workspace;
use crate::check::rules::{self, Wanted};
use crate::check::rules::{facets, provenance};
use crate::check::{Options, push};
use crate::convert::{Converted, Converter, Latest, Made, Refusal, Spot, Told};
use crate::diagnostic::{Diagnostic, Facets, Place, Report, codes};
use crate::digest::Digest;
use crate::dump::Input;
use crate::json::canonical::CanonicalError;
use crate::json::{Pointer, SyntaxError, Tape};
use crate::record::RecordType;
use crate::trace::Trace;

/// Converts a dump in memory and checks what would become of it. Nothing is written.
///
/// Refusals, absent values and whatever the rules say of the records are placed at the bytes of the
/// dump that they come from. An item that gives way to a later fetch of its article makes no record.
/// Files are named as they were found, not relative to the input. A file that cannot be read is a
/// diagnostic, and the others go on.
#[must_use]
pub fn check_dump(inputs: &[Input], converter: &Converter<'_>, options: &Options) -> Report {
    let mut report = Report::new(options.limit);
    let mut seen: BTreeMap<Key, Digest> = BTreeMap::new();
    let latest = Latest::of(converter, inputs, |_| ());
    let each = |made: &mut Made, spot: &Spot<'_>| item(made, spot, options);
    let told = converter.run(inputs, each, |told| {
        match told {
            Told::Item(_, outcome) => take(outcome, &latest, &mut seen, &mut report, options),
            Told::File(entry, found) => {
                report.count_file();
                options.progress.add(entry.bytes);
                push_all(found, &mut report, options);
            }
            Told::Failed(error) => {
                report.count_file();
                let message = format!("cannot be read: {}", error.source);
                let place = Place::file(error.file.display().to_string());
                let found = Diagnostic::new(codes::FILE_UNREADABLE, place, message);
                push(&mut report, options, found);
            }
        }
        Ok::<(), std::convert::Infallible>(())
    });
    let Ok(()) = told;
    if let Some(first) = inputs.first() {
        let name = first.file.display().to_string();
        for lacking in facets::unsealed(&options.require, &name, "a raw dump has no release") {
            push(&mut report, options, lacking);
        }
    }
    report
}

/// Takes what became of one item.
fn take(
    outcome: Converted<Result<Done, Unwritten>>,
    latest: &Latest,
    seen: &mut BTreeMap<Key, Digest>,
    report: &mut Report,
    options: &Options,
) {
    push_all(outcome.found, report, options);
    let Ok((made, done)) = outcome.made else {
        return;
    };
    if latest.supersedes(&made.article) {
        return;
    }
    let done = match done {
        Ok(done) => done,
        Err(error) => {
            let mut place = outcome.place;
            place.record = Some(made.article.id.to_string());
            let message = error.to_string();
            let found = Diagnostic::new(codes::ITEM_MISMATCH, place, message);
            push(report, options, found);
            return;
        }
    };
    match seen.get(&done.key) {
        // The same record again: it gets a second location.
        Some(digest) if *digest == done.digest => return,
        Some(_) => {
            let conflict = Refusal::Conflict(made.article.id.clone());
            push(report, options, conflict.of_made(&made, outcome.place));
            return;
        }
        None => seen.insert(done.key, done.digest),
    };
    report.count_record(RecordType::Article);
    report.add_facets(done.facets);
    push_all(done.found, report, options);
}

fn push_all(found: Vec<Diagnostic>, report: &mut Report, options: &Options) {
    for found in found {
        push(report, options, found);
    }
}

/// What came of an item that makes a record.
struct Done {
    key: Key,
    digest: Digest,
    facets: Facets,
    found: Vec<Diagnostic>,
}

/// Why what an item makes cannot be checked as it would be written.
#[derive(Debug, thiserror::Error)]
enum Unwritten {
    #[error("the record that this item makes cannot be written: {0}")]
    Canonical(#[from] CanonicalError),
    #[error("the line that this item makes cannot be read: {0}")]
    Syntax(#[from] SyntaxError),
}

/// Checks the record and the trace that an item makes, as they would be written.
fn item(made: &Made, spot: &Spot<'_>, options: &Options) -> Result<Done, Unwritten> {
    let id = &made.article.id;
    let (digest, bytes) = made.article.written()?;
    let tape = Tape::parse(&bytes)?;
    let trace_bytes = made.trace.line(id)?;
    let trace_tape = Tape::parse(&trace_bytes)?;
    let at = At {
        file: "",
        line: 1,
        offset: 0,
    };
    // What is found is moved to the dump before it is put into a report.
    let all = Options::default();
    let mut findings = Findings::new(at, &bytes, &all);
    let mut beside = Findings::new(at, &trace_bytes, &all);
    rules::check(
        &tape,
        Wanted::Record(RecordType::Article),
        &mut findings,
        &mut Workspace::default(),
    );
    let trace_root = trace_tape.root();
    let traced = rules::check_trace(trace_root, &mut beside).is_some_and(|trace| {
        provenance::against(
            tape.root(),
            &mut findings,
            trace_root,
            &trace,
            &mut beside,
            None,
        )
        .0
    }) && beside.count() == 0;
    let facets = facets::of(
        &View::of(tape.root()),
        Some(traced),
        // Every value came out of a replay of the dump's bytes.
        true,
        &options.require,
        &mut findings,
    );
    let mut found = findings.into_all();
    // Control characters of a text are named at their own bytes.
    let named = made.article.raw.media_type == "text/plain";
    found.retain(|found| !(named && found.code == codes::TEXT_CONTROL));
    for mut defect in beside.into_all() {
        // A pointer into the trace means nothing in the dump.
        defect.place.pointer = None;
        found.push(defect);
    }
    for found in &mut found {
        place(found, made, spot);
    }
    Ok(Done {
        key: Key::of(id.as_str()),
        digest,
        facets,
        found,
    })
}

/// Moves a diagnostic on a record to the bytes of the dump that its value comes from.
fn place(found: &mut Diagnostic, made: &Made, spot: &Spot<'_>) {
    let pointer = found.place.pointer.take();
    let within = pointer
        .as_ref()
        .and_then(|pointer| span(&made.trace, pointer))
        .unwrap_or(0..0);
    let narrow = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let mut place = spot.place(narrow(within.start)..narrow(within.end));
    place.pointer = pointer;
    place.record = Some(made.article.id.to_string());
    *found.place = place;
}

/// The bytes of the item that a value comes from: those of its own field, else of the first below it,
/// else of the nearest above.
fn span(trace: &Trace, pointer: &Pointer) -> Option<Range<u64>> {
    let field = |wanted: &dyn Fn(&str) -> bool| {
        trace
            .fields
            .iter()
            .find(|field| wanted(field.pointer().map_or("", Pointer::as_str)))
    };
    let below = format!("{pointer}/");
    let above = |text: &str| {
        pointer
            .as_str()
            .strip_prefix(text)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    let field = field(&|text| text == pointer.as_str())
        .or_else(|| field(&|text| text.starts_with(&below)))
        .or_else(|| field(&above))?;
    let spans = field.groups_in_item().iter().flatten();
    let start = spans.clone().map(|span| span.start).min()?;
    Some(start..spans.map(|span| span.end).max()?)
}
