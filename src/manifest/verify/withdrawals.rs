//! Withdrawals along the chain: each withdraws what the release that it names had.

use std::collections::{BTreeMap, BTreeSet};

use super::releases::{self, is_proven, origins};
use super::{Findings, VerifyError, about};
use crate::corpus::{Corpus, Line, OpenError, Part, State};
use crate::digest::Digest;
use crate::json::Node;
use crate::record::{Id, Withdrawal};
use crate::release::{
    At, Entry, Keyed as _, Placed, Standing, WithdrawalFault, leaf, rebuild, standing,
};

/// What is wrong with withdrawals of the state that comes after the newest release of a corpus, by the
/// releases that it has: for each, the id, and what. Releases whose entries are not known, or are not those of
/// their manifests, say nothing.
///
/// # Errors
///
/// [`VerifyError`], where the chain cannot be looked at.
pub(crate) fn unbound(
    corpus: &Corpus,
    mut said: Vec<(Id, Standing)>,
) -> Result<Vec<(Id, WithdrawalFault)>, VerifyError> {
    let mut wrong = Vec::new();
    let Some(next) = corpus.newest().and_then(|newest| newest.checked_add(1)) else {
        return Ok(wrong);
    };
    if said.is_empty() {
        return Ok(wrong);
    }
    said.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let chain = releases::read(corpus, &mut Vec::new())?;
    // What each release had under the ids of the withdrawals. Which of the releases are proven is known behind
    // them all.
    let mut had: BTreeMap<usize, Vec<At>> = BTreeMap::new();
    let rebuilt = rebuild(origins(corpus, &chain, None)?, &mut |id, row| {
        if let Ok(at) = said.binary_search_by(|(other, _)| other.cmp(id)) {
            had.insert(at, row.to_vec());
        }
    });
    let proven: BTreeSet<u64> = chain
        .iter()
        .zip(&rebuilt)
        .filter(|(release, rebuilt)| is_proven(release, rebuilt))
        .map(|(release, _)| release.number)
        .collect();
    let never: Vec<_> = proven
        .iter()
        .rev()
        .map(|release| (*release, None))
        .collect();
    for (at, (id, said)) in said.iter().enumerate() {
        let before = match had.get(&at) {
            Some(row) => {
                let row = row.iter().filter(|at| proven.contains(&at.release));
                row.map(|at| (at.release, at.entry.as_ref())).collect()
            }
            // No release has had it.
            None => never.clone(),
        };
        let fault = standing(said, next, &before);
        wrong.extend(fault.map(|fault| (id.clone(), fault)));
    }
    wrong.extend(altered(corpus)?);
    wrong.sort_by(|one, other| one.0.cmp(&other.0));
    wrong.dedup_by(|later, first| later.0 == first.0);
    Ok(wrong)
}

/// Which withdrawals of the working state say something else than the newest release has them say, as far as
/// its lines are still here. Entries are digests: that a line is another they show, and not in what.
fn altered(corpus: &Corpus) -> Result<Vec<(Id, WithdrawalFault)>, VerifyError> {
    let (Some(release), Some(sealed)) = (corpus.newest(), corpus.sealed()?) else {
        return Ok(Vec::new());
    };
    let working = corpus.working()?;
    let files = |state: &State| {
        let files = state.part(Part::Withdrawals);
        files.map(|file| file.name.clone()).collect::<Vec<_>>()
    };
    if files(&working) == files(&sealed) {
        return Ok(Vec::new());
    }
    let before = withdrawals(&sealed)?;
    let mut faults = BTreeMap::new();
    for (id, (_, after)) in withdrawals(&working)? {
        let member = before
            .get(&id)
            .and_then(|(_, before)| before.altered(&after));
        faults.extend(member.map(|member| (id, WithdrawalFault::Altered { member, release })));
    }
    // Of a line that is not what was sealed, nothing follows.
    let mut known = BTreeSet::new();
    if !faults.is_empty()
        && let Ok(entries) = corpus.entries(release)
    {
        let sealed = |entry: &Entry| {
            let before = before.get(&entry.id);
            before.is_some_and(|(digest, _)| *digest == entry.digest)
        };
        let entries = entries.filter_map(Result::ok).filter(sealed);
        known.extend(entries.map(|entry| entry.id));
    }
    Ok(faults
        .into_iter()
        .filter(|(id, _)| known.contains(id))
        .collect())
}

/// The withdrawals of a state and their digests, as far as they can be read.
fn withdrawals(state: &State) -> Result<BTreeMap<Id, (Digest, Withdrawal)>, VerifyError> {
    let lines = state.lines(Part::Withdrawals).map_err(OpenError::from)?;
    let withdrawal = |line: Line| {
        let leaf = leaf((&line).into(), Part::Withdrawals).ok()?;
        let withdrawal = leaf.read().ok()?;
        Some((leaf.placed.entry.id, (leaf.placed.entry.digest, withdrawal)))
    };
    Ok(lines.filter_map(|line| withdrawal(line.ok()?)).collect())
}

/// What the withdrawals of a release say of the releases before.
///
/// Some 200 bytes each.
#[derive(Default)]
pub(super) struct Claims {
    /// In order of id once they are sorted.
    all: Vec<Claim>,
}

struct Claim {
    placed: Placed,
    says: Option<Standing>,
    wrong: Option<String>,
}

impl Claims {
    /// Takes what a withdrawal says.
    pub(super) fn take(&mut self, placed: Placed, says: Option<Standing>) {
        self.all.push(Claim {
            placed,
            says,
            wrong: None,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn sort(&mut self) {
        self.all
            .sort_unstable_by(|one, other| one.placed.key().cmp(other.placed.key()));
    }

    /// Is told what the releases have at an id, newest first. Only those from `judged` down count.
    pub(super) fn tell(&mut self, id: &Id, row: &[At], judged: u64) {
        let Ok(at) = self
            .all
            .binary_search_by(|claim| claim.placed.key().cmp(id))
        else {
            return;
        };
        let Some(claim) = self.all.get_mut(at) else {
            return;
        };
        let Some(says) = &claim.says else {
            claim.wrong = Some("has no `was` that is a digest".to_owned());
            return;
        };
        let before = row
            .iter()
            .filter(|at| at.release < judged)
            .map(|at| (at.release, at.entry.as_ref()));
        let before: Vec<_> = before.collect();
        claim.wrong = standing(says, judged, &before).map(|fault| fault.to_string());
    }

    /// What is wrong with them.
    pub(super) fn wrong(&self, limit: usize) -> Findings {
        let mut findings = Findings::new(limit);
        for claim in &self.all {
            if let Some(wrong) = &claim.wrong {
                findings.push(about(&claim.placed, false, wrong.clone()));
            }
        }
        findings
    }
}

/// What a withdrawal says was withdrawn, and of which release.
pub(in crate::manifest) fn says(root: Node<'_>) -> Option<Standing> {
    let was = root.get("was")?.as_str()?.parse().ok()?;
    let release = match root.get("release") {
        Some(node) => Some(std::str::from_utf8(node.raw()).ok()?.parse().ok()?),
        None => None,
    };
    Some(Standing { was, release })
}
