//! A corpus on disk: its layout, its shards and how they are written.

mod changes;
mod disk;
mod encode;
mod entries;
mod error;
mod layout;
mod lines;
mod listing;
mod lock;
mod part;
mod release;
mod scratch;
mod sort;
mod state;
mod stream;
mod write;

pub use changes::{CHANGES, ENTRIES, Entries, EntriesOfError, TRACES, changes};
pub use disk::{Disk, RealDisk, Sink};
pub use entries::{Change, ChangeReader, EntriesError, EntriesErrorKind, Entry, EntryReader};
pub use error::WriteError;
pub use layout::{
    CONFIG, Container, FILES, GIT_ATTRIBUTES, GIT_ATTRIBUTES_TEXT, LEDGER, Part, PathError,
    REFUSED, RELEASES, ShardName, check, inside, release_file,
};
pub use lines::{Chunk, Chunks, Line, LineRef, Lines, MAX_LINE, ReadError, Source};
pub use listing::{FILES_FORMAT, FileName, Listing, ListingError, StoredFile};
pub use part::{PartFiles, PartWriter};
pub use release::{MANIFEST, ReleaseDraft, ReleaseFile};
pub use sort::{Pair, Sorted, Sorter};
pub use state::{Corpus, FileDefect, OpenError, State, StateFile};
pub use write::{Commit, WriteOptions, Writer};

#[cfg(test)]
mod tests;
