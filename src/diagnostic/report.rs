//! A collection of diagnostics.

use std::cmp::{Ordering, Reverse};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::order::{gravity, order};
use super::tally::Tally;
use super::{Code, Compared, Counts, Diagnostic, Facets, FromBaseline, Records, Severity};
use crate::record::RecordType;

/// Counts all diagnostics and keeps the most severe.
///
/// It keeps the first of every code, and then the most severe up to the limit, so that ten thousand warnings
/// do not hide an error, and a million errors of one kind do not hide another kind. Diagnostics are sorted by
/// file, position, code and message. The order in which they are pushed does not affect which are kept, or
/// their order. Memory is bounded by the limit and, for each code, by what a [`Tally`] can tell apart.
#[derive(Debug, Clone, Default)]
pub struct Report {
    limit: Option<usize>,
    kept: BinaryHeap<Kept>,
    counts: Counts,
    tallies: BTreeMap<&'static str, Tally>,
    files: u64,
    records: Records,
    facets: Facets,
    compared: Option<Compared>,
    baseline: Option<FromBaseline>,
    ignored: u64,
}

impl Report {
    /// A report that keeps `limit` diagnostics, or all of them.
    #[must_use]
    pub fn new(limit: Option<usize>) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Counts a diagnostic, and keeps it if it is among the most severe.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let count = match diagnostic.severity {
            Severity::Error => &mut self.counts.errors,
            Severity::Warning => &mut self.counts.warnings,
            Severity::Note => &mut self.counts.notes,
        };
        *count += 1;
        self.tallies
            .entry(diagnostic.code.name)
            .or_insert_with(|| Tally::new(&diagnostic))
            .add(&diagnostic);
        self.keep(diagnostic);
    }

    /// Adds what another report counted and kept.
    pub fn append(&mut self, other: Self) {
        self.counts.errors += other.counts.errors;
        self.counts.warnings += other.counts.warnings;
        self.counts.notes += other.counts.notes;
        for (code, tally) in other.tallies {
            match self.tallies.entry(code) {
                Entry::Vacant(entry) => {
                    entry.insert(tally);
                }
                Entry::Occupied(mut entry) => entry.get_mut().append(tally),
            }
        }
        self.files += other.files;
        self.records.article += other.records.article;
        self.records.relation += other.records.relation;
        self.records.withdrawal += other.records.withdrawal;
        self.add_facets(other.facets);
        self.compared = other.compared.or(self.compared);
        self.baseline = other.baseline.or(self.baseline);
        self.ignored += other.ignored;
        for kept in other.kept {
            self.keep(kept.0);
        }
    }

    fn keep(&mut self, diagnostic: Diagnostic) {
        self.kept.push(Kept(diagnostic));
        if self.limit.is_some_and(|limit| self.kept.len() > limit) {
            // The greatest goes, so the most severe and first stay.
            self.kept.pop();
        }
    }

    /// Renames files in all kept diagnostics, for readers who know them by other names. Counts do not change.
    pub fn rename_files(&mut self, mut rename: impl FnMut(&str) -> String) {
        let kept = std::mem::take(&mut self.kept);
        let renamed = kept.into_iter().map(|Kept(mut one)| {
            one.place.file = rename(&one.place.file);
            Kept(one)
        });
        self.kept = renamed.collect();
        for tally in self.tallies.values_mut() {
            let file = &mut tally.first.place.file;
            *file = rename(file);
        }
    }

    /// Rewrites the hints of all kept diagnostics.
    pub fn rewrite_hints(&mut self, rewrite: impl Fn(&str) -> String) {
        let kept = std::mem::take(&mut self.kept);
        let rewritten = kept.into_iter().map(|Kept(mut one)| {
            one.hint = one.hint.map(|hint| rewrite(&hint));
            Kept(one)
        });
        self.kept = rewritten.collect();
        for tally in self.tallies.values_mut() {
            let hint = &mut tally.first.hint;
            *hint = hint.as_deref().map(&rewrite);
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

    /// Adds counts of facets. `sealed` and `signed` replace earlier values if present.
    pub fn add_facets(&mut self, facets: Facets) {
        let add = |one: Option<u64>, two: Option<u64>| match (one, two) {
            (Some(one), Some(two)) => Some(one + two),
            (one, two) => one.or(two),
        };
        let own = self.facets;
        self.facets = Facets {
            source: add(own.source, facets.source),
            fetch: add(own.fetch, facets.fetch),
            named: add(own.named, facets.named),
            replayed: add(own.replayed, facets.replayed),
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

    /// Sets the effect of a baseline.
    pub fn set_baseline(&mut self, baseline: FromBaseline) {
        self.baseline = Some(baseline);
    }

    /// The effect of a baseline, if there was one.
    #[must_use]
    pub fn baseline(&self) -> Option<FromBaseline> {
        self.baseline
    }

    /// Counts files that were ignored on request.
    pub fn count_ignored(&mut self, files: u64) {
        self.ignored += files;
    }

    /// How many files were ignored on request.
    #[must_use]
    pub fn ignored(&self) -> u64 {
        self.ignored
    }

    /// Sets what changed since a release.
    pub fn set_compared(&mut self, compared: Compared) {
        self.compared = Some(compared);
    }

    /// What changed since a release, if the records were compared with one.
    #[must_use]
    pub fn compared(&self) -> Option<Compared> {
        self.compared
    }

    /// The facets that were counted.
    #[must_use]
    pub fn facets(&self) -> Facets {
        self.facets
    }

    /// How many diagnostics there are of each severity, whether kept or not.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many diagnostics there are of each code, sorted by name.
    pub fn codes(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.tallies
            .iter()
            .map(|(code, tally)| (*code, tally.count))
    }

    /// What is known about each code: the most severe first, then the most frequent, then by name.
    #[must_use]
    pub fn tallies(&self) -> Vec<&Tally> {
        let mut tallies: Vec<&Tally> = self.tallies.values().collect();
        tallies.sort_by_key(|tally| (tally.severity, Reverse(tally.count), tally.code.name));
        tallies
    }

    /// How many diagnostics there are of one code.
    #[must_use]
    pub fn count_of(&self, code: &Code) -> u64 {
        self.tallies.get(code.name).map_or(0, |tally| tally.count)
    }

    /// Whether there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.counts.errors > 0
    }

    /// The kept diagnostics, sorted by file, position, code and message.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let mut chosen = self.gravest(self.limit.unwrap_or(usize::MAX));
        chosen.sort_unstable_by(|one, two| order(one, two));
        chosen
    }

    /// The `most` most severe of the kept diagnostics: the first of each code, then the others. Both groups
    /// are sorted by severity, then in the order of reports.
    #[must_use]
    pub fn gravest(&self, most: usize) -> Vec<&Diagnostic> {
        let most = most.min(self.limit.unwrap_or(usize::MAX));
        let mut chosen: Vec<&Diagnostic> =
            self.tallies.values().map(|tally| &tally.first).collect();
        chosen.sort_unstable_by(|one, two| gravity(one, two));
        chosen.truncate(most);
        // The first of each code is among the kept ones again.
        let mut again: BTreeSet<&str> = chosen.iter().map(|one| one.code.name).collect();
        let mut kept: Vec<&Kept> = self.kept.iter().collect();
        kept.sort_unstable();
        for Kept(one) in kept {
            if chosen.len() >= most {
                break;
            }
            let first = self.tallies.get(one.code.name).map(|tally| &tally.first);
            if first == Some(one) && again.remove(one.code.name) {
                continue;
            }
            chosen.push(one);
        }
        chosen
    }

    /// What was checked: ` in 4 files, 20 records`; empty if there were no files.
    pub(super) fn extent(&self) -> String {
        let some = |number: u64, thing: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} {thing}{plural}")
        };
        match (self.files, self.records.total()) {
            (0, _) => String::new(),
            (files, 0) => format!(" in {} without records", some(files, "file")),
            (files, records) => {
                format!(" in {}, {}", some(files, "file"), some(records, "record"))
            }
        }
    }

    /// All in one line: `2 errors, 1 note in 4 files, 20 records: 2 time-calendar, 1 value-absent`, followed
    /// by what a baseline held back, what changed since a release, and how many files were ignored.
    #[must_use]
    pub fn summary(&self) -> String {
        let codes: Vec<String> = self
            .tallies()
            .into_iter()
            .map(|tally| format!("{} {}", tally.count, tally.code))
            .collect();
        let codes = if codes.is_empty() {
            String::new()
        } else {
            format!(": {}", codes.join(", "))
        };
        let mut out = format!("{}{}{codes}", self.counts, self.extent());
        let mut add = |text: String| out.extend(["; ", &text]);
        if let Some(baseline) = self.baseline {
            if baseline.known > 0 {
                add(format!("{} known from the baseline", baseline.known));
            }
            if baseline.gone > 0 {
                add(format!("{} in the baseline no longer found", baseline.gone));
            }
        }
        if let Some(compared) = self.compared {
            add(format!("against {compared}"));
        }
        if self.ignored > 0 {
            add(format!("ignored files: {}", self.ignored));
        }
        out
    }

    /// How many diagnostics were counted but not kept.
    #[must_use]
    pub fn omitted(&self) -> u64 {
        let kept = u64::try_from(self.kept.len()).unwrap_or(u64::MAX);
        self.counts.total().saturating_sub(kept)
    }
}

impl Extend<Diagnostic> for Report {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }
}

/// A diagnostic in the order in which they are kept.
#[derive(Debug, Clone)]
pub(super) struct Kept(pub(super) Diagnostic);

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        gravity(&self.0, &other.0)
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
