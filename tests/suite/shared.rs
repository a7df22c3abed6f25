//! Published test vectors, which are not part of this project.

#![allow(
    clippy::print_stdout,
    reason = "a test that is not run says so where its output is shown"
)]

use std::env;
use std::path::PathBuf;

/// The path below the folder that `DATELINE_SHARED` names; where it names none, says which test
/// was not run.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let folder = env::var_os("DATELINE_SHARED");
    if folder.is_none() {
        println!("not run: DATELINE_SHARED is not set, so there is no {path}");
    }
    Some(PathBuf::from(folder?).join(path))
}
