//! From tasks of a dump to what became of each item and each file.

use std::borrow::Cow;
use std::io::{self, Read as _};
use std::ops::Range;

use super::decoded::Decoded;
use super::feed::{Ended, Task};
use super::file::{DumpFile, wide};
use super::reader::Reader;
use super::spot::{self, Spot};
use super::{Converter, Made, Refusal, json, notes};
use crate::diagnostic::{Diagnostic, LineIndex, Place};
use crate::document::JsonDocument;
use crate::dump::cut::{Began, Cut, Encoding, JsonCutter, JsonFault, Piece};
use crate::dump::{
    self, Cause, Contents, ITEM_LIMIT, Input, InputEntry, Item, Kind, LayerError, Limits,
    ReadError, Refused, layered,
};
use crate::profile::Profile;
use crate::trace::{FoundBy, FoundEncoding, Layer, Location};
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
    /// Where it begins.
    pub place: Place,
    /// The record, or the refusal.
    pub made: Result<(Box<Made>, X), Refused>,
    /// What was found on the way, placed in the file.
    pub found: Vec<Diagnostic>,
}

/// What a value of JSON is.
enum Judged<X> {
    Item(Box<Converted<X>>),
    /// The bytes of the items of a page; and what becomes of it where it is to be an item.
    Page(Vec<Range<usize>>, Box<Converted<X>>),
}

