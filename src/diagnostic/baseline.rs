//! Findings that are known, so that a check says only what is new.
//!
//! ```text
//! {"format":"dateline-baseline/1","known":[
//! {"code":"facet-missing","record":"art-1","pointer":"/fetch"},
//! {"code":"json-syntax","file":"corpus/records/part-00000.jsonl","count":3}
//! ]}
//! ```
//!
//! A baseline names what findings are about ([`Identity`]) and how many there are of each, not the
//! lines they are on: so it holds when lines move, when a shard is written anew, and when a record
//! goes to another shard. One of `record`, `file` and `about` is there, `pointer` where a value was
//! named, `count` where there is more than one. It is one JSON document with an entry a line, in order of file or record,
//! code and pointer, so that two of them can be compared line by line.
//!
//! A finding because of which something goes unchecked, or behind which the next change would not show, is
//! never known ([`Diagnostic::never_known`]): it is not written, and is reported whatever a baseline says.

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

/// What is known, and how often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<Identity, u64>);

/// Why a text is no baseline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// It is not JSON as dateline reads it.
    #[error("it is not strict JSON at byte {}: {}", .0.offset, .0)]
    Syntax(#[source] SyntaxError),
    /// It is not the JSON of one.
    #[error("it is no baseline: {0}")]
    Fields(#[source] Misfit),
    /// It is of another format, or of a later version.
    #[error("its format is `{}`, not `{FORMAT}`", super::escape::shown(.0))]
    Format(String),
    /// An entry names no record, file or matter, or several.
    #[error("entry {0} names none of `record`, `file` and `about`, or several")]
    Subject(usize),
    /// An entry names a code that there is not: it would hold nothing back.
    #[error("entry {entry}: {unknown}")]
    Code {
        /// The entry, from 1.
        entry: usize,
        /// The code, and those that it may have meant.
        unknown: UnknownCode,
    },
    /// An entry names a code whose findings are never held back ([`Code::never_known`]).
    #[error(
        "entry {entry}: findings of `{code}` are never held back ({reason}); take the entry out"
    )]
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
    /// [`BaselineError`], where the text is none.
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

    /// Takes in a finding, where such a one can be known.
    pub fn add(&mut self, diagnostic: &Diagnostic) {
        if diagnostic.never_known().is_none() {
            self.count_in(Identity::of(diagnostic));
        }
    }

    fn count_in(&mut self, identity: Identity) {
        *self.0.entry(identity).or_default() += 1;
    }

    /// The same, its files named by absolute paths, where they were named from the folder `base`.
    #[must_use]
    pub fn absolute(self, base: &str) -> Self {
        self.renamed(|name| identity::absolute(base, name))
    }

    /// The same, its files named from the folder `base`, where they were named by absolute paths.
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

    /// How many findings it names.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.values().copied().fold(0, u64::saturating_add)
    }

    /// Writes it. The same findings give the same bytes.
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

/// Holds back the findings that a baseline knows, and takes note of all where a new baseline is wanted.
///
/// Of the findings of one identity as many are held back as are known, the first in the order of
/// reports; more of them are new. Which are new does not depend on the order in which they come in, and
/// memory is bounded by the baseline.
#[derive(Debug, Default)]
pub struct Sieve {
    known: BTreeMap<Identity, Known>,
    /// The folder from which findings name their files, where that matters.
    here: Option<String>,
    /// All that was found, where it is wanted.
    found: Option<Mutex<Gathered>>,
}

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gathered {
    /// What can be known.
    pub known: Baseline,
    /// How many findings there are of each code that cannot, and why not.
    pub never: BTreeMap<&'static str, (u64, &'static str)>,
}

#[derive(Debug)]
struct Known {
    count: u64,
    held: Mutex<BinaryHeap<Kept>>,
}

impl Known {
    fn held(&self) -> MutexGuard<'_, BinaryHeap<Kept>> {
        // Whoever had it has put a finding in or not; either way it is whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn met(&self) -> u64 {
        u64::try_from(self.held().len()).unwrap_or(u64::MAX)
    }
}

impl Clone for Sieve {
    /// With what it has met so far.
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
    /// One that knows a baseline.
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

    /// The same, taking note of all findings. They take as much memory as the baseline of them.
    #[must_use]
    pub fn noting(mut self) -> Self {
        self.found = Some(Mutex::default());
        self
    }

    /// The same, where findings name files from the folder `here`, and the baseline by absolute paths.
    #[must_use]
    pub fn named_from(mut self, here: impl Into<String>) -> Self {
        self.here = Some(here.into());
        self
    }

    fn found(&self) -> Option<MutexGuard<'_, Gathered>> {
        // Whoever held it has added a finding or not; either way it is whole.
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

    /// Takes a finding, and gives the one that is to be reported in its place: itself where it is not
    /// known, another one of the same identity where there are more than are known, or none.
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

    /// How many findings were held back, and how many of those that are known were not met.
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

    /// What is known and was not met as often, and how much less often.
    pub fn gone(&self) -> impl Iterator<Item = (&Identity, u64)> {
        self.known.iter().filter_map(|(identity, known)| {
            let less = known.count.saturating_sub(known.met());
            (less > 0).then_some((identity, less))
        })
    }

    /// All that was found, where it was noted.
    #[must_use]
    pub fn into_found(self) -> Option<Gathered> {
        let found = self.found?.into_inner();
        Some(found.unwrap_or_else(PoisonError::into_inner))
    }
}

/// The code of an entry; an error that says which was meant where there is none of the name.
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
                ("field-missing", (1, "more goes unchecked because of it")),
                ("json-number", (2, "nothing else of the line is checked")),
            ]
        );
        let text = r#"{"format":"dateline-baseline/1","known":[
            {"code":"id-form","record":"art-1"},
            {"code":"line-too-long","file":"c/records/part-00000.jsonl","count":9}]}"#;
        assert_eq!(
            Baseline::parse(text.as_bytes()).unwrap_err().to_string(),
            "entry 2: findings of `line-too-long` are never held back (the line is not read); take the entry out"
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
            "its format is `dateline-baseline/2`, not `dateline-baseline/1`"
        );
        let neither = r#"{"format":"dateline-baseline/1","known":[{"code":"id-form"}]}"#;
        assert!(matches!(
            Baseline::parse(neither.as_bytes()),
            Err(BaselineError::Subject(1))
        ));
        assert!(wrong("[]").starts_with("it is no baseline: "));
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
