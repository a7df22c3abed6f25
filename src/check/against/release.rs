//! The entries of a release, to hold records to: read in one pass, and believed only when the root in
//! the manifest is theirs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::corpus::{Container, Corpus, ENTRIES, MANIFEST, OpenError, PathError, RELEASES, Source};
use crate::digest::Digest;
use crate::manifest::{
    Manifest, ManifestError, ReadManifestError, Records, listed, manifest_bytes,
};
use crate::release::{
    EntriesError, EntriesOfError, Entry, EntryReader, OrderError, Summariser, Summary,
};

/// A release that records are compared with.
///
/// Its manifest was read; its entries are read while records are compared. Whether the manifest is the
/// one that was signed or cited is for [`verify`](crate::manifest::verify()) to say.
#[derive(Debug, Clone)]
pub struct Against {
    number: u64,
    origin: String,
    records: Records,
    entries: Digest,
    home: Home,
}

/// Where the entries are.
#[derive(Debug, Clone)]
enum Home {
    /// In a corpus: in the release itself, or in a later one with the changes since undone.
    Corpus(Corpus),
    /// Beside a manifest that was copied out of its corpus.
    Beside(Source),
}

/// Why records cannot be compared with a release.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgainstError {
    /// There is no corpus and no manifest at the path.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A path leads out of the corpus.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The corpus has no release, or not this one.
    #[error("`{}` has no release{}", .path.display().to_string().escape_debug(),
        .number.map(|number| format!(" {number}")).unwrap_or_default())]
    NoRelease {
        /// The corpus.
        path: PathBuf,
        /// The release that was asked for; absent where there is none at all.
        number: Option<u64>,
    },
    /// A file cannot be read.
    #[error("cannot read `{}`: {source}", .path.display().to_string().escape_debug())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The manifest cannot be read, or is none.
    #[error("cannot read the manifest `{}`: {source}", .path.display().to_string().escape_debug())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: Box<ReadManifestError>,
    },
    /// The manifest is that of another release.
    #[error("`{}` is the manifest of release {found}, not of release {wanted}", .path.display().to_string().escape_debug())]
    Number {
        /// The manifest.
        path: PathBuf,
        /// The release it is of.
        found: u64,
        /// The release that was asked for.
        wanted: u64,
    },
    /// There are no entries beside the manifest.
    #[error("beside `{}` is no `{ENTRIES}`", .0.display().to_string().escape_debug())]
    NoEntries(PathBuf),
    /// The entries cannot be had.
    #[error(transparent)]
    EntriesOf(#[from] EntriesOfError),
    /// The entries are damaged.
    #[error(transparent)]
    Entries(#[from] EntriesError),
    /// Entries are out of order.
    #[error("the entries of release {number}: {source}")]
    Order {
        /// The release.
        number: u64,
        /// Which.
        source: OrderError,
    },
    /// The entries are not those that the manifest commits to.
    #[error(
        "the entries of release {number} are not those of its manifest: {size} lines with the root {root}, not {} with {}",
        .manifest.size, .manifest.root
    )]
    Altered {
        /// The release.
        number: u64,
        /// How many entries there are.
        size: u64,
        /// Their root.
        root: Digest,
        /// What the manifest says.
        manifest: Box<Records>,
    },
}

impl Against {
    /// The release to compare with: of the corpus at `path` release `since`, or its newest; or the one
    /// whose manifest, or folder with a manifest, `path` is.
    ///
    /// # Errors
    ///
    /// [`AgainstError`].
    pub fn open(path: &Path, since: Option<u64>) -> Result<Self, AgainstError> {
        let manifest = if path.is_dir() {
            path.join(MANIFEST)
        } else {
            path.to_owned()
        };
        if path.is_dir() && !manifest.exists() {
            return Self::of(Corpus::open(path)?, since);
        }
        if !path.exists() {
            return Err(OpenError::Missing(path.to_owned()).into());
        }
        let folder = folder(&manifest)?;
        if let Some((root, number)) = in_corpus(&folder) {
            let wanted = since.unwrap_or(number);
            if wanted != number {
                return Err(AgainstError::Number {
                    path: manifest,
                    found: number,
                    wanted,
                });
            }
            return Self::of(Corpus::open(root)?, Some(number));
        }
        let linked = manifest.is_symlink();
        let read = self::manifest(&manifest, |bytes| {
            let parsed = Manifest::parse(bytes);
            // A link may lead to any file: an error would show what is in it.
            parsed.map_err(|error| {
                if linked {
                    ManifestError::Unshown
                } else {
                    error
                }
            })
        })?;
        let found = read.predicate.release;
        if let Some(wanted) = since.filter(|&wanted| wanted != found) {
            return Err(AgainstError::Number {
                path: manifest,
                found,
                wanted,
            });
        }
        let source = beside(&folder).ok_or_else(|| AgainstError::NoEntries(manifest.clone()))?;
        Ok(Self::with(&read, Home::Beside(source)))
    }

