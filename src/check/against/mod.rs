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
//! the entries; neither depends on the texts of the other shards.
//!
//! That a record is gone shows by the order of ids: where shards do not overlap, a shard holds every id of
//! its part between its first and its last, so an entry between them that is not in it is in no shard. That
//! holds for files that are named as shards are and whose lines are records in order; of neighbours that
//! are both given it holds between them, too, and of the first shard of a part from the beginning. Only where
//! an entry is missed so, the other shards of the corpus are opened and looked through for it.

mod elsewhere;
mod read;
mod release;
mod stretches;

pub use release::{Against, AgainstError};

use std::collections::BTreeSet;

use elsewhere::Missing;
use read::ReadFiles;

use crate::check::corpus::claims::Claims;
use crate::check::corpus::config;
use crate::check::corpus::ids::{Key, LineId, RecordKey};
use crate::check::corpus::late::LateFinding;
use crate::check::corpus::late::repeated;
use crate::check::line::findings::file_name;
use crate::check::line::value::pointer;
use crate::check::rules::facets;
use crate::check::{CheckError, Options, push};
use crate::corpus::{CONFIG, Corpus, Source};
use crate::diagnostic::{Compared, Diagnostic, Place, Report, codes, escape};
use crate::record::RecordType;
use crate::release::Entry;

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
    let (options, wrong) = match (against.corpus(), files.first()) {
        (Some(corpus), _) => config::with(corpus, options)?,
        // The shards of one release are of one corpus.
        (None, Some(shard)) => config::around(&shard.path, options),
        (None, None) => (options.clone(), Vec::new()),
    };
    let mut run = Comparison {
        against,
        options: &options,
        files,
        seen: read::read(files, &options),
        claims: Claims::default(),
        compared: Compared {
            release: against.number(),
            ..Compared::default()
        },
    };
    run.push(wrong);
    run.push(origins(files, against));
    run.seen.ids.sort();
    let ReadFiles {
        ids, lates, report, ..
    } = &mut run.seen;
    repeated(ids.repeated(), files, lates, report, &options);
    run.claims = Claims::new(std::mem::take(&mut run.seen.said));
    read::again(files, &run.claims, &mut run.seen, &options);
    run.compare()?;
    Ok(run.finish())
}

/// One comparison.
struct Comparison<'o> {
    against: &'o Against,
    options: &'o Options,
    /// A [`LineId`] means a file by its place here.
    files: &'o [Source],
    seen: ReadFiles,
    claims: Claims,
    compared: Compared,
}

