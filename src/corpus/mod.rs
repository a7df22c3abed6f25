//! A corpus on disk: its layout, its shards and how they are written (`spec/corpus.md`).
//!
//! ```text
//! corpus/
//!   dateline.yaml                             what it is called and how it is built (Config)
//!   .gitattributes                            `* -text`
//!   files.json                                the working state, while it is not sealed (Listing)
//!   records/part-00000-<16 hex>.jsonl[.zst|.gz]
//!   traces/…  relations/…  withdrawals/…      shards: lines in order of their ids
//!   inputs/…                                  the ledger of the working state
//!   releases/N/manifest.json                  and `manifest.json.sig`, `manifest.json.2.sig`, …
//!   releases/N/entries.txt[.zst|.gz]          and `traces.txt`: lines `<id> <type> <64 hex>`
//!   releases/N/inputs.jsonl[.zst|.gz]         the ledger of the release
//!   releases/N/files.json                     the shards of the release, in this copy
//!   releases/M/changes.txt                    of older releases, in place of all but the manifest
//! ```
//!
//! Nothing else in the folder is read. `.dateline-tmp/` and `.dateline-lock` belong to a writer.
//!
//! # States
//!
//! A *state* is a set of shards and a ledger. A corpus has two, which are often one:
//!
//! - The **sealed** state is that of the newest release: the shards that `releases/N/files.json`
//!   names and the ledger beside it.
//! - The **working** state is the one that the next release will seal. Where `files.json` at the
//!   root is there and its `after` is the newest release (or absent, before the first), it names the
//!   working state. Otherwise the working state is the sealed one.
//!
//! So a conversion replaces the working state and leaves the release as it is, whole and verifiable,
//! until the next one is sealed.
//!
//! Listings are not signed and no check of integrity rests on them: whoever packs the shards in
//! another way makes them stale. Where a listing is not there, or names a file that is not there,
//! its state is every shard that lies in the folders ([`State::listing`], [`State::missing`]).
//! Shards that a listing does not name are no part of its state ([`State::unnamed`]).
//!
//! # Order of writes
//!
//! One [`Writer`] at a time, held apart by a lock of the operating system. It changes nothing that
//! a state names. In order, each step on stable storage before the next begins:
//!
//! 1. On opening: where a state is whatever lies in the folders, a listing is written that names it,
//!    since new shards will lie there soon. In a new folder it names nothing.
//! 2. Shards are written in `.dateline-tmp/`, synced, and renamed to the name that their digest
//!    gives. A shard of that name that is there already is the same, and is left. The folders are
//!    synced.
//! 3. **The commit.** For a working state `files.json` is written in `.dateline-tmp/`, synced, and
//!    renamed over the old one; the corpus's folder is synced. For a release, a folder with all its
//!    files is written in `.dateline-tmp/`, synced, and renamed to `releases/N`; `releases/` is
//!    synced. `files.json` at the root is spent from that instant, since its `after` is older.
//! 4. What no state needs any more is removed: shards that neither the working nor the sealed state
//!    names, and a spent `files.json`. A release also removes, of older releases, everything but
//!    manifest and signatures, once `changes.txt` is there.
//!
//! Whoever is stopped before the commit leaves the old state and files that no state names; whoever
//! is stopped after it leaves the new state and the same. The next writer removes them; what is left
//! of older releases, the next seal or withdrawal does. A writer that fails undoes what it did. The tests of
//! [`release`](crate::release) do all of that at every operation, with loss of what was not synced.

mod admit;
mod among;
mod config;
mod disk;
mod encode;
mod error;
mod journal;
mod layout;
mod lines;
mod listing;
mod lock;
mod magic;
mod merged;
mod named;
mod part;
pub(crate) mod pass;
mod place;
mod repack;
mod scratch;
mod sort;
mod state;
mod steady;
mod stream;
mod write;

pub use among::{Among, AmongFile, Other, OtherKind};
pub use config::{CONFIG_FORMAT, Compress, Config, ConfigError, Origin, OriginError};
pub use disk::{Disk, RealDisk, Sink};
pub(crate) use encode::Encoded;
pub use error::{OpenError, WriteError};
pub use layout::{
    CHANGES, CONFIG, Container, ENTRIES, FILES, GIT_ATTRIBUTES, GIT_ATTRIBUTES_TEXT, LEDGER,
    MANIFEST, Part, PathError, RELEASES, ShardName, TRACES, check, inside, release_file,
};
pub use lines::{Chunk, Chunks, Line, LineRef, Lines, MAX_LINE, ReadError, Source};
pub use listing::{FILES_FORMAT, FileName, Listing, ListingError, StoredFile};
pub use magic::remedy;
pub(crate) use merged::id_of;
pub use named::{Match, NameError, Names};
pub use part::{PartFiles, PartWriter};
pub(crate) use place::check_name;
pub use sort::{Pair, Sorted, Sorter};
pub use state::{Corpus, FileDefect, State, StateFile};
pub use steady::steady;
pub(crate) use stream::is_unreadable;
pub use write::{Commit, WriteOptions, Writer};

#[cfg(test)]
pub(crate) mod tests;
