//! A whole corpus: every line by itself, and beside the others.

pub(super) mod beside;
pub(super) mod boilerplate;
pub(super) mod circle;
pub(super) mod claims;
pub(super) mod config;
pub(super) mod difference;
pub(super) mod duplicate;
pub(super) mod files;
pub(super) mod held;
pub(super) mod ids;
pub(super) mod items;
pub(super) mod late;
pub(super) mod ledger;
pub(super) mod order;
pub(super) mod release;
pub(super) mod strangers;
pub(super) mod trace_lines;
pub(super) mod traces;
pub(super) mod withdrawn;

use std::collections::BTreeSet;
use std::sync::Mutex;

use crate::check::corpus::claims::{Claim, Claims, claims};
use crate::check::corpus::late::repeated;
use crate::check::corpus::withdrawn::Withdrawn;
use crate::check::line::findings::{Findings, file_name};
use crate::check::line::view::View;
use crate::check::line::workspace::Workspace;
use crate::check::line::{outside, short};
use crate::check::rules::checked::{Checked, nothing, unread};
use crate::check::rules::raw::RawItems;
use crate::check::rules::{self, Record, Wanted};
use crate::check::{CheckError, Options, push};
use crate::corpus::{Chunk, Chunks, Corpus, FILES, Part, ReadError, pass};
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::digest::Digest;
use crate::pool;
use crate::record::{RecordType, Withdrawal};
use crate::release::LedgerFiles;
use crate::takedown::Private;
use boilerplate::Boilerplate;
use files::{Files, named};
use ids::{Ids, Key, LineId, RecordKey, TextKey};
use items::Items;
use late::LateFindings;
use ledger::Mentioned;
use order::{ChunkOrder, Disorder, Order, disordered};
use release::Entries;
use trace_lines::SharedLine;
use traces::Traces;

/// Checks a corpus in its working state: what `seal` would seal. What `dateline.yaml` requires, denies
/// and allows is added to the options.
///
/// With `options.raw` every value that has a trace is made again from the raw items. It runs on the
/// threads of the pool it is called in (`RAYON_NUM_THREADS` for the global one); the report is the
/// same on any number of them.
///
/// Whether shards are the files that they were is not looked at but by `verify`: what counts is what
/// they hold.
///
/// # Errors
///
/// [`CheckError`] where the folder is no corpus that can be opened. Whatever is wrong with its files
/// is in the report.
pub fn check_corpus(corpus: &Corpus, options: &Options) -> Result<Report, CheckError> {
    let (state, damaged) = release::state(corpus)?;
    let (mut options, wrong) = config::with(corpus, options)?;
    let mut files = Files::default();
    for part in [
        Part::Withdrawals,
        Part::Relations,
        Part::Traces,
        Part::Records,
    ] {
        for mut source in state.sources(part)? {
            source.file = file_name(corpus.root(), &source.file);
            files.add(part, source);
        }
    }
    let unshown = outside::of_corpus(corpus.root(), &files.all);
    options.unshown.extend(unshown);
    options.unshown.extend(outside::of_release(corpus));
    let mut run = CorpusCheck::new(&options, &files);
    let strange = strangers::of(corpus, &state)?;
    for wrong in damaged.into_iter().chain(wrong).chain(strange) {
        push(&mut run.sum.report, &options, wrong);
    }
    run.ledger = ledger::check(corpus, &state, &mut run.sum.report, &options)?;
    run.at_release = state.listing() != Some(FILES);
    run.pass(Part::Withdrawals, RecordType::Withdrawal)?;
    run.withdrawn = std::mem::take(&mut run.sum.withdrawn);
    let beside = Private::beside(corpus.root());
    let locked = run
        .withdrawn
        .decide(options.private.as_ref().unwrap_or(&beside));
    if let Some(found) = locked {
        push(&mut run.sum.report, &options, found);
    }
    run.pass(Part::Relations, RecordType::Relation)?;
    run.claims = Claims::new(std::mem::take(&mut run.sum.claims));
    run.pass(Part::Records, RecordType::Article)?;
    run.finish(corpus)
}

/// One check of one corpus.
struct CorpusCheck<'o> {
    options: &'o Options,
    files: &'o Files,
    ids: Ids,
    claims: Claims,
    withdrawn: Withdrawn,
    /// The files of the ledger, where nothing is wrong with it.
    ledger: Option<LedgerFiles>,
    /// Whether the state is said to be that of the newest release.
    at_release: bool,
    sum: ChunkOutcome,
}

