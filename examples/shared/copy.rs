//! A copy of the example corpus to work on.

use std::fs;
use std::io;
use std::path::Path;

/// Copies `examples/demo-corpus` into a temporary folder.
pub(crate) fn of_demo_corpus() -> io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    copy(Path::new("examples/demo-corpus"), folder.path())?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
