//! Where a writer puts what has no name in the corpus yet, and what it remembers to undo.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::disk::Disk;
use super::encode::Encoded;
use super::error::WriteError;
use super::journal::{JOURNAL, Journal};
use super::layout::{FILES, TEMPORARY, inside, is_release_file};
use super::{Container, ShardName};
use crate::open::{self, Kind};

/// What the names of temporary files begin with; a kind and a number are behind it.
const PREFIX: &str = "dateline-";

/// A corpus's folder as a writer changes it.
pub(crate) struct Scratch {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    names: AtomicU64,
    /// Files and folders that were not there before, in the order in which they were made.
    made: Mutex<Vec<PathBuf>>,
    journal: Journal,
}

/// What writers left in the folder of temporary files.
pub(super) struct Leavings {
    /// The journal last: it says what else may be removed.
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Scratch {
    pub(super) fn new(root: &Path, disk: Arc<dyn Disk>) -> Self {
        Self {
            root: root.to_path_buf(),
            disk,
            names: AtomicU64::new(0),
            made: Mutex::new(Vec::new()),
            journal: Journal::default(),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.root.join(TEMPORARY)
    }

    /// A name for a temporary file that no other has.
    pub(crate) fn name(&self, kind: &str) -> PathBuf {
        let number = self.names.fetch_add(1, Ordering::Relaxed);
        self.folder().join(format!("{PREFIX}{kind}-{number}"))
    }

    /// Removes what another writer left in the temporary folder, makes it anew, and begins a journal.
    pub(super) fn clear(&self) -> Result<(), WriteError> {
        let folder = self.folder();
        self.remove_folder()?;
        self.disk
            .create_dir(&folder)
            .map_err(|source| WriteError::disk("create", &folder, source))?;
        self.journal.begin(self.disk(), &self.root)
    }

    /// Removes the temporary folder with what writers left in it.
    ///
    /// # Errors
    ///
    /// [`WriteError::Stranger`] for the first thing in it that no writer made; then nothing is removed.
    pub(super) fn remove_folder(&self) -> Result<(), WriteError> {
        let Some(Leavings { files, folders }) = self.leavings()? else {
            return Ok(());
        };
        self.journal.end();
        for file in files {
            self.remove_file(&file)?;
        }
        for folder in folders.into_iter().chain([self.folder()]) {
            self.disk
                .remove_dir(&folder)
                .map_err(|source| WriteError::disk("remove", &folder, source))?;
        }
        Ok(())
    }

    /// What is in the temporary folder, all of which writers made; none where there is no such folder.
    ///
    /// # Errors
    ///
    /// As [`Scratch::remove_folder`].
    pub(super) fn leavings(&self) -> Result<Option<Leavings>, WriteError> {
        let name = Path::new(TEMPORARY);
        let list = |name: &Path| {
            open::list(&self.root, name)
                .map_err(|source| WriteError::disk("read", &self.root.join(name), source))
        };
        let kind = open::kind(&self.root, name)
            .map_err(|source| WriteError::disk("read", &self.folder(), source))?;
        match kind {
            None => return Ok(None),
            Some(Kind::Folder) => {}
            Some(_) => return Err(WriteError::Stranger(self.folder())),
        }
        let mut files = Vec::new();
        let mut folders = Vec::new();
        for (entry, kind) in list(name)? {
            let path = self.folder().join(&entry);
            let own = entry.to_str().is_some_and(is_temporary);
            match kind {
                Kind::File if own || entry == JOURNAL => files.push(path),
                Kind::Folder if own => {
                    for (file, kind) in list(&name.join(&entry))? {
                        let known = |name: &str| name == FILES || is_release_file(name);
                        let path = path.join(&file);
                        if kind != Kind::File || !file.to_str().is_some_and(known) {
                            return Err(WriteError::Stranger(path));
                        }
                        files.push(path);
                    }
                    folders.push(path);
                }
                Kind::File | Kind::Folder | Kind::Link | Kind::Special(_) => {
                    return Err(WriteError::Stranger(path));
                }
            }
        }
        files.sort_by_key(|path| path.ends_with(JOURNAL));
        Ok(Some(Leavings { files, folders }))
    }

    /// The journal.
    pub(super) const fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Notes in the journal that these shards are the writer's to remove.
    pub(super) fn note(
        &self,
        shards: impl IntoIterator<Item = ShardName>,
    ) -> Result<(), WriteError> {
        self.journal.note(&self.root, shards)
    }

    /// Makes the folder `name` of the corpus, unless it is there.
    pub(super) fn make_dir(&self, name: &str) -> Result<(), WriteError> {
        let path = inside(&self.root, name)?;
        if self.is_folder(name)? {
            return Ok(());
        }
        match self.disk.create_dir(&path) {
            Ok(()) => {
                self.remember(path);
                Ok(())
            }
            // Another part's writer was quicker.
            Err(error)
                if error.kind() == io::ErrorKind::AlreadyExists && self.is_folder(name)? =>
            {
                Ok(())
            }
            Err(source) => Err(WriteError::disk("create", &path, source)),
        }
    }

    /// Whether `name` is a folder of the corpus, and no link to one.
    fn is_folder(&self, name: &str) -> Result<bool, WriteError> {
        let kind = open::kind(&self.root, Path::new(name))
            .map_err(|source| WriteError::disk("read", &self.root.join(name), source))?;
        Ok(kind == Some(Kind::Folder))
    }

    /// Makes the folder at `path` and those it lies in.
    pub(super) fn make_root(&self) -> Result<(), WriteError> {
        let missing: Vec<&Path> = self
            .root
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && !path.exists())
            .collect();
        for path in missing.into_iter().rev() {
            self.disk
                .create_dir(path)
                .map_err(|source| WriteError::disk("create", path, source))?;
            self.remember(path.to_path_buf());
        }
        Ok(())
    }

    /// Writes `bytes` to the file `name` of the corpus: whole or not at all, and on stable storage
    /// but for its name.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let target = inside(&self.root, name)?;
        let path = self.name("file");
        let failed = |source| WriteError::disk("write", &path, source);
        let mut file = Encoded::create(self.disk(), &path, Container::Plain).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.finish().map_err(failed)?;
        let fresh = target.symlink_metadata().is_err();
        self.rename(&path, &target)?;
        if fresh {
            self.remember(target);
        }
        Ok(())
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), WriteError> {
        self.disk
            .rename(from, to)
            .map_err(|source| WriteError::disk("write", to, source))
    }

