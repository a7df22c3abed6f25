//! A whole corpus: every line by itself, and beside the others.

use std::path::Path;

use rayon::prelude::*;

use super::findings::{Findings, file_name};
use super::ids::{Ids, Key, LineId};
use super::late::{Late, Lates};
use super::line::{self, Form, Wanted};
use super::raw::RawItems;
use super::records::{Checked, check_chunk, frame, repeated, unread};
use super::relation::{Claim, Claims, claims};
use super::release::{self, Entries};
use super::traces::{Beside, Traces, at};
use super::value::pointer;
use super::withdrawal::Withdrawn;
use super::{CheckError, Options, circle, config, facets, provenance, push};
use crate::corpus::{Chunk, Chunks, Corpus, FileName, Part, Source, State};
use crate::diagnostic::{Diagnostic, Facets, Place, Report, codes, escape};
use crate::digest::Hasher;
use crate::record::{RecordType, Withdrawal};

/// Checks a corpus in its working state: what `seal` would seal. What `dateline.yaml` requires, denies
/// and allows is added to the options.
///
/// With `options.raw` every value that has a trace is made again from the raw items.
///
/// # Errors
///
/// [`CheckError`] where the folder is no corpus that can be opened. Whatever is wrong with its files
/// is in the report.
pub fn check_corpus(corpus: &Corpus, options: &Options) -> Result<Report, CheckError> {
    let state = corpus.working()?;
    let (options, wrong) = config::with(corpus, options)?;
    let mut run = Run::new(&options);
    run.push(wrong);
    shard_names(&state, corpus.root(), &mut run)?;
    let sources = |part| -> Result<Vec<Source>, CheckError> {
        let mut sources = state.sources(part)?;
        for source in &mut sources {
            source.file = file_name(corpus.root(), &source.file);
        }
        Ok(sources)
    };
    run.withdrawals(sources(Part::Withdrawals)?);
    run.relations(sources(Part::Relations)?);
    let traces = sources(Part::Traces)?;
    run.articles(sources(Part::Records)?, traces);
    run.finish(corpus)
}

/// Holds every shard's bytes to the digits in its name.
fn shard_names(state: &State, root: &Path, run: &mut Run<'_>) -> Result<(), CheckError> {
    let mut shards = Vec::new();
    for file in state.files() {
        if let FileName::Shard(name) = &file.name {
            shards.push((name, state.source(file)?));
        }
    }
    let found: Vec<Option<Diagnostic>> = shards
        .par_iter()
        .map(|(name, source)| {
            // A shard that cannot be read is reported when its lines are.
            let digest = hash(&source.path).ok()?;
            let message = format!(
                "the name does not begin the digest of the bytes, {}",
                digest.hex()
            );
            (!name.carries(&digest)).then(|| {
                let place = Place::file(&*file_name(root, &source.file));
                Diagnostic::new(codes::SHARD_NAME, place, message)
                    .hint("the file was changed after it was written: compare it with another copy")
            })
        })
        .collect();
    for found in found.into_iter().flatten() {
        push(&mut run.report, run.options, found);
    }
    Ok(())
}

fn hash(path: &Path) -> std::io::Result<crate::digest::Digest> {
    struct Sink(Hasher);
    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut sink = Sink(Hasher::new());
    let mut file = std::io::BufReader::with_capacity(256 << 10, std::fs::File::open(path)?);
    std::io::copy(&mut file, &mut sink)?;
    Ok(sink.0.finish())
}

/// One check of one corpus.
struct Run<'o> {
    options: &'o Options,
    report: Report,
    /// The files opened so far; a [`LineId`] means one by its place here.
    files: Vec<Source>,
    ids: Ids,
    entries: Entries,
    withdrawn: Withdrawn,
    claims: Claims,
    /// The files that hold relations, which no relation can lead to.
    relation_files: std::ops::Range<u32>,
    lates: Lates,
}

/// One file as its lines go by.
struct Reading {
    number: u32,
    crlf: bool,
    disorder: bool,
}

/// What all articles of a chunk are held to.
struct Beyond<'r> {
    options: &'r Options,
    claims: &'r Claims,
    withdrawn: &'r Withdrawn,
    raw: Option<&'r RawItems>,
    traced: bool,
}

/// What came of one article.
struct Done {
    found: Vec<Diagnostic>,
    facets: Facets,
    lates: Vec<(LineId, Late)>,
}

impl<'o> Run<'o> {
    fn new(options: &'o Options) -> Self {
        Self {
            options,
            report: Report::new(options.limit),
            files: Vec::new(),
            ids: Ids::default(),
            entries: Entries::default(),
            withdrawn: Withdrawn::default(),
            claims: Claims::default(),
            relation_files: 0..0,
            lates: Lates::default(),
        }
    }

