//! From tasks of a dump to what became of each item and each file.

use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

use super::decoded::Decoded;
use super::feed::{Ended, Streamed, Task};
use super::reader::Reader;
use super::spot::Spot;
use super::{Converter, Made, Refusal, json, notes};
use crate::diagnostic::Diagnostic;
use crate::document::JsonDocument;
use crate::dump::cut::{Began, Cut, Encoding, JsonCutter, JsonFault, Piece, Refusal as Broken};
use crate::dump::{
    self, Contents, ITEM_LIMIT, Input, InputEntry, Item, Kind, LayerError, Limits, ReadError,
    Refused, layered,
};
use crate::profile::Profile;
use crate::trace::{Found, FoundBy, Layer, Location};
use crate::transit;

/// What became of something in a dump, with what was to be made of each record beside it.
pub(super) enum Event<X> {
    Item(Converted<X>),
    /// A file that was read to its end: its line of the ledger, without what its items add to it.
    File {
        entry: InputEntry,
        found: Vec<Diagnostic>,
    },
    Failed(ReadError),
}

/// What became of one item.
pub struct Converted<X> {
    /// What diagnostics call its file.
    pub shown: String,
    /// The record, or the refusal.
    pub made: Result<(Box<Made>, X), Refused>,
    /// What was found on the way, placed in the file.
    pub found: Vec<Diagnostic>,
}

/// Who works on tasks.
pub(super) struct Worker<'w, X> {
    pub(super) converter: &'w Converter<'w>,
    /// What is to be made of each record.
    pub(super) each: &'w (dyn Fn(&mut Made, &Spot<'_>) -> X + Sync),
}

/// A file that is read whole.
struct Whole<'f> {
    path: &'f str,
    shown: &'f str,
    layers: &'f [Layer],
    /// How many bytes the file has.
    bytes: u64,
}

