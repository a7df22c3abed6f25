//! The given files, read in the passes in which every check reads: each line by itself, and what is
//! to be held to others.

use std::collections::BTreeSet;

use super::late;
use super::stretches::Stretches;
use crate::check::corpus::claims::{Claim, Claimed, Claims, claims};
use crate::check::corpus::ids::{Ids, Key, LineId, RecordKey, RecordNote};
use crate::check::corpus::late::LateFindings;
use crate::check::corpus::release;
use crate::check::corpus::withdrawn::Withdrawn;
use crate::check::line::findings::{At, Findings};
use crate::check::line::short;
use crate::check::line::view::View;
use crate::check::line::workspace::Workspace;
use crate::check::rules::checked::{Checked, checked, unread};
use crate::check::rules::facets;
use crate::check::rules::{Form, Wanted};
use crate::check::{Options, push};
use crate::corpus::{Chunk, Chunks, Source, pass};
use crate::diagnostic::{Report, codes, escape};
use crate::json::Tape;
use crate::record::{RecordType, Withdrawal};

/// What the files show.
#[derive(Debug, Default)]
pub(super) struct ReadFiles {
    pub(super) report: Report,
    pub(super) ids: Ids,
    pub(super) stretches: Stretches,
    /// What relations say of articles.
    pub(super) said: Vec<Claim>,
    /// The articles that traces are of.
    pub(super) traces: Vec<(Key, LineId)>,
    pub(super) withdrawn: Withdrawn,
    pub(super) lates: LateFindings,
    runs: short::Runs,
}

/// What a chunk shows.
struct Taken {
    report: Report,
    runs: Vec<short::Run>,
    lines: Vec<Shown>,
    said: Vec<Claim>,
    withdrawn: Withdrawn,
}

/// What a line is to those of the same and of other files.
enum Shown {
    /// It could not be read, or is neither a record nor a trace.
    Unread,
    Record(String, RecordType, RecordNote),
    Trace(Key, LineId),
}

/// Reads all files once: every line by itself, and what is to be held to others.
pub(super) fn read(files: &[Source], options: &Options) -> ReadFiles {
    let mut seen = ReadFiles {
        report: Report::new(options.limit),
        stretches: Stretches::new(files),
        ..ReadFiles::default()
    };
    for _ in files {
        seen.report.count_file();
    }
    let seen = pass::run(
        Chunks::new(files.to_vec()),
        &options.progress,
        seen,
        |item, turn| match item {
            Ok(chunk) => {
                let part = Taken::of(chunk, options);
                turn.take(|seen| {
                    seen.take(part, chunk.source);
                    for found in seen.runs.take() {
                        push(&mut seen.report, options, found);
                    }
                    seen.lates.report_many(files, &mut seen.report, options);
                });
            }
            Err(error) => {
                let named = |source: &Source| *source.file == *error.file();
                let file = files.iter().position(named);
                turn.take(|seen| {
                    push(&mut seen.report, options, unread(error));
                    if let Some(file) = file {
                        seen.stretches.unread(file);
                    }
                });
            }
        },
    );
    // Where a thread panicked, so has this one.
    let mut seen = seen.unwrap_or_default();
    for found in std::mem::take(&mut seen.runs).finish() {
        push(&mut seen.report, options, found);
    }
    seen
}

/// Reads again the articles that relations or withdrawals of these files say more of than that they
/// are there; in most runs none.
pub(super) fn again(files: &[Source], claims: &Claims, seen: &mut ReadFiles, options: &Options) {
    let any = claims.iter().any(|claim| !claim.exists());
    if !any && seen.withdrawn.is_empty() {
        return;
    }
    let withdrawn = std::mem::take(&mut seen.withdrawn);
    let state = (
        std::mem::take(&mut seen.report),
        std::mem::take(&mut seen.lates),
    );
    // What is read again was counted.
    let uncounted = crate::dump::Progress::default();
    let state = pass::run(
        Chunks::new(files.to_vec()),
        &uncounted,
        state,
        |item, turn| {
            let mut report = Report::new(options.limit);
            let mut lates = LateFindings::default();
            // What cannot be read was reported when it was read first.
            if let Ok(chunk) = item {
                let mut claimed = BTreeSet::new();
                for line in chunk.lines() {
                    let mut findings =
                        Findings::new(At::of(&chunk.file, line), line.bytes, options);
                    once_more(&mut findings, claims, &mut claimed, &withdrawn, &mut lates);
                    findings.report(&mut report);
                }
            }
            turn.take(|(all, of_all)| {
                all.append(report);
                of_all.append(lates);
                of_all.report_many(files, all, options);
            });
        },
    );
    (seen.report, seen.lates) = state.unwrap_or_default();
    seen.withdrawn = withdrawn;
}

