//! A raw dump: what each item would become, and what is wrong with it at the bytes of the dump.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::findings::{At, Findings};
use super::ids::Key;
use super::line::{self, Wanted};
use super::view::View;
use super::workspace::Workspace;
use super::{Options, facets, provenance, push};
use crate::convert::{Converted, Converter, Made, Refusal};
use crate::diagnostic::{Diagnostic, Facets, Lines, Place, Report, codes};
use crate::digest::Digest;
use crate::dump::{self, Input};
use crate::json::{Pointer, Tape, canonical};
use crate::record::{Record, RecordType};
use crate::trace::{Trace, TraceLine};

/// How many files are read at a time; a bound on memory, not a setting of results.
const BATCH: usize = 64;

/// Converts a dump in memory and checks what would become of it. Nothing is written.
///
/// Refusals, absent values and whatever the rules say of the records are placed at the bytes of the
/// dump that they come from. Files are named as they were found, not relative to the input. A file
/// that cannot be read is a diagnostic, and the others go on.
#[must_use]
pub fn check_dump(inputs: &[Input], converter: &Converter<'_>, options: &Options) -> Report {
    let mut report = Report::new(options.limit);
    let mut seen: BTreeMap<Key, Digest> = BTreeMap::new();
    for batch in inputs.chunks(BATCH) {
        let done: Vec<Done> = batch
            .par_iter()
            .map(|input| file(input, converter, options))
            .collect();
        for done in done {
            report.count_file();
            for found in done.found {
                push(&mut report, options, found);
            }
            for made in done.made {
                match seen.get(&made.key) {
                    // The same record again: it gets a second location.
                    Some(digest) if *digest == made.digest => continue,
                    Some(_) => {
                        push(&mut report, options, made.conflict);
                        continue;
                    }
                    None => seen.insert(made.key, made.digest),
                };
                report.count_record(RecordType::Article);
                report.add_facets(made.facets);
                for found in made.found {
                    push(&mut report, options, found);
                }
            }
        }
    }
    if let Some(first) = inputs.first() {
        for lacking in facets::unsealed(&options.require, &name(first), "a raw dump has no release")
        {
            push(&mut report, options, lacking);
        }
    }
    report
}

/// What came of one file.
#[derive(Default)]
struct Done {
    found: Vec<Diagnostic>,
    made: Vec<DoneItem>,
}

/// What came of one item that makes a record.
struct DoneItem {
    key: Key,
    digest: Digest,
    facets: Facets,
    found: Vec<Diagnostic>,
    /// What to say where another item has made a different record of the same id.
    conflict: Diagnostic,
}

/// How a file is named to whoever asked for the check.
fn name(input: &Input) -> String {
    input.file.display().to_string()
}

fn file(input: &Input, converter: &Converter<'_>, options: &Options) -> Done {
    let bytes = std::fs::metadata(&input.file).map_or(0, |file| file.len());
    options.progress.add(bytes);
    let Converted {
        shown,
        made,
        diagnostics,
        ..
    } = match converter.file(input) {
        Ok(done) => done,
        Err(error) => {
            let message = format!("cannot be read: {}", error.source);
            let found = Diagnostic::new(codes::FILE_UNREADABLE, Place::file(name(input)), message);
            return Done {
                found: vec![found],
                ..Done::default()
            };
        }
    };
    // Control characters of the file have been named at their own bytes.
    let named = diagnostics
        .iter()
        .any(|found| found.code == codes::INPUT_CONTROL);
    let mut done = Done {
        found: diagnostics,
        made: made
            .iter()
            .filter_map(|made| item(made, &shown, options))
            .collect(),
    };
    if named {
        for made in &mut done.made {
            made.found.retain(|found| found.code != codes::TEXT_CONTROL);
        }
    }
    let wrong = done.made.iter().any(|item| !item.found.is_empty());
    // Most dumps are read once. What is placed needs their lines, and so the bytes again.
    let data = if wrong {
        dump::read(input).ok().and_then(|read| read.data)
    } else {
        None
    };
    let data = data.unwrap_or_default();
    let lines = Lines::new(&data);
    for (item, made) in done.made.iter_mut().zip(&made) {
        for found in &mut item.found {
            place(found, made, &lines, name(input));
        }
    }
    done
}

/// Checks the record and the trace that an item makes, as they would be written.
fn item(made: &Made, shown: &str, options: &Options) -> Option<DoneItem> {
    let id = made.article.id.clone();
    let record = Record::Article(Box::new(made.article.clone()));
    let bytes = record.to_line().ok()?;
    let tape = Tape::parse(&bytes).ok()?;
    let trace_bytes = canonical::to_vec(&TraceLine {
        id: id.clone(),
        trace: made.trace.clone(),
    });
    let trace_bytes = trace_bytes.ok()?;
    let trace_tape = Tape::parse(&trace_bytes).ok()?;
    let at = At {
        file: "",
        line: 1,
        offset: 0,
    };
    // What is found is moved to the dump before it is put into a report.
    let all = Options::default();
    let mut findings = Findings::new(at, &bytes, &all);
    let mut beside = Findings::new(at, &trace_bytes, &all);
    line::check(
        &tape,
        Wanted::Record(RecordType::Article),
        &mut findings,
        &mut Workspace::default(),
    );
    let trace_root = trace_tape.root();
    let traced = line::check_trace(trace_root, &mut beside).is_some_and(|trace| {
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
    for mut defect in beside.into_all() {
        // A pointer into the trace means nothing in the dump.
        defect.place.pointer = None;
        found.push(defect);
    }
    Some(DoneItem {
        key: Key::of(id.as_str()),
        digest: record.digest().ok()?,
        facets,
        found,
        conflict: Refusal::Conflict(id).of_made(made, shown),
    })
}

/// Moves a diagnostic on a record to the bytes of the dump that its value comes from.
fn place(found: &mut Diagnostic, made: &Made, lines: &Lines<'_>, file: String) {
    let offset = made
        .trace
        .locations
        .first()
        .map_or(0, |location| location.offset);
    let pointer = found.place.pointer.take();
    let within = pointer
        .as_ref()
        .and_then(|pointer| span(&made.trace, pointer))
        .unwrap_or(0..0);
    let narrow = |at: u64| usize::try_from(offset.saturating_add(at)).unwrap_or(usize::MAX);
    let mut place = lines.place(file, narrow(within.start)..narrow(within.end));
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
