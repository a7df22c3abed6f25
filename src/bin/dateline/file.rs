//! Reading the small files that a command line names.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The most bytes that a manifest, a profile, a key or an `allowed_signers` may have: 16 MiB.
const LARGEST: u64 = 16 << 20;

/// Reads a file that is to be held whole, in bounded memory, whatever it is.
///
/// # Errors
///
/// That of reading, or that there is more of it than such a file has.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)?;
    if u64::try_from(read).is_ok_and(|read| read <= LARGEST) {
        Ok(bytes)
    } else {
        Err(io::Error::other(format!(
            "it has more than {LARGEST} bytes"
        )))
    }
}
