//! The raw items that traces lead back to.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::diagnostic::escape::shown;
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::digest::{Digest, Hasher};
use crate::dump::{Input, OpenError, Opener};
use crate::open;
use crate::release::LedgerFiles;
use crate::trace::{Layer, Location};
use crate::transit::{self, LineEnds, Pointer};

/// The files of a dump by the paths that traces name them by.
#[derive(Debug)]
pub(crate) struct RawItems<'l> {
    files: HashMap<String, PathBuf>,
    /// Whether other files, which are not looked for, hold items, too.
    some: bool,
    /// What the files were when they were converted.
    ledger: Option<&'l LedgerFiles>,
    opener: Opener,
    /// The paths by their names in NFC, and by size: made when a path is not there.
    normal: OnceLock<HashMap<String, Vec<String>>>,
    sizes: OnceLock<HashMap<u64, Vec<String>>>,
    /// What is known of each file that traces name.
    known: Mutex<HashMap<String, Arc<OnceLock<Known>>>>,
    /// What cannot be checked, by the path that traces name.
    lost: Mutex<BTreeMap<String, Lost>>,
}

/// What is known of a file.
#[derive(Debug)]
struct Known {
    /// Where it lies; nothing where it is not there.
    found: Option<RawFile>,
    /// Why nothing in it can be checked.
    trouble: Option<Trouble>,
}

/// A file that was found.
#[derive(Debug, Clone)]
pub(crate) struct RawFile {
    /// The path that it has.
    pub(crate) path: String,
    /// How it was found, where that is not the path that the trace names.
    pub(crate) by: Option<By>,
}

/// By what a file is found that is not at its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Its path is the same in NFC.
    Name,
    /// It has the bytes.
    Digest,
}

/// Why nothing in a file can be checked.
#[derive(Debug, Clone, thiserror::Error)]
enum Trouble {
    #[error("there is no raw file `{}`", shown(.0))]
    Missing(String),
    #[error("the raw file `{}` cannot be read: {source}", shown(.path))]
    Io {
        path: String,
        source: Arc<io::Error>,
    },
    #[error("`{}` is {pointer}", shown(.path))]
    Pointer { path: String, pointer: Pointer },
    #[error("`{}` is not as it was converted; {ends}", shown(.path))]
    LineEnds { path: String, ends: LineEnds },
    #[error("`{}` is not as it was converted: it has {bytes} bytes of the digest {found}, not {stated} of {digest}", shown(.path))]
    Changed {
        path: String,
        bytes: u64,
        found: Digest,
        stated: u64,
        digest: Digest,
    },
}

/// What cannot be checked of one file.
#[derive(Debug)]
struct Lost {
    trouble: Trouble,
    /// How many locations.
    items: u64,
    /// The first place at which it is named.
    place: Place,
}

/// What to do where there is no raw file.
const ELSEWHERE: &str = "give --raw the folder that was converted, or the one above or below it: paths are \
    relative to the input of the conversion";

/// What to do where a raw file is not as it was.
const CHANGED: &str = "give --raw the dump as it was converted; where the records are to follow the changed file, \
    convert it again";

impl<'l> RawItems<'l> {
    pub(crate) fn new(inputs: &[Input], some: bool, ledger: Option<&'l LedgerFiles>) -> Self {
        let files = inputs
            .iter()
            .map(|input| (input.path.clone(), input.file.clone()));
        Self {
            files: files.collect(),
            some,
            ledger,
            opener: Opener::new(),
            normal: OnceLock::new(),
            sizes: OnceLock::new(),
            known: Mutex::default(),
            lost: Mutex::default(),
        }
    }

    /// Whether what lies at a location is to be read: everything, unless these are some files of many.
    pub(crate) fn looks_at(&self, location: &Location) -> bool {
        !self.some || self.files.contains_key(&location.path)
    }