/// Who works on tasks.
pub(super) struct Worker<'w, X> {
    pub(super) converter: &'w Converter<'w>,
    /// What is to be made of each record.
    pub(super) each: &'w (dyn Fn(&mut Made, &Spot<'_>) -> X + Sync),
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
                self.piece(&file, began, piece, events);
            }
            Task::End(file, ended) => end(&file, ended, events),
        }
    }

    /// A file that was read whole.
    fn whole(&self, input: &Input, contents: Contents, events: &mut Vec<Event<X>>) {
        let shown = input.file.display().to_string();
        let entry = InputEntry::new(&input.path, contents.bytes, contents.digest, contents.kind);
        let data = contents.data.unwrap_or_default();
        let kind = contents.kind;
        let mut file = DumpFile {
            path: input.path.clone(),
            shown: shown.clone(),
            layers: contents.layers,
            kind,
            bytes: contents.bytes,
            encoding: Encoding::Utf8,
            found: None,
        };
        let mut found = Vec::new();
        let refuse = |refusal: Refusal, events: &mut Vec<Event<X>>| {
            let spot = Spot::whole(&shown, &data);
            let location = Location::range(&input.path, 0, contents.bytes);
            events.push(Event::Item(refused(&spot, &location, &refusal)));
        };
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
            refuse(Refusal::unread(kind, &file.layers, &data), events);
        } else if contents.bytes > ITEM_LIMIT {
            refuse(Refusal::TooLarge(contents.bytes), events);
        } else {
            let failure = if kind == Kind::Text {
                let text = Unpacked::of(&data, &file.layers);
                self.texts(&file, &text, &mut found, events);
                text.failure
            } else {
                self.values(&mut file, &data, events).err()
            };
            if let Some(failure) = failure {
                refuse(Refusal::Layer(failure), events);
            }
        }
        events.push(Event::File { entry, found });
    }

    /// The items of a text. Of one that does not unpack to its end, those that are surely whole.
    fn texts(
        &self,
        file: &DumpFile,
        unpacked: &Unpacked<'_>,
        found: &mut Vec<Diagnostic>,
        events: &mut Vec<Event<X>>,
    ) {
        let bytes = &*unpacked.bytes;
        let whole = Spot::whole(&file.shown, bytes);
        let text = dump::text(bytes);
        if let (Ok(text), None) = (text, &unpacked.failure) {
            found.extend(notes::controls(text, &whole));
        }
        let reader = match self.converter.reader(bytes, text) {
            Ok(reader) => reader,
            // Why the file does not unpack is told instead.
            Err(_) if unpacked.failure.is_some() => return,
            Err(refusal) => {
                events.push(Event::Item(refused(&whole, &file.all(), &refusal)));
                return;
            }
        };
        let lines = LineIndex::new(bytes);
        for range in unpacked.whole_ones(reader.items()) {
            events.push(Event::Item(match &reader {
                Reader::General(text) => self.text(file, text, &lines, range, None),
                Reader::Profile(profile, text) => {
                    self.text(file, text, &lines, range, Some(profile))
                }
                Reader::Decoded(profile, decoded) => {
                    self.decoded(file, bytes, &lines, (decoded, range), profile)
                }
            }));
        }
    }

    fn decoded(
        &self,
        file: &DumpFile,
        bytes: &[u8],
        lines: &LineIndex<'_>,
        (decoded, range): (&Decoded, Range<usize>),
        profile: &Profile,
    ) -> Converted<X> {
        let text = decoded.text.get(range.clone()).unwrap_or_default();
        let start = decoded.place(range.start, bytes);
        let raw = start..decoded.place(range.end, bytes);
        let place = |offset: usize| decoded.place(range.start + offset, bytes) - start;
        let item = Item {
            location: file.text_location(&raw, bytes.len()),
            bytes: Cow::Borrowed(bytes.get(raw.clone()).unwrap_or_default()),
            contexts: Vec::new(),
            media_type: "text/plain",
            encoding: profile.encoding(),
            found: Some(FoundEncoding {
                by: FoundBy::Profile,
                label: Some(profile.encoding().to_owned()),
                context: None,
            }),
            is_payload: false,
        };
        let spot = Spot::within(&file.shown, bytes, lines, raw);
        match self.converter.of_decoded(&item, text, profile, &place) {
            Ok(made) => self.made(made, None, &spot),
            Err(refusal) => refused(&spot, &item.location, &refusal),
        }
    }

    fn text(
        &self,
        file: &DumpFile,
        whole: &str,
        lines: &LineIndex<'_>,
        range: Range<usize>,
        profile: Option<&Profile>,
    ) -> Converted<X> {
        let text = whole.get(range.clone()).unwrap_or_default();
        let item = Item {
            location: file.text_location(&range, whole.len()),
            bytes: Cow::Borrowed(text.as_bytes()),
            contexts: Vec::new(),
            media_type: "text/plain",
            encoding: "utf-8",
            found: None,
            is_payload: false,
        };
        let spot = Spot::within(&file.shown, whole.as_bytes(), lines, range);
        match self.converter.of_text(&item, text, profile) {
            Ok(made) => self.made(made, Some(text), &spot),
            Err(refusal) => refused(&spot, &item.location, &refusal),
        }
    }

    /// The items of a file of JSON that was read whole, up to where a layer fails.
    fn values(
        &self,
        file: &mut DumpFile,
        data: &[u8],
        events: &mut Vec<Event<X>>,
    ) -> Result<(), LayerError> {
        // What is in memory can be read: only a layer fails.
        let failed = |error: io::Error| LayerError::of(&error).cloned().map_or(Ok(()), Err);
        let unpacked = layered(Box::new(data), &file.layers, &Limits::default())?;
        let mut cutter = match JsonCutter::new(unpacked) {
            Ok(cutter) => cutter,
            Err(error) => return failed(error),
        };
        file.encoded_as(&cutter);
        while let Some(piece) = cutter.next() {
            match piece {
                Ok(piece) => self.piece(file, cutter.began(), piece, events),
                Err(error) => return failed(error),
            }
        }
        Ok(())
    }

    /// A piece of a file of JSON.
    fn piece(
        &self,
        file: &DumpFile,
        began: Began,
        piece: Piece<JsonFault>,
        events: &mut Vec<Event<X>>,
    ) {
        match piece {
            Piece::Item(cut) => match self.value(file, began, &cut) {
                Judged::Item(made) => events.push(Event::Item(*made)),
                Judged::Page(items, _) => self.page(file, began, &cut, items, events),
            },
            Piece::Refused(fault) => {
                let location = file.location(fault.offset, fault.length);
                let refusal = Refusal::Json(fault.why);
                let place = spot::near(&file.shown, fault.at, &fault.near);
                let mut message = refusal.to_string();
                if fault.near.began.line > began.line {
                    let Began { line, column } = began;
                    message = format!("{message}; the item begins at {line}:{column}");
                }
                let refused = refused_at(place, message, &location, &refusal);
                events.push(Event::Item(refused));
            }
        }
    }

    /// The items of a page.
    fn page(
        &self,
        file: &DumpFile,
        mut began: Began,
        page: &Cut,
        spans: Vec<Range<usize>>,
        events: &mut Vec<Event<X>>,
    ) {
        let bytes = |span| page.bytes.get(span).unwrap_or_default();
        let mut at = 0;
        for span in spans {
            began = began.behind(bytes(at..span.start), file.encoding);
            at = span.start;
            let item = Cut {
                offset: page.offset + wide(span.start),
                bytes: bytes(span).to_vec(),
            };
            events.push(Event::Item(match self.value(file, began, &item) {
                // A page in a page is none.
                Judged::Item(made) | Judged::Page(_, made) => *made,
            }));
        }
    }

    /// A value of JSON.
    fn value(&self, file: &DumpFile, began: Began, cut: &Cut) -> Judged<X> {
        let Cut { offset, bytes } = cut;
        let location = file.location(*offset, wide(bytes.len()));
        let spot = Spot::new(&file.shown, bytes, *offset, began).encoded(file.encoding);
        let refuse = |refusal: &Refusal| Box::new(refused(&spot, &location, refusal));
        let document = match JsonDocument::parse(bytes, file.encoding) {
            Ok(document) => document,
            Err(error) => return Judged::Item(refuse(&Refusal::Document(error))),
        };
        // No profile reads JSON.
        if self.converter.only_profiles {
            return Judged::Item(refuse(&self.converter.unrecognised()));
        }
        if !json::reads(&document) {
            let refused = refuse(&Refusal::no_article(document.root()));
            return match json::page(document.root()) {
                Some(items) => Judged::Page(items, refused),
                None => Judged::Item(refused),
            };
        }
        let item = Item {
            location,
            bytes: Cow::Borrowed(bytes),
            contexts: Vec::new(),
            media_type: "application/json",
            encoding: file.encoding.label(),
            found: file.found.clone(),
            is_payload: false,
        };
        let (made, unread) = self.converter.of_json(&item, &document);
        let mut outcome = match made {
            Ok(made) => self.made(made, None, &spot),
            Err(refusal) => refused(&spot, &item.location, &refusal),
        };
        let mut found = notes::unreadable(&unread, &spot);
        found.extend(notes::surrogates(&document, &spot));
        found.extend(notes::duplicates(&document, &spot));
        let id = outcome
            .made
            .as_ref()
            .ok()
            .map(|(made, _)| made.article.id.to_string());
        for one in &mut found {
            one.place.record.clone_from(&id);
        }
        outcome.found.extend(found);
        Judged::Item(Box::new(outcome))
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
            place: spot.start(),
            made: Ok((made, extra)),
            found,
        }
    }
}

