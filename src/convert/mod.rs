//! From raw items to records with traces.
//!
//! An item is read by the one profile that recognises it, or else by the general converter for its
//! kind. Either names bytes and transforms (a [`crate::trace::Draft`]); the record's values are what
//! those give. What cannot be read is refused with its reason, and the others go on.

mod assemble;
mod characters;
#[cfg(test)]
pub(crate) mod collected;
mod decoded;
mod feed;
mod file;
mod general;
mod json;
mod latest;
mod loss;
mod notes;
mod reader;
mod refusal;
mod several;
mod spot;
mod state;
#[cfg(test)]
mod tests;
pub mod text;
mod work;

pub use assemble::AssembleError;
pub(crate) use json::{names_an_article, reads as may_be_article};
pub(crate) use latest::Latest;
pub(crate) use reader::Reader;
pub use refusal::Refusal;
pub use spot::Spot;
pub use state::{
    ConvertError, FirstFew, KeepIds, METHOD, Options, Outcome, Pairing, Prepared, Scope, Summary,
    Take, convert, prepare,
};
pub(crate) use state::{assert, id_of};
pub use work::Converted;
pub(crate) use work::Unpacked;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use assemble::{Assembled, assemble};
use feed::Feed;
use serde::Serialize;
use work::{Event, Worker};

use crate::diagnostic::Diagnostic;
use crate::document::JsonDocument;
use crate::dump::{Input, InputEntry, Item, ReadError};
use crate::json::{MAX_VALUES, SyntaxErrorKind, Tape};
use crate::pool;
use crate::profile::Profile;
use crate::record::{Article, IdRule, MAX_LINE};
use crate::trace::{Draft, DraftError, ProfileRef, Trace};

/// Reads items by profiles.
#[derive(Debug, Clone, Copy)]
pub struct Converter<'p> {
    /// The profiles that may recognise an item.
    pub profiles: &'p [&'p Profile],
    /// Whether an item that none recognises is refused rather than read by the general converter.
    pub only_profiles: bool,
    /// Where ids come from.
    pub ids: IdRule,
    /// Whether notes are told beside what is wrong: which values are absent, and who read an item.
    pub notes: bool,
}

/// A record and how it was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// The record.
    pub article: Article,
    /// Its trace.
    pub trace: Trace,
}

/// What [`Converter::run`] tells.
pub enum Told<'t, X> {
    /// What became of an item of the file of `entry`, which does not count it yet.
    Item(&'t mut InputEntry, Converted<X>),
    /// What became of a file, its items counted as they were told: its line in the ledger, and what was found of
    /// the file as a whole.
    File(InputEntry, Vec<Diagnostic>),
    /// A file cannot be read.
    Failed(ReadError),
}

impl Converter<'_> {
    /// Converts every input, in their order, and tells what becomes of each item and each file.
    ///
    /// Items are read in parallel, and told in the order of inputs and of positions at every number of threads.
    /// `each` makes something more of each record, on the thread that made it. Memory does not grow with the size of
    /// a file: each thread has one piece of work, at most 64 items or what is behind the first megabyte of them, and
    /// items of megabytes, up to [`crate::dump::ITEM_LIMIT`], are done one after the other.
    ///
    /// # Errors
    ///
    /// Whatever `tell` fails with; then nothing more is told.
    pub fn run<X: Send, E: Send>(
        &self,
        inputs: &[Input],
        each: impl Fn(&mut Made, &Spot<'_>) -> X + Sync,
        tell: impl FnMut(Told<'_, X>) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let worker = Worker {
            converter: self,
            each: &each,
        };
        let failed = AtomicBool::new(false);
        let state = Telling {
            tell,
            open: None,
            result: Ok(()),
        };
        let state = pool::run(Feed::new(inputs, &failed), state, |batch, turn| {
            let mut events = Vec::new();
            for task in batch.tasks.drain(..) {
                worker.task(task, &mut events);
            }
            turn.take(|state| {
                for event in events {
                    state.take(event);
                }
                failed.fetch_or(state.result.is_err(), Ordering::Relaxed);
            });
        });
        // Where a thread panicked, so has this one.
        state.map_or(Ok(()), |state| state.result)
    }

    /// The record of an item that is text.
    fn of_text(
        &self,
        item: &Item<'_>,
        text: &str,
        profile: Option<&Profile>,
    ) -> Result<Assembled, Refusal> {
        let Some(profile) = profile else {
            return self.assembled(item, general::read(text), general::profile_ref());
        };
        let draft = profile.read(text);
        let draft = draft.map_err(|mismatch| Refusal::of_mismatch(profile, mismatch))?;
        self.assembled(item, Ok(draft), profile.reference())
    }

    /// The record of an item that is text in the encoding that its profile says; `place` leads from a byte of the
    /// text to one of the item.
    fn of_decoded(
        &self,
        item: &Item<'_>,
        text: &str,
        profile: &Profile,
        place: &dyn Fn(usize) -> usize,
    ) -> Result<Assembled, Refusal> {
        let narrow = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let draft = profile.read(text).map_err(|mut mismatch| {
            mismatch.at = place(mismatch.at);
            Refusal::of_mismatch(profile, mismatch)
        });
        let draft = draft?.mapped(|at| file::wide(place(narrow(at))));
        self.assembled(item, Ok(draft), profile.reference())
    }

    /// The record of an item that is JSON, and its values that could not be read.
    fn of_json(
        &self,
        item: &Item<'_>,
        document: &JsonDocument<'_>,
    ) -> (Result<Assembled, Refusal>, Vec<json::Unread>) {
        let (draft, unread) = match json::read(&item.bytes, document) {
            Ok((draft, unread)) => (Ok(draft), unread),
            Err(error) => (Err(error), Vec::new()),
        };
        (self.assembled(item, draft, json::profile_ref()), unread)
    }

    fn assembled(
        &self,
        item: &Item<'_>,
        draft: Result<Draft, DraftError>,
        by: ProfileRef,
    ) -> Result<Assembled, Refusal> {
        let id = by.id.clone();
        let assembled = draft
            .map_err(AssembleError::from)
            .and_then(|draft| assemble(item, draft, by, self.ids));
        let assembled = assembled.map_err(|source| {
            if matches!(source, AssembleError::Draft(DraftError::TooManySpans)) {
                return Refusal::TooManySpans;
            }
            Refusal::Record {
                profile: id,
                source: Box::new(source),
            }
        })?;
        fits(&assembled.article, &assembled.trace, item.bytes.len())?;
        Ok(assembled)
    }
}

