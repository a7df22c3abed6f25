//! A corpus opened for reading: its releases, its sealed state and its working state.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::among::AmongFile;
use super::error::OpenError;
use super::journal;
use super::layout::{
    CONFIG, FILES, LEDGER, MANIFEST, RELEASES, inside, release_file, release_number,
};
use super::lines::{Chunks, Lines, Source};
use super::listing::{FileName, Listing, ListingError, StoredFile};
use super::lock;
use super::{Container, Part, PathError, ShardName};
use crate::digest::{Digest, Hasher};
use crate::open::{self, Kind};

/// The largest `files.json` that is read: 256 MiB, a million shards.
const LARGEST_LISTING: u64 = 256 << 20;

/// A corpus on disk, opened for reading.
///
/// It holds what the folder says when it is opened; a writer may change the folder afterwards, and
/// then a shard can be gone when it is read.
#[derive(Debug, Clone)]
pub struct Corpus {
    root: PathBuf,
    releases: Vec<u64>,
    hollow: Vec<u64>,
    shards: Vec<ShardName>,
}

/// The files of one state of a corpus.
#[derive(Debug, Clone)]
pub struct State {
    root: PathBuf,
    files: Vec<StateFile>,
    listing: Option<String>,
    missing: Vec<FileName>,
    unnamed: Vec<ShardName>,
    /// Files under other names than those of shards, where no listing says which files it has.
    strays: Vec<AmongFile>,
}

/// A file of a state, with what its listing says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateFile {
    /// Its name.
    pub name: FileName,
    /// Its size in bytes and the SHA-256 over them, as stored, where a listing says so.
    pub listed: Option<(u64, Digest)>,
}

/// What is wrong with a file of a state, against its listing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileDefect {
    /// It has another size.
    #[error("has {found} bytes where `{FILES}` says {listed}")]
    Size {
        /// In the listing.
        listed: u64,
        /// On disk.
        found: u64,
    },
    /// It has another digest.
    #[error("has the digest {found} where `{FILES}` says {listed}")]
    Digest {
        /// In the listing.
        listed: Digest,
        /// On disk.
        found: Digest,
    },
}

