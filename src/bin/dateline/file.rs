//! Reading and writing the files that a command line names.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;

use dateline::open;

/// The size limit for a manifest, a profile, a key or an `allowed_signers` file: 16 MiB.
pub(crate) const LARGEST: u64 = 16 << 20;

/// Reads a whole file into memory, up to [`LARGEST`] bytes.
///
/// # Errors
///
/// A read error, or a file over the limit.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_at_most(path, LARGEST)
}

/// Reads a whole file of at most `most` bytes.
///
/// # Errors
///
/// Those of [`read`].
pub(crate) fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    rest(File::open(path)?, most)
}

/// Reads an open file, up to [`LARGEST`] bytes.
///
/// # Errors
///
/// Those of [`read`].
pub(crate) fn read_open(file: File) -> io::Result<Vec<u8>> {
    rest(file, LARGEST)
}

/// Reads a file that was found in a folder, not named by the user. It may be anything, so this never waits
/// on it.
///
/// # Errors
///
/// Those of [`read`], and of [`open::file`].
pub(crate) fn found(path: &Path) -> io::Result<Vec<u8>> {
    rest(open::file(path)?, LARGEST)
}

/// Reads the rest of a file, of at most `most` bytes.
///
/// # Errors
///
/// Those of [`read`].
pub(crate) fn rest(file: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = file.take(most.saturating_add(1));
    let read = file.read_to_end(&mut bytes)?;
    if u64::try_from(read).is_ok_and(|read| read <= most) {
        Ok(bytes)
    } else {
        Err(io::Error::other(format!("it is larger than {most} bytes")))
    }
}

/// The folders that belong to the system: devices, and the open files of processes.
const SYSTEM: [&str; 3] = ["/dev", "/proc", "/sys"];

/// Whether a path means standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

/// Writes a whole file under a temporary name and renames it, so that no reader sees part of it. Devices,
/// pipes and names that belong to the system, such as `/dev/stderr`, are written to directly. Any other link
/// is replaced and its target left alone: a received folder may contain a link under any name.
///
/// # Errors
///
/// A write error, with the path.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let named = |error: io::Error| {
        let said = format!("cannot write `{}`: {error}", path.display());
        io::Error::new(error.kind(), said)
    };
    let there = path.symlink_metadata();
    let is_kept =
        there.is_ok_and(|found| is_of_the_system(path) || !found.is_file() && !found.is_symlink());
    let written = if is_kept {
        // A name of the system may lead to a file with content.
        File::options()
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(bytes))
    } else {
        beside(path, bytes)
    };
    written.map_err(named)
}

fn is_of_the_system(path: &Path) -> bool {
    let folder = folder(path);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    SYSTEM.iter().any(|system| folder.starts_with(system))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder
        .prefix(".dateline-")
        .tempfile_in(folder(path))
        // The error would name the temporary file.
        .map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}
