//! Shards of a large corpus against the entries of a release, without the shards that did not change.
//!
//! ```text
//! shards ──▶ (key of id, type, digest, line), sorted
//!                                    ║ one pass
//! entries.txt, in order of id ───────╨──▶ unchanged, revised, added, withdrawn, gone
//! ```
//!
//! What is not given is taken to be as the release has it. Memory is 32 bytes for each record of the
//! shards and 48 for each thing that a relation says of a record, time that of reading the shards and
//! the entries; neither depends on the texts of the other shards, which are not opened.
//!
//! That a record is gone shows by the order of ids: a shard of a corpus holds every id of its part
//! between its first and its last, so an entry between them that is not in it is in no shard. That
//! holds for files that are named as shards are and whose lines are records in order; of neighbours that
//! are both given it holds between them, too, and of the first shard of a part from the beginning.

mod index;
mod release;

pub use release::{Against, AgainstError};

use index::{Here, Index, Stretches};
use rayon::prelude::*;

use super::findings::Findings;
use super::ids::{Key, LineId};
use super::late::{Late, Lates};
use super::line::{Form, Wanted};
use super::records::{Checked, check_chunk, repeated, unended, unread};
use super::relation::{Claim, Claims, claims};
use super::value::pointer;
use super::withdrawal::Withdrawn;
use super::{CheckError, Options, config, facets, push};
use crate::corpus::{Chunks, Entry, Source};
use crate::diagnostic::{Compared, Diagnostic, Facets, Place, Report, codes, escape};
use crate::json::Tape;
use crate::record::{RecordType, Withdrawal};

/// Checks shards by themselves, beside each other and beside the entries of a release: what one would
/// learn of them by checking the corpus that they are to be part of, but for what stands in shards that
/// are not given.
///
/// `files` are files of records or of traces ([`record_file`](super::record_file)); which shards of the
/// corpus they are, their names say. What the `dateline.yaml` of the corpus requires, denies and allows
/// is added to the options.
///
/// ```no_run
/// use std::path::Path;
/// use dateline::check::{Against, Options, check_against, record_file};
///
/// let against = Against::open(Path::new("corpus"), None)?;
/// let changed = Path::new("corpus/records/part-00003-0123456789abcdef.jsonl");
/// let report = check_against(&[record_file(changed)?], &against, &Options::default())?;
/// if let Some(compared) = report.compared() {
///     println!("{compared}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`CheckError`], where the entries are not those of the release's manifest:
/// then nothing is known.
pub fn check_against(
    files: &[Source],
    against: &Against,
    options: &Options,
) -> Result<Report, CheckError> {
    let (options, wrong) = match against.corpus() {
        Some(corpus) => config::with(corpus, options)?,
        None => (options.clone(), Vec::new()),
    };
    let mut run = Run::new(against, &options);
    run.push(wrong);
    for file in files {
        run.read(file);
    }
    run.index.sort();
    repeated(
        run.index.repeated(),
        &run.files,
        &mut run.lates,
        &mut run.report,
        &options,
    );
    run.claims = Claims::new(std::mem::take(&mut run.said));
    run.again();
    run.compare()?;
    Ok(run.finish())
}

/// One comparison.
struct Run<'o> {
    against: &'o Against,
    options: &'o Options,
    report: Report,
    /// The files read so far; a [`LineId`] means one by its place here.
    files: Vec<Source>,
    index: Index,
    stretches: Stretches,
    said: Vec<Claim>,
    claims: Claims,
    /// The articles that traces are of.
    traces: Vec<(Key, LineId)>,
    withdrawn: Withdrawn,
    lates: Lates,
    compared: Compared,
}

impl<'o> Run<'o> {
    fn new(against: &'o Against, options: &'o Options) -> Self {
        Self {
            against,
            options,
            report: Report::new(options.limit),
            files: Vec::new(),
            index: Index::default(),
            stretches: Stretches::default(),
            said: Vec::new(),
            claims: Claims::default(),
            traces: Vec::new(),
            withdrawn: Withdrawn::default(),
            lates: Lates::default(),
            compared: Compared {
                release: against.number(),
                ..Compared::default()
            },
        }
    }

    fn push(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        for found in found {
            push(&mut self.report, self.options, found);
        }
    }

