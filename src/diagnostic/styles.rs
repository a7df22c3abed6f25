//! The colours of a report.

use super::Severity;

/// The escape sequences (ECMA-48) in a report, if any.
///
/// All text from files is escaped before it is written, so a report has no other escape sequences, and
/// stripping them yields the plain report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Styles {
    coloured: bool,
}

/// A kind of part in a report.
#[derive(Debug, Clone, Copy)]
pub(super) enum Element {
    /// The severity and code, and the mark under the span.
    Severity(Severity),
    /// The message.
    Message,
    /// Line numbers, bars and arrows.
    Frame,
    /// The word `help`.
    Help,
}

impl Styles {
    /// No colours.
    #[must_use]
    pub const fn plain() -> Self {
        Self { coloured: false }
    }

    /// Colours, for a terminal.
    #[must_use]
    pub const fn coloured() -> Self {
        Self { coloured: true }
    }

    /// The sequences that switch a style on and off.
    pub(super) const fn of(self, part: Element) -> (&'static str, &'static str) {
        if !self.coloured {
            return ("", "");
        }
        let on = match part {
            Element::Severity(Severity::Error) => "\u{1b}[1;31m",
            Element::Severity(Severity::Warning) => "\u{1b}[1;33m",
            Element::Severity(Severity::Note) => "\u{1b}[1;36m",
            Element::Message => "\u{1b}[1m",
            Element::Frame => "\u{1b}[1;34m",
            Element::Help => "\u{1b}[1;32m",
        };
        (on, "\u{1b}[0m")
    }

    /// `text` in the style of `part`.
    pub(super) fn paint(self, part: Element, text: &str) -> String {
        let (on, off) = self.of(part);
        [on, text, off].concat()
    }
}
