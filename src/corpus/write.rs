//! A new state of a corpus, put in the place of the old one in a single step.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::admit::{admit, no_links, no_strangers, unnamed};
use super::disk::{Below, Disk};
use super::error::WriteError;
use super::journal;
use super::layout::{FILES, GIT_ATTRIBUTES, GIT_ATTRIBUTES_TEXT, RELEASES, inside, release_file};
use super::lines::{Lines, ReadError, Source};
use super::listing::{FileName, Listing, StoredFile};
use super::lock::{LOCK, Lock};
use super::part::{PartFiles, PartWriter};
use super::scratch::Scratch;
use super::sort::Sorter;
use super::state::{Corpus, State, StateFile, part_of};
use super::{Container, Part};
use crate::digest::{Digest, Hasher};

/// How shards are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOptions {
    /// How many plain bytes a shard holds before the next one begins. A line that is longer has a
    /// shard of its own.
    pub shard_bytes: u64,
    /// How everything but traces is stored.
    pub compress: Container,
    /// How traces are stored.
    pub traces: Container,
}

impl Default for WriteOptions {
    /// 64 MiB; plain; traces in Zstandard.
    fn default() -> Self {
        Self {
            shard_bytes: 64 << 20,
            compress: Container::Plain,
            traces: Container::Zst,
        }
    }
}

/// Whoever has it is the one writer of a corpus.
///
/// It gathers the parts of a new working state, which [`Writer::commit`] puts in the place of the
/// old one; a part that is not [set](Writer::set) stays as it is. Or it
/// [seals](Writer::release) the working state as the next release. Dropped before that, it leaves
/// the corpus as it was.
///
/// ```
/// use dateline::corpus::{Corpus, Part, Writer, WriteOptions};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("corpus");
/// let mut writer = Writer::open(&path, WriteOptions::default())?;
/// let mut records = writer.part(Part::Records);
/// records.push("art-1", br#"{"id":"art-1"}"#)?;
/// records.push("art-2", br#"{"id":"art-2"}"#)?;
/// writer.set(records.finish()?);
/// writer.commit()?;
///
/// let state = Corpus::open(&path)?.working()?;
/// assert_eq!(state.lines(Part::Records)?.count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Writer {
    pub(crate) scratch: Arc<Scratch>,
    pub(super) corpus: Corpus,
    pub(super) before: State,
    options: WriteOptions,
    parts: BTreeMap<Part, Vec<StoredFile>>,
    lock: Option<Lock>,
    /// The listing that named files which are missing, and where it was: it comes back where nothing is written.
    replaced: Option<(String, Listing)>,
    /// Whether what is on disk must not be undone: the new state is there, or may be.
    pub(super) settled: bool,
    /// Whether nothing is left behind that only the journal tells of.
    swept: bool,
}

/// What [`Writer::commit`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Commit {
    /// The new state differs from the old one and is in its place.
    Changed,
    /// They are the same, and nothing was written.
    Unchanged,
}

impl Writer {
    /// Takes the corpus at `path` for writing; makes it where there is nothing or an empty folder.
    ///
    /// Files that a writer left behind which was stopped are removed. What nobody knows to be
    /// dateline's stays, and then nothing is written.
    ///
    /// # Errors
    ///
    /// [`WriteError::NotACorpus`], [`WriteError::Busy`], [`WriteError::Strangers`],
    /// [`WriteError::Stranger`], [`WriteError::Linked`], or what the disk says.
    pub fn open(path: impl AsRef<Path>, options: WriteOptions) -> Result<Self, WriteError> {
        let path = path.as_ref();
        Self::open_on(Arc::new(Below(path.to_path_buf())), path, options)
    }

