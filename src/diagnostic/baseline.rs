//! Baselines: known findings, so that a check reports only new ones.
//!
//! ```text
//! {"format":"dateline-baseline/1","known":[
//! {"code":"facet-missing","record":"art-1","pointer":"/fetch"},
//! {"code":"json-syntax","file":"corpus/records/part-00000.jsonl","count":3}
//! ]}
//! ```
//!
//! A baseline names what findings are about ([`Identity`]) and how many there are of each, but not their
//! lines, so it stays valid when lines move, a shard is rewritten, or a record moves to another shard. An
//! entry has exactly one of `record`, `file` and `about`, a `pointer` if the finding names a value, and a
//! `count` if there is more than one. A baseline is one JSON document with one entry per line, sorted by file
//! or record, code and pointer, so that two baselines can be compared line by line.
//!
//! A finding that leaves something unchecked, or that would hide a different change, is never known
//! ([`Diagnostic::never_known`]): it is not written to a baseline, and always reported.

use std::collections::{BTreeMap, BinaryHeap};
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::escaping::{self, Layout};
use super::identity::{self, Identity, Subject, file};
use super::report::Kept;
use super::{Code, Diagnostic, FromBaseline, UnknownCode, explain};
use crate::json::{SyntaxError, Tape};
use crate::record::Misfit;

/// The first value of every baseline: its format and version.
pub const FORMAT: &str = "dateline-baseline/1";

/// Known findings, and how many there are of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Identity, u64>);

/// Why a text is not a valid baseline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is not strict JSON.
    #[error("not strict JSON at byte {}: {}", .0.offset, .0)]
    Syntax(#[source] SyntaxError),
    /// It does not have the fields of a baseline.
    #[error("not a valid baseline: {0}")]
    Fields(#[source] Misfit),
    /// Its format is another, or a later version.
    #[error("the format is `{}`, expected `{FORMAT}`", super::escape::shown(.0))]
    Format(String),
    /// An entry does not have exactly one subject.
    #[error("entry {0} must have exactly one of `record`, `file` and `about`")]
    Subject(usize),
    /// An entry names an unknown code, so it would hold nothing back.
    #[error("entry {entry}: {unknown}")]
    Code {
        /// The entry, from 1.
        entry: usize,
        /// The code, and similar ones.
        unknown: UnknownCode,
    },
    /// An entry names a code whose findings are never held back ([`Code::never_known`]).
    #[error("entry {entry}: a baseline cannot hold back `{code}` ({reason}); remove this entry")]
    Unknowable {
        /// The entry, from 1.
        entry: usize,
        /// The code.
        code: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// An entry counts nothing.
    #[error("the `count` of entry {0} is 0; remove this entry")]
    Count(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    known: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pointer: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: u64,
}

const fn one() -> u64 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_one(count: &u64) -> bool {
    *count == 1
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    ///
    /// [`BaselineError`] if the text is not a valid baseline.
    pub fn parse(text: &[u8]) -> Result<Self, BaselineError> {
        let read = serde_json::from_slice(text);
        let document: Document = read.map_err(|error| match Tape::parse(text) {
            Ok(_) => BaselineError::Fields(error.into()),
            Err(syntax) => BaselineError::Syntax(syntax),
        })?;
        if document.format != FORMAT {
            return Err(BaselineError::Format(document.format));
        }
        let mut known = BTreeMap::new();
        for (number, entry) in (1..).zip(document.known) {
            let subject = match (entry.record, entry.file, entry.about) {
                (Some(id), None, None) => Subject::Record(id),
                (None, Some(name), None) => Subject::File(file(&name)),
                (None, None, Some(about)) => Subject::About(about),
                _ => return Err(BaselineError::Subject(number)),
            };
            if entry.count == 0 {
                return Err(BaselineError::Count(number));
            }
            match known_code(&entry.code) {
                Err(unknown) => {
                    return Err(BaselineError::Code {
                        entry: number,
                        unknown,
                    });
                }
                Ok(Some(code)) => {
                    if let Some(reason) = code.never_known {
                        return Err(BaselineError::Unknowable {
                            entry: number,
                            code: code.name,
                            reason,
                        });
                    }
                }
                Ok(None) => {}
            }
            let identity = Identity {
                subject,
                code: entry.code,
                pointer: entry.pointer,
            };
            let count: &mut u64 = known.entry(identity).or_default();
            *count = count.saturating_add(entry.count);
        }
        Ok(Self(known))
    }

    /// Adds a finding, unless it is never known.
    pub fn add(&mut self, diagnostic: &Diagnostic) {
        if diagnostic.never_known().is_none() {
            self.count_in(Identity::of(diagnostic));
        }
    }

    fn count_in(&mut self, identity: Identity) {
        *self.0.entry(identity).or_default() += 1;
    }

    /// Makes file names relative to the folder `base` absolute.
    #[must_use]
    pub fn absolute(self, base: &str) -> Self {
        self.renamed(|name| identity::absolute(base, name))
    }

    /// Makes absolute file names relative to the folder `base`.
    #[must_use]
    pub fn relative(self, base: &str) -> Self {
        self.renamed(|name| identity::relative(base, name))
    }

    fn renamed(self, rename: impl Fn(&str) -> String) -> Self {
        let mut known: BTreeMap<Identity, u64> = BTreeMap::new();
        for (identity, count) in self.0 {
            let sum = known.entry(identity.renamed(&rename)).or_default();
            *sum = sum.saturating_add(count);
        }
        Self(known)
    }

    /// How many findings it contains.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().copied().fold(0, u64::saturating_add)
    }

    /// Writes the baseline. The same findings always give the same bytes.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, r#"{{"format":"{FORMAT}","known":["#)?;
        for (number, (identity, count)) in self.0.iter().enumerate() {
            out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
            let (record, file, about) = match identity.subject.clone() {
                Subject::File(name) => (None, Some(name), None),
                Subject::Record(id) => (Some(id), None, None),
                Subject::About(about) => (None, None, Some(about)),
            };
            let entry = Entry {
                code: identity.code.clone(),
                record,
                file,
                about,
                pointer: identity.pointer.clone(),
                count: *count,
            };
            escaping::write_bare(out, &entry, Layout::Line)?;
        }
        writeln!(out, "\n]}}")
    }
}

/// Holds back the findings in a baseline, and records all findings if a new baseline is wanted.
///
/// Of the findings with the same identity, it holds back as many as are known, the first in the order of
/// reports; the others are new. Which are new does not depend on the order in which they arrive. Memory is
/// bounded by the baseline.
#[derive(Debug, Default)]
pub struct Sieve {
    known: BTreeMap<Identity, Known>,
    /// The folder that file names in findings are relative to, if that matters.
    here: Option<String>,
    /// All findings, if wanted.
    found: Option<Mutex<Gathered>>,
}

/// All findings of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// Those that a baseline can hold.
    pub known: Baseline,
    /// The number of the others for each code, and why a baseline cannot hold them.
    pub never: BTreeMap<&'static str, (u64, &'static str)>,
}

