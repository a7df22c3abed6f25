//! Reading a corpus in one state while another command may write to it.
//!
//! Readers take no lock: reading needs no right to write. So what a reader read is looked at again
//! when it is done. If another state has taken the place of the one that it began with, it reads
//! again from the start.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use super::error::OpenError;
use super::layout::{CONFIG, FILES, release_file};
use super::state::Corpus;
use super::{ENTRIES, MANIFEST, ShardName};
use crate::digest::{Digest, Hasher};
use crate::open;

/// How often it is tried.
const TRIES: u32 = 12;
/// How often, where it does not open: what a writer does to a name takes a moment.
const TRIES_TO_OPEN: u32 = 3;
/// How long the first wait is; each one is half as long again.
const WAIT: Duration = Duration::from_millis(10);

/// What makes a state another one.
#[derive(PartialEq, Eq)]
struct Stamp {
    releases: Vec<u64>,
    /// All shards but those that a writer has noted as its own.
    shards: BTreeSet<ShardName>,
    /// The listings, the configuration and the newest manifest.
    files: Vec<Option<Digest>>,
}

/// Opens the corpus at `path` and gives it to `read`, until no other command has changed what it read
/// meanwhile.
///
/// # Errors
///
/// That of `read`; [`OpenError`]; [`OpenError::Changing`], where the corpus was changed each time.
pub fn steady<T, E: From<OpenError>>(
    path: impl AsRef<Path>,
    mut read: impl FnMut(&Corpus) -> Result<T, E>,
) -> Result<T, E> {
    let path = path.as_ref();
    let mut wait = WAIT;
    let mut unopened = 0;
    for _ in 0..TRIES {
        let done = Corpus::open(path).map(|corpus| {
            let before = Stamp::of(&corpus);
            let done = read(&corpus);
            let again = Corpus::scan(path).map(|corpus| Stamp::of(&corpus));
            (done, again.is_ok_and(|again| again == before))
        });
        match done {
            Ok((done, true)) => return done,
            // It can be that nothing is there for the moment in which a writer gives up.
            Err(error) if !matches!(error, OpenError::Io { .. } | OpenError::Path(_)) => {
                return Err(error.into());
            }
            Err(error) => {
                unopened += 1;
                if unopened == TRIES_TO_OPEN {
                    return Err(error.into());
                }
            }
            Ok((_, false)) => {}
        }
        std::thread::sleep(wait);
        wait += wait / 2;
    }
    Err(OpenError::Changing(path.to_path_buf()).into())
}

impl Stamp {
    fn of(corpus: &Corpus) -> Self {
        let root = corpus.root();
        let mut files = vec![digest(root, FILES), digest(root, CONFIG)];
        if let Some(number) = corpus.newest() {
            for name in [FILES, MANIFEST, ENTRIES] {
                files.push(digest(root, &release_file(number, name)));
            }
        }
        let journaled = corpus.journaled();
        let shards = corpus.shards().iter();
        Self {
            releases: corpus.releases().to_vec(),
            shards: shards
                .filter(|shard| !journaled.contains(shard))
                .cloned()
                .collect(),
            files,
        }
    }
}

/// The digest of a small file; of a large one, of its beginning and its length.
fn digest(root: &Path, name: &str) -> Option<Digest> {
    const MOST: u64 = 4 << 20;
    let file = open::below(root, Path::new(name)).ok()?;
    let length = file.metadata().ok()?.len();
    let mut bytes = Vec::new();
    file.take(MOST).read_to_end(&mut bytes).ok()?;
    let mut hasher = Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(&bytes);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{TRIES, steady};
    use crate::corpus::tests::{SMALL, fill, lines};
    use crate::corpus::{OpenError, Part, Writer};

    #[test]
    fn what_changes_meanwhile_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let write = |ids: std::ops::Range<u32>| {
            let mut writer = Writer::open(folder.path(), SMALL).unwrap();
            fill(&mut writer, Part::Records, &lines(ids, "x")).unwrap();
            writer.commit().unwrap();
        };
        write(0..3);
        let mut tries = 0;
        let counted = steady(folder.path(), |corpus| {
            tries += 1;
            let state = corpus.working()?;
            if tries == 1 {
                write(0..5);
            }
            let lines = state.lines(Part::Records)?;
            Ok::<_, OpenError>(lines.flatten().count())
        });
        assert_eq!((counted.unwrap(), tries), (5, 2));

        // Shards that a writer is about to name change nothing.
        let mut writer = Writer::open(folder.path(), SMALL).unwrap();
        let mut tries = 0;
        let read = steady(folder.path(), |_| {
            tries += 1;
            fill(&mut writer, Part::Records, &lines(5..6 + tries, "x")).unwrap();
            Ok::<_, OpenError>(())
        });
        assert!(read.is_ok() && tries == 1);
        drop(writer);

        // In the end it gives up.
        let mut tries = 0;
        let read = steady(folder.path(), |_| {
            tries += 1;
            write(0..1 + tries);
            Ok::<_, OpenError>(())
        });
        assert!(matches!(read, Err(OpenError::Changing(_))));
        assert_eq!(tries, TRIES);
    }
}
