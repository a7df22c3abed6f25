//! A corpus on disk: its layout, its shards and how they are written.
