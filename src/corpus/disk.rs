//! Everything that changes what is on disk, as one small trait, so that tests can make any step of
//! it fail.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::open;

/// A file being written.
pub trait Sink: Write + Send {
    /// Returns when what was written is on stable storage (`fsync`).
    ///
    /// # Errors
    ///
    /// Those of the file system; what was written may then be lost.
    fn sync(&mut self) -> io::Result<()>;
}

/// What changes a file system.
///
/// Reading goes through `open`, the room below.
pub trait Disk: Send + Sync {
    /// Creates a file that must not be there yet.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Sink>>;

    /// Creates a folder that must not be there yet.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Gives `from` the name `to`, which at every instant names the old file or the new one.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Returns when the names in the folder are on stable storage.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
}

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Sink for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Sink>> {
        Ok(Box::new(File::create_new(path)?))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(unix)]
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    /// Elsewhere a folder cannot be opened to be synced; the file system's journal orders names.
    #[cfg(not(unix))]
    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }
}

/// The file system of the machine, seen from the folder of a corpus: what lies below it is reached
/// through no link ([`crate::open`]).
#[derive(Debug, Clone)]
pub(super) struct Below(pub(super) PathBuf);

impl Below {
    /// What `path` is called in the folder; none where it does not lie below it.
    fn name<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        let name = path.strip_prefix(&self.0).ok()?;
        (!name.as_os_str().is_empty()).then_some(name)
    }
}

impl Disk for Below {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Sink>> {
        match self.name(path) {
            Some(name) => Ok(Box::new(open::create(&self.0, name)?)),
            None => RealDisk.create(path),
        }
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        match self.name(path) {
            Some(name) => open::create_dir(&self.0, name),
            None => RealDisk.create_dir(path),
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        match (self.name(from), self.name(to)) {
            (Some(from), Some(to)) => open::rename(&self.0, from, to),
            _ => RealDisk.rename(from, to),
        }
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let name = self.name(path).unwrap_or_else(|| Path::new(""));
        open::sync_dir(&self.0, name)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        match self.name(path) {
            Some(name) => open::remove_file(&self.0, name),
            None => RealDisk.remove_file(path),
        }
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        match self.name(path) {
            Some(name) => open::remove_dir(&self.0, name),
            None => RealDisk.remove_dir(path),
        }
    }
}
