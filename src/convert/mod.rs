//! From raw items to records with traces.
//!
//! An item is read by the one profile that recognises it, or else by the general converter for its
//! kind. Either names bytes and transforms (a [`crate::trace::Draft`]); the record's values are what
//! those give. What cannot be read is refused with its reason, and the others go on.

mod assemble;
mod general;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "no file of JSON is cut into items yet")
)]
mod json;
mod loss;
mod refusal;
mod several;
#[cfg(test)]
mod tests;
pub mod text;

pub use assemble::AssembleError;
pub use refusal::Refusal;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use assemble::Assembled;
use loss::Loss;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostic::escape::{apart, shown};
use crate::diagnostic::{Diagnostic, Lines, codes};
use crate::dump::{self, BOM, ITEM_LIMIT, Input, InputEntry, Item, Kind, ReadError, Refused};
use crate::json::{MAX_VALUES, SyntaxErrorKind, Tape};
use crate::profile::{self, Profile, Recognised};
use crate::record::{AbsentKey, Article, MAX_LINE};
use crate::trace::{Conflict, Location, Trace};
use crate::transit;

/// How many files are read at a time; a bound on memory, not a setting of results.
const BATCH: usize = 64;

/// Where an article's id comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdRule {
    /// From the raw bytes: an edited item is another record.
    #[default]
    Derived,
    /// From the URL: an edited item revises its record.
    Url,
    /// From `source.identifier`, likewise.
    Identifier,
}

/// Reads items by profiles.
#[derive(Debug, Clone, Copy)]
pub struct Converter<'p> {
    /// The profiles that may recognise an item.
    pub profiles: &'p [&'p Profile],
    /// Whether an item that none recognises is refused rather than read by the general converter.
    pub only_profiles: bool,
    /// Where ids come from.
    pub ids: IdRule,
}

/// A record and how it was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The record.
    pub article: Article,
    /// Its trace.
    pub trace: Trace,
}

/// What became of one input file.
#[derive(Debug)]
pub struct Converted {
    /// The file as it was found, which is what diagnostics call it.
    pub shown: String,
    /// Its line in the ledger.
    pub entry: InputEntry,
    /// The records made of it, in order of position.
    pub made: Vec<Made>,
    /// What was found on the way, placed in the file: refusals, absent values, oddities.
    pub diagnostics: Vec<Diagnostic>,
}

