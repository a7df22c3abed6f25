//! Cross-references between records.
//!
//! This version relates what dumps assert: a link in one article to the URL of another. The methods
//! that compute relations from texts will stand beside it, one file each.

mod asserted;

pub use asserted::{Asserted, METHOD};
