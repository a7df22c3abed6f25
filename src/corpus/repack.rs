//! The same lines in other shards.

use super::Part;
use super::error::WriteError;
use super::layout::{FILES, LEDGER, RELEASES, release_file};
use super::listing::{Listing, StoredFile};
use super::state::part_of;
use super::write::{Commit, Writer, plain_digest};

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
        self.name_in_release(number, files)?;
        Ok(Commit::Changed)
    }

    /// Makes the files of the working state those of the newest release, which has the same lines in others: that it
    /// does is for the caller to see to. Those that only the release had go.
    ///
    /// # Errors
    ///
    /// As [`Writer::commit`].
    pub(crate) fn commit_as_sealed(mut self) -> Result<(), WriteError> {
        let unsealed = self.corpus.unsealed()?.is_some();
        let Some(number) = self.corpus.newest().filter(|_| unsealed) else {
            return Ok(());
        };
        // A copy may be without the release's own ledger: then the state's is the only one.
        let sealed = self.corpus.release_source(number, LEDGER)?;
        let here = plain_digest(self.before.sources(Part::Inputs)?)?;
        if !sealed.is_some_and(|source| plain_digest(vec![source]).is_ok_and(|it| it == here)) {
            return Ok(());
        }
        let files = self.before_stored()?;
        self.name_in_release(number, files)
    }

    /// Has the listing of a release name these files, and removes what no state names any more.
    fn name_in_release(&mut self, number: u64, files: Vec<StoredFile>) -> Result<(), WriteError> {
        self.note_spent()?;
        let ledger = |file: &StoredFile| part_of(&file.name) == Part::Inputs;
        let listing = Listing {
            after: None,
            files: files.into_iter().filter(|file| !ledger(file)).collect(),
        };
        self.scratch
            .put(&release_file(number, FILES), &listing.write())?;
        self.settle();
        self.scratch
            .sync(&format!("{RELEASES}/{number}"))
            .and_then(|()| self.remove_spent())
            .and_then(|()| self.sweep())
            .map_err(WriteError::behind)
    }
}
