//! What a report knows about each code, in bounded memory.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::order::gravity;
use super::{Code, Diagnostic, Severity};

/// How many diagnostics with one code there are, and in how many records and files.
#[derive(Debug, Clone)]
pub struct Tally {
    /// The code.
    pub code: &'static Code,
    /// The highest severity it was found with: that of the code, unless a check raised it.
    pub severity: Severity,
    /// How many diagnostics have this code.
    pub count: u64,
    /// The records in them.
    pub records: Distinct,
    /// The files in them.
    pub files: Distinct,
    /// The first of the most severe, in the order of reports.
    pub first: Diagnostic,
}

/// Counts distinct things up to [`Distinct::MOST`]; beyond that, knows only that there are more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distinct(HashSet<u64>);

impl Tally {
    /// An empty tally for the code of a diagnostic.
    pub(super) fn new(diagnostic: &Diagnostic) -> Self {
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            count: 0,
            records: Distinct::default(),
            files: Distinct::default(),
            first: diagnostic.clone(),
        }
    }

    /// Adds a diagnostic.
    pub(super) fn add(&mut self, diagnostic: &Diagnostic) {
        self.count += 1;
        self.files.add(&diagnostic.place.file);
        if let Some(record) = &diagnostic.place.record {
            self.records.add(record);
        }
        self.severity = self.severity.min(diagnostic.severity);
        if gravity(diagnostic, &self.first) == Ordering::Less {
            self.first = diagnostic.clone();
        }
    }

    /// Adds what another report knows about the code.
    pub(super) fn append(&mut self, other: Self) {
        self.count += other.count;
        self.files.append(other.files);
        self.records.append(other.records);
        self.severity = self.severity.min(other.severity);
        if gravity(&other.first, &self.first) == Ordering::Less {
            self.first = other.first;
        }
    }
}

impl Distinct {
    /// The most things that are counted exactly.
    pub const MOST: usize = 10_000;

    /// Adds a thing.
    pub(super) fn add(&mut self, text: &str) {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.insert(hasher.finish());
    }

    /// Adds the things in another one.
    pub(super) fn append(&mut self, other: Self) {
        for one in other.0 {
            self.insert(one);
        }
    }

    fn insert(&mut self, one: u64) {
        // One more than `MOST` shows that there are more, in whatever order they come.
        if self.0.len() <= Self::MOST {
            self.0.insert(one);
        }
    }

    /// How many there are, if no more than `MOST`.
    #[must_use]
    pub fn exact(&self) -> Option<u64> {
        let count = self.0.len();
        (count <= Self::MOST)
            .then(|| u64::try_from(count).ok())
            .flatten()
    }
}

/// `12`, or `>10000`.
impl std::fmt::Display for Distinct {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.exact() {
            Some(count) => f.pad(&count.to_string()),
            None => f.pad(&format!(">{}", Self::MOST)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Distinct;

    #[test]
    fn what_is_beyond_counting_is_said_to_be_more() {
        let mut rising = Distinct::default();
        let mut falling = Distinct::default();
        for number in 0..Distinct::MOST {
            rising.add(&number.to_string());
            rising.add(&number.to_string());
        }
        assert_eq!(rising.to_string(), "10000");
        for number in (0..20_000).rev() {
            falling.add(&number.to_string());
        }
        assert_eq!(falling.to_string(), ">10000");
        rising.append(falling);
        assert_eq!((rising.exact(), rising.to_string().len()), (None, 6));
    }
}