    /// The file of a location, as far as what it holds can be checked; else it is noted as lost, once a file.
    ///
    /// It is the one of the location's path; where there is none, the one whose path is the same in NFC, and else,
    /// for an item that is a whole file, the first one of its bytes. `place` says where the location is named.
    pub(crate) fn file(
        &self,
        location: &Location,
        digest: Digest,
        place: impl FnOnce() -> Place,
    ) -> Option<RawFile> {
        let cell = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(location.path.clone()).or_default())
        };
        let known = cell.get_or_init(|| self.look(location, digest));
        match (&known.trouble, &known.found) {
            (None, Some(found)) => Some(found.clone()),
            (Some(trouble), _) => {
                self.lose(&location.path, trouble, place());
                None
            }
            (None, None) => None,
        }
    }

    fn lose(&self, path: &str, trouble: &Trouble, place: Place) {
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        let one = lost.entry(path.to_owned()).or_insert_with(|| Lost {
            trouble: trouble.clone(),
            items: 0,
            place: place.clone(),
        });
        one.items += 1;
        let order = |place: &Place| (place.file.clone(), place.line, place.column);
        if order(&place) < order(&one.place) {
            one.place = place;
        }
    }

    /// What cannot be checked: a finding for each file.
    pub(crate) fn lost(self) -> impl Iterator<Item = Diagnostic> {
        let lost = self
            .lost
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        lost.into_values().map(|lost| {
            let items = match lost.items {
                1 => "1 item".to_owned(),
                many => format!("{many} items"),
            };
            let message = format!("{}: {items} cannot be checked", lost.trouble);
            let hint = lost.trouble.hint().map(str::to_owned);
            let mut found = Diagnostic::new(lost.trouble.code(), lost.place, message);
            found.hint = hint;
            found
        })
    }

    /// The bytes at a location of a file that was found.
    pub(crate) fn read(&self, found: &RawFile, location: &Location) -> Result<Vec<u8>, OpenError> {
        let file = self.files.get(&found.path);
        let missing = || OpenError::Io(Arc::new(io::ErrorKind::NotFound.into()));
        self.opener.read(file.ok_or_else(missing)?, location)
    }

    /// Looks for the file of a location, and whether it is what it was.
    fn look(&self, location: &Location, digest: Digest) -> Known {
        let wanted = &location.path;
        let stated = self.ledger.and_then(|ledger| ledger.of(wanted));
        let found = if self.files.contains_key(wanted) {
            Some((wanted.as_str(), None))
        } else if let Some(path) = self.by_name(wanted) {
            Some((path, Some(By::Name)))
        } else {
            let whole = stated.or_else(|| {
                let whole = location.offset == 0 && location.layers.is_empty();
                whole.then_some((location.length, digest))
            });
            let path = whole.and_then(|(bytes, digest)| self.by_digest(bytes, digest));
            path.map(|path| (path, Some(By::Digest)))
        };
        let Some((path, by)) = found else {
            return Known {
                found: None,
                trouble: Some(Trouble::Missing(wanted.clone())),
            };
        };
        let trouble = stated.and_then(|stated| {
            let file = self.files.get(path)?;
            changed(path, file, stated)
        });
        let path = path.to_owned();
        Known {
            found: Some(RawFile { path, by }),
            trouble,
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

    /// The first path of a file of these bytes.
    fn by_digest(&self, bytes: u64, digest: Digest) -> Option<&str> {
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
        let same = sizes.get(&bytes)?.iter().filter(|path| {
            let file = self.files.get(*path);
            file.and_then(|file| digest_of(file).ok()) == Some((bytes, digest))
        });
        same.map(String::as_str).next()
    }
}

/// The size and the digest of a file.
fn digest_of(file: &Path) -> io::Result<(u64, Digest)> {
    let mut hasher = Hasher::new();
    let mut file = open::file(file)?;
    let bytes = io::copy(&mut file, &mut hasher)?;
    Ok((bytes, hasher.finish()))
}

/// The largest file that is looked at for why it differs.
const EXPLAINED: u64 = 64 << 20;

/// Why a file is not what it was when it was converted.
fn changed(path: &str, file: &Path, (stated, digest): (u64, Digest)) -> Option<Trouble> {
    let path = path.to_owned();
    let (bytes, found) = match digest_of(file) {
        Ok(found) => found,
        Err(source) => {
            let source = Arc::new(source);
            return Some(Trouble::Io { path, source });
        }
    };
    if (bytes, found) == (stated, digest) {
        return None;
    }
    let all = (bytes <= EXPLAINED)
        .then(|| std::fs::read(file).ok())
        .flatten();
    let all = all.unwrap_or_default();
    if let Some(pointer) = transit::pointer(&transit::with_ends(&all, b"\n")) {
        return Some(Trouble::Pointer { path, pointer });
    }
    let is = |end: &[u8]| Digest::of(&transit::with_ends(&all, end)) == digest;
    let ends = if is(b"\n") {
        Some(LineEnds::BecameCrlf)
    } else if is(b"\r\n") {
        Some(LineEnds::BecameLf)
    } else {
        None
    };
    Some(match ends {
        Some(ends) => Trouble::LineEnds { path, ends },
        None => Trouble::Changed {
            path,
            bytes,
            found,
            stated,
            digest,
        },
    })
}

impl Trouble {
    const fn code(&self) -> &'static Code {
        match self {
            Self::Missing(_) | Self::Pointer { .. } => codes::RAW_MISSING,
            Self::Io { .. } => codes::FILE_UNREADABLE,
            Self::LineEnds { .. } | Self::Changed { .. } => codes::RAW_DIGEST_MISMATCH,
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Missing(_) => Some(ELSEWHERE),
            Self::Pointer { pointer, .. } => Some(pointer.remedy()),
            Self::Io { .. } => None,
            Self::LineEnds { ends, .. } => Some(ends.remedy()),
            Self::Changed { .. } => Some(CHANGED),
        }
    }
}

/// Whether this version cannot open the location, whatever the file holds.
pub(crate) fn is_beyond(location: &Location) -> bool {
    let rows = |layer: &Layer| matches!(layer, Layer::Parquet { .. } | Layer::Xlsx { .. });
    location.layers.iter().any(rows)
}
