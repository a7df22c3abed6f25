//! What a report knows of each code, in bounded memory.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::order::gravity;
use super::{Code, Diagnostic, Severity};

/// How many diagnostics of one code there are, and how far they reach.
#[derive(Debug, Clone)]
pub struct Tally {
    /// The code.
    pub code: &'static Code,
    /// The gravest severity with which it was found: that of the code, unless a check raised it.
    pub severity: Severity,
    /// How many diagnostics have it.
    pub count: u64,
    /// The records that they name.
    pub records: Distinct,
    /// The files that they are in.
    pub files: Distinct,
    /// The first of the gravest of them, in the order of reports.
    pub first: Diagnostic,
}

/// How many different things were met: all of them up to [`Distinct::MOST`], beyond that only that
/// there are more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distinct(HashSet<u64>);

impl Tally {
    /// Nothing of the code of a diagnostic yet.
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

    /// Takes in a diagnostic of the code.
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

    /// Takes in what another report knows of the code.
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
    /// How many are told apart.
    pub const MOST: usize = 10_000;

    /// Takes in one thing.
    pub(super) fn add(&mut self, text: &str) {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        self.insert(hasher.finish());
    }

    /// Takes in what another one has met.
    pub(super) fn append(&mut self, other: Self) {
        for one in other.0 {
            self.insert(one);
        }
    }

    fn insert(&mut self, one: u64) {
        // One more than are told apart says that there are more, whatever the order they come in.
        if self.0.len() <= Self::MOST {
            self.0.insert(one);
        }
    }

    /// How many there are, where there are no more than are told apart.
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