impl Corpus {
    /// Opens the corpus at `path`: a folder that holds a release, a shard, a listing or a
    /// configuration.
    ///
    /// # Errors
    ///
    /// [`OpenError`]. A damaged listing is found only when its state is asked for.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let root = path.as_ref();
        match fs::metadata(root) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(OpenError::NotACorpus(root.to_path_buf())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(OpenError::Missing(root.to_path_buf()));
            }
            Err(source) => return Err(unreadable(root, source)),
        }
        let corpus = Self::scan(root)?;
        let known = !corpus.releases.is_empty()
            || !corpus.hollow.is_empty()
            || !corpus.shards.is_empty()
            || root.join(FILES).is_file()
            || root.join(CONFIG).is_file();
        if known {
            Ok(corpus)
        } else {
            Err(OpenError::NotACorpus(root.to_path_buf()))
        }
    }

    /// What the folder at `root` holds of a corpus, which may be nothing.
    pub(super) fn scan(root: &Path) -> Result<Self, OpenError> {
        let mut shards = Vec::new();
        for part in Part::ALL {
            for name in names(root, part.folder())? {
                let path = format!("{}/{name}", part.folder());
                shards.extend(path.parse::<ShardName>());
            }
        }
        shards.sort();
        let mut numbers: Vec<u64> = names(root, RELEASES)?
            .iter()
            .filter(|name| {
                let kind = open::kind(root, &Path::new(RELEASES).join(name));
                matches!(kind, Ok(Some(Kind::Folder)))
            })
            .filter_map(|name| release_number(name))
            .collect();
        numbers.sort_unstable();
        // A link that leads nowhere is a manifest that is not here, and no folder without one.
        let (releases, hollow) = numbers.into_iter().partition(|&number| {
            let manifest = root.join(release_file(number, MANIFEST));
            !matches!(
                manifest.symlink_metadata(),
                Err(error) if error.kind() == io::ErrorKind::NotFound
            )
        });
        Ok(Self {
            root: root.to_path_buf(),
            releases,
            hollow,
            shards,
        })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The numbers of the releases, ascending. Whether the chain has gaps is for `verify` to say.
    #[must_use]
    pub fn releases(&self) -> &[u64] {
        &self.releases
    }

    /// The numbers of folders among the releases that have no manifest and are none, ascending.
    #[must_use]
    pub fn hollow(&self) -> &[u64] {
        &self.hollow
    }

    /// The number of the newest release.
    #[must_use]
    pub fn newest(&self) -> Option<u64> {
        self.releases.last().copied()
    }

    /// Every shard that lies in the folders, whatever state it belongs to.
    #[must_use]
    pub fn shards(&self) -> &[ShardName] {
        &self.shards
    }

    /// The shards that a writer noted as its own, which is at work or was stopped. No listing need
    /// name them.
    #[must_use]
    pub fn journaled(&self) -> BTreeSet<ShardName> {
        journal::read(&self.root).unwrap_or_default()
    }

    /// Whether another command writes to it at this moment.
    #[must_use]
    pub fn is_being_written(&self) -> bool {
        lock::is_held(&self.root)
    }

    /// Where the file `name` of release `number` lies; it need not be there.
    ///
    /// # Errors
    ///
    /// [`PathError`], where it would lie outside the corpus.
    pub fn release_path(&self, number: u64, name: &str) -> Result<PathBuf, PathError> {
        inside(&self.root, &release_file(number, name))
    }

    /// The file `stem` of release `number` in whatever container it lies, if it is there.
    ///
    /// # Errors
    ///
    /// [`PathError`], where it lies outside the corpus.
    pub fn release_source(&self, number: u64, stem: &str) -> Result<Option<Source>, PathError> {
        for container in [Container::Plain, Container::Zst, Container::Gz] {
            let file = release_file(number, &format!("{stem}{}", container.ending()));
            let path = inside(&self.root, &file)?;
            let kind = open::kind(&self.root, Path::new(&file));
            if matches!(kind, Ok(Some(Kind::File | Kind::Link))) {
                return Ok(Some(Source {
                    file: Arc::from(file),
                    path,
                    container,
                }));
            }
        }
        Ok(None)
    }

    /// The state of the newest release: what `verify` reads. None where there is no release.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn sealed(&self) -> Result<Option<State>, OpenError> {
        let Some(number) = self.newest() else {
            return Ok(None);
        };
        let path = release_file(number, FILES);
        let mut state = match self.listing(&path)? {
            Some(listing) => self.listed(path, &listing)?,
            None => self.unlisted(),
        };
        // The release has its ledger beside its listing, not in it.
        state
            .files
            .retain(|file| part_of(&file.name) != Part::Inputs);
        state.files.extend(self.release_ledger(number)?);
        Ok(Some(state))
    }

    /// The state that is worked on: what `link`, `check`, `withdraw` and `seal` read. It is that of
    /// the newest release where nothing was written since.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn working(&self) -> Result<State, OpenError> {
        if let Some(listing) = self.unsealed()? {
            return self.listed(FILES.to_owned(), &listing);
        }
        Ok(match self.sealed()? {
            Some(state) => state,
            None => self.unlisted(),
        })
    }

    /// The listing at the root, where it lists a state that was written after the newest release:
    /// one that may differ from it. None where nothing was written since.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn unsealed(&self) -> Result<Option<Listing>, OpenError> {
        let listing = self.listing(FILES)?;
        // A release seals the working state whole, so a listing from before it is spent.
        Ok(listing.filter(|listing| listing.after >= self.newest()))
    }

    pub(super) fn listing(&self, path: &str) -> Result<Option<Listing>, OpenError> {
        let place = inside(&self.root, path)?;
        let mut bytes = Vec::new();
        let file = open::below(&self.root, Path::new(path));
        match file.and_then(|file| file.take(LARGEST_LISTING).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if open::is_absent(&error) => return Ok(None),
            Err(source) => return Err(unreadable(&place, source)),
        }
        let read = Listing::read(&bytes).map_err(|source| {
            let outside = open::is_outside(&self.root, &place);
            OpenError::Listing {
                path: path.to_owned(),
                source: if outside {
                    ListingError::Outside
                } else {
                    source
                },
            }
        });
        read.map(Some)
    }

    /// The state that `listing` names; where a file of it is gone, what lies in the folders.
    fn listed(&self, path: String, listing: &Listing) -> Result<State, OpenError> {
        let mut missing = Vec::new();
        for file in &listing.files {
            let name = file.name.to_string();
            inside(&self.root, &name)?;
            if !is_there(&self.root, &name)? {
                missing.push(file.name.clone());
            }
        }
        let mut state = if missing.is_empty() {
            State {
                root: self.root.clone(),
                files: listing.files.iter().map(StateFile::from).collect(),
                listing: None,
                missing,
                unnamed: Vec::new(),
                strays: Vec::new(),
            }
        } else {
            // Somebody packed the shards in another way; what a listing says of those that are
            // still there holds.
            let mut state = self.unlisted();
            for file in &mut state.files {
                let listed = listing.files.iter().find(|listed| listed.name == file.name);
                file.listed = listed.map(|listed| (listed.bytes, listed.digest));
            }
            if !state
                .files
                .iter()
                .any(|file| part_of(&file.name) == Part::Inputs)
                && let Some(newest) = self.newest()
            {
                state.files.extend(self.release_ledger(newest)?);
            }
            state.missing = missing;
            state
        };
        let named: BTreeSet<&FileName> = state.files.iter().map(|file| &file.name).collect();
        state.unnamed = self
            .shards
            .iter()
            .filter(|shard| !named.contains(&FileName::Shard((*shard).clone())))
            .cloned()
            .collect();
        state.listing = Some(path);
        Ok(state)
    }

    /// Every file in the folders that holds lines, under any name; listings are ignored.
    pub(crate) fn unlisted(&self) -> State {
        let files = self.shards.iter().map(|name| StateFile {
            name: FileName::Shard(name.clone()),
            listed: None,
        });
        State {
            root: self.root.clone(),
            files: files.collect(),
            listing: None,
            missing: Vec::new(),
            unnamed: Vec::new(),
            strays: self.strays().files,
        }
    }

    fn release_ledger(&self, number: u64) -> Result<Option<StateFile>, OpenError> {
        let source = self.release_source(number, LEDGER)?;
        Ok(source.map(|source| StateFile {
            name: FileName::Ledger(number, source.container),
            listed: None,
        }))
    }
}

