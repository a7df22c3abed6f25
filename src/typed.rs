//! A corpus as values of Rust, read record by record.
//!
//! Reading parses each line strictly and gives an [`Article`], a [`Relation`], a [`Withdrawal`] or a
//! [`TraceLine`].
//!
//! ```
//! let corpus = dateline::Corpus::open("examples/demo-corpus")?;
//! for article in corpus.articles()? {
//!     let article = article?;
//!     assert!(article.text().is_some(), "{}", article.id);
//! }
//! # Ok::<(), dateline::typed::RecordsError>(())
//! ```

mod error;
mod read;

pub use error::{GetError, RecordsError};
pub use read::Records;

#[cfg(doc)]
use crate::record::{Article, Relation, Withdrawal};
#[cfg(doc)]
use crate::trace::TraceLine;
