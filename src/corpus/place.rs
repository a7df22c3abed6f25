//! A release in its place: its folder gets its name in one step, and files may be added to it.

use std::io::Write as _;
use std::path::Path;

use super::encode::Encoded;
use super::error::WriteError;
use super::layout::{FILES, RELEASES, is_release_file, release_file};
use super::listing::Listing;
use super::state::part_of;
use super::write::Writer;
use super::{Container, Part};

impl Writer {
    /// Makes `folder` release `number`, which seals the working state: writes its listing into it, and gives it its
    /// name. What only the state before needed is left for [`Writer::sweep`].
    pub(crate) fn put_release(&mut self, folder: &Path, number: u64) -> Result<(), WriteError> {
        let mut files = self.before_stored()?;
        files.retain(|file| part_of(&file.name) != Part::Inputs);
        let listing = Listing { after: None, files };
        let path = folder.join(FILES);
        let failed = |source| WriteError::disk("write", &path, source);
        let disk = self.scratch.disk();
        let mut file = Encoded::create(disk, &path, Container::Plain).map_err(failed)?;
        file.write_all(&listing.write()).map_err(failed)?;
        file.finish().map_err(failed)?;
        disk.sync_dir(folder)
            .map_err(|source| WriteError::disk("sync", folder, source))?;
        self.scratch.make_dir(RELEASES)?;
        self.scratch.sync("")?;
        self.note_spent()?;
        let target = self.scratch.root().join(RELEASES).join(number.to_string());
        self.scratch.rename(folder, &target)?;
        self.settle();
        self.scratch
            .sync(RELEASES)
            .and_then(|()| self.remove_spent())
            .map_err(WriteError::behind)
    }

    /// Adds the file `name` to release `number`, a signature or a list that the copy came without: one that is
    /// not there yet, whole or not at all.
    ///
    /// # Errors
    ///
    /// [`WriteError::NoRelease`], [`WriteError::Exists`], or what the disk says.
    pub fn add_to_release(
        mut self,
        number: u64,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), WriteError> {
        check_name(name)?;
        if !self.corpus.releases().contains(&number) {
            return Err(WriteError::NoRelease {
                path: self.corpus.root().to_path_buf(),
                number,
            });
        }
        let path = release_file(number, name);
        if !self.put_absent(&path, bytes)? {
            return Err(WriteError::Exists(path));
        }
        self.put_back()?;
        self.settle();
        self.scratch
            .sync(&format!("{RELEASES}/{number}"))
            .and_then(|()| self.sweep())
            .map_err(WriteError::behind)
    }
}

/// Lets pass the names of files of a release.
pub(crate) fn check_name(name: &str) -> Result<(), WriteError> {
    if is_release_file(name) {
        Ok(())
    } else {
        Err(WriteError::ReleaseFile(name.to_owned()))
    }
}
