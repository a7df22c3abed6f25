//! The same lines in other shards.

use super::Part;
use super::error::WriteError;
use super::layout::{FILES, RELEASES, release_file};
use super::listing::Listing;
use super::state::part_of;
use super::write::{Commit, Writer};

impl Writer {
    /// Puts shards in the place of others that hold the same lines; that they do is for the caller to see to.
    ///
    /// Where the working state is that of the newest release, the release's listing (which is not signed) names
    /// the new shards from then on. Otherwise it is [`Writer::commit`], and the shards of the release stay
    /// beside the new ones.
    ///
    /// # Errors
    ///
    /// As [`Writer::commit`].
    pub fn commit_packed(mut self) -> Result<Commit, WriteError> {
        let sealed = self.corpus.newest().filter(|_| {
            let unsealed = self.corpus.unsealed();
            unsealed.is_ok_and(|listing| listing.is_none())
        });
        let Some(number) = sealed else {
            return self.commit();
        };
        let (before, files) = self.files()?;
        if files == before {
            return self.commit();
        }
        self.sync_parts()?;
        self.note_spent()?;
        let listing = Listing {
            after: None,
            files: files
                .into_iter()
                .filter(|file| part_of(&file.name) != Part::Inputs)
                .collect(),
        };
        self.scratch
            .put(&release_file(number, FILES), &listing.write())?;
        self.settle();
        self.scratch
            .sync(&format!("{RELEASES}/{number}"))
            .and_then(|()| self.sweep())
            .map_err(WriteError::behind)?;
        Ok(Commit::Changed)
    }
}
