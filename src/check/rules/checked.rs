//! One line, parsed and checked by itself.

use super::{Form, Wanted};
use crate::check::Options;
use crate::check::line::findings::{At, Findings};
use crate::check::line::workspace::Workspace;
use crate::corpus::{LineRef, ReadError};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::json::{Node, Tape};

/// One line, parsed and checked by itself.
pub(crate) struct Checked<'c> {
    pub(crate) line: LineRef<'c>,
    pub(crate) findings: Findings<'c>,
    pub(crate) form: Option<Form>,
    tape: Option<Tape<'c>>,
}

impl<'c> Checked<'c> {
    /// A line that is parsed, and not yet checked.
    pub(crate) fn parsed(
        file: &'c str,
        line: LineRef<'c>,
        workspace: &mut Workspace,
        options: &'c Options,
    ) -> Self {
        let at = At::of(file, line);
        let mut findings = Findings::new(at, line.bytes, options);
        let tape = super::parse(&mut findings, line.ended, workspace);
        Self {
            line,
            findings,
            form: None,
            tape,
        }
    }

    /// The record or trace, where the line is one.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.tape.as_ref().map(Tape::root)
    }

    /// What was found in it, to be added to, and what it holds.
    pub(crate) fn parts_mut(&mut self) -> (&mut Findings<'c>, Option<&Tape<'c>>) {
        (&mut self.findings, self.tape.as_ref())
    }

    /// What is to be kept of it when it is done with.
    pub(crate) fn into_parts(self) -> (Findings<'c>, Option<Tape<'c>>) {
        (self.findings, self.tape)
    }

    /// Whether the line holds nothing, so that no record is missed for it.
    pub(crate) fn is_blank(&self) -> bool {
        self.tape.is_none() && self.line.bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// The id, where the line shows one.
    pub(crate) fn id(&self) -> Option<&str> {
        self.findings.record.as_deref()
    }
}

/// Checks one line by itself.
pub(crate) fn checked<'c>(
    file: &'c str,
    line: LineRef<'c>,
    wanted: Wanted,
    workspace: &mut Workspace,
    options: &'c Options,
) -> Checked<'c> {
    let mut one = Checked::parsed(file, line, workspace, options);
    let (findings, tape) = one.parts_mut();
    one.form = tape.and_then(|tape| super::check(tape, wanted, findings, workspace));
    one
}

/// A failure to read, as a diagnostic.
pub(crate) fn unread(error: &ReadError) -> Diagnostic {
    let code = match error {
        ReadError::Truncated { .. } | ReadError::Damaged { .. } | ReadError::Bomb { .. } => {
            codes::SHARD_TRUNCATED
        }
        ReadError::LineTooLong { .. } => codes::LINE_TOO_LONG,
        ReadError::Open { .. } | ReadError::Read { .. } => codes::FILE_UNREADABLE,
    };
    let mut place = Place::file(error.file());
    place.line = error.line();
    let message = error.to_string();
    let named = format!("{}: ", error.file());
    let message = message.strip_prefix(&named).unwrap_or(&message).to_owned();
    let mut found = Diagnostic::new(code, place, message);
    let usual = match error {
        ReadError::Truncated { .. } | ReadError::Damaged { .. } => {
            Some("restore the file from another copy; the lines after this point cannot be read")
        }
        ReadError::LineTooLong { .. } => {
            Some("take the line out, or its record apart; the lines behind it are read")
        }
        ReadError::Bomb { .. } | ReadError::Open { .. } | ReadError::Read { .. } => None,
    };
    found.hint = error.hint().or(usual).map(str::to_owned);
    found
}

/// That there was nothing to check. A check of nothing is no success: mostly a command before it failed,
/// or a path is another than was meant.
pub(crate) fn nothing(place: Place, what: &str) -> Diagnostic {
    let message = format!("{what}: nothing was checked");
    Diagnostic::new(codes::INPUT_EMPTY, place, message)
        .hint("look whether what writes the records has failed, and whether they lie elsewhere")
}
