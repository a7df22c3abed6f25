//! The records of a corpus, against the entries of the release that is judged.

use std::collections::BTreeSet;

use super::index::Index;
use super::lines::{Item, Met, Read};
use super::tally::{Newest, Tally, Ticked};
use super::withdrawals::{Claims, says};
use super::{Findings, Judged, PartName, PartResult, Verdict, VerifyOptions};
use crate::corpus::{Among, Corpus, Part};
use crate::record::{Id, RecordType};
use crate::release::{At, Content, Entry, Leaf, Standing};

/// Where records lie.
pub(super) const FOLDERS: [Part; 3] = [Part::Records, Part::Relations, Part::Withdrawals];

/// What was seen of records.
pub(super) struct Scanned {
    /// The records against the entries; absent where these are not known.
    tally: Option<Tally>,
    contents: Findings,
    held: u64,
    withheld: u64,
    withdrawn: u64,
    pub(super) claims: Claims,
    /// Whether all files could be read to their ends.
    whole: bool,
}

/// The entries that the records give, in order of id; none where two have one id.
///
/// It takes memory for each of them, some 150 bytes.
pub(super) fn recomputed(among: &Among, most: u64) -> Option<Vec<Entry>> {
    entries(among, &FOLDERS, most)
}

/// The entries that the lines of `folders` give, in order of id; none where two have one id or there are
/// more than `most`.
pub(super) fn entries(among: &Among, folders: &[Part], most: u64) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut read = Read::default();
    let take = |item| {
        if let Item::Leaf(met, ()) = item {
            entries.push(met.placed.entry);
        }
    };
    read.files(among, folders, most, |_| (), take);
    if read.ended {
        return None;
    }
    entries.sort_unstable();
    let ids: BTreeSet<&Id> = entries.iter().map(|entry| &entry.id).collect();
    (ids.len() == entries.len()).then_some(entries)
}

/// Reads all records.
pub(super) fn read(
    among: &Among,
    index: Option<Index>,
    most: u64,
    options: &VerifyOptions<'_>,
    read: &mut Read,
) -> Scanned {
    let mut seen = Scanned {
        tally: index.map(|index| Tally::new(index, options.limit)),
        contents: Findings::new(options.limit),
        held: 0,
        withheld: 0,
        withdrawn: 0,
        claims: Claims::default(),
        whole: true,
    };
    let look = |leaf: &Leaf<'_>| {
        let is_withdrawal = leaf.placed.entry.kind == RecordType::Withdrawal;
        let says = is_withdrawal.then(|| says(leaf.root())).flatten();
        (leaf.content, says)
    };
    read.files(among, &FOLDERS, most, look, |item| match item {
        Item::Leaf(met, (content, says)) => seen.leaf(met, content, says),
        Item::Wrong(finding) => {
            if let Some(tally) = &mut seen.tally {
                tally.wrong(finding);
            } else {
                seen.contents.push(finding);
            }
        }
    });
    let unread = |folder: Part| {
        let mut others = among.others.iter().filter(|other| other.part == folder);
        others.any(|other| other.kind.is_unverifiable())
    };
    seen.whole = !read.ended && read.unread.is_empty() && !FOLDERS.into_iter().any(unread);
    if let Some(tally) = &mut seen.tally {
        tally.sort();
    }
    seen.claims.sort();
    seen
}

impl Scanned {
    /// Takes a leaf; of a withdrawal also what it says.
    fn leaf(&mut self, met: Met, content: Content, says: Option<Standing>) {
        // Of what is no part of the release, nothing more is asked.
        if self.tally.as_mut().is_some_and(|tally| !tally.take(&met)) {
            return;
        }
        match content {
            Content::None => {}
            Content::Held => self.held += 1,
            Content::Withheld => self.withheld += 1,
            Content::Altered { said, found } => self.contents.push(super::about(
                &met.placed,
                met.outside,
                format!("its content has the digest {found}, `content_digest` is {said}"),
            )),
        }
        if self.tally.is_some() && met.placed.entry.kind == RecordType::Withdrawal {
            self.withdrawn += 1;
            self.claims.take(met.placed, says);
        }
    }

    /// Whether the entries of the releases have to be gone through once more to judge what was seen.
    pub(super) fn asks(&self) -> bool {
        self.tally.as_ref().is_some_and(|tally| !tally.is_plain()) || !self.claims.is_empty()
    }

    /// Is told what the releases have at an id; `newest` is the newest release where that is not judged and
    /// its entries are known.
    pub(super) fn tell(&mut self, id: &Id, row: &[At], judged: u64, newest: Option<u64>) {
        let at = |release| {
            let found = row.iter().find(|at| at.release == release);
            found.and_then(|at| at.entry.as_ref())
        };
        if let Some(tally) = &mut self.tally {
            let newest = newest.map_or(Newest::Judged, |newest| Newest::Has(at(newest)));
            tally.tell(id, at(judged), newest);
        }
        self.claims.tell(id, row, judged);
    }

