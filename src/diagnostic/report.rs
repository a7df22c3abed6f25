//! Diagnostics collected.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

use super::{Code, Diagnostic, Severity, Styles, concise, full, json};
use crate::record::RecordType;

/// Diagnostics, all of them counted and the first of them kept.
///
/// Which are kept and in which order they come does not depend on the order in which they were
/// pushed: the order is that of file, position, code and message. Memory is bounded by the limit.
#[derive(Debug, Clone, Default)]
pub struct Report {
    limit: Option<usize>,
    kept: BinaryHeap<Kept>,
    counts: Counts,
    codes: BTreeMap<&'static str, u64>,
    files: u64,
    records: Records,
    facets: Facets,
    compared: Option<Compared>,
}

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
    /// Articles; of a raw dump, the articles that it would become.
    pub article: u64,
    /// Relations.
    pub relation: u64,
    /// Withdrawals.
    pub withdrawal: u64,
}

/// How much of its provenance the data shows: of how many articles each facet is known, and of a
/// corpus whether it is sealed and signed.
///
/// What was not looked at is absent, which is not the same as none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facets {
    /// Articles with publisher and URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<u64>,
    /// Articles with a captured time and URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch: Option<u64>,
    /// Articles of which every field replays and every byte is accounted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traced: Option<u64>,
    /// Articles whose raw item lies in an archive whose digests hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<u64>,
    /// Articles with a licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licensed: Option<u64>,
    /// Whether the corpus has a release of just these records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<bool>,
    /// Whether that release carries a signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
}

/// What became of records since a release: of those in the files that were checked, and of entries of
/// the release that these files would hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// The number of the release.
    pub release: u64,
    /// Records with the digest that the release has of them.
    pub unchanged: u64,
    /// Records of the same type with another digest.
    pub revised: u64,
    /// Records of ids that the release does not have.
    pub added: u64,
    /// Withdrawals in the place of a record.
    pub withdrawn: u64,
    /// Articles in the place of a withdrawal.
    pub reinstated: u64,
    /// Relations that are gone; absent where it is not known what the files would hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<u64>,
    /// Articles and withdrawals that are gone; absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanished: Option<u64>,
}

/// The forms in which a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For people: the text around each place, marked.
    Full,
    /// One line a diagnostic.
    Concise,
    /// One JSON document.
    Json,
}

