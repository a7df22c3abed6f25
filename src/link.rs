//! Cross-references between records.
//!
//! This version relates what dumps assert: a link in one article to the URL of another. The methods
//! that compute relations from texts will stand beside it, one file each.

use std::path::Path;

use crate::convert::{ConvertError, assert};
use crate::corpus::{Commit, Corpus, WriteOptions, Writer};

/// Finds the asserted relations of the corpus at `path` anew; those of other methods stay.
///
/// Gives how many relations there are, and whether that changed the working state.
///
/// # Errors
///
/// [`ConvertError`]; then the corpus is as it was.
pub fn link(path: &Path, options: WriteOptions) -> Result<(u64, bool), ConvertError> {
    Corpus::open(path)?;
    let mut writer = Writer::open(path, options)?;
    let relations = assert(&mut writer)?;
    Ok((relations, writer.commit()? == Commit::Changed))
}
