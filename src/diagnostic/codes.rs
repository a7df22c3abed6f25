//! The codes of all diagnostics, in one table.
//!
//! [`explain`](super::explain()), `spec/diagnostics.md` and the tests use the table. Codes are never renamed,
//! and the name of a removed code is never reused.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::SyntaxErrorKind;
use crate::record::{Time, TimeError};
use crate::schema::SchemaError;

/// How severe a defect is.
///
/// Ordered by severity, the most severe first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The data cannot be relied on, or an item could not be read.
    Error,
    /// The data is probably wrong, or needs tidying up.
    Warning,
    /// The data is allowed, but worth knowing about.
    Note,
}

/// A kind of defect: one row of the table.
///
/// Two codes are equal when their names are.
#[derive(Debug)]
pub struct Code {
    /// The name in kebab-case, such as `record-id-duplicate`. Never changes.
    pub name: &'static str,
    /// The severity, unless `--deny` raises it.
    pub severity: Severity,
    /// The requirement in the specification that the defect breaks, such as `record-id-unique`.
    pub requirement: &'static str,
    /// The defect in one sentence.
    pub summary: &'static str,
    /// The rule, and what breaks it. The first sentence states the rule.
    pub what: &'static str,
    /// The reason for the rule.
    pub why: &'static str,
    /// An example that breaks the rule.
    pub bad: &'static str,
    /// The example, corrected.
    pub good: &'static str,
    /// Why a baseline never holds back such a finding, if it does not: it leaves something unchecked, or a
    /// different change would look the same as the known one.
    pub never_known: Option<&'static str>,
}

/// Codes about one subject.
#[derive(Debug)]
pub struct Group {
    /// The subject, as a heading.
    pub title: &'static str,
    /// The codes, in the order of the page.
    pub codes: &'static [&'static Code],
}

/// Writes a part of the table: a `pub static` for each code, and a `GROUP` of them.
macro_rules! codes {
    (@reason) => { None };
    (@reason $reason:literal) => { Some($reason) };
    ($title:literal; $($ident:ident = $name:literal, $severity:ident, $requirement:literal {
        summary: $summary:literal,
        what: $what:literal,
        why: $why:literal,
        bad: $bad:literal,
        good: $good:literal $(,)?
        $(never_known: $never:literal $(,)?)?
    })+) => {
        use super::{Code, Group, Severity};

        $(
            #[doc = concat!("`", $name, "`: ", $summary)]
            pub static $ident: &Code = &Code {
                name: $name,
                severity: Severity::$severity,
                requirement: $requirement,
                summary: $summary,
                what: $what,
                why: $why,
                bad: $bad,
                good: $good,
                never_known: codes!(@reason $($never)?),
            };
        )+

        pub(super) static GROUP: Group = Group { title: $title, codes: &[$($ident),+] };

        #[cfg(test)]
        pub(super) static IDENTS: &[&str] = &[$(stringify!($ident)),+];
    };
}

mod corpus;
mod dump;
mod field;
mod json;
mod ledger;
mod record;
mod relation;
mod text;
mod trace;

pub use corpus::*;
pub use dump::*;
pub use field::*;
pub use json::*;
pub use ledger::*;
pub use record::*;
pub use relation::*;
pub use text::*;
pub use trace::*;

/// The whole table by subject.
pub static GROUPS: &[&Group] = &[
    &json::GROUP,
    &field::GROUP,
    &record::GROUP,
    &text::GROUP,
    &relation::GROUP,
    &trace::GROUP,
    &corpus::GROUP,
    &ledger::GROUP,
    &dump::GROUP,
];

/// Every code, in the order of the table.
pub static CODES: &[&Code] = &joined();

/// How many codes there are.
const COUNT: usize = {
    let mut count = 0;
    let mut groups = GROUPS;
    while let Some((group, rest)) = groups.split_first() {
        count += group.codes.len();
        groups = rest;
    }
    count
};

/// The codes of all groups, concatenated at compile time.
#[allow(
    clippy::indexing_slicing,
    reason = "an index out of range does not compile"
)]
const fn joined() -> [&'static Code; COUNT] {
    let mut all = [JSON_SYNTAX; COUNT];
    let mut filled = 0;
    let mut groups = GROUPS;
    while let Some((group, rest)) = groups.split_first() {
        let mut codes = group.codes;
        while let Some((code, others)) = codes.split_first() {
            all[filled] = *code;
            filled += 1;
            codes = others;
        }
        groups = rest;
    }
    all
}

