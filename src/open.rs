//! Files and folders reached without being led astray by links, pipes and devices.
//!
//! A received folder is hostile: any name in it may be a link to anywhere, a pipe that nobody writes
//! to, or a device. So nothing is looked at by name and then opened by name: it is opened without
//! following a link and without waiting, and what was opened is looked at.
//!
//! - A path *below* a root is walked folder by folder, and a link of a folder is never followed. The
//!   root itself is what the user named, and may be reached by links.
//! - A *reader* follows a link of a file, to a regular file, but not into `/proc`, `/sys` or `/dev`:
//!   caches and git-annex lay data out so.
//! - A *writer* follows none: it creates what is not there, and renames over and removes names, never
//!   what they lead to.
//!
//! On systems other than Unix, names are looked at before they are opened: there is no way to open
//! without following that the standard library knows.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

#[cfg_attr(unix, path = "open/unix.rs")]
#[cfg_attr(not(unix), path = "open/other.rs")]
mod system;

pub(crate) use system::{
    create, create_dir, list, remove_dir, remove_file, rename, same_file, shared, sync_dir,
};

/// The folders of the system, in which a file may be anything but data.
const SYSTEM: [&str; 3] = ["/proc", "/sys", "/dev"];

/// What lies under a name; links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link to anything, or to nothing.
    Link,
    /// A pipe, a socket or a device, as named here.
    Special(&'static str),
}

/// Why something is not opened, or not written, though the system would.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Astray {
    /// A folder on the way is a link.
    #[error("`{}` is a link; links of folders are not followed below a corpus", shown(.0))]
    Folder(PathBuf),
    /// A link leads nowhere.
    #[error("it is a link to `{}`, which does not exist", shown(.0))]
    Dangling(PathBuf),
    /// A link leads into a folder of the system.
    #[error("it is a link to `{}`, which is no data", shown(.0))]
    System(PathBuf),
    /// It is a link where none may be.
    #[error("it is a link to `{}`; nothing is written through links", shown(.0))]
    Link(PathBuf),
    /// It is something else than a file, or than a folder.
    #[error("it is {0}, not {1}")]
    Kind(&'static str, &'static str),
}

impl Astray {
    fn error(self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidInput, self)
    }

    /// What was met, where an error says that a name led astray.
    pub(crate) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl Kind {
    /// It in a sentence.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Link => "a link",
            Self::Special(what) => what,
        }
    }
}

/// Opens the regular file at `path` for reading, as a reader does. Links among its folders are the
/// user's, and are followed.
///
/// # Errors
///
/// Those of the system, and that it is something else than a file, or a link that is not followed.
pub fn file(path: &Path) -> io::Result<File> {
    match system::unfollowed(path)? {
        Some(file) => Ok(file),
        None => linked(path),
    }
}

/// Opens the regular file at `path`, which is no link, for reading.
///
/// # Errors
///
/// As [`file()`].
pub(crate) fn plain_file(path: &Path) -> io::Result<File> {
    system::unfollowed(path)?.ok_or_else(|| Astray::Link(target(path)).error())
}

/// Opens the file `name` below `root` for reading, as a reader does.
///
/// # Errors
///
/// As [`file()`].
pub(crate) fn below(root: &Path, name: &Path) -> io::Result<File> {
    match system::unfollowed_below(root, name)? {
        Some(file) => Ok(file),
        None => linked(&root.join(name)),
    }
}

/// Opens the regular file `name` below `root`, which is no link, for reading.
///
/// # Errors
///
/// As [`file()`].
pub(crate) fn plain_below(root: &Path, name: &Path) -> io::Result<File> {
    system::unfollowed_below(root, name)?
        .ok_or_else(|| Astray::Link(target(&root.join(name))).error())
}

/// What lies under `name` below `root`; none where nothing does.
///
/// # Errors
///
/// Those of the system, and [`Astray::Folder`].
pub(crate) fn kind(root: &Path, name: &Path) -> io::Result<Option<Kind>> {
    match system::kind(root, name) {
        Ok(kind) => Ok(Some(kind)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where the file at `path` lies in truth, if that is not below `root`.
///
/// # Errors
///
/// Those of the system.
pub(crate) fn leads_out(root: &Path, path: &Path) -> io::Result<Option<PathBuf>> {
    let whole = fs::canonicalize(path)?;
    Ok((!whole.starts_with(fs::canonicalize(root)?)).then_some(whole))
}

/// Whether the file at `path` lies elsewhere than below `root`, or where it lies cannot be told: then nothing of
/// its text is shown (`corpus-link-unshown`).
pub(crate) fn is_outside(root: &Path, path: &Path) -> bool {
    !matches!(leads_out(root, path), Ok(None))
}

/// Whether an error says that there is nothing under the name.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Whether an error says nothing of what the file holds: the system does not let it be read, or it is not
/// here.
pub(crate) fn says_nothing(error: &io::Error) -> bool {
    error.raw_os_error().is_some() || matches!(Astray::of(error), Some(Astray::Dangling(_)))
}

/// Opens the file that the link at `path` leads to.
fn linked(path: &Path) -> io::Result<File> {
    let whole = match fs::canonicalize(path) {
        Ok(whole) => whole,
        Err(error) if is_absent(&error) => return Err(Astray::Dangling(target(path)).error()),
        Err(error) => return Err(error),
    };
    // Memory that is used as a disk holds data.
    let data = whole.starts_with("/dev/shm");
    if SYSTEM.iter().any(|folder| whole.starts_with(folder)) && !data {
        return Err(Astray::System(whole).error());
    }
    // What the whole path names is no link, or was made one meanwhile.
    plain_file(&whole)
}

/// Where a link leads, as far as it says.
fn target(path: &Path) -> PathBuf {
    fs::read_link(path).unwrap_or_default()
}

fn shown(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}

/// A name in a folder, and what lies under it.
pub(crate) type Named = (OsString, Kind);

#[cfg(test)]
mod tests;
