//! What a writer may remove: the journal in its folder of temporary files.
//!
//! A writer notes the name of each shard before the shard gets it, and the names of the shards that
//! its commit makes useless before the commit. So when it is stopped, the next writer can tell what
//! dateline left behind from what somebody else laid there, and removes only the one.
//!
//! The journal is a text of paths, `records/part-00000-<16 hexadecimal digits>.jsonl`, one a line.

use std::collections::BTreeSet;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::ShardName;
use super::disk::{Disk, Sink};
use super::error::WriteError;
use super::layout::TEMPORARY;
use crate::open;

/// Its name in the folder of temporary files.
pub(super) const JOURNAL: &str = "journal";
/// How much of a journal is read: a million names.
const LARGEST: u64 = 64 << 20;

/// The journal of the writer at work.
#[derive(Default)]
pub(super) struct Journal(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    sink: Option<Box<dyn Sink>>,
    named: BTreeSet<ShardName>,
}

/// The shards that the journal of a writer names which is at work or was stopped. What is not such a
/// name is passed over, and so is a journal that is no file.
pub(super) fn read(root: &Path) -> io::Result<BTreeSet<ShardName>> {
    let file = match open::plain_below(root, &Path::new(TEMPORARY).join(JOURNAL)) {
        Ok(file) => file,
        Err(error) if open::is_absent(&error) || open::Astray::of(&error).is_some() => {
            return Ok(BTreeSet::new());
        }
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes)?;
    // The last line may be half written; its shard has no name yet.
    let whole = memchr::memrchr(b'\n', &bytes).unwrap_or(0);
    let lines = bytes
        .get(..whole)
        .unwrap_or_default()
        .split(|byte| *byte == b'\n');
    let name = |line: &[u8]| std::str::from_utf8(line).ok()?.parse().ok();
    Ok(lines.filter_map(name).collect())
}

impl Journal {
    /// Begins an empty journal, on stable storage with the names on the way to it.
    pub(super) fn begin(&self, disk: &dyn Disk, root: &Path) -> Result<(), WriteError> {
        let folder = root.join(TEMPORARY);
        let path = folder.join(JOURNAL);
        let mut sink = disk
            .create(&path)
            .map_err(|source| WriteError::disk("create", &path, source))?;
        sink.sync()
            .map_err(|source| WriteError::disk("write", &path, source))?;
        for folder in [&*folder, root] {
            disk.sync_dir(folder)
                .map_err(|source| WriteError::disk("sync", folder, source))?;
        }
        self.inner().sink = Some(sink);
        Ok(())
    }

    /// Ends it, as its file is to be removed; what it names is still known.
    pub(super) fn end(&self) {
        self.inner().sink = None;
    }

    /// Notes names; when it returns they are on stable storage.
    pub(super) fn note(
        &self,
        root: &Path,
        shards: impl IntoIterator<Item = ShardName>,
    ) -> Result<(), WriteError> {
        let mut inner = self.inner();
        let mut text = String::new();
        for shard in shards {
            if !inner.named.contains(&shard) {
                text.push_str(&shard.to_string());
                text.push('\n');
                inner.named.insert(shard);
            }
        }
        let Some(sink) = inner.sink.as_mut().filter(|_| !text.is_empty()) else {
            return Ok(());
        };
        let path = || -> PathBuf { root.join(TEMPORARY).join(JOURNAL) };
        sink.write_all(text.as_bytes())
            .and_then(|()| sink.sync())
            .map_err(|source| WriteError::disk("write", &path(), source))
    }

    /// Takes in what the journal of a writer named that was stopped.
    pub(super) fn inherit(&self, named: BTreeSet<ShardName>) {
        self.inner().named.extend(named);
    }

    /// Whether it names the shard.
    pub(super) fn names(&self, shard: &ShardName) -> bool {
        self.inner().named.contains(shard)
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