    /// As [`Writer::open`], on a disk of one's own.
    ///
    /// # Errors
    ///
    /// As [`Writer::open`].
    pub fn open_on(
        disk: Arc<dyn Disk>,
        path: impl AsRef<Path>,
        options: WriteOptions,
    ) -> Result<Self, WriteError> {
        let root = path.as_ref();
        let scratch = Arc::new(Scratch::new(root, disk));
        admit(root)?;
        let opened = scratch.make_root().and_then(|()| {
            let lock = Lock::take(root)
                .map_err(|source| not_locked(root, source))?
                .ok_or_else(|| WriteError::Busy(root.to_path_buf()))?;
            let left = journal::read(root)
                .map_err(|source| WriteError::disk("read", &scratch.folder(), source))?;
            scratch.journal().inherit(left);
            scratch.leavings()?;
            let corpus = Corpus::scan(root)?;
            let before = corpus.working()?;
            no_links(&corpus, &before)?;
            no_strangers(&corpus, &scratch)?;
            Ok((lock, corpus, before))
        });
        let (lock, corpus, before) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                scratch.remove_made_root();
                return Err(error);
            }
        };
        // From here on dropping it undoes what it did.
        let mut writer = Self {
            scratch,
            corpus,
            before,
            options,
            parts: BTreeMap::new(),
            lock: Some(lock),
            replaced: None,
            settled: false,
            swept: false,
        };
        writer.tidy()?;
        Ok(writer)
    }

    /// The corpus as it was found.
    #[must_use]
    pub const fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The working state as it was found: the one that a commit replaces and a release seals.
    #[must_use]
    pub const fn before(&self) -> &State {
        &self.before
    }

    /// Begins `part` anew. What it gives in the end is for [`Writer::set`].
    #[must_use]
    pub fn part(&self, part: Part) -> PartWriter {
        let container = if part == Part::Traces {
            self.options.traces
        } else {
            self.options.compress
        };
        PartWriter::new(
            Arc::clone(&self.scratch),
            part,
            container,
            self.options.shard_bytes,
        )
    }

    /// Begins a part that has all shards of the state before, as they are, and takes further lines
    /// into new ones behind them. Their keys may lie anywhere among those that are there; that none is
    /// there already is for the caller to see to.
    ///
    /// # Errors
    ///
    /// As [`PartWriter::keep`] and [`Writer::stored`].
    pub fn add(&self, part: Part) -> Result<PartWriter, WriteError> {
        let mut writer = self.part(part);
        for file in self.before.part(part) {
            writer.keep(&self.stored(file)?)?;
        }
        Ok(writer)
    }

    /// Something to put lines in order with, in bounded memory.
    #[must_use]
    pub fn sorter(&self) -> Sorter {
        Sorter::of(Arc::clone(&self.scratch))
    }

    /// Makes `files` the shards of their part in the new state.
    pub fn set(&mut self, files: PartFiles) {
        self.parts.insert(files.part, files.files);
    }

    /// A file of the state before, with its size and digest, for
    /// [`PartWriter::keep`](super::PartWriter::keep).
    ///
    /// # Errors
    ///
    /// [`WriteError::Open`], where no listing says them and the file cannot be read.
    pub fn stored(&self, file: &StateFile) -> Result<StoredFile, WriteError> {
        Ok(match file.listed {
            Some((bytes, digest)) => StoredFile {
                name: file.name.clone(),
                bytes,
                digest,
            },
            None => self.before.measure(file)?,
        })
    }

    /// Writes the file `name` of the corpus where it is not there yet, and says whether it did.
    pub(super) fn put_absent(&self, name: &str, bytes: &[u8]) -> Result<bool, WriteError> {
        let there = inside(self.scratch.root(), name)?
            .symlink_metadata()
            .is_ok();
        if !there {
            self.scratch.put(name, bytes)?;
        }
        Ok(!there)
    }

    /// Puts the new state in the place of the old one.
    ///
    /// # Errors
    ///
    /// [`WriteError`]. The old state is in place, except with [`WriteError::Behind`].
    pub fn commit(mut self) -> Result<Commit, WriteError> {
        let (before, files) = self.files()?;
        let changed = files != before;
        if changed {
            self.swap(files)?;
        } else {
            self.put_back()?;
            self.settle();
        }
        self.sweep().map_err(WriteError::behind)?;
        Ok(if changed {
            Commit::Changed
        } else {
            Commit::Unchanged
        })
    }

    /// Whether [`Writer::commit`] would change the state.
    ///
    /// # Errors
    ///
    /// [`WriteError`] where a file of the state before cannot be measured.
    pub fn would_change(&self) -> Result<bool, WriteError> {
        let (before, files) = self.files()?;
        Ok(files != before)
    }

    /// The files of the state before and of the new one, each sorted.
    pub(super) fn files(&self) -> Result<(Vec<StoredFile>, Vec<StoredFile>), WriteError> {
        let before = self.before_stored()?;
        let mut files = Vec::new();
        for part in Part::ALL {
            let old = || {
                before
                    .iter()
                    .filter(move |file| part_of(&file.name) == part)
            };
            match self.parts.get(&part) {
                Some(new) if !(part == Part::Inputs && self.same_ledger(new)?) => {
                    files.extend(new.iter().cloned());
                }
                _ => files.extend(old().cloned()),
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok((before, files))
    }

    /// The commit: when `files.json` has its name, the new state is the state.
    fn swap(&mut self, files: Vec<StoredFile>) -> Result<(), WriteError> {
        self.sync_parts()?;
        self.scratch.sync("")?;
        self.note_spent()?;
        let listing = Listing {
            after: self.corpus.newest(),
            files,
        };
        self.scratch.put(FILES, &listing.write())?;
        self.settle();
        self.scratch.sync("").map_err(WriteError::behind)
    }

    /// Puts back the listing that named files which are missing.
    pub(super) fn put_back(&self) -> Result<(), WriteError> {
        match &self.replaced {
            Some((name, listing)) => self.scratch.put(name, &listing.write()),
            None => Ok(()),
        }
    }

    pub(super) fn sync_parts(&self) -> Result<(), WriteError> {
        Part::ALL
            .into_iter()
            .try_for_each(|part| self.scratch.sync(part.folder()))
    }

    /// Notes in the journal, before a commit, the shards that it may make useless: those that the
    /// states name which it takes the place of. So whoever comes after a writer that was stopped
    /// behind its commit may remove them.
    pub(super) fn note_spent(&self) -> Result<(), WriteError> {
        let sealed = Corpus::scan(self.scratch.root())?.sealed()?;
        let states = sealed.iter().chain([&self.before]);
        let shards = states
            .flat_map(State::files)
            .filter_map(|file| match &file.name {
                FileName::Shard(shard) => Some(shard.clone()),
                FileName::Ledger(..) => None,
            });
        self.scratch.note(shards)
    }

    /// From here on nothing is undone.
    pub(super) fn settle(&mut self) {
        self.settled = true;
        self.scratch.keep_made();
    }

    /// Removes what no state needs any more. Nothing is lost where it fails.
    pub(crate) fn sweep(&mut self) -> Result<(), WriteError> {
        self.remove_unnamed()?;
        self.swept = true;
        self.scratch.remove_folder()
    }

    /// The files of the state before with their sizes and digests, sorted.
    pub(super) fn before_stored(&self) -> Result<Vec<StoredFile>, WriteError> {
        let files = self.before.files().iter().map(|file| self.stored(file));
        let mut files = files.collect::<Result<Vec<_>, _>>()?;
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(files)
    }

    /// Whether the ledger in `new` holds the lines of the one before, however it is stored.
    fn same_ledger(&self, new: &[StoredFile]) -> Result<bool, WriteError> {
        let new: Result<Vec<Source>, _> = new
            .iter()
            .map(|file| self.before.source(&StateFile::from(file)))
            .collect();
        let old = self.before.sources(Part::Inputs)?;
        Ok(!old.is_empty() && plain_digest(new?)? == plain_digest(old)?)
    }

    /// Makes a folder ready: the state as it is found is listed, and what was left behind is gone.
    fn tidy(&mut self) -> Result<(), WriteError> {
        // Names that a writer gave just before it was stopped may not be on stable storage yet. They
        // must be before what they took the place of is removed.
        self.scratch.sync(RELEASES)?;
        self.scratch.sync("")?;
        self.remove_unnamed()?;
        self.scratch.clear()?;
        let loose = self.before.listing().is_none() || !self.before.missing().is_empty();
        let unsealed = self.corpus.unsealed()?.is_some();
        if loose {
            self.list_what_is_there(unsealed)?;
        } else if !unsealed {
            self.remove_spent()?;
        }
        self.put_absent(GIT_ATTRIBUTES, GIT_ATTRIBUTES_TEXT.as_bytes())?;
        Ok(())
    }

    /// Where the state is whatever lies in the folders: names it, since new shards will lie there
    /// soon that are no part of it.
    fn list_what_is_there(&mut self, unsealed: bool) -> Result<(), WriteError> {
        let mut files = self.before_stored()?;
        let newest = self.corpus.newest();
        let (folder, name, after) = match newest {
            Some(number) if !unsealed => {
                files.retain(|file| part_of(&file.name) != Part::Inputs);
                let folder = format!("{RELEASES}/{number}");
                (folder, release_file(number, FILES), None)
            }
            Some(_) | None => (String::new(), FILES.to_owned(), newest),
        };
        self.replaced = self.corpus.listing(&name)?.map(|old| (name.clone(), old));
        let listing = Listing { after, files };
        self.scratch.put(&name, &listing.write())?;
        self.scratch.sync(&folder)
    }

    /// Removes a listing at the root whose state was sealed since.
    pub(super) fn remove_spent(&self) -> Result<(), WriteError> {
        let path = inside(self.scratch.root(), FILES)?;
        if path.symlink_metadata().is_ok() {
            self.scratch.remove_file(&path)?;
        }
        Ok(())
    }

    /// Removes the shards that neither the working state nor the newest release names, of those that
    /// the journal does. When it returns, they are gone for certain: the journal may go.
    fn remove_unnamed(&self) -> Result<(), WriteError> {
        let corpus = Corpus::scan(self.scratch.root())?;
        let mut parts = BTreeSet::new();
        for shard in unnamed(&corpus)? {
            if self.scratch.journal().names(&shard) {
                let path = inside(self.scratch.root(), &shard.to_string())?;
                self.scratch.remove_file(&path)?;
                parts.insert(shard.part());
            }
        }
        parts
            .into_iter()
            .try_for_each(|part| self.scratch.sync(part.folder()))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // What fails here is for the next writer to tidy, and so is what a commit left behind: the
        // journal tells of it. A listing that was made goes only when the shards it kept out of the
        // state are gone for certain.
        let undone = if self.settled {
            self.swept
        } else {
            self.remove_unnamed()
                .and_then(|()| self.sync_parts())
                .is_ok()
        };
        if undone && !self.settled {
            let _ = self.put_back();
        }
        if undone {
            let _ = self.scratch.remove_folder();
        }
        if undone && !self.settled {
            self.scratch.remove_made();
        }
        drop(self.lock.take());
        if undone && !self.settled {
            self.scratch.remove_made_root();
        }
    }
}

/// Why a corpus could not be locked for writing.
fn not_locked(root: &Path, source: io::Error) -> WriteError {
    if matches!(
        source.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    ) {
        let path = root.to_path_buf();
        return WriteError::ReadOnly { path, source };
    }
    WriteError::disk("lock", &root.join(LOCK), source)
}

/// The digest over all lines of `sources`.
pub(super) fn plain_digest(sources: Vec<Source>) -> Result<Digest, ReadError> {
    let mut hasher = Hasher::new();
    for line in Lines::new(sources) {
        hasher.update(&line?.bytes);
        hasher.update(b"\n");
    }
    Ok(hasher.finish())
}
