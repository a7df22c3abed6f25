//! What the traces and the manifest of a release name: schemas, profiles, and files of the ledger.

use super::releases::Release;
use super::{Findings, PartName, PartResult, Verdict, about};
use crate::manifest::named::{Profiles, unlike_schemas};
use crate::release::{Leaf, LedgerFiles, Placed};
use crate::trace::{ProfileRef, TraceLine};

/// Judges the schemas that the manifest of a release names.
pub(super) fn schemas(release: &Release) -> PartResult {
    let part = |verdict| PartResult::new(PartName::Schemas, release.number, verdict);
    let Some(manifest) = &release.manifest else {
        return part(Verdict::Unverifiable).because("its manifest cannot be read");
    };
    match unlike_schemas(&manifest.predicate.schemas) {
        None => part(Verdict::Verified),
        Some(reason) => part(Verdict::Failed).because(reason),
    }
}

/// What the traces that are as they were sealed name.
pub(super) struct Mentions<'l> {
    /// The files of the ledger, where it is the one that was sealed and keeps its rules.
    pub(super) ledger: Option<&'l LedgerFiles>,
    profiles: Profiles,
    misplaced: Findings,
    located: u64,
}

/// What one trace names.
#[derive(Default)]
pub(super) struct Names {
    profile: Option<ProfileRef>,
    /// How many of its locations the ledger has.
    located: u64,
    /// What is wrong with it, and with the others.
    misplaced: Vec<String>,
}

impl Names {
    /// What a trace names, held to the ledger where there is one.
    pub(super) fn of(leaf: &Leaf<'_>, ledger: Option<&LedgerFiles>) -> Self {
        let mut names = Self::default();
        let Ok(TraceLine { trace, .. }) = leaf.read() else {
            let message = "it is not a trace as the format has them".to_owned();
            names.misplaced.push(message);
            return names;
        };
        names.profile = Some(trace.profile);
        for location in &trace.locations {
            match ledger.map(|ledger| ledger.holds(location)) {
                Some(Err(error)) => names.misplaced.push(error.to_string()),
                Some(Ok(())) => names.located += 1,
                None => {}
            }
        }
        names
    }
}

impl<'l> Mentions<'l> {
    pub(super) fn new(ledger: Option<&'l LedgerFiles>, limit: usize) -> Self {
        Self {
            ledger,
            profiles: Profiles::default(),
            misplaced: Findings::new(limit),
            located: 0,
        }
    }

    /// Takes what a trace names.
    pub(super) fn take(&mut self, trace: &Placed, names: Names) {
        if let Some(profile) = names.profile {
            self.profiles.add(profile);
        }
        self.located += names.located;
        for message in names.misplaced {
            self.misplaced.push(about(trace, false, message));
        }
    }

    /// Judges what they name. `withheld` says how many traces are not there, or are not as they were
    /// sealed; nothing, where it is not known which there should be.
    pub(super) fn judge(self, release: &Release, withheld: Option<u64>) -> [PartResult; 2] {
        let Some(withheld) = withheld else {
            return [PartName::Profiles, PartName::Locations].map(|name| {
                PartResult::new(name, release.number, Verdict::Unverifiable)
                    .because("it is not known which traces there are")
            });
        };
        [
            self.profiles(release, withheld),
            self.locations(release.number, withheld),
        ]
    }

    fn profiles(&self, release: &Release, withheld: u64) -> PartResult {
        let part = |verdict| PartResult::new(PartName::Profiles, release.number, verdict);
        let Some(manifest) = &release.manifest else {
            return part(Verdict::Unverifiable).because("its manifest cannot be read");
        };
        let unlike = self.profiles.unlike(&manifest.predicate.profiles);
        match (unlike.wrong, unlike.unused) {
            (None, None) => part(Verdict::Verified),
            (None, Some(_)) if withheld > 0 => part(Verdict::Unverifiable)
                .because(format!(
                    "{withheld} of the traces that name them are not in this copy"
                ))
                .aside(),
            (Some(wrong), None) => part(Verdict::Failed).because(wrong),
            (Some(wrong), Some(_)) if withheld > 0 => part(Verdict::Failed).because(wrong),
            (Some(wrong), Some(unused)) => {
                part(Verdict::Failed).because(format!("{wrong}; {unused}"))
            }
            (None, Some(unused)) => part(Verdict::Failed).because(unused),
        }
    }

    fn locations(self, number: u64, withheld: u64) -> PartResult {
        let part = |verdict| PartResult::new(PartName::Locations, number, verdict);
        let count = self.misplaced.count;
        let judged = if self.ledger.is_none() {
            part(Verdict::Unverifiable)
                .because("there is no verified ledger of this release to hold them to")
        } else if withheld > 0 {
            part(Verdict::Withheld)
                .because(match withheld {
                    1 => "1 of the traces is not in this copy".to_owned(),
                    many => format!("{many} of the traces are not in this copy"),
                })
                .counting(self.located)
        } else {
            part(Verdict::Verified).counting(self.located)
        };
        let mut judged = self.misplaced.judge(judged);
        if count > 0 {
            judged.reason = Some(match count {
                1 => "1 is not what the ledger says".to_owned(),
                many => format!("{many} are not what the ledger says"),
            });
        }
        judged
    }
}