/// What comes of the lines of some chunks, in whatever order these are added up.
pub(crate) struct ChunkOutcome {
    pub(crate) report: Report,
    entries: Entries,
    pub(crate) lates: LateFindings,
    claims: Vec<Claim>,
    /// The ids of a chunk that claims were held to.
    pub(crate) claimed: BTreeSet<Key>,
    withdrawn: Withdrawn,
    pub(crate) named: Mentioned,
    /// How many lines of articles and withdrawals, at least, could not be read.
    unread: u64,
    /// The first line of each file that is out of order.
    disorders: Vec<(LineId, Diagnostic)>,
}

impl ChunkOutcome {
    fn append(&mut self, other: Self) {
        self.report.append(other.report);
        self.entries.append(other.entries);
        self.lates.append(other.lates);
        self.claims.extend(other.claims);
        self.withdrawn.append(other.withdrawn);
        self.named.append(other.named);
        self.unread += other.unread;
        self.disorders.extend(other.disorders);
    }
}

/// What the lines of a part are held to.
pub(crate) struct PartCheck<'r> {
    kind: RecordType,
    pub(crate) options: &'r Options,
    pub(crate) claims: &'r Claims,
    pub(crate) withdrawn: &'r Withdrawn,
    pub(crate) ledger: Option<&'r LedgerFiles>,
    pub(crate) raw: Option<RawItems<'r>>,
    /// What waits for its raw item.
    pub(crate) items: Items,
    pub(crate) traced: bool,
    /// The number of the part's first file.
    first: u32,
    /// The number of the first file of traces.
    pub(crate) first_trace: u32,
}

impl<'o> CorpusCheck<'o> {
    fn new(options: &'o Options, files: &'o Files) -> Self {
        let mut report = Report::new(options.limit);
        files.all.iter().for_each(|_| report.count_file());
        Self {
            options,
            files,
            ids: Ids::default(),
            claims: Claims::default(),
            withdrawn: Withdrawn::default(),
            ledger: None,
            at_release: false,
            sum: ChunkOutcome {
                report,
                entries: Entries::default(),
                lates: LateFindings::default(),
                claims: Vec::new(),
                claimed: BTreeSet::new(),
                withdrawn: Withdrawn::default(),
                named: Mentioned::default(),
                unread: 0,
                disorders: Vec::new(),
            },
        }
    }

    /// Reads the lines of a part.
    fn pass(&mut self, part: Part, kind: RecordType) -> Result<(), CheckError> {
        let articles = kind == RecordType::Article;
        let (sources, first) = self.files.of(part);
        let (traces, first_trace) = self.files.of(Part::Traces);
        let traces = (articles && !traces.is_empty())
            .then(|| Traces::new(traces, first_trace, self.options));
        let mut beyond = PartCheck {
            kind,
            options: self.options,
            claims: &self.claims,
            withdrawn: &self.withdrawn,
            ledger: self.ledger.as_ref(),
            raw: (articles && !self.options.raw.is_empty()).then(|| {
                let ledger = self.ledger.as_ref();
                RawItems::new(&self.options.raw, self.options.raw_some, ledger)
            }),
            items: Items::default(),
            traced: traces.is_some(),
            first,
            first_trace,
        };
        let order = Order {
            ids: std::mem::take(&mut self.ids),
            last: None,
            said: BTreeSet::new(),
            traces,
            boilerplate: Boilerplate::default(),
            runs: short::Runs::default(),
        };
        let files = self.files;
        let total = Mutex::new(&mut self.sum);
        let add = |sum| {
            // Nobody panics while holding it.
            if let Ok(mut total) = total.lock() {
                total.append(sum);
                let ChunkOutcome { report, lates, .. } = &mut **total;
                lates.report_many(&files.all, report, self.options);
            }
        };
        let progress = &self.options.progress;
        let order = pass::run(Chunks::merged(sources), progress, order, |item, turn| {
            add(match item {
                Ok(chunk) => beyond.chunk(chunk, turn),
                Err(error) => beyond.unread(error, turn),
            });
        });
        let items = std::mem::take(&mut beyond.items);
        items.each(&files.all, progress, |items| beyond.items(items), add)?;
        for found in beyond.raw.into_iter().flat_map(RawItems::lost) {
            push(&mut self.sum.report, self.options, found);
        }
        // Where a thread panicked, so has this one.
        let Some(order) = order else { return Ok(()) };
        self.ids = order.ids;
        for found in order.runs.finish() {
            push(&mut self.sum.report, self.options, found);
        }
        if articles {
            self.ids.sort();
        }
        for (line, late) in order.boilerplate.tell() {
            self.sum.lates.add(line, late);
        }
        if let Some(traces) = order.traces {
            let ChunkOutcome { report, lates, .. } = &mut self.sum;
            // A second line of one id has no trace of its own.
            let repeats = self.ids.repeats();
            let found = traces.finish(&repeats, |line, late| {
                lates.add(line, late);
                lates.report_many(&files.all, report, self.options);
            });
            report.append(found);
        }
        Ok(())
    }

