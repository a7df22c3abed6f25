//! Items as documents: values with their places in the bytes, one file a format.
//!
//! A document knows where each value stands, and nothing of what it means. Its spans are of the item's
//! bytes as they are stored, whatever the encoding, so that they can be those of a trace.

pub mod json;

pub use json::{DuplicateKey, JsonDocument, JsonError};