impl<X> Worker<'_, X> {
    /// Does the work, and puts what comes of it into `events`.
    pub(super) fn task(&self, task: Task<'_>, events: &mut Vec<Event<X>>) {
        match task {
            Task::Failed(error) => events.push(Event::Failed(error)),
            Task::Whole(input, head, rest) => match dump::read_on(input, head, rest) {
                Ok(contents) => self.whole(input, contents, events),
                Err(error) => events.push(Event::Failed(error)),
            },
            Task::Piece(file, began, piece) => {
                events.push(Event::Item(self.piece(&file, began, piece)));
            }
            Task::End(file, ended) => end(&file, ended, events),
        }
    }

    /// A file that was read whole.
    fn whole(&self, input: &Input, contents: Contents, events: &mut Vec<Event<X>>) {
        let shown = input.file.display().to_string();
        let entry = InputEntry::new(&input.path, contents.bytes, contents.digest, contents.kind);
        let data = contents.data.unwrap_or_default();
        let file = Whole {
            path: &input.path,
            shown: &shown,
            layers: &contents.layers,
            bytes: contents.bytes,
        };
        let mut found = Vec::new();
        let refuse = |refusal: Refusal, events: &mut Vec<Event<X>>| {
            let spot = Spot::whole(&shown, &data);
            let range = Location::range(&input.path, 0, contents.bytes);
            events.push(Event::Item(refused(&spot, &range, &refusal)));
        };
        let kind = contents.kind;
        if kind == Kind::Notes {
            // In notes no items are looked for.
        } else if kind == Kind::Empty {
            refuse(Refusal::Empty, events);
        } else if kind == Kind::Pointer {
            let pointer = transit::pointer_at(&input.file, &data);
            let refusal = pointer.map_or(Refusal::Unsupported(Kind::Pointer), Refusal::Pointer);
            refuse(refusal, events);
        } else if let Some(damage) = &contents.damage {
            refuse(Refusal::Layer(damage.clone()), events);
        } else if !kind.is_read() {
            refuse(Refusal::unread(kind, &contents.layers), events);
        } else if contents.bytes > ITEM_LIMIT {
            refuse(Refusal::TooLarge(contents.bytes), events);
        } else {
            match unpack(&data, &contents.layers) {
                Ok(data) if kind == Kind::Text => self.texts(&file, &data, &mut found, events),
                Ok(data) => self.values(&file, kind, &data, events),
                Err(error) => refuse(Refusal::Layer(error), events),
            }
        }
        events.push(Event::File { entry, found });
    }

    /// The items of a text.
    fn texts(
        &self,
        file: &Whole<'_>,
        bytes: &[u8],
        found: &mut Vec<Diagnostic>,
        events: &mut Vec<Event<X>>,
    ) {
        let whole = Spot::whole(file.shown, bytes);
        let text = dump::text(bytes);
        if let Ok(text) = text {
            found.extend(notes::controls(text, &whole));
        }
        let reader = match self.converter.reader(bytes, text) {
            Ok(reader) => reader,
            Err(refusal) => {
                let location = file.location(0..bytes.len());
                events.push(Event::Item(refused(&whole, &location, &refusal)));
                return;
            }
        };
        for range in reader.items() {
            events.push(Event::Item(match &reader {
                Reader::General(text) => self.text(file, text, range, None),
                Reader::Profile(profile, text) => self.text(file, text, range, Some(profile)),
                Reader::Decoded(profile, decoded) => {
                    self.decoded(file, bytes, decoded, range, profile)
                }
            }));
        }
    }

    fn decoded(
        &self,
        file: &Whole<'_>,
        bytes: &[u8],
        decoded: &Decoded,
        range: Range<usize>,
        profile: &Profile,
    ) -> Converted<X> {
        let text = decoded.text.get(range.clone()).unwrap_or_default();
        let start = decoded.place(range.start, bytes);
        let raw = start..decoded.place(range.end, bytes);
        let place = |offset: usize| decoded.place(range.start + offset, bytes) - start;
        let item = Item {
            location: file.location(raw.clone()),
            bytes: Cow::Borrowed(bytes.get(raw.clone()).unwrap_or_default()),
            contexts: Vec::new(),
            media_type: "text/plain",
            encoding: profile.encoding(),
            found: Some(Found {
                by: FoundBy::Profile,
                label: Some(profile.encoding().to_owned()),
                context: None,
            }),
            is_payload: false,
        };
        let lines = bytes.get(..start).unwrap_or_default();
        let began = Began {
            line: wide(memchr::memchr_iter(b'\n', lines).count()) + 1,
            column: None,
        };
        let spot = Spot::new(file.shown, &item.bytes, wide(start), began);
        match self.converter.of_decoded(&item, text, profile, &place) {
            Ok(made) => self.made(made, None, &spot),
            Err(refusal) => refused(&spot, &item.location, &refusal),
        }
    }

    fn text(
        &self,
        file: &Whole<'_>,
        whole: &str,
        range: Range<usize>,
        profile: Option<&Profile>,
    ) -> Converted<X> {
        let text = whole.get(range.clone()).unwrap_or_default();
        let item = Item {
            location: file.location(range.clone()),
            bytes: Cow::Borrowed(text.as_bytes()),
            contexts: Vec::new(),
            media_type: "text/plain",
            encoding: "utf-8",
            found: None,
            is_payload: false,
        };
        let lines = whole.as_bytes().get(..range.start).unwrap_or_default();
        let (before, column) = match lines.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => (
                memchr::memchr_iter(b'\n', lines).count(),
                range.start - last,
            ),
            None => (0, range.start + 1),
        };
        let began = Began {
            line: wide(before) + 1,
            column: Some(wide(column)),
        };
        let spot = Spot::new(file.shown, text.as_bytes(), wide(range.start), began);
        match self.converter.of_text(&item, text, profile) {
            Ok(made) => self.made(made, Some(text), &spot),
            Err(refusal) => refused(&spot, &item.location, &refusal),
        }
    }

    /// The items of a file of JSON that was read whole.
    fn values(&self, file: &Whole<'_>, kind: Kind, data: &[u8], events: &mut Vec<Event<X>>) {
        // What is in memory can be read.
        let Ok(mut cutter) = JsonCutter::new(data) else {
            return;
        };
        let streamed = Streamed {
            path: file.path.to_owned(),
            shown: file.shown.to_owned(),
            layers: file.layers.to_vec(),
            kind,
            encoding: cutter.encoding(),
            bytes: file.bytes,
        };
        while let Some(Ok(piece)) = cutter.next() {
            let began = cutter.began();
            events.push(Event::Item(self.piece(&streamed, began, piece)));
        }
    }

    /// A piece of a file of JSON.
    fn piece(&self, file: &Streamed, began: Began, piece: Piece<JsonFault>) -> Converted<X> {
        match piece {
            Piece::Item(cut) => self.value(file, began, cut),
            Piece::Refused(Broken {
                offset,
                length,
                at,
                why,
            }) => {
                let spot = Spot::new(&file.shown, &[], at, began);
                let location = file.location(offset, length);
                refused(&spot, &location, &Refusal::Json(why))
            }
        }
    }

    /// An item of JSON.
    fn value(&self, file: &Streamed, began: Began, Cut { offset, bytes }: Cut) -> Converted<X> {
        let location = file.location(offset, wide(bytes.len()));
        let spot = Spot::new(&file.shown, &bytes, offset, began);
        let document = match JsonDocument::parse(&bytes, file.encoding) {
            // No profile reads JSON.
            Ok(_) if self.converter.only_profiles => {
                return refused(&spot, &location, &self.converter.unrecognised());
            }
            Ok(document) if json::reads(&document) => document,
            Ok(document) => {
                let refusal = Refusal::NotAnArticle(document.root().kind());
                return refused(&spot, &location, &refusal);
            }
            Err(error) => return refused(&spot, &location, &Refusal::Document(error)),
        };
        let item = Item {
            location,
            bytes: Cow::Borrowed(&bytes),
            contexts: Vec::new(),
            media_type: "application/json",
            encoding: file.encoding.label(),
            found: (file.encoding != Encoding::Utf8).then_some(Found {
                by: FoundBy::Nul,
                label: None,
                context: None,
            }),
            is_payload: false,
        };
        let mut outcome = match self.converter.of_json(&item, &document) {
            Ok(made) => self.made(made, None, &spot),
            Err(refusal) => refused(&spot, &item.location, &refusal),
        };
        outcome.found.extend(notes::surrogates(&document, &spot));
        outcome.found.extend(notes::duplicates(&document, &spot));
        outcome
    }

    fn made(&self, made: super::Assembled, text: Option<&str>, spot: &Spot<'_>) -> Converted<X> {
        let super::Assembled {
            article,
            trace,
            conflicts,
        } = made;
        let mut made = Box::new(Made { article, trace });
        let extra = (self.each)(&mut made, spot);
        let mut found = notes::conflicts(&made, &conflicts, spot);
        found.extend(notes::made(&made, text, spot, self.converter.notes));
        Converted {
            shown: spot.file().to_owned(),
            made: Ok((made, extra)),
            found,
        }
    }
}

