//! The raw items that traces lead back to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use crate::diagnostic::escape::shown;
use crate::digest::Digest;
use crate::dump::{ITEM_LIMIT, Input};
use crate::open;
use crate::trace::Location;
use crate::transit::{self, LineEnds, Pointer};

/// The files of a dump by the paths that traces name them by.
#[derive(Debug)]
pub(super) struct RawItems {
    files: HashMap<String, PathBuf>,
    /// Whether other files, which are not looked for, hold items, too.
    some: bool,
    /// The paths by their names in NFC, and by size: made when a path is not there.
    normal: OnceLock<HashMap<String, Vec<String>>>,
    sizes: OnceLock<HashMap<u64, Vec<String>>>,
    /// The digests of whole files, as far as they were asked for.
    digests: Mutex<HashMap<String, Option<Digest>>>,
    /// The file that was last held to its items with other line ends.
    converted: Mutex<Option<Arc<Converted>>>,
}

/// A file with LF in place of CRLF, and the other way round.
#[derive(Debug)]
struct Converted {
    path: String,
    lf: Vec<u8>,
    crlf: Vec<u8>,
}

/// The bytes of an item.
#[derive(Debug)]
pub(super) struct RawItem {
    /// Absent where it was read before.
    pub(super) bytes: Option<Vec<u8>>,
    /// The file they come from, where that has not the path that the trace names, and how it was found.
    pub(super) renamed: Option<(String, By)>,
}

