//! What files are told to be.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod damaged;
mod looks;
mod prose;
mod shared;