#[derive(Debug)]
struct Known {
    count: u64,
    held: Mutex<BinaryHeap<Kept>>,
}

impl Known {
    fn held(&self) -> MutexGuard<'_, BinaryHeap<Kept>> {
        // A panic cannot leave it half changed: a finding was added or not.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn met(&self) -> u64 {
        u64::try_from(self.held().len()).unwrap_or(u64::MAX)
    }
}

impl Clone for Sieve {
    /// A copy, with what it has seen so far.
    fn clone(&self) -> Self {
        let known = self.known.iter().map(|(identity, known)| {
            let known = Known {
                count: known.count,
                held: Mutex::new(known.held().clone()),
            };
            (identity.clone(), known)
        });
        Self {
            known: known.collect(),
            here: self.here.clone(),
            found: self.found().map(|found| Mutex::new(found.clone())),
        }
    }
}

impl Sieve {
    /// A sieve with a baseline.
    #[must_use]
    pub fn new(baseline: Baseline) -> Self {
        let known = baseline.0.into_iter().map(|(identity, count)| {
            let held = Mutex::default();
            (identity, Known { count, held })
        });
        Self {
            known: known.collect(),
            ..Self::default()
        }
    }

    /// Also records all findings, which takes as much memory as a baseline of them.
    #[must_use]
    pub fn noting(mut self) -> Self {
        self.found = Some(Mutex::default());
        self
    }

    /// Sets the folder `here` that file names in findings are relative to; those in the baseline are
    /// absolute.
    #[must_use]
    pub fn named_from(mut self, here: impl Into<String>) -> Self {
        self.here = Some(here.into());
        self
    }