/// By what a file is found that is not at its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Its path is the same in NFC.
    Name,
    /// It has the bytes.
    Digest,
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
    /// A pointer lies there in place of the file.
    #[error("cannot be checked: `{}` is {pointer}", shown(.path))]
    Pointer {
        /// The file.
        path: String,
        /// What it is.
        pointer: Pointer,
    },
    /// The bytes are other ones, and would be those of the item with other line ends.
    #[error("`{}` is not as it was converted; {ends}", shown(.path))]
    LineEnds {
        /// The file.
        path: String,
        /// How they differ.
        ends: LineEnds,
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
            normal: OnceLock::new(),
            sizes: OnceLock::new(),
            digests: Mutex::default(),
            converted: Mutex::default(),
        }
    }

    /// Whether what lies at a location is to be read: everything, unless these are some files of many.
    pub(super) fn looks_at(&self, location: &Location) -> bool {
        !self.some || self.files.contains_key(&location.path)
    }

    /// The bytes at a location, when they are those of the item of this digest.
    ///
    /// `before` are the places that were read for the same item: none is read twice, however many paths lead to it.
    /// The file is the one of the location's path; where there is none, the one whose path is the same in
    /// NFC, and else, for an item that is a whole file, the first one of its bytes.
    pub(super) fn read(
        &self,
        location: &Location,
        digest: Digest,
        before: &mut BTreeSet<(String, u64)>,
    ) -> Result<RawItem, Unread> {
        if location.length > ITEM_LIMIT {
            return Err(Unread::Large {
                bytes: location.length,
            });
        }
        let wanted = &location.path;
        let (path, renamed) = if self.files.contains_key(wanted) {
            (wanted.as_str(), None)
        } else if let Some(path) = self.by_name(wanted) {
            (path, Some((path.to_owned(), By::Name)))
        } else if let Some(path) = self.by_digest(location, digest) {
            (path, Some((path.to_owned(), By::Digest)))
        } else {
            return Err(Unread::Missing(wanted.clone()));
        };
        if !before.insert((path.to_owned(), location.offset)) {
            let bytes = None;
            return Ok(RawItem { bytes, renamed });
        }
        match self.bytes(path, location, digest) {
            Ok(bytes) => Ok(RawItem {
                bytes: Some(bytes),
                renamed,
            }),
            Err(error @ (Unread::Short { .. } | Unread::Digest { .. })) => {
                Err(self.cause(path, location, digest).unwrap_or(error))
            }
            Err(error) => Err(error),
        }
    }

    fn bytes(&self, path: &str, location: &Location, digest: Digest) -> Result<Vec<u8>, Unread> {
        let file = self.files.get(path);
        let file = file.ok_or_else(|| Unread::Missing(path.to_owned()))?;
        let io = |source| Unread::Io {
            path: path.to_owned(),
            source,
        };
        let mut file = open::file(file).map_err(io)?;
        let size = file.metadata().map_err(io)?.len();
        let end = location.offset.saturating_add(location.length);
        if end > size {
            return Err(Unread::Short {
                path: path.to_owned(),
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

    /// The one path that is the same in NFC.
    fn by_name(&self, wanted: &str) -> Option<&str> {
        let normal = self.normal.get_or_init(|| {
            let mut normal: HashMap<String, Vec<String>> = HashMap::new();
            for path in self.files.keys() {
                let name = transit::normal_name(path);
                normal.entry(name).or_default().push(path.clone());
            }
            normal
        });
        match normal.get(&transit::normal_name(wanted))?.as_slice() {
            [path] => Some(path),
            _ => None,
        }
    }

    /// The first path of a file that is as a whole the item.
    fn by_digest(&self, location: &Location, digest: Digest) -> Option<&str> {
        if location.offset > 0 {
            return None;
        }
        let sizes = self.sizes.get_or_init(|| {
            let sorted: BTreeMap<_, _> = self.files.iter().collect();
            let mut sizes: HashMap<u64, Vec<String>> = HashMap::new();
            for (path, file) in sorted {
                if let Ok(found) = file.metadata() {
                    sizes.entry(found.len()).or_default().push(path.clone());
                }
            }
            sizes
        });
        let same = sizes.get(&location.length)?.iter();
        let mut same = same.filter(|path| self.digest(path) == Some(digest));
        same.next().map(String::as_str)
    }

    /// The digest of a file of no more bytes than an item may have.
    fn digest(&self, path: &str) -> Option<Digest> {
        if let Ok(known) = self.digests.lock()
            && let Some(digest) = known.get(path)
        {
            return *digest;
        }
        let bytes = self
            .files
            .get(path)
            .and_then(|file| std::fs::read(file).ok());
        let digest = bytes.map(|bytes| Digest::of(&bytes));
        if let Ok(mut known) = self.digests.lock() {
            known.insert(path.to_owned(), digest);
        }
        digest
    }

    /// What became of a file that does not hold its item: a pointer lies in its place, or its line ends
    /// were converted.
    fn cause(&self, path: &str, location: &Location, digest: Digest) -> Option<Unread> {
        let converted = self.converted(path)?;
        if let Some(pointer) = transit::pointer(&converted.lf) {
            let path = path.to_owned();
            return Some(Unread::Pointer { path, pointer });
        }
        let start = usize::try_from(location.offset).ok()?;
        let end = start.checked_add(usize::try_from(location.length).ok()?)?;
        let is_item = |text: &[u8]| {
            text.get(start..end)
                .is_some_and(|item| Digest::of(item) == digest)
        };
        let ends = if is_item(&converted.lf) {
            LineEnds::BecameCrlf
        } else if is_item(&converted.crlf) {
            LineEnds::BecameLf
        } else {
            return None;
        };
        let path = path.to_owned();
        Some(Unread::LineEnds { path, ends })
    }

    /// A file with other line ends. Items of one file are mostly asked for one after the other.
    fn converted(&self, path: &str) -> Option<Arc<Converted>> {
        if let Ok(last) = self.converted.lock()
            && let Some(last) = last.as_ref().filter(|last| last.path == path)
        {
            return Some(Arc::clone(last));
        }
        let file = self.files.get(path)?;
        // With CRLF a text has at most twice its bytes.
        if file.metadata().ok()?.len() > 2 * ITEM_LIMIT {
            return None;
        }
        let bytes = std::fs::read(file).ok()?;
        let converted = Arc::new(Converted {
            path: path.to_owned(),
            lf: transit::with_ends(&bytes, b"\n"),
            crlf: transit::with_ends(&bytes, b"\r\n"),
        });
        if let Ok(mut last) = self.converted.lock() {
            *last = Some(Arc::clone(&converted));
        }
        Some(converted)
    }
}
