//! One writer at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::open;

/// The name of the file that is locked. It is empty.
pub(super) const LOCK: &str = ".dateline-lock";

/// The right to write to a corpus, held until it is dropped.
///
/// It is an advisory lock of the operating system on a file in the corpus, so it ends with the
/// process however that ends. On a file system that has no locks it is granted to all.
#[derive(Debug)]
pub(super) struct Lock {
    root: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock of the corpus at `root`, or gives none where another writer has it.
    ///
    /// The file is opened without following a link, and nothing is written to it: whatever else has
    /// its name stays as it is.
    pub(super) fn take(root: &Path) -> io::Result<Option<Self>> {
        loop {
            let file = open::shared(root, Path::new(LOCK))?;
            if file.metadata()?.len() > 0 {
                return Err(io::Error::other(
                    "it is not empty, so it is no lock of dateline; move it away",
                ));
            }
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // The writer before removes the file when it is done. What was locked here may be that
            // file, no longer under this name.
            if open::same_file(&file, root, Path::new(LOCK))? {
                let root = root.to_path_buf();
                return Ok(Some(Self { root, file }));
            }
        }
    }
}

/// Whether a writer is at work on the corpus at `root` now.
pub(super) fn is_held(root: &Path) -> bool {
    let held = |file: File| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
    open::below(root, Path::new(LOCK)).is_ok_and(held)
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock file left behind hinders nobody. Elsewhere than on Unix a file that is open cannot be
        // removed.
        let name = Path::new(LOCK);
        if cfg!(unix) && open::same_file(&self.file, &self.root, name).unwrap_or_default() {
            let _ = open::remove_file(&self.root, name);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{LOCK, Lock, is_held};

    #[test]
    fn the_second_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        assert!(first.is_some());
        assert!(Lock::take(folder.path()).unwrap().is_none());
        assert!(is_held(folder.path()));
        drop(first);
        assert!(!is_held(folder.path()));
        assert!(Lock::take(folder.path()).unwrap().is_some());
        if cfg!(unix) {
            assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
        }
    }

    #[test]
    fn what_is_no_lock_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(LOCK);
        std::fs::write(&path, "a letter").unwrap();
        assert!(Lock::take(folder.path()).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a letter");
    }
}
