//! The orders of diagnostics.

use std::cmp::Ordering;

use super::Diagnostic;

/// The order of reports: by place, code and message.
pub(super) fn order(one: &Diagnostic, two: &Diagnostic) -> Ordering {
    one.place
        .order(&two.place)
        .then_with(|| one.code.name.cmp(two.code.name))
        .then_with(|| one.message.cmp(&two.message))
        .then_with(|| one.place.record.cmp(&two.place.record))
        .then_with(|| one.hint.cmp(&two.hint))
        .then_with(|| one.severity.cmp(&two.severity))
}

/// The most severe first, then the order of reports.
pub(super) fn gravity(one: &Diagnostic, two: &Diagnostic) -> Ordering {
    one.severity
        .cmp(&two.severity)
        .then_with(|| order(one, two))
}