    fn found(&self) -> Option<MutexGuard<'_, Gathered>> {
        // A panic cannot leave it half changed: a finding was added or not.
        let found = self.found.as_ref()?;
        Some(found.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn identity(&self, diagnostic: &Diagnostic) -> Identity {
        let identity = Identity::of(diagnostic);
        match &self.here {
            Some(here) => identity.renamed(|name| identity::absolute(here, name)),
            None => identity,
        }
    }

    /// Takes a finding and returns the one to report in its place: the finding itself if it is not known,
    /// another one with the same identity if there are more than are known, or none.
    #[must_use]
    pub fn pass(&self, diagnostic: Diagnostic) -> Option<Diagnostic> {
        if let Some(reason) = diagnostic.never_known() {
            if let Some(mut found) = self.found() {
                let never = found.never.entry(diagnostic.code.name);
                never.or_insert((0, reason)).0 += 1;
            }
            return Some(diagnostic);
        }
        let identity = self.identity(&diagnostic);
        let known = self.known.get(&identity);
        if let Some(mut found) = self.found() {
            found.known.count_in(identity);
        }
        let Some(known) = known else {
            return Some(diagnostic);
        };
        let mut held = known.held();
        held.push(Kept(diagnostic));
        if u64::try_from(held.len()).is_ok_and(|met| met > known.count) {
            held.pop().map(|Kept(last)| last)
        } else {
            None
        }
    }

    /// How many findings were held back, and how many known findings did not occur.
    #[must_use]
    pub fn counts(&self) -> FromBaseline {
        FromBaseline {
            known: self.known.values().map(Known::met).sum(),
            gone: self
                .gone()
                .map(|(_, count)| count)
                .fold(0, u64::saturating_add),
        }
    }

    /// The known findings that occurred less often than known, and by how much.
    pub fn gone(&self) -> impl Iterator<Item = (&Identity, u64)> {
        self.known.iter().filter_map(|(identity, known)| {
            let less = known.count.saturating_sub(known.met());
            (less > 0).then_some((identity, less))
        })
    }

    /// All findings, if they were recorded.
    #[must_use]
    pub fn into_found(self) -> Option<Gathered> {
        let found = self.found?.into_inner();
        Some(found.unwrap_or_else(PoisonError::into_inner))
    }
}

/// The code of an entry, or an error with similar names.
fn known_code(name: &str) -> Result<Option<&'static Code>, UnknownCode> {
    match Code::named(name) {
        Some(code) => Ok(Some(code)),
        None => explain(name).map(|_| None),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{Baseline, BaselineError, Sieve};
    use crate::diagnostic::{CODES, Code, Diagnostic, FromBaseline, Place, codes};
    use crate::json::Pointer;

    fn at(code: &'static Code, line: u64, record: Option<&str>) -> Diagnostic {
        let mut place = Place::in_line(
            "./c/records/part-00000-0123456789abcdef.jsonl",
            line,
            line * 9,
            b"x",
            0..1,
        )
        .pointer(Pointer::root().key("id"));
        place.record = record.map(str::to_owned);
        Diagnostic::new(code, place, format!("in line {line}"))
    }

    fn written(found: &[Diagnostic]) -> String {
        let mut baseline = Baseline::default();
        for one in found {
            baseline.add(one);
        }
        let mut out = Vec::new();
        baseline.write(&mut out).unwrap();
        assert_eq!(Baseline::parse(&out).unwrap(), baseline);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_is_one_document_with_an_entry_a_line() {
        let mut found = vec![
            at(codes::TIME_CALENDAR, 9, Some("art-2\u{202e}")),
            at(codes::LINE_EMPTY, 3, None),
            at(codes::FACET_MISSING, 2, Some("art-1")),
            at(codes::LINE_EMPTY, 4, None),
            at(codes::FILE_UNREADABLE, 1, None),
        ];
        let text = written(&found);
        insta::assert_snapshot!(text, @r#"
        {"format":"dateline-baseline/1","known":[
        {"code":"line-empty","file":"c/records/part-00000.jsonl","pointer":"/id","count":2},
        {"code":"facet-missing","record":"art-1","pointer":"/id"},
        {"code":"time-calendar","record":"art-2\u202e","pointer":"/id"}
        ]}
        "#);
        found.reverse();
        assert_eq!(written(&found), text, "in whatever order they are found");
        assert_eq!(
            written(&[]),
            "{\"format\":\"dateline-baseline/1\",\"known\":[\n]}\n"
        );
    }

    #[test]
    fn what_is_known_is_held_back_wherever_it_stands_now() {
        let known = written(&[
            at(codes::FACET_MISSING, 2, Some("art-1")),
            at(codes::LINE_EMPTY, 3, None),
        ]);
        let sieve = Sieve::new(Baseline::parse(known.as_bytes()).unwrap()).noting();
        let lines = |found: Diagnostic| sieve.pass(found).map(|new| new.place.line);
        let one = Some("art-1");
        assert_eq!(lines(at(codes::FACET_MISSING, 701, one)), None);
        // Once it was known, twice it is there; the last is new, whichever comes first.
        assert_eq!(lines(at(codes::FACET_MISSING, 700, one)), Some(Some(701)));
        assert_eq!(
            lines(at(codes::FACET_MISSING, 2, Some("art-2"))),
            Some(Some(2))
        );
        assert_eq!(lines(at(codes::ID_FORM, 3, one)), Some(Some(3)));
        assert_eq!(sieve.counts(), FromBaseline { known: 1, gone: 1 });
        let gone: Vec<&str> = sieve.gone().map(|(gone, _)| gone.code.as_str()).collect();
        assert_eq!(gone, ["line-empty"]);
        assert_eq!(sieve.into_found().unwrap().known.count(), 4);
    }

    #[test]
    fn that_nothing_could_be_read_is_never_known() {
        let sieve = Sieve::default().noting();
        assert!(sieve.pass(at(codes::JSON_NUMBER, 1, None)).is_some());
        assert!(sieve.pass(at(codes::JSON_NUMBER, 2, None)).is_some());
        let mut missing = at(codes::FIELD_MISSING, 1, None);
        missing.unchecked = true;
        assert!(sieve.pass(missing).is_some());
        let found = sieve.into_found().unwrap();
        assert_eq!(found.known.count(), 0);
        let never: Vec<_> = found.never.into_iter().collect();
        assert_eq!(
            never,
            [
                ("field-missing", (1, "it leaves something unchecked")),
                ("json-number", (2, "nothing else of the line is checked")),
            ]
        );
        let text = r#"{"format":"dateline-baseline/1","known":[
            {"code":"id-form","record":"art-1"},
            {"code":"line-too-long","file":"c/records/part-00000.jsonl","count":9}]}"#;
        assert_eq!(
            Baseline::parse(text.as_bytes()).unwrap_err().to_string(),
            "entry 2: a baseline cannot hold back `line-too-long` (the line is not read); remove this entry"
        );
    }

    #[test]
    fn a_finding_may_say_itself_what_it_is_about() {
        let mut one = at(codes::TEXT_BOILERPLATE, 2, Some("art-2"));
        one.about = Some("news.example: Sign up".to_owned());
        let known = written(std::slice::from_ref(&one));
        assert!(
            known.contains(r#""about":"news.example: Sign up""#),
            "{known}"
        );
        let sieve = Sieve::new(Baseline::parse(known.as_bytes()).unwrap());
        one.place.record = Some("art-1".to_owned());
        assert!(sieve.pass(one).is_none());
    }

    #[test]
    fn the_page_of_reports_names_what_is_never_known() {
        let page = include_str!("../../spec/reports.md");
        for code in CODES {
            let named = page.contains(&format!("`{code}`"));
            assert!(named || code.never_known.is_none(), "{code}");
        }
    }

    #[test]
    fn what_is_no_baseline_is_named() {
        let wrong = |text: &str| Baseline::parse(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            wrong(r#"{"format":"dateline-baseline/2","known":[]}"#),
            "the format is `dateline-baseline/2`, expected `dateline-baseline/1`"
        );
        let neither = r#"{"format":"dateline-baseline/1","known":[{"code":"id-form"}]}"#;
        assert!(matches!(
            Baseline::parse(neither.as_bytes()),
            Err(BaselineError::Subject(1))
        ));
        assert!(wrong("[]").starts_with("not a valid baseline: "));
        let entry = |code: &str, count: &str| {
            let known = format!(r#"{{"code":"{code}","record":"art-1","count":{count}}}"#);
            wrong(&format!(
                r#"{{"format":"dateline-baseline/1","known":[{known}]}}"#
            ))
        };
        assert_eq!(
            entry("id-from", "1"),
            "entry 1: `id-from` is not a code; did you mean `id-form`?"
        );
        assert_eq!(
            entry("id-form", "0"),
            "the `count` of entry 1 is 0; remove this entry"
        );
        assert!(
            wrong(r#"{"format":"dateline-baseline/1","known":[],"x":1}"#)
                .contains("field `x` is not known here")
        );
    }
}
