//! Standard input as a file of lines.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use dateline::corpus::{Chunks, Container, Source};
use dateline::diagnostic::{Diagnostic, Place, codes};
use tempfile::NamedTempFile;

/// Its name in reports.
const NAME: &str = "<stdin>";

/// Standard input, kept on disk while it is checked: defects found only at the end need a second look at
/// their lines.
pub(crate) struct Spooled {
    file: NamedTempFile,
    container: Container,
}

/// Whether a path means standard input; `./-` is a file with that name.
pub(crate) fn is_named(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Spooled {
    /// Reads standard input to its end.
    pub(crate) fn read() -> io::Result<Self> {
        let mut file = NamedTempFile::new()?;
        io::copy(&mut io::stdin().lock(), &mut file)?;
        file.flush()?;
        let container = container(file.path())?;
        Ok(Self { file, container })
    }

    /// The finding for empty standard input.
    pub(crate) fn nothing(&self) -> Option<Diagnostic> {
        // Compressed input can be empty, too. Read errors are reported when it is checked.
        if Chunks::new([self.source()]).next().is_some() {
            return None;
        }
        let message = "standard input is empty, so nothing was checked";
        Some(
            Diagnostic::new(codes::INPUT_EMPTY, Place::file(NAME), message).hint(
                "check whether the command before the pipe failed; `set -o pipefail` shows that",
            ),
        )
    }

    /// The source to check, valid as long as `self`.
    pub(crate) fn source(&self) -> Source {
        Source {
            file: Arc::from(NAME),
            path: self.file.path().to_owned(),
            container: self.container,
        }
    }
}

/// The container by its first bytes, as there is no file name.
fn container(path: &Path) -> io::Result<Container> {
    let mut magic = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(match magic.as_slice() {
        [0x1f, 0x8b, ..] => Container::Gz,
        [0x28, 0xb5, 0x2f, 0xfd] => Container::Zst,
        _ => Container::Plain,
    })
}
