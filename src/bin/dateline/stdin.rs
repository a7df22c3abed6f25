//! Standard input as a file of lines.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use dateline::corpus::{Chunks, Container, Source};
use dateline::diagnostic::{Diagnostic, Place, codes};
use tempfile::NamedTempFile;

/// How reports call it.
const NAME: &str = "<stdin>";

/// Standard input, kept on disk while it is checked: what shows only at the end is placed by reading
/// its line again.
pub(crate) struct Spooled {
    file: NamedTempFile,
    container: Container,
}

/// Whether a path stands for standard input; `./-` is a file of that name.
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

    /// That there was nothing in it, where that is so.
    pub(crate) fn nothing(&self) -> Option<Diagnostic> {
        // Compressed, too: what cannot be read is said when it is read.
        if Chunks::new([self.source()]).next().is_some() {
            return None;
        }
        let message = "standard input is empty: nothing was checked";
        Some(
            Diagnostic::new(codes::INPUT_EMPTY, Place::file(NAME), message)
                .hint("the command before it may have failed: `set -o pipefail` shows that"),
        )
    }

    /// What is checked, while this lives.
    pub(crate) fn source(&self) -> Source {
        Source {
            file: Arc::from(NAME),
            path: self.file.path().to_owned(),
            container: self.container,
        }
    }
}

/// What the first bytes say: there is no file name to tell.
fn container(path: &Path) -> io::Result<Container> {
    let mut magic = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(match magic.as_slice() {
        [0x1f, 0x8b, ..] => Container::Gz,
        [0x28, 0xb5, 0x2f, 0xfd] => Container::Zst,
        _ => Container::Plain,
    })
}