    /// Reads a file: every line by itself, and what is to be held to others.
    fn read(&mut self, source: &Source) {
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(source.clone());
        self.report.count_file();
        self.stretches.open(&source.path, number);
        for chunk in Chunks::new([source.clone()]) {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    self.stretches.broken();
                    self.push([unread(&error)]);
                    continue;
                }
            };
            let bytes = u64::try_from(chunk.bytes.len()).unwrap_or(u64::MAX);
            self.options.progress.add(bytes);
            let checked = check_chunk(&chunk, Wanted::Anything);
            let digests: Vec<[u8; 8]> = checked.par_iter().map(digest).collect();
            for (mut one, digest) in checked.into_iter().zip(digests) {
                let line = LineId::new(number, one.line.number);
                let at = one.findings.at;
                self.push(unended(at, one.line.bytes, one.line.ended));
                self.take(&mut one, line, digest);
                let (findings, _) = one.into_parts();
                self.push(findings.found);
            }
        }
    }

    fn take(&mut self, one: &mut Checked<'_>, line: LineId, digest: [u8; 8]) {
        let Some(id) = one.id().map(str::to_owned) else {
            // It may be any of those that are missed.
            self.stretches.broken();
            return;
        };
        let key = Key::of(&id);
        match one.form {
            Some(Form::Record(kind)) => {
                self.report.count_record(kind);
                self.index.add(Here {
                    key,
                    line,
                    digest,
                    kind,
                });
                if let Some(before) = self.stretches.take(&id, kind) {
                    let said = format!(
                        "stands behind `{before}`; other lines of the file may be out of order, too"
                    );
                    self.lates.add(line, late(codes::SHARD_ORDER, said));
                }
                self.record(one, line, kind);
            }
            Some(Form::Trace) => self.traces.push((key, line)),
            None => self.stretches.broken(),
        }
    }

    fn record(&mut self, one: &mut Checked<'_>, line: LineId, kind: RecordType) {
        match kind {
            RecordType::Article => {
                let (findings, tape) = one.parts_mut();
                if let Some(tape) = tape {
                    let shown = facets::of(tape.root(), None, &self.options.require, findings);
                    self.report.add_facets(shown);
                }
            }
            RecordType::Relation => {
                self.said
                    .extend(one.root().into_iter().flat_map(|root| claims(root, line)));
            }
            RecordType::Withdrawal => {
                let read = one.root().map(|root| root.to_value());
                let read = read.and_then(|value| serde_json::from_value::<Withdrawal>(value).ok());
                if let Some(withdrawal) = read {
                    self.withdrawn.add(&withdrawal);
                }
            }
        }
    }

    /// Reads again the articles that relations or withdrawals of these files say more of than that they
    /// are there; in most runs none.
    fn again(&mut self) {
        let wanted = |key| self.claims.of(key).any(|claim| !claim.exists());
        let any = self.claims.iter().any(|claim| !claim.exists());
        if !any && self.withdrawn.is_empty() {
            return;
        }
        for source in &self.files {
            // What cannot be read was reported when it was read first.
            for chunk in Chunks::new([source.clone()]).flatten() {
                let checked: Vec<_> = chunk
                    .lines()
                    .collect::<Vec<_>>()
                    .into_par_iter()
                    .filter_map(|line| {
                        let at = super::At {
                            file: &chunk.file,
                            line: line.number,
                            offset: line.offset,
                        };
                        let mut findings = Findings::new(at, line.bytes);
                        let tape = Tape::parse(line.bytes.trim_ascii_end()).ok()?;
                        let root = tape.root();
                        let article = root.get("type")?.as_str()? == RecordType::Article.name();
                        let id = article.then(|| root.get("id")?.as_str()).flatten()?;
                        findings.record = Some(id.clone().into_owned());
                        self.withdrawn.check(root, &mut findings);
                        let key = Key::of(&id);
                        let late: Vec<_> = wanted(key)
                            .then(|| self.claims.of(key))
                            .into_iter()
                            .flatten()
                            .filter_map(|claim| Some((claim.line, claim.fails(root)?)))
                            .collect();
                        Some((findings.found, late))
                    })
                    .collect();
                for (found, lates) in checked {
                    for one in found {
                        push(&mut self.report, self.options, one);
                    }
                    for (line, late) in lates {
                        self.lates.add(line, late);
                    }
                }
                self.lates
                    .report_many(&self.files, &mut self.report, self.options);
            }
        }
    }

    /// Says that a shard does not follow the one before it.
    fn disordered(&mut self, disorder: Option<&(u32, String, String)>) {
        let Some((file, first, before)) = disorder else {
            return;
        };
        let file = usize::try_from(*file)
            .ok()
            .and_then(|at| self.files.get(at));
        let file = file.map(|source| source.file.to_string());
        let message = format!(
            "its first id, `{}`, is not behind `{}`, the last of the shard before it",
            escape::shown(first),
            escape::shown(before)
        );
        let place = Place::file(file.unwrap_or_default());
        self.push([Diagnostic::new(codes::SHARD_ORDER, place, message)]);
    }

    /// Holds what was read to the entries of the release, and these to what was read.
    fn compare(&mut self) -> Result<(), CheckError> {
        let mut claimed: Vec<(Key, bool)> = self
            .claims
            .iter()
            .filter(|claim| claim.exists())
            .map(|claim| (claim.of, false))
            .collect();
        claimed.sort_unstable();
        claimed.dedup();
        self.traces.sort_unstable();
        let mut traced: Vec<bool> = vec![false; self.traces.len()];
        let number = self.against.number();
        let stretches = std::mem::take(&mut self.stretches).finish();
        self.disordered(stretches.disorder.as_ref());
        let against = self.against;
        let (mut known, mut removed, mut vanished_here) = (0, 0, 0);
        against.each(|entry| {
            let key = Key::of(entry.id.as_str());
            if entry.kind != RecordType::Relation
                && let Ok(at) = claimed.binary_search_by_key(&key, |(key, _)| *key)
                && let Some((_, there)) = claimed.get_mut(at)
            {
                *there = true;
            }
            if entry.kind == RecordType::Article {
                let from = self.traces.partition_point(|(other, _)| *other < key);
                let same = self.traces.iter().skip(from);
                for ((_, _), there) in same
                    .take_while(|(other, _)| *other == key)
                    .zip(traced.iter_mut().skip(from))
                {
                    *there = true;
                }
            }
            match self.index.first(key) {
                Some(here) => {
                    known += 1;
                    let late = beside(&mut self.compared, entry, here, number);
                    if let Some(late) = late {
                        self.lates.add(here.line, late);
                    }
                }
                None => {
                    if let Some(file) = stretches.file_of(entry) {
                        if let Some(found) = vanished(entry, number, &self.files, file) {
                            vanished_here += 1;
                            push(&mut self.report, self.options, found);
                        } else {
                            removed += 1;
                        }
                    }
                }
            }
        })?;
        self.compared.added = self.index.distinct().saturating_sub(known);
        if stretches.judged() {
            self.compared.removed = Some(removed);
            self.compared.vanished = Some(vanished_here);
        }
        let absent = |key: Key, claimed: &[(Key, bool)]| {
            let listed = claimed.binary_search_by_key(&key, |(key, _)| *key);
            let listed = listed.ok().and_then(|at| claimed.get(at));
            !listed.is_some_and(|(_, there)| *there) && !self.index.is_target(key)
        };
        for claim in self.claims.iter().filter(|claim| claim.exists()) {
            if absent(claim.of, &claimed)
                && let Some(mut late) = claim.dangling()
            {
                late.said = format!(
                    "is the id of no article or withdrawal of these files or of release {number}"
                );
                self.lates.add(claim.line, late);
            }
        }
        for ((key, line), there) in self.traces.iter().zip(traced) {
            if !there && !self.index.is_article(*key) {
                let said = format!("is the id of no article of these files or of release {number}");
                self.lates.add(*line, late(codes::TRACE_ORPHAN, said));
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Report {
        self.lates
            .report(&self.files, &mut self.report, self.options);
        let file = self.files.first().map(|source| source.file.to_string());
        let lacking = facets::of_corpus(
            Facets::default(),
            &self.options.require,
            &file.unwrap_or_default(),
        );
        for lacking in lacking {
            push(&mut self.report, self.options, lacking);
        }
        self.report.set_compared(self.compared);
        self.report
    }
}

/// The beginning of the record digest; zeros where the line is no record.
fn digest(one: &Checked<'_>) -> [u8; 8] {
    let Some(root) = one.root().filter(|_| one.form != Some(Form::Trace)) else {
        return [0; 8];
    };
    super::release::digest(root)
        .as_bytes()
        .first_chunk()
        .copied()
        .unwrap_or_default()
}

fn late(code: &'static crate::diagnostic::Code, said: String) -> Late {
    Late {
        code,
        pointer: pointer("/id"),
        said,
        within: None,
    }
}

/// Counts what became of an entry whose id is here, and says what must not.
fn beside(compared: &mut Compared, entry: &Entry, here: &Here, number: u64) -> Option<Late> {
    use RecordType::{Article, Relation, Withdrawal};

    match (entry.kind, here.kind) {
        (Article, Article) | (Relation, Relation) | (Withdrawal, Withdrawal) => {
            if entry.digest.as_bytes().starts_with(&here.digest) {
                compared.unchanged += 1;
            } else {
                compared.revised += 1;
            }
            None
        }
        (Article | Relation, Withdrawal) => {
            compared.withdrawn += 1;
            None
        }
        (Withdrawal, Article) => {
            compared.reinstated += 1;
            let said = format!("was withdrawn: it is the id of a withdrawal of release {number}");
            Some(late(codes::WITHDRAWN_RETURNED, said))
        }
        (Relation, Article) | (Article | Withdrawal, Relation) => {
            let article = if entry.kind == Article { "an" } else { "a" };
            let said = format!(
                "is the id of {article} {} of release {number}",
                entry.kind.name()
            );
            Some(late(codes::RECORD_ID_DUPLICATE, said))
        }
    }
}

/// That an article or a withdrawal is gone from the shard that would hold it.
fn vanished(entry: &Entry, number: u64, files: &[Source], file: u32) -> Option<Diagnostic> {
    if entry.kind == RecordType::Relation {
        return None;
    }
    let file = usize::try_from(file).ok().and_then(|at| files.get(at))?;
    let message = format!(
        "{} `{}` of release {number} is gone without a withdrawal",
        entry.kind.name(),
        entry.id
    );
    let mut place = Place::file(&*file.file);
    place.record = Some(entry.id.to_string());
    Some(
        Diagnostic::new(codes::ARTICLE_VANISHED, place, message).hint(
            "its id lies among those of this shard; where it was withdrawn, name the shard of withdrawals, too",
        ),
    )
}