impl Report {
    /// A report that keeps the first `limit` diagnostics, or all of them.
    #[must_use]
    pub fn new(limit: Option<usize>) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Counts a diagnostic, and keeps it where it is among the first.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = match diagnostic.severity {
            Severity::Error => &mut self.counts.errors,
            Severity::Warning => &mut self.counts.warnings,
            Severity::Note => &mut self.counts.notes,
        };
        *count += 1;
        *self.codes.entry(diagnostic.code.name).or_default() += 1;
        self.keep(diagnostic);
    }

    /// Adds what another report counted and kept.
    pub fn append(&mut self, other: Self) {
        self.counts.errors += other.counts.errors;
        self.counts.warnings += other.counts.warnings;
        self.counts.notes += other.counts.notes;
        for (code, count) in other.codes {
            *self.codes.entry(code).or_default() += count;
        }
        self.files += other.files;
        self.records.article += other.records.article;
        self.records.relation += other.records.relation;
        self.records.withdrawal += other.records.withdrawal;
        self.add_facets(other.facets);
        self.compared = other.compared.or(self.compared);
        for kept in other.kept {
            self.keep(kept.0);
        }
    }

    fn keep(&mut self, diagnostic: Diagnostic) {
        self.kept.push(Kept(diagnostic));
        if self.limit.is_some_and(|limit| self.kept.len() > limit) {
            // The greatest goes, so the smallest stay.
            self.kept.pop();
        }
    }

    /// Counts a file that was read.
    pub fn count_file(&mut self) {
        self.files += 1;
    }

    /// Counts a record that was read.
    pub fn count_record(&mut self, kind: RecordType) {
        let count = match kind {
            RecordType::Article => &mut self.records.article,
            RecordType::Relation => &mut self.records.relation,
            RecordType::Withdrawal => &mut self.records.withdrawal,
        };
        *count += 1;
    }

    /// Adds the counts of some facets; `sealed` and `signed` are replaced where they are stated.
    pub fn add_facets(&mut self, facets: Facets) {
        let add = |one: Option<u64>, two: Option<u64>| match (one, two) {
            (Some(one), Some(two)) => Some(one + two),
            (one, two) => one.or(two),
        };
        let own = self.facets;
        self.facets = Facets {
            source: add(own.source, facets.source),
            fetch: add(own.fetch, facets.fetch),
            traced: add(own.traced, facets.traced),
            archived: add(own.archived, facets.archived),
            licensed: add(own.licensed, facets.licensed),
            sealed: facets.sealed.or(own.sealed),
            signed: facets.signed.or(own.signed),
        };
    }

    /// How many files were read.
    #[must_use]
    pub fn files(&self) -> u64 {
        self.files
    }

    /// How many records were read.
    #[must_use]
    pub fn records(&self) -> Records {
        self.records
    }

    /// The facets that were counted.
    #[must_use]
    pub fn facets(&self) -> Facets {
        self.facets
    }

    /// States what became of records since a release.
    pub fn set_compared(&mut self, compared: Compared) {
        self.compared = Some(compared);
    }

    /// What became of records since a release, where they were compared with one.
    #[must_use]
    pub fn compared(&self) -> Option<Compared> {
        self.compared
    }

    /// How many diagnostics there are of each severity, whether kept or not.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many diagnostics there are of each code, in the order of the codes' names.
    pub fn codes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.codes.iter().map(|(code, count)| (*code, *count))
    }

    /// How many diagnostics there are of one code.
    #[must_use]
    pub fn count_of(&self, code: &Code) -> u64 {
        self.codes.get(code.name).copied().unwrap_or_default()
    }

    /// Whether there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.counts.errors > 0
    }

    /// The diagnostics that are kept, in order.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let mut kept: Vec<&Kept> = self.kept.iter().collect();
        kept.sort_unstable();
        kept.into_iter().map(|kept| &kept.0).collect()
    }

    /// How many were counted and not kept.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        let kept = u64::try_from(self.kept.len()).unwrap_or(u64::MAX);
        self.counts.total().saturating_sub(kept)
    }

    /// Writes the report. JSON has no styles.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(
        &self,
        out: &mut dyn io::Write,
        format: Format,
        styles: &Styles,
    ) -> io::Result<()> {
        match format {
            Format::Full => full::write(out, self, styles),
            Format::Concise => concise::write(out, self, styles),
            Format::Json => json::write(out, self),
        }
    }
}

impl Extend<Diagnostic> for Report {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }
}

impl Counts {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.errors + self.warnings + self.notes
    }
}

/// `2 errors, 1 warning`; `no problems` where there are none.
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
            _ => f.write_str("; whether any are gone is not known"),
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
    /// `source 2 of 5, fetch 0 of 5, traced 5 of 5; sealed, not signed`, as much as was counted;
    /// nothing where nothing was.
    #[must_use]
    pub fn sentence(&self, articles: u64) -> Option<String> {
        let counted = [
            ("source", self.source),
            ("fetch", self.fetch),
            ("traced", self.traced),
            ("archived", self.archived),
            ("licensed", self.licensed),
        ];
        let counted: Vec<String> = counted
            .into_iter()
            .filter_map(|(name, count)| Some(format!("{name} {} of {articles}", count?)))
            .collect();
        let stated = [("sealed", self.sealed), ("signed", self.signed)];
        let stated: Vec<String> = stated
            .into_iter()
            .filter_map(|(name, holds)| Some(format!("{}{name}", if holds? { "" } else { "not " })))
            .collect();
        let parts = [counted, stated].map(|part| part.join(", "));
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Full, Self::Concise, Self::Json];

    /// The name, as the command line knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A diagnostic in the order of reports.
#[derive(Debug, Clone)]
struct Kept(Diagnostic);

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, two) = (&self.0, &other.0);
        one.place
            .order(&two.place)
            .then_with(|| one.code.name.cmp(two.code.name))
            .then_with(|| one.message.cmp(&two.message))
            .then_with(|| one.place.record.cmp(&two.place.record))
            .then_with(|| one.hint.cmp(&two.hint))
            .then_with(|| one.severity.cmp(&two.severity))
    }
}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Kept {}
