//! A file of a dump, and where in it items lie.

use std::io::Read;
use std::ops::Range;

use crate::dump::Kind;
use crate::dump::cut::{Encoding, JsonCutter};
use crate::trace::{FoundBy, FoundEncoding, Layer, Location};

/// A file of a dump.
#[derive(Debug)]
pub(super) struct DumpFile {
    /// Its path in the ledger.
    pub(super) path: String,
    /// What diagnostics call it.
    pub(super) shown: String,
    /// The codecs that it is packed with.
    pub(super) layers: Vec<Layer>,
    pub(super) kind: Kind,
    /// How many bytes it has.
    pub(super) bytes: u64,
    /// In which encoding its items are, if they are JSON.
    pub(super) encoding: Encoding,
    /// How that was found; nothing where it is UTF-8.
    pub(super) found: Option<FoundEncoding>,
}

impl DumpFile {
    /// Takes the encoding that a cutter of the file found.
    pub(super) fn encoded_as<R: Read>(&mut self, cutter: &JsonCutter<R>) {
        self.encoding = cutter.encoding();
        self.found = (self.encoding != Encoding::Utf8).then_some(FoundEncoding {
            by: if cutter.has_mark() {
                FoundBy::Bom
            } else {
                FoundBy::Nul
            },
            label: None,
            context: None,
        });
    }

    /// All that the file holds once it is unpacked.
    pub(super) fn all(&self) -> Location {
        Location {
            layers: self.layers.clone(),
            ..self.packed()
        }
    }

    /// The file as it lies on disk.
    pub(super) fn packed(&self) -> Location {
        Location::range(&self.path, 0, self.bytes)
    }

    /// A range of what the file holds once it is unpacked.
    pub(super) fn location(&self, offset: u64, length: u64) -> Location {
        if self.layers.is_empty() {
            return Location::range(&self.path, offset, length);
        }
        let mut location = self.all();
        location.layers.push(Layer::Slice {
            start: offset,
            end: offset + length.max(1),
        });
        location
    }

    /// A range of the text of `length` bytes that the file holds. A text that is one item needs no slice.
    pub(super) fn text_location(&self, range: &Range<usize>, length: usize) -> Location {
        if *range == (0..length) {
            return self.all();
        }
        self.location(wide(range.start), wide(range.len()))
    }
}

/// A length or place in memory as traces count it.
pub(super) fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
