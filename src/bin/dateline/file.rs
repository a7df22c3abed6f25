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

/// Writes a file whole: beside its place, and then renamed, so that no reader sees a part of it. What is
/// no file, such as a device or a pipe, is written to as it is. A link is replaced, and what it leads to
/// stays as it is: a folder that was received may hold one under any name. Only links of the system,
/// such as `/dev/stdout`, are followed.
///
/// # Errors
///
/// That of writing, with the path.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let named = |error: io::Error| {
        let said = format!("cannot write `{}`: {error}", path.display());
        io::Error::new(error.kind(), said)
    };
    let link = path
        .symlink_metadata()
        .is_ok_and(|found| found.is_symlink());
    let system = ["/dev", "/proc"]
        .iter()
        .any(|folder| path.starts_with(folder));
    let written = if path.exists() && !path.is_file() && (system || !link) {
        File::options()
            .write(true)
            .open(path)
            .and_then(|mut file| file.write_all(bytes))
    } else {
        beside(path, bytes)
    };
    written.map_err(named)
}

fn beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder
        .prefix(".dateline-")
        .tempfile_in(folder)
        // It names a file that nobody has named.
        .map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}