/// What the general JSON converter states of an item, before any value is taken from its bytes.
///
/// ```
/// use dateline::convert::json_draft;
/// use dateline::document::JsonDocument;
/// use dateline::dump::cut::Encoding;
/// use dateline::json::Pointer;
///
/// let item = br#"{"title": "Rain ends"}"#;
/// let draft = json_draft(item, &JsonDocument::parse(item, Encoding::Utf8)?)?;
/// assert!(draft.has(&Pointer::parse("/article/headline")?.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`DraftError`], where what is stated does not go together.
pub fn json_draft(bytes: &[u8], document: &JsonDocument<'_>) -> Result<Draft, DraftError> {
    Ok(json::read(bytes, document)?.0)
}

/// Tells events in their order.
struct Telling<T, E> {
    tell: T,
    /// The file whose items come by.
    open: Option<InputEntry>,
    result: Result<(), E>,
}

impl<T, E> Telling<T, E> {
    fn take<X>(&mut self, event: Event<X>)
    where
        T: FnMut(Told<'_, X>) -> Result<(), E>,
    {
        if self.result.is_err() {
            return;
        }
        self.result = match event {
            Event::Failed(error) => {
                self.open = None;
                (self.tell)(Told::Failed(error))
            }
            Event::Item(outcome) => {
                let open = self.open.get_or_insert_with(InputEntry::unknown);
                (self.tell)(Told::Item(open, outcome))
            }
            Event::File { mut entry, found } => {
                if let Some(open) = self.open.take() {
                    entry.count_of(open);
                }
                (self.tell)(Told::File(entry, found))
            }
        };
    }
}

/// Refuses a record that could not be read again, made of an item of `bytes` bytes.
fn fits(article: &Article, trace: &Trace, bytes: usize) -> Result<(), Refusal> {
    /// No item of fewer bytes makes so long a line, or so many values.
    const HARMLESS: usize = 1 << 17;
    if bytes < HARMLESS {
        return Ok(());
    }
    fits_line("record", article)?;
    fits_line("trace", trace)
}

fn fits_line(what: &'static str, value: &impl Serialize) -> Result<(), Refusal> {
    let mut size = Size::default();
    // What cannot be written fails where it is to be.
    if serde_json::to_writer(&mut size, value).is_err() {
        return Ok(());
    }
    let length = size.bytes + ENVELOPE;
    if length > MAX_LINE {
        return Err(Refusal::TooLong { what, length });
    }
    if size.marks + SLOTS < MAX_VALUES {
        return Ok(());
    }
    let line = serde_json::to_vec(value).unwrap_or_default();
    let many = match Tape::parse(&line) {
        Ok(tape) => tape.root().slots() + SLOTS > MAX_VALUES,
        Err(error) => matches!(error.kind, SyntaxErrorKind::TooMany),
    };
    if many {
        return Err(Refusal::TooMany { what });
    }
    Ok(())
}

/// How long a line is. Before each key, and each value but the first, is one of these marks; more are in strings.
#[derive(Default)]
struct Size {
    bytes: usize,
    marks: usize,
}

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len();
        let is_mark = |byte: &&u8| matches!(byte, b',' | b':' | b'[' | b'{');
        self.marks += bytes.iter().filter(is_mark).count();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What stands around a trace in its line: the id, at most 128 bytes, and two keys.
const ENVELOPE: usize = 160;

/// How many values and keys that are: the line, both keys and the id.
const SLOTS: usize = 4;