    /// What all came to.
    pub(super) fn judge(
        self,
        judged: &Judged<'_>,
        (rewritten, other): (Option<String>, Option<String>),
        options: &VerifyOptions<'_>,
        parts: &mut Vec<PartResult>,
    ) {
        let part = |name, verdict| PartResult::new(name, judged.number, verdict);
        match self.tally {
            // Which of them it is cannot be told without the entries.
            None => parts.push(match other.filter(|_| self.whole) {
                Some(why) => part(PartName::Records, Verdict::Failed).because(why),
                None => part(PartName::Records, Verdict::Unverifiable)
                    .because("the entries of the release are not known"),
            }),
            Some(tally) => {
                let (met, replaced) = (tally.met, tally.replaced);
                let judgement = verdict(tally.finish(), replaced, self.whole, judged);
                parts.push(judgement.counting(met));
            }
        }
        let wrong = self.claims.wrong(options.limit);
        if wrong.count > 0 {
            let count = wrong.count;
            let mut part = part(PartName::Withdrawals, Verdict::Failed).because(format!(
                "{count} {} not what the chain has of {}",
                if count == 1 { "withdraws" } else { "withdraw" },
                if count == 1 { "it" } else { "them" },
            ));
            part.findings = wrong.kept;
            parts.push(part.counting(self.withdrawn));
        } else if self.withdrawn > 0 {
            let mut part = part(PartName::Withdrawals, Verdict::Withdrawn).counting(self.withdrawn);
            part.reason = rewritten;
            parts.push(part);
        }
        let all = self.held + self.withheld + self.contents.count;
        let contents = if self.withheld == 0 {
            part(PartName::Contents, Verdict::Verified)
        } else {
            let verdict = if options.require_content {
                Verdict::Failed
            } else {
                Verdict::Withheld
            };
            part(PartName::Contents, verdict)
                .because(format!("{} of {all} are not in this copy", self.withheld))
        };
        parts.push(self.contents.judge(contents).counting(self.held));
    }
}

/// What ticking off shows of the records.
fn verdict(ticked: Ticked, replaced: u64, whole: bool, judged: &Judged<'_>) -> PartResult {
    let part = |verdict| PartResult::new(PartName::Records, judged.number, verdict);
    let Ticked {
        mut wrong,
        missing,
        newer,
    } = ticked;
    if whole {
        wrong.absorb(missing);
        if wrong.count > 0 {
            return wrong.judge(part(Verdict::Failed));
        }
    } else if wrong.count > 0 {
        return wrong.judge(part(Verdict::Failed));
    } else if missing.count > 0 {
        let count = missing.count;
        let mut part = part(Verdict::Unverifiable).because(format!(
            "{count} {} in none of the files that could be read",
            if count == 1 { "is" } else { "are" }
        ));
        part.findings = missing.kept;
        return part;
    }
    if newer.count == 0 && replaced == 0 {
        return part(Verdict::Verified);
    }
    let mut reasons = Vec::new();
    if newer.count > 0 {
        reasons.push(format!(
            "{} here {} of a newer release, which release {} does not cover",
            newer.count,
            if newer.count == 1 { "is" } else { "are" },
            judged.number
        ));
    }
    if replaced > 0 {
        let (was, are) = if replaced == 1 {
            ("was", "is")
        } else {
            ("were", "are")
        };
        reasons.push(format!("{replaced} {was} changed since and {are} not here"));
    }
    let mut part = part(Verdict::Unverifiable).because(reasons.join("; "));
    part.findings = newer.kept;
    part
}

/// Says once, of the first of some parts that failed, what the corpus looks like.
pub(super) fn say_looks<'p>(corpus: &Corpus, mut parts: impl Iterator<Item = &'p mut PartResult>) {
    let is_failed = |part: &&mut PartResult| {
        part.verdict == Verdict::Failed && matches!(part.part, PartName::Records | PartName::Traces)
    };
    if let Some(part) = parts.find(is_failed)
        && let Some(looks) = looks_like(corpus)
    {
        let reason = part.reason.take().unwrap_or_default();
        part.reason = Some(format!("{reason}; {looks}"));
    }
}

/// What a corpus looks like whose records and traces are not those of its release, as far as its listing
/// shows. It is not signed, and nothing but these words hangs on it.
fn looks_like(corpus: &Corpus) -> Option<&'static str> {
    if matches!(corpus.unsealed(), Ok(Some(_))) {
        Some(
            "it looks like a working state that is not sealed yet, as `withdraw`, `build` and `convert` make one: if \
             you made it, seal it with `dateline seal` and verify again; if you received it, get another copy",
        )
    } else if !corpus.journaled().is_empty() {
        Some(
            "a command is writing to the corpus or was stopped: the next one that writes takes away what \
             it left",
        )
    } else {
        None
    }
}
