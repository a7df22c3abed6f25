//! A release being written: a folder made beside, that gets its name in one step.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::changes::changes;
use crate::corpus::{
    CHANGES, Container, Corpus, ENTRIES, Encoded, FILES, LEDGER, Lines, Part, RELEASES, Sorter,
    State, TRACES, WriteError, Writer, check_name,
};
use crate::digest::{Digest, Hasher};

/// The next release, being written.
///
/// It takes its files in any order. [`ReleaseDraft::commit`] makes it the newest release; dropped
/// before that, it leaves the corpus as it was.
pub struct ReleaseDraft {
    writer: Writer,
    number: u64,
    folder: PathBuf,
}

/// A file of a [`ReleaseDraft`], being written; where its name ends in `.zst` or `.gz`, in that
/// container.
///
/// A file that is not [finished](ReleaseFile::finish) is cut short.
pub struct ReleaseFile {
    file: Encoded,
    plain: Hasher,
}

impl Writer {
    /// Begins the next release, which seals the working state as it was found; parts that were set
    /// since belong to no state. What a seal that was stopped left of older releases is removed.
    ///
    /// # Errors
    ///
    /// [`WriteError`]; the state is as it was.
    pub fn release(self) -> Result<ReleaseDraft, WriteError> {
        self.thin_out(self.corpus())?;
        let number = self.corpus().newest().map_or(1, |newest| newest + 1);
        let folder = self.scratch.name("release");
        self.scratch
            .disk()
            .create_dir(&folder)
            .map_err(|source| WriteError::disk("create", &folder, source))?;
        Ok(ReleaseDraft {
            writer: self,
            number,
            folder,
        })
    }

    /// Leaves of older releases the manifest, its signatures, and the changes to the next release,
    /// from which their entries are known. What cannot be read stays.
    ///
    /// Releases do so when they begin and when they are there; so do withdrawals, which name the releases that
    /// had an article and leave nothing of it.
    pub(crate) fn thin_out(&self, corpus: &Corpus) -> Result<(), WriteError> {
        for &number in corpus.releases().iter().rev().skip(1) {
            if !self.put_changes(corpus, number)? {
                return Ok(());
            }
            for stem in [ENTRIES, TRACES, LEDGER, FILES] {
                if let Some(source) = corpus.release_source(number, stem)? {
                    self.scratch.remove_file(&source.path)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the changes from release `number` to the next, unless they are there; says whether
    /// they are now.
    fn put_changes(&self, corpus: &Corpus, number: u64) -> Result<bool, WriteError> {
        if corpus.release_source(number, CHANGES)?.is_some() {
            return Ok(true);
        }
        let whole = corpus.release_source(number, ENTRIES)?;
        let next = corpus.releases().contains(&(number + 1));
        let (Some(_), true) = (whole, next) else {
            return Ok(false);
        };
        let (Ok(old), Ok(new)) = (corpus.entries(number), corpus.entries(number + 1)) else {
            return Ok(false);
        };
        let path = self.scratch.name("changes");
        let failed = |source| WriteError::disk("write", &path, source);
        let mut file =
            Encoded::create(self.scratch.disk(), &path, Container::Plain).map_err(failed)?;
        for change in changes(old, new) {
            let Ok(change) = change else {
                return Ok(false);
            };
            writeln!(file, "{change}").map_err(failed)?;
        }
        file.finish().map_err(failed)?;
        let target = corpus.release_path(number, CHANGES)?;
        self.scratch.rename(&path, &target)?;
        self.scratch.sync(&format!("{RELEASES}/{number}"))?;
        Ok(true)
    }
}

impl ReleaseDraft {
    /// Its number: one more than the newest, or 1.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The corpus it is a release of.
    #[must_use]
    pub const fn corpus(&self) -> &Corpus {
        self.writer.corpus()
    }

    /// The state that it seals.
    #[must_use]
    pub const fn state(&self) -> &State {
        self.writer.before()
    }

    /// Something to put lines in order with, in bounded memory.
    #[must_use]
    pub fn sorter(&self) -> Sorter {
        self.writer.sorter()
    }

    /// Begins the file `name`.
    ///
    /// # Errors
    ///
    /// [`WriteError::ReleaseFile`], [`WriteError::Disk`].
    pub fn create(&self, name: &str) -> Result<ReleaseFile, WriteError> {
        check_name(name)?;
        let path = self.folder.join(name);
        let container = Container::split(name).1;
        Encoded::create(self.writer.scratch.disk(), &path, container)
            .map(|file| ReleaseFile {
                file,
                plain: Hasher::new(),
            })
            .map_err(|source| WriteError::disk("create", &path, source))
    }

    /// Writes the file `name` whole, and gives the SHA-256 over `bytes`.
    ///
    /// # Errors
    ///
    /// As [`ReleaseDraft::create`].
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<Digest, WriteError> {
        let mut file = self.create(name)?;
        file.write_all(bytes)
            .map_err(|source| WriteError::disk("write", file.path(), source))?;
        file.finish()
    }

    /// Writes the ledger of the state into the release, and gives the SHA-256 over its lines. A state
    /// without a ledger has an empty one.
    ///
    /// # Errors
    ///
    /// [`WriteError::Read`], where the state's ledger cannot be read; [`WriteError::Disk`].
    pub fn put_ledger(&self, container: Container) -> Result<Digest, WriteError> {
        let sources = self.state().sources(Part::Inputs)?;
        let mut file = self.create(&format!("{LEDGER}{}", container.ending()))?;
        for line in Lines::new(sources) {
            let line = line?;
            file.write_all(&line.bytes)
                .and_then(|()| file.write_all(b"\n"))
                .map_err(|source| WriteError::disk("write", file.path(), source))?;
        }
        file.finish()
    }

    /// Gives it up, where it would have the lines of the newest release, as the caller has seen: what the state holds
    /// in other shards than that release is the release's from now on.
    ///
    /// # Errors
    ///
    /// As [`Writer::commit`].
    pub fn give_up_as_sealed(self) -> Result<(), WriteError> {
        self.writer.commit_as_sealed()
    }

    /// Makes it the newest release, and gives its number.
    ///
    /// Then what only the state before needed is removed: shards, and of the release before
    /// everything but manifest and signatures, with `changes.txt` in its place.
    ///
    /// # Errors
    ///
    /// [`WriteError`]. There is no such release, except with [`WriteError::Behind`].
    pub fn commit(mut self) -> Result<u64, WriteError> {
        self.writer.put_release(&self.folder, self.number)?;
        self.clean_up().map_err(WriteError::behind)?;
        Ok(self.number)
    }

    fn clean_up(&mut self) -> Result<(), WriteError> {
        let corpus = Corpus::open(self.writer.corpus().root())?;
        self.writer.thin_out(&corpus)?;
        self.writer.sweep()
    }
}

impl ReleaseFile {
    /// Ends the file, returns when it is on stable storage, and gives the SHA-256 over the plain
    /// bytes written.
    ///
    /// # Errors
    ///
    /// [`WriteError::Disk`].
    pub fn finish(self) -> Result<Digest, WriteError> {
        let path = self.path().to_path_buf();
        match self.file.finish() {
            Ok(_) => Ok(self.plain.finish()),
            Err(source) => Err(WriteError::disk("write", &path, source)),
        }
    }

    fn path(&self) -> &Path {
        self.file.path()
    }
}

impl Write for ReleaseFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(bytes)?;
        self.plain.update(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
