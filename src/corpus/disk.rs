//! Everything that changes what is on disk, as one small trait, so that tests can make any step of
//! it fail.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

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
/// Reading goes through [`std::fs`].
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

/// Removes the folder `path` with all that is in it, links not followed; nothing where it is not
/// there.
pub(super) fn remove_all(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_all(disk, &entry.path())?;
        } else {
            disk.remove_file(&entry.path())?;
        }
    }
    disk.remove_dir(path)
}
