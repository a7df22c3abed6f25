//! Tests of the room as a whole.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test may panic"
)]

mod excerpts;
mod hostile;
mod mapping;
mod programs;
mod renderers;
mod table;