    fn push(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        for found in found {
            push(&mut self.report, self.options, found);
        }
    }

    fn open(&mut self, source: &Source) -> Reading {
        self.report.count_file();
        let number = self.number();
        self.files.push(source.clone());
        Reading {
            number,
            crlf: false,
            disorder: false,
        }
    }

    /// The number of the file that is opened next.
    fn number(&self) -> u32 {
        u32::try_from(self.files.len()).unwrap_or(u32::MAX)
    }

    fn withdrawals(&mut self, sources: Vec<Source>) {
        self.each(sources, RecordType::Withdrawal, |run, _, _, checked| {
            let root = checked.root();
            let read =
                root.and_then(|root| serde_json::from_value::<Withdrawal>(root.to_value()).ok());
            if let Some(withdrawal) = read {
                run.withdrawn.add(&withdrawal);
            }
        });
    }

    fn relations(&mut self, sources: Vec<Source>) {
        let mut all: Vec<Claim> = Vec::new();
        let first = self.number();
        self.each(sources, RecordType::Relation, |_, _, line, checked| {
            if let Some(root) = checked.root().filter(|_| checked.form.is_some()) {
                all.extend(claims(root, line));
            }
        });
        self.relation_files = first..self.number();
        self.claims = Claims::new(all);
    }