impl State {
    /// The files it consists of, in order.
    #[must_use]
    pub fn files(&self) -> &[StateFile] {
        &self.files
    }

    /// The files of `part`, in order. The ledger of a release is [`Part::Inputs`].
    pub fn part(&self, part: Part) -> impl Iterator<Item = &StateFile> {
        self.files
            .iter()
            .filter(move |file| part_of(&file.name) == part)
    }

    /// The listing that names its files, relative to the corpus; none where there is none and the
    /// state is whatever lies in the folders.
    #[must_use]
    pub fn listing(&self) -> Option<&str> {
        self.listing.as_deref()
    }

    /// Files that the listing names and that are not there. Where there are any, the shards were
    /// packed in another way (or lost), and the state is whatever lies in the folders.
    #[must_use]
    pub fn missing(&self) -> &[FileName] {
        &self.missing
    }

    /// Shards in the folders that the listing does not name: those of another state of this corpus,
    /// what a writer that was stopped left behind, or strangers. They are no part of the state.
    #[must_use]
    pub fn unnamed(&self) -> &[ShardName] {
        &self.unnamed
    }

    /// The lines of `part` in chunks, in the order of ids whatever shards they lie in
    /// ([`Chunks::merged`]); those of the ledger shard after shard.
    ///
    /// # Errors
    ///
    /// [`PathError`], where a shard lies outside the corpus.
    pub fn chunks(&self, part: Part) -> Result<Chunks, PathError> {
        let sources = self.sources(part)?;
        Ok(match part {
            Part::Inputs => Chunks::new(sources),
            Part::Records | Part::Traces | Part::Relations | Part::Withdrawals => {
                Chunks::merged(sources)
            }
        })
    }

    /// The lines of `part` one by one, in the order of [`State::chunks`].
    ///
    /// # Errors
    ///
    /// [`PathError`], where a shard lies outside the corpus.
    pub fn lines(&self, part: Part) -> Result<Lines, PathError> {
        self.chunks(part).map(Lines::of)
    }

