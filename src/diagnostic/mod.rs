//! What is wrong with data: codes, places, messages, and how they are shown.
//!
//! A defect in data is a [`Diagnostic`]: one of the codes of [`codes`], a [`Place`], a message that
//! names the offending value and its cause, and perhaps a hint. Diagnostics are collected in a
//! [`Report`], which counts all of them and keeps the gravest, and written by one of the renderers
//! ([`Format`]). Failures of an operation (a file that cannot be opened, a wrong option) are no
//! diagnostics: they are errors of that operation.
//!
//! Messages, hints and places may hold whatever stands in a file. The renderers escape it
//! ([`escape`](mod@escape)), so that nothing in a file reaches a terminal raw.
//!
//! ```
//! use dateline::diagnostic::{Diagnostic, Place, Report, Styles, codes, full};
//!
//! let line = br#"{"format":"dateline/1","type":"article","id":"art-1"}"#;
//! let place = Place::in_line("records.jsonl", 2, 54, line, 45..52);
//! let mut report = Report::new(None);
//! report.push(
//!     Diagnostic::new(codes::RECORD_ID_DUPLICATE, place, "id `art-1` occurs a second time")
//!         .hint("the first is in line 1"),
//! );
//! let mut out = Vec::new();
//! full::write(&mut out, &report, &Styles::plain())?;
//! assert_eq!(
//!     String::from_utf8_lossy(&out),
//!     r#"error[record-id-duplicate]: id `art-1` occurs a second time
//!  --> records.jsonl:2:46
//!   |
//! 2 | {"format":"dateline/1","type":"article","id":"art-1"}
//!   |                                              ^^^^^^^
//!   = help: the first is in line 1
//!
//! 1 error
//! "#
//! );
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod baseline;
pub mod codes;
pub mod concise;
mod counts;
pub mod escape;
mod escaping;
mod excerpt;
mod explain;
mod format;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod identity;
pub mod json;
pub mod jsonl;
pub mod junit;
mod order;
mod place;
mod report;
pub mod sarif;
pub mod statistics;
mod styles;
mod tally;

pub use baseline::{Baseline, BaselineError, Gathered, Sieve};
pub use codes::{CODES, Code, GROUPS, Group, Severity};
pub use counts::{Compared, Counts, Facets, FromBaseline, Records};
pub use excerpt::Excerpt;
pub use explain::{UnknownCode, explain, reference};
pub use format::Format;
pub use place::{LineIndex, Place};
pub use report::Report;
pub use styles::Styles;
pub use tally::{Distinct, Tally};

#[cfg(test)]
mod tests;

/// One defect in data, where it is and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of defect.
    pub code: &'static Code,
    /// How grave it is: the code's severity, unless whoever asked for the check set another.
    pub severity: Severity,
    /// Where it is.
    pub place: Box<Place>,
    /// What it is, in one line: the offending value and the cause.
    pub message: String,
    /// What might be done about it.
    pub hint: Option<String>,
    /// What it is about, in words that stay, where that is neither the record nor the file it is shown
    /// in: a line that stands in many texts.
    pub about: Option<String>,
    /// Whether something goes unchecked because of it, though not because of each of its code.
    pub unchecked: bool,
}

impl Diagnostic {
    /// A diagnostic of the code's own severity and without a hint.
    ///
    /// Long values go into `message` through [`escape::shown`], which cuts them.
    #[must_use]
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            place: Box::new(place),
            message: message.into(),
            hint: None,
            about: None,
            unchecked: false,
        }
    }

    /// Why no baseline holds it back, where none does.
    #[must_use]
    pub fn never_known(&self) -> Option<&'static str> {
        let unchecked = "more goes unchecked because of it";
        self.code
            .never_known
            .or(self.unchecked.then_some(unchecked))
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
