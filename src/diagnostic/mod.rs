//! Diagnostics: defects in data, with codes, places and messages, and the formats of reports.
//!
//! A defect in data is a [`Diagnostic`]: one of the [`codes`], a [`Place`], a message that names the
//! offending value and the cause, and sometimes a hint. A [`Report`] collects diagnostics; it counts all of
//! them, keeps the most severe, and writes them in one of the [`Format`]s. Failures of an operation (a file
//! that cannot be opened, a wrong option) are not diagnostics, but errors of that operation.
//!
//! Messages, hints and places may contain anything from a file. The renderers escape it
//! ([`escape`](mod@escape)), so that nothing in a file reaches a terminal unescaped.
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

/// One defect in data: what it is, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of defect.
    pub code: &'static Code,
    /// The severity: that of the code, unless the options of the check change it.
    pub severity: Severity,
    /// Where the defect is.
    pub place: Box<Place>,
    /// The message, in one line: the offending value and the cause.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// A stable name for what the defect is about, if that is neither the record nor the file: for example, a
    /// line that occurs in many texts.
    pub about: Option<String>,
    /// Whether this finding leaves something unchecked, if that does not hold for its code in general.
    pub unchecked: bool,
}

impl Diagnostic {
    /// A diagnostic with the severity of its code and without a hint.
    ///
    /// Use [`escape::shown`] to put values into `message`: it cuts long ones.
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

    /// Why a baseline never holds this back, if it does not.
    #[must_use]
    pub fn never_known(&self) -> Option<&'static str> {
        let unchecked = "it leaves something unchecked";
        self.code
            .never_known
            .or(self.unchecked.then_some(unchecked))
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
