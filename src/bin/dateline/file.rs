//! Reading and writing the files that a command line names.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;

use dateline::open;

/// The most bytes that a manifest, a profile, a key or an `allowed_signers` may have: 16 MiB.
pub(crate) const LARGEST: u64 = 16 << 20;

/// Reads a file that is to be held whole, in bounded memory, whatever it is.
///
/// # Errors
///
/// That of reading, or that there is more of it than such a file has.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_at_most(path, LARGEST)
}

/// Reads such a file of at most so many bytes.
///
/// # Errors
///
/// Those of [`read`].
pub(crate) fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    rest(File::open(path)?, most)
}

/// Reads such a file that is open.
///
/// # Errors
///
/// Those of [`read`].
pub(crate) fn read_open(file: File) -> io::Result<Vec<u8>> {
    rest(file, LARGEST)
}

/// Reads a file that was found in a folder, not named: it may be anything, and is not waited on.
///
/// # Errors
///
/// Those of [`read`], and of [`open::file`].
pub(crate) fn found(path: &Path) -> io::Result<Vec<u8>> {
    rest(open::file(path)?, LARGEST)
}

/// Reads what is left of such a file.
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
        Err(io::Error::other(format!("it has more than {most} bytes")))
    }
}

/// The folders whose names are the system's: devices, and what processes have open.
const SYSTEM: [&str; 3] = ["/dev", "/proc", "/sys"];

/// Whether a path is a name of standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

/// Writes a file whole: beside its place, and then renamed, so that no reader sees a part of it. A device
/// or a pipe is written to as it is, and so is any name that the system keeps, such as `/dev/stderr`. Any
/// other link is replaced, and what it leads to stays as it is: a folder that was received may hold one
/// under any name.
///
/// # Errors
///
/// That of writing, with the path.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let named = |error: io::Error| {
        let said = format!("cannot write `{}`: {error}", path.display());
        io::Error::new(error.kind(), said)
    };
    let there = path.symlink_metadata();
    let is_kept =
        there.is_ok_and(|found| is_of_the_system(path) || !found.is_file() && !found.is_symlink());
    let written = if is_kept {
        // What is behind a name of the system may be a file with something in it.
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
        // It names a file that nobody has named.
        .map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}
