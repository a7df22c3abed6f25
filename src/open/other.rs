//! Opening where the standard library knows no way not to follow links: names are looked at first.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Astray, Kind, Named, target};

/// Opens the file at `path` for reading; none where it is a link.
pub(super) fn unfollowed(path: &Path) -> io::Result<Option<File>> {
    match kind_of(fs::symlink_metadata(path)?.file_type()) {
        Kind::File => File::open(path).map(Some),
        Kind::Link => Ok(None),
        other @ (Kind::Folder | Kind::Special(_)) => {
            Err(Astray::Kind(other.name(), "a file").error())
        }
    }
}

/// Opens the file `name` below `root` for reading; none where it is a link.
pub(super) fn unfollowed_below(root: &Path, name: &Path) -> io::Result<Option<File>> {
    unfollowed(&walk(root, name)?)
}

/// What lies under `name` below `root`.
pub(super) fn kind(root: &Path, name: &Path) -> io::Result<Kind> {
    Ok(kind_of(
        fs::symlink_metadata(walk(root, name)?)?.file_type(),
    ))
}

/// What lies in the folder `name` below `root`, in order of names; `name` may be empty for the root.
pub(crate) fn list(root: &Path, name: &Path) -> io::Result<Vec<Named>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder(root, name)?)? {
        let entry = entry?;
        found.push((entry.file_name(), kind_of(entry.file_type()?)));
    }
    found.sort();
    Ok(found)
}

/// Creates the file `name` below `root`, which must not be there.
pub(crate) fn create(root: &Path, name: &Path) -> io::Result<File> {
    File::create_new(walk(root, name)?)
}

/// Opens the file `name` below `root` to be locked; creates it, empty, where it is not there.
pub(crate) fn shared(root: &Path, name: &Path) -> io::Result<File> {
    let path = walk(root, name)?;
    if let Ok(found) = fs::symlink_metadata(&path) {
        match kind_of(found.file_type()) {
            Kind::File => {}
            Kind::Link => return Err(Astray::Link(target(&path)).error()),
            other @ (Kind::Folder | Kind::Special(_)) => {
                return Err(Astray::Kind(other.name(), "a file").error());
            }
        }
    }
    File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

/// Whether `file` is what lies under `name` below `root`: here a file that is open keeps its name.
pub(crate) fn same_file(_: &File, root: &Path, name: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(walk(root, name)?).is_ok())
}

/// Creates the folder `name` below `root`, which must not be there.
pub(crate) fn create_dir(root: &Path, name: &Path) -> io::Result<()> {
    fs::create_dir(walk(root, name)?)
}

/// Gives what is called `from` below `root` the name `to`, below it too.
pub(crate) fn rename(root: &Path, from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(walk(root, from)?, walk(root, to)?)
}

/// Removes the name of a file, or of a link, below `root`.
pub(crate) fn remove_file(root: &Path, name: &Path) -> io::Result<()> {
    fs::remove_file(walk(root, name)?)
}

/// Removes an empty folder below `root`.
pub(crate) fn remove_dir(root: &Path, name: &Path) -> io::Result<()> {
    fs::remove_dir(walk(root, name)?)
}

/// Elsewhere a folder cannot be opened to be synced; the file system's journal orders names.
pub(crate) fn sync_dir(root: &Path, name: &Path) -> io::Result<()> {
    folder(root, name).map(drop)
}

/// The path of `name` below `root`, no folder on the way being a link.
fn walk(root: &Path, name: &Path) -> io::Result<PathBuf> {
    let last = name.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let parent = name.parent().unwrap_or_else(|| Path::new(""));
    Ok(folder(root, parent)?.join(last))
}

fn folder(root: &Path, name: &Path) -> io::Result<PathBuf> {
    let mut path = root.to_path_buf();
    let mut at = PathBuf::new();
    for part in name.components() {
        let Component::Normal(part) = part else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        path.push(part);
        at.push(part);
        match kind_of(fs::symlink_metadata(&path)?.file_type()) {
            Kind::Folder => {}
            Kind::Link => return Err(Astray::Folder(at).error()),
            other @ (Kind::File | Kind::Special(_)) => {
                return Err(Astray::Kind(other.name(), "a folder").error());
            }
        }
    }
    Ok(path)
}

fn kind_of(kind: fs::FileType) -> Kind {
    if kind.is_file() {
        Kind::File
    } else if kind.is_dir() {
        Kind::Folder
    } else if kind.is_symlink() {
        Kind::Link
    } else {
        Kind::Special("a device")
    }
}