    /// Takes in every line of a part, one after the other.
    fn each(
        &mut self,
        sources: Vec<Source>,
        kind: RecordType,
        mut take: impl FnMut(&mut Self, &mut Reading, LineId, &Checked<'_>),
    ) {
        let mut last = None;
        for source in sources {
            let mut reading = self.open(&source);
            for chunk in Chunks::new([source]) {
                let chunk = match chunk {
                    Ok(chunk) => chunk,
                    Err(error) => {
                        self.push([unread(&error)]);
                        continue;
                    }
                };
                let checked = check_chunk(&chunk, Wanted::Record(kind));
                self.take_in(&checked);
                for mut one in checked {
                    let line = self.note(&mut one, &mut reading, &mut last);
                    take(self, &mut reading, line, &one);
                    self.push(one.findings.found);
                }
            }
        }
    }

    /// Adds the entry lines of a chunk's records.
    fn take_in(&mut self, checked: &[Checked<'_>]) {
        let entries = checked
            .par_iter()
            .map(|one| match (one.form, one.root(), one.id()) {
                (Some(Form::Record(kind)), Some(root), Some(id)) => Entries::of(id, kind, root),
                _ => Entries::default(),
            });
        let sum = entries.reduce(Entries::default, |mut one, two| {
            one.append(two);
            one
        });
        self.entries.append(sum);
    }

    /// Takes note of a line: how it ends, what it is, its id and where that stands in the order.
    fn note(
        &mut self,
        one: &mut Checked<'_>,
        reading: &mut Reading,
        last: &mut Option<String>,
    ) -> LineId {
        let line = LineId::new(reading.number, one.line.number);
        let ends = frame(
            one.findings.at,
            one.line.bytes,
            one.line.ended,
            &mut reading.crlf,
        );
        self.push(ends);
        if let Some(Form::Record(kind)) = one.form {
            self.report.count_record(kind);
        }
        let Some(id) = one.id().map(str::to_owned) else {
            return line;
        };
        self.ids.add(Key::of(&id), line);
        if let Some(last) = last.as_deref()
            && *last > *id
            && !reading.disorder
        {
            reading.disorder = true;
            let message = format!(
                "id `{id}` stands behind `{last}`; other lines of the file may be out of order, too"
            );
            let span = one
                .root()
                .and_then(|root| root.get("id"))
                .map_or(0..0, |id| id.span());
            one.findings
                .push(codes::SHARD_ORDER, span, Some(pointer("/id")), message);
        }
        *last = Some(id);
        line
    }

    fn articles(&mut self, sources: Vec<Source>, traces: Vec<Source>) {
        let first = self.number();
        for source in &traces {
            self.open(source);
        }
        let raw = (!self.options.raw.is_empty()).then(|| RawItems::new(&self.options.raw));
        let mut traces = (!traces.is_empty()).then(|| Traces::new(traces, first));
        let mut last = None;
        for source in sources {
            let mut reading = self.open(&source);
            for chunk in Chunks::new([source]) {
                match chunk {
                    Ok(chunk) => {
                        self.article_chunk(
                            &chunk,
                            &mut reading,
                            &mut last,
                            raw.as_ref(),
                            traces.as_mut(),
                        );
                    }
                    Err(error) => {
                        if let Some(traces) = &mut traces {
                            traces.broken |= error.line().is_none();
                            traces.beside(None, LineId::new(reading.number, 0));
                        }
                        self.push([unread(&error)]);
                    }
                }
            }
        }
        if let Some(mut traces) = traces {
            traces.finish(&mut self.lates);
            self.push(traces.found);
        }
    }

    fn article_chunk(
        &mut self,
        chunk: &Chunk,
        reading: &mut Reading,
        last: &mut Option<String>,
        raw: Option<&RawItems>,
        mut traces: Option<&mut Traces>,
    ) {
        let mut checked = check_chunk(chunk, Wanted::Record(RecordType::Article));
        self.take_in(&checked);
        let mut beside = Vec::with_capacity(checked.len());
        for one in &mut checked {
            let line = self.note(one, reading, last);
            if let Some(traces) = traces.as_deref_mut() {
                traces.broken |= reading.disorder;
                beside.push(Some(traces.beside(one.id(), line)));
            } else {
                beside.push(None);
            }
        }
        if let Some(traces) = traces.as_deref_mut() {
            let found = std::mem::take(&mut traces.found);
            self.push(found);
        }
        let beyond = Beyond {
            options: self.options,
            claims: &self.claims,
            withdrawn: &self.withdrawn,
            raw,
            traced: traces.is_some(),
        };
        let done: Vec<Done> = checked
            .into_par_iter()
            .zip(beside)
            .map(|(one, beside)| beyond.article(one, beside))
            .collect();
        for done in done {
            self.push(done.found);
            self.report.add_facets(done.facets);
            for (line, late) in done.lates {
                self.lates.add(line, late);
            }
        }
    }

    fn finish(mut self, corpus: &Corpus) -> Result<Report, CheckError> {
        self.ids.sort();
        repeated(&self.ids, &self.files, &mut self.lates);
        for claim in self.claims.iter().filter(|claim| claim.exists()) {
            let target = |line: &LineId| !self.relation_files.contains(&line.file);
            if !self.ids.lines(claim.of).any(|line| target(&line))
                && let Some(late) = claim.dangling()
            {
                self.lates.add(claim.line, late);
            }
        }
        let files = &self.files;
        for (line, late) in circle::circles(&self.claims, |line, from| named(files, line, from)) {
            self.lates.add(line, late);
        }
        self.lates
            .report(&self.files, &mut self.report, self.options);
        release::check(
            corpus,
            &self.ids,
            self.entries,
            &mut self.report,
            self.options,
        )?;
        Ok(self.report)
    }
}

/// A line as a message at the line `from` names it.
fn named(files: &[Source], line: LineId, from: LineId) -> String {
    let file = usize::try_from(line.file).ok();
    match file.and_then(|index| files.get(index)) {
        Some(source) if line.file != from.file => {
            format!("line {} of {}", line.line, escape::escape(&source.file))
        }
        _ => format!("line {}", line.line),
    }
}

impl Beyond<'_> {
    /// Holds an article to its trace, to the withdrawals and to what relations say of it.
    fn article(&self, one: Checked<'_>, beside: Option<Beside>) -> Done {
        let mut done = Done {
            found: Vec::new(),
            facets: Facets::default(),
            lates: Vec::new(),
        };
        let is_article = one.form == Some(Form::Record(RecordType::Article));
        let (mut findings, tape) = one.into_parts();
        let tape = tape.filter(|_| is_article);
        let Some((root, id)) = tape
            .as_ref()
            .map(|tape| tape.root())
            .zip(findings.record.clone())
        else {
            done.found = findings.found;
            return done;
        };
        self.withdrawn.check(root, &mut findings);
        for claim in self.claims.of(Key::of(&id)) {
            if let Some(late) = claim.fails(root) {
                done.lates.push((claim.line, late));
            }
        }
        let mut traced = false;
        match beside {
            Some(Beside::Trace(line)) => {
                let mut beside = Findings::new(at(&line), &line.bytes);
                if let Some(tape) = line::parse(&mut beside) {
                    let root_of_trace = tape.root();
                    traced = line::check_trace(root_of_trace, &mut beside).is_some_and(|trace| {
                        provenance::against(
                            root,
                            &mut findings,
                            root_of_trace,
                            &trace,
                            &mut beside,
                            self.raw,
                        )
                    }) && beside.found.is_empty();
                }
                done.found = beside.found;
            }
            Some(Beside::Nothing) | None => {}
        }
        let traced = self.traced.then_some(traced);
        done.facets = facets::of(root, traced, &self.options.require, &mut findings);
        done.found.append(&mut findings.found);
        done
    }
}