impl Comparison<'_> {
    fn push(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        for found in found {
            push(&mut self.seen.report, self.options, found);
        }
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
        let mut traces = std::mem::take(&mut self.seen.traces);
        traces.sort_unstable();
        let mut met: Vec<bool> = vec![false; traces.len()];
        let stretches = std::mem::take(&mut self.seen.stretches).finish();
        let (mut known, mut removed, mut vanished_here) = (0, 0, 0);
        let mut missing = Missing::default();
        let withdrawn = std::mem::take(&mut self.seen.withdrawn);
        let against = self.against;
        against.each(|entry| {
            let key = Key::of(entry.id.as_str());
            if entry.kind != RecordType::Relation
                && let Ok(at) = claimed.binary_search_by_key(&key, |(key, _)| *key)
                && let Some((_, there)) = claimed.get_mut(at)
            {
                *there = true;
            }
            if entry.kind == RecordType::Article {
                let from = traces.partition_point(|(other, _)| *other < key);
                let same = traces.iter().skip(from);
                for ((_, _), there) in same
                    .take_while(|(other, _)| *other == key)
                    .zip(met.iter_mut().skip(from))
                {
                    *there = true;
                }
            }
            let ids = &self.seen.ids;
            let first = ids.range(key).next();
            match first.and_then(|at| ids.record(at).zip(ids.line_at(at))) {
                Some((record, line)) => {
                    known += 1;
                    let late = beside(&mut self.compared, entry, record, against.number());
                    if let Some(late) = late {
                        self.late(line, late);
                    }
                    if record.0 == RecordType::Withdrawal
                        && let Some(late) = withdrawn.misses(entry, against.number())
                    {
                        self.late(line, late);
                    }
                }
                None => {
                    if let Some(file) = stretches.file_of(entry) {
                        missing.add(key, entry.clone(), file);
                    }
                }
            }
        })?;
        self.compared.added = self.seen.ids.distinct().saturating_sub(known);
        let nowhere = missing.nowhere(self.files, against.corpus());
        for (entry, file) in nowhere.iter().flatten() {
            if let Some(found) = vanished(entry, against.number(), self.files, *file) {
                vanished_here += 1;
                self.push([found]);
            } else {
                removed += 1;
            }
        }
        if stretches.judged() && nowhere.is_some() {
            self.compared.removed = Some(removed);
            self.compared.vanished = Some(vanished_here);
        }
        let there = |key| {
            let listed = claimed.binary_search_by_key(&key, |(key, _)| *key);
            let listed = listed.ok().and_then(|at| claimed.get(at));
            listed.is_some_and(|(_, there)| *there)
        };
        let mut missed = self.dangling(there, stretches.unread);
        let orphans = traces.into_iter().zip(met);
        let orphans = orphans.filter_map(|(trace, there)| (!there).then_some(trace));
        missed += self.orphans(orphans, stretches.unread);
        self.unsure(stretches.unread, missed);
        Ok(())
    }

    /// Says of relations that they lead nowhere: not to a record of these files, nor to one that the
    /// release has, which `there` knows. While lines could not be read it is not known; gives of how many.
    fn dangling(&mut self, there: impl Fn(Key) -> bool, unread: u64) -> u64 {
        let number = self.against.number();
        let mut missed = 0;
        let claims = std::mem::take(&mut self.claims);
        for claim in claims.iter().filter(|claim| claim.exists()) {
            if there(claim.of)
                || (self.seen.ids).has_kind(claim.of, |kind| kind != RecordType::Relation)
            {
                continue;
            }
            if unread > 0 {
                missed += 1;
            } else if let Some(mut late) = claim.dangling() {
                late.said = format!(
                    "is the id of no article or withdrawal of these files or of release {number}"
                );
                self.late(claim.line, late);
            }
        }
        missed
    }

    /// Says of `traces`, which are of no article of the release, that they are of none of these files;
    /// while lines could not be read it is not known; gives of how many.
    fn orphans(&mut self, traces: impl Iterator<Item = (Key, LineId)>, unread: u64) -> u64 {
        let number = self.against.number();
        let mut missed = 0;
        for (key, line) in traces {
            if self
                .seen
                .ids
                .has_kind(key, |kind| kind == RecordType::Article)
            {
                continue;
            }
            if unread > 0 {
                missed += 1;
            } else {
                let said = format!("is the id of no article of these files or of release {number}");
                self.late(line, late(codes::TRACE_ORPHAN, said));
            }
        }
        missed
    }

    /// Says once that it is not known of so many records whether they are there.
    fn unsure(&mut self, unread: u64, missed: u64) {
        let Some(first) = self.files.first().filter(|_| missed > 0) else {
            return;
        };
        let lines = if unread == 1 { "line" } else { "lines" };
        let message = format!(
            "{unread} {lines} of these files could not be read; \
             so it is not known whether {missed} of the records that relations and traces name are there"
        );
        let place = Place::file(&*first.file);
        self.push([Diagnostic::new(codes::LINES_UNREAD, place, message)]);
    }

    /// Keeps what is to be said of a line, and says it where that is much.
    fn late(&mut self, line: LineId, late: LateFinding) {
        let ReadFiles { lates, report, .. } = &mut self.seen;
        lates.add(line, late);
        lates.report_many(self.files, report, self.options);
    }

    fn finish(self) -> Report {
        let ReadFiles {
            lates, mut report, ..
        } = self.seen;
        lates.report(self.files, &mut report, self.options);
        let file = self.files.first().map(|source| source.file.to_string());
        let lacking = facets::unsealed(
            &self.options.require,
            &file.unwrap_or_default(),
            "files of records show no release",
        );
        for lacking in lacking {
            push(&mut report, self.options, lacking);
        }
        report.set_compared(self.compared);
        report
    }
}

fn late(code: &'static crate::diagnostic::Code, said: String) -> LateFinding {
    LateFinding {
        code,
        pointer: pointer("/id"),
        said,
        within: None,
    }
}

/// Each `dateline.yaml` of the corpora at hand that gives another origin than the release has: then it is
/// the release of another corpus.
fn origins(files: &[Source], against: &Against) -> Vec<Diagnostic> {
    let named = against.corpus().map(Corpus::root);
    let around = files.iter().filter_map(|file| config::root_of(&file.path));
    let mut met = BTreeSet::new();
    named
        .into_iter()
        .chain(around)
        .filter(|root| met.insert(root.canonicalize().unwrap_or_else(|_| root.to_path_buf())))
        .filter_map(|root| {
            let origin =
                config::origin(root).filter(|origin| origin.as_str() != against.origin())?;
            let message = format!(
                "the origin is `{origin}`, and release {} is one of `{}`",
                against.number(),
                escape::shown(against.origin())
            );
            let place = Place::file(&*file_name(root, CONFIG));
            let found = Diagnostic::new(codes::ORIGIN_MISMATCH, place, message);
            Some(
                found.hint("give --against the corpus that the shards are of, or a manifest of it"),
            )
        })
        .collect()
}

/// Counts what became of an entry whose id is here, and says what must not.
fn beside(
    compared: &mut Compared,
    entry: &Entry,
    (kind, key): (RecordType, RecordKey),
    number: u64,
) -> Option<LateFinding> {
    use RecordType::{Article, Relation, Withdrawal};

    match (entry.kind, kind) {
        (Article, Article) | (Relation, Relation) | (Withdrawal, Withdrawal) => {
            if RecordKey::new(entry.kind, entry.digest) == key {
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
            "its id lies among those of this shard: name the shard of withdrawals, too, where it was withdrawn, or \
             bring it back from another copy",
        ),
    )
}
