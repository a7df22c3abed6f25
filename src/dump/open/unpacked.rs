//! What a packed range holds.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::{OpenError, SMALL, locked};

/// What a packed range holds.
#[derive(Debug, Clone)]
pub(super) struct Unpacked {
    pub(super) bytes: Stored,
    /// Why there are no more bytes, where that is a failure.
    pub(super) end: Option<OpenError>,
}

/// Where unpacked bytes are.
#[derive(Debug, Clone)]
pub(super) enum Stored {
    Memory(Arc<[u8]>),
    /// In a scratch file.
    Disk {
        file: Arc<Mutex<File>>,
        range: Range<u64>,
    },
}

impl Unpacked {
    /// A reader of a slice of it.
    pub(super) fn section(&self, slice: Range<u64>) -> Result<Section, OpenError> {
        let bytes = self.length();
        if slice.end > bytes {
            let end = slice.end;
            let short = OpenError::ShortUnpacked { bytes, end };
            return Err(self.end.clone().unwrap_or(short));
        }
        Ok(Section {
            bytes: self.bytes.clone(),
            slice,
        })
    }

    pub(super) fn length(&self) -> u64 {
        match &self.bytes {
            Stored::Memory(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Stored::Disk { range, .. } => range.end - range.start,
        }
    }

    /// How many bytes it counts for in memory.
    pub(super) fn memory(&self) -> usize {
        match &self.bytes {
            Stored::Memory(bytes) => bytes.len().max(SMALL),
            Stored::Disk { .. } => 0,
        }
    }
}

/// A reader of a slice of what was unpacked.
pub(super) struct Section {
    bytes: Stored,
    /// What is left of the slice.
    slice: Range<u64>,
}

impl Read for Section {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.slice.end - self.slice.start).unwrap_or(usize::MAX);
        let room = into.len().min(left);
        let into = into.get_mut(..room).unwrap_or_default();
        let read = match &self.bytes {
            _ if into.is_empty() => 0,
            Stored::Memory(bytes) => {
                let at = usize::try_from(self.slice.start).unwrap_or(usize::MAX);
                bytes.get(at..).unwrap_or_default().read(into)?
            }
            Stored::Disk { file, range } => {
                let mut file = locked(file);
                file.seek(SeekFrom::Start(range.start + self.slice.start))?;
                file.read(into)?
            }
        };
        self.slice.start += u64::try_from(read).unwrap_or(u64::MAX);
        Ok(read)
    }
}
