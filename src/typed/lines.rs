//! Lines that are about to be written, held to the rules of the format.

use crate::check::{At, check_line};
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Pointer;

/// A rule of the format that a value breaks.
///
/// ```
/// use dateline::Article;
/// use dateline::typed::ArticleError;
///
/// let built = Article::builder(b"Rain ends").language("English").build();
/// let Err(ArticleError::Rule(defect)) = built else { unreachable!() };
/// assert_eq!(defect.field(), "/article/language");
/// assert_eq!(defect.diagnostic().code.name, "field-value");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}`: {}", self.field(), self.diagnostic.message)]
pub struct Defect {
    diagnostic: Box<Diagnostic>,
}

impl Defect {
    /// The field, as a JSON Pointer into the record; empty where it is the whole record.
    #[must_use]
    pub fn field(&self) -> &str {
        let pointer = self.diagnostic.place.pointer.as_ref();
        pointer.map(Pointer::as_str).unwrap_or_default()
    }

    /// The rule, what is wrong, and perhaps what to do about it. Its place is a line of no file.
    #[must_use]
    pub const fn diagnostic(&self) -> &Diagnostic {
        &self.diagnostic
    }
}

/// The first error in a line by itself.
pub(super) fn defect(line: &[u8]) -> Option<Defect> {
    let at = At {
        file: "",
        line: 1,
        offset: 0,
    };
    check_line(line, at)
        .into_iter()
        .find(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| Defect {
            diagnostic: Box::new(diagnostic),
        })
}
