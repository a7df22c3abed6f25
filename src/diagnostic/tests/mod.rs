//! Tests of the room as a whole.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod excerpts;
mod hostile;
mod mapping;
mod renderers;
mod table;