impl Converter<'_> {
    /// Converts every input, in their order, giving each result to `sink`.
    ///
    /// Files are read in parallel, a bounded number at a time; the order of results is that of the
    /// inputs at every number of threads.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or whatever `sink` fails with.
    pub fn run<E: From<ReadError>>(
        &self,
        inputs: &[Input],
        mut sink: impl FnMut(Converted) -> Result<(), E>,
    ) -> Result<(), E> {
        for batch in inputs.chunks(BATCH) {
            let read: Vec<Result<Converted, ReadError>> =
                batch.par_iter().map(|input| self.file(input)).collect();
            for converted in read {
                sink(converted?)?;
            }
        }
        Ok(())
    }

    /// Converts one file.
    ///
    /// # Errors
    ///
    /// [`ReadError`]; whatever the bytes hold is a result, not an error.
    pub fn file(&self, input: &Input) -> Result<Converted, ReadError> {
        let contents = dump::read(input)?;
        let data = contents.data.unwrap_or_default();
        let mut file = OneFile {
            lines: Lines::new(&data),
            data: &data,
            converted: Converted {
                shown: input.file.display().to_string(),
                entry: InputEntry {
                    path: input.path.clone(),
                    bytes: contents.bytes,
                    digest: contents.digest,
                    kind: contents.kind,
                    reader: BTreeMap::new(),
                    items: 0,
                    records: 0,
                    refused: Vec::new(),
                },
                made: Vec::new(),
                diagnostics: Vec::new(),
            },
        };
        match contents.kind {
            // In notes no items are looked for.
            Kind::Notes => {}
            Kind::Empty => file.refuse_whole(&Refusal::Empty),
            Kind::Text if contents.bytes > ITEM_LIMIT => {
                file.refuse_whole(&Refusal::TooLarge(contents.bytes));
            }
            Kind::Text => match dump::text(&data) {
                Ok(text) => self.items(text, &mut file),
                Err(error) => file.refuse_whole(&Refusal::Text(error)),
            },
            Kind::Pointer => {
                let refusal = match transit::pointer_at(&input.file, &data) {
                    Some(pointer) => Refusal::Pointer(pointer),
                    None => Refusal::Unsupported(Kind::Pointer),
                };
                file.refuse_whole(&refusal);
            }
            Kind::Html
            | Kind::Mail
            | Kind::Xml
            | Kind::Json
            | Kind::Warc
            | Kind::Csv
            | Kind::Archive
            | Kind::Binary => file.refuse_whole(&Refusal::Unsupported(contents.kind)),
        }
        Ok(file.converted)
    }

    fn items(&self, text: &str, file: &mut OneFile<'_>) {
        file.note_controls(text);
        let start = if text.starts_with(BOM) { BOM.len() } else { 0 };
        let body = text.get(start..).unwrap_or_default();
        match profile::recognise(body, self.profiles.iter().copied()) {
            Recognised::One(profile) => {
                for (index, range) in profile.items(body).into_iter().enumerate() {
                    // The byte order mark belongs to the first item.
                    let from = if index == 0 { 0 } else { start + range.start };
                    self.item(text, from..start + range.end, Some(profile), file);
                }
            }
            Recognised::None if self.only_profiles => {
                let names = self.profiles.iter().map(|profile| profile.id().to_owned());
                file.refuse_whole(&Refusal::Unrecognised(names.collect()));
            }
            Recognised::None => match several::second(text) {
                Some(at) => file.refuse_whole(&Refusal::Several(at)),
                None => self.item(text, 0..text.len(), None, file),
            },
            Recognised::Several(profiles) => {
                let names = profiles.iter().map(|profile| profile.id().to_owned());
                file.refuse_whole(&Refusal::Ambiguous(names.collect()));
            }
        }
    }

    fn item(
        &self,
        whole: &str,
        range: Range<usize>,
        profile: Option<&Profile>,
        file: &mut OneFile<'_>,
    ) {
        let text = whole.get(range.clone()).unwrap_or_default();
        let (offset, length) = (wide(range.start), wide(text.len()));
        let item = Item {
            location: Location::range(&file.converted.entry.path, offset, length),
            bytes: Cow::Borrowed(text.as_bytes()),
            contexts: Vec::new(),
            media_type: "text/plain",
            encoding: "utf-8",
            found: None,
            is_payload: false,
        };
        match self.read(&item, text, profile) {
            Ok((made, conflicts)) => {
                // Mostly there are none.
                let values = (!conflicts.is_empty()).then(|| serde_json::to_value(&made.article));
                let values = values.and_then(Result::ok).unwrap_or_default();
                for conflict in conflicts {
                    file.note_conflict(offset, &conflict, &values);
                }
                file.keep(made);
            }
            Err(refusal) => file.refuse(offset..offset + length, &refusal),
        }
    }

    fn read(
        &self,
        item: &Item<'_>,
        text: &str,
        profile: Option<&Profile>,
    ) -> Result<(Made, Vec<Conflict>), Refusal> {
        let (draft, by) = match profile {
            Some(profile) => {
                let draft = profile.read(text).map_err(|mismatch| Refusal::Mismatch {
                    profile: profile.id().to_owned(),
                    mismatch: Box::new(mismatch),
                });
                (Ok(draft?), profile.reference())
            }
            None => (general::read(text), general::profile_ref()),
        };
        let id = by.id.clone();
        let assembled = draft
            .map_err(AssembleError::from)
            .and_then(|draft| assemble::assemble(item, draft, by, self.ids));
        let Assembled {
            article,
            trace,
            conflicts,
        } = assembled.map_err(|source| Refusal::Record {
            profile: id,
            source: Box::new(source),
        })?;
        let made = Made { article, trace };
        fits(&made, text.len())?;
        Ok((made, conflicts))
    }
}

/// Refuses a record that could not be read again, made of an item of `bytes` bytes.
fn fits(made: &Made, bytes: usize) -> Result<(), Refusal> {
    /// No item of fewer bytes makes so long a line, or so many values.
    const HARMLESS: usize = 1 << 17;
    if bytes < HARMLESS {
        return Ok(());
    }
    let written = [
        ("record", serde_json::to_vec(&made.article)),
        ("trace", serde_json::to_vec(&made.trace)),
    ];
    for (what, line) in written {
        // What cannot be written fails where it is to be.
        let line = line.unwrap_or_default();
        let length = line.len() + ENVELOPE;
        if length > MAX_LINE {
            return Err(Refusal::TooLong { what, length });
        }
        let many = match Tape::parse(&line) {
            Ok(tape) => tape.root().slots() + SLOTS > MAX_VALUES,
            Err(error) => matches!(error.kind, SyntaxErrorKind::TooMany),
        };
        if many {
            return Err(Refusal::TooMany { what });
        }
    }
    Ok(())
}

/// What stands around a trace in its line: the id, at most 128 bytes, and two keys.
const ENVELOPE: usize = 160;