/// The end of a file that was cut.
fn end<X>(file: &Streamed, ended: Ended, events: &mut Vec<Event<X>>) {
    let Ended {
        bytes,
        digest,
        damage,
    } = ended;
    if let Some(error) = damage.as_ref().and_then(LayerError::of) {
        let spot = Spot::whole(&file.shown, &[]);
        let location = Location::range(&file.path, 0, bytes);
        let refusal = Refusal::Layer(error.clone());
        events.push(Event::Item(refused(&spot, &location, &refusal)));
    }
    events.push(Event::File {
        entry: InputEntry::new(&file.path, bytes, digest, file.kind),
        found: Vec::new(),
    });
}

/// An item that becomes no record.
fn refused<X>(spot: &Spot<'_>, location: &Location, refusal: &Refusal) -> Converted<X> {
    let at = refusal.at();
    let mut diagnostic = Diagnostic::new(refusal.code(), spot.place(at..at), refusal.to_string());
    diagnostic.hint = refusal.hint().map(Cow::into_owned);
    Converted {
        shown: spot.file().to_owned(),
        made: Err(Refused::at(location, refusal.code().name)),
        found: vec![diagnostic],
    }
}

/// What a file that was read whole holds.
fn unpack<'d>(data: &'d [u8], layers: &[Layer]) -> Result<Cow<'d, [u8]>, LayerError> {
    if layers.is_empty() {
        return Ok(Cow::Borrowed(data));
    }
    let limits = Limits::default().with_size(ITEM_LIMIT);
    let mut unpacked = Vec::new();
    let mut reader = layered(Box::new(data), layers, &limits)?;
    match reader.read_to_end(&mut unpacked) {
        Ok(_) => Ok(Cow::Owned(unpacked)),
        // What is in memory can be read: only a layer fails.
        Err(error) => match LayerError::of(&error) {
            Some(error) => Err(error.clone()),
            None => Ok(Cow::Owned(unpacked)),
        },
    }
}

impl Whole<'_> {
    /// Where a range of what the file holds lies.
    fn location(&self, range: Range<usize>) -> Location {
        if self.layers.is_empty() {
            return Location::range(self.path, wide(range.start), wide(range.len()));
        }
        let slice = (range.start > 0).then_some(Layer::Slice {
            start: wide(range.start),
            end: wide(range.end),
        });
        Location {
            layers: self.layers.iter().copied().chain(slice).collect(),
            ..Location::range(self.path, 0, self.bytes)
        }
    }
}

impl Streamed {
    /// Where a range of what the file holds lies.
    fn location(&self, offset: u64, length: u64) -> Location {
        if self.layers.is_empty() {
            return Location::range(&self.path, offset, length);
        }
        let slice = Layer::Slice {
            start: offset,
            end: offset + length.max(1),
        };
        Location {
            layers: self.layers.iter().copied().chain([slice]).collect(),
            ..Location::range(&self.path, 0, self.bytes)
        }
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