    /// The lines of `part` in the order of ids, also where a shard is not in order by itself.
    ///
    /// # Errors
    ///
    /// [`PathError`], where a shard lies outside the corpus.
    pub fn sorted(&self, part: Part) -> Result<Lines, PathError> {
        self.sources(part).map(Lines::sorted)
    }

    /// The files of `part` as sources.
    ///
    /// # Errors
    ///
    /// [`PathError`], where a shard lies outside the corpus.
    pub fn sources(&self, part: Part) -> Result<Vec<Source>, PathError> {
        let mut sources = self
            .part(part)
            .map(|file| self.source(file))
            .collect::<Result<Vec<_>, _>>()?;
        let strays = self.strays.iter().filter(|file| file.part == part);
        sources.extend(strays.map(|file| file.source.clone()));
        Ok(sources)
    }

    /// One file as a source.
    ///
    /// # Errors
    ///
    /// [`PathError`], where it lies outside the corpus.
    pub fn source(&self, file: &StateFile) -> Result<Source, PathError> {
        let name = file.name.to_string();
        let path = inside(&self.root, &name)?;
        Ok(Source {
            file: Arc::from(name),
            path,
            container: file.name.container(),
        })
    }

    /// Holds the stored bytes of `file` to its listing; nothing to hold where none lists it.
    ///
    /// # Errors
    ///
    /// [`OpenError`], where the file cannot be read.
    pub fn check_file(&self, file: &StateFile) -> Result<Option<FileDefect>, OpenError> {
        let Some((bytes, digest)) = file.listed else {
            return Ok(None);
        };
        let found = self.measure(file)?;
        Ok(if found.bytes != bytes {
            Some(FileDefect::Size {
                listed: bytes,
                found: found.bytes,
            })
        } else if found.digest != digest {
            Some(FileDefect::Digest {
                listed: digest,
                found: found.digest,
            })
        } else {
            None
        })
    }

    /// Size and digest of a file as it lies on disk.
    pub(super) fn measure(&self, file: &StateFile) -> Result<StoredFile, OpenError> {
        let path = self.source(file)?.path;
        let (bytes, digest) = open::file(&path)
            .and_then(measure)
            .map_err(|source| unreadable(&path, source))?;
        Ok(StoredFile {
            name: file.name.clone(),
            bytes,
            digest,
        })
    }
}

impl From<&StoredFile> for StateFile {
    fn from(file: &StoredFile) -> Self {
        Self {
            name: file.name.clone(),
            listed: Some((file.bytes, file.digest)),
        }
    }
}

/// The part that a file holds lines of.
pub(super) const fn part_of(name: &FileName) -> Part {
    match name {
        FileName::Shard(shard) => shard.part(),
        FileName::Ledger(..) => Part::Inputs,
    }
}

/// Size and digest of a file.
pub(super) fn measure(mut file: File) -> io::Result<(u64, Digest)> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        let Some(fresh @ [_, ..]) = buffer.get(..read) else {
            return Ok((bytes, hasher.finish()));
        };
        hasher.update(fresh);
        bytes += u64::try_from(read).unwrap_or(u64::MAX);
    }
}

/// The names in a folder of the corpus; none where it is not there.
fn names(root: &Path, folder: &str) -> Result<Vec<String>, OpenError> {
    let path = inside(root, folder)?;
    match open::list(root, Path::new(folder)) {
        // What is not UTF-8 is no name of a corpus.
        Ok(entries) => Ok(entries
            .into_iter()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()),
        Err(error) if open::is_absent(&error) => Ok(Vec::new()),
        Err(source) => Err(unreadable(&path, source)),
    }
}

/// Whether there is a file of the name in the corpus, or a link, which may lead to one.
fn is_there(root: &Path, name: &str) -> Result<bool, OpenError> {
    let kind =
        open::kind(root, Path::new(name)).map_err(|source| unreadable(&root.join(name), source))?;
    Ok(matches!(kind, Some(Kind::File | Kind::Link)))
}

fn unreadable(path: &Path, source: io::Error) -> OpenError {
    OpenError::Io {
        path: path.to_path_buf(),
        source,
    }
}
