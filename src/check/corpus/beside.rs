//! An article beside its trace, the withdrawals, and what relations say of it.

use super::ids::{Key, LineId};
use super::items::Item;
use super::ledger;
use super::trace_lines::SharedLine;
use crate::check::corpus::claims::Claimed;
use crate::check::corpus::{ChunkOutcome, PartCheck};
use crate::check::line::findings::{At, Findings};
use crate::check::line::view::View;
use crate::check::line::workspace::Workspace;
use crate::check::rules;
use crate::check::rules::checked::Checked;
use crate::check::rules::provenance::Replayed;
use crate::check::rules::raw::RawItems;
use crate::check::rules::{facets, provenance, trace};
use crate::corpus::LineRef;
use crate::json::{Node, Tape};
use crate::trace::Location;

impl PartCheck<'_> {
    /// Holds an article to its trace, to the withdrawals and to what relations say of it.
    pub(crate) fn article(
        &self,
        article: &View<'_>,
        findings: &mut Findings<'_>,
        here: LineId,
        trace: Option<&SharedLine>,
        workspace: &mut Workspace,
        sum: &mut ChunkOutcome,
    ) {
        let Some(id) = &findings.record else { return };
        let claimed = Claimed::new(article);
        // Of the lines of one id in a chunk the first is enough: the others are defects by themselves.
        if self.claims.of_id(id).next().is_some() && sum.claimed.insert(Key::of(id)) {
            for claim in self.claims.of_id(id) {
                if let Some(late) = claim.fails(&claimed) {
                    sum.lates.add(claim.line, late);
                }
            }
        }
        self.withdrawn.check(article, findings);
        let waits = trace.and_then(|trace| Some((trace, self.waits_for(trace)?)));
        if let Some((trace, location)) = waits {
            let source = u32::try_from(trace.source()).unwrap_or(u32::MAX);
            let line = LineRef {
                number: findings.at.line,
                offset: findings.at.offset,
                bytes: findings.bytes,
                // Whether it is has been said.
                ended: true,
            };
            let beside = (self.first_trace.saturating_add(source), trace.as_ref());
            self.items.add(&location, (here.file, line), beside);
        } else {
            let trace = trace.map(|trace| (trace.at(), trace.as_ref()));
            self.provenance(article, findings, trace, workspace, sum);
        }
    }

    /// The first location of a trace at which a raw item is to be read, where there is one.
    fn waits_for(&self, trace: &SharedLine) -> Option<Location> {
        let raw = self.raw.as_ref()?;
        let tape = Tape::parse(trace.bytes()).ok()?;
        let locations = trace::location_nodes(tape.root());
        let read = locations.map(|(_, node)| node.read::<Location>());
        read.flatten().find(|location| raw.looks_at(location))
    }

    /// Holds articles to their traces and to their raw items.
    pub(crate) fn items(&self, items: Vec<Item<'_>>) -> ChunkOutcome {
        let mut sum = self.sum();
        let mut workspace = Workspace::default();
        for Item { article, trace } in items {
            let (at, line) = article;
            let one = Checked::parsed(at.file, line, &mut workspace, self.options);
            let (_, tape) = one.into_parts();
            // What is wrong with the article by itself has been said.
            let mut findings = Findings::new(at, line.bytes, self.options);
            if let Some(tape) = &tape {
                rules::name(tape.root(), &mut findings);
                let article = View::of(tape.root());
                self.provenance(
                    &article,
                    &mut findings,
                    Some(trace),
                    &mut workspace,
                    &mut sum,
                );
            }
            findings.report(&mut sum.report);
            workspace.take_back(tape);
        }
        sum
    }

    /// Holds an article to its trace, and says what it shows of its provenance.
    fn provenance(
        &self,
        article: &View<'_>,
        findings: &mut Findings<'_>,
        trace: Option<(At<'_>, LineRef<'_>)>,
        workspace: &mut Workspace,
        sum: &mut ChunkOutcome,
    ) {
        let mut replayed = self.raw.is_some();
        let traced = self.traced.then(|| {
            trace.is_some_and(|trace| {
                let (holds, read) = self.holds(article.root, findings, trace, workspace, sum);
                replayed = read;
                holds
            })
        });
        let facets = facets::of(article, traced, replayed, &self.options.require, findings);
        sum.report.add_facets(facets);
    }

    /// Whether nothing is wrong with a trace, by itself and beside its article; and whether it was replayed.
    fn holds(
        &self,
        root: Node<'_>,
        findings: &mut Findings<'_>,
        (at, line): (At<'_>, LineRef<'_>),
        workspace: &mut Workspace,
        sum: &mut ChunkOutcome,
    ) -> (bool, bool) {
        let mut beside = Findings::new(at, line.bytes, self.options);
        let tape = rules::parse(&mut beside, line.ended, workspace);
        // That the line does not end says nothing of the trace.
        let before = beside.count();
        let mut replayed = false;
        let held = tape.as_ref().is_some_and(|tape| {
            let line = tape.root();
            rules::check_trace(line, &mut beside).is_some_and(|trace| {
                let given = |raw: &&RawItems<'_>| trace.locations.iter().any(|at| raw.looks_at(at));
                let raw = self.raw.as_ref().filter(given);
                sum.named.add(&trace);
                ledger::places(line, &trace, self.ledger, &mut beside);
                let (holds, made) =
                    provenance::against(root, findings, line, &trace, &mut beside, raw);
                replayed = made == Replayed::Yes;
                holds
            })
        });
        workspace.take_back(tape);
        let held = held && beside.count() == before;
        beside.report(&mut sum.report);
        (held, replayed)
    }
}