    fn finish(mut self, corpus: &Corpus) -> Result<Report, CheckError> {
        let files = &self.files.all;
        let (mut lates, mut report) = (self.sum.lates, self.sum.report);
        let repeats = self.ids.repeats();
        for (line, disorder) in self.sum.disorders {
            // Out of order is what repeats a line: that is said of it already.
            if repeats.binary_search(&line).is_err() {
                push(&mut report, self.options, disorder);
            }
        }
        repeated(
            self.ids.repeated(),
            files,
            &mut lates,
            &mut report,
            self.options,
        );
        let relations = self.files.range(Part::Relations);
        // No relation can lead to a relation.
        let target =
            |line: LineId| usize::try_from(line.file).is_ok_and(|file| !relations.contains(&file));
        let unread = self.sum.unread;
        let mut missed = 0;
        // Claims of one record stand together: for all of them its lines are looked through once.
        let mut last = None;
        for claim in self.claims.iter().filter(|claim| claim.exists()) {
            let found = match last {
                Some((of, found)) if of == claim.of => found,
                _ => self.ids.lines(claim.of).any(target),
            };
            last = Some((claim.of, found));
            if found {
                continue;
            }
            if unread > 0 {
                missed += 1;
            } else if let Some(late) = claim.dangling() {
                lates.add(claim.line, late);
                lates.report_many(files, &mut report, self.options);
            }
        }
        for (line, late) in circle::circles(&self.claims, |line, from| named(files, line, from)) {
            lates.add(line, late);
            lates.report_many(files, &mut report, self.options);
        }
        let (gone, wrong) = release::check(
            corpus,
            (&self.ids, &self.withdrawn, files),
            unread > 0,
            self.sum.entries,
            self.at_release.then_some(&self.sum.named),
            &mut report,
            self.options,
        )?;
        let withdrawals = self.files.range(Part::Withdrawals);
        for (key, late) in wrong {
            let withdrawal = |line: &LineId| {
                usize::try_from(line.file).is_ok_and(|file| withdrawals.contains(&file))
            };
            for line in self.ids.lines(key).filter(withdrawal) {
                lates.add(line, late.clone());
            }
        }
        let unsure = release::Unsure {
            unread,
            related: missed,
            of_release: gone,
        };
        release::unsure(corpus, unsure, &mut report, self.options);
        if report.records().total() == 0 && !report.has_errors() {
            let place = Place::file(corpus.root().display().to_string());
            push(
                &mut report,
                self.options,
                nothing(place, "the corpus has no record"),
            );
        }
        let groups = self.ids.same_texts();
        let pairs = groups.flat_map(|group| duplicate::unconnected(&group, &self.claims));
        duplicate::tell(pairs.collect(), files, |line, late| {
            lates.add(line, late);
            lates.report_many(files, &mut report, self.options);
        });
        lates.report(files, &mut report, self.options);
        Ok(report)
    }
}

