//! The rules of a ledger, as its lines come by.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::{LedgerError, LedgerErrorKind};
use crate::corpus::Line;
use crate::dump::{FileLine, Kind, LedgerLine, RefusalLine, WITHDRAWN};
use crate::json::Tape;
use crate::record::Misfit;
use crate::schema::Schema;

/// What was seen of a ledger.
#[derive(Default)]
pub(super) struct Rules {
    /// The file whose refusals come next.
    open: Option<Open>,
    /// Whether the count of withdrawn files came by.
    counted: bool,
}

struct Open {
    file: Arc<str>,
    line: u64,
    path: String,
    bytes: u64,
    said: BTreeMap<String, u64>,
    found: BTreeMap<String, u64>,
    last: Option<RefusalLine>,
    /// Whether a line behind it could not be read, so that its refusals are not counted.
    unsure: bool,
}

impl Rules {
    /// Judges a line: gives what it shows to be wrong with the file before, and the line.
    pub(super) fn take(
        &mut self,
        line: &Line,
    ) -> (Option<LedgerError>, Result<LedgerLine, LedgerErrorKind>) {
        let read = match read(line) {
            Ok(read) => read,
            Err(kind) => {
                self.skip();
                return (None, Err(kind));
            }
        };
        let before = match read {
            LedgerLine::Refusal(_) => None,
            LedgerLine::File(_) | LedgerLine::Withdrawn(_) => self.end(),
        };
        let judged = self.judge(line, &read);
        (before, judged.map(|()| read))
    }

    /// Notes that a line was not read.
    pub(super) fn skip(&mut self) {
        if let Some(open) = &mut self.open {
            open.unsure = true;
        }
    }

    /// Ends the refusals of the open file, of which its path is kept.
    pub(super) fn end(&mut self) -> Option<LedgerError> {
        let open = self.open.as_mut()?;
        if std::mem::replace(&mut open.unsure, true) {
            return None;
        }
        let (code, &said) = open
            .said
            .iter()
            .find(|(code, said)| open.found.get(*code).unwrap_or(&0) < said)?;
        Some(LedgerError::Line {
            file: Arc::clone(&open.file),
            line: open.line,
            kind: LedgerErrorKind::Refusals {
                code: code.clone(),
                said,
                found: open.found.get(code).copied().unwrap_or_default(),
            },
        })
    }

    fn judge(&mut self, line: &Line, read: &LedgerLine) -> Result<(), LedgerErrorKind> {
        if self.counted {
            return Err(LedgerErrorKind::BehindCount);
        }
        match read {
            LedgerLine::File(file) => {
                let opened = Open {
                    file: Arc::clone(&line.file),
                    line: line.number,
                    path: file.path.clone(),
                    bytes: file.bytes,
                    said: file.refused.clone(),
                    found: BTreeMap::new(),
                    last: None,
                    unsure: false,
                };
                let before = self.open.replace(opened);
                if let Some(before) = before
                    && before.path >= file.path
                {
                    return Err(LedgerErrorKind::Order {
                        previous: before.path,
                        path: file.path.clone(),
                    });
                }
                adds_up(file)
            }
            LedgerLine::Refusal(refusal) => self.refusal(refusal),
            LedgerLine::Withdrawn(_) => {
                self.counted = true;
                Ok(())
            }
        }
    }

    fn refusal(&mut self, refusal: &RefusalLine) -> Result<(), LedgerErrorKind> {
        let Some(open) = self.open.as_mut().filter(|open| open.path == refusal.path) else {
            return Err(LedgerErrorKind::Stray(refusal.path.clone()));
        };
        let found = open.found.entry(refusal.code.clone()).or_default();
        *found += 1;
        let (said, found) = (
            open.said.get(&refusal.code).copied().unwrap_or_default(),
            *found,
        );
        let last = open.last.replace(refusal.clone());
        if last.is_some_and(|last| last > *refusal) {
            return Err(LedgerErrorKind::RefusalOrder {
                offset: refusal.offset,
            });
        }
        let end = refusal.offset.saturating_add(refusal.length);
        if end > open.bytes {
            let bytes = open.bytes;
            return Err(LedgerErrorKind::Beyond { end, bytes });
        }
        // A line that could not be read may be the file's own.
        if found > said && !open.unsure {
            return Err(LedgerErrorKind::Refusals {
                code: refusal.code.clone(),
                said,
                found,
            });
        }
        Ok(())
    }
}

/// Reads a line as it stands alone.
fn read(line: &Line) -> Result<LedgerLine, LedgerErrorKind> {
    if line.ended && line.bytes.ends_with(b"\r") {
        return Err(LedgerErrorKind::Crlf);
    }
    let tape = Tape::parse(&line.bytes).map_err(LedgerErrorKind::Syntax)?;
    let wrong = Schema::named("ledger").map(|schema| schema.validate(tape.root()));
    if let Some(error) = wrong.into_iter().flatten().next() {
        let pointer = error.pointer.to_string();
        if pointer == "/path"
            && let Some(path) = tape.root().get("path").and_then(|path| path.as_str())
        {
            return Err(LedgerErrorKind::Path(path.into_owned()));
        }
        let message = error.message;
        return Err(LedgerErrorKind::Schema { pointer, message });
    }
    let read: LedgerLine = serde_json::from_slice(&line.bytes)
        .map_err(|error| LedgerErrorKind::Fields(Misfit::in_line(&error)))?;
    let spelled = read.spell();
    if spelled != line.bytes {
        let same = spelled.iter().zip(&line.bytes).take_while(|(a, b)| a == b);
        return Err(LedgerErrorKind::Spelling(same.count() + 1));
    }
    if line.ended {
        Ok(read)
    } else {
        Err(LedgerErrorKind::Unended)
    }
}

/// Whether the numbers of a file's line agree.
fn adds_up(file: &FileLine) -> Result<(), LedgerErrorKind> {
    let sum = |counts: &BTreeMap<String, u64>| {
        counts
            .values()
            .fold(0_u64, |sum, &count| sum.saturating_add(count))
    };
    let (items, records) = (file.items, file.records);
    let (refused, readers) = (sum(&file.refused), sum(&file.reader));
    let superseded = file.superseded;
    let sum = records
        .checked_add(refused)
        .and_then(|sum| sum.checked_add(superseded));
    if sum != Some(items) {
        return Err(LedgerErrorKind::Items {
            items,
            records,
            superseded,
            refused,
        });
    }
    if readers != records {
        return Err(LedgerErrorKind::Readers { readers, records });
    }
    if file.kind == Kind::Notes && items > 0 {
        return Err(LedgerErrorKind::Notes(items));
    }
    let withdrawn = file.refused.get(WITHDRAWN).copied().unwrap_or_default();
    if items > 0 && withdrawn == items {
        return Err(LedgerErrorKind::Named);
    }
    Ok(())
}
