//! The counts in a report.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Severity;

/// How many diagnostics there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Notes.
    pub notes: u64,
}

/// How many records were read, by type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// Articles. For a raw dump, the articles it would yield.
    pub article: u64,
    /// Relations.
    pub relation: u64,
    /// Withdrawals.
    pub withdrawal: u64,
}

/// How much provenance the data has: for how many articles each facet is known, and whether a corpus is
/// sealed and signed.
///
/// A facet that was not checked is absent, which is not the same as zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facets {
    /// Articles with publisher and URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<u64>,
    /// Articles with a captured time and URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch: Option<u64>,
    /// Articles whose trace names every value and accounts for every byte, checked without raw bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<u64>,
    /// The same, with every value replayed from the raw bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed: Option<u64>,
    /// Articles whose raw item is in an archive with matching digests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<u64>,
    /// Articles with a licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensed: Option<u64>,
    /// Whether the corpus has a release of exactly these records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<bool>,
    /// Whether that release is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
}

/// What changed since a release: counts of the records in the checked files, and of entries in the release
/// that these files should contain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// The number of the release.
    pub release: u64,
    /// Records with the same digest as in the release.
    pub unchanged: u64,
    /// Records of the same type with a different digest.
    pub revised: u64,
    /// Records whose ids are not in the release.
    pub added: u64,
    /// Withdrawals that replace a record.
    pub withdrawn: u64,
    /// Articles that replace a withdrawal.
    pub reinstated: u64,
    /// Relations that are gone; absent if it is not known what the files should contain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<u64>,
    /// Articles and withdrawals that are gone; absent in the same case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanished: Option<u64>,
}

/// The effect of a baseline on a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromBaseline {
    /// Known findings, which are neither reported nor counted among the others.
    pub known: u64,
    /// Known findings that no longer occur.
    pub gone: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.errors + self.warnings + self.notes
    }
}

/// `2 errors, 1 warning`, or `no problems`.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.errors, Severity::Error),
            (self.warnings, Severity::Warning),
            (self.notes, Severity::Note),
        ];
        let words: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, severity)| {
                let plural = if count == 1 { "" } else { "s" };
                format!("{count} {severity}{plural}")
            })
            .collect();
        if words.is_empty() {
            f.write_str("no problems")
        } else {
            f.write_str(&words.join(", "))
        }
    }
}

/// `release 2: 5 unchanged, 1 revised, 0 added, 0 withdrawn, 0 reinstated, 0 removed, 1 vanished`.
impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "release {}: {} unchanged, {} revised, {} added, {} withdrawn, {} reinstated",
            self.release, self.unchanged, self.revised, self.added, self.withdrawn, self.reinstated
        )?;
        match (self.removed, self.vanished) {
            (Some(removed), Some(vanished)) => {
                write!(f, ", {removed} removed, {vanished} vanished")
            }
            _ => f.write_str("; removed and vanished not known"),
        }
    }
}

impl Records {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.article + self.relation + self.withdrawal
    }
}

impl Facets {
    /// `source 2 of 5, fetch 0 of 5, named 5 of 5; sealed, not signed`: the facets that were counted, or
    /// `None`.
    #[must_use]
    pub fn sentence(&self, articles: u64) -> Option<String> {
        let counted = [
            ("source", self.source),
            ("fetch", self.fetch),
            ("named", self.named),
            ("replayed", self.replayed),
            ("archived", self.archived),
            ("licensed", self.licensed),
        ];
        let counted: Vec<String> = counted
            .into_iter()
            .filter_map(|(name, count)| Some(format!("{name} {} of {articles}", count?)))
            .collect();
        let stated = [("sealed", self.sealed), ("signed", self.signed)];
        let stated = match (self.sealed, self.signed) {
            // Only a release is signed.
            (Some(false), Some(signed)) => vec![format!(
                "differs from the last release, which is {}signed",
                if signed { "" } else { "not " }
            )],
            _ => stated
                .into_iter()
                .filter_map(|(name, holds)| {
                    Some(format!("{}{name}", if holds? { "" } else { "not " }))
                })
                .collect(),
        };
        let parts = [counted, stated].map(|part| part.join(", "));
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}
