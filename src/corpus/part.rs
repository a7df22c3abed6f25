//! The shards of one part, being written.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::encode::Encoded;
use super::error::WriteError;
use super::layout::inside;
use super::lines::MAX_LINE;
use super::listing::{FileName, StoredFile};
use super::scratch::Scratch;
use super::sort::Sorted;
use super::state::measure;
use super::{Container, Part, ShardName};
use crate::open;

/// Writes the lines of one part, in order of their keys, into shards.
///
/// The shards get their names as they are full, but they belong to the corpus only when
/// [`Writer::set`](super::Writer::set) was given what [`PartWriter::finish`] gives and
/// [`Writer::commit`](super::Writer::commit) has succeeded.
pub struct PartWriter {
    scratch: Arc<Scratch>,
    part: Part,
    container: Container,
    shard_bytes: u64,
    open: Option<Encoded>,
    last: Option<String>,
    index: u32,
    /// The index of the last shard, where that was kept.
    kept: Option<u32>,
    files: Vec<StoredFile>,
}

/// The shards that a [`PartWriter`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFiles {
    pub(super) part: Part,
    pub(super) files: Vec<StoredFile>,
}

impl PartWriter {
    pub(super) fn new(
        scratch: Arc<Scratch>,
        part: Part,
        container: Container,
        shard_bytes: u64,
    ) -> Self {
        Self {
            scratch,
            part,
            container,
            shard_bytes,
            open: None,
            last: None,
            index: 0,
            kept: None,
            files: Vec::new(),
        }
    }

    /// Writes the next line, given without its line end.
    ///
    /// Keys are strictly increasing by their bytes: ids, or paths for the ledger.
    ///
    /// # Errors
    ///
    /// [`WriteError`], where the key is not behind the last one, the line is no line, or the disk
    /// fails.
    pub fn push(&mut self, key: &str, line: &[u8]) -> Result<(), WriteError> {
        self.admit(key, line)?;
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        let full = |open: &Encoded| {
            open.plain_bytes() > 0 && open.plain_bytes() + length + 1 > self.shard_bytes
        };
        if self.open.as_ref().is_some_and(full) {
            self.cut()?;
        }
        let open = match &mut self.open {
            Some(open) => open,
            none => {
                let path = self.scratch.name("shard");
                let created = Encoded::create(self.scratch.disk(), &path, self.container);
                none.insert(created.map_err(|source| WriteError::disk("create", &path, source))?)
            }
        };
        open.write_all(line)
            .and_then(|()| open.write_all(b"\n"))
            .map_err(|source| WriteError::disk("write", open.path(), source))
    }

    /// Writes all of `sorted`, whose keys must all differ.
    ///
    /// # Errors
    ///
    /// As [`PartWriter::push`].
    pub fn extend(&mut self, sorted: Sorted) -> Result<(), WriteError> {
        for pair in sorted {
            let pair = pair?;
            self.push(&pair.key, &pair.line)?;
        }
        Ok(())
    }

    /// Ends the shard that is being written, if any: the next line begins another.
    ///
    /// # Errors
    ///
    /// [`WriteError`], where the disk fails.
    pub fn cut(&mut self) -> Result<(), WriteError> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let written = open.path().to_path_buf();
        let finished = open
            .finish()
            .map_err(|source| WriteError::disk("write", &written, source))?;
        let name = ShardName::new(self.part, self.index, &finished.stored, self.container);
        self.scratch.make_dir(self.part.folder())?;
        let target = inside(self.scratch.root(), &name.to_string())?;
        // A shard of that name is the same unless it was damaged. The same is left as it is; a link is
        // replaced, and what it leads to stays.
        let there = open::plain_below(self.scratch.root(), Path::new(&name.to_string())).ok();
        let there = there.and_then(|file| measure(file).ok());
        if there == Some((finished.stored_bytes, finished.stored)) {
            self.scratch.remove_file(&written)?;
        } else {
            self.scratch.note([name.clone()])?;
            self.scratch.rename(&written, &target)?;
        }
        self.kept = None;
        self.files.push(StoredFile {
            name: FileName::Shard(name),
            bytes: finished.stored_bytes,
            digest: finished.stored,
        });
        self.index = self
            .index
            .checked_add(1)
            .ok_or(WriteError::TooManyShards(self.part))?;
        Ok(())
    }

    /// Takes over a shard of the state before as it is.
    ///
    /// Its place among the shards is kept, so it must be behind those written or kept already. Its keys
    /// may lie anywhere among those of other shards; that none is there twice is for the caller to see
    /// to. Two shards that are kept may share an index, as those of two branches do.
    ///
    /// # Errors
    ///
    /// [`WriteError::Order`], where the shard's index is taken; otherwise as [`PartWriter::cut`].
    pub fn keep(&mut self, file: &StoredFile) -> Result<(), WriteError> {
        self.cut()?;
        let FileName::Shard(name) = &file.name else {
            return Err(WriteError::ReleaseFile(file.name.to_string()));
        };
        let again = self.files.last().is_some_and(|last| last.name == file.name);
        let beside = self.kept == Some(name.index()) && !again;
        if name.part() != self.part || (name.index() < self.index && !beside) {
            let last = self.files.last().map(|file| file.name.to_string());
            return Err(WriteError::Order {
                part: self.part,
                previous: last.unwrap_or_default(),
                key: name.to_string(),
            });
        }
        self.kept = Some(name.index());
        self.index = name
            .index()
            .checked_add(1)
            .ok_or(WriteError::TooManyShards(self.part))?;
        self.files.push(file.clone());
        Ok(())
    }

    /// Ends the last shard and gives all that were written, for
    /// [`Writer::set`](super::Writer::set).
    ///
    /// # Errors
    ///
    /// As [`PartWriter::cut`].
    pub fn finish(mut self) -> Result<PartFiles, WriteError> {
        self.cut()?;
        Ok(PartFiles {
            part: self.part,
            files: self.files,
        })
    }

    fn admit(&mut self, key: &str, line: &[u8]) -> Result<(), WriteError> {
        let part = self.part;
        let key = || key.to_owned();
        if line.is_empty() || line.contains(&b'\n') {
            return Err(WriteError::NotALine { part, key: key() });
        }
        if line.len() > MAX_LINE {
            return Err(WriteError::LineTooLong {
                part,
                key: key(),
                length: line.len(),
            });
        }
        let key = key();
        match self.last.replace(key.clone()) {
            Some(previous) if previous == key => Err(WriteError::Duplicate { part, key }),
            Some(previous) if previous > key => Err(WriteError::Order {
                part,
                previous,
                key,
            }),
            _ => Ok(()),
        }
    }
}
