//! A disk whose n-th operation fails, stops the process, or loses power.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::corpus::{Disk, RealDisk, Sink};

/// What happens at the operation that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It fails; those behind it do not.
    Fails,
    /// It is the last: the process is stopped. What was done stays.
    Stops,
    /// As [`Fault::Stops`], and what was not synced is lost: all of it (0), or that of every other
    /// folder (1, 2).
    LosesPower(usize),
}

/// [`RealDisk`], with a fault at the operation `at`.
#[derive(Clone)]
pub(crate) struct FaultyDisk {
    at: usize,
    fault: Fault,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    count: usize,
    /// Changes of names that are not on stable storage, in order.
    loose: Vec<NameChange>,
    /// Files whose bytes are not.
    unsynced: BTreeSet<PathBuf>,
}

enum NameChange {
    Created(PathBuf),
    CreatedDir(PathBuf),
    Renamed {
        from: PathBuf,
        to: PathBuf,
        replaced: Option<Vec<u8>>,
    },
    Removed(PathBuf, Vec<u8>),
    RemovedDir(PathBuf),
}

impl FaultyDisk {
    pub(crate) fn new(at: usize, fault: Fault) -> Self {
        Self {
            at,
            fault,
            inner: Arc::default(),
        }
    }

    /// Whether the fault has happened.
    pub(crate) fn struck(&self) -> bool {
        self.inner.lock().unwrap().count > self.at
    }

    /// What the power failure does, once the process is gone.
    pub(crate) fn afterwards(&self) {
        let Fault::LosesPower(which) = self.fault else {
            return;
        };
        let mut inner = self.inner.lock().unwrap();
        for path in &inner.unsynced {
            if let Ok(bytes) = fs::read(path) {
                fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
            }
        }
        let mut folders: Vec<PathBuf> = Vec::new();
        for change in inner.loose.drain(..).rev() {
            let folder = change.folder();
            let index = folders.iter().position(|known| *known == folder);
            let index = index.unwrap_or_else(|| {
                folders.push(folder);
                folders.len() - 1
            });
            if which == 0 || index % 2 == which - 1 {
                change.undo();
            }
        }
    }

    fn step(&self) -> io::Result<()> {
        step(&self.inner, self.at, self.fault)
    }

    fn note(&self, change: NameChange) {
        self.inner.lock().unwrap().loose.push(change);
    }
}

fn step(inner: &Mutex<Inner>, at: usize, fault: Fault) -> io::Result<()> {
    let mut inner = inner.lock().unwrap();
    let now = inner.count;
    inner.count += 1;
    if now == at || (now > at && fault != Fault::Fails) {
        return Err(io::Error::other(format!("operation {now} fails")));
    }
    Ok(())
}

impl NameChange {
    fn folder(&self) -> PathBuf {
        let path = match self {
            Self::Created(path)
            | Self::CreatedDir(path)
            | Self::Renamed { to: path, .. }
            | Self::Removed(path, _)
            | Self::RemovedDir(path) => path,
        };
        path.parent().unwrap().to_path_buf()
    }

    /// Undoes it, as far as what it stands on is still there.
    fn undo(self) {
        let _ = match self {
            Self::Created(path) => fs::remove_file(path),
            Self::CreatedDir(path) => fs::remove_dir_all(path),
            Self::RemovedDir(path) => fs::create_dir_all(path),
            Self::Removed(path, bytes) => fs::write(path, bytes),
            Self::Renamed { from, to, replaced } => {
                let _ = fs::create_dir_all(from.parent().unwrap());
                let _ = fs::rename(&to, from);
                replaced.map_or(Ok(()), |bytes| fs::write(to, bytes))
            }
        };
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Sink>> {
        self.step()?;
        let sink = RealDisk.create(path)?;
        self.note(NameChange::Created(path.to_path_buf()));
        let mut inner = self.inner.lock().unwrap();
        inner.unsynced.insert(path.to_path_buf());
        Ok(Box::new(FaultySink {
            path: path.to_path_buf(),
            at: self.at,
            fault: self.fault,
            inner: Arc::clone(&self.inner),
            sink,
        }))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.create_dir(path)?;
        self.note(NameChange::CreatedDir(path.to_path_buf()));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        let replaced = fs::read(to).ok();
        RealDisk.rename(from, to)?;
        let mut inner = self.inner.lock().unwrap();
        if inner.unsynced.remove(from) {
            inner.unsynced.insert(to.to_path_buf());
        }
        inner.loose.push(NameChange::Renamed {
            from: from.to_path_buf(),
            to: to.to_path_buf(),
            replaced,
        });
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        let mut inner = self.inner.lock().unwrap();
        inner.loose.retain(|change| change.folder() != path);
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        let bytes = fs::read(path)?;
        RealDisk.remove_file(path)?;
        self.note(NameChange::Removed(path.to_path_buf(), bytes));
        Ok(())
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        RealDisk.remove_dir(path)?;
        self.note(NameChange::RemovedDir(path.to_path_buf()));
        Ok(())
    }
}

struct FaultySink {
    path: PathBuf,
    at: usize,
    fault: Fault,
    inner: Arc<Mutex<Inner>>,
    sink: Box<dyn Sink>,
}

impl Write for FaultySink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = step(&self.inner, self.at, self.fault) {
            // A write that fails has written half.
            self.sink.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.sink.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

impl Sink for FaultySink {
    fn sync(&mut self) -> io::Result<()> {
        step(&self.inner, self.at, self.fault)?;
        self.inner.lock().unwrap().unsynced.remove(&self.path);
        Ok(())
    }
}