impl Taken {
    /// Checks the lines of a chunk by themselves.
    fn of(chunk: &Chunk, options: &Options) -> Self {
        let file = u32::try_from(chunk.source).unwrap_or(u32::MAX);
        let mut part = Self {
            report: Report::new(options.limit),
            runs: Vec::new(),
            lines: Vec::new(),
            said: Vec::new(),
            withdrawn: Withdrawn::default(),
        };
        let mut workspace = Workspace::default();
        for piece in short::pieces(chunk) {
            let line = match piece {
                short::Piece::Line(line) => line,
                short::Piece::Run(run) => {
                    part.lines
                        .extend((run.unread() > 0).then_some(Shown::Unread));
                    part.runs.push(run);
                    continue;
                }
            };
            let mut one = checked(&chunk.file, line, Wanted::Anything, &mut workspace, options);
            let here = LineId::new(file, line.number);
            part.lines.extend(shown(&one, here, &mut workspace));
            if let Some(Form::Record(kind)) = one.form {
                part.record(&mut one, here, kind, options);
            }
            let (mut findings, tape) = one.into_parts();
            findings.report(&mut part.report);
            workspace.take_back(tape);
        }
        part
    }

    fn record(&mut self, one: &mut Checked<'_>, here: LineId, kind: RecordType, options: &Options) {
        if one.id().is_some() {
            self.report.count_record(kind);
        }
        let (findings, Some(tape)) = one.parts_mut() else {
            return;
        };
        let root = tape.root();
        match kind {
            RecordType::Article => {
                let facets = facets::of(&View::of(root), None, false, &options.require, findings);
                self.report.add_facets(facets);
            }
            RecordType::Relation => self.said.extend(claims(root, here)),
            RecordType::Withdrawal => {
                let read = serde_json::from_slice::<Withdrawal>(root.raw());
                if let Ok(withdrawal) = read {
                    self.withdrawn.add(&withdrawal);
                }
            }
        }
    }
}

impl ReadFiles {
    /// Takes in what the next chunk of the file at `file` shows.
    fn take(&mut self, part: Taken, file: usize) {
        self.report.append(part.report);
        self.runs.extend(part.runs);
        self.said.extend(part.said);
        self.withdrawn.append(part.withdrawn);
        for line in part.lines {
            match line {
                // It may be any of those that are missed.
                Shown::Unread => self.stretches.unread(file),
                Shown::Trace(key, line) => self.traces.push((key, line)),
                Shown::Record(id, kind, note) => {
                    self.ids.add(note);
                    if let Some(before) = self.stretches.take(file, &id, kind) {
                        let said = format!(
                            "follows `{}`; ids ascend in a shard, and other lines of the file may be out of \
                             order, too",
                            escape::shown(&before)
                        );
                        self.lates.add(note.line, late(codes::SHARD_ORDER, said));
                    }
                }
            }
        }
    }
}

/// What a line is to others; nothing where it is blank.
fn shown(one: &Checked<'_>, line: LineId, workspace: &mut Workspace) -> Option<Shown> {
    if one.is_blank() {
        return None;
    }
    let (Some(id), Some(form), Some(root)) = (one.id(), one.form, one.root()) else {
        return Some(Shown::Unread);
    };
    let key = Key::of(id);
    let kind = match form {
        Form::Trace => return Some(Shown::Trace(key, line)),
        Form::Record(kind) => kind,
    };
    let digest = release::digest(root, &mut workspace.digests);
    let note = RecordNote {
        key,
        line,
        text: None,
        record: Some(RecordKey::new(kind, digest)),
    };
    Some(Shown::Record(id.to_owned(), kind, note))
}

/// Holds an article to the withdrawals and to what relations say of it.
fn once_more(
    findings: &mut Findings<'_>,
    claims: &Claims,
    claimed_before: &mut BTreeSet<Key>,
    withdrawn: &Withdrawn,
    lates: &mut LateFindings,
) -> Option<()> {
    let tape = Tape::parse(findings.bytes.trim_ascii_end()).ok()?;
    let root = tape.root();
    let article = root.get("type")?.as_str()? == RecordType::Article.name();
    let id = article.then(|| root.get("id")?.as_str()).flatten()?;
    findings.record = Some(id.clone().into_owned());
    let view = View::of(root);
    withdrawn.check(&view, findings);
    let claimed = Claimed::new(&view);
    // Of the lines of one id in a chunk the first is enough.
    if claims.of_id(&id).next().is_some() && claimed_before.insert(Key::of(&id)) {
        for claim in claims.of_id(&id) {
            if let Some(late) = claim.fails(&claimed) {
                lates.add(claim.line, late);
            }
        }
    }
    Some(())
}
