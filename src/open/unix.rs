//! Opening relative to folders that are open, by the calls of POSIX.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use super::{Astray, Kind, Named, target};

/// How everything is opened: without waiting, and not for children.
const OPEN: OFlags = OFlags::CLOEXEC
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);
const READ: OFlags = OPEN.union(OFlags::RDONLY);

/// Opens the file at `path` for reading; none where it is a link.
pub(super) fn unfollowed(path: &Path) -> io::Result<Option<File>> {
    regular(rustix::fs::openat(
        CWD,
        path,
        READ | OFlags::NOFOLLOW,
        Mode::empty(),
    ))
}

/// Opens the file `name` below `root` for reading; none where it is a link.
pub(super) fn unfollowed_below(root: &Path, name: &Path) -> io::Result<Option<File>> {
    let (folder, last) = walk(root, name)?;
    regular(rustix::fs::openat(
        &folder,
        last,
        READ | OFlags::NOFOLLOW,
        Mode::empty(),
    ))
}

/// What lies under `name` below `root`.
pub(super) fn kind(root: &Path, name: &Path) -> io::Result<Kind> {
    let (folder, last) = walk(root, name)?;
    let stat = rustix::fs::statat(&folder, last, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(kind_of(FileType::from_raw_mode(stat.st_mode)))
}

/// What lies in the folder `name` below `root`, in order of names; `name` may be empty for the root.
pub(crate) fn list(root: &Path, name: &Path) -> io::Result<Vec<Named>> {
    let folder = folder(root, name)?;
    let mut found = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let entry = entry?;
        let bytes = entry.file_name().to_bytes();
        if matches!(bytes, b"." | b"..") {
            continue;
        }
        let mut kind = entry.file_type();
        if kind == FileType::Unknown {
            let flags = AtFlags::SYMLINK_NOFOLLOW;
            let stat = rustix::fs::statat(&folder, entry.file_name(), flags)?;
            kind = FileType::from_raw_mode(stat.st_mode);
        }
        found.push((OsString::from_vec(bytes.to_vec()), kind_of(kind)));
    }
    found.sort();
    Ok(found)
}

/// Creates the file `name` below `root`, which must not be there.
pub(crate) fn create(root: &Path, name: &Path) -> io::Result<File> {
    let (folder, last) = walk(root, name)?;
    let flags = OPEN | OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
    let file = rustix::fs::openat(&folder, last, flags, Mode::from_raw_mode(0o666))?;
    Ok(File::from(file))
}

/// Opens the file `name` below `root` to be locked; creates it, empty, where it is not there.
pub(crate) fn shared(root: &Path, name: &Path) -> io::Result<File> {
    let (folder, last) = walk(root, name)?;
    let flags = OPEN | OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW;
    let opened = rustix::fs::openat(&folder, last, flags, Mode::from_raw_mode(0o666));
    // A pipe without a reader, a socket and a folder are refused by the system itself.
    if let Err(Errno::NXIO | Errno::ISDIR | Errno::OPNOTSUPP) = opened {
        let stat = rustix::fs::statat(&folder, last, AtFlags::SYMLINK_NOFOLLOW)?;
        return Err(not_a_file(kind_of(FileType::from_raw_mode(stat.st_mode))));
    }
    regular(opened)?.ok_or_else(|| Astray::Link(target(&root.join(name))).error())
}