impl PartCheck<'_> {
    pub(crate) fn sum(&self) -> ChunkOutcome {
        ChunkOutcome {
            report: Report::new(self.options.limit),
            entries: Entries::default(),
            lates: LateFindings::default(),
            claims: Vec::new(),
            claimed: BTreeSet::new(),
            withdrawn: Withdrawn::default(),
            named: Mentioned::default(),
            unread: 0,
            disorders: Vec::new(),
        }
    }

    /// A failure to read.
    fn unread(&self, error: &ReadError, turn: pool::Turn<'_, Order<'_>>) -> ChunkOutcome {
        let mut sum = self.sum();
        push(&mut sum.report, self.options, unread(error));
        sum.unread += u64::from(self.kind != RecordType::Relation);
        turn.take(|order| {
            if let Some(traces) = &mut order.traces {
                // Behind a line that is too long the others follow; behind a file's end none.
                traces.broken |= error.line().is_none();
                traces.beside(None, LineId::new(0, 0));
            }
        });
        sum
    }

    /// Checks the lines of a chunk by themselves and beside what is known of others.
    fn chunk(&self, chunk: &Chunk, turn: pool::Turn<'_, Order<'_>>) -> ChunkOutcome {
        let file = u32::try_from(chunk.source).unwrap_or(u32::MAX);
        let file = self.first.saturating_add(file);
        let mut sum = self.sum();
        let mut seen = ChunkOrder::default();
        let mut held = Vec::new();
        let mut workspace = Workspace::default();
        let mut runs = Vec::new();
        for piece in short::pieces(chunk) {
            let line = match piece {
                short::Piece::Line(line) => line,
                short::Piece::Run(run) => {
                    if self.kind != RecordType::Relation {
                        sum.unread += run.unread();
                    }
                    runs.push(run);
                    continue;
                }
            };
            let mut one = Checked::parsed(&chunk.file, line, &mut workspace, self.options);
            let here = LineId::new(file, line.number);
            let blank = one.is_blank();
            let (findings, tape) = one.parts_mut();
            let wanted = Wanted::Record(self.kind);
            let form = tape.and_then(|tape| rules::form(tape.root(), wanted, findings));
            let record = form
                .zip(tape)
                .and_then(|(form, tape)| Record::of(form, tape));
            if let Some(record) = &record {
                rules::check_record(record, findings, &mut workspace);
                sum.report.count_record(record.kind());
            }
            if let Some(id) = &findings.record {
                let digest = record
                    .as_ref()
                    .map(|record| release::digest(record.root(), &mut workspace.digests));
                Self::see(id, record.as_ref().zip(digest), here, &mut seen, &mut sum);
            } else if !blank && self.kind != RecordType::Relation {
                sum.unread += 1;
            }
            workspace.shrink();
            if self.traced {
                one.form = form;
                held.push(one);
            } else {
                self.beside_others(
                    record.as_ref(),
                    findings,
                    here,
                    None,
                    &mut workspace,
                    &mut sum,
                );
                workspace.take_back(one.into_parts().1);
            }
        }
        let turn = turn.take(|order| {
            order.runs.extend(runs);
            (order.runs.take(), order.take(file, seen, &held))
        });
        let Some((short, (disorder, beside))) = turn else {
            return sum;
        };
        for found in short {
            push(&mut sum.report, self.options, found);
        }
        let disordered = disorder.and_then(|disorder| {
            let found = disordered(chunk, &disorder)?;
            Some((LineId::new(file, disorder.line), found))
        });
        sum.disorders.extend(disordered);
        for (mut one, beside) in held.into_iter().zip(beside) {
            let here = LineId::new(file, one.line.number);
            let form = one.form;
            let (findings, tape) = one.parts_mut();
            let record = form
                .zip(tape)
                .and_then(|(form, tape)| Record::of(form, tape));
            self.beside_others(
                record.as_ref(),
                findings,
                here,
                beside.as_ref(),
                &mut workspace,
                &mut sum,
            );
            workspace.take_back(one.into_parts().1);
        }
        sum
    }

    /// Takes note of a line: what it is, its id, its text, where it stands in the order, its entry.
    fn see(
        id: &str,
        record: Option<(&Record<'_>, Digest)>,
        here: LineId,
        seen: &mut ChunkOrder,
        sum: &mut ChunkOutcome,
    ) {
        let key = Key::of(id);
        if let Some((record, digest)) = record {
            sum.entries.add(key, record.kind(), digest);
        }
        let article = match record {
            Some((Record::Article(article), _)) => Some(article),
            Some((Record::Relation(_) | Record::Withdrawal(_), _)) | None => None,
        };
        seen.ids.push(ids::RecordNote {
            key,
            line: here,
            text: article.and_then(text),
            record: record.map(|(record, digest)| RecordKey::new(record.kind(), digest)),
        });
        let ends = article.and_then(boilerplate::ends);
        seen.ends.extend(ends.map(|ends| (here, ends)));
        match &mut seen.last {
            None => {
                seen.first = Some((here.line.into(), id.to_owned()));
                seen.last = Some(id.to_owned());
            }
            Some(last) => {
                if last.as_str() > id && seen.disorder.is_none() {
                    seen.disorder = Some(Disorder {
                        line: here.line.into(),
                        before: last.clone(),
                    });
                }
                last.clear();
                last.push_str(id);
            }
        }
    }

    /// Holds a line to others of the corpus.
    fn beside_others(
        &self,
        record: Option<&Record<'_>>,
        findings: &mut Findings<'_>,
        here: LineId,
        trace: Option<&SharedLine>,
        workspace: &mut Workspace,
        sum: &mut ChunkOutcome,
    ) {
        if let Some(record) = record.filter(|record| record.kind() == self.kind) {
            match record {
                Record::Article(article) => {
                    self.article(article, findings, here, trace, workspace, sum);
                }
                Record::Relation(root) => sum.claims.extend(claims(*root, here)),
                Record::Withdrawal(root) => {
                    let read = root.read::<Withdrawal>();
                    if let Ok(withdrawal) = read {
                        sum.withdrawn.add(&withdrawal);
                    }
                }
            }
        }
        findings.report(&mut sum.report);
    }
}

/// The key of an article's text.
fn text(article: &View<'_>) -> Option<TextKey> {
    let digest = article.own.text_digest?.as_str()?.parse().ok()?;
    Some(TextKey::of(digest))
}
