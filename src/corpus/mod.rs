//! A corpus on disk: its layout, its shards and how they are written.

mod layout;
mod lines;
mod listing;
mod state;
mod stream;

pub use layout::{
    CONFIG, Container, FILES, GIT_ATTRIBUTES, GIT_ATTRIBUTES_TEXT, LEDGER, Part, PathError,
    REFUSED, RELEASES, ShardName, check, inside, release_file,
};
pub use lines::{Chunk, Chunks, Line, LineRef, Lines, MAX_LINE, ReadError, Source};
pub use listing::{FILES_FORMAT, FileName, Listing, ListingError, StoredFile};
pub use state::{Corpus, FileDefect, OpenError, State, StateFile};