/// Whether `file` is what lies under `name` below `root`.
pub(crate) fn same_file(file: &File, root: &Path, name: &Path) -> io::Result<bool> {
    let (folder, last) = walk(root, name)?;
    let named = match rustix::fs::statat(&folder, last, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(named) => named,
        Err(Errno::NOENT) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let place = |stat: &Stat| (stat.st_dev, stat.st_ino);
    Ok(place(&rustix::fs::fstat(file)?) == place(&named))
}

/// Creates the folder `name` below `root`, which must not be there.
pub(crate) fn create_dir(root: &Path, name: &Path) -> io::Result<()> {
    let (folder, last) = walk(root, name)?;
    Ok(rustix::fs::mkdirat(
        &folder,
        last,
        Mode::from_raw_mode(0o777),
    )?)
}

/// Gives what is called `from` below `root` the name `to`, below it too.
pub(crate) fn rename(root: &Path, from: &Path, to: &Path) -> io::Result<()> {
    let (old, from) = walk(root, from)?;
    let (new, to) = walk(root, to)?;
    Ok(rustix::fs::renameat(&old, from, &new, to)?)
}

/// Removes the name of a file, or of a link, below `root`.
pub(crate) fn remove_file(root: &Path, name: &Path) -> io::Result<()> {
    let (folder, last) = walk(root, name)?;
    Ok(rustix::fs::unlinkat(&folder, last, AtFlags::empty())?)
}

/// Removes an empty folder below `root`.
pub(crate) fn remove_dir(root: &Path, name: &Path) -> io::Result<()> {
    let (folder, last) = walk(root, name)?;
    Ok(rustix::fs::unlinkat(&folder, last, AtFlags::REMOVEDIR)?)
}

/// Returns when the names in the folder `name` below `root` are on stable storage; `name` may be
/// empty.
pub(crate) fn sync_dir(root: &Path, name: &Path) -> io::Result<()> {
    File::from(folder(root, name)?).sync_all()
}

/// The folder that the last part of `name` lies in, opened, and that part.
fn walk<'n>(root: &Path, name: &'n Path) -> io::Result<(OwnedFd, &'n OsStr)> {
    let last = name.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let parent = name.parent().unwrap_or_else(|| Path::new(""));
    Ok((folder(root, parent)?, last))
}

/// The folder `name` below `root`, opened: no part of it is a link.
fn folder(root: &Path, name: &Path) -> io::Result<OwnedFd> {
    let flags = READ | OFlags::DIRECTORY;
    let shown = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let mut open = rustix::fs::openat(CWD, shown, flags, Mode::empty())?;
    let mut at = PathBuf::new();
    for part in name.components() {
        let Component::Normal(part) = part else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        at.push(part);
        match rustix::fs::openat(&open, part, flags | OFlags::NOFOLLOW, Mode::empty()) {
            Ok(next) => open = next,
            Err(Errno::LOOP | Errno::NOTDIR | Errno::MLINK) => {
                let stat = rustix::fs::statat(&open, part, AtFlags::SYMLINK_NOFOLLOW)?;
                return Err(match kind_of(FileType::from_raw_mode(stat.st_mode)) {
                    Kind::Link => Astray::Folder(at),
                    other @ (Kind::File | Kind::Folder | Kind::Special(_)) => {
                        Astray::Kind(other.name(), "a folder")
                    }
                }
                .error());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(open)
}

/// What was opened, where it is a regular file; none where it was a link.
fn regular(opened: rustix::io::Result<OwnedFd>) -> io::Result<Option<File>> {
    let file = match opened {
        Ok(file) => file,
        Err(Errno::LOOP | Errno::MLINK) => return Ok(None),
        // A socket.
        Err(Errno::NXIO | Errno::OPNOTSUPP) => return Err(not_a_file(Kind::Special("a socket"))),
        Err(error) => return Err(error.into()),
    };
    match kind_of(FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode)) {
        Kind::File => Ok(Some(File::from(file))),
        other @ (Kind::Folder | Kind::Link | Kind::Special(_)) => Err(not_a_file(other)),
    }
}

fn not_a_file(kind: Kind) -> io::Error {
    Astray::Kind(kind.name(), "a file").error()
}

fn kind_of(kind: FileType) -> Kind {
    match kind {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        FileType::Fifo => Kind::Special("a pipe"),
        FileType::Socket => Kind::Special("a socket"),
        FileType::CharacterDevice | FileType::BlockDevice => Kind::Special("a device"),
        FileType::Unknown => Kind::Special("of an unknown kind"),
    }
}