/// How many values and keys that are: the line, both keys and the id.
const SLOTS: usize = 4;

/// A file in the making of its result.
struct OneFile<'f> {
    data: &'f [u8],
    lines: Lines<'f>,
    converted: Converted,
}

impl OneFile<'_> {
    fn refuse_whole(&mut self, refusal: &Refusal) {
        self.refuse(0..self.converted.entry.bytes, refusal);
    }

    fn refuse(&mut self, range: Range<u64>, refusal: &Refusal) {
        let entry = &mut self.converted.entry;
        entry.items += 1;
        entry.refused.push(Refused {
            offset: range.start,
            length: range.end - range.start,
            code: refusal.code().name.to_owned(),
        });
        let at = narrow(range.start) + refusal.at();
        let place = self.lines.place(&self.converted.shown, at..at);
        let mut diagnostic = Diagnostic::new(refusal.code(), place, refusal.to_string());
        diagnostic.hint = refusal.hint().map(Cow::into_owned);
        self.converted.diagnostics.push(diagnostic);
    }

    /// Notes control characters, which are kept as they are: the first, and how many there are.
    fn note_controls(&mut self, text: &str) {
        let control = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        let mut found = text.char_indices().filter(|(_, c)| control(c));
        let Some((at, first)) = found.next() else {
            return;
        };
        let more = match found.count() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let message = format!("U+{:04X} is a control character{more}", u32::from(first));
        let place = self
            .lines
            .place(&self.converted.shown, at..at + first.len_utf8());
        self.converted
            .diagnostics
            .push(Diagnostic::new(codes::INPUT_CONTROL, place, message));
    }

    /// Notes that the item disagrees with a value of its record, one of `values`.
    fn note_conflict(&mut self, offset: u64, conflict: &Conflict, values: &serde_json::Value) {
        let span = narrow(offset + conflict.span.start)..narrow(offset + conflict.span.end);
        let says =
            String::from_utf8_lossy(self.data.get(span.clone()).unwrap_or_default()).into_owned();
        let value = values.pointer(conflict.of.as_str());
        let message = match value.and_then(|value| value.as_str()) {
            Some(value) => {
                let (says, value) = apart(&says, value);
                format!("`{says}` differs from {}, which is `{value}`", conflict.of)
            }
            None => format!("`{}` is not what {} is", shown(&says), conflict.of),
        };
        let place = self
            .lines
            .place(&self.converted.shown, span)
            .pointer(conflict.of.clone());
        self.converted
            .diagnostics
            .push(Diagnostic::new(codes::VALUE_CONFLICT, place, message));
    }

    /// Takes a record, and notes what it lacks and whether no profile read it.
    fn keep(&mut self, made: Made) {
        self.converted.entry.count_record(&made.trace.profile.id);
        let at = made
            .trace
            .locations
            .first()
            .map_or(0, |location| narrow(location.offset));
        let (lines, shown) = (&self.lines, &self.converted.shown);
        let place = || {
            lines
                .place(shown, at..at)
                .record(made.article.id.to_string())
        };
        let notes = &mut self.converted.diagnostics;
        if made.trace.profile.id == general::ID {
            let message = "no profile recognises this item; the general text converter read it";
            notes.push(Diagnostic::new(codes::ITEM_GENERAL, place(), message));
        }
        let absent: Vec<String> = made
            .article
            .absent
            .iter()
            .map(|(key, reason)| format!("{} ({})", key.name(), reason.name()))
            .collect();
        if !absent.is_empty() {
            let message = format!("absent: {}", absent.join(", "));
            notes.push(Diagnostic::new(codes::VALUE_ABSENT, place(), message));
        }
        if !made.article.has(AbsentKey::Text) {
            let message = "the record that this item gives has no text";
            notes.push(Diagnostic::new(codes::ITEM_NO_TEXT, place(), message));
        }
        let end = at.saturating_add(narrow(made.article.raw.bytes));
        let item = std::str::from_utf8(self.data.get(at..end).unwrap_or_default());
        if let Some(loss) = item.ok().and_then(|item| Loss::of(item, &made.trace)) {
            let first = loss.stretches.first().cloned().unwrap_or_default();
            let place = lines
                .place(shown, at + first.start..at + first.end)
                .record(made.article.id.to_string());
            let message = loss.message(at);
            notes.push(Diagnostic::new(codes::PROSE_DROPPED, place, message));
        }
        self.converted.made.push(made);
    }
}

fn wide(offset: usize) -> u64 {
    u64::try_from(offset).unwrap_or(u64::MAX)
}

/// An offset within a file that is in memory.
fn narrow(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