impl Code {
    /// The code with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        CODES.iter().copied().find(|code| code.name == name)
    }

    /// The code for a text that breaks dateline's rules for JSON.
    #[must_use]
    pub fn of_syntax(kind: &SyntaxErrorKind) -> &'static Self {
        match kind {
            SyntaxErrorKind::TooLong { .. } => LINE_TOO_LONG,
            SyntaxErrorKind::InvalidUtf8 { .. } => JSON_UTF8,
            SyntaxErrorKind::ByteOrderMark => JSON_BOM,
            SyntaxErrorKind::Unexpected { .. }
            | SyntaxErrorKind::UnexpectedEnd { .. }
            | SyntaxErrorKind::UnterminatedString { .. }
            | SyntaxErrorKind::TrailingData { .. }
            | SyntaxErrorKind::TrailingComma { .. }
            | SyntaxErrorKind::ControlCharacter { .. }
            | SyntaxErrorKind::InvalidEscape { .. } => JSON_SYNTAX,
            SyntaxErrorKind::LoneSurrogate { .. } => JSON_SURROGATE,
            SyntaxErrorKind::DuplicateKey { .. } => JSON_DUPLICATE_KEY,
            SyntaxErrorKind::TooDeep { .. } => JSON_DEPTH,
            SyntaxErrorKind::TooMany => JSON_SIZE,
            SyntaxErrorKind::InvalidNumber { .. }
            | SyntaxErrorKind::LeadingZero { .. }
            | SyntaxErrorKind::Fraction { .. }
            | SyntaxErrorKind::Exponent { .. }
            | SyntaxErrorKind::NegativeZero
            | SyntaxErrorKind::OutOfRange { .. } => JSON_NUMBER,
        }
    }

    /// The code for a value that does not match a built-in schema. `source` is the validated text; reading
    /// the value at fault from it keeps a million errors in one text cheap.
    #[must_use]
    pub fn of_schema(error: &SchemaError, source: &[u8]) -> &'static Self {
        let value = source.get(error.span.clone()).unwrap_or_default();
        let (schema, at) = error.schema_path.split_once('#').unwrap_or_default();
        match error.keyword.as_str() {
            "additionalProperties" | "unevaluatedProperties" | "propertyNames" => FIELD_UNKNOWN,
            "required" | "dependentRequired" => FIELD_MISSING,
            "minLength" | "minItems" | "minProperties" => FIELD_EMPTY,
            _ if is_empty(value) => FIELD_EMPTY,
            "oneOf" if schema.ends_with("/relation.schema.json") => RELATION_TARGET,
            "type" => FIELD_TYPE,
            _ if at.starts_with("/$defs/time/") || at.starts_with("/properties/date/") => {
                match text(value).map(str::parse::<Time>) {
                    Some(Err(TimeError::Calendar(_))) => TIME_CALENDAR,
                    _ => TIME_FORM,
                }
            }
            _ if at.starts_with("/$defs/url/") => URL_INVALID,
            _ if at.starts_with("/$defs/id/") || error.pointer.as_str() == "/id" => ID_FORM,
            _ if error.pointer.as_str() == "/format" => FORMAT_VERSION,
            _ if error.pointer.as_str() == "/type" => TYPE_UNKNOWN,
            _ => FIELD_VALUE,
        }
    }
}

/// Whether a value is one of the four empty ones.
fn is_empty(value: &[u8]) -> bool {
    match value {
        b"null" | br#""""# => true,
        [b'[', inner @ .., b']'] | [b'{', inner @ .., b'}'] => {
            inner.iter().all(u8::is_ascii_whitespace)
        }
        _ => false,
    }
}

/// The text of a JSON string without escapes.
fn text(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?;
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('\\')).then_some(text)
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Severity {
    /// The word in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, corpus, dump, field, json, ledger, record, relation, text, trace};

    #[test]
    fn the_names_are_those_of_the_statics() {
        let idents = [
            json::IDENTS,
            field::IDENTS,
            record::IDENTS,
            text::IDENTS,
            relation::IDENTS,
            trace::IDENTS,
            corpus::IDENTS,
            ledger::IDENTS,
            dump::IDENTS,
        ]
        .concat();
        let names: Vec<String> = CODES
            .iter()
            .map(|code| code.name.replace('-', "_").to_uppercase())
            .collect();
        assert_eq!(names, idents);
    }
}
