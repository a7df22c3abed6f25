//! Withdrawals along the chain: each withdraws what the release that it names had.

use super::rebuild::At;
use super::{Finding, Findings};
use crate::digest::Digest;
use crate::json::Tape;
use crate::manifest::chain::{Standing, standing};
use crate::manifest::scan::Leaf;
use crate::record::Id;

/// What the withdrawals of a release say of the releases before.
///
/// Some 200 bytes each.
#[derive(Default)]
pub(super) struct Claims {
    /// In order of id once they are sorted.
    all: Vec<Claim>,
}

struct Claim {
    id: Id,
    file: String,
    line: u64,
    says: Option<(Digest, Option<u64>)>,
    wrong: Option<String>,
}

impl Claims {
    /// Takes what a withdrawal says.
    pub(super) fn take(&mut self, leaf: &Leaf) {
        self.all.push(Claim {
            id: leaf.entry.id.clone(),
            file: leaf.file.to_string(),
            line: leaf.line,
            says: says(&leaf.bytes),
            wrong: None,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn sort(&mut self) {
        self.all
            .sort_unstable_by(|one, other| one.id.cmp(&other.id));
    }

    /// Is told what the releases have at an id, newest first. Only those from `judged` down count.
    pub(super) fn tell(&mut self, id: &Id, row: &[At], judged: u64) {
        let Ok(at) = self.all.binary_search_by(|claim| claim.id.cmp(id)) else {
            return;
        };
        let Some(claim) = self.all.get_mut(at) else {
            return;
        };
        let Some((was, release)) = claim.says else {
            claim.wrong = Some("has no `was` that is a digest".to_owned());
            return;
        };
        let before = row
            .iter()
            .filter(|at| at.release < judged)
            .map(|at| (at.release, at.entry.as_ref()));
        let before: Vec<_> = before.collect();
        claim.wrong =
            standing(&Standing { was, release }, judged, &before).map(|fault| fault.to_string());
    }

    /// What is wrong with them.
    pub(super) fn wrong(&self, limit: usize) -> Findings {
        let mut findings = Findings::new(limit);
        for claim in &self.all {
            if let Some(wrong) = &claim.wrong {
                findings.push(Finding {
                    id: Some(claim.id.to_string()),
                    file: Some(claim.file.clone()),
                    line: Some(claim.line),
                    message: wrong.clone(),
                });
            }
        }
        findings
    }
}

/// What a withdrawal says was withdrawn, and of which release.
fn says(line: &[u8]) -> Option<(Digest, Option<u64>)> {
    let tape = Tape::parse(line).ok()?;
    let root = tape.root();
    let was = root.get("was")?.as_str()?.parse().ok()?;
    let release = match root.get("release") {
        Some(node) => Some(std::str::from_utf8(node.raw()).ok()?.parse().ok()?),
        None => None,
    };
    Some((was, release))
}