    /// Release `since` of a corpus, or its newest.
    ///
    /// # Errors
    ///
    /// [`AgainstError`].
    pub fn of(corpus: Corpus, since: Option<u64>) -> Result<Self, AgainstError> {
        let number = since.or(corpus.newest());
        let number = number.filter(|number| corpus.releases().contains(number));
        let Some(number) = number else {
            return Err(AgainstError::NoRelease {
                path: corpus.root().to_owned(),
                number: since,
            });
        };
        let path = corpus.release_path(number, MANIFEST)?;
        let manifest = manifest(&path, |bytes| Manifest::of(&corpus, number, bytes))?;
        if manifest.predicate.release != number {
            return Err(AgainstError::Number {
                path,
                found: manifest.predicate.release,
                wanted: number,
            });
        }
        Ok(Self::with(&manifest, Home::Corpus(corpus)))
    }

    fn with(manifest: &Manifest, home: Home) -> Self {
        let [entries, ..] = &manifest.subject;
        Self {
            number: manifest.predicate.release,
            origin: manifest.predicate.corpus.origin.clone(),
            records: manifest.predicate.records,
            entries: entries.digest.sha256,
            home,
        }
    }

    /// The number of the release.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The origin of the corpus it is a release of.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The corpus it is a release of, where it was opened in one.
    #[must_use]
    pub const fn corpus(&self) -> Option<&Corpus> {
        match &self.home {
            Home::Corpus(corpus) => Some(corpus),
            Home::Beside(_) => None,
        }
    }

    /// Hands every entry to `take`, in order of id, in the memory of one.
    ///
    /// What `take` has learned holds only when this returns without an error: the root is known when
    /// all entries were read.
    ///
    /// # Errors
    ///
    /// [`AgainstError::Altered`], where the entries are not those of the manifest, and those of reading.
    pub(super) fn each(&self, mut take: impl FnMut(&Entry)) -> Result<(), AgainstError> {
        let entries: Box<dyn Iterator<Item = Result<Entry, EntriesError>>> = match &self.home {
            Home::Corpus(corpus) => match corpus.entries(self.number) {
                Err(missing @ EntriesOfError::NoEntries { .. }) => {
                    let again = self.again(corpus).ok_or(missing)?;
                    Box::new(again.into_iter().map(Ok))
                }
                found => found?,
            },
            Home::Beside(source) => Box::new(EntryReader::open(source)?),
        };
        let mut listing = Summariser::new();
        for entry in entries {
            let entry = entry?;
            listing.push(&entry).map_err(|source| AgainstError::Order {
                number: self.number,
                source,
            })?;
            take(&entry);
        }
        let found = listing.finish();
        let said = (self.entries, self.records.size, self.records.root);
        if (found.digest, found.size, found.root) == said {
            return Ok(());
        }
        Err(AgainstError::Altered {
            number: self.number,
            size: found.size,
            root: found.root,
            manifest: Box::new(self.records),
        })
    }

    /// The entries made again from the records of the corpus, where its newest release has these.
    fn again(&self, corpus: &Corpus) -> Option<Vec<Entry>> {
        let newest = corpus.newest() == Some(self.number);
        let entries = listed(corpus, ENTRIES).filter(|_| newest)?;
        let found = Summary::of(&entries)?;
        (found.digest == self.entries).then_some(entries)
    }
}

/// The folder that a file lies in, as the file system knows it.
fn folder(file: &Path) -> Result<PathBuf, AgainstError> {
    let unreadable = |source| AgainstError::Unreadable {
        path: file.to_owned(),
        source,
    };
    let whole = fs::canonicalize(file).map_err(unreadable)?;
    whole
        .parent()
        .map(Path::to_owned)
        .ok_or_else(|| unreadable(io::Error::other("it is no file")))
}

/// The root of the corpus and the number of the release whose folder this is, going by the names.
fn in_corpus(folder: &Path) -> Option<(PathBuf, u64)> {
    let number = folder.file_name()?.to_str()?.parse().ok()?;
    let releases = folder.parent()?;
    (releases.file_name()? == RELEASES).then_some(())?;
    Some((releases.parent()?.to_owned(), number))
}

fn beside(folder: &Path) -> Option<Source> {
    let containers = [Container::Plain, Container::Zst, Container::Gz];
    containers.into_iter().find_map(|container| {
        let name = format!("{ENTRIES}{}", container.ending());
        let path = folder.join(&name);
        path.is_file().then(|| Source {
            file: Arc::from(name),
            path,
            container,
        })
    })
}

/// Reads the manifest at `path`.
fn manifest(
    path: &Path,
    parse: impl FnOnce(&[u8]) -> Result<Manifest, ManifestError>,
) -> Result<Manifest, AgainstError> {
    let read = manifest_bytes(path).map_err(ReadManifestError::from);
    read.and_then(|bytes| Ok(parse(&bytes)?))
        .map_err(|source| AgainstError::Manifest {
            path: path.to_owned(),
            source: Box::new(source),
        })
}