/// The end of a file that was cut.
fn end<X>(file: &DumpFile, ended: Ended, events: &mut Vec<Event<X>>) {
    let Ended {
        bytes,
        digest,
        damage,
    } = ended;
    if let Some(error) = damage.as_ref().and_then(LayerError::of) {
        let spot = Spot::whole(&file.shown, &[]);
        let refusal = Refusal::Layer(error.clone());
        events.push(Event::Item(refused(&spot, &file.packed(), &refusal)));
    }
    events.push(Event::File {
        entry: InputEntry::new(&file.path, bytes, digest, file.kind),
        found: Vec::new(),
    });
}

/// An item that becomes no record.
fn refused<X>(spot: &Spot<'_>, location: &Location, refusal: &Refusal) -> Converted<X> {
    let at = refusal.at();
    refused_at(spot.place(at..at), refusal.to_string(), location, refusal)
}

/// The same with a place and a message of its own.
fn refused_at<X>(
    place: Place,
    message: String,
    location: &Location,
    refusal: &Refusal,
) -> Converted<X> {
    let mut diagnostic = Diagnostic::new(refusal.code(), place.clone(), message);
    diagnostic.hint = refusal.hint().map(Cow::into_owned);
    Converted {
        place,
        made: Err(Refused::at(location, refusal.code().name)),
        found: vec![diagnostic],
    }
}

/// What a text that was read whole holds.
pub(crate) struct Unpacked<'d> {
    pub(crate) bytes: Cow<'d, [u8]>,
    /// Why there are no more. Then the bytes end with the last whole line.
    pub(crate) failure: Option<LayerError>,
}

impl<'d> Unpacked<'d> {
    pub(crate) fn of(data: &'d [u8], layers: &[Layer]) -> Self {
        if layers.is_empty() {
            return Self {
                bytes: Cow::Borrowed(data),
                failure: None,
            };
        }
        let limits = Limits::default().with_size(ITEM_LIMIT);
        let mut bytes = Vec::new();
        let read = layered(Box::new(data), layers, &limits)
            .map_err(io::Error::from)
            .and_then(|mut reader| reader.read_to_end(&mut bytes));
        // What is in memory can be read: only a layer fails.
        let failure = read.err().and_then(|error| LayerError::of(&error).cloned());
        if let Some(failure) = &failure {
            let is_too_large = matches!(failure.cause, Cause::Size { .. });
            let end = memchr::memrchr(b'\n', &bytes).filter(|_| !is_too_large);
            bytes.truncate(end.map_or(0, |end| end + 1));
        }
        Self {
            bytes: Cow::Owned(bytes),
            failure,
        }
    }

    /// The items that are surely whole: where there is more, the last may go on in it.
    pub(crate) fn whole_ones(&self, mut items: Vec<Range<usize>>) -> Vec<Range<usize>> {
        items.pop_if(|_| self.failure.is_some());
        items
    }
}
