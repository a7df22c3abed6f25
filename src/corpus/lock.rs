//! One writer at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// The name of the file that is locked.
pub(super) const LOCK: &str = ".dateline-lock";

/// The right to write to a corpus, held until it is dropped.
///
/// It is an advisory lock of the operating system on a file in the corpus, so it ends with the
/// process however that ends. On a file system that has no locks it is granted to all.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    // Held for its lock alone.
    _file: File,
}

impl Lock {
    /// Takes the lock of the corpus at `root`, or gives none where another writer has it.
    pub(super) fn take(root: &Path) -> io::Result<Option<Self>> {
        static WRITERS: AtomicU64 = AtomicU64::new(0);
        let path = root.join(LOCK);
        loop {
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            if cfg!(not(unix)) {
                return Ok(Some(Self { path, _file: file }));
            }
            // The writer before removes the file when it is done. What was locked here may be that
            // file, no longer under this name: a mark tells.
            let writer = WRITERS.fetch_add(1, Ordering::Relaxed);
            let mark = format!("process {} writer {writer}\n", process::id());
            file.set_len(0)?;
            file.write_all(mark.as_bytes())?;
            if fs::read_to_string(&path).is_ok_and(|found| found == mark) {
                return Ok(Some(Self { path, _file: file }));
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock file left behind hinders nobody. Elsewhere than on Unix a locked file cannot be read
        // to see whether it still has its name, so it is not removed.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Lock;

    #[test]
    fn the_second_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::take(folder.path()).unwrap();
        assert!(first.is_some());
        assert!(Lock::take(folder.path()).unwrap().is_none());
        drop(first);
        assert!(Lock::take(folder.path()).unwrap().is_some());
        if cfg!(unix) {
            assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
        }
    }
}