    pub(crate) fn remove_file(&self, path: &Path) -> Result<(), WriteError> {
        self.disk
            .remove_file(path)
            .map_err(|source| WriteError::disk("remove", path, source))
    }

    /// Returns when the names in the folder `name` of the corpus (empty for the corpus itself) are
    /// on stable storage.
    pub(crate) fn sync(&self, name: &str) -> Result<(), WriteError> {
        let path = if name.is_empty() {
            self.root.clone()
        } else {
            inside(&self.root, name)?
        };
        if !name.is_empty() && !self.is_folder(name)? {
            return Ok(());
        }
        self.disk
            .sync_dir(&path)
            .map_err(|source| WriteError::disk("sync", &path, source))
    }

    /// Keeps what was made: it is part of the corpus now.
    pub(super) fn keep_made(&self) {
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// Removes what was made in the corpus's folder, last first, as far as the disk lets it.
    pub(super) fn remove_made(&self) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let (inside, around) = made
            .drain(..)
            .partition(|path| path.starts_with(&self.root) && *path != self.root);
        *made = around;
        self.remove_each(inside);
    }

    /// Removes the corpus's folder and those around it, if they were made and are empty.
    pub(super) fn remove_made_root(&self) {
        let made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        self.remove_each(made);
    }

    fn remove_each(&self, paths: Vec<PathBuf>) {
        for path in paths.into_iter().rev() {
            let folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
            let _ = if folder {
                self.disk.remove_dir(&path)
            } else {
                self.disk.remove_file(&path)
            };
        }
    }

    fn remember(&self, path: PathBuf) {
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(path);
    }
}

/// Whether a writer gives such a name to a temporary file.
fn is_temporary(name: &str) -> bool {
    let kind_and_number = name
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.split_once('-'));
    kind_and_number.is_some_and(|(kind, number)| {
        !kind.is_empty() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
