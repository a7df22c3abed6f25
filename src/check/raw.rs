//! The raw items that traces lead back to.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use crate::diagnostic::escape::shown;
use crate::digest::Digest;
use crate::dump::{ITEM_LIMIT, Input};
use crate::trace::Location;

/// The files of a dump by the paths that traces name them by.
#[derive(Debug)]
pub(super) struct RawItems {
    files: HashMap<String, PathBuf>,
    /// Whether other files, which are not looked for, hold items, too.
    some: bool,
}

/// Why the bytes at a location are not those of the item.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    /// There is no such file.
    #[error("cannot be checked: there is no raw file `{}`", shown(.0))]
    Missing(String),
    /// The file ends before the item does.
    #[error("cannot be checked: `{}` has {bytes} bytes and the item ends at {end}", shown(.path))]
    Short {
        /// The file.
        path: String,
        /// Its size.
        bytes: u64,
        /// Where the item should end.
        end: u64,
    },
    /// The item has more bytes than one of a dump may have.
    #[error(
        "cannot be checked: the item has {bytes} bytes, and of more than {ITEM_LIMIT} none is read"
    )]
    Large {
        /// How many it has.
        bytes: u64,
    },
    /// The file cannot be read.
    #[error("cannot be checked: `{}`: {source}", shown(.path))]
    Io {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The bytes are other ones.
    #[error("the bytes there have the digest {found}, not the record's {stated}")]
    Digest {
        /// What they have.
        found: Digest,
        /// `raw.digest`.
        stated: Digest,
    },
}

impl RawItems {
    pub(super) fn new(inputs: &[Input], some: bool) -> Self {
        let files = inputs
            .iter()
            .map(|input| (input.path.clone(), input.file.clone()));
        Self {
            files: files.collect(),
            some,
        }
    }

    /// Whether what lies at a location is to be read: everything, unless these are some files of many.
    pub(super) fn looks_at(&self, location: &Location) -> bool {
        !self.some || self.files.contains_key(&location.path)
    }

    /// The bytes at a location, when they are those of the item of this digest.
    pub(super) fn read(&self, location: &Location, digest: Digest) -> Result<Vec<u8>, Unread> {
        let path = &location.path;
        if location.length > ITEM_LIMIT {
            return Err(Unread::Large {
                bytes: location.length,
            });
        }
        let file = self
            .files
            .get(path)
            .ok_or_else(|| Unread::Missing(path.clone()))?;
        let io = |source| Unread::Io {
            path: path.clone(),
            source,
        };
        let mut file = File::open(file).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        let end = location.offset.saturating_add(location.length);
        if end > size {
            return Err(Unread::Short {
                path: path.clone(),
                bytes: size,
                end,
            });
        }
        file.seek(SeekFrom::Start(location.offset)).map_err(io)?;
        let mut item = Vec::new();
        file.take(location.length)
            .read_to_end(&mut item)
            .map_err(io)?;
        let found = Digest::of(&item);
        if found == digest {
            Ok(item)
        } else {
            Err(Unread::Digest {
                found,
                stated: digest,
            })
        }
    }
}
